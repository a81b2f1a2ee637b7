//! A case can be put aside: restricted while its correctness is disputed, or archived.

const UP: &str = "ALTER TABLE case_circle ADD COLUMN hold TEXT;";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE case_circle DROP COLUMN hold;",
    postgres_down: "",
}
