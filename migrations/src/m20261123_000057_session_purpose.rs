//! For what somebody works in a session, where their roles know more than one purpose.

crate::step! {
    up: "ALTER TABLE web_session ADD COLUMN purpose TEXT;",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE web_session DROP COLUMN purpose;",
    postgres_down: "",
}
