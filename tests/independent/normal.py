"""Reads calendars with icalendar: their texts as JSON on stdin, what each says on stdout.

A component is [name, [[property, [[parameter, [value, …]], …], text], …], [component, …]];
an answer is a list of components, or a string that says why there is none.
"""

import json
import re
import sys

import icalendar


def parameters(value):
    told = getattr(value, "params", {})
    return [[name, [str(one) for one in (many if isinstance(many, list) else [many])]] for name, many in told.items()]


MEANT = {"\\n": "\n", "\\N": "\n"}


def text(value):
    if isinstance(value, icalendar.vText):
        return str(value)
    if isinstance(value, icalendar.vUnknown):  # left as it is written
        return re.sub(r"\\[nN\\;,]", lambda found: MEANT.get(found[0], found[0][1]), str(value))
    written = value.to_ical()
    return written.decode() if isinstance(written, bytes) else written


def component(read):
    assert not read.errors, read.errors
    properties = []
    for name, value in read.property_items(recursive=False, sorted=False):
        if name not in ("BEGIN", "END"):
            properties.append([name, parameters(value), text(value)])
    return [read.name, properties, [component(child) for child in read.subcomponents]]


answers = []
for asked in json.load(sys.stdin):
    try:
        answers.append([component(read) for read in icalendar.Calendar.from_ical(asked, multiple=True)])
    except Exception as error:  # an answer too: the test says for which calendar
        answers.append(f"{type(error).__name__}: {error}")
json.dump(answers, sys.stdout)
