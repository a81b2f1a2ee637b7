//! Meetings, who is at the table, and the actions agreed.

const UP: &str = "
CREATE TABLE consultation (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    uid TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    case_id UUID,
    subject_id UUID NOT NULL,
    hulpvraag_id UUID,
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    place TEXT NOT NULL,
    school_id UUID,
    parent_exception TEXT NOT NULL,
    sequence INT NOT NULL,
    sealed_outcome BYTES,
    child_heard TEXT,
    jgt_hulp_gewenst TEXT,
    booked_by UUID NOT NULL REFERENCES person (id),
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, reference)
) STRICT;
CREATE INDEX consultation_start ON consultation (region_id, starts_at, id);
CREATE INDEX consultation_case ON consultation (region_id, case_id);
CREATE INDEX consultation_change ON consultation (region_id, updated_at);
CREATE TABLE participant (
    region_id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    position INT NOT NULL,
    role TEXT NOT NULL,
    optional BOOL NOT NULL,
    answer TEXT NOT NULL,
    answered_at INSTANT,
    attended BOOL,
    PRIMARY KEY (region_id, consultation_id, person_id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX participant_person ON participant (person_id, region_id, consultation_id);
CREATE TABLE action (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    position INT NOT NULL,
    owner_id UUID NOT NULL REFERENCES person (id),
    due_date DATE NOT NULL,
    sealed_text BYTES NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX action_consultation ON action (region_id, consultation_id, position);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["action", "participant", "consultation"], postgres_down: "" }
