//! Roles of people at organisations.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::{Choice, Organisation, Reference},
};

fields! {
    Fields for pb::Affiliation {
        /// Who
        person: Reference,
        /// Where
        organisation: Organisation,
        /// As what, for example SMW
        role: Choice<pb::Role>,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListAffiliationsRequest {
        /// Only of this person
        person: Reference,
        /// Only at this organisation
        organisation: Organisation,
    }
}

entry! {
    Affiliation in directory {
        message: Affiliation affiliation, fields: Fields, filter: Filter,
        get: get_affiliation GetAffiliationRequest,
        list: list_affiliations ListAffiliationsRequest affiliations,
        create: create_affiliation CreateAffiliationRequest,
        update: update_affiliation UpdateAffiliationRequest,
        end: end_affiliation EndAffiliationRequest,
        columns: ["role", "person", "organisation", "valid_from", "valid_until", "name"],
        examples: [
            "affiliation list --person @smw",
            "affiliation get affiliations/0198…",
            "affiliation create --person @smw --organisation @team --role SMW",
            "affiliation update affiliations/0198… --valid-until 2027-07-31",
            "affiliation end affiliations/0198… --valid-until 2027-07-31",
        ],
    }
}
