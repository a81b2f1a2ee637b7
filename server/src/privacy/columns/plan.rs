//! The columns of the plan of a case.

use super::{
    Column, KEY,
    Kept::{Not, Told},
    NUMBER, VERSION,
};

/// Those of its actions.
pub(super) const COLUMNS: &[Column] = &[
    ("plan_action", "region_id", Not(KEY)),
    ("plan_action", "id", Not(KEY)),
    ("plan_action", "case_id", Not(KEY)),
    ("plan_action", "side", Told("cases.plan.side")),
    ("plan_action", "organisation_id", Told("cases.plan.organisation")),
    ("plan_action", "person_id", Not(NUMBER)),
    ("plan_action", "start_date", Told("cases.plan.start_date")),
    ("plan_action", "due_date", Told("cases.plan.due_date")),
    ("plan_action", "state", Told("cases.plan.state")),
    ("plan_action", "done_on", Told("cases.plan.done_date")),
    ("plan_action", "sealed_text", Told("cases.plan.text")),
    ("plan_action", "sealed_reason", Told("cases.plan.reason")),
    ("plan_action", "version", Not(VERSION)),
];
