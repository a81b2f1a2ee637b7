//! By what a case is known in other systems.

crate::step! {
    up: "ALTER TABLE thuiszitter ADD COLUMN sealed_references BYTES;",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE thuiszitter DROP COLUMN sealed_references;",
    postgres_down: "",
}
