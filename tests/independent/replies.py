#!/usr/bin/env python3
"""Answers invitations by mail, as programs that are not ours do.

    replies.py FOLDER

Reads a list of wishes as JSON from its standard input. Each names an invitation (`mail`, a file), the
file to write (`out`, below FOLDER) and what to say (`does`):

    accepted declined tentative   a REPLY
    counter                       a COUNTER for `start`, of the same length
    delegated                     a REPLY that names `to_whom`
    refresh                       a REFRESH
    text                          a mail without a calendar
    away                          what a mailbox says by itself
    bounce late                   a report on delivery

`from` is who sends it, `to` is `reply` for Reply-To, `organizer` for who the calendar says, else an
address; `results` is what the mail server that took it found.
"""

import datetime
import email
import email.policy
import json
import pathlib
import sys
from email.message import EmailMessage

import icalendar


def invitation(path):
    message = email.message_from_bytes(pathlib.Path(path).read_bytes(), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return message, icalendar.Calendar.from_ical(part.get_payload(decode=True))
    return message, None


def answer(invited, wish):
    event = next(iter(invited.walk("VEVENT")))
    does = wish["does"]
    method = {"counter": "COUNTER", "refresh": "REFRESH"}.get(does, "REPLY")
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Elders//Agenda//NL")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    said = icalendar.Event()
    for name in ("UID", "SUMMARY", "ORGANIZER", "SEQUENCE", "DTSTART", "DTEND"):
        said[name] = event[name]
    said.add("dtstamp", datetime.datetime.fromisoformat(wish.get("made", "2026-11-23T08:00:00+00:00")))
    attendee = event["ATTENDEE"]
    said.add("attendee", icalendar.vCalAddress(str(attendee)), encode=0)
    line = said["ATTENDEE"]
    line.params["CN"] = attendee.params.get("CN", "")
    if method == "REPLY":
        line.params["PARTSTAT"] = does.upper()
    if does == "delegated":
        line.params["DELEGATED-TO"] = f"mailto:{wish['to_whom']}"
    if does == "counter":
        start = datetime.datetime.fromisoformat(wish["start"])
        length = event.decoded("DTEND") - event.decoded("DTSTART")
        del said["DTSTART"], said["DTEND"]
        said.add("dtstart", start)
        said.add("dtend", start + length)
    said.add("comment", wish.get("text", ""))
    calendar.add_component(said)
    return method, calendar.to_ical()


def report(message, wish):
    late = wish["does"] == "late"
    action, status = ("delayed", "4.4.1") if late else ("failed", wish.get("status", "5.1.1"))
    boundary = "rapport"
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.elders.example",
            f"To: {wish['to']}",
            f"Message-ID: <{wish['out']}@mx.elders.example>",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            f"Content-Type: multipart/report; report-type=delivery-status; boundary={boundary}",
            "",
            f"--{boundary}",
            "Content-Type: text/plain",
            "",
            "Your message could not be delivered.",
            f"--{boundary}",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.elders.example",
            "",
            f"Final-Recipient: rfc822; {message['To'].addresses[0].addr_spec}",
            f"Action: {action}",
            f"Status: {status}",
            f"--{boundary}",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {message['Message-ID']}",
            f"Subject: {message['Subject'].encode('ascii', 'replace').decode()}",
            f"--{boundary}--",
            "",
        ]
    ).encode()


def write(wish):
    message, invited = invitation(wish["mail"])
    if wish["does"] in ("bounce", "late"):
        return report(message, wish)
    reply = EmailMessage(policy=email.policy.SMTP)
    reply["From"] = wish.get("from") or str(message["To"])
    if wish["to"] == "reply":
        reply["To"] = str(message["Reply-To"])
    elif wish["to"] == "organizer":
        event = next(iter(invited.walk("VEVENT")))
        reply["To"] = str(event["ORGANIZER"]).removeprefix("mailto:")
    else:
        reply["To"] = wish["to"]
    reply["Subject"] = "Antwoord"
    reply["Message-ID"] = f"<{wish.get('id', wish['out'])}@elders.example>"
    reply["In-Reply-To"] = str(message["Message-ID"])
    if wish["does"] == "away":
        reply["Auto-Submitted"] = "auto-replied"
    reply.set_content(wish.get("text", "Met vriendelijke groet"))
    if wish["does"] not in ("text", "away"):
        method, calendar = answer(invited, wish)
        reply.add_alternative(calendar, "text", "calendar", params={"method": method})
    raw = reply.as_bytes()
    if wish.get("results"):
        raw = f"Authentication-Results: {wish['results']}\r\n".encode() + raw
    return raw


def main():
    folder = pathlib.Path(sys.argv[1])
    for wish in json.load(sys.stdin):
        (folder / wish["out"]).write_bytes(write(wish))


main()
