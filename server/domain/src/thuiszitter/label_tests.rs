//! The labels of a case by each definition, with the traps between them.

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::{
    thuiszitter::{
        facts::example::{absent_from, day},
        ground::{AbsenceGround, ExemptionGround},
    },
    time::Since,
};

fn held(facts: &Facts, today: &str) -> Vec<Label> {
    labels(&Profile::shipped(), facts, day(today)).value.into_iter().collect()
}

/// Absent since 1 September, of that kind.
fn of(kind: AbsenceKind, enrolment: Enrolment) -> Facts {
    let (kinds, enrolments) = (Since::always(kind), Since::always(enrolment));
    Facts { kinds, enrolments, ..absent_from("2026-09-01") }
}

fn hours(date: NaiveDate, hours: u16) -> MissedTime {
    MissedTime { date, minutes: hours * 60, ground: AbsenceGround::Ongeoorloofd }
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
    // Of 2024-2025 only the summer is known.
    let within = absent_from("2025-03-03").missing("2025-03-03", 8).missing("2025-03-28", 8);
    assert_eq!(sixteen(&within).value, Some(day("2025-03-28")));
    let beyond = absent_from("2025-03-03").missing("2025-03-03", 8).missing("2025-03-31", 8);
    let doubtful = sixteen(&beyond);
    assert_eq!(doubtful.value, None);
    let school_year = "2024-2025".parse().unwrap();
    assert!(doubtful.warnings.contains(&Warning::HolidaysUnknown { school_year }));
}

#[test]
fn hours_that_nobody_told_are_missed_until_they_are_told_or_the_absence_was_reported() {
    let facts = absent_from("2026-11-02");
    let lacks = |facts: &Facts, on: &str| lacks_hours(&Profile::shipped(), facts, day(on));
    assert!(!lacks(&facts, "2026-11-01"), "not away yet");
    assert!(lacks(&facts, "2026-11-02") && lacks(&facts, "2027-01-04"));
    assert!(!lacks(&facts.clone().missing("2026-11-03", 5), "2026-11-04"));
    assert!(lacks(&facts.clone().missing("2026-10-30", 5), "2026-11-04"), "before this absence");
    let ill = facts.clone().away("2026-11-03", 5, AbsenceGround::Ziek);
    assert!(lacks(&ill, "2026-11-04"), "with a valid reason");
    assert!(!lacks(&facts.clone().with(Moment::ReportedToDuo, "2026-11-04"), "2026-11-04"));
    assert!(!lacks(&facts.clone().with(Moment::Returned, "2026-11-04"), "2026-11-04"));
    assert!(!lacks(&facts.nowhere("2026-11-02"), "2026-11-04"), "of no school");
}

#[test]
fn hours_of_days_without_lessons_or_of_long_ago_tell_nothing() {
    let profile = Profile::shipped();
    let lacks = |facts: &Facts, on: &str| lacks_hours(&profile, facts, day(on));
    // Saturday 7 November, and Tuesday 22 December in the Christmas holidays.
    let away = absent_from("2026-11-02");
    assert!(lacks(&away.clone().missing("2026-11-07", 5), "2026-11-09"));
    assert!(lacks(&absent_from("2026-12-14").missing("2026-12-22", 5), "2026-12-23"));
    // Seven teaching days: 2, 3, 4, 5, 6, 9 and 10 November; from the 11th on, up to the 19th.
    let once = away.clone().missing("2026-11-02", 5);
    assert_eq!([lacks(&once, "2026-11-10"), lacks(&once, "2026-11-11")], [false, true]);
    let again = once.clone().missing("2026-11-11", 5);
    assert_eq!([lacks(&again, "2026-11-19"), lacks(&again, "2026-11-20")], [false, true]);
    // Holidays are passed over: 18 December, then 4, 5, 6, 7, 8 and 11 January.
    let christmas = absent_from("2026-12-14").missing("2026-12-18", 5);
    assert_eq!([lacks(&christmas, "2027-01-11"), lacks(&christmas, "2027-01-12")], [false, true]);
    // Sixteen hours are reached on 3 November: what is missed after that changes nothing.
    let reached = away.clone().missing("2026-11-02", 8).missing("2026-11-03", 8);
    assert!(!lacks(&reached, "2026-12-01"));
    assert!(!lacks(&once.clone().with(Moment::ReportedToDuo, "2026-11-11"), "2026-11-20"));
    let before = away.clone().missing("2026-09-02", 8).missing("2026-09-03", 8);
    assert!(lacks(&before, "2026-11-20"), "of an absence before this one");
    // Of who is eighteen on 17 November no hours count any more, nor of who is not yet leerplichtig.
    let grown = Facts { birth: Some(day("2008-11-17")), ..once.clone() };
    assert_eq!([lacks(&grown, "2026-11-16"), lacks(&grown, "2026-11-17")], [true, false]);
    assert!(!lacks(&Facts { birth: Some(day("2022-05-01")), ..once }, "2026-11-20"));
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
        let facts = of(kind, enrolment);
        assert_eq!(held(&facts, "2026-11-21"), expected, "{kind}");
    }
}

#[test]
fn a_four_year_old_is_no_thuiszitter_in_law() {
    // LPW art. 3(1).
    for (birth, in_law) in [("2021-10-31", true), ("2021-11-01", false), ("2022-05-01", false)] {
        let facts = Facts { birth: Some(day(birth)), ..of(AbsenceKind::Absoluut, Enrolment::NotEnrolled) };
        assert_eq!(held(&facts, "2026-11-21").contains(&Label::AbsoluutVerzuim), in_law, "{birth}");
        assert!(held(&facts, "2026-11-21").contains(&Label::Actueel));
    }
    let unknown = Facts { birth: None, ..of(AbsenceKind::Absoluut, Enrolment::NotEnrolled) };
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
                let labels = held(&of(kind, enrolment), today);
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
        facts.missed = entries.iter().map(|&(days, h)| hours(on(days), h)).collect();
        let before = sixteen(&facts).value;
        facts.missed.push(hours(on(extra), 1));
        facts.missed.reverse();
        let after = sixteen(&facts).value;
        prop_assert!(before.is_none_or(|before| after.is_some_and(|after| after <= before)));
    }
}

#[test]
fn definition_of_the_ministry_absoluut_or_more_than_four_weeks_unauthorised() {
    // Kamerstuk 26695, 108. Enrolled, absent since Monday 26 October: four weeks end on 23 November.
    let facts = absent_from("2026-10-26");
    assert!(!held(&facts, "2026-11-23").contains(&Label::Thuiszitter), "four weeks, not more");
    assert!(held(&facts, "2026-11-24").contains(&Label::Thuiszitter));
    // Enrolled nowhere: from the first day.
    let nowhere =
        Facts { kinds: Since::always(AbsenceKind::Absoluut), ..facts.clone() }.nowhere("2026-10-26");
    assert!(held(&nowhere, "2026-10-26").contains(&Label::Thuiszitter));
    // Weeks of illness before it are no unauthorised absence.
    let mut ill_first = facts.clone();
    ill_first.kinds = Since::always(AbsenceKind::Ziek);
    ill_first.kinds.say(day("2026-11-09"), AbsenceKind::RelatiefOngeoorloofd);
    assert!(!held(&ill_first, "2026-12-07").contains(&Label::Thuiszitter));
    assert!(held(&ill_first, "2026-12-08").contains(&Label::Thuiszitter));
    // Nor are weeks before leerplicht: five on 10 October, leerplichtig from November.
    let five = Facts { birth: Some(day("2021-10-10")), ..absent_from("2026-09-01") };
    assert!(!held(&five, "2026-11-29").contains(&Label::Thuiszitter));
    assert!(!held(&five, "2026-11-30").contains(&Label::Thuiszitter), "counted from Monday 2 November");
    assert!(held(&five, "2026-12-01").contains(&Label::Thuiszitter));
}

#[test]
fn definition_of_leerplicht_practice_four_weeks_not_at_school_ill_only_if_able() {
    // Leerplicht practice: four weeks or more, enrolled or not, no exemption.
    let praktijk = |facts: &Facts, today| held(facts, today).contains(&Label::ThuiszitterPraktijk);
    let facts = absent_from("2026-10-26");
    assert!(!praktijk(&facts, "2026-11-22"));
    assert!(praktijk(&facts, "2026-11-23"), "four weeks are enough");
    let of = |kind| Facts { kinds: Since::always(kind), ..facts.clone() };
    assert!(praktijk(&of(AbsenceKind::ZiekMaarBelastbaar), "2026-11-23"));
    assert!(!praktijk(&of(AbsenceKind::Ziek), "2027-05-01"));
    let exempt = facts.clone().exempt(ExemptionGround::Art5OnderA, "2026-11-23", "2027-07-31");
    assert!(praktijk(&exempt, "2027-08-01"), "the exemption has ended");
    assert!(!praktijk(&exempt, "2027-07-31"));
    // Eighteen: the law asks nothing any more.
    let grown = Facts { birth: Some(day("2008-12-01")), ..facts };
    assert!(praktijk(&grown, "2026-11-30") && !praktijk(&grown, "2026-12-01"));
}

#[test]
fn definition_of_samenwerkingsverbanden_at_home_from_the_first_day_or_threatening() {
    // Whatever the age: a four-year-old that is enrolled counts too.
    let facts = Facts { birth: Some(day("2022-05-01")), ..absent_from("2026-10-26") };
    assert!(held(&facts, "2026-10-25").is_empty());
    assert_eq!(held(&facts, "2026-10-26"), [Label::Actueel]);
    let threatens = Facts { kinds: Since::always(AbsenceKind::Dreigend), ..facts };
    assert_eq!(held(&threatens, "2026-10-26"), [Label::Dreigend]);
}

#[test]
fn definition_of_exempt_counts_apart_for_each_ground_and_never_as_solved() {
    // LPW art. 5, 5a, 15, 3a, 3b: "5 onder a" and "5a" are two grounds.
    for ground in ExemptionGround::iter() {
        let facts = absent_from("2026-09-01").exempt(ground, "2026-11-02", "2027-07-31");
        assert!(held(&facts, "2026-11-01").contains(&Label::Thuiszitter), "{ground}");
        assert_eq!(held(&facts, "2026-11-02"), [Label::Vrijgesteld], "{ground}");
        assert_eq!(held(&facts, "2027-07-31"), [Label::Vrijgesteld], "{ground}");
        assert!(held(&facts, "2027-08-01").contains(&Label::Thuiszitter), "{ground}: not renewed");
        assert_eq!(ground.to_string().parse(), Ok(ground));
    }
    assert_eq!("5_ONDER_A".parse(), Ok(ExemptionGround::Art5OnderA));
    assert_eq!("5A_TREKKEND".parse(), Ok(ExemptionGround::Art5aTrekkend));
    assert!("5A".parse::<ExemptionGround>().is_err(), "which of the two?");
}

#[test]
fn a_child_without_school_is_absoluut_from_its_first_school_day_on() {
    // LPW art. 3(1): five on 14 July, so the first school day from 1 August on; Zuid has holidays up to
    // Sunday 23 August.
    let facts = of(AbsenceKind::Absoluut, Enrolment::NotEnrolled);
    let calendar = crate::dutch::SchoolCalendar::shipped(crate::dutch::HolidayRegion::Zuid);
    let facts = Facts { birth: Some(day("2021-07-14")), calendar, ..facts };
    let facts = facts.with(Moment::FirstAbsenceDay, "2026-08-03");
    let absoluut = |today| held(&facts, today).contains(&Label::AbsoluutVerzuim);
    assert_eq!([absoluut("2026-08-23"), absoluut("2026-08-24")], [false, true]);
    let unknown = Facts { birth: Some(day("2027-07-14") - chrono::Months::new(60)), ..facts.clone() };
    let absoluut = |today| held(&unknown, today).contains(&Label::AbsoluutVerzuim);
    // Holidays that are not known postpone nothing.
    assert_eq!([absoluut("2027-07-31"), absoluut("2027-08-01")], [false, true]);
}

#[test]
fn definition_of_sixteen_hours_holds_only_from_leerplicht_on() {
    // LPW art. 21a(1): a pupil to whom the law applies; five on 10 October, leerplichtig in November.
    let five = Facts { birth: Some(day("2021-10-10")), ..absent_from("2026-10-12") };
    let facts = five.missing("2026-10-30", 8).missing("2026-11-02", 8);
    assert_eq!(sixteen(&facts), Counted::sure(None), "eight hours before it");
    assert_eq!(sixteen(&facts.missing("2026-11-03", 8)), Counted::sure(Some(day("2026-11-03"))));
}
