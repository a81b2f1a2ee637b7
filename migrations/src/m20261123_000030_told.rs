//! How regions and people want to be told by mail, what is held back for later, and reminders.

const UP: &str = "
ALTER TABLE invitation ADD COLUMN standing INT NOT NULL DEFAULT 0;
ALTER TABLE invitation ADD COLUMN remind_at INSTANT;
ALTER TABLE invitation ADD COLUMN reminded_at INSTANT;
UPDATE invitation SET standing = sequence;
CREATE INDEX invitation_remind ON invitation (region_id, remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX outbox_recipient ON outbox (region_id, recipient_id, created_at) WHERE recipient_id IS NOT NULL;
CREATE TABLE mail_profile (
    region_id UUID NOT NULL REFERENCES region (id),
    version INT NOT NULL,
    body TEXT NOT NULL,
    set_by UUID NOT NULL REFERENCES person (id),
    set_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, version)
) STRICT;
CREATE TABLE mail_wishes (
    region_id UUID NOT NULL REFERENCES region (id),
    person_id UUID NOT NULL REFERENCES person (id),
    body TEXT NOT NULL,
    version INT NOT NULL,
    updated_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, person_id)
) STRICT;
CREATE TABLE held_news (
    region_id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    consultation_id UUID NOT NULL,
    due_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, person_id, consultation_id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX held_news_due ON held_news (region_id, due_at);
CREATE INDEX held_news_meeting ON held_news (region_id, consultation_id);
";

const UNDO: &str = "
DROP INDEX outbox_recipient;
DROP INDEX invitation_remind;
ALTER TABLE invitation DROP COLUMN reminded_at;
ALTER TABLE invitation DROP COLUMN remind_at;
ALTER TABLE invitation DROP COLUMN standing;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["held_news", "mail_wishes", "mail_profile"],
    undo: UNDO,
    postgres_down: "",
}
