//! What the monitor counts of each case, so that nobody who looks waits for every log to be read.

const UP: &str = "
CREATE TABLE monitor_case (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_version INTEGER NOT NULL,
    day DATE NOT NULL,
    basis BYTES NOT NULL,
    sealed_life BYTES NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, id) REFERENCES thuiszitter (region_id, id)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["monitor_case"], postgres_down: "" }
