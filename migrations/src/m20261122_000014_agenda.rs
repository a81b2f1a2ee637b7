//! One calendar per person or room, with the way between meetings; rooms, ways, and holds.
//!
//! `busy_span` keeps the same rows as `busy` in a form that a search reads at once. An empty
//! form is one that is yet to be made from the rows.

const UP: &str = "
CREATE TABLE busy_next (
    calendar_id UUID NOT NULL,
    booking_id UUID NOT NULL,
    region_id UUID NOT NULL,
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    lead LONG NOT NULL,
    remote BOOL NOT NULL,
    place_id UUID,
    expires_at INSTANT,
    PRIMARY KEY (calendar_id, booking_id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 28800000000),
    CHECK (lead BETWEEN 0 AND 14400000000)
) STRICT;
INSERT INTO busy_next SELECT b.person_id, b.consultation_id, b.region_id, b.starts_at, b.ends_at, 0,
    COALESCE(c.place IN ('ONLINE', 'PHONE'), 1 = 0),
    CASE WHEN c.place = 'SCHOOL' THEN c.school_id END, NULL
    FROM busy b LEFT JOIN consultation c ON c.region_id = b.region_id AND c.id = b.consultation_id;
DROP TABLE busy;
ALTER TABLE busy_next RENAME TO busy;
CREATE INDEX busy_start ON busy (calendar_id, starts_at);
CREATE INDEX busy_booking ON busy (booking_id);
CREATE TABLE busy_span (
    calendar_id UUID NOT NULL,
    chunk INT NOT NULL,
    spans BYTES NOT NULL,
    PRIMARY KEY (calendar_id, chunk)
) STRICT;
CREATE TABLE room (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    display_name TEXT NOT NULL,
    seats INT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    CHECK (seats > 0),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX room_organisation ON room (region_id, organisation_id);
CREATE TABLE consultation_room (
    region_id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    room_id UUID NOT NULL,
    PRIMARY KEY (region_id, consultation_id, room_id),
    FOREIGN KEY (region_id, consultation_id) REFERENCES consultation (region_id, id),
    FOREIGN KEY (region_id, room_id) REFERENCES room (region_id, id)
) STRICT;
CREATE TABLE place_point (
    region_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    latitude INT NOT NULL,
    longitude INT NOT NULL,
    PRIMARY KEY (region_id, organisation_id),
    FOREIGN KEY (region_id, organisation_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE TABLE travel (
    region_id UUID NOT NULL,
    from_id UUID NOT NULL,
    to_id UUID NOT NULL,
    minutes INT NOT NULL,
    PRIMARY KEY (region_id, from_id, to_id),
    CHECK (minutes BETWEEN 0 AND 240),
    FOREIGN KEY (region_id, from_id) REFERENCES organisation (region_id, id),
    FOREIGN KEY (region_id, to_id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE TABLE travel_usual (
    region_id UUID NOT NULL REFERENCES region (id),
    minutes INT NOT NULL,
    version INT NOT NULL,
    PRIMARY KEY (region_id),
    CHECK (minutes BETWEEN 0 AND 240)
) STRICT;
CREATE TABLE hold (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    owner_id UUID NOT NULL REFERENCES person (id),
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    place TEXT NOT NULL,
    school_id UUID,
    expires_at INSTANT NOT NULL,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX hold_owner ON hold (region_id, owner_id);
CREATE INDEX hold_expiry ON hold (region_id, expires_at);
ALTER TABLE consultation ADD COLUMN alone_because TEXT NOT NULL DEFAULT '';
";

/// The eight hours that a row may last bound how far back an overlap can begin, the four of a
/// lead how far ahead.
const SQLITE: &str = "
INSERT INTO busy_span SELECT DISTINCT calendar_id, starts_at / 7862400000000, x'' FROM busy;
CREATE TRIGGER busy_no_overlap_insert BEFORE INSERT ON busy
WHEN EXISTS (SELECT 1 FROM busy WHERE calendar_id = NEW.calendar_id
    AND starts_at > NEW.starts_at - NEW.lead - 28800000000 AND starts_at < NEW.ends_at + 14400000000
    AND starts_at - lead < NEW.ends_at AND ends_at > NEW.starts_at - NEW.lead)
BEGIN SELECT RAISE(ABORT, 'TIME_CONFLICT'); END;
CREATE TRIGGER busy_no_overlap_update BEFORE UPDATE ON busy
WHEN EXISTS (SELECT 1 FROM busy WHERE calendar_id = NEW.calendar_id AND booking_id <> OLD.booking_id
    AND starts_at > NEW.starts_at - NEW.lead - 28800000000 AND starts_at < NEW.ends_at + 14400000000
    AND starts_at - lead < NEW.ends_at AND ends_at > NEW.starts_at - NEW.lead)
BEGIN SELECT RAISE(ABORT, 'TIME_CONFLICT'); END;
";

const POSTGRES: &str = "
INSERT INTO busy_span SELECT DISTINCT calendar_id, (starts_at / 7862400000000)::integer, ''::bytea FROM busy;
ALTER TABLE busy ADD CONSTRAINT busy_no_overlap
    EXCLUDE USING gist (calendar_id WITH =, int8range(starts_at - lead, ends_at) WITH &&);
";

/// What was there before: meetings of persons, without a lead.
const UNDO: &str = "
ALTER TABLE consultation DROP COLUMN alone_because;
CREATE TABLE busy_before (
    person_id UUID NOT NULL REFERENCES person (id),
    consultation_id UUID NOT NULL,
    region_id UUID NOT NULL,
    starts_at INSTANT NOT NULL,
    ends_at INSTANT NOT NULL,
    PRIMARY KEY (person_id, consultation_id),
    CHECK (starts_at < ends_at AND ends_at - starts_at <= 28800000000)
) STRICT;
INSERT INTO busy_before SELECT calendar_id, booking_id, region_id, starts_at, ends_at FROM busy
    WHERE expires_at IS NULL AND calendar_id IN (SELECT id FROM person);
DROP TABLE busy;
ALTER TABLE busy_before RENAME TO busy;
CREATE INDEX busy_start ON busy (person_id, starts_at);
CREATE INDEX busy_consultation ON busy (consultation_id);
";

const SQLITE_DOWN: &str = "
CREATE TRIGGER busy_no_overlap_insert BEFORE INSERT ON busy
WHEN EXISTS (SELECT 1 FROM busy WHERE person_id = NEW.person_id
    AND starts_at > NEW.starts_at - 28800000000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'TIME_CONFLICT'); END;
CREATE TRIGGER busy_no_overlap_update BEFORE UPDATE ON busy
WHEN EXISTS (SELECT 1 FROM busy WHERE person_id = NEW.person_id AND consultation_id <> OLD.consultation_id
    AND starts_at > NEW.starts_at - 28800000000 AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'TIME_CONFLICT'); END;
";

const POSTGRES_DOWN: &str = "
ALTER TABLE busy ADD CONSTRAINT busy_no_overlap
    EXCLUDE USING gist (person_id WITH =, int8range(starts_at, ends_at) WITH &&);
";

crate::step! {
    up: UP,
    sqlite: SQLITE,
    postgres: POSTGRES,
    down: ["hold", "travel_usual", "travel", "place_point", "consultation_room", "room", "busy_span"],
    undo: UNDO,
    sqlite_down: SQLITE_DOWN,
    postgres_down: POSTGRES_DOWN,
}
