//! Perspectives, gaps and placements of hand-made lives.

use super::*;

#[test]
fn an_opp_that_rod_does_not_know_is_told() {
    let made = |more: &[(Moment, &str)]| {
        let told = [(Moment::OppMade, "2026-09-10")].iter().chain(more);
        told.map(|(moment, on)| Said::Happened(*moment, day(on))).collect::<Vec<_>>()
    };
    let opp = |more: &[(Moment, &str)], first| counted(Kind::Opp, made(more), "2026-09-01", year(first));
    let found = opp(&[], "2026-09-01");
    assert_eq!(found, [Figure::Opp, Figure::OppNew, Figure::OppUnevaluated, Figure::OppUnregistered]);
    let more = [
        (Moment::OppRegistered, "2026-09-20"),
        (Moment::OppEvaluated, "2027-06-01"),
        (Moment::OppEnded, "2027-10-01"),
    ];
    let found = opp(&more, "2026-09-01");
    assert_eq!(found, [Figure::Opp, Figure::OppNew, Figure::OppEvaluated, Figure::OppRegistered]);
    let found = opp(&more, "2027-09-01");
    let wanted = [Figure::Opp, Figure::OppBefore, Figure::OppUnevaluated, Figure::OppRegistered];
    assert_eq!(found[..4], wanted);
    assert_eq!(found[4..], [Figure::OppEnded, Figure::OppEndUnregistered]);
    assert!(opp(&more, "2028-09-01").is_empty());
}

/// 1 to 30 September is thirty days; 1 to 6 September six.
#[test]
fn a_week_without_a_school_is_a_gap() {
    let out = |until: &str| {
        vec![
            Said::Birth(day("2016-03-10")),
            Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
            Said::Enrolment(day("2026-09-01"), Enrolment::NotEnrolled),
            Said::Enrolment(day(until), Enrolment::Enrolled),
        ]
    };
    let gap = |until| counted(Kind::Continuity, out(until), "2026-08-25", year("2026-09-01"));
    assert_eq!(gap("2026-10-01"), [Figure::Gap, Figure::GapFrom4To13Weeks]);
    assert_eq!(gap("2026-09-08"), [Figure::Gap, Figure::GapUnder4Weeks]);
    assert!(gap("2026-09-07").is_empty());
    assert_eq!(gap("2027-05-01"), [Figure::Gap, Figure::GapFrom13Weeks]);
}

/// Who died, moved away or was registered wrongly has no gap and no perspective in the years after, unless
/// the case is taken up again; who was only away has.
#[test]
fn who_left_for_good_is_in_no_later_year() {
    let left = |outcome, more: &[Said]| {
        let mut said = vec![
            Said::Birth(day("2016-03-10")),
            Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
            Said::Happened(Moment::OppMade, day("2026-08-28")),
            Said::Enrolment(day("2026-09-01"), Enrolment::NotEnrolled),
            Said::Step(day("2026-10-01"), Event::OutcomeRecorded),
            Said::Ended(day("2026-10-01"), outcome),
        ];
        said.extend_from_slice(more);
        said
    };
    let found = |kind, said: &[Said], first| counted(kind, said.to_vec(), "2026-08-25", year(first));
    for outcome in [
        Outcome::Overleden,
        Outcome::UitNederland,
        Outcome::VerhuisdNaarGemeente,
        Outcome::AdministratiefOnjuist,
    ] {
        let said = left(outcome, &[]);
        // The thirty days up to it were without a school, unless that was never so; what was made was made.
        let gap = found(Kind::Continuity, &said, "2026-09-01");
        let is_right = outcome != Outcome::AdministratiefOnjuist;
        let told = [Figure::Gap, Figure::GapFrom4To13Weeks].into_iter().filter(|_| is_right);
        assert_eq!(gap, told.collect::<Vec<_>>(), "{outcome}");
        assert!(found(Kind::Opp, &said, "2026-09-01").contains(&Figure::Opp), "{outcome}");
        for kind in [Kind::Continuity, Kind::Opp] {
            assert!(found(kind, &said, "2027-09-01").is_empty(), "{outcome} {kind}");
        }
    }
    let again = left(Outcome::VerhuisdNaarGemeente, &[Said::Step(day("2026-11-02"), Event::Relapsed)]);
    for said in [again, left(Outcome::Onderwijszorgarrangement, &[])] {
        let later = found(Kind::Continuity, &said, "2027-09-01");
        assert_eq!(later, [Figure::Gap, Figure::GapFrom13Weeks]);
        assert!(found(Kind::Opp, &said, "2027-09-01").contains(&Figure::OppBefore));
    }
}

/// A region has several gemeenten: who moved from one to another is still without a school in it, and has its
/// perspective; who moved away is not, nor who moved nobody knows where.
#[test]
fn who_moved_within_the_region_is_still_here() {
    let moved = |to: Option<&str>| {
        let mut said = vec![
            Said::Birth(day("2016-03-10")),
            Said::Residence(NaiveDate::MIN, "GM9901".parse().unwrap()),
            Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
            Said::Happened(Moment::OppMade, day("2026-08-28")),
            Said::Enrolment(day("2026-09-01"), Enrolment::NotEnrolled),
        ];
        said.extend(to.map(|gemeente| Said::Residence(day("2026-09-28"), gemeente.parse().unwrap())));
        said.push(Said::Step(day("2026-10-01"), Event::OutcomeRecorded));
        said.push(Said::Ended(day("2026-10-01"), Outcome::VerhuisdNaarGemeente));
        said
    };
    for (to, is_here) in [(Some("GM9902"), true), (Some("GM0363"), false), (None, false)] {
        for kind in [Kind::Continuity, Kind::Opp] {
            let later = counted(kind, moved(to), "2026-08-25", year("2027-09-01"));
            assert_eq!(!later.is_empty(), is_here, "{to:?} {kind}");
        }
    }
}
