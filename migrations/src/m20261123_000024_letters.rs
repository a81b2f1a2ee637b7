//! How each was told: by mail, or by a letter on paper.

crate::step! {
    up: "ALTER TABLE invitation ADD COLUMN channel TEXT NOT NULL DEFAULT 'MAIL';",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE invitation DROP COLUMN channel;",
    postgres_down: "",
}
