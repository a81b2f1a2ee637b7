//! What regions make of the kinds of meetings, the parts of a meeting about several children,
//! and since when somebody sits at the table of a case.

const UP: &str = "
CREATE TABLE kind_profile (
    region_id UUID NOT NULL REFERENCES region (id),
    kind TEXT NOT NULL,
    version INT NOT NULL,
    valid_from DATE NOT NULL,
    body TEXT NOT NULL,
    set_by UUID NOT NULL REFERENCES person (id),
    set_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, kind, version)
) STRICT;
ALTER TABLE consultation ADD COLUMN within_id UUID;
ALTER TABLE consultation ADD COLUMN short_notice TEXT;
CREATE INDEX consultation_within ON consultation (region_id, within_id);
ALTER TABLE participant ADD COLUMN fixed BOOL NOT NULL DEFAULT FALSE;
ALTER TABLE case_guest ADD COLUMN joined_at INSTANT NOT NULL DEFAULT 0;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["kind_profile"],
    undo: "ALTER TABLE case_guest DROP COLUMN joined_at; ALTER TABLE participant DROP COLUMN fixed; DROP INDEX consultation_within; ALTER TABLE consultation DROP COLUMN short_notice; ALTER TABLE consultation DROP COLUMN within_id;",
    postgres_down: "",
}
