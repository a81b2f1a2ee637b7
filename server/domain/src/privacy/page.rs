//! An export as one page for people: plain Dutch, nothing from elsewhere, made to be printed.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Map, Value};

use super::words;

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#111;background:#fff}\
h1,h2,h3,h4,h5,h6{line-height:1.2;break-after:avoid}table{border-collapse:collapse;width:100%;margin:0 0 1rem}\
th,td{border:1px solid #767676;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
tr{break-inside:avoid}caption{text-align:left;font-weight:bold;padding:.3rem 0}\
@media print{body{max-width:none;padding:0;font-size:10pt}}";

const LEAD: &str = "<p>Hieronder staat alles wat wij over dit kind bewaren, en wie het heeft gezien. \
Klopt er iets niet, of wilt u dat wij iets wissen? Vraag het aan de school of aan de functionaris \
gegevensbescherming. U hoeft niet uit te leggen waarom u deze gegevens wilt zien.</p>";

/// The page of `export`, an object whose fields have labels.
pub fn page(export: &Value) -> String {
    let mut out = String::from("<!doctype html>\n<html lang=\"nl\"><head><meta charset=\"utf-8\">");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    out.push_str("<meta name=\"robots\" content=\"noindex\"><title>Uw gegevens in Schakel</title>");
    let _ = write!(out, "<style>{STYLE}</style></head><body><main><h1>Uw gegevens in Schakel</h1>{LEAD}");
    if let Value::Object(fields) = export {
        object(&mut out, fields, 2);
    }
    out.push_str("</main></body></html>\n");
    out
}

/// Fields in the order of their labels; what is empty is left out.
fn sorted(fields: &Map<String, Value>) -> Vec<(&str, &Value)> {
    let place = |field: &str| words::label(field).map_or(usize::MAX, |(at, _)| at);
    let mut shown: Vec<_> = fields
        .iter()
        .map(|(field, value)| (field.as_str(), value))
        .filter(|(_, value)| !is_empty(value))
        .collect();
    shown.sort_by_key(|(field, _)| place(field));
    shown
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn name(field: &str) -> &str {
    words::label(field).map_or(field, |(_, name)| name)
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(items) => items.iter().all(Value::is_string),
        Value::Object(_) => false,
    }
}

/// Plain fields as a table of two columns, then the others each below its own heading.
fn object(out: &mut String, fields: &Map<String, Value>, level: u8) {
    let (plain, deep): (Vec<_>, Vec<_>) = sorted(fields).into_iter().partition(|(_, value)| is_plain(value));
    if !plain.is_empty() {
        out.push_str("<table><tbody>");
        for (field, value) in plain {
            let _ = write!(
                out,
                "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
                escaped(name(field)),
                shown(value)
            );
        }
        out.push_str("</tbody></table>");
    }
    for (field, value) in deep {
        heading(out, level, name(field));
        match value {
            Value::Object(inner) => object(out, inner, level + 1),
            Value::Array(items) => list(out, name(field), items, level),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

fn heading(out: &mut String, level: u8, text: &str) {
    let level = level.min(6);
    let _ = write!(out, "<h{level}>{}</h{level}>", escaped(text));
}

/// Objects of plain fields as one table, others one below the other.
fn list(out: &mut String, title: &str, items: &[Value], level: u8) {
    let objects: Vec<_> = items.iter().filter_map(Value::as_object).collect();
    if !objects.iter().all(|fields| fields.values().all(is_plain)) {
        for (fields, number) in objects.iter().zip(1..) {
            if objects.len() > 1 {
                heading(out, level + 1, &format!("{title}: {number}"));
            }
            object(out, fields, level + 1);
        }
        return;
    }
    let mut columns: Vec<&str> =
        objects.iter().flat_map(|fields| sorted(fields)).map(|(field, _)| field).collect();
    columns.sort_by_key(|field| words::label(field).map_or(usize::MAX, |(at, _)| at));
    columns.dedup();
    out.push_str("<table><thead><tr>");
    for column in &columns {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(name(column)));
    }
    out.push_str("</tr></thead><tbody>");
    for fields in objects {
        out.push_str("<tr>");
        for column in &columns {
            let _ = write!(out, "<td>{}</td>", fields.get(*column).map(shown).unwrap_or_default());
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::Bool(true) => "ja".to_owned(),
        Value::Bool(false) => "nee".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => escaped(&readable(text)),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
    }
}

/// A day, an instant or a code in words; anything else as somebody wrote it.
fn readable(text: &str) -> String {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return words::date(day);
    }
    if let Ok(instant) = text.parse::<DateTime<Utc>>() {
        return words::moment(instant);
    }
    if words::is_code(text) { words::word(text) } else { text.to_owned() }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_has_headings_tables_and_dutch() {
        let page = page(&json!({
            "left_out": [], "child": {"display_name": "Fenna", "birth_date": "2014-03-02", "address_confidential": false},
            "cases": [{"state": "OPEN", "timeline": [
                {"time": "2026-11-23T08:00:00Z", "text": "Het dossier is geopend.", "role": "IBER"},
                {"time": "2026-11-24T08:00:00Z", "text": "Nee"},
            ]}],
        }));
        for part in [
            "<html lang=\"nl\">",
            "<h2>Het kind</h2>",
            "<tr><th scope=\"row\">Geboortedatum</th><td>2 maart 2014</td></tr>",
            "<tr><th scope=\"row\">Geheim adres</th><td>nee</td></tr>",
            "<h3>Wat er gebeurde</h3><table><thead><tr><th scope=\"col\">Tijdstip</th><th scope=\"col\">Tekst</th>",
            "<td>23 november 2026, 09:00</td><td>Het dossier is geopend.</td><td>intern begeleider</td>",
            "<td>Nee</td><td></td></tr>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("Wat hier niet in staat"), "an empty list has no heading");
        assert!(page.find("Het kind").unwrap() < page.find("Dossiers").unwrap());
        assert!(!page.contains("http:") && !page.contains("src=") && !page.contains("<script"));
    }

    proptest! {
        /// What somebody typed is shown, and does nothing.
        #[test]
        fn text_stays_text(text in "\\PC{0,40}") {
            let page = page(&json!({"child": {"display_name": format!("x{text}<b>")}}));
            let cell = page.split("<td>").nth(1).unwrap().split("</td>").next().unwrap();
            prop_assert!(!cell.contains('<') && cell.ends_with("&lt;b&gt;"));
        }
    }
}
