//! What belongs to the keys: proof of the key file, who was erased, and the pause after a restore.

const UP: &str = "
CREATE TABLE key_check (
    id TEXT NOT NULL PRIMARY KEY,
    proof BYTES NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE TABLE erasure (
    mark BYTES NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    erased_at INSTANT NOT NULL
) STRICT;
CREATE TABLE mail_pause (
    id INT NOT NULL PRIMARY KEY,
    since INSTANT NOT NULL
) STRICT;
CREATE INDEX subject_key_kek ON subject_key (kek_id);
ALTER TABLE request ADD COLUMN kek_id TEXT;
CREATE INDEX request_kek ON request (kek_id);
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["mail_pause", "erasure", "key_check"],
    undo: "DROP INDEX request_kek; ALTER TABLE request DROP COLUMN kek_id; DROP INDEX subject_key_kek;",
    postgres_down: "",
}
