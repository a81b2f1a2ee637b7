//! The legal basis on the wire.

use chrono::NaiveDate;
use schakel_domain::{refusal::Refusal, thuiszitter::household::HouseholdBasis};
use schakel_proto::v1 as pb;

use super::basis::Standing;
use crate::wire::{fields::Fields, time::timestamp};

/// The basis that is wanted, with the version that the caller read.
pub(super) fn wish(fields: &mut Fields, wire: &pb::HouseholdBasis) -> Option<(i32, HouseholdBasis)> {
    let etag = fields.etag("household_basis.etag", &wire.etag);
    let legal = fields.parse("household_basis.legal_basis", &wire.legal_basis);
    let from = fields.date("household_basis.valid_from", &wire.valid_from);
    let until = fields.date("household_basis.valid_until", &wire.valid_until);
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        fields.refuse("household_basis.valid_until", Refusal::TimeRangeInvalid);
    }
    Some((etag?, HouseholdBasis::new(legal?, from?, until?).ok()?))
}

/// The basis as it stands on `day`.
pub(super) fn to_wire(standing: &Standing, day: NaiveDate) -> pb::HouseholdBasis {
    let basis = standing.basis.as_ref();
    pb::HouseholdBasis {
        legal_basis: basis.map(|basis| basis.legal.as_str().to_owned()).unwrap_or_default(),
        valid_from: basis.map(|basis| basis.from.to_string()).unwrap_or_default(),
        valid_until: basis.map(|basis| basis.until.to_string()).unwrap_or_default(),
        in_force: standing.in_force(day).is_some(),
        set_time: standing.set.map(timestamp),
        etag: standing.version.to_string(),
    }
}
