//! Rules of RFC 5545 §3.8.5.3, rules made to hurt, and what any rule must keep to.

use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn days(rule: &str, start: &str, most: usize) -> Vec<String> {
    let window =
        Period::new("1996-01-01T00:00:00Z".parse().unwrap(), "2012-01-01T00:00:00Z".parse().unwrap());
    let dates =
        Recurrence::parse(rule).unwrap().dates(at(start), chrono_tz::America::New_York, window.unwrap());
    dates.unwrap().into_iter().take(most).map(|wall| wall.format("%y%m%d").to_string()).collect()
}

#[test]
fn examples_of_rfc_5545_3_8_5_3() {
    let start = "1997-09-02T09:00:00";
    for (rule, start, expected) in [
        ("FREQ=DAILY;COUNT=3", start, "970902 970903 970904"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", start, "970902 970916 970930"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", start, "970902 970904 970916 970918"),
        ("FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05T09:00:00", "970905 971003 971107"),
        ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22T09:00:00", "970922 971020 971117"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28T09:00:00", "970928 971029 971128"),
        (
            "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
            "1997-01-01T09:00:00",
            "970101 970410 970719 000101",
        ),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19T09:00:00", "970519 980518 990517"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12T09:00:00", "970512 980511 990517"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", start, "980213 980313 981113 990813 001013"),
        (
            "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
            "1996-11-05T09:00:00",
            "961105 001107 041102",
        ),
        ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04T09:00:00", "970904 971007 971106"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29T09:00:00", "970929 971030 971127"),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
            "1997-08-05T09:00:00",
            "970805 970810 970819 970824",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
            "1997-08-05T09:00:00",
            "970805 970817 970819 970831",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
            "2007-01-15T09:00:00",
            "070115 070130 070215 070315 070330",
        ),
    ] {
        let expected: Vec<&str> = expected.split(' ').collect();
        assert_eq!(days(rule, start, expected.len()), expected, "{rule}");
    }
}

#[test]
fn until_is_the_last_that_counts_and_a_date_is_all_of_its_day() {
    let start = "1997-09-02T09:00:00";
    assert_eq!(days("FREQ=DAILY;UNTIL=19970904T130000Z", start, 9), ["970902", "970903", "970904"]);
    assert_eq!(days("FREQ=DAILY;UNTIL=19970904T125959Z", start, 9), ["970902", "970903"]);
    assert_eq!(days("FREQ=DAILY;UNTIL=19970904T090000", start, 9), ["970902", "970903", "970904"]);
    assert_eq!(days("FREQ=DAILY;UNTIL=19970904", start, 9), ["970902", "970903", "970904"]);
}

#[test]
fn a_week_alone_means_the_weekday_of_the_start() {
    assert_eq!(days("FREQ=YEARLY;BYWEEKNO=20", "1997-05-13T09:00:00", 2), ["970513", "980512"]);
}

#[test]
fn what_is_no_rule_is_refused() {
    for wrong in [
        "",
        "DAILY",
        "FREQ=",
        "FREQ=OFTEN",
        "INTERVAL=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=1;UNTIL=20260101",
        "FREQ=DAILY;COUNT=1;COUNT=1",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=DAILY;BYMONTH=",
        "FREQ=MONTHLY;BYDAY=0MO",
        "FREQ=MONTHLY;BYDAY=MOO",
        "FREQ=MONTHLY;BYDAY=54MO",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYYEARDAY=367",
        "FREQ=DAILY;BYSETPOS=1",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=DAILY;BYHOUR=24",
        "FREQ=DAILY;WKST=XX",
        "FREQ=DAILY;NEW=1",
        "FREQ=DAÏLY",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;BYDAY=é",
    ] {
        assert_eq!(Recurrence::parse(wrong), Err(RuleError::Malformed), "{wrong}");
    }
    assert_eq!(Recurrence::parse("RSCALE=HEBREW;FREQ=YEARLY"), Err(RuleError::Unsupported));
    assert_eq!(Recurrence::parse("FREQ=SECONDLY;COUNT=1000000000"), Err(RuleError::TooCostly));
}

/// Each of these has kept some calendar program busy for minutes.
#[test]
fn rules_made_to_hurt_end_in_a_bounded_number_of_steps() {
    let window =
        Period::new("2026-01-01T00:00:00Z".parse().unwrap(), "2028-01-01T00:00:00Z".parse().unwrap());
    for (rule, start) in [
        ("FREQ=SECONDLY", "1970-01-01T00:00:00"),
        ("FREQ=MINUTELY;INTERVAL=1", "1970-01-01T00:00:00"),
        ("FREQ=SECONDLY;COUNT=20000;BYMONTH=2;BYMONTHDAY=30", "1970-01-01T00:00:00"),
        ("FREQ=SECONDLY;BYHOUR=3;BYMINUTE=59;BYSECOND=59;BYMONTH=2;BYMONTHDAY=31", "1600-01-01T00:00:00"),
        ("FREQ=YEARLY;COUNT=20000;BYMONTH=2;BYMONTHDAY=30", "1600-01-01T00:00:00"),
        ("FREQ=YEARLY;BYSETPOS=366;BYWEEKNO=53;BYYEARDAY=1;BYMONTHDAY=31", "1600-01-01T00:00:00"),
        ("FREQ=DAILY;COUNT=20000;BYMONTH=2;BYMONTHDAY=30", "1600-01-01T00:00:00"),
        ("FREQ=DAILY;INTERVAL=4294967295", "1600-01-01T00:00:00"),
        ("FREQ=YEARLY;INTERVAL=4294967295;COUNT=2", "1600-01-01T00:00:00"),
        ("FREQ=HOURLY;INTERVAL=4294967295;COUNT=20000", "1600-01-01T00:00:00"),
        ("FREQ=WEEKLY;INTERVAL=4294967295;COUNT=20000", "2400-12-31T23:59:59"),
        (
            "FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23;BYMINUTE=0,10,20,30,40,50;BYSECOND=0,15,30,45",
            "1970-01-01T00:00:00",
        ),
    ] {
        // What counts is that it answers; the test's own limit on time would tell.
        let _ = Recurrence::parse(rule).unwrap().dates(at(start), Amsterdam, window.unwrap());
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY|MINUTELY|SECONDLY))?(;(INTERVAL|COUNT|UNTIL|WKST|BYMONTH|BYWEEKNO|BYYEARDAY|BYMONTHDAY|BYDAY|BYHOUR|BYMINUTE|BYSECOND|BYSETPOS)=[-+,0-9MOTUSAÉ]{0,6}){0,4}") {
        let window = Period::new("2026-01-01T00:00:00Z".parse().unwrap(), "2027-01-01T00:00:00Z".parse().unwrap());
        if let Ok(rule) = Recurrence::parse(&text) {
            let _ = rule.dates(at("2020-02-29T23:59:59"), Amsterdam, window.unwrap());
        }
    }

    /// Where the window begins does not change what is in it.
    #[test]
    fn a_late_window_shows_the_end_of_a_wide_one(
        freq in 0_usize..5, interval in 1_u32..7, begin in 0_i64..900,
        by in prop::sample::select(vec!["", ";BYDAY=MO,-1FR,2WE", ";BYMONTHDAY=-1,15", ";BYMONTH=1,6;BYDAY=TU", ";BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,2"]),
    ) {
        let freq = ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"][freq];
        let rule = Recurrence::parse(&format!("FREQ={freq};INTERVAL={interval}{by}")).unwrap();
        let start = at("2023-01-31T10:30:00");
        let end: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().unwrap();
        let begin = start.and_utc() + chrono::TimeDelta::days(begin);
        let wide = rule.dates(start, Amsterdam, Period::new(start.and_utc() - chrono::TimeDelta::days(2), end).unwrap());
        let late = rule.dates(start, Amsterdam, Period::new(begin, end).unwrap());
        if let (Ok(wide), Ok(late)) = (wide, late) {
            let expected: Vec<_> = wide.into_iter().filter(|wall| repeated(Amsterdam, *wall) >= begin).collect();
            prop_assert_eq!(late, expected);
        }
    }
}
