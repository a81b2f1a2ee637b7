//! The labels of a case by each definition, with the traps between them.

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::thuiszitter::facts::example::{absent_from, day};

fn held(facts: &Facts, today: &str) -> Vec<Label> {
    labels(&Profile::shipped(), facts, day(today)).value.into_iter().collect()
}

fn sixteen(facts: &Facts) -> Counted<Option<NaiveDate>> {
    reached_on(&Profile::shipped(), facts, Label::Relatief16u4w, day("2027-07-01"))
}

#[test]
fn sixteen_hours_in_four_teaching_weeks_are_reached_on_the_day_of_the_last() {
    // LPW art. 21a(1).
    let facts =
        absent_from("2026-11-02").missing("2026-11-02", 5).missing("2026-11-10", 5).missing("2026-11-18", 5);
    assert_eq!(sixteen(&facts), Counted::sure(None));
    let facts = facts.missing("2026-11-27", 1);
    assert_eq!(sixteen(&facts), Counted::sure(Some(day("2026-11-27"))));
}

#[test]
fn hours_of_a_fifth_teaching_week_do_not_add_up() {
    // LPW art. 21a(1): four *consecutive* teaching weeks.
    let facts = absent_from("2026-11-02").missing("2026-11-06", 8).missing("2026-11-30", 8);
    assert_eq!(sixteen(&facts), Counted::sure(None));
}

#[test]
fn holidays_do_not_use_up_the_teaching_weeks() {
    // Christmas 2026 takes two weeks: the weeks of 7, 14 December and 4, 11 January are consecutive.
    let facts = absent_from("2026-12-07").missing("2026-12-07", 8).missing("2027-01-15", 8);
    assert_eq!(sixteen(&facts), Counted::sure(Some(day("2027-01-15"))));
    let later = absent_from("2026-12-07").missing("2026-12-07", 8).missing("2027-01-18", 8);
    assert_eq!(sixteen(&later), Counted::sure(None));
}

#[test]
fn hours_entered_on_a_holiday_do_not_count() {
    let facts = absent_from("2026-12-14").missing("2026-12-18", 8).missing("2026-12-22", 8);
    assert_eq!(sixteen(&facts), Counted::sure(None));
}

#[test]
fn counting_starts_anew_the_day_after_a_report_ended() {
    // DUO: a new count from the day after the end date.
    let facts = absent_from("2026-11-02").missing("2026-11-02", 8).missing("2026-11-03", 8);
    let ended = facts.with(Moment::ReportEnded, "2026-11-03").missing("2026-11-04", 8);
    assert_eq!(sixteen(&ended), Counted::sure(None));
    assert_eq!(sixteen(&ended.missing("2026-11-05", 8)), Counted::sure(Some(day("2026-11-05"))));
}

#[test]
fn an_unknown_week_makes_the_threshold_certain_or_doubtful_never_guessed() {
    // Of 2025-2026 only the summer is known.
    let within = absent_from("2026-03-02").missing("2026-03-02", 8).missing("2026-03-27", 8);
    assert_eq!(sixteen(&within).value, Some(day("2026-03-27")));
    let beyond = absent_from("2026-03-02").missing("2026-03-02", 8).missing("2026-03-30", 8);
    let doubtful = sixteen(&beyond);
    assert_eq!(doubtful.value, None);
    let school_year = "2025-2026".parse().unwrap();
    assert!(doubtful.warnings.contains(&Warning::HolidaysUnknown { school_year }));
}

#[test]
fn long_absence_is_more_than_four_weeks() {
    // DUO: langdurig relatief verzuim; Kamerstuk 26695, 108.
    let facts = absent_from("2026-10-26");
    assert_eq!(held(&facts, "2026-11-22"), [Label::Actueel]);
    assert_eq!(held(&facts, "2026-11-23"), [Label::ThuiszitterPraktijk, Label::Actueel]);
    let long = [Label::Lrv, Label::Thuiszitter, Label::ThuiszitterPraktijk, Label::Actueel];
    assert_eq!(held(&facts, "2026-11-24"), long);
    let back = facts.with(Moment::Returned, "2026-11-25");
    assert_eq!(held(&back, "2026-11-24"), long, "as things stood that day");
    assert!(held(&back, "2026-11-25").is_empty());
    assert!(held(&back.with(Moment::FirstAbsenceDay, "2026-11-27"), "2026-11-27").contains(&Label::Actueel));
}

#[test]
fn each_kind_of_absence_is_called_what_its_definitions_say() {
    for (kind, expected) in [
        (
            AbsenceKind::Absoluut,
            vec![Label::AbsoluutVerzuim, Label::Thuiszitter, Label::ThuiszitterPraktijk, Label::Actueel],
        ),
        (
            AbsenceKind::RelatiefOngeoorloofd,
            vec![Label::Lrv, Label::Thuiszitter, Label::ThuiszitterPraktijk, Label::Actueel],
        ),
        (AbsenceKind::Luxe, vec![Label::Lrv, Label::Thuiszitter, Label::ThuiszitterPraktijk, Label::Actueel]),
        // LPW art. 11 onder d: ill is authorised.
        (AbsenceKind::Ziek, vec![]),
        (AbsenceKind::ZiekMaarBelastbaar, vec![Label::ThuiszitterPraktijk, Label::Actueel]),
        (AbsenceKind::Geschorst, vec![Label::ThuiszitterPraktijk, Label::Actueel]),
        (AbsenceKind::Dreigend, vec![Label::Dreigend]),
        (AbsenceKind::VrijstellingAangevraagd, vec![Label::Vrijstellingstraject]),
    ] {
        let enrolment =
            if kind == AbsenceKind::Absoluut { Enrolment::NotEnrolled } else { Enrolment::Enrolled };
        let facts = Facts { kind, enrolment, ..absent_from("2026-09-01") };
        assert_eq!(held(&facts, "2026-11-21"), expected, "{kind}");
    }
}

#[test]
fn a_four_year_old_is_no_thuiszitter_in_law() {
    // LPW art. 3(1).
    for (birth, in_law) in [("2021-10-31", true), ("2021-11-01", false), ("2022-05-01", false)] {
        let facts = Facts {
            kind: AbsenceKind::Absoluut,
            enrolment: Enrolment::NotEnrolled,
            birth: Some(day(birth)),
            ..absent_from("2026-09-01")
        };
        assert_eq!(held(&facts, "2026-11-21").contains(&Label::AbsoluutVerzuim), in_law, "{birth}");
        assert!(held(&facts, "2026-11-21").contains(&Label::Actueel));
    }
    let unknown = Facts {
        birth: None,
        kind: AbsenceKind::Absoluut,
        enrolment: Enrolment::NotEnrolled,
        ..absent_from("2026-09-01")
    };
    assert!(held(&unknown, "2026-11-21").contains(&Label::AbsoluutVerzuim), "nobody drops out of sight");
}

#[test]
fn an_adult_is_not_counted_as_long_absent() {
    let facts = Facts { birth: Some(day("2008-11-21")), ..absent_from("2026-09-01") };
    assert!(held(&facts, "2026-11-20").contains(&Label::Lrv));
    assert!(!held(&facts, "2026-11-21").contains(&Label::Lrv));
}

#[test]
fn the_ministrys_thuiszitter_is_exactly_absoluut_or_lrv() {
    // Kamerstuk 26695, 108.
    for kind in AbsenceKind::iter() {
        for enrolment in [Enrolment::Enrolled, Enrolment::NotEnrolled] {
            for today in ["2026-09-02", "2026-09-29", "2026-09-30", "2027-05-01"] {
                let labels = held(&Facts { kind, enrolment, ..absent_from("2026-09-01") }, today);
                let either = labels.contains(&Label::Lrv) || labels.contains(&Label::AbsoluutVerzuim);
                assert_eq!(labels.contains(&Label::Thuiszitter), either, "{kind} {enrolment} {today}");
                assert!(!(labels.contains(&Label::Lrv) && labels.contains(&Label::AbsoluutVerzuim)));
                assert!(!(labels.contains(&Label::Actueel) && labels.contains(&Label::Dreigend)));
            }
        }
    }
}

proptest! {
    #[test]
    fn more_hours_never_delay_the_report(entries in prop::collection::vec((0u64..200, 1u16..8), 0..40), extra in 0u64..200) {
        let mut facts = absent_from("2026-09-01");
        let on = |days| day("2026-09-01") + Days::new(days);
        facts.hours = entries.iter().map(|&(days, h)| UnauthorisedHours { date: on(days), minutes: h * 60 }).collect();
        let before = sixteen(&facts).value;
        facts.hours.push(UnauthorisedHours { date: on(extra), minutes: 60 });
        facts.hours.reverse();
        let after = sixteen(&facts).value;
        prop_assert!(before.is_none_or(|before| after.is_some_and(|after| after <= before)));
    }
}
