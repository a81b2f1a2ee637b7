//! Open cases over time, stacked by how long the children are at home.

use chrono::{Datelike, NaiveDate};
use strum::IntoEnumIterator;

use super::draw::{Anchor, Drawing, GREYS, step};
use crate::{monitor::Band, refusal::Language, time::day_in_words};

/// What is shown of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// The day.
    pub date: NaiveDate,
    /// How many are in each band, shortest first; none where that is withheld.
    pub counts: [Option<u32>; 5],
}

const SIZE: (f64, f64) = (760.0, 430.0);
const LEFT: f64 = 56.0;
const RIGHT: f64 = 560.0;
const TOP: f64 = 60.0;
const BOTTOM: f64 = 360.0;
const BLACK: &str = "#000";

/// What a band is called.
fn name(band: Band, language: Language) -> &'static str {
    match (band, language) {
        (Band::Under4Weeks, Language::Dutch) => "korter dan 4 weken",
        (Band::From4To13Weeks, Language::Dutch) => "4 tot 13 weken",
        (Band::From13To26Weeks, Language::Dutch) => "13 tot 26 weken",
        (Band::From26To52Weeks, Language::Dutch) => "26 tot 52 weken",
        (Band::From52Weeks, Language::Dutch) => "52 weken of langer",
        (Band::Under4Weeks, Language::English) => "less than 4 weeks",
        (Band::From4To13Weeks, Language::English) => "4 to 13 weeks",
        (Band::From13To26Weeks, Language::English) => "13 to 26 weeks",
        (Band::From26To52Weeks, Language::English) => "26 to 52 weeks",
        (Band::From52Weeks, Language::English) => "52 weeks or longer",
    }
}

/// The picture; `place` is what the figures are about.
#[must_use]
pub fn bands(columns: &[Column], place: &str, language: Language) -> String {
    let mut drawing = Drawing::new(SIZE.0, SIZE.1);
    let (title, cases, withheld) = match language {
        Language::Dutch => ("Open dossiers, naar dagen thuis", "dossiers", "niet getoond"),
        Language::English => ("Open cases, by days at home", "cases", "not shown"),
    };
    let title = format!("{title} – {place}");
    drawing.text((LEFT, 28.0), Anchor::Start, (18.0, BLACK), &title);
    drawing.text((LEFT, 48.0), Anchor::Start, (12.0, BLACK), cases);
    let total = |column: &Column| column.counts.iter().flatten().sum::<u32>();
    let most = f64::from(columns.iter().map(total).max().unwrap_or_default()).max(1.0);
    let mark = step(most);
    let high = (most / mark).ceil() * mark;
    let y = |count: f64| BOTTOM - (BOTTOM - TOP) * count / high;
    let mut at = 0.0;
    while at <= high + 1e-9 {
        drawing.line((LEFT, y(at)), (RIGHT, y(at)), "#bbb");
        drawing.text((LEFT - 8.0, y(at) + 4.0), Anchor::End, (12.0, BLACK), &format!("{at:.0}"));
        at += mark;
    }
    let wide = (RIGHT - LEFT) / f64::from(u32::try_from(columns.len().max(1)).unwrap_or(1));
    let mut x = LEFT;
    for (nth, column) in columns.iter().enumerate() {
        let mut below = 0.0;
        for (count, grey) in column.counts.iter().zip(GREYS) {
            let count = f64::from(count.unwrap_or_default());
            if count > 0.0 {
                let (foot, head) = (y(below), y(below + count));
                drawing.area((x + wide * 0.14, head), (wide * 0.72, foot - head), grey);
                below += count;
            }
        }
        if column.counts.iter().any(Option::is_none) {
            drawing.area((x + wide * 0.14, y(below) - 8.0), (wide * 0.72, 8.0), "url(#withheld)");
        }
        let middle = x + wide / 2.0;
        drawing.text((middle, BOTTOM + 18.0), Anchor::Middle, (12.0, BLACK), month(column.date, language));
        if nth == 0 || column.date.month() == 1 {
            let year = column.date.year().to_string();
            drawing.text((middle, BOTTOM + 34.0), Anchor::Middle, (12.0, BLACK), &year);
        }
        x += wide;
    }
    drawing.line((LEFT, BOTTOM), (RIGHT, BOTTOM), BLACK);
    // The longest on top, as in the columns.
    let mut legend = TOP + 10.0;
    for (band, grey) in Band::iter().zip(GREYS).collect::<Vec<_>>().into_iter().rev() {
        drawing.area((RIGHT + 24.0, legend), (16.0, 16.0), grey);
        drawing.text((RIGHT + 48.0, legend + 13.0), Anchor::Start, (13.0, BLACK), name(band, language));
        legend += 26.0;
    }
    if columns.iter().any(|column| column.counts.iter().any(Option::is_none)) {
        drawing.area((RIGHT + 24.0, legend), (16.0, 16.0), "url(#withheld)");
        drawing.text((RIGHT + 48.0, legend + 13.0), Anchor::Start, (13.0, BLACK), withheld);
    }
    drawing.done(language, &title, &told(columns, language))
}

/// The last column in words.
fn told(columns: &[Column], language: Language) -> String {
    let Some(last) = columns.last() else { return String::new() };
    let count = |count: &Option<u32>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    let parts: Vec<String> = Band::iter()
        .zip(&last.counts)
        .map(|(band, told)| format!("{}: {}", name(band, language), count(told)))
        .collect();
    format!("{}: {}.", day_in_words(last.date, language), parts.join("; "))
}

fn month(date: NaiveDate, language: Language) -> &'static str {
    const DUTCH: [&str; 12] =
        ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];
    const ENGLISH: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let names = match language {
        Language::Dutch => DUTCH,
        Language::English => ENGLISH,
    };
    names.get(usize::try_from(date.month0()).unwrap_or_default()).copied().unwrap_or_default()
}
