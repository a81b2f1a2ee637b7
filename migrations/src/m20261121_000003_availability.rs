//! When people work, are away, and are taken; one calendar per natural person in the database.

const UP: &str = "
CREATE TABLE weekly_hours (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    affiliation_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    weekday INT NOT NULL,
    from_minute INT NOT NULL,
    until_minute INT NOT NULL,
    time_zone TEXT NOT NULL,
    school_id UUID,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    CHECK (weekday BETWEEN 1 AND 7),
    CHECK (0 <= from_minute AND from_minute < until_minute AND until_minute <= 1440),
    FOREIGN KEY (region_id, affiliation_id) REFERENCES affiliation (region_id, id)
) STRICT;
CREATE INDEX weekly_hours_person ON weekly_hours (person_id);
CREATE TABLE absence (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX absence_person ON absence (person_id);
CREATE TABLE busy (
    person_id UUID NOT NULL REFERENCES person (id),
    consultation_id UUID NOT NULL,
    region_id UUID NOT NULL,
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    PRIMARY KEY (person_id, consultation_id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 28800000000)
) STRICT;
CREATE INDEX busy_start ON busy (person_id, starts_at);
CREATE INDEX busy_consultation ON busy (consultation_id);
";

/// The eight hours that a row may last bound how far back an overlap can begin.
const SQLITE: &str = "
CREATE TRIGGER busy_no_overlap_insert BEFORE INSERT ON busy
WHEN EXISTS (SELECT 1 FROM busy WHERE person_id = NEW.person_id
    AND starts_at > NEW.starts_at - 28800000000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'TIME_CONFLICT'); END;
CREATE TRIGGER busy_no_overlap_update BEFORE UPDATE ON busy
WHEN EXISTS (SELECT 1 FROM busy WHERE person_id = NEW.person_id AND consultation_id <> OLD.consultation_id
    AND starts_at > NEW.starts_at - 28800000000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'TIME_CONFLICT'); END;
";

const POSTGRES: &str = "
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE busy ADD CONSTRAINT busy_no_overlap
    EXCLUDE USING gist (person_id WITH =, int8range(starts_at, ends_at) WITH &&);
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["busy", "absence", "weekly_hours"],
    postgres_down: "",
}
