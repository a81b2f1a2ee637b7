//! The names that events have outside, by the NL GOV profile for `CloudEvents`.

use crate::thuiszitter::ChangeKind;

/// The type of an event that only tries an address.
pub const TEST_TYPE: &str = "nl.schakel.subscription.ping.v1";

/// The `type` of an event: reverse DNS, by the name of the data source and not of an
/// organisation, with one version.
#[must_use]
pub fn event_type(kind: ChangeKind) -> String {
    let word = kind.to_string().to_lowercase();
    let word = word.strip_prefix("case_").unwrap_or(&word).replace('_', "-");
    format!("nl.schakel.case.{word}.v1")
}

/// The `source` of an event: a URN of the `nld` namespace that names the organisation and then
/// the system. The OIN of who runs the server where it has told one, else the code of the
/// samenwerkingsverband of the region.
#[must_use]
pub fn source(oin: Option<&str>, swv_code: &str) -> String {
    match oin {
        Some(oin) => format!("urn:nld:oin:{oin}:systeem:schakel"),
        None => format!("urn:nld:samenwerkingsverband-{}:systeem:schakel", swv_code.to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;

    /// NL GOV profile for `CloudEvents`, `type`: reverse domain name notation, one version with `v`.
    #[test]
    fn every_kind_has_a_type_of_its_own_in_reverse_dns() {
        let types: BTreeSet<String> = ChangeKind::iter().map(event_type).collect();
        assert_eq!(types.len(), ChangeKind::iter().count());
        assert!(types.contains("nl.schakel.case.stage-changed.v1"));
        assert!(types.contains("nl.schakel.case.deadline-overdue.v1"));
        assert!(types.contains("nl.schakel.case.opened.v1") && types.contains("nl.schakel.case.changed.v1"));
        for name in types {
            let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
            assert!(name.chars().all(allowed) && name.strip_suffix(".v1").is_some(), "{name}");
        }
    }

    /// The same, `source`: a URN with `nld`, first the organisation, then the system.
    #[test]
    fn the_source_is_a_urn_of_organisation_and_system() {
        assert_eq!(
            source(Some("00000001823288444000"), "PO9901"),
            "urn:nld:oin:00000001823288444000:systeem:schakel"
        );
        assert_eq!(source(None, "PO9901"), "urn:nld:samenwerkingsverband-po9901:systeem:schakel");
    }
}
