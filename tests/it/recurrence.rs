//! Recurrences, expanded by us and by programs of other authors: the same dates, the same time taken.

use std::{
    fmt::Write as _,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::{Europe::Amsterdam, Tz};
use schakel_domain::{
    ical::{Asked, Recurrence, taken},
    time::{Period, union},
};
use schakel_tests::needs::{Need, full_drill};
use serde_json::{Value, json};

/// How many random questions of each sort.
fn size() -> usize {
    if full_drill() { 2000 } else { 400 }
}

/// What other programs answer.
fn answers(python: &str, questions: &[Value]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("provision/recurrence.py");
    let mut asked =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let text = serde_json::to_vec(questions).unwrap();
    asked.stdin.take().unwrap().write_all(&text).unwrap();
    let told = asked.wait_with_output().unwrap();
    assert!(told.status.success());
    let answers: Vec<Value> = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(answers.len(), questions.len());
    answers
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) % sides
    }

    fn from<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[usize::try_from(self.roll(words.len() as u64)).unwrap()]
    }

    /// One to three of the numbers `low..=high`, with a sign now and then.
    fn numbers(&mut self, low: u64, high: u64, signed: bool) -> String {
        let count = 1 + self.roll(3);
        let mut one = || {
            let sign = if signed && self.roll(3) == 0 { "-" } else { "" };
            format!("{sign}{}", low + self.roll(high - low + 1))
        };
        (0..count).map(|_| one()).collect::<Vec<_>>().join(",")
    }

    fn weekdays(&mut self, nth: u64) -> String {
        let count = 1 + self.roll(3);
        // All plain or all counted: dateutil reads a mixed list as "both", RFC 5545 as "either".
        let counted = nth > 0 && self.roll(2) == 0;
        let mut one = || {
            let day = self.from(&["MO", "TU", "WE", "TH", "FR", "SA", "SU"]);
            let sign = if self.roll(2) == 0 { "-" } else { "" };
            let number = 1 + self.roll(nth.max(1));
            if counted { format!("{sign}{number}{day}") } else { day.to_owned() }
        };
        (0..count).map(|_| one()).collect::<Vec<_>>().join(",")
    }

    /// A rule that RFC 5545 allows; most end, so that no walk is endless.
    fn rule(&mut self, until: &str, clocks: bool) -> String {
        let most = if clocks { 7 } else { 4 };
        let freq = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"];
        let freq = freq[usize::try_from(self.roll(most)).unwrap()];
        let mut rule = format!("FREQ={freq};INTERVAL={}", 1 + self.roll(4));
        let mut add = |part: String| rule.extend([";", &part]);
        let sometimes = |dice: &mut Self| dice.roll(3) == 0;
        if matches!(freq, "MINUTELY" | "SECONDLY") {
            add(format!("BYHOUR={}", self.numbers(0, 23, false)));
            add(format!("BYDAY={}", self.weekdays(0)));
        } else {
            if sometimes(self) {
                add(format!("BYMONTH={}", self.numbers(1, 12, false)));
            }
            match freq {
                "YEARLY" => match self.roll(5) {
                    0 => add(format!("BYDAY={}", self.weekdays(5))),
                    1 => add(format!("BYWEEKNO={};BYDAY={}", self.numbers(1, 51, true), self.weekdays(0))),
                    2 => add(format!("BYYEARDAY={}", self.numbers(1, 366, true))),
                    3 => add(format!("BYMONTHDAY={}", self.numbers(1, 31, true))),
                    _ => {}
                },
                "MONTHLY" => match self.roll(4) {
                    0 => add(format!("BYDAY={}", self.weekdays(4))),
                    1 => add(format!("BYMONTHDAY={}", self.numbers(1, 31, true))),
                    2 => add(format!("BYMONTHDAY={};BYDAY={}", self.numbers(1, 28, true), self.weekdays(0))),
                    _ => {}
                },
                _ if sometimes(self) => add(format!("BYDAY={}", self.weekdays(0))),
                _ => {}
            }
            if clocks && sometimes(self) {
                add(format!("BYHOUR={}", self.numbers(0, 23, false)));
            }
            if clocks && sometimes(self) {
                add(format!("BYMINUTE={}", self.numbers(0, 59, false)));
            }
            if sometimes(self) {
                add(format!("WKST={}", self.from(&["MO", "SU", "SA", "TH"])));
            }
        }
        if rule.contains("BY") && self.roll(4) == 0 {
            // With the first or the last always among them: where no position exists, dateutil
            // looks for one until the year 9999. Its first week begins on the day of the start,
            // so that only the end of a week is counted from alike.
            let places: &[&str] =
                if freq == "WEEKLY" { &["-1"] } else { &["1", "-1", "1,-1", "2,-1", "1,3,-2", "-1,5"] };
            rule.extend([";BYSETPOS=", self.from(places)]);
        }
        rule + &format!(";UNTIL={until}")
    }
}

fn wall(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

/// The rules of RFC 5545 §3.8.5.3, without those that only repeat another with an end.
const OF_THE_RFC: &[(&str, &str)] = &[
    ("1997-09-02T09:00:00", "FREQ=DAILY;COUNT=10"),
    ("1997-09-02T09:00:00", "FREQ=DAILY;UNTIL=19971224T000000"),
    ("1997-09-02T09:00:00", "FREQ=DAILY;INTERVAL=2"),
    ("1997-09-02T09:00:00", "FREQ=DAILY;INTERVAL=10;COUNT=5"),
    ("1998-01-01T09:00:00", "FREQ=YEARLY;UNTIL=20000131T140000;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA"),
    ("1998-01-01T09:00:00", "FREQ=DAILY;UNTIL=20000131T140000;BYMONTH=1"),
    ("1997-09-02T09:00:00", "FREQ=WEEKLY;COUNT=10"),
    ("1997-09-02T09:00:00", "FREQ=WEEKLY;UNTIL=19971224T000000"),
    ("1997-09-02T09:00:00", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
    ("1997-09-02T09:00:00", "FREQ=WEEKLY;UNTIL=19971007T000000;WKST=SU;BYDAY=TU,TH"),
    ("1997-09-01T09:00:00", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000;WKST=SU;BYDAY=MO,WE,FR"),
    ("1997-09-02T09:00:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH"),
    ("1997-09-05T09:00:00", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR"),
    ("1997-09-05T09:00:00", "FREQ=MONTHLY;UNTIL=19971224T000000;BYDAY=1FR"),
    ("1997-09-07T09:00:00", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU"),
    ("1997-09-22T09:00:00", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO"),
    ("1997-09-28T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=-3"),
    ("1997-09-02T09:00:00", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15"),
    ("1997-09-30T09:00:00", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1"),
    ("1997-09-10T09:00:00", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15"),
    ("1997-09-02T09:00:00", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU"),
    ("1997-06-10T09:00:00", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7"),
    ("1997-03-10T09:00:00", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3"),
    ("1997-01-01T09:00:00", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200"),
    ("1997-05-19T09:00:00", "FREQ=YEARLY;BYDAY=20MO"),
    ("1997-05-12T09:00:00", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
    ("1997-03-13T09:00:00", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH"),
    ("1997-06-05T09:00:00", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8"),
    ("1997-09-02T09:00:00", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"),
    ("1997-09-13T09:00:00", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13"),
    ("1996-11-05T09:00:00", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8"),
    ("1997-09-04T09:00:00", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3"),
    ("1997-09-29T09:00:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2"),
    ("1997-09-02T09:00:00", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000"),
    ("1997-09-02T09:00:00", "FREQ=MINUTELY;INTERVAL=15;COUNT=6"),
    ("1997-09-02T09:00:00", "FREQ=MINUTELY;INTERVAL=90;COUNT=4"),
    (
        "1997-09-02T09:00:00",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40;UNTIL=19971001T000000",
    ),
    ("1997-09-02T09:00:00", "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16;UNTIL=19971001T000000"),
    ("1997-08-05T09:00:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO"),
    ("1997-08-05T09:00:00", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU"),
    ("2007-01-15T09:00:00", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5"),
];

#[test]
fn x01_the_dates_of_a_rule_are_those_that_dateutil_finds() {
    let Some(python) = Need::Python.or_skip("x01_the_dates_of_a_rule_are_those_that_dateutil_finds") else {
        return;
    };
    let mut dice = Dice(0x5EED_0001);
    let years = |start: &str, years: i64| (wall(start) + TimeDelta::days(366 * years)).to_string();
    let mut questions: Vec<(String, String, String)> = OF_THE_RFC
        .iter()
        .map(|(start, rule)| ((*start).to_owned(), (*rule).to_owned(), years(start, 12)))
        .collect();
    for _ in 0..size() {
        let start = NaiveDate::from_ymd_opt(2019, 1, 1).unwrap()
            + TimeDelta::days(i64::try_from(dice.roll(1400)).unwrap());
        let start = start.and_hms_opt(u32::try_from(dice.roll(24)).unwrap(), 30, 0).unwrap();
        let rule = dice.rule("20241231T235959", true);
        // A rule by the second has many dates: some hours of it show as much.
        let (is_brief, length) = match &rule {
            rule if rule.contains("SECONDLY") => (true, TimeDelta::hours(5)),
            rule if rule.contains("MINUTELY") => (true, TimeDelta::days(4)),
            rule if rule.contains("HOURLY") => (true, TimeDelta::days(400)),
            _ => (false, TimeDelta::days(2600)),
        };
        let until = start + length;
        let rule = if is_brief {
            rule.replace("20241231T235959", &until.format("%Y%m%dT%H%M%S").to_string())
        } else {
            rule
        };
        questions.push((start.format("%Y-%m-%dT%H:%M:%S").to_string(), rule, until.to_string()));
    }
    let asked: Vec<Value> = questions
        .iter()
        .map(|(start, rule, until)| {
            let until = until.replace(' ', "T");
            json!({ "rule": rule, "start": start, "from": start, "until": until })
        })
        .collect();
    let mut compared = 0;
    for ((start, rule, until), told) in questions.iter().zip(answers(&python, &asked)) {
        let until: NaiveDateTime = until.replace(' ', "T").parse().unwrap();
        let window = Period::new(wall(start).and_utc(), until.and_utc()).unwrap();
        let Ok(dates) = Recurrence::parse(rule).unwrap().dates(wall(start), Tz::UTC, window) else {
            // Only what goes by the second takes more steps than anybody's calendar needs.
            assert!(rule.contains("SECONDLY") || rule.contains("MINUTELY"), "{rule}");
            continue;
        };
        let dates: Vec<String> =
            dates.iter().map(|wall| wall.format("%Y-%m-%dT%H:%M:%S").to_string()).collect();
        assert_eq!(json!(dates), told, "{start} {rule} until {until}");
        compared += 1;
    }
    assert!(compared > OF_THE_RFC.len() + size() / 2, "only {compared} were compared");
}

/// An event in one of several zones, with exceptions now and then.
fn event(dice: &mut Dice) -> String {
    let zone =
        dice.from(&["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "", "UTC"]);
    let day = NaiveDate::from_ymd_opt(2025, 9, 1).unwrap()
        + TimeDelta::days(i64::try_from(dice.roll(400)).unwrap());
    let hour = 8 + u32::try_from(dice.roll(10)).unwrap();
    let at = |day: NaiveDate, hour: u32| match zone {
        "" => day.format(";VALUE=DATE:%Y%m%d").to_string(),
        "UTC" => day.and_hms_opt(hour, 0, 0).unwrap().format(":%Y%m%dT%H%M%SZ").to_string(),
        zone => format!(";TZID={zone}:{}", day.and_hms_opt(hour, 0, 0).unwrap().format("%Y%m%dT%H%M%S")),
    };
    let length = if zone.is_empty() { "P1D".to_owned() } else { format!("PT{}M", 30 + 15 * dice.roll(6)) };
    let until = if zone.is_empty() { "20271231" } else { "20271231T120000Z" };
    let rule = dice.rule(until, false);
    let rule = match dice.roll(3) {
        0 => rule.replace(&format!(";UNTIL={until}"), &format!(";COUNT={}", 1 + dice.roll(30))),
        1 => rule.replace(&format!(";UNTIL={until}"), ""),
        _ => rule,
    };
    let mut lines = format!(
        "UID:1\nDTSTAMP:20260101T000000Z\nDTSTART{}\nDURATION:{length}\nRRULE:{rule}\n",
        at(day, hour)
    );
    // What is left out is never also moved: whether it then counts, RFC 5545 does not say.
    let later = |dice: &mut Dice, odd: i64| {
        day + TimeDelta::days(7 * (2 * i64::try_from(1 + dice.roll(20)).unwrap() + odd))
    };
    if dice.roll(3) == 0 {
        lines.extend(["EXDATE", &at(later(dice, 1), hour), "\n"]);
    }
    if dice.roll(3) == 0 {
        lines.extend(["RDATE", &at(later(dice, 0), hour), "\n"]);
    }
    let mut text = format!("BEGIN:VEVENT\n{lines}END:VEVENT\n");
    if dice.roll(3) == 0 {
        let moved = later(dice, 0);
        let _ = write!(
            text,
            "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\nRECURRENCE-ID{}\nDTSTART{}\nDURATION:{length}\nEND:VEVENT\n",
            at(moved, hour),
            at(moved + TimeDelta::days(1), hour + 1),
        );
    }
    format!("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:test\n{text}END:VCALENDAR\n")
}

#[test]
fn x01_the_time_a_calendar_takes_is_what_recurring_ical_events_finds() {
    const NAME: &str = "x01_the_time_a_calendar_takes_is_what_recurring_ical_events_finds";
    let Some(python) = Need::Python.or_skip(NAME) else { return };
    let mut dice = Dice(0x5EED_0002);
    let calendars: Vec<String> = (0..size()).map(|_| event(&mut dice)).collect();
    let (from, until) = ("2026-11-01T00:00:00+00:00", "2027-11-01T00:00:00+00:00");
    // Asked more widely, because it holds dates against instants as if both were of UTC.
    let (early, late) = ("2026-10-25T00:00:00+00:00", "2027-11-08T00:00:00+00:00");
    let asked: Vec<Value> =
        calendars.iter().map(|ics| json!({ "ics": ics, "from": early, "until": late })).collect();
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let window = Period::new(at(from), at(until)).unwrap();
    let mut busy = 0;
    for (ics, told) in calendars.iter().zip(answers(&python, &asked)) {
        let ours = taken(ics.as_bytes(), &Asked { window, floating: Amsterdam, own_domain: "" }).unwrap();
        assert_eq!((ours.unread, ours.why), (0, None), "{ics}");
        let told: Vec<[i64; 2]> =
            serde_json::from_value(told.clone()).unwrap_or_else(|_| panic!("{told}\n{ics}"));
        let second = |at: i64| DateTime::from_timestamp(at, 0).unwrap();
        let theirs = told.iter().filter_map(|[from, until]| Period::new(second(*from), second(*until)).ok());
        let theirs = union(theirs.filter_map(|period| period.intersect(window)).collect());
        assert_eq!(ours.periods, theirs, "{ics}");
        busy += usize::from(!theirs.is_empty());
    }
    assert!(busy > size() / 2, "only {busy} calendars were busy at all");
}
