//! The log of a case's facts, which cannot be altered, and how its deadlines were last computed.

const UP: &str = "
CREATE TABLE case_fact (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    told_at INSTANT NOT NULL,
    actor_id UUID,
    organisation_id UUID,
    role TEXT NOT NULL,
    corrects_id UUID,
    sealed_fact BYTES,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id)
) STRICT;
CREATE INDEX case_fact_case ON case_fact (region_id, case_id, told_at, id);
CREATE TABLE case_computation (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    day DATE NOT NULL,
    basis BYTES NOT NULL,
    sealed_computation BYTES NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, id) REFERENCES thuiszitter (region_id, id)
) STRICT;
";

/// A fact goes only with its whole case, and only while an approved destruction of it runs.
const SQLITE: &str = "
CREATE TRIGGER case_fact_no_update BEFORE UPDATE ON case_fact BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER case_fact_no_delete BEFORE DELETE ON case_fact
WHEN NOT EXISTS (SELECT 1 FROM destruction_part p
    JOIN destruction d ON d.region_id = p.region_id AND d.id = p.destruction_id
    WHERE p.region_id = OLD.region_id AND p.part_id = OLD.case_id AND p.kind = 'CASE'
        AND d.state = 'RUNNING' AND d.approved_by IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const POSTGRES: &str = "
CREATE TRIGGER case_fact_append_only BEFORE UPDATE OR TRUNCATE ON case_fact FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER case_fact_no_delete BEFORE DELETE ON case_fact FOR EACH ROW EXECUTE FUNCTION only_when_approved();
";

crate::step! { up: UP, sqlite: SQLITE, postgres: POSTGRES, down: ["case_computation", "case_fact"], postgres_down: "" }
