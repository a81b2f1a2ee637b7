//! What was agreed in an ondersteuningsplan and how far it is in practice, and what is spent on support.

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
    told_at INSTANT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE TABLE support_spending (
    region_id UUID NOT NULL REFERENCES region (id),
    first_day DATE NOT NULL,
    wijk_code TEXT NOT NULL,
    way TEXT NOT NULL,
    euros INT NOT NULL,
    children INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, first_day, wijk_code, way)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["support_spending", "plan_goal"], postgres_down: "" }
