//! What moved, and why.

use super::*;
use crate::{
    dutch::{HolidayRegion, SchoolCalendar, SchoolHolidays, SchoolOverrides},
    thuiszitter::{
        Facts, Moment, Stage, deadlines,
        facts::example::{absent_from, child, day},
    },
};

fn computed(profile: &Profile, facts: &Facts, today: &str) -> Computation {
    Computation::of(profile, &deadlines(profile, facts, Stage::Signaal, day(today)).0)
}

/// `R10 2026-11-23 2026-11-24 CALENDAR` for each.
fn told(before: &Computation, after: &Computation) -> Vec<String> {
    let date = |kept: &Option<Kept>| {
        kept.as_ref().map_or("none".into(), |kept| kept.due_on.map_or("-".into(), |due| due.to_string()))
    };
    moved(before, after)
        .iter()
        .map(|moved| {
            let causes: Vec<_> = moved.causes.iter().map(ToString::to_string).collect();
            format!("{} {} {} {}", moved.norm, date(&moved.was), date(&moved.is), causes.join("+"))
        })
        .collect()
}

#[test]
fn a_closed_day_moves_what_counts_school_days_and_nothing_else() {
    let profile = Profile::shipped();
    let facts = absent_from("2026-11-09");
    let overrides = SchoolOverrides { closed: [day("2026-11-16")].into(), ..SchoolOverrides::default() };
    let calendar = SchoolCalendar::new(HolidayRegion::Midden, &SchoolHolidays::shipped(), &overrides);
    let closed = Facts { calendar, ..facts.clone() };
    let (before, after) =
        (computed(&profile, &facts, "2026-11-22"), computed(&profile, &closed, "2026-11-22"));
    assert_eq!(told(&before, &after), ["R10 2026-11-23 2026-11-24 CALENDAR"]);
    assert!(told(&before, &before).is_empty());
}

#[test]
fn holidays_that_become_known_give_a_date() {
    let profile = Profile::shipped();
    let facts = absent_from("2027-07-12");
    let mut published = SchoolHolidays::shipped();
    let holidays = [
        ("Herfst", "2027-10-16", "2027-10-24"),
        ("Kerst", "2027-12-25", "2028-01-09"),
        ("Voorjaars", "2028-02-26", "2028-03-05"),
        ("Mei", "2028-04-29", "2028-05-07"),
        ("Zomer", "2028-07-08", "2028-08-20"),
    ];
    for (kind, first, last) in holidays {
        let json = format!(
            r#"{{"content": [{{"schoolyear": "2027-2028", "vacations": [{{"type": "{kind}vakantie", "regions":
                [{{"region": "Midden", "startdate": "{first}", "enddate": "{last}"}}]}}]}}]}}"#
        );
        published.import(&json).unwrap();
    }
    let calendar = SchoolCalendar::new(HolidayRegion::Midden, &published, &SchoolOverrides::default());
    let known = Facts { calendar, ..facts.clone() };
    let (before, after) =
        (computed(&profile, &facts, "2027-07-15"), computed(&profile, &known, "2027-07-15"));
    // 13, 14, 15, 16 July, then 30 August to 6 September.
    assert_eq!(told(&before, &after), ["R10 - 2027-09-06 CALENDAR"]);
    let moved = moved(&before, &after).remove(0);
    assert_eq!(
        moved.text("Ondersteuningsteam", Language::Dutch),
        "Ondersteuningsteam krijgt de datum 6 september 2027, want de vakanties van de school zijn veranderd."
    );
}

#[test]
fn a_fact_moves_brings_and_takes_away() {
    let profile = Profile::shipped();
    let asked = child().with(Moment::AdmissionRequested, "2026-12-07");
    let extended = asked.clone().with(Moment::AdmissionExtended, "2027-01-18");
    let before = computed(&profile, &asked, "2027-01-18");
    let after = computed(&profile, &extended, "2027-01-18");
    assert_eq!(told(&before, &after), ["T02 2027-01-18 2027-02-15 FACT"]);
    let text = moved(&before, &after).remove(0).text("Decision on admission", Language::English);
    assert_eq!(
        text,
        "Decision on admission moves from 18 January 2027 to 15 February 2027, because something \
         happened or was corrected."
    );
    let nothing = computed(&profile, &child(), "2027-01-18");
    assert_eq!(told(&nothing, &before), ["T02 none 2027-01-18 FACT"]);
    assert_eq!(told(&before, &nothing), ["T02 2027-01-18 none FACT"]);
    // A correction of the first day.
    let (first, corrected) = (absent_from("2026-11-09"), absent_from("2026-11-02"));
    let (first, corrected) =
        (computed(&profile, &first, "2026-11-22"), computed(&profile, &corrected, "2026-11-22"));
    assert!(told(&first, &corrected).iter().all(|line| line.ends_with(" FACT")));
    assert!(told(&first, &corrected).contains(&"T13 2027-02-09 2027-02-02 FACT".to_owned()));
}

#[test]
fn another_profile_moves_what_it_changes() {
    let profile = Profile::shipped();
    let shorter = |from: &str, to: &str| {
        let json = Profile::shipped_text().replacen(from, to, 1);
        assert_ne!(json, Profile::shipped_text());
        Profile::read(&json).unwrap()
    };
    let asked = child().with(Moment::AdmissionRequested, "2026-12-07");
    let five = shorter(
        r#""term": {"length": 6, "clock": "CALENDAR_WEEKS"}"#,
        r#""term": {"length": 5, "clock": "CALENDAR_WEEKS"}"#,
    );
    let before = computed(&profile, &asked, "2026-12-08");
    assert_eq!(told(&before, &computed(&five, &asked, "2026-12-08")), ["T02 2027-01-18 2027-01-11 PROFILE"]);
    // The number of hours is what the report's start follows from.
    let missed = absent_from("2026-11-02").missing("2026-11-02", 8).missing("2026-11-03", 8);
    let fifteen = shorter(r#""minutes": 960"#, r#""minutes": 480"#);
    let before = computed(&profile, &missed, "2026-11-05");
    assert!(
        told(&before, &computed(&fifteen, &missed, "2026-11-05"))
            .contains(&"T10 2026-11-04 2026-11-03 PROFILE+FACT".to_owned())
    );
    // Another version that says the same moves nothing.
    let renamed = shorter(r#""version": "2026-1""#, r#""version": "2026-2""#);
    assert!(told(&before, &computed(&renamed, &missed, "2026-11-05")).is_empty());
}

#[test]
fn the_draft_for_the_new_law_can_be_compared_with_the_profile_in_use() {
    let (now, draft) = (Profile::shipped(), Profile::terugdringen_schoolverzuim());
    let worried = absent_from("2026-11-09").with(Moment::Signalled, "2026-11-09");
    let (before, after) = (computed(&now, &worried, "2026-11-11"), computed(&draft, &worried, "2026-11-11"));
    assert_eq!(told(&before, &after), ["W02 none 2026-11-16 PROFILE"]);
    assert!(Profile::on(&[draft], day("2030-01-01")).is_none(), "a draft is never in use");
}

#[test]
fn a_computation_is_stored_and_read_back() {
    let profile = Profile::shipped();
    let computation = computed(&profile, &absent_from("2026-11-09"), "2026-11-22");
    let json = serde_json::to_string(&computation).unwrap();
    assert_eq!(serde_json::from_str::<Computation>(&json).unwrap(), computation);
}
