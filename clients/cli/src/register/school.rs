//! Vestigingen: the locations of schools.

use std::str::FromStr;

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Names, Outcome, Session, call, request_id},
    value::{Choice, Reference, Value},
};

fields! {
    Fields for pb::School {
        /// BRIN and two digits, for example 90AA00
        vestigingscode: String,
        /// What people call it
        display_name: String,
        /// Bevoegd gezag: five digits
        board_code: String,
        /// Street
        street: String,
        /// House number with its addition
        house_number: String,
        /// For example 1234AB
        postcode: String,
        /// City
        city: String,
        /// For example GM9901
        gemeente_code: String,
        /// For example WK990101
        wijk_code: String,
        /// Denomination
        denomination: String,
        /// Telephone
        phone: String,
        /// Website
        website: String,
        /// NOORD, MIDDEN or ZUID [default: MIDDEN]
        holiday_region: Choice<pb::HolidayRegion>,
        /// PO or VO [default: that of the samenwerkingsverband]
        sector: Choice<pb::Sector>,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
    many {
        /// A day off, as FROM:UNTIL:WHAT; all closures are given anew
        closures as "closure": Closure,
    }
}

fields! {
    Filter for pb::ListSchoolsRequest {
        /// Only of this gemeente
        gemeente_code: String,
        /// Only with this vestigingscode
        vestigingscode: String,
        /// Only in this cluster
        cluster: Reference,
    }
}

entry! {
    School in directory {
        message: School school, fields: Fields, filter: Filter,
        get: get_school GetSchoolRequest,
        list: list_schools ListSchoolsRequest schools,
        create: create_school CreateSchoolRequest,
        update: update_school UpdateSchoolRequest,
        end: end_school EndSchoolRequest,
        columns: ["vestigingscode", "display_name", "city", "gemeente_code", "wijk_code", "valid_until", "name"],
        examples: [
            "school list --gemeente-code GM9901",
            "school get @school",
            "school create --vestigingscode 90AA00 --display-name 'De Wilg' --gemeente-code GM9901",
            "school update @school --phone '077 123 45 67' --closure 2027-05-07:2027-05-07:Studiedag",
            "school end @school --valid-until 2027-07-31",
        ],
    }
}

/// Days on which one school does otherwise than its region, both inclusive.
#[derive(Clone)]
pub(crate) struct Closure(pb::school::Closure);

impl FromStr for Closure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.splitn(3, ':');
        let mut day = || parts.next()?.parse::<NaiveDate>().ok();
        let (Some(from), Some(until), Some(what)) = (day(), day(), parts.next()) else {
            return Err("write it as 2027-05-07:2027-05-08:Studiedag".to_owned());
        };
        Ok(Self(pb::school::Closure {
            display_name: what.to_owned(),
            from: from.to_string(),
            until: until.to_string(),
            opened: false,
        }))
    }
}

impl Value for Closure {
    type Wire = pb::school::Closure;

    fn wire(self, _: &Names) -> Outcome<Self::Wire> {
        Ok(self.0)
    }
}
