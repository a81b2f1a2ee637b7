//! What professionals notice of how things go, sealed because somebody may write a name after all.

const UP: &str = "
CREATE TABLE signal (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    state TEXT NOT NULL,
    category TEXT NOT NULL,
    school_id UUID,
    wijk_code TEXT,
    sealed_text BYTES NOT NULL,
    children INT,
    reporter_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    reported_on DATE NOT NULL,
    consultation_id UUID,
    sealed_answer BYTES,
    answered_on DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX signal_reporter ON signal (region_id, reporter_id, id);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["signal"], postgres_down: "" }
