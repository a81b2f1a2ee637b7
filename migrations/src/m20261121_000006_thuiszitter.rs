//! Cases, and the timeline that cannot be altered.

const UP: &str = "
CREATE TABLE thuiszitter (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    escalation_level INT NOT NULL,
    child_index BYTES NOT NULL,
    first_absence_day DATE NOT NULL,
    sealed_facts BYTES NOT NULL,
    sealed_question BYTES,
    regisseur_id UUID REFERENCES person (id),
    next_action_date DATE,
    outcome TEXT,
    outcome_date DATE,
    opened_at INSTANT NOT NULL,
    closed_at INSTANT,
    reopened INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, reference),
    FOREIGN KEY (region_id, id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE INDEX thuiszitter_age ON thuiszitter (region_id, state, first_absence_day, id);
CREATE INDEX thuiszitter_child ON thuiszitter (region_id, child_index);
CREATE TABLE case_event (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    at INSTANT NOT NULL,
    kind TEXT NOT NULL,
    actor_id UUID,
    organisation_id UUID,
    role TEXT NOT NULL,
    subject TEXT NOT NULL,
    sealed_detail BYTES,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id)
) STRICT;
CREATE INDEX case_event_case ON case_event (region_id, case_id, id);
";

const SQLITE: &str = "
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const POSTGRES: &str = "
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["case_event", "thuiszitter"],
    postgres_down: "",
}
