//! How far a region has told people what they have to do, so that each is told of a day once.

const UP: &str = "
CREATE TABLE task_reminder (
    region_id UUID NOT NULL REFERENCES region (id),
    day DATE NOT NULL,
    since DATE NOT NULL,
    after_id UUID,
    PRIMARY KEY (region_id)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["task_reminder"], postgres_down: "" }
