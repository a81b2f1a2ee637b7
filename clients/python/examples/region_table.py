#!/usr/bin/env python3
"""Reads a region into pandas tables: schools, teams, and where children wait.

Cells for a notebook (VS Code, Spyder, jupytext), or a program: `pip install 'schakel[tables]'`, then
`SCHAKEL_PROFILE=schakel-data/profile.toml SCHAKEL_AS=thuiszitterscoordinator python region_table.py`.
It shows what its caller may see, and nothing of one child.
"""

# %% Who asks
import os
import sys
from collections.abc import Iterable
from typing import Any

import pandas as pd
from google.protobuf.message import Message

import schakel
from schakel import v1

profile = os.environ.get("SCHAKEL_PROFILE", "schakel-data/profile.toml")
if not os.path.exists(profile):
    sys.exit(f"no profile at {profile}: start `schakel demo`, or say where with SCHAKEL_PROFILE")
client = schakel.Client.from_profile(profile, os.environ.get("SCHAKEL_AS", ""), language="en")
me = client.access.who_am_i(v1.WhoAmIRequest())
roles = ", ".join(sorted({v1.Role.Name(it.role).removeprefix("ROLE_") for it in me.memberships}))
print(f"{me.display_name} ({roles})\n")


def table(found: Iterable[Message], columns: list[str]) -> pd.DataFrame:
    """One row for each, by name."""
    rows = ({column: getattr(it, column) for column in ["name", *columns]} for it in found)
    return pd.DataFrame(rows, columns=["name", *columns]).set_index("name")


# %% The register: who serves which school
schools = table(
    client.directory.iter_schools(v1.ListSchoolsRequest(page_size=200)),
    ["vestigingscode", "display_name", "gemeente_code", "wijk_code"],
)
teams = table(
    client.directory.iter_teams(v1.ListTeamsRequest(page_size=200)), ["display_name", "gemeente_code"]
)
links = table(
    client.directory.iter_school_team_links(v1.ListSchoolTeamLinksRequest(page_size=200)), ["school", "team"]
)
named = links.join(teams["display_name"].rename("team_name"), on="team").drop_duplicates(["school", "team"])
schools["teams"] = named.groupby("school")["team_name"].agg(", ".join)
schools["teams"] = schools["teams"].fillna("none")
print(f"{len(schools)} schools, {len(teams)} teams")
print(schools.set_index("vestigingscode")[["display_name", "wijk_code", "teams"]].to_string(), "\n")

# %% Open cases by how long children have been at home
BANDS = {
    "OPEN": "open",
    "UNDER_4_WEEKS": "< 4 weeks",
    "FROM_4_TO_13_WEEKS": "4–13",
    "FROM_13_TO_26_WEEKS": "13–26",
    "FROM_26_TO_52_WEEKS": "26–52",
    "FROM_52_WEEKS": "≥ 52",
}


GROUPS = {v1.MONITOR_GROUP_SCHOOL: "no school", v1.MONITOR_GROUP_WIJK: "no wijk"}


def counted(row: v1.MonitorRow, nameless: str) -> dict[str, Any]:
    """A row of the table; what is too small to be told is left empty."""
    found = {it.measure: None if it.withheld else it.count for it in row.figures}
    name = f"{row.display_name or row.key or nameless} {row.gemeente_code}".strip()
    return {"of": name, **{BANDS[band]: found.get(band) for band in BANDS}}


def waiting() -> tuple[v1.GetMonitorResponse, str] | None:
    """By school, or by wijk for who sees figures alone, with what children without one are called;
    none for who sees no figures."""
    for group, nameless in GROUPS.items():
        try:
            return client.monitor.get_monitor(v1.GetMonitorRequest(group_by=group)), nameless
        except schakel.SchakelError as error:
            if error.reason != "ACTION_NOT_ALLOWED":
                raise
    return None


told = waiting()
if told is None:
    print("Your role sees no figures.")
else:
    figures, nameless = told
    rows = [*(counted(row, nameless) for row in figures.rows), counted(figures.total, "all")]
    bands = pd.DataFrame(rows).set_index("of").astype("Int64")
    exact = "exactly" if figures.exact else f"rounded to 5; below {figures.threshold} withheld"
    print(f"open cases on {figures.date}, {exact}")
    print(bands.to_string())

# %% That is all
client.close()
