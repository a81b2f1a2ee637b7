//! The register of the region: areas, schools, clusters, teams and their ties.

const UP: &str = "
CREATE TABLE area (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    display_name TEXT NOT NULL,
    gemeente_code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, code)
) STRICT;
CREATE INDEX area_name ON area (region_id, display_name, id);
CREATE TABLE school (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    vestigingscode TEXT NOT NULL,
    display_name TEXT NOT NULL,
    board_code TEXT NOT NULL,
    street TEXT NOT NULL,
    house_number TEXT NOT NULL,
    postcode TEXT NOT NULL,
    city TEXT NOT NULL,
    gemeente_code TEXT NOT NULL,
    wijk_code TEXT NOT NULL,
    denomination TEXT NOT NULL,
    phone TEXT NOT NULL,
    website TEXT NOT NULL,
    holiday_region TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, vestigingscode),
    FOREIGN KEY (region_id, id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX school_name ON school (region_id, display_name, id);
CREATE TABLE school_closure (
    region_id UUID NOT NULL,
    school_id UUID NOT NULL,
    position INT NOT NULL,
    display_name TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    PRIMARY KEY (region_id, school_id, position),
    FOREIGN KEY (region_id, school_id) REFERENCES school (region_id, id)
) STRICT;
CREATE TABLE cluster (
    region_id UUID NOT NULL REFERENCES region (id),
    id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    display_name TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, code)
) STRICT;
CREATE INDEX cluster_name ON cluster (region_id, display_name, id);
CREATE TABLE cluster_member (
    region_id UUID NOT NULL,
    cluster_id UUID NOT NULL,
    position INT NOT NULL,
    school_id UUID NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    PRIMARY KEY (region_id, cluster_id, position),
    FOREIGN KEY (region_id, cluster_id) REFERENCES cluster (region_id, id),
    FOREIGN KEY (region_id, school_id) REFERENCES school (region_id, id)
) STRICT;
CREATE INDEX cluster_member_school ON cluster_member (region_id, school_id);
CREATE TABLE team (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    display_name TEXT NOT NULL,
    gemeente_code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, code),
    FOREIGN KEY (region_id, id) REFERENCES organisation (region_id, id)
) STRICT;
CREATE INDEX team_name ON team (region_id, display_name, id);
CREATE TABLE team_area (
    region_id UUID NOT NULL,
    team_id UUID NOT NULL,
    position INT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE,
    PRIMARY KEY (region_id, team_id, position),
    FOREIGN KEY (region_id, team_id) REFERENCES team (region_id, id)
) STRICT;
CREATE TABLE school_team_link (
    region_id UUID NOT NULL,
    id UUID NOT NULL,
    school_id UUID NOT NULL,
    team_id UUID NOT NULL,
    role TEXT NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    deputy_id UUID REFERENCES person (id),
    valid_from DATE NOT NULL,
    valid_until DATE,
    version INT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, school_id) REFERENCES school (region_id, id),
    FOREIGN KEY (region_id, team_id) REFERENCES team (region_id, id)
) STRICT;
CREATE INDEX school_team_link_school ON school_team_link (region_id, school_id);
";

crate::step! {
    up: UP,
    sqlite: "",
    postgres: "",
    down: ["school_team_link", "team_area", "team", "cluster_member", "cluster", "school_closure", "school", "area"],
    postgres_down: "",
}
