//! Professionals.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::{Choice, Organisation},
};

fields! {
    Fields for pb::Person {
        /// The region's own code
        code: String,
        /// Name
        display_name: String,
        /// Work address for invitations
        email: String,
        /// Work number
        phone: String,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListPersonsRequest {
        /// Only with this role somewhere
        role: Choice<pb::Role>,
        /// Only affiliated to this organisation
        organisation: Organisation,
    }
}

entry! {
    Person in directory {
        message: Person person, fields: Fields, filter: Filter,
        get: get_person GetPersonRequest,
        list: list_persons ListPersonsRequest persons,
        create: create_person CreatePersonRequest,
        update: update_person UpdatePersonRequest,
        end: end_person EndPersonRequest,
        columns: ["code", "display_name", "email", "phone", "valid_until", "name"],
        examples: [
            "person list --role SMW",
            "person get @smw",
            "person create --code SMW99 --display-name 'Sam Smit' --email s.smit@team.example",
            "person update @smw --phone '077 123 45 67'",
            "person end @smw --valid-until 2027-07-31",
        ],
    }
}
