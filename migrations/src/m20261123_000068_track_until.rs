//! Until when an arrangement that began lasts.

crate::step! {
    up: "ALTER TABLE track_step ADD COLUMN until_on DATE;",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE track_step DROP COLUMN until_on;",
    postgres_down: "",
}
