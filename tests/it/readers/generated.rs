//! Messages, published series, feeds and busy times of every shape, the same ones each time.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    ical::{
        Attendee, Busy, Cancelling, Entry, Event, FeedHead, FreeBusyHead, Message, Method, PartStat, Party,
        Status, feed, free_busy, message, published,
    },
    time::Period,
};

/// Texts that have hurt somebody's reader.
const TEXTS: [&str; 16] = [
    "Overleg K7Q-4MDC",
    "Regel een; met, leestekens: \"en\" \\ streep\nRegel twee",
    "BEGIN:VEVENT\nEND:VCALENDAR\nATTENDEE:mailto:x@y.nl",
    "Élise, Zoë en 日本語 👩‍👧 كتاب",
    "\\n is geen regel, \\\\ en \\, ook niet",
    "^n ^^ ^' blijft staan",
    "a=b;c=d,e:f;g",
    "\ttab\ten  twee  spaties\t",
    "eindigt op een streep \\",
    "\n\neerst twee regels",
    "'enkel' en \u{201c}krul\u{201d} en \u{a0}hard",
    "x",
    "Antwoorden: https://planner.example.nl/antwoord/0123456789abcdef?taal=nl&x=1,2;3",
    "%41 & <b>vet</b> &amp;",
    "e\u{301}\u{323}\u{323} en \u{2028} en \u{feff}",
    "P1D 20261124T100000 mailto:iemand@x.nl",
];

/// Names that may stand in a mail.
const NAMES: [&str; 8] = [
    "Zoë",
    "Smit, Zoë",
    "x;ROLE=CHAIR:y",
    "O'Brien-van \"den\" Berg",
    "日本語",
    "^n^^^'",
    "a=b",
    "Ib (IB'er) \\ Ü",
];

const ADDRESSES: [&str; 4] =
    ["zoe@school.example", "Ib+1.o'brien@School.example", "a%b&c#d?e@x.nl", "{k}|l~m^n`o@x-y.example"];

struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn text(&mut self) -> String {
        let whole = (0..=self.below(3)).map(|_| self.one(&TEXTS)).collect::<Vec<_>>().join("; ");
        // Cut anywhere, so that every character meets every fold.
        let cut: String = whole.chars().skip(self.below(4)).collect();
        // libical leaves out white space at the edges.
        let kept = cut.trim_matches([' ', '\t']);
        if kept.is_empty() { "leeg".to_owned() } else { kept.to_owned() }
    }

    /// Some second of ten years, both turns of the clock among them.
    fn instant(&mut self) -> DateTime<Utc> {
        let some = "2026-10-25T00:00:00Z".parse::<DateTime<Utc>>().unwrap();
        match self.below(4) {
            0 => some + TimeDelta::minutes(i64::try_from(self.below(240)).unwrap()),
            _ => some + TimeDelta::seconds(i64::try_from(self.below(315_000_000)).unwrap()),
        }
    }

    fn party(&mut self) -> Party {
        Party { name: self.one(&NAMES).parse().unwrap(), email: self.one(&ADDRESSES).parse().unwrap() }
    }

    fn event(&mut self) -> Event {
        let (start, made) = (self.instant(), self.instant());
        let minutes = |count: usize| TimeDelta::minutes(i64::try_from(count).unwrap());
        Event {
            uid: format!("{}-{}@planner.example.nl", self.below(1 << 30), self.below(1 << 30)),
            sequence: u32::try_from(self.below(12)).unwrap(),
            start,
            end: start + minutes(5 + self.below(3000)),
            summary: format!("Overleg {}", self.text()),
            description: if self.below(4) == 0 { String::new() } else { self.text() },
            location: if self.below(4) == 0 { String::new() } else { self.text() },
            url: (self.below(2) == 0)
                .then(|| "https://planner.example.nl/c/K7Q-4MDC?a=1,2;b=%20x".to_owned()),
            created: made,
            last_modified: made + minutes(self.below(10_000)),
            busy: if self.below(3) == 0 { Busy::Free } else { Busy::Busy },
            alarm: (self.below(2) == 0).then(|| minutes(1 + self.below(4000))),
        }
    }

    fn attendee(&mut self) -> Attendee {
        let answers = [PartStat::NeedsAction, PartStat::Accepted, PartStat::Declined, PartStat::Tentative];
        Attendee {
            party: self.party(),
            partstat: answers[self.below(answers.len())],
            rsvp: self.below(2) == 0,
            delegated_from: (self.below(4) == 0).then(|| self.one(&ADDRESSES).parse().unwrap()),
        }
    }

    fn entries(&mut self) -> Vec<Entry> {
        let one = |dice: &mut Self| Entry {
            event: dice.event(),
            status: if dice.below(4) == 0 { Status::Cancelled } else { Status::Confirmed },
        };
        (0..self.below(5)).map(|_| one(self)).collect()
    }

    fn message(&mut self, method: Method) -> String {
        let (organizer, attendee, event) = (self.party(), self.attendee(), self.event());
        let dtstamp = self.instant();
        message(&Message { method, dtstamp, organizer: &organizer, attendee: &attendee, event: &event })
    }

    fn feed(&mut self) -> String {
        let page = |dice: &mut Self| dice.event().url;
        let head = FeedHead {
            name: format!("Mijn {}", self.text()),
            color: (self.below(2) == 0).then_some("teal"),
            source: page(self),
            url: page(self),
            changed: self.instant(),
            refresh: TimeDelta::minutes(i64::try_from(15 + self.below(3000)).unwrap()),
        };
        feed(&head, &self.entries())
    }

    fn free_busy(&mut self) -> String {
        let start = self.instant();
        let after = |days| Period::new(start, start + TimeDelta::days(days)).unwrap();
        let busy: Vec<Period> = (0..self.below(9))
            .map(|_| self.event())
            .filter_map(|event| {
                let begin = start + (event.start - start) / 60;
                Period::new(begin, begin + (event.end - event.start)).ok()
            })
            .collect();
        let (organizer, url) = (self.party(), self.event().url);
        let head = FreeBusyHead {
            uid: "busy-1@planner.example.nl",
            organizer: &organizer,
            window: after(60),
            changed: self.instant(),
            url: url.as_deref(),
        };
        free_busy(&head, &busy)
    }
}

/// So many calendars; each kind as often as the others.
pub(super) fn calendars(count: usize) -> Vec<String> {
    let mut dice = Dice(20_261_122);
    let one = |at| match at % 8 {
        0 | 1 => dice.message(Method::Request),
        2 => dice.message(Method::Cancel(Cancelling::OneAttendee)),
        3 => dice.message(Method::Cancel(Cancelling::WholeMeeting)),
        4 => dice.message(Method::DeclineCounter),
        5 => {
            let organizer = dice.party();
            published(&organizer, dice.instant(), &dice.entries())
        }
        6 => dice.feed(),
        _ => dice.free_busy(),
    };
    (0..count).map(one).collect()
}
