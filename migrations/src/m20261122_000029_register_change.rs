//! Counts every change of the register, so that what is remembered of it is known to be what it is.

/// The tables of which something is kept in memory.
pub const COUNTED: &[&str] = &[
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

fn each(sql: impl Fn(&str) -> String) -> String {
    COUNTED.iter().map(|table| sql(table)).collect()
}

fn sqlite() -> String {
    each(|table| {
        let on = |event: &str, name: &str| {
            format!(
                "CREATE TRIGGER {table}_counted_{name} AFTER {event} ON {table} \
                 BEGIN UPDATE register_change SET number = number + 1; END;\n"
            )
        };
        on("INSERT", "insert") + &on("UPDATE", "update") + &on("DELETE", "delete")
    })
}

/// Once a transaction, when it commits: two changes of the register wait for each other as
/// short as can be, and holding nothing that the other may want.
fn postgres() -> String {
    const FUNCTION: &str = "
CREATE FUNCTION register_changed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF current_setting('schakel.register_changed', true) IS DISTINCT FROM 'yes' THEN
        PERFORM set_config('schakel.register_changed', 'yes', true);
        UPDATE register_change SET number = number + 1;
    END IF;
    RETURN NULL;
END $$;
";
    let counted = each(|table| {
        format!(
            "CREATE CONSTRAINT TRIGGER {table}_counted AFTER INSERT OR UPDATE OR DELETE ON {table} \
             DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION register_changed();\n"
        )
    });
    format!("{FUNCTION}{counted}")
}

fn sqlite_down() -> String {
    each(|table| {
        ["insert", "update", "delete"].map(|name| format!("DROP TRIGGER {table}_counted_{name};\n")).concat()
    })
}

fn postgres_down() -> String {
    each(|table| format!("DROP TRIGGER {table}_counted ON {table};\n")) + "DROP FUNCTION register_changed();"
}

crate::step! {
    up: UP,
    sqlite: &sqlite(),
    postgres: &postgres(),
    down: ["register_change"],
    sqlite_down: &sqlite_down(),
    postgres_down: &postgres_down(),
}
