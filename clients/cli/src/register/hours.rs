//! Blocks of the week in which people work.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::Reference,
};

fields! {
    Fields for pb::WeeklyHours {
        /// The affiliation they are worked for
        affiliation: Reference,
        /// 1 is Monday, 7 is Sunday
        weekday: i32,
        /// Wall clock, for example 08:30
        from: String,
        /// Wall clock, up to 24:00
        until: String,
        /// IANA zone [default: Europe/Amsterdam]
        time_zone: String,
        /// The school where they are worked [default: anywhere]
        school: Reference,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListWeeklyHoursRequest {
        /// Only of this person
        person: Reference,
        /// Only of this affiliation
        affiliation: Reference,
    }
}

entry! {
    WeeklyHours in availability {
        message: WeeklyHours weekly_hours, fields: Fields, filter: Filter,
        get: get_weekly_hours GetWeeklyHoursRequest,
        list: list_weekly_hours ListWeeklyHoursRequest weekly_hours,
        create: create_weekly_hours CreateWeeklyHoursRequest,
        update: update_weekly_hours UpdateWeeklyHoursRequest,
        end: end_weekly_hours EndWeeklyHoursRequest,
        columns: ["weekday", "from", "until", "school", "affiliation", "valid_from", "valid_until", "name"],
        examples: [
            "hours list --person @smw",
            "hours get weeklyHours/0198…",
            "hours create --affiliation affiliations/0198… --weekday 2 --from 08:30 --until 12:30",
            "hours update weeklyHours/0198… --until 13:00",
            "hours end weeklyHours/0198… --valid-until 2026-12-31",
        ],
    }
}
