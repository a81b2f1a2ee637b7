//! The pen: shapes and texts of an SVG, escaped, in greys that differ on paper.

use std::fmt::Write as _;

use crate::refusal::Language;

/// Where a text stands to its place.
#[derive(Debug, Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// As XML names a language.
pub(super) fn tag(language: Language) -> &'static str {
    match language {
        Language::Dutch => "nl",
        Language::English => "en",
    }
}

/// An SVG that is being drawn.
pub(super) struct Drawing {
    body: String,
    width: f64,
    height: f64,
}

/// Greys from light to dark, far enough apart for a bad printer.
pub(super) const GREYS: [&str; 5] = ["#f2f2f2", "#cfcfcf", "#a3a3a3", "#6b6b6b", "#2b2b2b"];

/// What can be told from a text in XML: nothing of it is markup, and nothing no XML may hold is left.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars().filter(|sign| !sign.is_control()) {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

impl Drawing {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { body: String::new(), width, height }
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a text does not fail.
        let _ = self.body.write_fmt(element);
        self.body.push('\n');
    }

    /// A box, with its edge.
    pub(super) fn area(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), fill: &str) {
        self.add(format_args!(
            r##"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{height:.1}" fill="{fill}" stroke="#000" stroke-width="0.7"/>"##
        ));
    }

    /// A thin line.
    pub(super) fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), stroke: &str) {
        self.add(format_args!(
            r#"<line x1="{x1:.1}" y1="{y1:.1}" x2="{x2:.1}" y2="{y2:.1}" stroke="{stroke}" stroke-width="0.8"/>"#
        ));
    }

    /// A thick line through points.
    pub(super) fn path(&mut self, points: &[(f64, f64)]) {
        let points = joined(points);
        self.add(format_args!(
            r##"<polyline points="{points}" fill="none" stroke="#000" stroke-width="2.2"/>"##
        ));
    }

    /// A dashed line through points.
    pub(super) fn dashed(&mut self, points: &[(f64, f64)]) {
        let points = joined(points);
        self.add(format_args!(
            r##"<polyline points="{points}" fill="none" stroke="#000" stroke-width="1" stroke-dasharray="5 4"/>"##
        ));
    }

    /// A filled shape without an edge.
    pub(super) fn shape(&mut self, points: &[(f64, f64)], fill: &str) {
        let points = joined(points);
        self.add(format_args!(r#"<polygon points="{points}" fill="{fill}"/>"#));
    }

    /// A text; `weight` is normal or bold.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, (size, fill): (f64, &str), text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let text = escaped(text);
        self.add(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}" font-size="{size:.0}" fill="{fill}">{text}</text>"#
        ));
    }

    /// The whole file. Who does not see it is told `title` and `description`.
    pub(super) fn done(self, language: Language, title: &str, description: &str) -> String {
        let Self { body, width, height } = self;
        let (title, description, language) = (escaped(title), escaped(description), tag(language));
        format!(
            r##"<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" width="{width:.0}" height="{height:.0}" role="img" aria-labelledby="title desc" lang="{language}" font-family="Helvetica, Arial, 'DejaVu Sans', sans-serif">
<title id="title">{title}</title>
<desc id="desc">{description}</desc>
<defs><pattern id="withheld" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><line x1="0" y1="0" x2="0" y2="6" stroke="#777" stroke-width="1.6"/></pattern></defs>
<rect width="100%" height="100%" fill="#fff"/>
{body}</svg>
"##
        )
    }
}

fn joined(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// A step for an axis up to `most` with some five marks: 1, 2 or 5 times a power of ten.
pub(super) fn step(most: f64) -> f64 {
    let rough = (most / 5.0).max(1.0);
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= rough).unwrap_or(rough)
}
