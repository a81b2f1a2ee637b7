//! From when until when a label held, around the end of a case and its relapse.

use super::*;
use crate::thuiszitter::Label;

/// Enrolled and at home since 1 September 2026; LRV from the 30th. An outcome of some day, recorded on 9 November.
fn ended(outcome: Outcome, on: &str, more: &[Said]) -> Known {
    let mut said = vec![
        Said::Birth(day("2016-03-10")),
        Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
        Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
        Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
        Said::Step(day("2026-11-09"), Event::OutcomeRecorded),
        Said::Ended(day(on), outcome),
    ];
    said.extend_from_slice(more);
    known(said)
}

/// From when until when, as far as `until` tells.
fn held(known: &Known, label: Label, until: &str) -> Vec<(NaiveDate, Option<NaiveDate>)> {
    let (profile, until) = (Profile::shipped(), day(until));
    let life = Life::of(known, &profile, day("2026-09-02"), until).unwrap();
    let all = stretches((&profile, known), &life.rounds, label, until);
    all.into_iter().map(|held| (held.from, held.ended)).collect()
}

#[test]
fn an_absence_ends_with_the_outcome_and_not_only_when_the_case_is_closed_with_it() {
    let known = ended(Outcome::TerugEigenSchool, "2026-11-02", &[]);
    for until in ["2026-11-05", "2026-11-09", "2027-01-31"] {
        let stretch = |from| [(day(from), Some(day("2026-11-02")))];
        assert_eq!(held(&known, Label::Actueel, until), stretch("2026-09-01"), "{until}");
        assert_eq!(held(&known, Label::Lrv, until), stretch("2026-09-30"), "{until}");
    }
    assert_eq!(held(&known, Label::Lrv, "2026-11-01"), [(day("2026-09-30"), None)]);
    // Care without education ends no absence: the case is counted until it is closed.
    let stays = ended(Outcome::ZorgZonderOnderwijs, "2026-11-02", &[]);
    assert_eq!(held(&stays, Label::Lrv, "2026-11-30"), [(day("2026-09-30"), Some(day("2026-11-09")))]);
    // Absent again before anybody closed it.
    let home = [Said::Happened(Moment::FirstAbsenceDay, day("2026-11-05"))];
    let again = ended(Outcome::TerugEigenSchool, "2026-11-02", &home);
    let twice = [(day("2026-09-01"), Some(day("2026-11-02"))), (day("2026-11-05"), Some(day("2026-11-09")))];
    assert_eq!(held(&again, Label::Actueel, "2026-11-30"), twice);
}

/// What a case is called on a day is the same in the monitor, in its stretches and in its standing.
#[test]
fn the_labels_of_a_day_past_are_those_of_the_standing_of_that_day() {
    let profile = Profile::shipped();
    for outcome in [Outcome::TerugEigenSchool, Outcome::ZorgZonderOnderwijs, Outcome::UitNederland] {
        let known = ended(outcome, "2026-11-02", &[]);
        for date in ["2026-11-01", "2026-11-02", "2026-11-05", "2026-11-08"] {
            let life = Life::of(&known, &profile, day("2026-09-02"), day(date)).unwrap();
            assert!(life.open(day(date)).is_some(), "closed on the 9th");
            let standing = known.standing(&profile, day(date)).labels;
            assert_eq!(life.labels, standing, "{outcome} {date}");
            assert_eq!(
                standing.is_empty(),
                outcome.ends_absence() && date > "2026-11-01",
                "{outcome} {date}"
            );
            for label in [Label::Actueel, Label::Lrv] {
                let holds = held(&known, label, "2026-11-30")
                    .into_iter()
                    .any(|(from, ended)| from <= day(date) && ended.is_none_or(|ended| ended > day(date)));
                assert_eq!(holds, standing.contains(&label), "{outcome} {date} {label}");
            }
        }
    }
}

/// It is told as solved from the day of the outcome on, also of a day before the closing.
#[test]
fn the_list_of_a_day_between_outcome_and_closing_says_how_it_ended() {
    let row = |outcome, on| {
        let (known, profile) = (ended(outcome, on, &[]), Profile::shipped());
        let period = Period::quarter_of(day("2026-11-05")).up_to(day("2026-11-05"));
        let life = Life::of(&known, &profile, day("2026-09-02"), period.until()).unwrap();
        let gemeenten = gemeenten();
        let seen = Seen { known: &known, life: &life, profile: &profile, period, gemeenten: &gemeenten };
        listed(seen).pop().map(|row| (row.figure, row.ended))
    };
    let back = Outcome::TerugEigenSchool;
    let solved = (Figure::ListedSolved, Some((day("2026-11-02"), Some(back))));
    assert_eq!(row(back, "2026-11-02"), Some(solved));
    let care = row(Outcome::ZorgZonderOnderwijs, "2026-11-02");
    assert_eq!(care, Some((Figure::ListedAtHome, None)), "not closed yet");
    // An error from its first day on was listed all the same, until it was closed as such.
    let error = row(Outcome::AdministratiefOnjuist, "2026-09-01");
    assert_eq!(error, Some((Figure::ListedAtHome, None)));
    let wrong = ended(Outcome::AdministratiefOnjuist, "2026-09-01", &[]);
    let listed = held(&wrong, Label::Actueel, "2026-11-30");
    assert_eq!(listed, [(day("2026-09-01"), Some(day("2026-11-09")))]);
}

/// Closed in July without being back, and taken up again: nobody counts what lies between, so that the
/// stock of 1 August is that of the monitor.
#[test]
fn a_round_begins_when_the_case_was_taken_up_again() {
    let again = |more: &[Said]| {
        let mut said = summer();
        said.truncate(4);
        said.extend([
            Said::Step(day("2026-07-10"), Event::OutcomeRecorded),
            Said::Ended(day("2026-07-10"), Outcome::TerugOpbouw),
            Said::Step(day("2026-09-15"), Event::Relapsed),
        ]);
        said.extend_from_slice(more);
        said
    };
    let of = |said, first| counted(Kind::Jaarverslag, said, "2026-06-02", year(first));
    let before = of(again(&[]), "2026-06-01");
    assert!(has(&before, &[Figure::LrvNew, Figure::LrvReturned, Figure::CasesSolved]), "{before:?}");
    let after = of(again(&[]), "2026-09-01");
    assert!(has(&after, &[Figure::LrvNew, Figure::LrvStill, Figure::CasesNew]), "{after:?}");
    assert!(!after.contains(&Figure::LrvStart), "{after:?}");
    // A new first day at home, before somebody took the case up again.
    let relapse = [Said::Happened(Moment::Returned, day("2026-07-10"))];
    let home = [Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01"))];
    let known = known(again(&[relapse, home].concat()));
    let (profile, until) = (Profile::shipped(), day("2027-07-31"));
    let life = Life::of(&known, &profile, day("2026-06-02"), until).unwrap();
    let held = stretches((&profile, &known), &life.rounds, Label::Actueel, until);
    let days: Vec<_> = held.iter().map(|held| (held.from, held.ended)).collect();
    assert_eq!(days, [(day("2026-06-01"), Some(day("2026-07-10"))), (day("2026-09-01"), None)]);
}
