//! Hand-made lives, and what each counts for in the reports of their quarters and years.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::{
    access::Role,
    consultation::{ChildHeard, JgtHulpGewenst},
    dutch::{HolidayRegion, SchoolCalendar},
    hulpvraag::{Category, State},
    ids::FactId,
    monitor::{Life, Period},
    refusal::Language,
    thuiszitter::{
        AbsenceKind, Enrolment, Event, Exemption, ExemptionGround, Fact, Known, Moment, Outcome, Profile,
        Said,
    },
    time::Validity,
};

mod exempt;
mod lasting;
mod school;
mod stretch;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn known(said: Vec<Said>) -> Known {
    let start: DateTime<Utc> = "2026-06-01T08:00:00Z".parse().unwrap();
    let fact = |(nth, said): (u32, Said)| Fact {
        id: FactId(Uuid::from_u128(nth.into())),
        told: start + TimeDelta::minutes(nth.into()),
        corrects: None,
        said: Some(said),
    };
    let log: Vec<_> = (1..).zip(said).map(fact).collect();
    Known::at(&log, DateTime::<Utc>::MAX_UTC, SchoolCalendar::shipped(HolidayRegion::Midden))
}

/// Those of the region.
fn gemeenten() -> BTreeSet<String> {
    ["GM9901", "GM9902"].map(str::to_owned).into()
}

/// What a case that was opened on `opened` counts for.
fn counted(kind: Kind, said: Vec<Said>, opened: &str, period: Period) -> Vec<Figure> {
    let (known, profile) = (known(said), Profile::shipped());
    let Some(life) = Life::of(&known, &profile, day(opened), period.until()) else { return Vec::new() };
    of_case(kind, Seen { known: &known, life: &life, profile: &profile, period, gemeenten: &gemeenten() })
}

/// At home without valid reason from 1 June 2026, back on 30 September.
fn summer() -> Vec<Said> {
    vec![
        Said::Birth(day("2016-03-10")),
        Said::Kind(day("2026-06-01"), AbsenceKind::RelatiefOngeoorloofd),
        Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
        Said::Happened(Moment::FirstAbsenceDay, day("2026-06-01")),
        Said::Happened(Moment::Returned, day("2026-09-30")),
        Said::Step(day("2026-10-05"), Event::OutcomeRecorded),
        Said::Ended(day("2026-09-30"), Outcome::TerugEigenSchool),
    ]
}

fn year(first: &str) -> Period {
    Kind::Jaarverslag.period(day(first))
}

fn has(found: &[Figure], wanted: &[Figure]) -> bool {
    wanted.iter().all(|figure| found.contains(figure))
}

/// LRV is more than four weeks: from the end of June on. What is there on 31 July is there at the
/// start of the next year; three months after 1 June is 1 September, and it lasted until 29 September.
#[test]
fn an_absence_over_the_summer_is_in_the_stock_of_both_years() {
    let before = counted(Kind::Leerplichttelling, summer(), "2026-06-02", year("2026-06-01"));
    assert!(
        has(&before, &[Figure::Lrv, Figure::LrvNew, Figure::LrvStill, Figure::LrvUpTo3Months]),
        "{before:?}"
    );
    let after = counted(Kind::Jaarverslag, summer(), "2026-06-02", year("2026-09-01"));
    let wanted = [Figure::Lrv, Figure::LrvStart, Figure::LrvReturned, Figure::LrvOver3Months];
    assert!(has(&after, &wanted), "{after:?}");
    assert!(has(&after, &[Figure::Cases, Figure::CasesStart, Figure::CasesSolved]), "{after:?}");
    let later = counted(Kind::Jaarverslag, summer(), "2026-06-02", year("2027-09-01"));
    assert!(!later.contains(&Figure::Lrv) && !later.contains(&Figure::Cases), "{later:?}");
}

/// LPW art. 2(1), 19: eleven days enrolled nowhere without an exemption is absoluut verzuim.
#[test]
fn who_is_enrolled_nowhere_is_absoluut_until_enrolled() {
    let said = vec![
        Said::Birth(day("2016-03-10")),
        Said::Kind(day("2026-09-01"), AbsenceKind::Absoluut),
        Said::Enrolment(day("2026-09-01"), Enrolment::NotEnrolled),
        Said::Enrolment(day("2026-09-12"), Enrolment::Enrolled),
    ];
    let found = counted(Kind::Leerplichttelling, said, "2026-09-02", year("2026-09-01"));
    let wanted =
        [Figure::Absoluut, Figure::AbsoluutNew, Figure::AbsoluutEnrolled, Figure::AbsoluutUpTo3Months];
    assert!(has(&found, &wanted), "{found:?}");
}

/// The trap: article 5 onder a is not article 5a; neither is ever a success.
#[test]
fn an_exemption_counts_by_its_ground_and_never_as_solved() {
    let exempt = |ground| {
        let days = Validity::new(day("2026-09-01"), Some(day("2027-06-30"))).unwrap();
        vec![Said::Birth(day("2016-03-10")), Said::Exempt(Exemption { ground, days })]
    };
    let of =
        |ground, kind| counted(kind, exempt(ground), "2026-09-01", Kind::period(kind, day("2026-11-20")));
    let found = of(ExemptionGround::Art5OnderA, Kind::Leerplichttelling);
    assert!(found.contains(&Figure::Vrijstelling5OnderA) && !found.contains(&Figure::Vrijstelling5aTrekkend));
    let found = of(ExemptionGround::Art5aTrekkend, Kind::Leerplichttelling);
    assert!(found.contains(&Figure::Vrijstelling5aTrekkend) && !found.contains(&Figure::Vrijstelling5OnderA));
    let listed = of(ExemptionGround::Art5OnderA, Kind::Thuiszitters);
    assert_eq!(listed, [Figure::Listed, Figure::ListedExempt]);
}

/// An exemption without a last day lasts while the child is here, and not after it moved away.
#[test]
fn an_exemption_without_an_end_counts_no_longer_than_the_child_is_here() {
    let of = |outcome: Option<Outcome>, first| {
        let days = Validity::new(day("2026-09-01"), None).unwrap();
        let ground = ExemptionGround::Art5OnderB;
        let mut said = vec![Said::Birth(day("2016-03-10")), Said::Exempt(Exemption { ground, days })];
        said.extend(outcome.map(|_| Said::Step(day("2027-03-01"), Event::OutcomeRecorded)));
        said.extend(outcome.map(|outcome| Said::Ended(day("2027-03-01"), outcome)));
        counted(Kind::Leerplichttelling, said, "2026-09-01", year(first))
            .contains(&Figure::Vrijstelling5OnderB)
    };
    for (outcome, is_later) in
        [(None, true), (Some(Outcome::Vrijstelling5OnderB), true), (Some(Outcome::UitNederland), false)]
    {
        assert!(of(outcome, "2026-09-01"), "{outcome:?}");
        assert_eq!(of(outcome, "2027-09-01"), is_later, "{outcome:?}");
    }
}

/// A child counts once, in the year in which it happened.
#[test]
fn processen_verbaal_and_halt_count_in_their_year() {
    let mut said = summer();
    said.extend([
        Said::Happened(Moment::ProcesVerbaal, day("2026-09-14")),
        Said::Happened(Moment::ProcesVerbaal, day("2026-09-21")),
        Said::Happened(Moment::HaltReferred, day("2026-07-06")),
    ]);
    let both = [Figure::ProcesVerbaal, Figure::HaltReferred];
    let of = |kind, first| {
        let found = counted(kind, said.clone(), "2026-06-02", year(first));
        found.into_iter().filter(|figure| both.contains(figure)).collect::<Vec<_>>()
    };
    for kind in [Kind::Leerplichttelling, Kind::Jaarverslag] {
        assert_eq!(of(kind, "2026-06-01"), [Figure::HaltReferred], "{kind}");
        assert_eq!(of(kind, "2026-09-01"), [Figure::ProcesVerbaal], "{kind}");
    }
    assert!(both.iter().all(|figure| figure.class() == crate::access::Class::K7));
}

/// The list of the Inspectie is cumulative: who was resolved in an earlier quarter stays on it until
/// the school year is over.
#[test]
fn the_list_keeps_who_was_resolved_in_the_school_year() {
    let quarter =
        |date: &str| counted(Kind::Thuiszitters, summer(), "2026-06-02", Period::quarter_of(day(date)));
    assert_eq!(quarter("2026-06-30"), [Figure::Listed, Figure::ListedAtHome]);
    for later in ["2026-12-31", "2027-03-31"] {
        assert_eq!(quarter(later)[0], Figure::Listed, "{later}");
    }
    assert!(quarter("2027-09-30").is_empty());
}

/// LPW art. 21a(1): sixteen hours reached in June are of June, whenever the case was taken up again.
#[test]
fn hours_are_of_the_year_in_which_they_were_reached() {
    let missed = |date: &str| {
        let ground = crate::thuiszitter::AbsenceGround::Ongeoorloofd;
        Said::Missed(crate::thuiszitter::MissedTime { date: day(date), minutes: 330, ground })
    };
    let said = vec![
        Said::Birth(day("2016-03-10")),
        Said::Kind(day("2026-06-01"), AbsenceKind::RelatiefOngeoorloofd),
        Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
        missed("2026-06-01"),
        missed("2026-06-02"),
        missed("2026-06-03"),
        Said::Step(day("2026-09-10"), Event::OutcomeRecorded),
        Said::Ended(day("2026-09-10"), Outcome::TerugEigenSchool),
        Said::Step(day("2026-09-20"), Event::Relapsed),
    ];
    let is_told = |first| {
        let found = counted(Kind::Leerplichttelling, said.clone(), "2026-06-02", year(first));
        found.contains(&Figure::Relatief16u4w)
    };
    assert!(is_told("2026-06-01") && !is_told("2026-09-01"));
}

/// An error of registration is removed from what the law counts; the cumulative list keeps the row that
/// was sent. What was decided, such as an exemption, stands.
#[test]
fn an_error_of_registration_counts_nowhere_and_stays_on_the_list() {
    let wrong = |outcome| {
        vec![
            Said::Birth(day("2016-03-10")),
            Said::Kind(day("2026-06-01"), AbsenceKind::Absoluut),
            Said::Enrolment(day("2026-06-01"), Enrolment::NotEnrolled),
            Said::Happened(Moment::FirstAbsenceDay, day("2026-06-01")),
            Said::Step(day("2026-09-20"), Event::OutcomeRecorded),
            Said::Ended(day("2026-09-20"), outcome),
        ]
    };
    let figures = |outcome, first| counted(Kind::Jaarverslag, wrong(outcome), "2026-06-02", year(first));
    let right = figures(Outcome::Ingeschreven, "2026-09-01");
    assert!(has(&right, &[Figure::Absoluut, Figure::AbsoluutStart, Figure::Cases]), "{right:?}");
    assert!(figures(Outcome::AdministratiefOnjuist, "2026-09-01").is_empty());
    let listed = counted(
        Kind::Thuiszitters,
        wrong(Outcome::AdministratiefOnjuist),
        "2026-06-02",
        Period::quarter_of(day("2026-09-30")),
    );
    assert_eq!(listed, [Figure::Listed, Figure::ListedOtherwise]);
    let mut exempt = wrong(Outcome::AdministratiefOnjuist);
    let days = Validity::new(day("2026-06-01"), Some(day("2027-06-30"))).unwrap();
    exempt.push(Said::Exempt(Exemption { ground: ExemptionGround::Art5OnderC, days }));
    let found = counted(Kind::Jaarverslag, exempt, "2026-06-02", year("2026-09-01"));
    assert_eq!(found, [Figure::Vrijstelling5OnderC]);
}

/// July is the last month of a school year and the first of a quarter: who was resolved in it, or came and
/// went in it, stands in that quarter, as of the year that was then running.
#[test]
fn the_list_of_the_third_quarter_has_who_was_resolved_in_july() {
    let july = |first: &str| {
        vec![
            Said::Birth(day("2016-03-10")),
            Said::Kind(day(first), AbsenceKind::RelatiefOngeoorloofd),
            Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
            Said::Happened(Moment::FirstAbsenceDay, day(first)),
            Said::Happened(Moment::Returned, day("2026-07-10")),
            Said::Step(day("2026-07-10"), Event::OutcomeRecorded),
            Said::Ended(day("2026-07-10"), Outcome::TerugEigenSchool),
        ]
    };
    let row = |first, date| {
        let (known, profile, period) =
            (known(july(first)), Profile::shipped(), Period::quarter_of(day(date)));
        let life = Life::of(&known, &profile, day(first), period.until())?;
        let gemeenten = gemeenten();
        let row =
            listed(Seen { known: &known, life: &life, profile: &profile, period, gemeenten: &gemeenten })
                .pop()?;
        Some((row.figure, row.school_year(period.until()).first_day()))
    };
    let before = day("2025-08-01");
    for first in ["2026-06-01", "2026-07-02"] {
        assert_eq!(row(first, "2026-09-30"), Some((Figure::ListedSolved, before)), "{first}");
        assert_eq!(row(first, "2026-12-31"), None, "{first}");
    }
    assert_eq!(row("2026-06-01", "2026-06-30"), Some((Figure::ListedAtHome, before)));
    assert_eq!(row("2026-07-02", "2026-06-30"), None);
}

/// A telling that was sent stays as it was when a child moves: closed in March because it moved, it counts
/// where it lived until then; still at home on the last day, where it lived then.
#[test]
fn a_gemeente_tells_of_who_lived_there_on_the_last_day_that_counts() {
    let lives = |more: Vec<Said>, first| {
        let mut said = summer();
        said.truncate(4);
        said.push(Said::Residence(NaiveDate::MIN, "GM9901".parse().unwrap()));
        said.push(Said::Residence(day("2027-03-01"), "GM9902".parse().unwrap()));
        said.extend(more);
        let (known, profile, period) = (known(said), Profile::shipped(), year(first));
        let life = Life::of(&known, &profile, day("2026-06-02"), period.until()).unwrap();
        let gemeenten = gemeenten();
        let seen = Seen { known: &known, life: &life, profile: &profile, period, gemeenten: &gemeenten };
        seen.gemeente().map(ToString::to_string)
    };
    let moved = || {
        vec![
            Said::Step(day("2027-03-01"), Event::OutcomeRecorded),
            Said::Ended(day("2027-03-01"), Outcome::VerhuisdNaarGemeente),
        ]
    };
    assert_eq!(lives(Vec::new(), "2026-06-01").as_deref(), Some("GM9901"));
    assert_eq!(lives(Vec::new(), "2026-09-01").as_deref(), Some("GM9902"));
    assert_eq!(lives(moved(), "2026-09-01").as_deref(), Some("GM9901"));
    assert_eq!(lives(moved(), "2027-09-01").as_deref(), Some("GM9902"));
}

#[test]
fn a_placement_is_inside_or_outside_the_wijk() {
    assert_eq!(placed(Some("WK990101"), Some("WK990101"), None)[1], Figure::PlacedInsideWijk);
    assert_eq!(placed(Some("WK990101"), Some("WK990201"), None)[1], Figure::PlacedOutsideWijk);
    for unknown in [(None, Some("WK990101")), (Some("WK990101"), None), (Some(""), Some("WK990101"))] {
        assert_eq!(placed(unknown.0, unknown.1, None)[1], Figure::PlacedUnknown);
    }
}

#[test]
fn a_placement_is_counted_by_the_kind_that_its_outcome_names() {
    for (outcome, figure) in [
        (Some(Outcome::PlaatsingSbo), Figure::PlacedSbo),
        (Some(Outcome::PlaatsingSo), Figure::PlacedSo),
        (Some(Outcome::PlaatsingVso), Figure::PlacedVso),
        (Some(Outcome::PlaatsingAndereSchool), Figure::PlacedOtherwise),
        (None, Figure::PlacedOtherwise),
    ] {
        let found = placed(None, None, outcome);
        assert_eq!(found[2], figure, "{outcome:?}");
        let told = |figure: &Figure| usize::from(found.contains(figure));
        for (whole, parts) in Kind::Placements.sums() {
            assert_eq!(parts.iter().map(told).sum::<usize>(), told(&whole), "{whole}");
        }
    }
}

/// The list of that quarter tells of both, each by its year; the child counts once, its solution stays counted.
#[test]
fn who_is_at_home_again_in_september_keeps_the_row_of_july() {
    let said = vec![
        Said::Birth(day("2016-03-10")),
        Said::Kind(day("2026-06-01"), AbsenceKind::RelatiefOngeoorloofd),
        Said::Enrolment(day("2024-08-01"), Enrolment::Enrolled),
        Said::Happened(Moment::FirstAbsenceDay, day("2026-06-01")),
        Said::Happened(Moment::OfferMade, day("2026-06-20")),
        Said::Happened(Moment::Returned, day("2026-07-10")),
        Said::Step(day("2026-07-10"), Event::OutcomeRecorded),
        Said::Ended(day("2026-07-10"), Outcome::TerugEigenSchool),
        Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
        Said::Step(day("2026-09-15"), Event::Relapsed),
    ];
    let (profile, period) = (Profile::shipped(), Period::quarter_of(day("2026-09-30")));
    let known = known(said.clone());
    let life = Life::of(&known, &profile, day("2026-06-02"), period.until()).unwrap();
    let gemeenten = gemeenten();
    let rows = listed(Seen { known: &known, life: &life, profile: &profile, period, gemeenten: &gemeenten });
    let told: Vec<_> = rows.iter().map(|row| (row.since, row.figure, row.offer)).collect();
    let july = (day("2026-06-01"), Figure::ListedSolved, Some(day("2026-06-20")));
    assert_eq!(told, [july, (day("2026-09-01"), Figure::ListedAtHome, None)]);
    let years: Vec<_> = rows.iter().map(|row| row.school_year(period.until()).first_day()).collect();
    assert_eq!(years, [day("2025-08-01"), day("2026-08-01")]);
    let found = counted(Kind::Thuiszitters, said.clone(), "2026-06-02", period);
    assert_eq!(found, [Figure::Listed, Figure::ListedAtHome]);
    let later = Period::quarter_of(day("2026-12-31"));
    let found = counted(Kind::Thuiszitters, said, "2026-06-02", later);
    assert_eq!(found, [Figure::Listed, Figure::ListedAtHome]);
}

#[test]
fn a_meeting_and_a_question_count_once_in_every_sum() {
    let held = met(Met {
        parents: true,
        heard: Some(ChildHeard::No),
        help: Some(JgtHulpGewenst::Ja),
        all_came: false,
        waited: Some(14),
    });
    assert!(has(&held, &[Figure::HeldWithParents, Figure::ChildNotHeard, Figure::JgtWanted, Figure::NoShow]));
    assert!(has(&held, &[Figure::HeldOnRequest, Figure::From8To14Days]));
    let question = asked(Asked {
        role: Role::Jeugdarts,
        category: Some(Category::Verzuim),
        state: State::Requested,
        age: AgeBand::of(Some(day("2014-11-20")), day("2026-11-20")),
    });
    let wanted =
        [Figure::Asked, Figure::AskedJgz, Figure::AgeFrom12To15, Figure::Unanswered, Figure::CategoryVerzuim];
    assert_eq!(question, wanted);
    for found in [held, question] {
        for (whole, parts) in Figure::sums() {
            let parts = parts.iter().filter(|part| found.contains(part)).count();
            assert_eq!(parts, usize::from(found.contains(&whole)), "{whole}");
        }
    }
}

/// Of every life, in every report, each whole is the sum of its parts, and only figures of the
/// report are counted, each once.
#[test]
fn reports_reconcile() {
    let absent = |until: Option<&str>| {
        let mut said = summer();
        said.truncate(4);
        said.extend(until.map(|day_back| Said::Happened(Moment::Returned, day(day_back))));
        said
    };
    let moved = {
        let mut said = absent(None);
        said.push(Said::Step(day("2026-11-01"), Event::OutcomeRecorded));
        said.push(Said::Ended(day("2026-11-01"), Outcome::VerhuisdNaarGemeente));
        said
    };
    for said in [summer(), absent(None), absent(Some("2026-07-01")), moved, lasting::relapsed()] {
        for kind in Kind::iter().filter(|kind| kind.is_of_cases()) {
            for date in ["2026-07-01", "2026-09-01", "2026-11-20", "2027-09-01"] {
                let found = counted(kind, said.clone(), "2026-06-02", kind.period(day(date)));
                for (whole, parts) in kind.sums() {
                    let parts = parts.iter().filter(|part| found.contains(part)).count();
                    assert_eq!(parts, usize::from(found.contains(&whole)), "{kind} {date} {whole}");
                }
                let own = kind.figures();
                assert!(found.iter().all(|figure| own.contains(figure)), "{kind} {found:?}");
                let once: BTreeSet<_> = found.iter().collect();
                assert_eq!(once.len(), found.len(), "{kind} {date}");
            }
        }
    }
}

/// A figure about a fact of a case is of the class of that fact.
#[test]
fn a_figure_is_of_the_class_of_what_it_tells() {
    for (figure, moment) in [
        (Figure::TlvDecided, Moment::TlvDecided),
        (Figure::OppNew, Moment::OppMade),
        (Figure::OppEvaluated, Moment::OppEvaluated),
        (Figure::OppEnded, Moment::OppEnded),
        (Figure::OppRegistered, Moment::OppRegistered),
        (Figure::OppEndRegistered, Moment::OppEndRegistered),
        (Figure::ChildHeardDirectly, Moment::ChildHeard),
        (Figure::ProcesVerbaal, Moment::ProcesVerbaal),
        (Figure::HaltReferred, Moment::HaltReferred),
        (Figure::LeaveDecided, Moment::LeaveDecided),
        (Figure::Doorzettingsmacht, Moment::EscalatedL3),
    ] {
        assert_eq!(figure.class(), moment.class(), "{figure}");
    }
    assert_eq!(Figure::AgeUnder8.class(), crate::access::Class::K2);
    for figure in [Figure::JgtWanted, Figure::ChildNotHeard, Figure::AskedSmw, Figure::CategoryGezin] {
        assert_eq!(figure.class(), crate::access::Class::K4, "{figure}");
    }
    // What was asked, and perspectives, are content of education, all of them; ages of the same questions are not.
    for figure in Figure::iter() {
        let kinds = figure.kinds();
        let age = figure.class() == crate::access::Class::K2;
        if !age && (kinds.contains(&Kind::Demand) || kinds.contains(&Kind::Opp)) {
            assert_eq!(figure.class(), crate::access::Class::K4, "{figure}");
        }
    }
}

#[test]
fn every_figure_has_a_name_and_a_basis_and_stands_in_a_report() {
    for figure in Figure::iter() {
        assert_eq!(figure.to_string().parse(), Ok(figure));
        let named = [Language::Dutch, Language::English].map(|language| figure.basis(language));
        assert!(!named.contains(&"") && !named[0].contains("egional ") && !figure.kinds().is_empty());
    }
    for kind in Kind::iter() {
        assert!(!kind.figures().is_empty(), "{kind}");
        let last = kind.period(day("2026-11-20")).until();
        assert_eq!(kind.complete_by(last), kind.period(last));
        assert!(kind.complete_by(day("2026-11-20")).until() < day("2026-11-20"));
    }
    assert_eq!(Kind::Thuiszitters.period(day("2026-11-20")).from(), day("2026-10-01"));
    assert_eq!(Kind::Thuiszitters.period(day("2026-01-01")).until(), day("2026-03-31"));
    assert_eq!(Kind::Opp.complete_by(day("2026-11-20")).from(), day("2025-08-01"));
}
