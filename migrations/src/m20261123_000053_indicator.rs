//! What a samenwerkingsverband measures itself by, and what was typed in for a school year.

const UP: &str = "
CREATE TABLE indicator (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    name_nl TEXT NOT NULL,
    name_en TEXT,
    unit TEXT NOT NULL,
    report TEXT,
    numerator TEXT,
    denominator TEXT,
    target_tenths INT NOT NULL,
    direction TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE TABLE indicator_value (
    region_id UUID NOT NULL,
    indicator_id UUID NOT NULL,
    first_day DATE NOT NULL,
    value_tenths INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, indicator_id, first_day),
    FOREIGN KEY (region_id, indicator_id) REFERENCES indicator (region_id, id)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["indicator_value", "indicator"], postgres_down: "" }
