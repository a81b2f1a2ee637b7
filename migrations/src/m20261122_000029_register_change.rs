//! Counts every change of the register, so that what is remembered of it is known to be what it is.

/// The tables of which something is kept in memory.
pub(crate) const COUNTED: &[&str] = &[
    "absence",
    "affiliation",
    "date_override",
    "excluded_postcode",
    "meeting_limits",
    "organisation",
    "place_point",
    "professional",
    "school",
    "school_closure",
    "school_holiday",
    "school_team_link",
    "team_area",
    "travel",
    "travel_usual",
    "weekly_hours",
];

const UP: &str = "
CREATE TABLE register_change (
    id INT NOT NULL PRIMARY KEY CHECK (id = 1),
    number LONG NOT NULL
) STRICT;
INSERT INTO register_change (id, number) VALUES (1, 0);
";

/// On SQLite, what counts the changes of `tables`.
pub(crate) fn sqlite(tables: &[&str]) -> String {
    let each = |table: &&str| {
        let on = |event: &str, name: &str| {
            format!(
                "CREATE TRIGGER {table}_counted_{name} AFTER {event} ON {table} \
                 BEGIN UPDATE register_change SET number = number + 1; END;\n"
            )
        };
        on("INSERT", "insert") + &on("UPDATE", "update") + &on("DELETE", "delete")
    };
    tables.iter().map(each).collect()
}

/// The same on PostgreSQL. Once a transaction, when it commits: two changes of the register wait for each
/// other as short as can be, and holding nothing that the other may want.
pub(crate) fn postgres(tables: &[&str]) -> String {
    let each = |table: &&str| {
        format!(
            "CREATE CONSTRAINT TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE ON {table} \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION register_changed();\n"
        )
    };
    tables.iter().map(each).collect()
}

/// Takes it away again, on SQLite.
pub(crate) fn sqlite_down(tables: &[&str]) -> String {
    let names = ["insert", "update", "delete"];
    let each = |table: &&str| names.map(|name| format!("DROP TRIGGER {table}_counted_{name};\n")).concat();
    tables.iter().map(each).collect()
}

/// The same on PostgreSQL.
pub(crate) fn postgres_down(tables: &[&str]) -> String {
    let each = |table: &&str| format!("DROP TRIGGER {table}_counted ON {table};\n");
    tables.iter().map(each).collect()
}

/// Counts, on PostgreSQL, once in each transaction.
const FUNCTION: &str = "
CREATE FUNCTION register_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('schakel.register_changed', true) IS DISTINCT FROM 'yes' THEN
        PERFORM set_config('schakel.register_changed', 'yes', true);
        UPDATE register_change SET number = number + 1;
    END IF;
    RETURN NULL;
END $$;
";

crate::step! {
    up: UP,
    sqlite: &sqlite(COUNTED),
    postgres: &(FUNCTION.to_owned() + &postgres(COUNTED)),
    down: ["register_change"],
    sqlite_down: &sqlite_down(COUNTED),
    postgres_down: &(postgres_down(COUNTED) + "DROP FUNCTION register_changed();"),
}
