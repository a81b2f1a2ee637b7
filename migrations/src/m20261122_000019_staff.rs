//! Hours of single dates, limits, who is on call, and who waits for a time.

const UP: &str = "
ALTER TABLE absence ADD COLUMN from_minute INT;
ALTER TABLE absence ADD COLUMN until_minute INT;
CREATE TABLE date_override (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    affiliation_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    date DATE NOT NULL,
    hours TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    school_id UUID,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, affiliation_id, date),
    FOREIGN KEY (region_id, affiliation_id) REFERENCES affiliation (region_id, id)
) STRICT;
CREATE INDEX date_override_person ON date_override (person_id, date);
CREATE TABLE meeting_limits (
    region_id UUID NOT NULL REFERENCES region (id),
    person_id UUID NOT NULL REFERENCES person (id),
    per_day INT,
    per_week INT,
    buffer_minutes INT NOT NULL,
    notice_hours INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, person_id)
) STRICT;
CREATE INDEX meeting_limits_person ON meeting_limits (person_id);
CREATE TABLE on_call_shift (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    team_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    role TEXT NOT NULL,
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    phone_order INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    CHECK (starts_at < ends_at)
) STRICT;
CREATE INDEX on_call_shift_team ON on_call_shift (region_id, team_id, ends_at);
CREATE TABLE waiting_entry (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    state TEXT NOT NULL,
    kind TEXT NOT NULL,
    case_id UUID,
    school_id UUID,
    place TEXT NOT NULL,
    minutes INT NOT NULL,
    parent_exception TEXT NOT NULL,
    urgency TEXT NOT NULL,
    target_date DATE,
    since INSTANT NOT NULL,
    requested_by UUID NOT NULL REFERENCES person (id),
    hold_id UUID,
    offer_starts_at INSTANT,
    offer_expires_at INSTANT,
    rests_until INSTANT,
    replaces_id UUID,
    consultation_id UUID,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX waiting_entry_state ON waiting_entry (region_id, state, since);
CREATE TABLE waiting_seat (
    region_id UUID NOT NULL,
    entry_id UUID NOT NULL,
    position INT NOT NULL,
    person_id UUID REFERENCES person (id),
    role TEXT NOT NULL,
    optional BOOL NOT NULL,
    offered_id UUID REFERENCES person (id),
    PRIMARY KEY (region_id, entry_id, position),
    FOREIGN KEY (region_id, entry_id) REFERENCES waiting_entry (region_id, id)
) STRICT;
";

const UNDO: &str = "
ALTER TABLE absence DROP COLUMN until_minute;
ALTER TABLE absence DROP COLUMN from_minute;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["waiting_seat", "waiting_entry", "on_call_shift", "meeting_limits", "date_override"],
    undo: UNDO,
    postgres_down: "",
}
