"""Expands recurrences with other people's programs: questions as JSON on stdin, answers on stdout.

A question is {"rule", "start", "from", "until"} (naive wall clocks, answered by dateutil) or
{"ics", "from", "until"} (instants, answered by recurring-ical-events as [start, end] in seconds).
"""

import datetime
import json
import sys
import zoneinfo

import icalendar
import recurring_ical_events
from dateutil import rrule

AMSTERDAM = zoneinfo.ZoneInfo("Europe/Amsterdam")


def walls(asked):
    parse = datetime.datetime.fromisoformat
    try:
        rule = rrule.rrulestr(asked["rule"], dtstart=parse(asked["start"]))
    except ValueError as error:
        if "empty set" in str(error):  # dateutil refuses what can be known to have no dates
            return []
        raise
    found = rule.between(parse(asked["from"]), parse(asked["until"]), inc=True)
    return [wall.isoformat() for wall in found if wall < parse(asked["until"])]


def instant(value):
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=AMSTERDAM)
    return int(value.timestamp())


def periods(asked):
    calendar = icalendar.Calendar.from_ical(asked["ics"])
    parse = datetime.datetime.fromisoformat
    found = recurring_ical_events.of(calendar).between(parse(asked["from"]), parse(asked["until"]))
    return sorted([instant(event.start), instant(event.end)] for event in found)


answers = []
for asked in json.load(sys.stdin):
    try:
        answers.append(walls(asked) if "rule" in asked else periods(asked))
    except Exception as error:  # an answer too: the test says for which question
        answers.append(f"{type(error).__name__}: {error}")
json.dump(answers, sys.stdout)
