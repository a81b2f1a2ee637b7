//! What must be written in the log when fields of a case change: corrections of what said otherwise.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    dutch::{HolidayRegion, SchoolCalendar},
    thuiszitter::{AbsenceGround, Fact, Known, Moment, Said, stands},
};

use super::{log::New, origin::beginning};
use crate::thuiszitter::case::ENTERED;

/// What a field of the case shows one entry of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Kind,
    Enrolment,
    Residence,
    Moment(Moment),
    Missed(NaiveDate),
}

fn slot(said: &Said) -> Option<Slot> {
    match said {
        Said::Kind(..) => Some(Slot::Kind),
        Said::Enrolment(..) => Some(Slot::Enrolment),
        Said::Residence(..) => Some(Slot::Residence),
        Said::Happened(moment, _) => Some(Slot::Moment(*moment)),
        Said::Missed(time) if time.ground == AbsenceGround::Ongeoorloofd => Some(Slot::Missed(time.date)),
        Said::Missed(_)
        | Said::Birth(_)
        | Said::FirstFullYear(_)
        | Said::Qualified(_)
        | Said::Exempt(_)
        | Said::Holds(..)
        | Said::StoodStill(_)
        | Said::Step(..)
        | Said::Level(..)
        | Said::Ended(..) => None,
    }
}

/// Whether a change of it puts right what stood there. What a case goes through is only added.
fn is_put_right(slot: Slot) -> bool {
    let follows =
        [Moment::Signalled, Moment::FirstAbsenceDay, Moment::AdmissionExtended, Moment::ActionPartAgreed];
    match slot {
        Slot::Moment(moment) => ENTERED.contains(&moment) || follows.contains(&moment),
        Slot::Kind | Slot::Enrolment | Slot::Residence | Slot::Missed(_) => true,
    }
}

/// Whether each round of work has its own: what a child missed on a day, where it lives and whether it is enrolled
/// is of no round.
fn is_of_a_round(slot: Slot) -> bool {
    match slot {
        Slot::Kind | Slot::Moment(_) => true,
        Slot::Enrolment | Slot::Residence | Slot::Missed(_) => false,
    }
}

fn by_slot(said: &[Said]) -> BTreeMap<Slot, &Said> {
    said.iter().filter_map(|said| Some((slot(said)?, said))).collect()
}

/// What makes of a case that said `before` one that says `after`.
pub(super) fn diff(log: &[Fact], before: &[Said], after: &[Said]) -> Vec<New> {
    let standing = stands(log, DateTime::<Utc>::MAX_UTC);
    let (before, after) = (by_slot(before), by_slot(after));
    let slots: BTreeSet<Slot> = before.keys().chain(after.keys()).copied().collect();
    let begins = if let Some(Said::Kind(_, kind)) = after.get(&Slot::Kind) {
        Some(Slot::Moment(beginning(*kind)))
    } else {
        None
    };
    // When lessons are given has no part in what was decided.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let reopened = Known::at(log, DateTime::<Utc>::MAX_UTC, calendar).decided.reopened_by(NaiveDate::MAX);
    let is_of_now = |fact: &Fact| Some((fact.told, fact.id)) > reopened;
    let mut new = Vec::new();
    for slot in slots {
        let (was, is) = (before.get(&slot).copied(), after.get(&slot).copied());
        if was == is && begins != Some(slot) {
            continue;
        }
        let mut there: Vec<(&Fact, &Said)> = standing
            .iter()
            .filter_map(|fact| Some((*fact, fact.said.as_ref()?)))
            .filter(|(_, said)| self::slot(said) == Some(slot))
            .collect();
        there.sort_by_key(|(_, said)| *said);
        // What happened in a round before stays as it was told, unless it would be shown in the place of what is
        // told now, or nothing else is there to be taken back.
        if is_of_a_round(slot) && (is.is_some() || there.iter().any(|(fact, _)| is_of_now(fact))) {
            there.retain(|(fact, said)| is_of_now(fact) || is.is_some_and(|is| *said > is));
        }
        // With another kind the absence may begin with what was no field before, and was put right since.
        if was == is && there.last().map(|(_, said)| *said) == is {
            continue;
        }
        match is {
            Some(is) if !is_put_right(slot) => new.push(New::from(is.clone())),
            Some(is) => put(&mut new, &there, was, is),
            None => take_back(&mut new, &there, (slot, was)),
        }
    }
    new
}

/// Puts `is` in the place of what is shown, which is the greatest of `there`, and takes back what
/// would stand before it.
fn put(new: &mut Vec<New>, there: &[(&Fact, &Said)], was: Option<&Said>, is: &Said) {
    let (Some(((shown, said), others)), Some(was)) = (there.split_last(), was) else {
        if there.iter().all(|(_, said)| *said != is) {
            new.push(New::from(is.clone()));
        }
        if !follows(is) {
            new.extend(hiding(there, is));
        }
        return;
    };
    if follows(is) && *said != was {
        // A day of its own was told for what else follows from another field.
        return;
    }
    let is = dated(said, was, is);
    if is == **said {
        return;
    }
    new.push(New { corrects: Some(shown.id), said: Some(is.clone()) });
    new.extend(hiding(others, &is));
}

/// Takes back what would be shown before `is`.
fn hiding(there: &[(&Fact, &Said)], is: &Said) -> impl Iterator<Item = New> {
    there
        .iter()
        .filter(move |(_, other)| *other > is)
        .map(|(fact, _)| New { corrects: Some(fact.id), said: None })
}

/// Whether it is told by the field of something else.
fn follows(said: &Said) -> bool {
    matches!(said, Said::Happened(Moment::AdmissionExtended | Moment::ActionPartAgreed, _))
}

/// What holds from a day on is put right as from the day that was told; the kind of an absence
/// moves along with its first day.
fn dated(shown: &Said, was: &Said, is: &Said) -> Said {
    match (shown, was, is) {
        (Said::Kind(from, _), Said::Kind(first, _), Said::Kind(_, kind)) if from != first => {
            Said::Kind(*from, *kind)
        }
        (Said::Enrolment(from, _), _, Said::Enrolment(_, enrolment)) => Said::Enrolment(*from, *enrolment),
        (Said::Residence(from, _), _, Said::Residence(_, gemeente)) => {
            Said::Residence(*from, gemeente.clone())
        }
        _ => is.clone(),
    }
}

/// Takes back what stands there; of what follows from another field only what followed.
fn take_back(new: &mut Vec<New>, there: &[(&Fact, &Said)], (slot, was): (Slot, Option<&Said>)) {
    let follows = slot == Slot::Moment(Moment::ActionPartAgreed);
    let gone = there.iter().filter(|(_, said)| !follows || Some(*said) == was);
    new.extend(gone.map(|(fact, _)| New { corrects: Some(fact.id), said: None }));
}

#[cfg(test)]
mod tests {
    use schakel_domain::{
        ids::FactId,
        thuiszitter::{AbsenceKind, Event, MissedTime, Outcome},
    };
    use uuid::Uuid;

    use super::*;

    fn day(d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, d).unwrap()
    }

    fn log(said: &[Said]) -> Vec<Fact> {
        let fact = |(nth, said): (u128, &Said)| Fact {
            id: FactId(Uuid::from_u128(nth)),
            told: DateTime::UNIX_EPOCH,
            corrects: None,
            said: Some(said.clone()),
        };
        (1..).zip(said).map(fact).collect()
    }

    fn id(nth: u128) -> FactId {
        FactId(Uuid::from_u128(nth))
    }

    #[test]
    fn what_is_as_it_was_is_not_written_and_what_is_not_is_put_right() {
        let offer = |d| Said::Happened(Moment::OfferMade, day(d));
        let before = [Said::Kind(day(2), AbsenceKind::Luxe), offer(9)];
        let log = log(&[before[0].clone(), offer(5), offer(9)]);
        assert_eq!(diff(&log, &before, &before), []);
        let after = [before[0].clone(), offer(4)];
        let expected =
            [New { corrects: Some(id(3)), said: Some(offer(4)) }, New { corrects: Some(id(2)), said: None }];
        assert_eq!(diff(&log, &before, &after), expected, "the one of the 5th would be shown");
        let gone: Vec<_> = diff(&log, &before, &before[..1]).into_iter().map(|new| new.corrects).collect();
        assert_eq!(gone, [Some(id(2)), Some(id(3))]);
    }

    #[test]
    fn what_happened_in_the_round_before_stays_when_the_case_goes_on_after_a_relapse() {
        let offer = |d| Said::Happened(Moment::OfferMade, day(d));
        let first = |d| Said::Happened(Moment::FirstAbsenceDay, day(d));
        let signalled = Said::Happened(Moment::Signalled, day(16));
        let kind = |kind| Said::Kind(day(16), kind);
        let log = log(&[
            Said::Kind(day(2), AbsenceKind::Luxe),
            first(2),
            offer(5),
            Said::Step(day(9), Event::OutcomeRecorded),
            Said::Ended(day(9), Outcome::TerugEigenSchool),
            Said::Step(day(16), Event::Relapsed),
            first(16),
        ]);
        let before = [kind(AbsenceKind::Luxe), first(16), offer(5)];
        let again = [before[0].clone(), first(16), offer(20)];
        assert_eq!(diff(&log, &before, &again), [New::from(offer(20))], "another offer");
        let threatens = [kind(AbsenceKind::Dreigend), signalled.clone(), offer(5)];
        let new = [
            New::from(kind(AbsenceKind::Dreigend)),
            New::from(signalled),
            New { corrects: Some(id(7)), said: None },
        ];
        let put = diff(&log, &before, &threatens);
        assert!(put.len() == new.len() && new.iter().all(|new| put.contains(new)), "{put:?}");
        let none = diff(&log, &before, &before[..2]);
        assert_eq!(none, [New { corrects: Some(id(3)), said: None }], "what is shown can be taken back");
        let earlier = [before[0].clone(), first(16), offer(4)];
        let put = diff(&log, &before, &earlier);
        assert_eq!(
            put,
            [New { corrects: Some(id(3)), said: Some(offer(4)) }],
            "of two the later would be shown"
        );
    }

    #[test]
    fn the_kind_moves_with_the_first_day_unless_it_has_a_day_of_its_own() {
        let kind = |d, kind| Said::Kind(day(d), kind);
        let first = |d| Said::Happened(Moment::FirstAbsenceDay, day(d));
        let before = [kind(2, AbsenceKind::Luxe), first(2)];
        let after = [kind(3, AbsenceKind::Luxe), first(3)];
        let put = diff(&log(&before), &before, &after);
        assert_eq!(put.len(), 2);
        assert!(put.contains(&New { corrects: Some(id(1)), said: Some(kind(3, AbsenceKind::Luxe)) }));
        let later = log(&[kind(2, AbsenceKind::Ziek), first(2), kind(9, AbsenceKind::Luxe)]);
        assert_eq!(diff(&later, &before, &after), [New { corrects: Some(id(2)), said: Some(first(3)) }]);
        let other = [kind(2, AbsenceKind::Geschorst), first(2)];
        let expected = New { corrects: Some(id(3)), said: Some(kind(9, AbsenceKind::Geschorst)) };
        assert_eq!(diff(&later, &before, &other), [expected]);
    }

    #[test]
    fn what_a_new_kind_begins_with_is_written_even_if_it_is_the_day_that_was_taken_back() {
        let signalled = |d| Said::Happened(Moment::Signalled, day(d));
        let first = Said::Happened(Moment::FirstAbsenceDay, day(2));
        let before = [Said::Kind(day(2), AbsenceKind::Luxe), first.clone(), signalled(5)];
        let after = [Said::Kind(day(5), AbsenceKind::Dreigend), signalled(5)];
        let writes = |said: &[Said], wanted: &New| {
            let put = diff(&log(said), &before, &after);
            assert!(put.contains(wanted), "{put:?}");
        };
        writes(&before[..2], &New::from(signalled(5)));
        let moved = [before[0].clone(), first, signalled(4)];
        writes(&moved, &New { corrects: Some(id(3)), said: Some(signalled(5)) });
        assert_eq!(diff(&log(&before[..2]), &before, &before), [], "another kind begins otherwise");
    }

    #[test]
    fn hours_of_a_day_are_put_right_whatever_their_minutes() {
        let missed =
            |minutes| Said::Missed(MissedTime { date: day(3), minutes, ground: AbsenceGround::Ongeoorloofd });
        let log = log(&[missed(90)]);
        assert_eq!(diff(&log, &[missed(120)], &[missed(120)]), []);
        let put = diff(&log, &[missed(120)], &[missed(180)]);
        assert_eq!(put, [New { corrects: Some(id(1)), said: Some(missed(180)) }]);
    }
}
