//! The last day on which the contact of a school was to be told of a round, whether a mail could be written or not.

crate::step! {
    up: "ALTER TABLE survey_school ADD COLUMN tried_on DATE;",
    sqlite: "",
    postgres: "",
    down: [],
    undo: "ALTER TABLE survey_school DROP COLUMN tried_on;",
    postgres_down: "",
}
