//! Sign-ins at identity providers, systems with their tokens, and the day on which a token was last used.

const UP: &str = "
CREATE TABLE system_client (
    region_id UUID NOT NULL,
    id UUID NOT NULL UNIQUE,
    organisation_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    oin TEXT,
    scopes TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    disabled_at INSTANT,
    created_at INSTANT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, organisation_id, oin),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX system_client_oin ON system_client (oin);
CREATE TABLE system_token (
    id UUID NOT NULL PRIMARY KEY,
    hash BYTES NOT NULL UNIQUE,
    client_id UUID NOT NULL REFERENCES system_client (id),
    display_name TEXT NOT NULL,
    register_only BOOL NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    revoked_at INSTANT,
    last_used_on DATE
) STRICT;
CREATE INDEX system_token_client ON system_token (client_id, id);
CREATE TABLE login (
    id UUID NOT NULL PRIMARY KEY,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    person_id UUID REFERENCES person (id),
    client_id UUID REFERENCES system_client (id),
    created_at INSTANT NOT NULL,
    removed_at INSTANT,
    UNIQUE (issuer, subject)
) STRICT;
CREATE INDEX login_person ON login (person_id);
CREATE INDEX login_client ON login (client_id);
ALTER TABLE token ADD COLUMN last_used_on DATE;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["login", "system_token", "system_client"],
    undo: "ALTER TABLE token DROP COLUMN last_used_on;",
    postgres_down: "",
}
