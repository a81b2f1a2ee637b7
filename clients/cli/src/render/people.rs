//! A tree as people read it: names before values, tables for lists, local time, nothing empty.

use super::{Table, table::width, tree::Node};
use crate::time;

/// A message as lines; lists of messages as tables below.
pub(crate) fn text(node: &Node) -> String {
    let Node::Message(fields) = node else { return word(node) };
    let short: Vec<_> = fields.iter().filter(|(_, node)| !is_block(node) && !word(node).is_empty()).collect();
    let mut lines = Table::bare();
    for (name, node) in &short {
        lines.row([(*name).to_owned(), word(node)]);
    }
    let mut parts = vec![lines.to_string()];
    for (name, node) in fields.iter().filter(|(_, node)| is_block(node)) {
        let block = if let Node::List(_) = node { table_of(node, &[]) } else { text(node) };
        if !block.is_empty() {
            parts.push(format!("{name}:\n{}", indented(&block)));
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// The field of a row that holds its figures: each a name and a count.
const FIGURES: &str = "figures";
/// Letters of a line that a screen shows whole.
const SCREEN: usize = 100;

/// Messages as rows. Without columns: every field that some row has, and figures side by side below.
pub(crate) fn table_of(nodes: &Node, columns: &[&str]) -> String {
    let Node::List(rows) = nodes else { return text(nodes) };
    let all: Vec<&str> = match (columns, rows.first()) {
        ([], Some(Node::Message(fields))) => fields.iter().map(|(name, _)| *name).collect(),
        (columns, _) => columns.to_vec(),
    };
    let (figures, all): (Vec<&str>, Vec<&str>) =
        all.into_iter().partition(|name| *name == FIGURES && columns.is_empty());
    let used = all.into_iter().filter(|name| rows.iter().any(|row| !word(at(row, name)).is_empty()));
    let used: Vec<&str> = used.collect();
    let mut table = Table::new(&used);
    for row in rows {
        table.row(used.iter().map(|name| told(row, name)));
    }
    let mut parts = vec![table.to_string()];
    if !figures.is_empty() {
        parts.extend(side_by_side(rows));
    }
    parts.join("\n\n")
}

/// The figures of rows: a line for each figure and a column for each row, as many at a time as a screen shows.
fn side_by_side(rows: &[Node]) -> Vec<String> {
    let longest = rows.iter().map(figures).max_by_key(|figures| figures.len()).unwrap_or_default();
    let names: Vec<String> = longest.iter().map(first).collect();
    let wide = names.iter().map(|name| width(name)).max().unwrap_or_default();
    let (mut tables, mut rest) = (Vec::new(), rows);
    while !rest.is_empty() {
        let (some, others) = rest.split_at(abreast(rest, wide));
        let mut table = Table::bare();
        table.row(std::iter::once(String::new()).chain(some.iter().map(called)));
        for name in &names {
            let count = |row| {
                let found = figures(row).iter().find(|figure| first(figure) == *name);
                found.map(|figure| told(figure, "count")).unwrap_or_default()
            };
            table.row(std::iter::once(name.clone()).chain(some.iter().map(count)));
        }
        tables.push(table.to_string());
        rest = others;
    }
    tables
}

/// How many of the rows fit beside names of that width; one at least.
fn abreast(rows: &[Node], mut wide: usize) -> usize {
    let fits = |row: &&Node| {
        wide += width(&called(row)).max(5) + 2;
        wide <= SCREEN
    };
    rows.iter().take_while(fits).count().max(1)
}

fn figures(row: &Node) -> &[Node] {
    if let Node::List(figures) = row.at(FIGURES) { figures } else { &[] }
}

/// What a figure is called: its first field.
fn first(figure: &Node) -> String {
    let Node::Message(fields) = figure else { return word(figure) };
    fields.first().map(|(_, node)| word(node)).unwrap_or_default()
}

/// What a row is called above its figures; `NONE` of what has no wijk, gemeente, school or cluster.
fn called(row: &Node) -> String {
    let names = ["display_name", "key"].map(|field| word(row.at(field)));
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "NONE".to_owned())
}

/// Why a number of a message is not told; the number is 0 then.
const UNTOLD: [&str; 2] = ["withheld", "uncounted"];

/// A field of a message in a few words: a dash for a number that is not told.
fn told(message: &Node, name: &str) -> String {
    let untold = UNTOLD.iter().any(|why| *message.at(why) == Node::Flag(true));
    let number = at(message, name);
    if untold && *number == Node::Number(0) { "–".to_owned() } else { word(number) }
}

/// A field, or with dots a field of a field: `absence.first_day`.
fn at<'n>(node: &'n Node, path: &str) -> &'n Node {
    path.split('.').fold(node, Node::at)
}

fn is_block(node: &Node) -> bool {
    match node {
        Node::Message(_) => true,
        Node::List(nodes) => matches!(nodes.first(), Some(Node::Message(_))),
        Node::Absent
        | Node::Flag(_)
        | Node::Number(_)
        | Node::Part(_)
        | Node::Text(_)
        | Node::Choice(..)
        | Node::Time(_)
        | Node::Span(_) => false,
    }
}

/// A value in a few words; empty when there is nothing to say.
pub(crate) fn word(node: &Node) -> String {
    match node {
        Node::Absent | Node::Flag(false) => String::new(),
        Node::Flag(true) => "yes".to_owned(),
        Node::Number(number) => number.to_string(),
        Node::Part(part) => format!("{part:.3}"),
        Node::Text(text) => text.clone(),
        Node::Choice(name, prefix) => match &name[*prefix..] {
            "UNSPECIFIED" => String::new(),
            bare => bare.to_owned(),
        },
        Node::Time(instant) => time::local(*instant),
        Node::Span(seconds) => time::length(*seconds),
        Node::List(nodes) => nodes.iter().map(word).collect::<Vec<_>>().join(", "),
        // A reason is told by its sentence.
        Node::Message(_) if *node.at("rule") != Node::Absent && *node.at("text") != Node::Absent => {
            word(node.at("text"))
        }
        Node::Message(fields) => {
            let said = fields.iter().filter(|(name, _)| !UNTOLD.contains(name));
            let words = said.map(|(name, _)| told(node, name)).filter(|word| !word.is_empty());
            words.collect::<Vec<_>>().join(" ")
        }
    }
}

fn indented(block: &str) -> String {
    let deeper = |line: &str| if line.is_empty() { String::new() } else { format!("  {line}") };
    block.lines().map(deeper).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use schakel_client::v1 as pb;

    use super::{super::tree::tree, *};

    #[test]
    fn a_message_shows_what_is_set_and_its_lists_as_tables() {
        let me = pb::WhoAmIResponse {
            person: "persons/1".into(),
            display_name: "Ilse Berg".into(),
            memberships: vec![pb::who_am_i_response::Membership {
                organisation: "organisations/2".into(),
                display_name: "De Wilg".into(),
                role: pb::Role::Iber.into(),
            }],
            ..Default::default()
        };
        assert_eq!(
            text(&tree(&me)),
            "person        persons/1\n\
             display_name  Ilse Berg\n\
             memberships:\n\
             \x20 organisation     display_name  role\n\
             \x20 organisations/2  De Wilg       IBER"
        );
    }

    #[test]
    fn columns_that_are_empty_everywhere_are_left_out() {
        let schools = [
            pb::School {
                display_name: "Één".into(), vestigingscode: "90AA00".into(), ..Default::default()
            },
            pb::School { display_name: "Twee en meer".into(), ..Default::default() },
        ];
        let nodes = Node::List(schools.iter().map(tree).collect());
        assert_eq!(
            table_of(&nodes, &["display_name", "vestigingscode", "city"]),
            "display_name  vestigingscode\nÉén           90AA00\nTwee en meer"
        );
    }

    #[test]
    fn a_figure_that_is_not_told_is_a_dash_and_no_nought() {
        let figure = |measure: &str, withheld, uncounted| pb::MonitorFigure {
            measure: measure.into(),
            withheld,
            uncounted,
            ..Default::default()
        };
        let figures = vec![
            figure("OPEN", true, false),
            figure("WITHOUT_REGISSEUR", false, true),
            figure("INFLOW", false, false),
        ];
        let row = pb::MonitorRow { key: "GM9901".into(), figures, ..Default::default() };
        let found =
            pb::GetMonitorResponse { total: Some(row.clone()), rows: vec![row], ..Default::default() };
        let text = text(&tree(&found));
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines.contains(&vec!["OPEN", "–", "yes"]), "{text}");
        assert!(lines.contains(&vec!["WITHOUT_REGISSEUR", "–", "yes"]), "{text}");
        assert!(lines.contains(&vec!["WITHOUT_REGISSEUR", "–"]), "{text}");
    }

    #[test]
    fn figures_of_many_rows_stand_side_by_side_and_no_line_is_wider_than_a_screen() {
        let figures = |nth: i32| {
            ["OPEN", "LABEL_VRIJSTELLINGSTRAJECT"].map(|measure| pb::MonitorFigure {
                measure: measure.into(),
                count: nth,
                ..Default::default()
            })
        };
        let row = |nth: i32| pb::MonitorRow {
            key: format!("WK9901{nth:02}"),
            display_name: if nth == 0 { String::new() } else { format!("Boterbloempolder {nth}") },
            figures: figures(nth).to_vec(),
            ..Default::default()
        };
        let rows: Vec<_> = (0..7).map(row).collect();
        let text = text(&tree(&pb::GetMonitorResponse { rows, ..Default::default() }));
        assert!(text.lines().all(|line| line.chars().count() <= SCREEN + 2), "{text}");
        let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split_whitespace().collect()).collect();
        assert!(lines.contains(&vec!["WK990106", "Boterbloempolder", "6"]), "{text}");
        assert!(lines.contains(&vec!["OPEN", "0", "1", "2", "3"]), "{text}");
        assert!(lines.contains(&vec!["OPEN", "4", "5", "6"]), "{text}");
    }

    #[test]
    fn columns_reach_into_messages() {
        let case = pb::Case {
            absence: Some(pb::case::Absence { first_day: "2026-09-01".into(), ..Default::default() }),
            ..Default::default()
        };
        let nodes = Node::List(vec![tree(&case)]);
        assert_eq!(table_of(&nodes, &["absence.first_day"]), "absence.first_day\n2026-09-01");
    }
}
