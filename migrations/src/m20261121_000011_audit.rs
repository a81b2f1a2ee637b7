//! The audit log says more of each line, and is sealed in batches that are chained and signed.

const UP: &str = "
ALTER TABLE audit ADD COLUMN form INT NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN client_id UUID;
ALTER TABLE audit ADD COLUMN emergency_id UUID;
ALTER TABLE audit ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'OK';
ALTER TABLE audit ADD COLUMN row_count INT NOT NULL DEFAULT 1;
ALTER TABLE audit ADD COLUMN trace TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN activity TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN instance TEXT NOT NULL DEFAULT '';
ALTER TABLE audit ADD COLUMN transaction_id LONG NOT NULL DEFAULT 0;
CREATE INDEX audit_transaction ON audit (region_id, transaction_id);
CREATE TABLE audit_leaf (
    region_id UUID NOT NULL,
    seq LONG NOT NULL,
    row_id UUID NOT NULL,
    leaf BYTES NOT NULL,
    PRIMARY KEY (region_id, seq),
    UNIQUE (region_id, row_id)
) STRICT;
CREATE TABLE audit_seal (
    region_id UUID NOT NULL,
    batch LONG NOT NULL,
    first_seq LONG NOT NULL,
    last_seq LONG NOT NULL,
    row_count INT NOT NULL,
    sealed_below LONG NOT NULL,
    prev_hash BYTES NOT NULL,
    root BYTES NOT NULL,
    sealed_at INSTANT NOT NULL,
    key_id TEXT NOT NULL,
    hash BYTES NOT NULL,
    signature BYTES NOT NULL,
    PRIMARY KEY (region_id, batch)
) STRICT;
";

const SQLITE: &str = "
CREATE TRIGGER audit_leaf_no_update BEFORE UPDATE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER audit_leaf_no_delete BEFORE DELETE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const POSTGRES: &str = "
CREATE TRIGGER audit_leaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaf FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION append_only();
";

const UNDO: &str = "
DROP INDEX audit_transaction;
ALTER TABLE audit DROP COLUMN transaction_id;
ALTER TABLE audit DROP COLUMN instance;
ALTER TABLE audit DROP COLUMN activity;
ALTER TABLE audit DROP COLUMN trace;
ALTER TABLE audit DROP COLUMN row_count;
ALTER TABLE audit DROP COLUMN outcome;
ALTER TABLE audit DROP COLUMN origin;
ALTER TABLE audit DROP COLUMN emergency_id;
ALTER TABLE audit DROP COLUMN client_id;
ALTER TABLE audit DROP COLUMN form;
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["audit_seal", "audit_leaf"],
    undo: UNDO,
    postgres_down: "",
}
