//! The register widened: partners, languages, expertise, who guides a cluster, split gemeenten,
//! agreements between regions, and actions that are done.

const UP: &str = "
CREATE TABLE partner (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    display_name TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, kind, code),
    FOREIGN KEY (region_id, id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE TABLE person_language (
    region_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    position INT NOT NULL,
    language TEXT NOT NULL,
    PRIMARY KEY (region_id, person_id, position)
) STRICT;
CREATE INDEX person_language_language ON person_language (region_id, language);
CREATE TABLE expertise (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    topic TEXT NOT NULL,
    display_name TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    audience TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX expertise_topic ON expertise (region_id, topic, id);
CREATE TABLE cluster_guide (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    cluster_id UUID NOT NULL,
    role TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, cluster_id) REFERENCES cluster (region_id, id)
) STRICT;
CREATE INDEX cluster_guide_cluster ON cluster_guide (region_id, cluster_id);
CREATE INDEX cluster_guide_person ON cluster_guide (region_id, person_id);
CREATE TABLE excluded_postcode (
    region_id UUID NOT NULL,
    area_id UUID NOT NULL,
    position INT NOT NULL,
    postcode TEXT NOT NULL,
    swv_code TEXT NOT NULL,
    swv_name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    PRIMARY KEY (region_id, area_id, position),
    FOREIGN KEY (region_id, area_id) REFERENCES area (region_id, id)
) STRICT;
CREATE TABLE region_agreement (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    partner_id UUID NOT NULL REFERENCES region (id),
    state TEXT NOT NULL,
    gemeente_codes TEXT NOT NULL,
    proposed_by UUID NOT NULL REFERENCES person (id),
    proposed_at INSTANT NOT NULL,
    accepted_by UUID REFERENCES person (id),
    accepted_at INSTANT,
    ended_at INSTANT,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE TABLE consultation_share (
    region_id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    partner_id UUID NOT NULL REFERENCES region (id),
    organisation_id UUID NOT NULL,
    PRIMARY KEY (region_id, consultation_id, person_id)
) STRICT;
CREATE INDEX consultation_share_partner ON consultation_share (partner_id, person_id);
ALTER TABLE action ADD COLUMN done_on DATE;
ALTER TABLE action ADD COLUMN done_by UUID;
CREATE INDEX action_owner ON action (region_id, owner_id, due_date, id);
ALTER TABLE consultation ADD COLUMN sealed_provider_reason BYTES;
";

const UNDO: &str = "
ALTER TABLE consultation DROP COLUMN sealed_provider_reason;
DROP INDEX action_owner;
ALTER TABLE action DROP COLUMN done_by;
ALTER TABLE action DROP COLUMN done_on;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: [
        "consultation_share",
        "region_agreement",
        "excluded_postcode",
        "cluster_guide",
        "expertise",
        "person_language",
        "partner",
    ],
    undo: UNDO,
    postgres_down: "",
}
