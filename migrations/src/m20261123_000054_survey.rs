//! Rounds of questions to schools, and what each school answered and when it was told.

const UP: &str = "
CREATE TABLE survey (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    opens_on DATE NOT NULL,
    due_on DATE NOT NULL,
    closed_on DATE,
    body TEXT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE TABLE survey_school (
    region_id UUID NOT NULL,
    survey_id UUID NOT NULL,
    school_id UUID NOT NULL,
    told_on DATE,
    answered_at INSTANT,
    answers TEXT,
    PRIMARY KEY (region_id, survey_id, school_id),
    FOREIGN KEY (region_id, survey_id) REFERENCES survey (region_id, id),
    FOREIGN KEY (region_id, school_id) REFERENCES school (region_id, id)
) STRICT;
CREATE INDEX survey_school_school ON survey_school (region_id, school_id);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["survey_school", "survey"], postgres_down: "" }
