//! What is kept against destruction, what was put right, and what is destroyed by two persons.

const UP: &str = "
CREATE TABLE legal_hold (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    sealed_reason BYTES NOT NULL,
    set_by UUID NOT NULL REFERENCES person (id),
    set_at INSTANT NOT NULL,
    lifted_by UUID REFERENCES person (id),
    lifted_at INSTANT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE INDEX legal_hold_case ON legal_hold (region_id, case_id);
CREATE TABLE rectification (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    sealed_before BYTES,
    sealed_statement BYTES,
    sealed_reason BYTES NOT NULL,
    made_by UUID NOT NULL REFERENCES person (id),
    made_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE INDEX rectification_case ON rectification (region_id, case_id);
CREATE TABLE retention_profile (
    region_id UUID NOT NULL REFERENCES region (id),
    version INT NOT NULL,
    body TEXT NOT NULL,
    set_by UUID NOT NULL REFERENCES person (id),
    set_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, version)
) STRICT;
CREATE TABLE destruction (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    ground TEXT,
    case_id UUID,
    plan TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES person (id),
    proposed_as TEXT NOT NULL,
    proposed_at INSTANT NOT NULL,
    approved_by UUID REFERENCES person (id),
    approved_as TEXT NOT NULL,
    approved_at INSTANT,
    statement TEXT,
    PRIMARY KEY (region_id, id),
    CHECK (approved_by IS NULL OR approved_by <> proposed_by)
) STRICT;
CREATE TABLE destruction_part (
    region_id UUID NOT NULL,
    destruction_id UUID NOT NULL,
    part_id UUID NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (region_id, destruction_id, part_id),
    FOREIGN KEY (region_id, destruction_id) REFERENCES destruction (region_id, id)
) STRICT;
CREATE INDEX destruction_part_part ON destruction_part (region_id, part_id);
";

/// An event goes only with its whole case, and only while an approved destruction of it runs.
const SQLITE: &str = "
DROP TRIGGER case_event_no_delete;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event
WHEN NOT EXISTS (SELECT 1 FROM destruction_part p
    JOIN destruction d ON d.region_id = p.region_id AND d.id = p.destruction_id
    WHERE p.region_id = OLD.region_id AND p.part_id = OLD.case_id AND p.kind = 'CASE'
        AND d.state = 'RUNNING' AND d.approved_by IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const SQLITE_DOWN: &str = "
DROP TRIGGER case_event_no_delete;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const POSTGRES: &str = "
CREATE FUNCTION only_when_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM destruction_part p
        JOIN destruction d ON d.region_id = p.region_id AND d.id = p.destruction_id
        WHERE p.region_id = OLD.region_id AND p.part_id = OLD.case_id AND p.kind = 'CASE'
            AND d.state = 'RUNNING' AND d.approved_by IS NOT NULL)
    THEN RAISE EXCEPTION 'APPEND_ONLY'; END IF;
    RETURN OLD;
END $$;
DROP TRIGGER case_event_append_only ON case_event;
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event FOR EACH ROW EXECUTE FUNCTION only_when_approved();
";

const POSTGRES_DOWN: &str = "
DROP TRIGGER case_event_no_delete ON case_event;
DROP TRIGGER case_event_append_only ON case_event;
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event FOR EACH STATEMENT EXECUTE FUNCTION append_only();
DROP FUNCTION only_when_approved();
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["destruction_part", "destruction", "retention_profile", "rectification", "legal_hold"],
    sqlite_down: SQLITE_DOWN,
    postgres_down: POSTGRES_DOWN,
}
