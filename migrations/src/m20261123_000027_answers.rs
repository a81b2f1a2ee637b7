//! What people say on the page of an invitation: why not, another time, somebody else, in which
//! language; and the codes that were asked for there.

const UP: &str = "
ALTER TABLE participant ADD COLUMN decline_reason TEXT;
CREATE TABLE counter_proposal (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    person_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    source TEXT NOT NULL,
    sequence INT NOT NULL,
    starts_at INSTANT,
    ends_at INSTANT,
    sealed_substitute BYTES,
    subject_id UUID NOT NULL,
    created_at INSTANT NOT NULL,
    decided_at INSTANT,
    decided_by UUID,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX counter_proposal_consultation ON counter_proposal (region_id, consultation_id, id);
CREATE TABLE answer_page (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    person_id UUID NOT NULL,
    language TEXT,
    updated_at INSTANT NOT NULL,
    codes INT NOT NULL,
    code_hash BYTES,
    code_until INSTANT,
    code_tries INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, consultation_id, person_id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX answer_page_person ON answer_page (region_id, person_id);
";

const DOWN: &str = "ALTER TABLE participant DROP COLUMN decline_reason;";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["answer_page", "counter_proposal"],
    undo: DOWN,
    postgres_down: "",
}
