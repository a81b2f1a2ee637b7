"""Reads calendars with libical, the file of which is the only argument: their texts as JSON on
stdin, what each says on stdout, in the form that normal.py describes.
"""

import ctypes
import json
import re
import sys

LIBICAL = ctypes.CDLL(sys.argv[1])
ANY_COMPONENT, ANY = 1, 0


def function(name, result, *arguments):
    found = getattr(LIBICAL, name)
    found.restype, found.argtypes = result, arguments
    return found


POINTER, TEXT, KIND = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
parse = function("icalparser_parse_string", POINTER, TEXT)
free = function("icalcomponent_free", None, POINTER)
kind_of = function("icalcomponent_isa", KIND, POINTER)
kind_name = function("icalcomponent_kind_to_string", TEXT, KIND)
errors = function("icalcomponent_count_errors", ctypes.c_int, POINTER)
property_name = function("icalproperty_get_property_name", TEXT, POINTER)
property_value = function("icalproperty_get_value_as_string", TEXT, POINTER)
common_name = function("icalparameter_get_cn", TEXT, POINTER)
parameter_text = function("icalparameter_as_ical_string", TEXT, POINTER)


def walk(owner, of, kind):
    first = function(f"{owner}_get_first_{of}", POINTER, POINTER, KIND)
    following = function(f"{owner}_get_next_{of}", POINTER, POINTER, KIND)

    def all_of(pointer):
        found = first(pointer, kind)
        while found:
            yield found
            found = following(pointer, kind)

    return all_of


components = walk("icalcomponent", "component", ANY_COMPONENT)
properties = walk("icalcomponent", "property", ANY)
parameters = walk("icalproperty", "parameter", ANY)

# Values that are text are given as they are written (RFC 5545 §3.3.11).
WRITTEN = {"ATTENDEE", "ORGANIZER", "URL", "SOURCE", "RRULE"}
MEANT = {"\\n": "\n", "\\N": "\n"}


def value(name, written):
    if name in WRITTEN:
        return written
    return re.sub(r"\\[nN\\;,]", lambda found: MEANT.get(found[0], found[0][1]), written)


def parameter(pointer):
    name, written = parameter_text(pointer).decode().split("=", 1)
    if name == "CN":  # the only one with text of a person: as it is meant, not as it is written
        return [name, [common_name(pointer).decode()]]
    # Of ours none has two values.
    return [name, [written[1:-1] if written.startswith('"') else written]]


def read(pointer):
    told = []
    for found in properties(pointer):
        name = property_name(found).decode()
        told.append([name, [parameter(one) for one in parameters(found)], value(name, property_value(found).decode())])
    return [kind_name(kind_of(pointer)).decode(), told, [read(child) for child in components(pointer)]]


answers = []
for asked in json.load(sys.stdin):
    root = parse(asked.encode())
    if not root:
        answers.append("not read")
        continue
    answers.append([read(root)] if errors(root) == 0 else f"{errors(root)} errors")
    free(root)
json.dump(answers, sys.stdout)
