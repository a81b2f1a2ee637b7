//! Days on which people are away; why is not told.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

fields! {
    Fields for pb::Absence {
        /// Who
        person: Reference,
        /// LEAVE, STUDY or AWAY
        kind: Choice<pb::absence::Kind>,
        /// First day
        valid_from: NaiveDate,
        /// Last day; leave out while it is not known
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListAbsencesRequest {
        /// Only of this person
        person: Reference,
    }
}

entry! {
    Absence in availability {
        message: Absence absence, fields: Fields, filter: Filter,
        get: get_absence GetAbsenceRequest,
        list: list_absences ListAbsencesRequest absences,
        create: create_absence CreateAbsenceRequest,
        update: update_absence UpdateAbsenceRequest,
        end: end_absence EndAbsenceRequest,
        columns: ["person", "kind", "valid_from", "valid_until", "name"],
        examples: [
            "absence list --person @smw",
            "absence get absences/0198…",
            "absence create --person @smw --kind LEAVE --valid-from 2026-12-21 --valid-until 2026-12-24",
            "absence update absences/0198… --valid-until 2026-12-23",
            "absence end absences/0198… --valid-until 2026-12-22",
        ],
    }
}
