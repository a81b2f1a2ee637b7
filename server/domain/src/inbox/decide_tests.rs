//! Who is believed, about what, and every reason to put a mail aside.

use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::inbox::read;

const ZOE: PersonId = PersonId(Uuid::from_u128(1));
const MO: PersonId = PersonId(Uuid::from_u128(2));
/// Two who share a mailbox.
const ANNA: PersonId = PersonId(Uuid::from_u128(3));
const BRAM: PersonId = PersonId(Uuid::from_u128(4));

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn period(from: &str, until: &str) -> Period {
    Period::new(at(from), at(until)).unwrap()
}

fn known() -> Known {
    let time = period("2026-11-24T09:00:00Z", "2026-11-24T10:00:00Z");
    let invited = |person| Invited {
        person,
        told: 2,
        told_time: (time.start(), time.end()),
        answer: Answer::NeedsAction,
        made: None,
    };
    Known {
        uid: "u1@schakel.example".into(),
        time,
        state: State::Planned,
        invited: [ZOE, MO, ANNA, BRAM].map(invited).to_vec(),
        tagged: None,
    }
}

fn of(address: &str) -> Vec<PersonId> {
    match address.to_ascii_lowercase().as_str() {
        "zoe@school.example" => vec![ZOE],
        "mo@team.example" => vec![MO],
        "thuis@familie.example" => vec![ANNA, BRAM],
        _ => Vec::new(),
    }
}

/// What Zoë's mail program sends.
fn calendar() -> String {
    "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nUID:u1@schakel.example\nSEQUENCE:2\nDTSTAMP:20261123T080000Z\n\
     DTSTART:20261124T090000Z\nDTEND:20261124T100000Z\n\
     ATTENDEE;PARTSTAT=ACCEPTED:mailto:zoe@school.example\nEND:VEVENT\nEND:VCALENDAR\n"
        .into()
}

const VOUCHED: &str = "mx.own.example; dmarc=pass header.from=school.example";

fn mail(calendar: &str) -> Mail {
    let raw = format!(
        "Authentication-Results: {VOUCHED}\nFrom: Zoë <zoe@school.example>\nMessage-ID: <1@school.example>\n\
         Content-Type: text/calendar; method=REPLY\n\n{calendar}"
    );
    read(raw.as_bytes(), "schakel.example").unwrap()
}

fn verdict(mail: &Mail, known: &Known) -> Verdict {
    let Content::Message(message) = content(mail) else { panic!("{:?}", content(mail)) };
    decide(mail, &message, known, (Some("mx.own.example"), at("2026-11-23T09:00:00Z")), &of)
}

fn with(from: &str, to: &str) -> Verdict {
    assert!(calendar().contains(from), "{from}");
    verdict(&mail(&calendar().replace(from, to)), &known())
}

const ACCEPTED: Verdict = Verdict::Answer { person: ZOE, answer: Answer::Accepted };

fn aside(reason: Reason) -> Verdict {
    Verdict::Aside(Some(ZOE), reason)
}

#[test]
fn an_answer_of_who_was_asked_is_taken() {
    assert_eq!(verdict(&mail(&calendar()), &known()), ACCEPTED);
    for (partstat, answer) in [("declined", Answer::Declined), ("TENTATIVE", Answer::Tentative)] {
        assert_eq!(with("ACCEPTED", partstat), Verdict::Answer { person: ZOE, answer });
    }
    // Only her own line counts, whatever else her program repeats or changes.
    let more =
        "ATTENDEE;PARTSTAT=DECLINED:mailto:mo@team.example\nSUMMARY:Iets anders\nRRULE:FREQ=DAILY\nATTENDEE;";
    assert_eq!(with("ATTENDEE;", more), ACCEPTED);
    assert_eq!(with("mailto:zoe@school.example", "MAILTO:Zoe%40School.example"), ACCEPTED);
    // Without a version it answers version 0.
    assert_eq!(with("SEQUENCE:2\n", ""), ACCEPTED, "at the same time any earlier version will do");
    assert_eq!(with("UID", "RECURRENCE-ID:20261124T090000Z\nUID"), ACCEPTED);
}

#[test]
fn a_tag_says_who_answers_whoever_sends_it() {
    let mut known = known();
    known.tagged = Some(BRAM);
    let shared = calendar().replace("zoe@school.example", "thuis@familie.example");
    let mut sent = mail(&shared);
    sent.from = vec!["oma@elders.example".into()];
    sent.results.clear();
    assert_eq!(verdict(&sent, &known), Verdict::Answer { person: BRAM, answer: Answer::Accepted });
    // The slot is Bram's: an answer for Zoë cannot be given with it.
    assert_eq!(verdict(&mail(&calendar()), &known), Verdict::Aside(Some(BRAM), Reason::NotInvited));
    known.tagged = Some(PersonId(Uuid::from_u128(9)));
    assert_eq!(
        verdict(&sent, &known),
        Verdict::Aside(known.tagged, Reason::NotInvited),
        "taken off the table since"
    );
}

#[test]
fn whoever_nobody_vouches_for_changes_nothing() {
    let mut forged = mail(&calendar());
    forged.results = vec!["mx.own.example; dmarc=fail header.from=school.example".into()];
    assert_eq!(verdict(&forged, &known()), aside(Reason::AuthFailed));
    forged.results = vec!["mx.evil.example; dmarc=pass header.from=school.example".into()];
    assert_eq!(verdict(&forged, &known()), aside(Reason::AuthFailed));
    let Content::Message(message) = content(&mail(&calendar())) else { panic!() };
    let none = decide(&mail(&calendar()), &message, &known(), (None, at("2026-11-23T09:00:00Z")), &of);
    assert_eq!(none, aside(Reason::AuthFailed), "without a server of our own nobody is vouched for");
    let mut stranger = mail(&calendar());
    stranger.from = vec!["boef@school.example".into()];
    assert_eq!(verdict(&stranger, &known()), Verdict::Aside(None, Reason::NotInvited));
    let mut two = mail(&calendar());
    two.from.push("mo@team.example".into());
    assert_eq!(verdict(&two, &known()), Verdict::Aside(None, Reason::AuthFailed));
    let mut parents = mail(&calendar().replace("zoe@school.example", "thuis@familie.example"));
    parents.from = vec!["thuis@familie.example".into()];
    assert_eq!(verdict(&parents, &known()), Verdict::Aside(None, Reason::Ambiguous));
}

#[test]
fn what_is_not_an_answer_to_what_stands_is_put_aside_with_its_reason() {
    for (from, to, reason) in [
        ("u1@", "u2@", Reason::UnknownUid),
        ("METHOD:REPLY", "METHOD:CANCEL", Reason::MethodNotAllowed),
        ("METHOD:REPLY", "METHOD:REQUEST", Reason::MethodNotAllowed),
        ("METHOD:REPLY", "METHOD:DECLINECOUNTER", Reason::MethodNotAllowed),
        ("mailto:zoe@school.example", "mailto:boef@elders.example", Reason::NotInvited),
        ("mailto:zoe@school.example", "mailto:mo@team.example", Reason::NotInvited),
        ("ATTENDEE", "ATTENDEE;PARTSTAT=DECLINED:mailto:ZOE@school.example\nATTENDEE", Reason::Ambiguous),
        ("SEQUENCE:2", "SEQUENCE:3", Reason::Stale),
        (
            "SEQUENCE:2\nDTSTAMP:20261123T080000Z\nDTSTART:20261124T090000Z",
            "SEQUENCE:1\nDTSTART:20261123T090000Z",
            Reason::Stale,
        ),
        ("UID", "RECURRENCE-ID:20261123T090000Z\nUID", Reason::NoInstance),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=NEEDS-ACTION", Reason::NoAnswer),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=X-MAYBE", Reason::NoAnswer),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED", Reason::Ambiguous),
        (
            "PARTSTAT=ACCEPTED",
            "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:a@x.nl\",\"mailto:b@x.nl\"",
            Reason::Ambiguous,
        ),
        ("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:x\"", Reason::Unreadable),
    ] {
        let expected =
            if reason == Reason::UnknownUid { Verdict::Aside(None, reason) } else { aside(reason) };
        assert_eq!(with(from, to), expected, "{to}");
    }
    let mut over = known();
    over.time = period("2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z");
    assert_eq!(verdict(&mail(&calendar()), &over), aside(Reason::Past));
    for (state, reason) in [(State::Cancelled, Reason::Cancelled), (State::Held, Reason::Past)] {
        assert_eq!(verdict(&mail(&calendar()), &Known { state, ..known() }), aside(reason));
    }
}

#[test]
fn an_answer_to_an_old_version_counts_only_while_the_time_is_the_same() {
    let mut moved = known();
    for one in &mut moved.invited {
        one.told = 3;
    }
    assert_eq!(verdict(&mail(&calendar()), &moved), ACCEPTED, "only the place changed");
    moved.time = period("2026-11-24T11:00:00Z", "2026-11-24T12:00:00Z");
    assert_eq!(verdict(&mail(&calendar()), &moved), aside(Reason::Stale));
    // Moved, and not told yet: she answers what was.
    let mut untold = known();
    untold.time = moved.time;
    assert_eq!(verdict(&mail(&calendar()), &untold), aside(Reason::Stale));
    let plain = calendar().replace("DTSTART:20261124T090000Z\nDTEND:20261124T100000Z\n", "");
    assert_eq!(verdict(&mail(&plain), &known()), ACCEPTED, "a reply need not repeat the time");
}

#[test]
fn a_yes_to_a_shorter_meeting_is_none_to_a_longer_one() {
    let mut longer = known();
    longer.time = period("2026-11-24T09:00:00Z", "2026-11-24T12:00:00Z");
    for one in &mut longer.invited {
        one.told = 3;
        one.told_time = (longer.time.start(), longer.time.end());
    }
    assert_eq!(verdict(&mail(&calendar()), &longer), aside(Reason::Stale));
    let says = |end: &str| verdict(&mail(&calendar().replace("DTEND:20261124T100000Z\n", end)), &longer);
    assert_eq!(says("DTEND:20261124T120000Z\n"), ACCEPTED);
    assert_eq!(says("DURATION:PT3H\n"), ACCEPTED);
    assert_eq!(says("DURATION:PT1H\n"), aside(Reason::Stale));
    assert_eq!(says(""), aside(Reason::Stale), "that it ends at all is not said");
    assert_eq!(says("DTEND:straks\n"), aside(Reason::Stale));
}

#[test]
fn an_answer_that_is_older_than_the_last_changes_nothing() {
    let mut answered = known();
    answered.invited[0].made = Some((2, at("2026-11-23T08:30:00Z")));
    answered.invited[0].answer = Answer::Declined;
    assert_eq!(verdict(&mail(&calendar()), &answered), aside(Reason::Stale));
    answered.invited[0].made = Some((2, at("2026-11-23T08:00:00Z")));
    assert_eq!(verdict(&mail(&calendar()), &answered), ACCEPTED, "in one second the later counts");
    answered.invited[0].answer = Answer::Accepted;
    assert_eq!(verdict(&mail(&calendar()), &answered), Verdict::Known);
}

#[test]
fn an_answer_to_a_newer_version_is_newer_whatever_the_clocks_say() {
    let mut answered = known();
    answered.invited[0].answer = Answer::Declined;
    // Of the version before, by a clock that was ahead.
    answered.invited[0].made = Some((1, at("2026-11-23T08:59:00Z")));
    assert_eq!(verdict(&mail(&calendar()), &answered), ACCEPTED);
    // Only the place changed since: what she says of this version stands, whenever that came.
    answered.invited[0].told = 3;
    answered.invited[0].made = Some((3, at("2026-11-23T07:00:00Z")));
    assert_eq!(verdict(&mail(&calendar()), &answered), aside(Reason::Stale));
    let undated = calendar().replace("DTSTAMP:20261123T080000Z\n", "");
    assert_eq!(verdict(&mail(&undated), &answered), aside(Reason::Stale));
    answered.invited[0].made = Some((2, at("2026-11-23T08:30:00Z")));
    assert_eq!(verdict(&mail(&undated), &answered), ACCEPTED, "when it was made is not said");
}

#[test]
fn another_time_and_somebody_else_are_proposals() {
    let counter = calendar()
        .replace("REPLY", "COUNTER")
        .replace("T090000Z", "T130000Z")
        .replace("T100000Z", "T140000Z");
    let time = period("2026-11-24T13:00:00Z", "2026-11-24T14:00:00Z");
    assert_eq!(verdict(&mail(&counter), &known()), Verdict::OtherTime { person: ZOE, time });
    let same = calendar().replace("REPLY", "COUNTER");
    assert_eq!(verdict(&mail(&same), &known()), aside(Reason::NoAnswer));
    let past = counter.replace("20261124T1", "20261122T1");
    assert_eq!(verdict(&mail(&past), &known()), aside(Reason::Past));
    let longer = counter.replace("T140000Z", "T143000Z");
    assert_eq!(verdict(&mail(&longer), &known()), aside(Reason::Ambiguous));
    let old = counter.replace("SEQUENCE:2", "SEQUENCE:1");
    assert_eq!(verdict(&mail(&old), &known()), aside(Reason::Stale));
    let address = "els@school.example".parse().unwrap();
    assert_eq!(
        with("PARTSTAT=ACCEPTED", "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:els@school.example\""),
        Verdict::SomebodyElse { person: ZOE, address }
    );
    assert_eq!(with("METHOD:REPLY", "METHOD:REFRESH"), Verdict::Refresh(ZOE));
}

#[test]
fn what_holds_no_message_is_told_apart() {
    let of = |raw: &str| content(&read(raw.as_bytes(), "schakel.example").unwrap());
    assert_eq!(of("From: a@x.nl\n\nIk kan niet"), Content::Nothing(Reason::NoCalendar));
    assert_eq!(of("From: a@x.nl\nAuto-Submitted: auto-replied\n\nIk ben er niet"), Content::Noise);
    assert_eq!(
        of("From: a@x.nl\nContent-Type: text/calendar\n\nBEGIN:NONSENSE"),
        Content::Nothing(Reason::Unreadable)
    );
    let two = "From: a@x.nl\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/calendar\n\na\n\
        --b\nContent-Type: application/ics\n\nb\n--b--\n";
    assert_eq!(of(two), Content::Nothing(Reason::Ambiguous));
    let crowd = "ATTENDEE;PARTSTAT=DECLINED:mailto:x@y.nl\n".repeat(MOST_ATTENDEES);
    let crowd = mail(&calendar().replace("ATTENDEE", &format!("{crowd}ATTENDEE")));
    assert_eq!(content(&crowd), Content::Nothing(Reason::MimeLimits));
    // A room mailbox accepts by itself: that is an answer.
    let mut room = mail(&calendar());
    room.automatic = true;
    assert_eq!(verdict(&room, &known()), ACCEPTED);
}

#[test]
fn every_reason_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<String> = Reason::iter().map(|reason| reason.to_string()).collect();
    assert_eq!(names.len(), Reason::iter().count());
    assert!(Reason::iter().any(Reason::wants_a_look) && !Reason::iter().all(Reason::wants_a_look));
    assert!(Reason::MimeLimits.wants_a_look(), "a person's mail with a large photo");
}

proptest! {
    /// Whatever a stranger writes in a calendar: without a tag and without somebody who vouches nothing changes.
    #[test]
    fn nothing_that_a_stranger_writes_counts(
        method in proptest::sample::select(vec!["REPLY", "COUNTER", "REFRESH", "REQUEST", "CANCEL", "PUBLISH", "ADD"]),
        sequence in 0_u32..5,
        partstat in proptest::sample::select(vec!["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "X"]),
        who in proptest::sample::select(vec!["zoe@school.example", "mo@team.example", "thuis@familie.example", "x@y.nl"]),
        from in proptest::sample::select(vec!["zoe@school.example", "mo@team.example", "thuis@familie.example", "x@y.nl"]),
        result in proptest::sample::select(vec![
            "", "mx.own.example; dmarc=fail header.from=school.example", "mx.evil.example; dmarc=pass header.from=school.example",
            "mx.own.example; dmarc=pass header.from=elsewhere.example", "mx.own.example; spf=pass dmarc",
        ]),
    ) {
        let text = calendar().replace("METHOD:REPLY", &format!("METHOD:{method}")).replace("SEQUENCE:2", &format!("SEQUENCE:{sequence}"))
            .replace("ACCEPTED", partstat).replace("zoe@school.example", who);
        let mut sent = mail(&text);
        sent.from = vec![from.to_owned()];
        sent.results = vec![result.to_owned()];
        let verdict = verdict(&sent, &known());
        prop_assert!(matches!(verdict, Verdict::Aside(..)), "{verdict:?}");
    }
}
