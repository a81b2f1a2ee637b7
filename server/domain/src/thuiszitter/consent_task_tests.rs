//! Birthdays and the tasks before them.

use proptest::prelude::*;

use super::*;
use crate::{dutch::HolidayRegion, thuiszitter::facts::example::day};

fn tasks(birth: &str, opened: &str, renewed: &[&str], today: &str) -> Vec<ConsentTask> {
    let school = SchoolCalendar::shipped(HolidayRegion::Midden);
    let renewed: Vec<_> = renewed.iter().map(|on| day(on)).collect();
    consent_tasks(&Profile::shipped(), (day(birth), day(opened)), &renewed, &school, day(today))
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
    let state = |renewed: &[&str], today| tasks("2014-11-24", "2026-09-01", renewed, today)[0].state;
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
        let found = consent_tasks(&Profile::shipped(), (birth, opened), &[], &school, opened);
        let changed = holder_on(birth, date) != holder_on(birth, date.pred_opt().unwrap());
        prop_assert_eq!(changed, found.iter().any(|task| task.birthday == date));
        prop_assert!(found.iter().all(|task| opened <= task.task_on && task.task_on <= task.birthday));
    }
}
