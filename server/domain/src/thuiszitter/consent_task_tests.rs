//! Birthdays and the tasks before them.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    access::{
        Class, Classes, Purpose, Role,
        consent::{Exception, Party},
    },
    dutch::HolidayRegion,
    ids::PersonId,
    thuiszitter::facts::example::day,
};

const CHILD: PersonId = PersonId(Uuid::from_u128(1));
const MOTHER: PersonId = PersonId(Uuid::from_u128(2));
const FATHER: PersonId = PersonId(Uuid::from_u128(3));

fn family(birth: &str) -> Family {
    Family { child: CHILD, birth: Some(day(birth)), gezag: vec![MOTHER, FATHER] }
}

/// Given on `given` for half a year.
fn consent(given: &str, signers: &[PersonId]) -> Consent {
    Consent {
        purpose: Purpose::TerugkeerSchool,
        gives: vec![Party::Role(Role::Iber)],
        receives: vec![Party::Role(Role::Smw)],
        classes: Classes::of(&[Class::K2, Class::K4]),
        given: day(given),
        expires: day(given) + chrono::Days::new(182),
        exception: None,
        signers: signers.to_vec(),
        withdrawn: false,
    }
}

fn tasks(birth: &str, opened: &str, given: &[Consent], today: &str) -> Vec<ConsentTask> {
    let school = SchoolCalendar::shipped(HolidayRegion::Midden);
    consent_tasks(&Profile::shipped(), (&family(birth), day(opened)), given, &school, day(today))
}

#[test]
fn the_twelfth_sixteenth_and_eighteenth_birthday_have_a_task_six_weeks_before() {
    // Jeugdwet 7.3.15(1), 7.3.4(2), 7.3.5; BW 1:233. Six weeks before 24 November 2026 is 13 October.
    let found = tasks("2014-11-24", "2026-09-01", &[], "2026-10-12");
    let dates: Vec<_> =
        found.iter().map(|task| (task.birthday.to_string(), task.task_on.to_string())).collect();
    let expected = [("2026-11-24", "2026-10-13"), ("2030-11-24", "2030-10-13"), ("2032-11-24", "2032-10-13")];
    assert_eq!(dates, expected.map(|(birthday, task)| (birthday.to_owned(), task.to_owned())));
    assert_eq!((found[0].before, found[0].after), (ConsentHolder::Ouders, ConsentHolder::JeugdigeEnOuders));
    assert_eq!((found[2].before, found[2].after), (ConsentHolder::Jeugdige, ConsentHolder::Meerderjarige));
}

#[test]
fn a_task_stands_until_consent_was_given_anew() {
    let state = |renewed: &[&str], today| {
        let given: Vec<_> = renewed.iter().map(|on| consent(on, &[CHILD, MOTHER, FATHER])).collect();
        tasks("2014-11-24", "2026-09-01", &given, today)[0].state
    };
    for (today, expected) in [
        ("2026-10-12", DeadlineState::Running),
        ("2026-10-13", DeadlineState::DueSoon),
        ("2026-11-23", DeadlineState::DueSoon),
        ("2026-11-24", DeadlineState::Overdue),
        ("2029-01-01", DeadlineState::Overdue),
    ] {
        assert_eq!(state(&[], today), expected, "{today}");
        assert_eq!(state(&["2026-10-12"], today), expected, "{today}: too early to be anew");
    }
    assert_eq!(state(&["2026-10-13"], "2026-10-13"), DeadlineState::Met);
    assert_eq!(state(&["2026-12-01"], "2026-12-02"), DeadlineState::Met);
    assert_eq!(state(&["2026-12-01"], "2026-11-30"), DeadlineState::Overdue, "not given yet");
}

#[test]
fn a_consent_meets_the_task_only_while_it_stands_and_whoever_must_sign_it_did() {
    // Jeugdwet 7.3.4(2): from the twelfth birthday the child consents too, beside every parent with gezag.
    let state = |consent: Consent, today| tasks("2014-11-24", "2026-09-01", &[consent], today)[0].state;
    let everybody = [CHILD, MOTHER, FATHER];
    for (today, waits) in [("2026-11-02", DeadlineState::DueSoon), ("2026-11-24", DeadlineState::Overdue)] {
        assert_eq!(state(consent("2026-11-01", &everybody), today), DeadlineState::Met, "{today}");
        for signers in [&[MOTHER, FATHER][..], &[CHILD], &[CHILD, MOTHER], &[]] {
            assert_eq!(state(consent("2026-11-01", signers), today), waits, "{today}: {signers:?}");
        }
        let withdrawn = Consent { withdrawn: true, ..consent("2026-11-01", &everybody) };
        assert_eq!(state(withdrawn, today), waits, "{today}: withdrawn");
        let short = Consent { expires: day("2026-11-23"), ..consent("2026-11-01", &everybody) };
        assert_eq!(state(short, today), waits, "{today}: ends before the birthday");
        let wished =
            Consent { exception: Some(Exception::WeloverwogenWens), ..consent("2026-11-01", &[CHILD]) };
        assert_eq!(state(wished, today), DeadlineState::Met, "{today}: art. 7.3.4(2), the youth's own wish");
    }
    let given = consent("2026-11-01", &everybody);
    assert_eq!(state(given.clone(), "2027-05-02"), DeadlineState::Met, "its last day");
    assert_eq!(state(given, "2027-05-03"), DeadlineState::Overdue, "ended");
}

#[test]
fn at_sixteen_the_youth_alone_meets_the_task_and_the_parents_alone_do_not() {
    // Jeugdwet 7.3.5.
    let state = |signers: &[PersonId]| {
        let given = consent("2026-11-01", signers);
        tasks("2010-11-24", "2026-09-01", &[given], "2026-11-24")[0].state
    };
    assert_eq!(state(&[CHILD]), DeadlineState::Met);
    assert_eq!(state(&[MOTHER, FATHER]), DeadlineState::Overdue);
}

#[test]
fn a_child_whose_birthday_nobody_knows_has_no_task() {
    let unknown = Family { birth: None, ..family("2014-11-24") };
    let school = SchoolCalendar::shipped(HolidayRegion::Midden);
    let day = day("2026-11-24");
    assert!(consent_tasks(&Profile::shipped(), (&unknown, day), &[], &school, day).is_empty());
}

#[test]
fn a_case_opened_shortly_before_a_birthday_has_its_task_at_once() {
    let found = tasks("2014-11-24", "2026-11-20", &[], "2026-11-20");
    assert_eq!((found[0].task_on, found[0].state), (day("2026-11-20"), DeadlineState::DueSoon));
    // Born on 29 February: sixteen on 29 February 2028, eighteen on 1 March 2030.
    let leap = tasks("2012-02-29", "2026-09-01", &[], "2026-09-01");
    let birthdays: Vec<_> = leap.iter().map(|task| task.birthday.to_string()).collect();
    assert_eq!(birthdays, ["2028-02-29", "2030-03-01"]);
    assert!(tasks("2008-11-22", "2026-11-22", &[], "2026-11-22").is_empty(), "eighteen already");
}

proptest! {
    #[test]
    fn whoever_consents_changes_only_on_a_birthday_with_a_task(
        age in 0u64..6000, days in 1u64..4000, opened in 0u64..2000,
    ) {
        use chrono::Days;
        let opened = day("2026-01-01") + Days::new(opened);
        let birth = opened - Days::new(age);
        let date = opened + Days::new(days);
        let school = SchoolCalendar::shipped(HolidayRegion::Noord);
        let family = Family { child: CHILD, birth: Some(birth), gezag: vec![MOTHER] };
        let found = consent_tasks(&Profile::shipped(), (&family, opened), &[], &school, opened);
        let changed = holder_on(birth, date) != holder_on(birth, date.pred_opt().unwrap());
        prop_assert_eq!(changed, found.iter().any(|task| task.birthday == date));
        prop_assert!(found.iter().all(|task| opened <= task.task_on && task.task_on <= task.birthday));
    }
}
