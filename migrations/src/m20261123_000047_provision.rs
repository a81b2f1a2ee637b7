//! What schools and partners have for children that need more: with how many places, and how many wait.

const UP: &str = "
CREATE TABLE provision (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    topic TEXT NOT NULL,
    display_name TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    audience TEXT NOT NULL,
    places INT NOT NULL,
    taken INT NOT NULL,
    waiting INT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX provision_topic ON provision (region_id, topic, id);
CREATE INDEX provision_organisation ON provision (region_id, organisation_id);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["provision"], postgres_down: "" }
