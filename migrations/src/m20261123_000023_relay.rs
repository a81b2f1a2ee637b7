//! Which addresses take no mail, how much was sent to one, and which mail is the newest.

const UP: &str = "
ALTER TABLE outbox ADD COLUMN address_index BYTES;
CREATE INDEX outbox_sent ON outbox (region_id, address_index, done_at) WHERE address_index IS NOT NULL;
CREATE INDEX outbox_newest ON outbox (region_id, kind, id) WHERE state = 'PENDING';
CREATE INDEX outbox_pending ON outbox (region_id, kind, due_at, id) WHERE state = 'PENDING';
CREATE TABLE mail_address (
    region_id UUID NOT NULL REFERENCES region (id),
    address_index BYTES NOT NULL,
    failures INT NOT NULL,
    last_reason TEXT NOT NULL,
    updated_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, address_index)
) STRICT;
";

const DOWN: &str = "
DROP INDEX outbox_pending;
DROP INDEX outbox_newest;
DROP INDEX outbox_sent;
ALTER TABLE outbox DROP COLUMN address_index;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["mail_address"], undo: DOWN, postgres_down: "" }
