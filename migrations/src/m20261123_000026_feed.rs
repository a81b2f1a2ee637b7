//! What a feed shows and how much of it, and the week in which its old address goes on working.

const UP: &str = "
ALTER TABLE feed ADD COLUMN scope TEXT NOT NULL DEFAULT 'OWN';
ALTER TABLE feed ADD COLUMN scope_id UUID;
ALTER TABLE feed ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN detail TEXT NOT NULL DEFAULT 'TITLE';
ALTER TABLE feed ADD COLUMN replaced_by UUID;
ALTER TABLE feed ADD COLUMN overlap_until INSTANT;
ALTER TABLE feed ADD COLUMN last_used DATE;
";

/// What shows something else than one's own meetings by their titles cannot be kept without saying so.
const UNDO: &str = "
DELETE FROM feed WHERE scope <> 'OWN' OR detail <> 'TITLE' OR kinds <> '' OR overlap_until IS NOT NULL;
ALTER TABLE feed DROP COLUMN last_used;
ALTER TABLE feed DROP COLUMN overlap_until;
ALTER TABLE feed DROP COLUMN replaced_by;
ALTER TABLE feed DROP COLUMN detail;
ALTER TABLE feed DROP COLUMN kinds;
ALTER TABLE feed DROP COLUMN scope_id;
ALTER TABLE feed DROP COLUMN scope;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: [], undo: UNDO, postgres_down: "" }
