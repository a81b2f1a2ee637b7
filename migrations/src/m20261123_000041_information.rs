//! What partners are asked to tell about a child: what kind and by when, never what they told.

const UP: &str = "
CREATE TABLE information_request (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    role TEXT NOT NULL,
    person_id UUID,
    asked_on DATE NOT NULL,
    due_on DATE NOT NULL,
    state TEXT NOT NULL,
    ended_on DATE,
    sealed_note BYTES,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id)
) STRICT;
CREATE INDEX information_request_case ON information_request (region_id, case_id, due_on, id);
CREATE INDEX information_request_person ON information_request (region_id, person_id, state);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["information_request"], postgres_down: "" }
