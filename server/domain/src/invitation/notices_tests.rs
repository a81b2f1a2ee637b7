//! The table of who is told, and the laws that hold for any history.

use chrono::TimeDelta;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn person(n: u8) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n) + 1))
}

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn in_hours(hours: i64, place: Place) -> Agreed {
    let start = now() + TimeDelta::hours(hours);
    Agreed { start, end: start + TimeDelta::hours(1), place }
}

fn planned(sequence: u32, people: &[u8]) -> Standing {
    let participants =
        people.iter().map(|&n| Participant { person: person(n), answer: Answer::NeedsAction }).collect();
    Standing {
        sequence,
        state: State::Planned,
        agreed: in_hours(48, Place::School),
        participants,
        now: now(),
    }
}

fn told(standing: &Standing) -> Vec<Told> {
    record(&[], standing)
}

/// What is recorded once the notices are on their way.
fn record(told: &[Told], standing: &Standing) -> Vec<Told> {
    let mut after: BTreeMap<_, _> = told.iter().map(|told| (told.person, *told)).collect();
    after.extend(notices(told, standing).iter().map(|n| (n.person, n.told(standing))));
    after.into_values().collect()
}

fn kinds(told: &[Told], standing: &Standing) -> Vec<(PersonId, NoticeKind)> {
    notices(told, standing).iter().map(|notice| (notice.person, notice.kind)).collect()
}

#[test]
fn everybody_at_the_table_is_invited_once() {
    let standing = planned(0, &[1, 2]);
    let first = notices(&[], &standing);
    assert_eq!(
        first.iter().map(|n| (n.kind, n.method)).collect::<Vec<_>>(),
        [(NoticeKind::Invitation, Method::Request); 2]
    );
    assert_eq!(notices(&told(&standing), &standing), []);
}

/// RFC 5546 §3.2.2.6: the others see the new one at the next update.
#[test]
fn adding_one_does_not_mail_the_others() {
    let before = told(&planned(0, &[1, 2]));
    assert_eq!(kinds(&before, &planned(0, &[1, 2, 3])), [(person(3), NoticeKind::Invitation)]);
}

#[test]
fn edits_in_quick_succession_are_told_once_with_the_last() {
    let before = told(&planned(0, &[1]));
    let mut standing = planned(4, &[1]);
    standing.agreed = in_hours(72, Place::Online);
    let updates = notices(&before, &standing);
    assert_eq!(updates.iter().map(|n| (n.kind, n.sequence)).collect::<Vec<_>>(), [(NoticeKind::Update, 4)]);
}

#[test]
fn a_change_without_a_new_sequence_is_still_told() {
    let mut standing = planned(0, &[1]);
    let before = told(&standing);
    standing.agreed.place = Place::Home;
    assert_eq!(kinds(&before, &standing), [(person(1), NoticeKind::Update)]);
}

/// RFC 5546 §3.2.5: an uninvited attendee gets a CANCEL without STATUS, and only that one.
#[test]
fn who_leaves_the_table_is_told_alone_and_may_return() {
    let full = planned(1, &[1, 2]);
    let smaller = planned(1, &[1]);
    let before = told(&full);
    let leaving = notices(&before, &smaller);
    assert_eq!(
        leaving,
        [Notice {
            person: person(2),
            kind: NoticeKind::Withdrawal,
            method: Method::Cancel(Cancelling::OneAttendee),
            sequence: 2
        }]
    );
    let after = record(&before, &smaller);
    assert_eq!(notices(&after, &smaller), []);
    let again = notices(&after, &full);
    assert_eq!(again.iter().map(|n| (n.kind, n.sequence)).collect::<Vec<_>>(), [(NoticeKind::Invitation, 3)]);
    let back = record(&after, &full);
    assert_eq!(notices(&back, &full), [], "whose number is ahead of the meeting's knows all the same");
    let moved = Standing { agreed: in_hours(72, Place::School), ..planned(2, &[1, 2]) };
    let sequences: Vec<u32> = notices(&back, &moved).iter().map(|n| n.sequence).collect();
    assert_eq!(sequences, [2, 4], "the number of whoever was asked again stays ahead");
    // Moved away and back: the answers were reset, so it is told to both.
    assert_eq!(notices(&back, &planned(3, &[1, 2])).len(), 2);
}

#[test]
fn who_came_and_went_unseen_hears_nothing() {
    assert_eq!(notices(&told(&planned(0, &[1])), &planned(0, &[1])), []);
}

/// RFC 5546 §3.2.5.
#[test]
fn a_cancelled_meeting_is_told_to_all_who_expect_it() {
    let before = record(&told(&planned(0, &[1, 2, 3, 4])), &planned(0, &[1, 2, 3]));
    let mut standing = planned(1, &[1, 2, 5]);
    standing.state = State::Cancelled;
    standing.participants[1].answer = Answer::Declined;
    let told_off = notices(&before, &standing);
    assert_eq!(told_off.iter().map(|n| n.person).collect::<Vec<_>>(), [person(1), person(3)]);
    assert!(told_off.iter().all(|n| n.method == Method::Cancel(Cancelling::WholeMeeting) && n.sequence == 1));
    let after = record(&before, &standing);
    assert_eq!(notices(&after, &standing), []);

    let reinstated = planned(2, &[1, 2]);
    assert_eq!(
        kinds(&after, &reinstated),
        [(person(1), NoticeKind::Invitation), (person(2), NoticeKind::Update)]
    );
}

#[test]
fn what_is_over_is_told_to_nobody() {
    let before = Standing { agreed: in_hours(-2, Place::School), ..planned(0, &[1, 2]) };
    let known = [Told {
        person: person(1),
        sequence: 0,
        standing: 0,
        kind: ToldKind::Invited,
        agreed: before.agreed,
    }];
    for state in [State::Planned, State::Cancelled, State::Held] {
        assert_eq!(notices(&known, &Standing { sequence: 3, state, ..before.clone() }), []);
    }
    let held = Standing { state: State::Held, ..planned(1, &[3]) };
    assert_eq!(notices(&known, &held), []);
}

#[test]
fn who_still_expects_a_meeting_that_moved_into_the_past_is_told() {
    let before = told(&planned(0, &[1]));
    let moved = Standing { agreed: in_hours(-2, Place::School), ..planned(1, &[1, 2]) };
    assert_eq!(kinds(&before, &moved), [(person(1), NoticeKind::Update)]);
}

/// Who is told what, with which number.
type Expected = Vec<(u8, NoticeKind, u32)>;

/// A row for each change, of who is told what: scheduling's change matrix, in the order of its events.
/// Before it, A, B and C were invited, B has declined and C was taken off again; D is new.
#[test]
fn the_change_matrix_holds() {
    use NoticeKind::{Cancellation, Invitation, Update, Withdrawal};
    let start = planned(3, &[1, 2]);
    let known = record(&record(&[], &planned(3, &[1, 2, 3])), &start);
    let declined = |mut standing: Standing| {
        for participant in standing.participants.iter_mut().filter(|one| one.person == person(2)) {
            participant.answer = Answer::Declined;
        }
        standing
    };
    let at =
        |hours, sequence| Standing { agreed: in_hours(hours, Place::School), ..planned(sequence, &[1, 2]) };
    let there = Standing { agreed: in_hours(48, Place::Online), ..planned(4, &[1, 2]) };
    let off = |sequence, people: &[u8]| Standing { state: State::Cancelled, ..planned(sequence, people) };
    let over = |mut standing: Standing| {
        standing.now = standing.agreed.end;
        standing
    };
    let held = Standing { state: State::Held, ..planned(3, &[1, 2]) };
    let rows: Vec<(&str, Standing, Expected)> = vec![
        ("nothing", start.clone(), vec![]),
        ("only an answer", declined(start.clone()), vec![]),
        ("another time: all anew", at(72, 4), vec![(1, Update, 4), (2, Update, 4)]),
        ("longer", at(48, 4), vec![(1, Update, 4), (2, Update, 4)]),
        ("another place: also who declined", declined(there), vec![(1, Update, 4), (2, Update, 4)]),
        ("one is added: only they", planned(3, &[1, 2, 4]), vec![(4, Invitation, 3)]),
        ("one is taken off: only they", planned(3, &[1]), vec![(2, Withdrawal, 4)]),
        ("one for another: those two", planned(3, &[1, 4]), vec![(2, Withdrawal, 4), (4, Invitation, 3)]),
        ("who was taken off is asked again", planned(3, &[1, 2, 3]), vec![(3, Invitation, 5)]),
        ("off: not who declined", declined(off(4, &[1, 2])), vec![(1, Cancellation, 4)]),
        ("one taken off and then off: both", off(4, &[1]), vec![(1, Cancellation, 4), (2, Cancellation, 4)]),
        (
            "added and then off: not who never knew",
            off(4, &[1, 2, 4]),
            vec![(1, Cancellation, 4), (2, Cancellation, 4)],
        ),
        ("off and on within the minute", planned(5, &[1, 2]), vec![(1, Update, 5), (2, Update, 5)]),
        ("moved when it is over", over(planned(3, &[1, 2, 4])), vec![]),
        ("off when it is over", over(off(4, &[1, 2])), vec![]),
        ("held", held, vec![]),
    ];
    for (change, standing, expected) in rows {
        let told: Vec<_> =
            notices(&known, &standing).iter().map(|n| (n.person, n.kind, n.sequence)).collect();
        let expected: Vec<_> =
            expected.into_iter().map(|(n, kind, sequence)| (person(n), kind, sequence)).collect();
        assert_eq!(told, expected, "{change}");
    }
    // Off, told, and on again: the same event, and an invitation for all.
    let told_off = record(&known, &off(4, &[1, 2]));
    let told: Vec<_> =
        notices(&told_off, &planned(5, &[1, 2])).iter().map(|n| (n.kind, n.sequence)).collect();
    assert_eq!(told, [(Invitation, 5), (Invitation, 5)]);
}

fn agreed() -> impl Strategy<Value = Agreed> {
    (-3..3_i64, prop_oneof![Just(Place::School), Just(Place::Online)])
        .prop_map(|(hours, place)| in_hours(hours, place))
}

prop_compose! {
    fn any_told()(n in 0..6_u8, sequence in 0..4_u32, agreed in agreed(), kind in 0..3_u8) -> Told {
        let kind = [ToldKind::Invited, ToldKind::Withdrawn, ToldKind::Cancelled][usize::from(kind)];
        Told { person: person(n), sequence, standing: sequence, kind, agreed }
    }
}

prop_compose! {
    fn any_standing()(
        sequence in 0..5_u32,
        state in 0..3_usize,
        agreed in agreed(),
        people in proptest::collection::vec((0..8_u8, 0..4_usize), 0..8),
    ) -> Standing {
        let answers = [Answer::NeedsAction, Answer::Accepted, Answer::Tentative, Answer::Declined];
        let participants =
            people.iter().map(|&(n, a)| Participant { person: person(n), answer: answers[a] }).collect();
        let state = [State::Planned, State::Cancelled, State::Held][state];
        Standing { sequence, state, agreed, participants, now: now() }
    }
}

proptest! {
    #[test]
    fn told_once_nothing_is_left_to_tell(
        told in proptest::collection::vec(any_told(), 0..8),
        standings in proptest::collection::vec(any_standing(), 1..5),
    ) {
        let mut told = told;
        for standing in &standings {
            told = record(&told, standing);
            prop_assert_eq!(notices(&told, standing), []);
        }
    }

    #[test]
    fn no_number_is_used_twice_for_a_person(standings in proptest::collection::vec(any_standing(), 1..9)) {
        let (mut told, mut used) = (Vec::new(), std::collections::BTreeSet::new());
        let mut number = 0;
        for standing in &standings {
            // The number of a meeting never falls.
            number = standing.sequence.max(number);
            let standing = Standing { sequence: number, ..standing.clone() };
            for notice in notices(&told, &standing) {
                prop_assert!(used.insert((notice.person, notice.sequence)), "{notice:?}");
            }
            told = record(&told, &standing);
        }
    }

    #[test]
    fn at_most_one_notice_reaches_a_person_and_only_those_concerned(
        told in proptest::collection::vec(any_told(), 0..8),
        standing in any_standing(),
    ) {
        let notices = notices(&told, &standing);
        prop_assert!(notices.windows(2).all(|pair| pair[0].person < pair[1].person));
        for notice in notices {
            let known = told.iter().rev().find(|told| told.person == notice.person);
            let seated = standing.participants.iter().any(|p| p.person == notice.person);
            prop_assert!(known.is_some() || seated);
            prop_assert!(known.is_none_or(|told| told.sequence < notice.sequence));
            prop_assert!(notice.sequence >= standing.sequence);
            let asked = matches!(notice.kind, NoticeKind::Invitation | NoticeKind::Update);
            prop_assert_eq!(asked, standing.state == State::Planned && seated);
        }
    }
}
