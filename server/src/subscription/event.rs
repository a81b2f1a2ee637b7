//! An event as it goes out: a `CloudEvent` 1.0 in JSON, by the NL GOV profile.

use chrono::{DateTime, SecondsFormat, Utc};
use schakel_domain::{
    ids::SubscriptionId,
    subscription::{TEST_TYPE, event_type},
};
use serde_json::json;
use uuid::Uuid;

use crate::thuiszitter::change::Change;

fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// That something changed in a case: its name, and the norm of a deadline. The same change has the
/// same octets, however often it is sent.
pub(super) fn of_change(source: &str, change: &Change) -> String {
    let case = change.case.to_string();
    let data = match &change.norm {
        Some(norm) => json!({ "case": case, "norm": norm }),
        None => json!({ "case": case }),
    };
    json!({
        "specversion": "1.0",
        "id": change.event.0.to_string(),
        "source": source,
        "type": event_type(change.kind),
        "subject": case,
        "time": time(change.at),
        "datacontenttype": "application/json",
        "data": data,
    })
    .to_string()
}

/// A ping, which is about nothing but the subscription.
pub(super) fn ping(source: &str, (id, at): (Uuid, DateTime<Utc>), subscription: SubscriptionId) -> String {
    json!({
        "specversion": "1.0",
        "id": id.to_string(),
        "source": source,
        "type": TEST_TYPE,
        "subject": subscription.to_string(),
        "time": time(at),
        "datacontenttype": "application/json",
        "data": {},
    })
    .to_string()
}
