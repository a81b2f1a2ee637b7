//! Which steps of the cycle of an ondersteuningsplan or jeugdplan are done, and on which day.

const UP: &str = "
CREATE TABLE plan_milestone (
    region_id UUID NOT NULL REFERENCES region (id),
    plan TEXT NOT NULL,
    gemeente_code TEXT NOT NULL,
    year INT NOT NULL,
    step TEXT NOT NULL,
    round INT NOT NULL,
    done_on DATE NOT NULL,
    PRIMARY KEY (region_id, plan, gemeente_code, year, step, round)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["plan_milestone"], postgres_down: "" }
