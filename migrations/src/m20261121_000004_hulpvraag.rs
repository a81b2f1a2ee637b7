//! Requests for a helper by role.

const UP: &str = "
CREATE TABLE hulpvraag (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    state TEXT NOT NULL,
    school_id UUID NOT NULL,
    team_id UUID NOT NULL,
    role TEXT NOT NULL,
    target_date DATE NOT NULL,
    case_id UUID,
    subject_id UUID NOT NULL,
    sealed_question BYTES NOT NULL,
    person_id UUID REFERENCES person (id),
    sealed_reason BYTES,
    consultation_id UUID,
    created_by UUID NOT NULL REFERENCES person (id),
    created_at INSTANT NOT NULL,
    answered_at INSTANT,
    answer_due_date DATE NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, school_id) REFERENCES school (region_id, id),
    FOREIGN KEY (region_id, team_id) REFERENCES team (region_id, id)
) STRICT;
CREATE INDEX hulpvraag_school ON hulpvraag (region_id, school_id, target_date, id);
CREATE INDEX hulpvraag_team ON hulpvraag (region_id, team_id, target_date, id);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["hulpvraag"], postgres_down: "" }
