//! What a question is about, from a short list, so that demand can be counted by it.

const UP: &str = "
ALTER TABLE hulpvraag ADD COLUMN category TEXT;
CREATE INDEX hulpvraag_created ON hulpvraag (region_id, created_at);
";

const DOWN: &str = "
DROP INDEX hulpvraag_created;
ALTER TABLE hulpvraag DROP COLUMN category;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: [], undo: DOWN, postgres_down: "" }
