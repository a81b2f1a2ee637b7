#!/usr/bin/env python3
"""A calendar client of each attendee, written from RFC 5545, 5546 and 6047, that knows nothing of the server.

    client_model.py LIFE.json FOLDER

FOLDER holds every mail that was sent. Each recipient's client reads its own, keeps what they say, and the
calendars that come of it are compared with how the server says that its meetings stand (LIFE.json). The mails are
read twice: in the order in which they were sent and in another, because mail overtakes mail; both must give
the same calendars (RFC 5546 2.1.5). It prints what it counted as one line of JSON; what is wrong goes to
standard error, and ends it with 1.

LIFE.json: now, people {address: name}, meetings [{reference, state, start, end, place, participants
{address: answer}}], seated [[reference, address]], raised [[reference, instant, whether all are asked anew]]
(changes of time, place or state), answers [[instant, reference, address, answer]]. Instants are microseconds
since 1970.
"""

import collections
import email
import email.policy
import json
import pathlib
import random
import re
import sys

import icalendar

PLACES = {
    "PLACE_SCHOOL": "op school",
    "PLACE_TEAM": "bij het wijkteam/CJG",
    "PLACE_ONLINE": "online",
    "PLACE_PHONE": "telefonisch",
    "PLACE_HOME": "locatie: zie de pagina",
}
MINUTE = 60_000_000

Message = collections.namedtuple(
    "Message", "address uid reference method sequence dtstamp off start end location partstat"
)


class Wrong(Exception):
    pass


def expect(holds, what):
    if not holds:
        raise Wrong(what)


def micros(value):
    """An instant; a local time without a zone is nobody's business."""
    expect(value.tzinfo is not None, f"{value} has no zone")
    return round(value.timestamp() * 1_000_000)


def read(path):
    """What one mail says to the client that gets it: none, one, or for PUBLISH many messages."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    (to,) = mail["To"].addresses
    address = to.addr_spec.lower()
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    if not parts:
        return address, []
    (part,) = parts
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    method = str(calendar["METHOD"])
    expect(part.get_param("method") == method, f"{path.name}: the parameter and METHOD differ")
    events = calendar.walk("VEVENT")
    expect(method == "PUBLISH" or len(events) == 1, f"{path.name}: {len(events)} events in one {method}")
    return address, [message(path, address, method, event) for event in events]


def message(path, address, method, event):
    summary = str(event["SUMMARY"])
    found = re.fullmatch(r"Overleg (\S+)", summary)
    expect(found, f"{path.name}: SUMMARY is {summary!r}")
    partstat = None
    if method == "PUBLISH":
        expect("ATTENDEE" not in event, f"{path.name}: a PUBLISH has no attendees (RFC 5546 3.2.1)")
    else:
        attendee = event["ATTENDEE"]
        expect(not isinstance(attendee, list), f"{path.name}: more than one attendee")
        expect(str(attendee).lower() == f"mailto:{address}", f"{path.name}: about {attendee}, sent to {address}")
        partstat = str(attendee.params.get("PARTSTAT", "NEEDS-ACTION"))
    status = str(event.get("STATUS", ""))
    off = method == "CANCEL" or status == "CANCELLED"
    if method == "REQUEST":
        expect(status == "CONFIRMED", f"{path.name}: STATUS:{status} in a REQUEST")
    return Message(
        address=address,
        uid=str(event["UID"]),
        reference=found.group(1),
        method=method,
        sequence=int(event.get("SEQUENCE", 0)),
        dtstamp=micros(event.decoded("DTSTAMP")),
        off=off,
        start=micros(event.decoded("DTSTART")),
        end=micros(event.decoded("DTEND")),
        location=str(event.get("LOCATION", "")),
        partstat=partstat,
    )


class Client:
    """Keeps of every UID the newest message (RFC 5546 2.1.5): by SEQUENCE, then DTSTAMP."""

    def __init__(self):
        self.events = {}

    def receive(self, message):
        known = self.events.get(message.uid)
        newer = known is None or (message.sequence, message.dtstamp) > (known.sequence, known.dtstamp)
        if newer:
            self.events[message.uid] = message
        return newer

    def calendar(self, owner):
        """What the owner sees: reference -> (start, end, location, own answer, whether mail said it)."""
        seen = {}
        for message in self.events.values():
            if message.off:
                continue
            expect(message.reference not in seen, f"{message.reference} stands twice in a calendar")
            answer, told = owner.answer(message)
            seen[message.reference] = (message.start, message.end, message.location, answer, told)
        return seen


class Owners:
    """What people answered, on the page or by the program: their own calendars know that too."""

    def __init__(self, life):
        self.answers = collections.defaultdict(list)
        for at, reference, address, answer in sorted(life["answers"], key=lambda one: one[0]):
            self.answers[reference, address].append((at, answer))
        self.asked_anew = collections.defaultdict(int)
        for reference, at, anew in life["raised"]:
            if anew:
                self.asked_anew[reference] = max(self.asked_anew[reference], at)

    def answer(self, message):
        """The answer, and whether it follows from the last message; a PUBLISH has no PARTSTAT."""
        given = self.answers[message.reference, message.address]
        since = [answer for at, answer in given if at >= message.dtstamp]
        if since:
            return since[-1], True
        if message.partstat:
            return message.partstat, True
        kept = [answer for at, answer in given if at >= self.asked_anew[message.reference]]
        return (kept or ["NEEDS-ACTION"])[-1], False


def calendars(messages, owners):
    clients = collections.defaultdict(Client)
    for one in messages:
        clients[one.address].receive(one)
    return {address: client.calendar(owners) for address, client in clients.items()}


def one_each(messages):
    """Per event, SEQUENCE, recipient and METHOD exactly one message; a UID is one meeting for ever."""
    told = set()
    for one in messages:
        key = (one.uid, one.sequence, one.address, one.method)
        expect(key not in told, f"told twice: {key}")
        told.add(key)
    uids = {}
    for one in messages:
        expect(uids.setdefault(one.reference, one.uid) == one.uid, f"{one.reference} has two UIDs")


def concerns(messages, life):
    """Nobody hears of a meeting at which they never sat, nor what they knew."""
    seated = {tuple(pair) for pair in life["seated"]}
    raised = collections.defaultdict(list)
    for reference, at, _ in life["raised"]:
        raised[reference].append(at)
    own = collections.defaultdict(list)
    for one in messages:
        expect((one.reference, one.address) in seated, f"{one.address} never sat at {one.reference}")
        own[one.uid, one.address].append(one)
    for (_, address), told in own.items():
        told.sort(key=lambda one: (one.sequence, one.dtstamp))
        expect(not told[0].off, f"{address} is told that {told[0].reference} is off, of which it never heard")
        for before, after in zip(told, told[1:]):
            expect(before.dtstamp <= after.dtstamp, f"{after.reference}: SEQUENCE and DTSTAMP disagree")
            if after.off:
                expect(not before.off, f"{address} is told twice that {after.reference} is off")
            elif not before.off:
                same = (before.start, before.end, before.location) == (after.start, after.end, after.location)
                changed = any(before.dtstamp <= at <= after.dtstamp for at in raised[after.reference])
                expect(not same or changed, f"{address} is told of {after.reference} what it knew")
                expect(
                    after.dtstamp - before.dtstamp >= MINUTE,
                    f"{address} is told of {after.reference} twice within a minute",
                )


def compare(found, life):
    """The calendar of every attendee is the server's view of it. What is over is told to nobody."""
    expected = {address: {} for address in life["people"]}
    for meeting in life["meetings"]:
        if meeting["state"] == "STATE_CANCELLED":
            continue
        for address, answer in meeting["participants"].items():
            own = answer.removeprefix("ANSWER_").replace("_", "-")
            shown = (meeting["start"], meeting["end"], PLACES[meeting["place"]], own)
            expected[address][meeting["reference"]] = shown
    compared = 0
    for address, calendar in found.items():
        expect(address in expected, f"{address} is nobody's")
    for address, meetings in expected.items():
        calendar = found.get(address, {})
        for reference in sorted(set(calendar) | set(meetings)):
            theirs, ours = calendar.get(reference), meetings.get(reference)
            ends = [one[1] for one in (theirs, ours) if one]
            if max(ends) <= life["now"]:
                continue
            compared += 1
            if ours is None and theirs[3] == "DECLINED":
                # Whoever declined has taken it out: RFC 5546 3.2.5 owes them nothing more.
                continue
            told = theirs is None or theirs[4]
            same = theirs and ours and theirs[: 4 if told else 3] == ours[: 4 if told else 3]
            expect(same, f"{address}, {reference}: the calendar has {theirs}, the server {ours}")
    return compared


def main():
    life = json.loads(pathlib.Path(sys.argv[1]).read_text())
    owners = Owners(life)
    counts = collections.Counter()
    messages = []
    for path in sorted(path for path in pathlib.Path(sys.argv[2]).rglob("*") if path.is_file()):
        address, told = read(path)
        expect(address in life["people"], f"{path.name}: to {address}, who is nobody")
        counts["mails"] += 1
        for one in told:
            counts[one.method] += 1
        messages += told
    one_each(messages)
    concerns(messages, life)
    in_order = calendars(messages, owners)
    shuffled = list(messages)
    random.Random(5546).shuffle(shuffled)
    expect(calendars(shuffled, owners) == in_order, "the order in which mail comes makes a difference")
    counts["compared"] = compare(in_order, life)
    print(json.dumps(counts))


if __name__ == "__main__":
    try:
        main()
    except Wrong as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(1)
