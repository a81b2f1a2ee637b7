//! Regions, organisations, people, what they may do and whose case they stand around; requests seen, and the audit log.

const UP: &str = "
CREATE TABLE region (
    id UUID NOT NULL PRIMARY KEY,
    swv_code TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE TABLE organisation (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    display_name TEXT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, kind, code)
) STRICT;
CREATE TABLE person (
    id UUID NOT NULL PRIMARY KEY,
    private BOOL NOT NULL,
    sealed_name BYTES,
    sealed_email BYTES,
    sealed_phone BYTES,
    sealed_birth_date BYTES,
    address_confidential BOOL NOT NULL,
    language TEXT NOT NULL,
    created_at INSTANT NOT NULL
) STRICT;
CREATE TABLE professional (
    region_id UUID NOT NULL REFERENCES region (id),
    person_id UUID NOT NULL REFERENCES person (id),
    code TEXT NOT NULL,
    display_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, person_id),
    UNIQUE (region_id, code)
) STRICT;
CREATE INDEX professional_name ON professional (region_id, display_name, person_id);
CREATE TABLE affiliation (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    organisation_id UUID NOT NULL,
    role TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX affiliation_person ON affiliation (person_id);
CREATE INDEX affiliation_organisation ON affiliation (region_id, organisation_id, role);
CREATE TABLE case_circle (
    region_id UUID NOT NULL REFERENCES region (id),
    case_id UUID NOT NULL,
    school_id UUID,
    gemeente_code TEXT NOT NULL,
    child_id UUID NOT NULL REFERENCES person (id),
    open BOOL NOT NULL,
    PRIMARY KEY (region_id, case_id)
) STRICT;
CREATE INDEX case_circle_school ON case_circle (region_id, school_id);
CREATE INDEX case_circle_gemeente ON case_circle (region_id, gemeente_code);
CREATE TABLE case_parent (
    region_id UUID NOT NULL,
    case_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    position INT NOT NULL,
    gezag TEXT NOT NULL,
    PRIMARY KEY (region_id, case_id, person_id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE TABLE case_guest (
    region_id UUID NOT NULL,
    case_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    consultation_id UUID NOT NULL,
    PRIMARY KEY (region_id, case_id, person_id, consultation_id),
    FOREIGN KEY (region_id, case_id) REFERENCES case_circle (region_id, case_id)
) STRICT;
CREATE INDEX case_guest_person ON case_guest (person_id, region_id, case_id);
CREATE TABLE subject_key (
    subject_id UUID NOT NULL,
    version INT NOT NULL,
    kek_id TEXT NOT NULL,
    wrapped BYTES NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (subject_id, version)
) STRICT;
CREATE TABLE token (
    id UUID NOT NULL PRIMARY KEY,
    hash BYTES NOT NULL UNIQUE,
    person_id UUID NOT NULL REFERENCES person (id),
    display_name TEXT NOT NULL,
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    revoked_at INSTANT
) STRICT;
CREATE INDEX token_person ON token (person_id, id);
CREATE TABLE request (
    region_id UUID NOT NULL,
    principal_id UUID NOT NULL,
    method TEXT NOT NULL,
    request_id UUID NOT NULL,
    hash BYTES NOT NULL,
    sealed_answer BYTES NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, principal_id, method, request_id)
) STRICT;
CREATE TABLE policy_profile (
    region_id UUID NOT NULL REFERENCES region (id),
    version TEXT NOT NULL,
    valid_from DATE NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (region_id, version)
) STRICT;
CREATE TABLE audit (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    at INSTANT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    organisation_id UUID,
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,
    action TEXT NOT NULL,
    method TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    subject_ref BYTES,
    object_type TEXT NOT NULL,
    object_id UUID,
    field_classes TEXT NOT NULL,
    request_id UUID,
    row_mac BYTES NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX audit_subject ON audit (subject_ref, at);
";

const SQLITE: &str = "
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'APPEND_ONLY'); END;
";

const POSTGRES: &str = "
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'APPEND_ONLY'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION append_only();
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["audit", "policy_profile", "request", "token", "subject_key", "case_guest", "case_parent", "case_circle", "affiliation", "professional", "person", "organisation", "region"],
    postgres_down: "DROP FUNCTION append_only()",
}
