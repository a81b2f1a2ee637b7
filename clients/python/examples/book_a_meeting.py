#!/usr/bin/env python3
"""A system of a gemeente books the first time at which the people around a case can meet.

    export SCHAKEL_SERVER=https://schakel.example SCHAKEL_TOKEN=ska_…
    export SCHAKEL_ACTING_FOR=organisations/… SCHAKEL_ON_BEHALF_OF=persons/…
    python book_a_meeting.py cases/…

The token is one that `schakel token system` made, see the README of the package. For itself alone a
system only keeps registers: SCHAKEL_ON_BEHALF_OF says for which official it books.
Leave it out when the token is that official's own.
"""

import os
import sys
from datetime import timedelta

import schakel
from schakel import v1

HOUR = timedelta(minutes=60)
KIND = v1.Consultation.KIND_MDO


def book(client: schakel.Client, name: str) -> v1.Consultation | None:
    """Caller, parents with gezag, and the school's IB'er and SMW; none when they have no time."""
    me = client.access.who_am_i(v1.WhoAmIRequest())
    case = client.thuiszitter.get_case(v1.GetCaseRequest(name=name))
    parents = [it.person for it in case.parents if it.gezag == v1.Case.Parent.GEZAG_YES]
    seats = [v1.Seat(person=person) for person in [me.person, *parents]]
    mine = {it.role for it in me.memberships}
    seats += [v1.Seat(role=role) for role in (v1.ROLE_IBER, v1.ROLE_SMW) if role not in mine]
    # With the kind only times at which it may still be booked come back.
    found = client.availability.find_slots(
        v1.FindSlotsRequest(school=case.school, case=case.name, seats=seats, duration=HOUR, kind=KIND)
    )
    if not found.slots:
        for obstacle in found.obstacles:
            print(f"{obstacle.reason}: {obstacle.text}", file=sys.stderr)
        return None
    best = found.slots[0]
    meeting = v1.Consultation(
        kind=KIND,
        case=case.name,
        school=case.school,
        start_time=best.start_time,
        duration=HOUR,
        place=v1.Consultation.PLACE_SCHOOL,
        participants=[v1.Participant(person=it.person, role=it.role) for it in best.seats],
    )
    # An answer that is lost on the way is asked for again: the meeting is booked once.
    return client.consultation.book_consultation(v1.BookConsultationRequest(consultation=meeting))


def main() -> int:
    env = os.environ.get
    missing = [name for name in ("SCHAKEL_SERVER", "SCHAKEL_TOKEN") if not env(name)]
    if missing or len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__, file=sys.stderr)
        print("missing:", ", ".join(missing) or "the case, cases/…", file=sys.stderr)
        return 2
    with schakel.Client(
        os.environ["SCHAKEL_SERVER"],
        os.environ["SCHAKEL_TOKEN"],
        acting_for=env("SCHAKEL_ACTING_FOR", ""),
        on_behalf_of=env("SCHAKEL_ON_BEHALF_OF", ""),
        language="en",
    ) as client:
        try:
            booked = book(client, sys.argv[1])
        except schakel.SchakelError as error:
            print(error, file=sys.stderr)
            return 1
    if booked is None:
        return 1
    print(booked.reference, booked.start_time.ToJsonString())
    return 0


if __name__ == "__main__":
    sys.exit(main())
