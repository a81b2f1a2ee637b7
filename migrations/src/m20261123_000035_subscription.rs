//! Systems of organisations that are told when something changes in a case.

const UP: &str = "
CREATE TABLE subscription (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    host TEXT NOT NULL,
    kinds TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed_address BYTES NOT NULL,
    sealed_secret BYTES NOT NULL,
    sealed_former_secret BYTES,
    former_until INSTANT,
    created_at INSTANT NOT NULL,
    tried_at INSTANT,
    delivered_at INSTANT,
    failures INT NOT NULL,
    failing_since INSTANT,
    last_error TEXT NOT NULL,
    paused_at INSTANT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX subscription_of ON subscription (region_id, organisation_id, id);
CREATE INDEX case_event_at ON case_event (region_id, at);
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["subscription"],
    undo: "DROP INDEX case_event_at;",
    postgres_down: "",
}
