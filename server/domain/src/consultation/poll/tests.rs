//! Which time is best, and who is told what, on examples and as properties.

use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_420_800 + hours * 3600, 0).unwrap()
}

fn ballot(required: bool, votes: &[Vote]) -> Ballot {
    Ballot { required, votes: Some(votes.to_vec()) }
}

#[test]
fn nobody_who_has_to_come_says_no_to_the_best_time() {
    use Vote::{IfNeedBe, No, Yes};
    let starts = [at(30), at(31), at(32), at(33)];
    let ballots = [
        ballot(true, &[No, Yes, Yes, Yes]),
        ballot(true, &[Yes, IfNeedBe, Yes, Yes]),
        ballot(false, &[Yes, Yes, No, Yes]),
        Ballot { required: true, votes: None },
    ];
    assert_eq!(ranking(&starts, &ballots, at(0)), [3, 2, 1]);
    assert_eq!(ranking(&starts, &ballots, at(33)), [0; 0], "what has begun is none");
    assert_eq!(ranking(&starts, &[], at(0)), [0, 1, 2, 3], "without an answer the earliest");
}

#[test]
fn a_proposal_ends_before_its_first_time_and_within_two_months() {
    let told = |starts: &[DateTime<Utc>], deadline| -> Vec<String> {
        let found = check(starts, deadline, at(0)).into_iter();
        found.map(|one| format!("{}: {}", one.field, one.refusal)).collect()
    };
    assert_eq!(told(&[at(30)], at(24)), [""; 0]);
    assert_eq!(told(&[at(30)], at(30)), [""; 0], "up to its very beginning");
    assert_eq!(told(&[at(30), at(40)], at(31)), ["deadline_time: TIME_RANGE_INVALID"]);
    assert_eq!(told(&[at(30)], at(0)), ["deadline_time: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(told(&[at(9000)], at(24 * 61)), ["deadline_time: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(told(&[], at(24)), ["options: FIELD_REQUIRED"]);
    assert_eq!(told(&[at(30), at(30)], at(24)), ["options[1]: FIELD_INVALID"]);
    let many: Vec<_> = (0..11).map(|hour| at(30 + hour)).collect();
    assert_eq!(told(&many, at(24)), ["options: FIELD_INVALID"]);
}

#[test]
fn a_reminder_comes_a_day_before_the_end_but_never_in_the_first_half() {
    assert_eq!(remind_at(at(0), at(100)), Some(at(76)));
    assert_eq!(remind_at(at(0), at(30)), Some(at(15)));
    assert_eq!(remind_at(at(0), at(3)), None);
}

#[test]
fn what_is_booked_or_off_stays_so() {
    for event in Event::iter() {
        assert_eq!(State::Booked.after(event), Err(Refusal::PollClosed));
    }
    assert_eq!(State::Cancelled.after(Event::Cancel), Ok(State::Cancelled));
    assert_eq!(State::Open.after(Event::Expire), Ok(State::Expired));
    assert_eq!(State::Expired.after(Event::Book), Ok(State::Booked));
    for state in State::iter().filter(|state| *state != State::Open) {
        assert_eq!(state.takes_votes(at(9), at(0)), Err(Refusal::PollClosed));
        assert_eq!(state.after(Event::Expire), Err(Refusal::PollClosed));
    }
    assert_eq!(State::Open.takes_votes(at(9), at(8)), Ok(()));
    assert_eq!(State::Open.takes_votes(at(9), at(9)), Err(Refusal::PollClosed));
}

fn vote() -> impl Strategy<Value = Vote> {
    prop_oneof![Just(Vote::Yes), Just(Vote::IfNeedBe), Just(Vote::No)]
}

/// Some times, and some answers to them.
fn world() -> impl Strategy<Value = (Vec<DateTime<Utc>>, Vec<Ballot>)> {
    (1..=MAX_OPTIONS).prop_flat_map(|count| {
        let starts = proptest::collection::btree_set(-5_i64..40, count)
            .prop_map(|hours| hours.into_iter().map(at).collect());
        let votes = proptest::option::of(proptest::collection::vec(vote(), count));
        let ballot = (any::<bool>(), votes).prop_map(|(required, votes)| Ballot { required, votes });
        (starts, proptest::collection::vec(ballot, 0..6))
    })
}

fn standing() -> impl Strategy<Value = (Standing, DateTime<Utc>)> {
    let asked = any::<[bool; 4]>();
    let state =
        prop_oneof![Just(State::Open), Just(State::Expired), Just(State::Booked), Just(State::Cancelled)];
    (proptest::collection::vec(asked, 1..6), state, 1_i64..200, 0_i64..220, any::<bool>()).prop_map(
        |(people, state, deadline, now, noted)| {
            let people = people.iter().zip(1..).map(|(told, id)| Asked {
                person: PersonId(Uuid::from_u128(id)),
                answered: told[0],
                asked: told[1],
                reminded: told[2],
                released: told[3],
            });
            let (created, maker) = (at(0), PersonId(Uuid::from_u128(99)));
            let people = people.collect();
            (Standing { state, created, deadline: at(deadline), maker, noted, people }, at(now))
        },
    )
}

proptest! {
    #[test]
    fn every_time_that_fits_is_ranked_and_none_that_does_not((starts, ballots) in world()) {
        let ranked = ranking(&starts, &ballots, at(0));
        for (place, start) in starts.iter().enumerate() {
            let against = ballots.iter().any(|ballot| {
                ballot.required && ballot.votes.as_ref().is_some_and(|votes| votes[place] == Vote::No)
            });
            prop_assert_eq!(ranked.contains(&place), *start > at(0) && !against);
        }
    }

    #[test]
    fn who_answered_first_does_not_matter((starts, mut ballots) in world()) {
        let before = ranking(&starts, &ballots, at(0));
        ballots.reverse();
        prop_assert_eq!(ranking(&starts, &ballots, at(0)), before);
    }

    #[test]
    fn whoever_can_always_come_changes_nothing((starts, mut ballots) in world(), required in any::<bool>()) {
        let before = ranking(&starts, &ballots, at(0));
        ballots.push(Ballot { required, votes: Some(vec![Vote::Yes; starts.len()]) });
        ballots.push(Ballot { required, votes: None });
        prop_assert_eq!(ranking(&starts, &ballots, at(0)), before);
    }

    #[test]
    fn the_best_time_stays_the_best_when_somebody_likes_it_more((starts, mut ballots) in world(), who in any::<prop::sample::Index>()) {
        let before = ranking(&starts, &ballots, at(0));
        let Some(&best) = before.first() else { return Ok(()) };
        if ballots.is_empty() {
            return Ok(());
        }
        let who = who.index(ballots.len());
        if let Some(votes) = &mut ballots[who].votes {
            votes[best] = Vote::Yes;
        }
        let after = ranking(&starts, &ballots, at(0));
        prop_assert_eq!(after.first(), Some(&best));
    }

    #[test]
    fn everybody_is_told_each_thing_once((mut standing, now) in standing()) {
        for (person, notice) in due(&standing, now) {
            for one in standing.people.iter_mut().filter(|one| one.person == person) {
                match notice {
                    Notice::Ask => one.asked = true,
                    Notice::Remind => one.reminded = true,
                    Notice::Release => one.released = true,
                    Notice::Note => {}
                }
            }
            standing.noted |= notice == Notice::Note;
        }
        // Whoever is asked late is reminded of it at once, and then no more.
        let late = due(&standing, now);
        prop_assert!(late.iter().all(|(_, notice)| *notice == Notice::Remind));
        for one in &mut standing.people {
            one.reminded = true;
        }
        prop_assert_eq!(due(&standing, now), vec![]);
    }
}
