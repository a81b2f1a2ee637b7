//! The ages of the Jeugdwet, the day that counts, and what a consent opens.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const CHILD: PersonId = PersonId(Uuid::from_u128(1));
const MOTHER: PersonId = PersonId(Uuid::from_u128(2));
const FATHER: PersonId = PersonId(Uuid::from_u128(3));

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Turns 12 on 1 December 2026.
fn family() -> Family {
    Family { child: CHILD, birth: Some(day("2014-12-01")), gezag: vec![MOTHER, FATHER] }
}

fn consent(signers: &[PersonId]) -> Consent {
    Consent {
        purpose: Purpose::TerugkeerSchool,
        gives: vec![Party::Role(Role::Iber)],
        receives: vec![Party::Role(Role::Smw)],
        classes: Classes::of(&[Class::K2, Class::K4]),
        given: day("2026-11-01"),
        expires: day("2027-06-30"),
        exception: None,
        signers: signers.to_vec(),
        withdrawn: false,
    }
}

#[test]
fn below_twelve_every_parent_with_gezag_signs() {
    // Jeugdwet 7.3.15(1).
    let before = day("2026-11-30");
    assert_eq!(consent(&[MOTHER]).missing(&family(), before), Some(vec![FATHER]));
    assert_eq!(consent(&[MOTHER, FATHER]).missing(&family(), before), Some(vec![]));
    assert_eq!(consent(&[CHILD]).missing(&family(), before), Some(vec![MOTHER, FATHER]));
}

#[test]
fn the_day_of_the_meeting_counts_not_that_of_the_signature() {
    // Jeugdwet 7.3.4(2): signed at 11, exchanged at 12.
    let parents = consent(&[MOTHER, FATHER]);
    assert!(parents.holds_on(&family(), day("2026-11-30")));
    assert!(!parents.holds_on(&family(), day("2026-12-01")));
    assert_eq!(parents.holds_until(&family(), day("2026-11-10")), Some(day("2026-11-30")));
    let all = consent(&[MOTHER, FATHER, CHILD]);
    assert_eq!(all.holds_until(&family(), day("2026-11-10")), Some(day("2027-06-30")));
}

#[test]
fn from_sixteen_the_youth_signs_alone() {
    // Jeugdwet 7.3.5.
    let older = Family { birth: Some(day("2010-12-01")), ..family() };
    assert_eq!(consent(&[CHILD]).missing(&older, day("2026-12-01")), Some(vec![]));
    assert_eq!(consent(&[CHILD]).missing(&older, day("2026-11-30")), Some(vec![MOTHER, FATHER]));
    assert_eq!(consent(&[MOTHER, FATHER]).missing(&older, day("2026-12-01")), Some(vec![CHILD]));
    assert_eq!(consent(&[CHILD]).holds_until(&older, day("2026-11-10")), None, "not yet");
}

#[test]
fn exceptions_are_for_the_ages_that_the_law_names() {
    let with = |exception, signers: &[PersonId]| Consent { exception: Some(exception), ..consent(signers) };
    let twelve = day("2026-12-01");
    for exception in [Exception::ErnstigNadeel, Exception::WeloverwogenWens] {
        assert_eq!(with(exception, &[CHILD]).missing(&family(), twelve), Some(vec![]));
        assert_eq!(with(exception, &[CHILD]).missing(&family(), day("2026-11-30")), None, "at 11");
    }
    let order = with(Exception::Kinderbeschermingsmaatregel, &[]);
    assert!(order.holds_on(&family(), twelve) && order.holds_on(&family(), day("2026-11-30")));
    let adult = Family { birth: Some(day("2000-01-01")), ..family() };
    assert_eq!(order.missing(&adult, twelve), None);
}

#[test]
fn where_nobody_has_gezag_nobody_can_consent_for_a_child() {
    let orphan = Family { gezag: vec![], ..family() };
    assert_eq!(consent(&[MOTHER, CHILD]).missing(&orphan, day("2026-11-10")), None);
    assert!(!consent(&[MOTHER, CHILD]).holds_on(&orphan, day("2026-11-10")));
}

#[test]
fn a_child_of_unknown_age_signs_with_all_its_parents() {
    let unknown = Family { birth: None, ..family() };
    assert_eq!(consent(&[MOTHER]).missing(&unknown, day("2026-11-10")), Some(vec![CHILD, FATHER]));
    let all = consent(&[MOTHER, FATHER, CHILD]);
    assert_eq!(all.holds_until(&unknown, day("2026-11-10")), Some(day("2027-06-30")));
}

#[test]
fn it_opens_its_classes_to_its_receiver_for_its_purpose() {
    let given = consent(&[]);
    let opened = given.opens(Role::Smw, None, Purpose::TerugkeerSchool);
    assert_eq!(opened, Classes::of(&[Class::K2, Class::K4]));
    assert_eq!(given.opens(Role::Smw, None, Purpose::Zorgtoeleiding), Classes::default());
    assert_eq!(given.opens(Role::Gezinswerker, None, Purpose::TerugkeerSchool), Classes::default());
    let team = OrganisationId(Uuid::from_u128(9));
    let to_team = Consent { receives: vec![Party::Organisation(team)], ..given };
    assert_eq!(to_team.opens(Role::Gezinswerker, Some(team), Purpose::TerugkeerSchool), opened);
    let wide = Consent { classes: Classes::of(&[Class::K7, Class::K8, Class::K10]), ..to_team };
    assert_eq!(wide.opens(Role::Smw, Some(team), Purpose::TerugkeerSchool), Classes::default());
}

#[test]
fn parties_read_back() {
    for party in [Party::Role(Role::Smw), Party::Organisation(OrganisationId(Uuid::from_u128(9)))] {
        assert_eq!(party.to_string().parse(), Ok(party));
    }
    assert!("nobody".parse::<Party>().is_err());
}

proptest! {
    /// Day by day, without skipping: the last day told is the last one on which it holds.
    #[test]
    fn it_holds_until_the_day_told(birth in 0..7_000i64, signed in 0..8u8, from in 0..300i64, expires in 0..366i64) {
        let start = day("2026-11-01");
        let family = Family { birth: Some(start - chrono::Days::new(birth.unsigned_abs())), ..family() };
        let everybody = [CHILD, MOTHER, FATHER];
        let signers: Vec<_> =
            everybody.into_iter().enumerate().filter(|(bit, _)| signed & (1 << bit) != 0).map(|(_, who)| who).collect();
        let given = Consent {
            given: start,
            expires: start + chrono::Days::new(expires.unsigned_abs()),
            ..consent(&signers)
        };
        let today = start + chrono::Days::new(from.unsigned_abs());
        let slow = today.iter_days().take_while(|day| given.holds_on(&family, *day)).last();
        prop_assert_eq!(given.holds_until(&family, today), slow);
    }

    /// A withdrawn consent holds on no day, whoever signed.
    #[test]
    fn what_is_withdrawn_holds_on_no_day(from in 0..400u64) {
        let withdrawn = Consent { withdrawn: true, ..consent(&[CHILD, MOTHER, FATHER]) };
        prop_assert!(!withdrawn.holds_on(&family(), day("2026-10-01") + chrono::Days::new(from)));
    }
}
