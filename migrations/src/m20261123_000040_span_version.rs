//! Each compact form of a calendar gets a version of its own, so that what is remembered of it is
//! known to be what it is.
//!
//! Whoever writes a form, the database gives it a version that no form had before. It stands
//! before the form: SQLite reads a row from its beginning, and a form is longer than a page.

const SQLITE: &str = "
CREATE TABLE busy_span_next (
    calendar_id BLOB NOT NULL,
    chunk INTEGER NOT NULL,
    version BLOB NOT NULL DEFAULT (randomblob(16)),
    spans BLOB NOT NULL,
    PRIMARY KEY (calendar_id, chunk)
) STRICT;
INSERT INTO busy_span_next (calendar_id, chunk, spans) SELECT calendar_id, chunk, spans FROM busy_span;
DROP TABLE busy_span;
ALTER TABLE busy_span_next RENAME TO busy_span;
CREATE TRIGGER busy_span_version AFTER UPDATE OF spans ON busy_span
BEGIN UPDATE busy_span SET version = randomblob(16)
    WHERE calendar_id = NEW.calendar_id AND chunk = NEW.chunk; END;
";

const POSTGRES: &str = "
ALTER TABLE busy_span ADD COLUMN version uuid NOT NULL DEFAULT gen_random_uuid();
CREATE FUNCTION another_version() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.version := gen_random_uuid();
    RETURN NEW;
END $$;
CREATE TRIGGER busy_span_version BEFORE UPDATE ON busy_span
    FOR EACH ROW EXECUTE FUNCTION another_version();
";

const SQLITE_DOWN: &str = "
DROP TRIGGER busy_span_version;
ALTER TABLE busy_span DROP COLUMN version;
";

const POSTGRES_DOWN: &str = "
DROP TRIGGER busy_span_version ON busy_span;
DROP FUNCTION another_version();
ALTER TABLE busy_span DROP COLUMN version;
";

crate::step! {
    up: "",
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: [],
    sqlite_down: SQLITE_DOWN,
    postgres_down: POSTGRES_DOWN,
}
