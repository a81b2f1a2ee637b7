//! Work that follows a commit, what each participant was last told, and calendar feeds.

const UP: &str = "
CREATE TABLE outbox (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    dedupe TEXT NOT NULL,
    subject_id UUID NOT NULL,
    recipient_id UUID,
    message_id TEXT,
    sequence INT NOT NULL,
    sealed_payload BYTES,
    state TEXT NOT NULL,
    due_at INSTANT NOT NULL,
    attempts INT NOT NULL,
    lease_until INSTANT,
    lease_token UUID,
    expires_at INSTANT,
    last_error TEXT,
    created_at INSTANT NOT NULL,
    done_at INSTANT,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, kind, dedupe)
) STRICT;
CREATE INDEX outbox_due ON outbox (state, due_at, id);
CREATE INDEX outbox_subject ON outbox (region_id, subject_id, kind);
CREATE TABLE invitation (
    region_id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL,
    sequence INT NOT NULL,
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    place TEXT NOT NULL,
    notices INT NOT NULL,
    first_message_id TEXT NOT NULL,
    told_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, consultation_id, person_id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX invitation_person ON invitation (person_id, region_id, consultation_id);
CREATE TABLE feed (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    hash BYTES NOT NULL UNIQUE,
    person_id UUID NOT NULL REFERENCES person (id),
    created_at INSTANT NOT NULL,
    expires_at INSTANT NOT NULL,
    revoked_at INSTANT,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX feed_person ON feed (person_id, id);
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["feed", "invitation", "outbox"], postgres_down: "" }
