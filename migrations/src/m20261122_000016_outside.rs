//! Calendars that people keep elsewhere, and the school holidays that a region was told.

const UP: &str = "
CREATE TABLE outside_calendar (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    sealed_address BYTES,
    host TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    busy BYTES NOT NULL,
    known_until INSTANT,
    read_at INSTANT,
    fetched_at INSTANT,
    next_fetch_at INSTANT,
    failures INT NOT NULL,
    last_error TEXT NOT NULL,
    unread INT NOT NULL,
    unread_reason TEXT NOT NULL,
    lease_token UUID,
    leased_until INSTANT,
    PRIMARY KEY (region_id, id)
) STRICT;
CREATE INDEX outside_calendar_person ON outside_calendar (person_id);
CREATE INDEX outside_calendar_due ON outside_calendar (region_id, next_fetch_at);
CREATE TABLE school_holiday (
    region_id UUID NOT NULL REFERENCES region (id),
    school_year TEXT NOT NULL,
    holiday_region TEXT NOT NULL,
    kind TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    PRIMARY KEY (region_id, school_year, holiday_region, kind)
) STRICT;
ALTER TABLE school_closure ADD COLUMN opened BOOL NOT NULL DEFAULT FALSE;
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["school_holiday", "outside_calendar"],
    undo: "ALTER TABLE school_closure DROP COLUMN opened;",
    postgres_down: "",
}
