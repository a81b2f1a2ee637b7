//! Who is signed in to the pages.

const UP: &str = "
CREATE TABLE web_session (
    id UUID NOT NULL PRIMARY KEY,
    hash BYTES NOT NULL UNIQUE,
    login_id UUID NOT NULL REFERENCES login (id) ON DELETE CASCADE,
    region_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    step_up TEXT,
    created_at INSTANT NOT NULL,
    used_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL
) STRICT;
CREATE INDEX web_session_login ON web_session (login_id);
CREATE INDEX web_session_end ON web_session (region_id, ends_at);
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["web_session"],
    postgres_down: "",
}
