//! The plan of a case: who does what from when until when, on which side.

const UP: &str = "
CREATE TABLE plan_action (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    side TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    person_id UUID,
    start_date DATE NOT NULL,
    due_date DATE NOT NULL,
    state TEXT NOT NULL,
    done_on DATE,
    sealed_text BYTES NOT NULL,
    sealed_reason BYTES,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id)
) STRICT;
CREATE INDEX plan_action_case ON plan_action (region_id, case_id, start_date, id);
CREATE INDEX plan_action_person ON plan_action (region_id, person_id, state);
CREATE INDEX plan_action_organisation ON plan_action (region_id, organisation_id, state);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["plan_action"], postgres_down: "" }
