//! On which days an organisation did what it owes by law or agreement.

const UP: &str = "
CREATE TABLE duty_done (
    region_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    moment TEXT NOT NULL,
    done_on DATE NOT NULL,
    PRIMARY KEY (region_id, organisation_id, moment, done_on),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["duty_done"], postgres_down: "" }
