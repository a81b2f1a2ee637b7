//! Placements, exemptions, complaints, objections and disputes of a case, and their steps; one of each
//! kind runs at a time.

const UP: &str = "
CREATE TABLE case_track (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    ground TEXT,
    coordinator_id UUID NOT NULL,
    started_on DATE NOT NULL,
    next_on DATE,
    state TEXT NOT NULL,
    outcome TEXT,
    closed_on DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id)
) STRICT;
CREATE UNIQUE INDEX case_track_open ON case_track (region_id, case_id, kind) WHERE state = 'OPEN';
CREATE INDEX case_track_case ON case_track (region_id, case_id, started_on, id);
CREATE INDEX case_track_coordinator ON case_track (region_id, coordinator_id, state);
CREATE TABLE track_step (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    track_id UUID NOT NULL,
    kind TEXT NOT NULL,
    taken_on DATE NOT NULL,
    school_id UUID,
    consultation_id UUID,
    sealed_note BYTES,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, track_id) REFERENCES case_track (region_id, id)
) STRICT;
CREATE INDEX track_step_case ON track_step (region_id, case_id, taken_on, id);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["track_step", "case_track"], postgres_down: "" }
