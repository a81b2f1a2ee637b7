//! The engine is monotone where the law is: what comes later, lasts longer or stands still
//! never makes a date earlier.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::{
    dutch::{SchoolHolidays, SchoolOverrides},
    thuiszitter::{Rule, ground::Circumstance},
};

/// A child to whom as many norms as possible apply.
fn open() -> Facts {
    [Circumstance::ExtraSupportNeeded, Circumstance::UnfundedSchool, Circumstance::PublicSchool]
        .into_iter()
        .fold(child().nowhere("2026-08-01"), |facts, given| facts.given(given, "2020-08-01"))
}

fn due(profile: &Profile, facts: &Facts, id: &str, today: NaiveDate) -> Option<NaiveDate> {
    let (found, _) = deadlines(profile, facts, Stage::Signaal, today);
    found.iter().find(|deadline| deadline.norm.id == id)?.due_on
}

fn counted_forward(profile: &Profile) -> Vec<(String, Moment)> {
    let forward = profile.norms.iter().filter(|norm| {
        norm.about == Subject::Case
            && !norm.starts_at.is_derived()
            && matches!(norm.rule, Rule::After(_) | Rule::Counting(_) | Rule::DayAfter(_))
    });
    forward.map(|norm| (norm.id.clone(), norm.starts_at)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_later_start_or_a_closed_day_never_makes_a_date_earlier(
        days in 0u64..180, more in 0u64..20, closed in 0u64..260,
    ) {
        let profile = Profile::shipped();
        let (start, today) = (day("2026-09-01") + Days::new(days), day("2027-07-31"));
        let overrides = SchoolOverrides {
            closed: [day("2026-09-01") + Days::new(closed)].into(),
            ..SchoolOverrides::default()
        };
        let calendar = SchoolCalendar::new(HolidayRegion::Midden, &SchoolHolidays::shipped(), &overrides);
        for (id, moment) in counted_forward(&profile) {
            let from = |on: NaiveDate| {
                let mut facts = open();
                facts.moments.add(moment, on);
                facts
            };
            let first = due(&profile, &from(start), &id, today);
            let later = due(&profile, &from(start + Days::new(more)), &id, today);
            prop_assert!(first.is_none() || later.is_none() || first <= later, "{}", id);
            let fewer = due(&profile, &Facts { calendar: calendar.clone(), ..from(start) }, &id, today);
            prop_assert!(first.is_none() || fewer.is_none() || first <= fewer, "{}", id);
        }
    }

    #[test]
    fn an_extension_or_a_standstill_never_makes_a_date_earlier(
        start in 0u64..100, announced in 0u64..60, stopped in 0u64..60, lasted in 0u64..60,
    ) {
        let profile = Profile::shipped();
        let on = |days: u64| day("2026-09-01") + Days::new(days);
        let today = day("2027-07-31");
        for norm in profile.norms.iter().filter(|norm| norm.about == Subject::Case) {
            let mut plain = open();
            plain.moments.add(norm.starts_at, on(start));
            let before = due(&profile, &plain, &norm.id, today);
            let mut more = plain.clone();
            if let Some(extension) = norm.extension {
                more.moments.add(extension.announced, on(start + announced));
            }
            for pause in &norm.paused {
                more.moments.add(pause.from, on(start + stopped));
                more.moments.add(pause.until, on(start + stopped + lasted));
            }
            let after = due(&profile, &more, &norm.id, today);
            prop_assert!(before.is_none() || before <= after, "{}", norm.id);
        }
    }
}
