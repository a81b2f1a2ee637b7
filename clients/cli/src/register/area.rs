//! Gemeenten and wijken.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::Choice,
};

fields! {
    Fields for pb::Area {
        /// GEMEENTE or WIJK
        kind: Choice<pb::area::Kind>,
        /// CBS code, for example GM9901 or WK990101
        code: String,
        /// What people call it
        display_name: String,
        /// Of a wijk: the gemeente it lies in
        gemeente_code: String,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListAreasRequest {
        /// Only of this kind
        kind: Choice<pb::area::Kind>,
        /// Only in this gemeente
        gemeente_code: String,
    }
}

entry! {
    Area in directory {
        message: Area area, fields: Fields, filter: Filter,
        get: get_area GetAreaRequest,
        list: list_areas ListAreasRequest areas,
        create: create_area CreateAreaRequest,
        update: update_area UpdateAreaRequest,
        end: end_area EndAreaRequest,
        columns: ["code", "kind", "display_name", "gemeente_code", "valid_from", "valid_until", "name"],
        examples: [
            "area list --kind WIJK --gemeente-code GM9901",
            "area get @area",
            "area create --kind WIJK --code WK990109 --display-name 'De Hoef' --gemeente-code GM9901",
            "area update @area --display-name 'De Hoeve'",
            "area end @area --valid-until 2026-12-31",
        ],
    }
}
