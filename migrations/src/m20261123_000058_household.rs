//! On which legal basis a region may ask who works with a household, each version as it was set.

const UP: &str = "
CREATE TABLE household_basis (
    region_id UUID NOT NULL REFERENCES region (id),
    version INT NOT NULL,
    legal_basis TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE NOT NULL,
    set_by UUID NOT NULL REFERENCES person (id),
    set_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, version)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["household_basis"], postgres_down: "" }
