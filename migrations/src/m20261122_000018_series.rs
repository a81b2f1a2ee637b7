//! Meetings that were booked together: how they repeat, and which meeting is which of them.

const UP: &str = "
CREATE TABLE series (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    recurrence TEXT NOT NULL,
    first_date DATE NOT NULL,
    start_minute INT NOT NULL,
    length_minutes INT NOT NULL,
    time_zone TEXT NOT NULL,
    on_closed TEXT NOT NULL,
    place TEXT NOT NULL,
    school_id UUID,
    cluster_id UUID,
    follows UUID,
    booked_by UUID NOT NULL REFERENCES person (id),
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
ALTER TABLE consultation ADD COLUMN series_id UUID;
ALTER TABLE consultation ADD COLUMN original_start INSTANT;
ALTER TABLE consultation ADD COLUMN apart BOOL NOT NULL DEFAULT FALSE;
CREATE INDEX consultation_series ON consultation (region_id, series_id);
";

const UNDO: &str = "
DROP INDEX consultation_series;
ALTER TABLE consultation DROP COLUMN apart;
ALTER TABLE consultation DROP COLUMN original_start;
ALTER TABLE consultation DROP COLUMN series_id;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["series"],
    undo: UNDO,
    postgres_down: "",
}
