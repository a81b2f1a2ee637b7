//! What was agreed in an ondersteuningsplan, and how far it is in practice.

const UP: &str = "
CREATE TABLE plan_goal (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    year INT NOT NULL,
    agreement TEXT NOT NULL,
    state TEXT NOT NULL,
    since_on DATE NOT NULL,
    why TEXT,
    told_by UUID,
    told_at BIGINT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["plan_goal"], postgres_down: "" }
