//! Time proposals with their options, who is asked and the links they got; what suits a parent.

const UP: &str = "
CREATE TABLE time_poll (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    reference TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    case_id UUID,
    subject_id UUID NOT NULL,
    school_id UUID,
    length INSTANT NOT NULL,
    place TEXT NOT NULL,
    parent_exception TEXT NOT NULL,
    deadline INSTANT NOT NULL,
    consultation_id UUID,
    made_by UUID NOT NULL REFERENCES person (id),
    noted_at INSTANT,
    created_at INSTANT NOT NULL,
    updated_at INSTANT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, reference)
) STRICT;
CREATE INDEX time_poll_case ON time_poll (region_id, case_id, id);
CREATE INDEX time_poll_maker ON time_poll (region_id, made_by, id);
CREATE TABLE time_poll_option (
    region_id UUID NOT NULL,
    poll_id UUID NOT NULL,
    position INT NOT NULL,
    starts_at INSTANT NOT NULL,
    hold_id UUID,
    PRIMARY KEY (region_id, poll_id, position),
    FOREIGN KEY (region_id, poll_id) REFERENCES time_poll (region_id, id)
) STRICT;
CREATE TABLE time_poll_voter (
    region_id UUID NOT NULL,
    poll_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    position INT NOT NULL,
    role TEXT NOT NULL,
    optional BOOL NOT NULL,
    votes TEXT,
    answered_at INSTANT,
    asked_at INSTANT,
    reminded_at INSTANT,
    released_at INSTANT,
    PRIMARY KEY (region_id, poll_id, person_id),
    FOREIGN KEY (region_id, poll_id) REFERENCES time_poll (region_id, id)
) STRICT;
CREATE INDEX time_poll_voter_person ON time_poll_voter (person_id, region_id, poll_id);
CREATE TABLE time_poll_link (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    hash BYTES NOT NULL UNIQUE,
    poll_id UUID NOT NULL,
    person_id UUID NOT NULL,
    created_at INSTANT NOT NULL,
    codes INT NOT NULL,
    code_hash BYTES,
    code_until INSTANT,
    code_tries INT NOT NULL,
    pass_hash BYTES,
    pass_until INSTANT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, poll_id, person_id) REFERENCES time_poll_voter (region_id, poll_id, person_id)
) STRICT;
CREATE INDEX time_poll_link_voter ON time_poll_link (region_id, poll_id, person_id);
CREATE TABLE parent_wishes (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    sealed_wishes BYTES NOT NULL,
    updated_at INSTANT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, case_id, person_id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["parent_wishes", "time_poll_link", "time_poll_voter", "time_poll_option", "time_poll"],
    postgres_down: "",
}
