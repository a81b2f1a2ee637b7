//! What a school's calendar says about known, own and unknown days.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn year(text: &str) -> SchoolYear {
    text.parse().unwrap()
}

fn replacement(kind: HolidayKind, first: &str, last: &str) -> Replacement {
    Replacement { school_year: year("2026-2027"), kind, days: day(first)..=day(last) }
}

#[test]
fn a_school_teaches_on_weekdays_outside_the_holidays() {
    let school = SchoolCalendar::shipped(HolidayRegion::Noord);
    for (date, teaches) in [
        ("2026-08-14", TeachingDay::No),      // last Friday of the summer
        ("2026-08-17", TeachingDay::Yes),     // first Monday of the school year
        ("2026-10-16", TeachingDay::No),      // autumn
        ("2026-10-19", TeachingDay::Yes),     // autumn only in Midden and Zuid
        ("2026-11-21", TeachingDay::No),      // Saturday
        ("2027-03-26", TeachingDay::Yes),     // Goede Vrijdag, unless the school says otherwise
        ("2027-03-29", TeachingDay::No),      // Tweede Paasdag
        ("2027-05-05", TeachingDay::Yes),     // Bevrijdingsdag, not a lustrum year
        ("2027-05-06", TeachingDay::No),      // Hemelvaartsdag
        ("2027-05-07", TeachingDay::Yes),     // the Friday after, unless the school says otherwise
        ("2027-08-20", TeachingDay::No),      // summer 2027 runs on into an unknown year
        ("2027-08-23", TeachingDay::Unknown), // and then nothing is known
        ("2027-08-28", TeachingDay::No),      // but a Saturday is
        ("2025-08-22", TeachingDay::No),      // the summer before the first year that is known
        ("2025-08-25", TeachingDay::Yes),     // and the first Monday of that year
        ("2026-02-23", TeachingDay::No),      // spring only in Noord
        ("2026-06-01", TeachingDay::Yes),
        ("2025-06-02", TeachingDay::Unknown), // of 2024-2025 only the summer is known
        ("2026-07-06", TeachingDay::No),
    ] {
        assert_eq!(school.is_teaching_day(day(date)), teaches, "{date}");
    }
}

#[test]
fn a_school_may_have_its_own_holidays_and_study_days() {
    let overrides = SchoolOverrides {
        closed: [day("2026-11-23")].into(),
        replaced: vec![
            replacement(HolidayKind::Voorjaar, "2027-02-08", "2027-02-12"),
            replacement(HolidayKind::Mei, "2027-04-26", "2027-04-30"),
            replacement(HolidayKind::Mei, "2027-05-10", "2027-05-14"),
        ],
        ..SchoolOverrides::default()
    };
    let school = SchoolCalendar::new(HolidayRegion::Zuid, &SchoolHolidays::shipped(), &overrides);
    for (date, teaches) in [
        ("2026-11-23", TeachingDay::No),
        ("2027-02-10", TeachingDay::No),  // carnaval instead of
        ("2027-02-17", TeachingDay::Yes), // the region's spring holiday
        ("2027-04-28", TeachingDay::No),
        ("2027-05-04", TeachingDay::Yes),
        ("2027-05-12", TeachingDay::No),
    ] {
        assert_eq!(school.is_teaching_day(day(date)), teaches, "{date}");
    }
}

#[test]
fn a_count_over_an_unknown_year_says_which_and_counts_only_what_is_known() {
    let school = SchoolCalendar::shipped(HolidayRegion::Noord);
    let warning = Warning::HolidaysUnknown { school_year: year("2027-2028") };
    let counted = school.count_teaching_days(day("2027-07-05")..=day("2027-09-30"));
    assert_eq!(counted, Counted { value: 5, warnings: [warning].into() });
    let added = school.add_teaching_days(day("2027-07-05"), 4);
    assert_eq!(added, Counted::sure(Some(day("2027-07-09"))));
    for added in
        [school.add_teaching_days(day("2027-07-05"), 5), school.add_teaching_weeks(day("2027-07-05"), 1)]
    {
        assert_eq!(added, Counted { value: None, warnings: [warning].into() });
    }
    assert_eq!(warning.to_string(), "HOLIDAYS_UNKNOWN(2027-2028)");
}

#[test]
fn importing_the_missing_year_ends_the_doubt() {
    let dates = [
        ("Herfst", "2027-10-16", "2027-10-24"),
        ("Kerst", "2027-12-25", "2028-01-09"),
        ("Voorjaars", "2028-02-19", "2028-02-27"),
        ("Mei", "2028-04-22", "2028-04-30"),
        ("Zomer", "2028-07-08", "2028-08-20"),
    ];
    let mut published = SchoolHolidays::shipped();
    for (known, (kind, first, last)) in dates.into_iter().enumerate() {
        let school = SchoolCalendar::new(HolidayRegion::Noord, &published, &SchoolOverrides::default());
        assert_eq!(school.is_teaching_day(day("2027-09-01")), TeachingDay::Unknown, "{known} of 5 known");
        let json = format!(
            r#"{{"content": [{{"schoolyear": "2027-2028", "vacations": [{{"type": "{kind}vakantie", "regions":
                [{{"region": "Noord", "startdate": "{first}", "enddate": "{last}"}}]}}]}}]}}"#
        );
        published.import(&json).unwrap();
    }
    let school = SchoolCalendar::new(HolidayRegion::Noord, &published, &SchoolOverrides::default());
    assert_eq!(school.is_teaching_day(day("2027-09-01")), TeachingDay::Yes);
    assert!(school.add_teaching_days(day("2027-07-05"), 5).value.is_some());
}

#[test]
fn a_week_with_one_teaching_day_is_a_teaching_week() {
    let closed = ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"].map(day);
    let mut overrides = SchoolOverrides { closed: closed.into(), ..SchoolOverrides::default() };
    let week = |overrides: &SchoolOverrides| {
        SchoolCalendar::new(HolidayRegion::Midden, &SchoolHolidays::shipped(), overrides)
            .is_teaching_week(day("2026-11-29"))
    };
    assert_eq!(week(&overrides), TeachingDay::Yes);
    overrides.closed.insert(day("2026-11-27"));
    assert_eq!(week(&overrides), TeachingDay::No);
}

proptest! {
    #[test]
    fn holidays_never_count_for_teaching_weeks(start in 0u64..250, weeks in 1u16..10) {
        let school = SchoolCalendar::shipped(HolidayRegion::Midden);
        let start = day("2026-09-01") + Days::new(start);
        if let Some(end) = school.add_teaching_weeks(start, weeks).value {
            prop_assert_eq!(school.is_teaching_week(end), TeachingDay::Yes);
            let from_holiday = school.is_teaching_week(start) == TeachingDay::No;
            prop_assert_eq!(end.weekday(), if from_holiday { Weekday::Sun } else { start.weekday() });
            let passed = monday(start).iter_weeks().skip(1).take_while(|&week| week <= end);
            let taught = passed.filter(|&week| school.is_teaching_week(week) == TeachingDay::Yes).count();
            prop_assert_eq!(taught, usize::from(weeks));
        }
    }

    #[test]
    fn adding_and_counting_teaching_days_agree(start in 0u64..250, days in 1u16..60) {
        let school = SchoolCalendar::shipped(HolidayRegion::Zuid);
        let start = day("2026-09-01") + Days::new(start);
        if let Some(end) = school.add_teaching_days(start, days).value {
            let counted = school.count_teaching_days(start + Days::new(1)..=end);
            prop_assert_eq!(counted, Counted::sure(u32::from(days)));
        }
    }
}

#[test]
fn a_school_may_teach_in_a_holiday_of_its_region_but_not_on_a_public_holiday() {
    let days = ["2026-12-21", "2026-12-25", "2026-12-27"].map(|day| day.parse::<NaiveDate>().unwrap());
    let overrides = SchoolOverrides { opened: BTreeSet::from(days), ..SchoolOverrides::default() };
    let own = SchoolCalendar::new(HolidayRegion::Zuid, &SchoolHolidays::shipped(), &overrides);
    let told = days.map(|day| own.is_teaching_day(day));
    assert_eq!(told, [TeachingDay::Yes, TeachingDay::No, TeachingDay::No]);
    assert_eq!(SchoolCalendar::shipped(HolidayRegion::Zuid).is_teaching_day(days[0]), TeachingDay::No);
}
