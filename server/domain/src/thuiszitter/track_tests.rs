//! Tracks: what follows what, what the facts say, and every life of one.

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::thuiszitter::{
    ExemptionGround, Said,
    facts::example::{child, day},
    track::{TrackOutcome, must_have_ground},
};

const START: &str = "2026-09-01";

fn course(kind: TrackKind, ground: Option<TrackGround>, taken: &[(TrackStep, NaiveDate)]) -> TrackCourse<'_> {
    TrackCourse { kind, ground, started: day(START), taken }
}

fn steps(taken: &[TrackStep]) -> Vec<(TrackStep, NaiveDate)> {
    taken.iter().map(|step| (*step, day(START))).collect()
}

#[test]
fn a_child_starts_only_once_the_day_is_agreed_and_no_verklaring_waits_or_was_refused() {
    use TrackStep::{
        Ended, SchoolAgreed, StartAgreed, Started, TlvApplied, TlvGranted, TlvRefused, TlvWithdrawn,
    };
    let no = Err(Refusal::StepNotAllowed);
    let table: [(&[TrackStep], TrackStep, Result<(), Refusal>); 18] = [
        (&[], TlvGranted, no),
        (&[TlvApplied], TlvApplied, no),
        (&[TlvApplied], TlvRefused, Ok(())),
        (&[TlvApplied, TlvRefused], TlvApplied, Ok(())),
        (&[], TlvWithdrawn, no),
        (&[TlvApplied, TlvWithdrawn], TlvApplied, Ok(())),
        (&[TlvApplied, TlvWithdrawn, SchoolAgreed], StartAgreed, Ok(())),
        (&[], StartAgreed, no),
        (&[SchoolAgreed], StartAgreed, Ok(())),
        (&[SchoolAgreed], Started, no),
        (&[TlvApplied, SchoolAgreed], StartAgreed, no),
        (&[TlvApplied, TlvRefused, SchoolAgreed], StartAgreed, no),
        (&[TlvApplied, TlvGranted, SchoolAgreed], StartAgreed, Ok(())),
        (&[TlvApplied], Ended, no),
        (&[TlvApplied, TlvRefused], Ended, Ok(())),
        (&[TlvApplied, TlvWithdrawn], Ended, Ok(())),
        (&[SchoolAgreed, StartAgreed], Started, Ok(())),
        (&[SchoolAgreed, StartAgreed, Started], SchoolAgreed, Err(Refusal::AlreadyEnded)),
    ];
    for (taken, step, is) in table {
        let taken = steps(taken);
        assert_eq!(course(TrackKind::Placement, None, &taken).may_take(step), is, "{taken:?} {step}");
    }
}

/// LPW art. 7: for 5 onder a the doctor or psychologist of the gemeente signs first; for the direction
/// of the schools (onder b) no doctor has a say.
#[test]
fn an_exemption_on_bodily_or_psychological_grounds_takes_a_statement_and_others_none() {
    let stated = steps(&[TrackStep::DoctorStated]);
    let told = steps(&[TrackStep::DoctorStated, TrackStep::Notified]);
    let none = steps(&[]);
    let may = |ground, taken: &[(TrackStep, NaiveDate)], step| {
        course(TrackKind::Exemption, Some(ground), taken).may_take(step)
    };
    let no = Err(Refusal::StepNotAllowed);
    assert_eq!(may(TrackGround::Art5OnderA, &none, TrackStep::Granted), no);
    assert_eq!(may(TrackGround::Art5OnderA, &told, TrackStep::Granted), Ok(()));
    assert_eq!(may(TrackGround::Art5OnderA, &told, TrackStep::DoctorStated), no, "it came with the notice");
    assert_eq!(may(TrackGround::Art5OnderA, &none, TrackStep::Refused), Ok(()));
    assert_eq!(may(TrackGround::Art5OnderB, &told[1..], TrackStep::Granted), Ok(()));
    assert_eq!(may(TrackGround::Art5OnderB, &none, TrackStep::DoctorStated), no);
    assert_eq!(may(TrackGround::Art11OnderD, &stated, TrackStep::Granted), Ok(()));
}

/// LPW art. 6: on 5 onder a to c parents rely by a notice, on 5 onder a with the statement in it (art. 7).
/// Illness (11 onder d) is told to the school, and nothing of it to the clocks of an exemption.
#[test]
fn parents_give_notice_of_an_exemption_after_the_statement_and_of_illness_never() {
    let stated = steps(&[TrackStep::DoctorStated]);
    for (ground, taken, may) in [
        (TrackGround::Art5OnderA, &stated[..0], false),
        (TrackGround::Art5OnderA, &stated[..], true),
        (TrackGround::Art5OnderB, &stated[..0], true),
        (TrackGround::Art5OnderC, &stated[..0], true),
        (TrackGround::Art5aTrekkend, &stated[..0], true),
        (TrackGround::Art11OnderD, &stated[..], false),
        (TrackGround::Art15AnderOnderwijs, &stated[..0], false),
        (TrackGround::Art3a, &stated[..0], false),
        (TrackGround::Art3b, &stated[..0], false),
    ] {
        let course = course(TrackKind::Exemption, Some(ground), taken);
        assert_eq!(course.may_take(TrackStep::Notified).is_ok(), may, "{ground} {taken:?}");
    }
    let kind = TrackKind::Exemption;
    for (ground, sought) in [
        (TrackGround::Art5OnderA, Some(Moment::ExemptionSought)),
        (TrackGround::Art5OnderB, Some(Moment::ExemptionSought)),
        (TrackGround::Art5aTrekkend, Some(Moment::ExemptionSought)),
        (TrackGround::Art11OnderD, None),
        (TrackGround::Art15AnderOnderwijs, None),
        (TrackGround::Art3a, Some(Moment::SubstituteAsked)),
    ] {
        assert_eq!(kind.begins(Some(ground)), sought, "{ground}: sought before a notice can be given");
    }
    let moment = |ground, step| kind.moment(Some(ground), step);
    let notified = Some(Moment::ExemptionNotified);
    assert_eq!(moment(TrackGround::Art5OnderA, TrackStep::Notified), notified);
    assert_eq!(moment(TrackGround::Art5OnderA, TrackStep::DoctorStated), Some(Moment::DoctorStated));
    assert_eq!(moment(TrackGround::Art11OnderD, TrackStep::DoctorStated), None);
}

/// LPW art. 7: the statement of an exemption that was refused or given up grows old for nobody.
#[test]
fn an_exemption_that_was_refused_or_stopped_is_given_up() {
    let given_up = Some(Moment::ExemptionGivenUp);
    for (ground, is) in [
        (TrackGround::Art5OnderA, given_up),
        (TrackGround::Art5OnderB, given_up),
        (TrackGround::Art11OnderD, None),
        (TrackGround::Art15AnderOnderwijs, None),
    ] {
        for step in [TrackStep::Refused, TrackStep::Ended] {
            assert_eq!(TrackKind::Exemption.moment(Some(ground), step), is, "{ground} {step}");
        }
    }
}

/// LPW art. 5 onder a and art. 5a are two things: to the second no doctor has a say.
#[test]
fn a_travelling_life_is_no_bodily_ground() {
    let (a, travelling) = (TrackGround::Art5OnderA, TrackGround::Art5aTrekkend);
    assert_eq!((a.to_string(), travelling.to_string()), ("5_ONDER_A".into(), "5A_TREKKEND".into()));
    let track = course(TrackKind::Exemption, Some(travelling), &[]);
    assert_eq!(track.may_take(TrackStep::DoctorStated), Err(Refusal::StepNotAllowed));
    let holds = |ground| {
        let facts = child().exempt(ground, "2026-09-01", "2027-07-31");
        track.must_agree(TrackStep::Granted, day("2026-11-23"), &facts)
    };
    assert_eq!(holds(ExemptionGround::Art5OnderA), Err(Refusal::FactsDisagree));
    assert_eq!(holds(ExemptionGround::Art5aTrekkend), Ok(()));
}

/// LPW art. 3a(4), 3b(5): the gemeente decides on the request, one way or the other, unless it is taken back.
#[test]
fn a_substitute_programme_is_asked_for_and_decided_without_a_notice() {
    let decided = Some(Moment::SubstituteDecided);
    for ground in [TrackGround::Art3a, TrackGround::Art3b] {
        let track = course(TrackKind::Exemption, Some(ground), &[]);
        assert_eq!(track.may_take(TrackStep::DoctorStated), Err(Refusal::StepNotAllowed));
        assert_eq!(track.may_take(TrackStep::Granted), Ok(()));
        let moment = |step| TrackKind::Exemption.moment(Some(ground), step);
        assert_eq!(moment(TrackStep::Granted), decided, "{ground}");
        assert_eq!(moment(TrackStep::Refused), decided, "{ground}");
        assert_eq!(moment(TrackStep::Ended), Some(Moment::SubstituteWithdrawn), "{ground}");
    }
    let exemption = TrackKind::Exemption.moment(Some(TrackGround::Art5OnderA), TrackStep::Granted);
    assert_eq!(exemption, None, "it works by law");
}

#[test]
fn a_start_agrees_with_an_enrolment_since_the_school_agreed() {
    let taken = [(TrackStep::SchoolAgreed, day("2026-11-16")), (TrackStep::StartAgreed, day("2026-11-18"))];
    let track = course(TrackKind::Placement, None, &taken);
    let starts = |facts: &Facts| track.must_agree(TrackStep::Started, day("2026-12-01"), facts);
    let no = Err(Refusal::FactsDisagree);
    assert_eq!(starts(&child().with(Moment::Enrolled, "2022-08-01")), no, "that of the school it left");
    assert_eq!(starts(&child().with(Moment::Enrolled, "2026-12-02")), no, "not yet");
    let enrolled = child().with(Moment::Enrolled, "2026-12-01");
    assert_eq!(starts(&enrolled), Ok(()));
    assert_eq!(starts(&enrolled.nowhere("2026-12-01")), no);
}

#[test]
fn what_is_granted_holds_by_the_facts_and_what_is_refused_does_not() {
    let track = course(TrackKind::Exemption, Some(TrackGround::Art5OnderB), &[]);
    let at = |step, facts: &Facts| track.must_agree(step, day("2026-11-23"), facts);
    let no = Err(Refusal::FactsDisagree);
    let exempt = |ground| child().exempt(ground, "2026-09-01", "2027-07-31");
    assert_eq!(at(TrackStep::Granted, &child()), no);
    assert_eq!(at(TrackStep::Granted, &exempt(ExemptionGround::Art5OnderA)), no, "another ground");
    assert_eq!(at(TrackStep::Granted, &exempt(ExemptionGround::Art5OnderB)), Ok(()));
    assert_eq!(at(TrackStep::Refused, &exempt(ExemptionGround::Art5OnderB)), no);
    assert_eq!(at(TrackStep::Refused, &child()), Ok(()));
}

/// LPW art. 6(2): of an exemption that holds parents give notice anew each year, whatever else they sought.
#[test]
fn who_gives_up_one_exemption_relies_on_another_as_before() {
    let track = course(TrackKind::Exemption, Some(TrackGround::Art5OnderB), &[]);
    let exempt = |ground| child().exempt(ground, "2026-09-01", "2027-07-31");
    let given_up = Some(Moment::ExemptionGivenUp);
    for (facts, on, is) in [
        (child(), "2027-03-01", given_up),
        (exempt(ExemptionGround::Art5OnderB), "2027-03-01", given_up),
        (exempt(ExemptionGround::Art5OnderA), "2027-03-01", None),
        (exempt(ExemptionGround::Art5OnderA), "2027-08-01", given_up),
        (exempt(ExemptionGround::Art15AnderOnderwijs), "2027-03-01", given_up),
    ] {
        for step in [TrackStep::Refused, TrackStep::Ended] {
            assert_eq!(track.moment(step, day(on), &facts), is, "{step} {on}");
        }
    }
    let told = track.moment(TrackStep::Notified, day("2027-03-01"), &exempt(ExemptionGround::Art5OnderA));
    assert_eq!(told, Some(Moment::ExemptionNotified));
}

#[test]
fn a_ground_has_the_steps_that_can_ever_be_taken_on_it_and_no_others() {
    use TrackStep::{DoctorStated, EducationAdvised, Ended, Granted, Notified, Refused};
    let on = |ground: TrackGround| TrackKind::Exemption.steps_on(Some(ground)).collect::<Vec<_>>();
    assert_eq!(on(TrackGround::Art5OnderA), TrackKind::Exemption.steps());
    assert_eq!(on(TrackGround::Art5OnderB), [EducationAdvised, Notified, Granted, Refused, Ended]);
    assert_eq!(on(TrackGround::Art11OnderD), [DoctorStated, EducationAdvised, Granted, Refused, Ended]);
    assert_eq!(on(TrackGround::Art3a), [EducationAdvised, Granted, Refused, Ended]);
    for kind in TrackKind::iter() {
        assert!(kind.steps_on(None).eq(kind.steps().iter().copied()), "{kind}");
    }
    // What is left out was refused at every point of a track.
    for ground in TrackGround::iter() {
        let left = TrackKind::Exemption.steps().iter().filter(|step| !on(ground).contains(*step));
        for step in left {
            for taken in [vec![], steps(&[DoctorStated]), steps(&[EducationAdvised])] {
                let refused = course(TrackKind::Exemption, Some(ground), &taken).may_take(*step);
                assert_eq!(refused, Err(Refusal::StepNotAllowed), "{ground} {step}");
            }
        }
    }
}

/// A kind, the steps before, a step, and what comes of it.
type Row<'a> = (TrackKind, &'a [TrackStep], TrackStep, Result<(), Refusal>);

#[test]
fn an_arrangement_is_granted_before_it_starts_and_runs_to_its_end() {
    use TrackStep::{
        ArrangementEnded, ArrangementEvaluated, ArrangementGranted, ArrangementRefused, ArrangementStarted,
        CareAgreed, EducationAgreed, Ended, ParentsAgreed,
    };
    let no = Err(Refusal::StepNotAllowed);
    let (alone, together) = (TrackKind::Arrangement, TrackKind::Oza);
    let table: [Row<'_>; 16] = [
        (alone, &[], ArrangementStarted, no),
        (alone, &[], ArrangementEvaluated, no),
        (alone, &[], ArrangementEnded, no),
        (alone, &[], CareAgreed, no),
        (alone, &[], Ended, Ok(())),
        (alone, &[ArrangementGranted], ArrangementGranted, no),
        (alone, &[ArrangementGranted], ArrangementRefused, no),
        (alone, &[ArrangementGranted], ArrangementStarted, Ok(())),
        (alone, &[ArrangementGranted, ArrangementStarted], ArrangementStarted, no),
        (alone, &[ArrangementGranted, ArrangementStarted], Ended, no),
        (
            alone,
            &[ArrangementGranted, ArrangementStarted, ArrangementEvaluated],
            ArrangementEvaluated,
            Ok(()),
        ),
        (
            alone,
            &[ArrangementGranted, ArrangementStarted, ArrangementEnded],
            Ended,
            Err(Refusal::AlreadyEnded),
        ),
        (together, &[ArrangementGranted, EducationAgreed, CareAgreed], ArrangementStarted, no),
        (together, &[EducationAgreed, CareAgreed, ParentsAgreed], ArrangementStarted, no),
        (together, &[CareAgreed], CareAgreed, no),
        (
            together,
            &[EducationAgreed, CareAgreed, ArrangementGranted, ParentsAgreed],
            ArrangementStarted,
            Ok(()),
        ),
    ];
    for (kind, taken, step, is) in table {
        let taken = steps(taken);
        assert_eq!(course(kind, None, &taken).may_take(step), is, "{kind} {taken:?} {step}");
    }
    for kind in [alone, together] {
        assert_eq!(kind.outcome(ArrangementRefused, None), Ok(Some(TrackOutcome::Refused)));
        assert_eq!(kind.outcome(ArrangementEnded, None), Ok(Some(TrackOutcome::Completed)));
        assert_eq!(kind.outcome(Ended, None), Ok(Some(TrackOutcome::Withdrawn)));
    }
}

/// WPO art. 40a: six weeks after the decision to give extra support there is an ontwikkelingsperspectief. Who
/// has one needs no other for an arrangement.
#[test]
fn an_arrangement_decides_on_extra_support_for_who_has_none() {
    let track = course(TrackKind::Arrangement, None, &[]);
    let moment = |facts: &Facts| track.moment(TrackStep::ArrangementGranted, day("2026-11-23"), facts);
    let decided = Some(Moment::ExtraSupportDecided);
    assert_eq!(moment(&child()), decided);
    assert_eq!(moment(&child().with(Moment::OppMade, "2026-09-01")), None);
    assert_eq!(moment(&child().with(Moment::ExtraSupportDecided, "2026-11-02")), None, "the term runs");
    let ended = child().with(Moment::OppMade, "2025-09-01").with(Moment::OppEnded, "2026-06-30");
    assert_eq!(moment(&ended), decided);
}

/// What a track writes in the log has no other reason than the note of its step.
#[test]
fn what_is_told_only_with_a_reason_is_told_by_a_step_with_a_note() {
    let needs = |moment: Option<Moment>| {
        moment.is_some_and(|moment| Said::Happened(moment, day(START)).needs_reason())
    };
    for kind in TrackKind::iter() {
        for ground in std::iter::once(None).chain(TrackGround::iter().map(Some)) {
            assert!(!needs(kind.begins(ground)), "{kind}: its first day has no note");
            for step in kind.steps() {
                assert_eq!(step.needs_note(), needs(kind.moment(ground, *step)), "{kind} {step}");
            }
        }
    }
    assert!(TrackStep::iter().all(|step| step.takes_note() || !step.needs_note()));
}

#[test]
fn an_end_has_the_outcome_of_its_kind() {
    use TrackOutcome::{NotPlaced, Placed, Settled, Upheld};
    for (kind, step, given, is) in [
        (TrackKind::Placement, TrackStep::Started, None, Ok(Some(Placed))),
        (TrackKind::Placement, TrackStep::Ended, None, Ok(Some(NotPlaced))),
        (TrackKind::Placement, TrackStep::SchoolVisited, None, Ok(None)),
        (TrackKind::Placement, TrackStep::Ended, Some(Settled), Err(Refusal::FieldInvalid)),
        (TrackKind::Complaint, TrackStep::Ended, Some(Settled), Ok(Some(Settled))),
        (TrackKind::Dispute, TrackStep::Decided, Some(Upheld), Ok(Some(Upheld))),
        (TrackKind::Dispute, TrackStep::Decided, None, Err(Refusal::FieldRequired)),
        (TrackKind::Dispute, TrackStep::Heard, Some(Upheld), Err(Refusal::FieldInvalid)),
    ] {
        assert_eq!(kind.outcome(step, given), is, "{kind} {step}");
    }
    for kind in TrackKind::iter() {
        for step in kind.steps() {
            let ended = TrackOutcome::iter().any(|one| kind.outcome(*step, Some(one)).is_ok())
                || matches!(kind.outcome(*step, None), Ok(Some(_)));
            assert_eq!(ended, step.ends(), "{kind} {step}");
        }
    }
}

#[test]
fn an_exemption_alone_has_a_ground() {
    let ground = Some(TrackGround::Art5OnderA);
    assert_eq!(must_have_ground(TrackKind::Exemption, None), Err(Refusal::FieldRequired));
    assert_eq!(must_have_ground(TrackKind::Exemption, ground), Ok(()));
    for kind in TrackKind::iter().filter(|kind| !matches!(kind, TrackKind::Exemption)) {
        assert_eq!(must_have_ground(kind, None), Ok(()), "{kind}");
        assert_eq!(must_have_ground(kind, ground), Err(Refusal::FieldInvalid), "{kind}");
    }
}

/// A life of a track: of steps that somebody tries, those that may be taken.
fn lived(kind: TrackKind, ground: Option<TrackGround>, tried: &[usize]) -> Vec<(TrackStep, NaiveDate)> {
    let all: Vec<TrackStep> = TrackStep::iter().collect();
    let mut taken = Vec::new();
    for nth in tried {
        let step = all[nth % all.len()];
        if course(kind, ground, &taken).may_take(step).is_ok() {
            taken.push((step, day(START)));
        }
    }
    taken
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_life_of_a_track_skips_what_must_come_first(
        kind in 0usize..8,
        tried in prop::collection::vec(0usize..30, 0..60),
    ) {
        let kind = TrackKind::iter().nth(kind).unwrap_or(TrackKind::Placement);
        let ground = matches!(kind, TrackKind::Exemption).then_some(TrackGround::Art5OnderA);
        let taken = lived(kind, ground, &tried);
        let first = |step: TrackStep| taken.iter().position(|(one, _)| *one == step);
        let before = |earlier: TrackStep, later: TrackStep| match (first(earlier), first(later)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(earlier), Some(later)) => earlier < later,
        };
        prop_assert!(before(TrackStep::SchoolAgreed, TrackStep::StartAgreed));
        prop_assert!(before(TrackStep::StartAgreed, TrackStep::Started));
        prop_assert!(before(TrackStep::TlvApplied, TrackStep::TlvGranted));
        prop_assert!(before(TrackStep::DoctorStated, TrackStep::Notified));
        prop_assert!(before(TrackStep::Notified, TrackStep::Granted));
        prop_assert!(before(TrackStep::ReplyAsked, TrackStep::ReplySent));
        prop_assert!(before(TrackStep::ArrangementGranted, TrackStep::ArrangementStarted));
        prop_assert!(before(TrackStep::ArrangementStarted, TrackStep::ArrangementEnded));
        let together = matches!(kind, TrackKind::Oza);
        prop_assert!(!together || before(TrackStep::ParentsAgreed, TrackStep::ArrangementStarted));
        let ends = taken.iter().filter(|(step, _)| step.ends()).count();
        prop_assert!(ends <= 1 && (ends == 0 || taken.last().is_some_and(|(step, _)| step.ends())));
        prop_assert!(taken.iter().all(|(step, _)| kind.steps().contains(step)));
        let count = |wanted: &[TrackStep]| taken.iter().filter(|(step, _)| wanted.contains(step)).count();
        let answers = [TrackStep::TlvGranted, TrackStep::TlvRefused, TrackStep::TlvWithdrawn];
        let (asked, decided) = (count(&[TrackStep::TlvApplied]), count(&answers));
        prop_assert!(decided <= asked && asked <= decided + 1);
        prop_assert!(ends == 0 || decided == asked, "what was applied for waits for nobody");
    }
}
