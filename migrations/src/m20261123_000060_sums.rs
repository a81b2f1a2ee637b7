//! What is asked at every look at the figures is answered by indexes alone, and what schools and cases are
//! grouped by is counted when it changes.

use super::m20261122_000029_register_change as register;

/// Tables of the register of which changes are counted since this step.
pub(crate) const COUNTED: &[&str] = &["area", "cluster", "cluster_member"];

const UP: &str = "
CREATE INDEX thuiszitter_plain ON thuiszitter
    (region_id, id, version, opened_at, regisseur_id, next_action_date);
DROP INDEX consultation_change;
CREATE INDEX consultation_change ON consultation (region_id, updated_at, version);
CREATE INDEX case_circle_held ON case_circle (region_id, case_id) WHERE hold IS NOT NULL;
";

const DOWN: &str = "
DROP INDEX case_circle_held;
DROP INDEX consultation_change;
CREATE INDEX consultation_change ON consultation (region_id, updated_at);
DROP INDEX thuiszitter_plain;
";

crate::step! {
    up: UP,
    sqlite: &register::sqlite(COUNTED),
    postgres: &register::postgres(COUNTED),
    down: [],
    undo: DOWN,
    sqlite_down: &register::sqlite_down(COUNTED),
    postgres_down: &register::postgres_down(COUNTED),
}
