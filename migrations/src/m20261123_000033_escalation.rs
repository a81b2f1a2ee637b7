//! What was decided with doorzettingsmacht and whether it was done, and the views of the parties: what was
//! found and said cannot be altered.

const UP: &str = "
CREATE TABLE case_decision (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    decider_id UUID NOT NULL,
    decided_on DATE NOT NULL,
    sealed_text BYTES NOT NULL,
    obliged_id UUID NOT NULL,
    due_on DATE NOT NULL,
    recorded_at INSTANT NOT NULL,
    actor_id UUID,
    organisation_id UUID,
    role TEXT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id)
) STRICT;
CREATE INDEX case_decision_case ON case_decision (region_id, case_id, id);
CREATE TABLE decision_check (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    decision_id UUID NOT NULL,
    checked_on DATE NOT NULL,
    complied BOOL NOT NULL,
    sealed_found BYTES NOT NULL,
    recorded_at INSTANT NOT NULL,
    actor_id UUID,
    organisation_id UUID,
    role TEXT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, decision_id) REFERENCES case_decision (region_id, id)
) STRICT;
CREATE INDEX decision_check_case ON decision_check (region_id, case_id, id);
CREATE TABLE case_view (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    about TEXT NOT NULL,
    decision_id UUID,
    answers_id UUID,
    person_id UUID,
    party_id UUID,
    sealed_text BYTES NOT NULL,
    recorded_at INSTANT NOT NULL,
    actor_id UUID,
    organisation_id UUID,
    role TEXT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES thuiszitter (region_id, id),
    FOREIGN KEY (region_id, decision_id) REFERENCES case_decision (region_id, id)
) STRICT;
CREATE INDEX case_view_case ON case_view (region_id, case_id, id);
";

/// They go only with their whole case, and only while an approved destruction of it runs.
const SQLITE: &str = "
CREATE TRIGGER decision_check_no_update BEFORE UPDATE ON decision_check BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER decision_check_no_delete BEFORE DELETE ON decision_check
WHEN NOT EXISTS (SELECT 1 FROM destruction_part p
    JOIN destruction d ON d.region_id = p.region_id AND d.id = p.destruction_id
    WHERE p.region_id = OLD.region_id AND p.part_id = OLD.case_id AND p.kind = 'CASE'
        AND d.state = 'RUNNING' AND d.approved_by IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER case_view_no_update BEFORE UPDATE ON case_view BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER case_view_no_delete BEFORE DELETE ON case_view
WHEN NOT EXISTS (SELECT 1 FROM destruction_part p
    JOIN destruction d ON d.region_id = p.region_id AND d.id = p.destruction_id
    WHERE p.region_id = OLD.region_id AND p.part_id = OLD.case_id AND p.kind = 'CASE'
        AND d.state = 'RUNNING' AND d.approved_by IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const POSTGRES: &str = "
CREATE TRIGGER decision_check_append_only BEFORE UPDATE OR TRUNCATE ON decision_check FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER decision_check_no_delete BEFORE DELETE ON decision_check FOR EACH ROW EXECUTE FUNCTION only_when_approved();
CREATE TRIGGER case_view_append_only BEFORE UPDATE OR TRUNCATE ON case_view FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER case_view_no_delete BEFORE DELETE ON case_view FOR EACH ROW EXECUTE FUNCTION only_when_approved();
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["case_view", "decision_check", "case_decision"],
    postgres_down: "",
}
