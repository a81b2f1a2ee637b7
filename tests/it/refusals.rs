//! Every way to be refused has been provoked by a test, and answers with the code that it always had.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use schakel_domain::{access::Denied, refusal::Refusal};
use schakel_server::error::{Credential, Error};
use strum::IntoEnumIterator;

/// Reasons that no test provokes yet. It may only become shorter.
const NOT_YET: [&str; 0] = [];

/// Reasons that are no variant of an enum.
const OTHERS: [&str; 12] = [
    "CANCELLED",
    "DATABASE_UNAVAILABLE",
    "DEADLINE_EXCEEDED",
    "DECRYPT_FAILED",
    "ETAG_MISMATCH",
    "INTERNAL",
    "ISSUER_UNAVAILABLE",
    "METHOD_UNKNOWN",
    "OVERLOADED",
    "RATE_LIMITED",
    "STORAGE_FULL",
    "STEP_UP_REQUIRED",
];

/// Every Rust file below `folder` of the workspace, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut folders, mut files) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    files
}

/// The words in `text`, as code spells them.
fn words(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    parts.filter(|part| part.len() > 3).map(str::to_owned)
}

/// The words of all tests: files of tests, and what stands behind `#[cfg(test)]` in others.
fn said_in_tests() -> BTreeSet<String> {
    let mut said = BTreeSet::new();
    for (path, text) in sources("tests/it") {
        if !path.ends_with("refusals.rs") {
            said.extend(words(&text));
        }
    }
    for (path, text) in sources("server") {
        let name = path.to_string_lossy();
        if name.contains("tests") || name.contains("examples") {
            said.extend(words(&text));
        } else if let Some((_, tests)) = text.split_once("#[cfg(test)]\nmod tests {") {
            said.extend(words(tests));
        }
    }
    said
}

/// The kinds of things that may not be found; the register's stand beside their table's name.
fn not_found() -> BTreeSet<String> {
    let mut reasons = BTreeSet::new();
    for (_, text) in sources("server/src") {
        for opening in ["NotFound(\"", ".to(\"", "\" \""] {
            for rest in text.split(opening).skip(1) {
                let word = rest.split('"').next().unwrap();
                if !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c == '_') {
                    reasons.insert(format!("{word}_NOT_FOUND"));
                }
            }
        }
    }
    reasons
}

/// Each reason, and the variant's name where it is one.
fn reasons() -> Vec<(String, String)> {
    let other = |reason: &str| (reason.to_owned(), reason.to_owned());
    let refusals = Refusal::iter().map(|one| (one.to_string(), format!("{one:?}")));
    let denied = Denied::iter().map(|one| (<&str>::from(one).to_owned(), format!("{one:?}")));
    let credentials = Credential::iter().map(|one| (<&str>::from(one).to_owned(), format!("{one:?}")));
    let found = not_found();
    assert!(found.contains("CASE_NOT_FOUND") && found.contains("CLUSTER_NOT_FOUND"), "{found:?}");
    refusals
        .chain(denied)
        .chain(credentials)
        .chain(found.iter().map(|reason| other(reason)))
        .chain(OTHERS.map(other))
        .collect()
}

#[test]
fn every_reason_is_provoked_by_a_test() {
    let said = said_in_tests();
    let unheard: BTreeSet<_> = reasons()
        .into_iter()
        .filter(|(reason, variant)| !said.contains(reason) && !said.contains(variant))
        .map(|(reason, _)| reason)
        .collect();
    let expected: BTreeSet<_> = NOT_YET.map(str::to_owned).into();
    assert_eq!(unheard, expected, "left: not provoked; right: known as such, to be struck off once it is");
}

#[test]
fn every_refusal_keeps_its_code() {
    let told: Vec<_> =
        Refusal::iter().map(|refusal| format!("{refusal} {:?}", Error::from(refusal).code())).collect();
    assert_eq!(told, CODES.trim().lines().map(str::trim).collect::<Vec<_>>());
}

/// What callers rely on: changing a line here breaks them.
const CODES: &str = "
    FIELD_REQUIRED InvalidArgument
    FIELD_INVALID InvalidArgument
    TEXT_CONTROL_CHARS InvalidArgument
    TEXT_TOO_LONG InvalidArgument
    EMAIL_INVALID InvalidArgument
    BSN_REFUSED InvalidArgument
    TIME_RANGE_INVALID InvalidArgument
    TIME_OUT_OF_BOUNDS InvalidArgument
    TIMESTAMP_INVALID InvalidArgument
    TIMEZONE_UNKNOWN InvalidArgument
    NONEXISTENT_LOCAL_TIME InvalidArgument
    TOO_MANY_ATTENDEES InvalidArgument
    DUPLICATE_ATTENDEE InvalidArgument
    PAGE_SIZE_INVALID InvalidArgument
    PAGE_TOKEN_INVALID InvalidArgument
    REQUEST_ID_REQUIRED InvalidArgument
    REQUEST_ID_REUSED InvalidArgument
    ETAG_REQUIRED InvalidArgument
    MASK_INVALID InvalidArgument
    ACTING_FOR_REQUIRED InvalidArgument
    ON_BEHALF_OF_REQUIRED InvalidArgument
    MESSAGE_TOO_LARGE ResourceExhausted
    MALFORMED_MESSAGE InvalidArgument
    MALFORMED_FRAME InvalidArgument
    CSV_HEADER_INVALID InvalidArgument
    CALENDAR_UNREADABLE InvalidArgument
    PARENT_REQUIRED InvalidArgument
    ROLE_REQUIRED InvalidArgument
    PROVIDER_REASON_REQUIRED InvalidArgument
    PERSON_NOT_FOUND InvalidArgument
    AFFILIATION_NOT_FOUND InvalidArgument
    SCHOOL_NOT_FOUND InvalidArgument
    ROOM_NOT_FOUND InvalidArgument
    ROOM_TOO_SMALL InvalidArgument
    TWO_PROFESSIONALS_REQUIRED InvalidArgument
    DURATION_INVALID InvalidArgument
    NOTICE_TOO_SHORT InvalidArgument
    QUORUM_NOT_MET InvalidArgument
    SIGNER_REQUIRED InvalidArgument
    EXEMPTION_REQUIRED InvalidArgument
    REASON_TOO_SHORT InvalidArgument
    TIME_CONFLICT FailedPrecondition
    PLAN_INCOMPLETE FailedPrecondition
    LIMIT_REACHED FailedPrecondition
    NOBODY_ON_CALL FailedPrecondition
    NO_CRISIS_TIME FailedPrecondition
    NO_OFFER FailedPrecondition
    HOLD_EXPIRED FailedPrecondition
    TOO_MANY_HOLDS FailedPrecondition
    CONSULTATION_CANCELLED FailedPrecondition
    CONSULTATION_PAST FailedPrecondition
    CONSULTATION_NOT_HELD FailedPrecondition
    OUTCOME_RECORDED FailedPrecondition
    PARTS_OPEN FailedPrecondition
    PART_OF_MEETING FailedPrecondition
    PARTICIPANT_UNKNOWN FailedPrecondition
    POLL_CLOSED FailedPrecondition
    PROPOSAL_CLOSED FailedPrecondition
    NO_OPTION_FITS FailedPrecondition
    CASE_CLOSED FailedPrecondition
    CASE_RESTRICTED FailedPrecondition
    CASE_OPEN FailedPrecondition
    CASE_EXISTS FailedPrecondition
    STAGE_NOT_ALLOWED FailedPrecondition
    LEVEL_NOT_ALLOWED FailedPrecondition
    STEP_NOT_ALLOWED FailedPrecondition
    FACTS_DISAGREE FailedPrecondition
    CONSENT_REQUIRED FailedPrecondition
    OUTCOME_MISSING FailedPrecondition
    HULPVRAAG_STATE FailedPrecondition
    SIGNAL_ANSWERED FailedPrecondition
    NO_TEAM FailedPrecondition
    NO_PERSON_FOR_ROLE FailedPrecondition
    AGREEMENT_STATE FailedPrecondition
    ALREADY_EXISTS FailedPrecondition
    ALREADY_ENDED FailedPrecondition
    HOLIDAYS_UNKNOWN FailedPrecondition
    ALREADY_RESTRICTED FailedPrecondition
    NOT_RESTRICTED FailedPrecondition
    LEGAL_HOLD FailedPrecondition
    NOTHING_TO_DESTROY FailedPrecondition
    SECOND_PERSON_REQUIRED FailedPrecondition
    PROPOSAL_OUTDATED FailedPrecondition
    TOO_MANY_CALENDARS FailedPrecondition
    TOO_MANY_SUBSCRIPTIONS FailedPrecondition
    RETENTION_TERM_MISSING FailedPrecondition
    HOUSEHOLD_BASIS_MISSING FailedPrecondition
";
