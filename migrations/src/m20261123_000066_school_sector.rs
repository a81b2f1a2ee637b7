//! Whether a school is one for primary or for secondary education, where somebody said so.

crate::step! {
    up: "ALTER TABLE school ADD COLUMN sector TEXT NOT NULL DEFAULT '';",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE school DROP COLUMN sector;",
    postgres_down: "",
}
