//! How many children of a gemeente must go to school in a school year, as the gemeente counts them.

const UP: &str = "
CREATE TABLE obliged (
    region_id UUID NOT NULL REFERENCES region (id),
    first_day DATE NOT NULL,
    gemeente_code TEXT NOT NULL,
    leerplichtig INT NOT NULL,
    kwalificatieplichtig INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, first_day, gemeente_code)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["obliged"], postgres_down: "" }
