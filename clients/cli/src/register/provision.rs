//! Provisions: what there is for children that need more, with places and who waits.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::{Choice, Organisation, Reference},
};

fields! {
    Fields for pb::Provision {
        /// The subject in one word, for example STRUCTUURGROEP
        topic: String,
        /// What it is called
        display_name: String,
        /// Who has it
        organisation: Organisation,
        /// CLUSTER or REGION: whose children may come
        audience: Choice<pb::provision::Audience>,
        /// How many places
        places: i32,
        /// How many of them are taken
        taken: i32,
        /// How many children wait
        waiting: i32,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListProvisionsRequest {
        /// Only of this subject
        topic: String,
        /// Only of this organisation
        organisation: Organisation,
        /// Only what is there for children of this school
        school: Reference,
        /// Only with these words in the name
        text: String,
    }
}

entry! {
    Provision in directory {
        message: Provision provision, fields: Fields, filter: Filter,
        get: get_provision GetProvisionRequest,
        list: list_provisions ListProvisionsRequest provisions,
        create: create_provision CreateProvisionRequest,
        update: update_provision UpdateProvisionRequest,
        end: end_provision EndProvisionRequest,
        columns: ["topic", "display_name", "organisation", "places", "taken", "waiting", "name"],
        examples: [
            "provision list --school @school --text structuur",
            "provision get provisions/0198…",
            "provision create --topic STRUCTUURGROEP --display-name 'De Stroom' --organisation organisations/0198… --audience REGION --places 12",
            "provision update provisions/0198… --taken 11 --waiting 2",
            "provision end provisions/0198… --valid-until 2027-07-31",
        ],
    }
}
