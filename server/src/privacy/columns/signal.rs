//! The columns of signals from practice.

use super::{Column, KEY, Kept::Not, NUMBER, VERSION};

/// Who writes one is asked to name nobody; what is written is sealed in case somebody did, and one that names
/// a child is withdrawn, by who told it or who sets the agenda.
const NOBODY: &str = "how things go in a region, told about no child";

/// Those of signals.
pub(super) const COLUMNS: &[Column] = &[
    ("signal", "region_id", Not(KEY)),
    ("signal", "id", Not(KEY)),
    ("signal", "state", Not(NOBODY)),
    ("signal", "category", Not(NOBODY)),
    ("signal", "school_id", Not(NOBODY)),
    ("signal", "wijk_code", Not(NOBODY)),
    ("signal", "sealed_text", Not(NOBODY)),
    ("signal", "children", Not(NOBODY)),
    ("signal", "reporter_id", Not(NUMBER)),
    ("signal", "organisation_id", Not("the organisation of a professional")),
    ("signal", "reported_on", Not(NOBODY)),
    ("signal", "consultation_id", Not("the meeting about no child on whose agenda it is")),
    ("signal", "sealed_answer", Not(NOBODY)),
    ("signal", "answered_on", Not(NOBODY)),
    ("signal", "version", Not(VERSION)),
];
