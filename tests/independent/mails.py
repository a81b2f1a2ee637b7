#!/usr/bin/env python3
"""Reads mails with parsers that are not ours, and says what it saw.

    mails.py FOLDER

Every file below FOLDER is one mail. For each it prints a line of JSON: the tree of
content types, the headers that matter, what the calendar says, and every text decoded.
A mail that Python's `email` or `icalendar` cannot read without a defect ends it with 1. One that
is about no meeting bears no calendar, and no line is printed for it.
"""

import email
import email.policy
import hashlib
import json
import pathlib
import sys

import icalendar

# How the subject ends of a mail that is about no meeting.
NO_MEETING = (
    "er wacht iets op u", "something is waiting for you",
    "er staat een bericht voor u klaar", "there is a message for you",
    "vragen aan u", "questions for you", "de vragen wachten nog op u", "questions are still waiting for you",
)


def tree(part):
    name = part.get_content_type()
    if part.is_multipart():
        return [name, *[tree(child) for child in part.iter_parts()]]
    return name


def defects(part):
    found = [type(defect).__name__ for defect in part.defects]
    if part.is_multipart():
        for child in part.iter_parts():
            found += defects(child)
    return found


def only(values):
    values = list(values)
    assert len(values) == 1, f"one expected, {len(values)} found"
    return values[0]


def several_of(calendar, raw):
    """Meetings that are told together: a file to keep, which asks nobody for anything."""
    for event in calendar.walk("VEVENT"):
        assert not event.errors, event.errors
        assert "ATTENDEE" not in event, "who else comes is nobody's to read"
    uids = [str(event["UID"]) for event in calendar.walk("VEVENT")]
    return {"method": "PUBLISH", "uids": uids, "raw": raw.decode().replace("\r\n ", "")}


def calendar_of(part, method):
    raw = part.get_payload(decode=True)
    assert b"\r\n" in raw and b"\n" not in raw.replace(b"\r\n", b""), "line ends are CRLF"
    assert all(len(line) <= 75 for line in raw.split(b"\r\n")), "lines are folded at 75 octets"
    calendar = icalendar.Calendar.from_ical(raw)
    assert not calendar.errors, calendar.errors
    assert str(calendar["METHOD"]) == method, "the MIME parameter and METHOD are one"
    only(calendar.walk("VTIMEZONE"))
    if method == "PUBLISH":
        return several_of(calendar, raw)
    event = only(calendar.walk("VEVENT"))
    assert not event.errors, event.errors
    attendee = event["ATTENDEE"]
    assert not isinstance(attendee, list), "one attendee: the recipient"
    return {
        "method": method,
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "status": str(event.get("STATUS", "")),
        "start": event.decoded("DTSTART").isoformat(),
        "end": event.decoded("DTEND").isoformat(),
        "summary": str(event["SUMMARY"]),
        "location": str(event.get("LOCATION", "")),
        "organizer": str(event["ORGANIZER"]),
        "attendee": str(attendee),
        "partstat": str(attendee.params.get("PARTSTAT", "")),
        "rsvp": str(attendee.params.get("RSVP", "")),
        "raw": raw.decode().replace("\r\n ", ""),
    }


def read(path):
    # The server that kept it wrote the envelope in front.
    raw = b"".join(line for line in path.read_bytes().splitlines(keepends=True) if not line.startswith(b"X-Envelope-"))
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert not defects(mail), defects(mail)
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text" and part.get_content_subtype() != "calendar"]
    if str(mail["Subject"]).endswith(NO_MEETING):
        return None
    part = only(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    if part.get_param("method") == "PUBLISH":
        attachment = part
        assert part.get_content_disposition() == "attachment", "nothing is asked, so nothing is shown in place"
    else:
        attachment = only(part for part in mail.walk() if part.get_content_type() == "application/ics")
        assert part.get_payload(decode=True) == attachment.get_payload(decode=True), "the attachment is the same calendar"
        assert part.get_content_disposition() is None, "the calendar is no attachment of the alternative"
    recipient = only(mail["To"].addresses)
    return {
        "file": path.name,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "tree": tree(mail),
        "to": recipient.addr_spec,
        "to_name": recipient.display_name,
        "from": only(mail["From"].addresses).addr_spec,
        "subject": str(mail["Subject"]),
        "message_id": str(mail["Message-ID"]),
        "in_reply_to": str(mail.get("In-Reply-To", "")),
        "auto_submitted": str(mail.get("Auto-Submitted", "")),
        "language": str(mail.get("Content-Language", "")),
        "attachment": attachment.get_filename(),
        "texts": texts,
        "calendar": calendar_of(part, str(part.get_param("method"))),
    }


def main():
    # What is still being written is no mail yet.
    files = sorted(path for path in pathlib.Path(sys.argv[1]).rglob("*") if path.is_file() and path.suffix != ".part")
    for path in files:
        try:
            seen = read(path)
            if seen:
                print(json.dumps(seen))
        except (AssertionError, ValueError, KeyError) as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            sys.exit(1)


if __name__ == "__main__":
    main()
