//! Mail that came back: by which address an answer is known, and what changed nothing.

const UP: &str = "
ALTER TABLE invitation ADD COLUMN reply_hash BYTES;
ALTER TABLE invitation ADD COLUMN answer_made_at INSTANT;
ALTER TABLE invitation ADD COLUMN answer_sequence INT;
ALTER TABLE invitation ADD COLUMN confirm_sent_at INSTANT;
CREATE UNIQUE INDEX invitation_reply ON invitation (region_id, reply_hash) WHERE reply_hash IS NOT NULL;
CREATE INDEX consultation_uid ON consultation (region_id, uid);
CREATE TABLE inbound_mail (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    message_hash BYTES NOT NULL,
    consultation_id UUID NOT NULL,
    person_id UUID,
    received_at INSTANT NOT NULL,
    method TEXT NOT NULL,
    answer TEXT NOT NULL,
    reason TEXT NOT NULL,
    subject_id UUID NOT NULL,
    sealed_from BYTES,
    sealed_text BYTES,
    dismissed_at INSTANT,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, message_hash),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id)
) STRICT;
CREATE INDEX inbound_mail_about ON inbound_mail (region_id, consultation_id, id);
CREATE INDEX inbound_mail_received ON inbound_mail (region_id, received_at);
";

const DOWN: &str = "
DROP INDEX consultation_uid;
DROP INDEX invitation_reply;
ALTER TABLE invitation DROP COLUMN confirm_sent_at;
ALTER TABLE invitation DROP COLUMN answer_sequence;
ALTER TABLE invitation DROP COLUMN answer_made_at;
ALTER TABLE invitation DROP COLUMN reply_hash;
";

crate::step! { up: UP, sqlite: "", postgres: "", down: ["inbound_mail"], undo: DOWN, postgres_down: "" }
