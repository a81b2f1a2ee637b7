//! A parent who is taken out of a case stays known to it until it is destroyed.

crate::step! {
    up: "ALTER TABLE case_parent ADD COLUMN left_at INSTANT;",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "DELETE FROM case_parent WHERE left_at IS NOT NULL; ALTER TABLE case_parent DROP COLUMN left_at;",
    postgres_down: "",
}
