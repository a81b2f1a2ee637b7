//! The hours that education and gemeenten put into a wijk for a school year.

const UP: &str = "
CREATE TABLE granted_hours (
    region_id UUID NOT NULL,
    first_day DATE NOT NULL,
    wijk_code TEXT NOT NULL,
    source TEXT NOT NULL,
    hours INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, first_day, wijk_code, source)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["granted_hours"], postgres_down: "" }
