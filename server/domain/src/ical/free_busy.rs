//! Writes when somebody is taken, and nothing else (RFC 5545 §3.6.4, RFC 5546 §3.3.1).

use chrono::{DateTime, Utc};

use super::{
    calendar::party,
    document::Document,
    event::Party,
    line::{Line, Value},
    zone,
};
use crate::time::{Period, union};

/// Whose time it is, and of which days.
#[derive(Debug, Clone, Copy)]
pub struct FreeBusyHead<'a> {
    /// The same each time.
    pub uid: &'a str,
    /// Who answers for it; readers show it beside the time.
    pub organizer: &'a Party,
    /// Nothing outside it is told, and inside it all that is not busy is free.
    pub window: Period,
    /// When any of it changed last, so that the same time gives the same bytes.
    pub changed: DateTime<Utc>,
    /// Where it is fetched, if that may be known to whoever reads it.
    pub url: Option<&'a str>,
}

/// A VFREEBUSY in instants, for no reader expands a rule here. What touches is told as one
/// period: nobody sees where one meeting ends and the next begins.
#[must_use]
pub fn free_busy(head: &FreeBusyHead, busy: &[Period]) -> String {
    let mut out = Document::begin();
    out.raw("METHOD", "PUBLISH");
    out.raw("BEGIN", "VFREEBUSY");
    out.raw("UID", head.uid);
    out.push(&Line::new("DTSTAMP", zone::utc(head.changed)));
    out.push(&Line::new("DTSTART", zone::utc(head.window.start())));
    out.push(&Line::new("DTEND", zone::utc(head.window.end())));
    out.push(&party("ORGANIZER", head.organizer, |line| line));
    if let Some(url) = head.url {
        out.raw("URL", url);
    }
    let inside = busy.iter().filter_map(|period| period.intersect(head.window)).collect();
    for period in union(inside) {
        let told = format!("{}/{}", zone::utc(period.start()).as_raw(), zone::utc(period.end()).as_raw());
        // BUSY is what FBTYPE means when it is left out, but not to every reader.
        out.push(&Line::new("FREEBUSY", Value::raw(told)).param("FBTYPE", "BUSY"));
    }
    out.raw("END", "VFREEBUSY");
    out.end()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;
    use proptest::prelude::*;

    use super::*;
    use crate::ical::{
        Asked,
        calendar::tests::{meeting, somebody},
        read, taken,
    };

    fn minutes(from: i64, until: i64) -> Option<Period> {
        let at = |minutes| meeting().start + chrono::TimeDelta::minutes(minutes);
        Period::new(at(from), at(until)).ok()
    }

    fn written(busy: &[Period]) -> String {
        let organizer = somebody("Overleg Jeugd", "overleg@planner.example.nl");
        let window = minutes(0, 600).unwrap();
        let changed = meeting().last_modified;
        let head = FreeBusyHead { uid: "1@x.nl", organizer: &organizer, window, changed, url: None };
        free_busy(&head, busy)
    }

    /// RFC 5546 §3.3.1 (what it holds) and RFC 5545 §3.8.2.6 (in UTC, in ascending order).
    #[test]
    fn it_is_written_in_this_order() {
        let busy: Vec<_> = [minutes(120, 180), minutes(-60, 30), minutes(180, 240), minutes(700, 800)]
            .into_iter()
            .flatten()
            .collect();
        let text = written(&busy);
        let lines: Vec<_> = text.lines().skip(4).collect();
        assert_eq!(
            lines,
            [
                "METHOD:PUBLISH",
                "BEGIN:VFREEBUSY",
                "UID:1@x.nl",
                "DTSTAMP:20261102T081530Z",
                "DTSTART:20261124T090000Z",
                "DTEND:20261124T190000Z",
                "ORGANIZER;CN=\"Overleg Jeugd\":mailto:overleg@planner.example.nl",
                "FREEBUSY;FBTYPE=BUSY:20261124T090000Z/20261124T093000Z",
                "FREEBUSY;FBTYPE=BUSY:20261124T110000Z/20261124T130000Z",
                "END:VFREEBUSY",
                "END:VCALENDAR",
            ]
        );
        assert_eq!(written(&[]).matches("FREEBUSY;").count(), 0);
    }

    proptest! {
        #[test]
        fn it_is_taken_as_it_was_meant(parts in prop::collection::vec((-100_i64..800, 1_i64..200), 0..12)) {
            let busy: Vec<_> = parts.into_iter().filter_map(|(from, length)| minutes(from, from + length)).collect();
            let window = minutes(0, 600).unwrap();
            let asked = Asked { window, floating: Amsterdam, own_domain: "planner.example.nl" };
            let text = written(&busy);
            prop_assert!(read::calendar(text.as_bytes()).is_ok());
            let meant = union(busy.iter().filter_map(|period| period.intersect(window)).collect());
            prop_assert_eq!(taken(text.as_bytes(), &asked).unwrap().periods, meant);
        }
    }
}
