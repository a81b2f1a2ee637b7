//! Why something was decided, beside the fact that it was.

crate::step! {
    up: "ALTER TABLE case_fact ADD COLUMN sealed_reason BYTES;",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE case_fact DROP COLUMN sealed_reason;",
    postgres_down: "",
}
