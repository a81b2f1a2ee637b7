//! Consent with its signatures, emergency access, and how far a case is escalated.

const UP: &str = "
CREATE TABLE consent (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    gives TEXT NOT NULL,
    receives TEXT NOT NULL,
    classes TEXT NOT NULL,
    given_on DATE NOT NULL,
    meeting_on DATE NOT NULL,
    expires_on DATE NOT NULL,
    exception TEXT,
    sealed_note BYTES,
    recorded_by UUID NOT NULL REFERENCES person (id),
    recorded_at INSTANT NOT NULL,
    withdrawn_at INSTANT,
    withdrawn_by UUID REFERENCES person (id),
    sealed_withdrawal BYTES,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE INDEX consent_case ON consent (region_id, case_id, id);
CREATE TABLE consent_signature (
    region_id UUID NOT NULL,
    consent_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    signed_on DATE NOT NULL,
    PRIMARY KEY (region_id, consent_id, person_id),
    FOREIGN KEY (region_id, consent_id) REFERENCES consent (region_id, id)
) STRICT;
CREATE TABLE emergency (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    organisation_id UUID NOT NULL,
    role TEXT NOT NULL,
    sealed_reason BYTES NOT NULL,
    started_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    ended_at INSTANT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE INDEX emergency_case ON emergency (region_id, case_id);
ALTER TABLE case_circle ADD COLUMN escalation_level INT NOT NULL DEFAULT 0;
ALTER TABLE case_circle ADD COLUMN escalated_on DATE;
UPDATE case_circle SET escalation_level = (
    SELECT thuiszitter.escalation_level FROM thuiszitter
    WHERE thuiszitter.region_id = case_circle.region_id AND thuiszitter.id = case_circle.case_id
) WHERE EXISTS (
    SELECT 1 FROM thuiszitter
    WHERE thuiszitter.region_id = case_circle.region_id AND thuiszitter.id = case_circle.case_id
);
";

const DOWN: &str = "
ALTER TABLE case_circle DROP COLUMN escalated_on;
ALTER TABLE case_circle DROP COLUMN escalation_level;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["emergency", "consent_signature", "consent"],
    undo: DOWN,
    postgres_down: "",
}
