//! A step of a track is taken back by a row of its own; and which fact a step wrote, to be taken back with it.

const UP: &str = "
ALTER TABLE track_step ADD COLUMN fact_id UUID;
ALTER TABLE track_step ADD COLUMN withdraws_id UUID;
CREATE UNIQUE INDEX track_step_withdrawn ON track_step (region_id, withdraws_id);
";

const DOWN: &str = "
DROP INDEX track_step_withdrawn;
ALTER TABLE track_step DROP COLUMN withdraws_id;
ALTER TABLE track_step DROP COLUMN fact_id;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: [], undo: DOWN, postgres_down: "" }
