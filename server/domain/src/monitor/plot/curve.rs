//! The part of the children that still waits, week by week, with its band and how many are at risk.

use super::draw::{Anchor, Drawing, step};
use crate::{monitor::End, refusal::Language};

/// The curve from one day on, as it is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Calendar days since the first day.
    pub days: u32,
    /// How many waited just before.
    pub at_risk: u32,
    /// The part that still waits after it.
    pub survival: f64,
    /// The lower end of the 95 % band.
    pub lower: f64,
    /// The upper end of it.
    pub upper: f64,
}

/// What the picture is of.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What is waited for.
    pub end: End,
    /// Whether every day is told; else a few weeks are, as long as there are enough children.
    pub exact: bool,
    /// The first day by which half no longer waits, as it is told.
    pub median: Option<u32>,
    /// In order.
    pub steps: Vec<Step>,
}

const SIZE: (f64, f64) = (760.0, 470.0);
const LEFT: f64 = 70.0;
const RIGHT: f64 = 730.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 360.0;
const BLACK: &str = "#000";
/// Between two numbers below the curve.
const APART: f64 = 40.0;

/// The picture; `place` is what the figures are about.
#[must_use]
pub fn survival(curve: &Curve, place: &str, language: Language) -> String {
    let (steps, median) = (curve.steps.as_slice(), curve.median);
    let mut drawing = Drawing::new(SIZE.0, SIZE.1);
    let words = Words::of(curve, language);
    let title = format!("{} – {place}", words.title);
    drawing.text((LEFT, 28.0), Anchor::Start, (18.0, BLACK), &title);
    drawing.text((LEFT, 50.0), Anchor::Start, (12.0, BLACK), words.part);
    let last = f64::from(steps.last().map_or(7, |step| step.days.max(7)));
    let weeks = last / 7.0;
    let mark = step(weeks);
    let wide = (weeks / mark).ceil() * mark * 7.0;
    let x = |days: f64| LEFT + (RIGHT - LEFT) * days / wide;
    let y = |part: f64| BOTTOM - (BOTTOM - TOP) * part;
    for tenth in [0, 2, 4, 6, 8, 10] {
        let part = f64::from(tenth) / 10.0;
        drawing.line((LEFT, y(part)), (RIGHT, y(part)), "#ccc");
        drawing.text((LEFT - 8.0, y(part) + 4.0), Anchor::End, (12.0, BLACK), &format!("{}%", tenth * 10));
    }
    let (line, low, high) = if curve.exact { stairs(steps, last) } else { slopes(steps) };
    let placed =
        |points: &[(f64, f64)]| points.iter().map(|(days, part)| (x(*days), y(*part))).collect::<Vec<_>>();
    let around: Vec<_> = high.iter().copied().chain(low.iter().rev().copied()).collect();
    drawing.shape(&placed(&around), "#dcdcdc");
    drawing.path(&placed(&line));
    if let Some(median) = median {
        let median = f64::from(median);
        drawing.dashed(&placed(&[(0.0, 0.5), (median, 0.5), (median, 0.0)]));
    }
    drawing.line((LEFT, BOTTOM), (RIGHT, BOTTOM), BLACK);
    drawing.line((LEFT, TOP), (LEFT, BOTTOM), BLACK);
    let mut week = 0.0;
    while week * 7.0 <= wide + 1e-9 {
        let at = x(week * 7.0);
        drawing.line((at, BOTTOM), (at, BOTTOM + 5.0), BLACK);
        drawing.text((at, BOTTOM + 20.0), Anchor::Middle, (12.0, BLACK), &format!("{week:.0}"));
        let risk = steps.iter().find(|step| f64::from(step.days) >= week * 7.0).map(|step| step.at_risk);
        if let Some(risk) = risk.filter(|_| curve.exact) {
            drawing.text((at, BOTTOM + 70.0), Anchor::Middle, (12.0, BLACK), &risk.to_string());
        }
        week += mark;
    }
    if !curve.exact {
        let mut free = LEFT - APART;
        for told in steps {
            let at = x(f64::from(told.days));
            if at - free >= APART {
                drawing.text((at, BOTTOM + 70.0), Anchor::Middle, (12.0, BLACK), &told.at_risk.to_string());
                free = at;
            }
        }
        let end = steps.last().map_or((0.0, 1.0), |step| (f64::from(step.days), step.survival));
        // Beside the end of the line, on the side on which there is room.
        let (side, by) =
            if x(end.0) < f64::midpoint(LEFT, RIGHT) { (Anchor::Start, 8.0) } else { (Anchor::End, 0.0) };
        drawing.text((x(end.0) + by, y(end.1) - 12.0), side, (12.0, BLACK), words.cut);
    }
    drawing.text((RIGHT, BOTTOM + 38.0), Anchor::End, (12.0, BLACK), words.weeks);
    drawing.text((LEFT, BOTTOM + 52.0), Anchor::Start, (12.0, BLACK), words.waiting);
    let (number, unit) =
        if curve.exact { (median, words.days) } else { (median.map(|days| days / 7), words.in_weeks) };
    let half =
        number.map_or_else(|| words.none.to_owned(), |number| format!("{} {number} {unit}", words.half));
    drawing.text((RIGHT, 50.0), Anchor::End, (12.0, BLACK), &half);
    drawing.text((LEFT, BOTTOM + 96.0), Anchor::Start, (11.0, "#333"), words.band);
    drawing.done(language, &title, &half)
}

type Points = Vec<(f64, f64)>;

/// The curve and both ends of its band as stairs.
fn stairs(steps: &[Step], last: f64) -> (Points, Points, Points) {
    let of = |part: fn(&Step) -> f64| {
        let mut points = vec![(0.0, 1.0)];
        let mut now = 1.0;
        for step in steps {
            let days = f64::from(step.days);
            points.extend([(days, now), (days, part(step))]);
            now = part(step);
        }
        points.push((last, now));
        points
    };
    (of(|step| step.survival), of(|step| step.lower), of(|step| step.upper))
}

/// The curve and both ends of its band from one told point to the next: what is in between, nobody is told.
fn slopes(steps: &[Step]) -> (Points, Points, Points) {
    let of = |part: fn(&Step) -> f64| {
        let told = steps.iter().map(|step| (f64::from(step.days), part(step)));
        [(0.0, 1.0)].into_iter().chain(told).collect()
    };
    (of(|step| step.survival), of(|step| step.lower), of(|step| step.upper))
}

struct Words {
    title: &'static str,
    part: &'static str,
    weeks: &'static str,
    waiting: &'static str,
    half: &'static str,
    days: &'static str,
    in_weeks: &'static str,
    none: &'static str,
    cut: &'static str,
    band: &'static str,
}

impl Words {
    fn of(curve: &Curve, language: Language) -> Self {
        let (exact, nothing) = (curve.exact, curve.steps.is_empty());
        match language {
            Language::Dutch => Self {
                title: match curve.end {
                    End::FirstMeeting => "Wachten op het eerste gesprek met ouders",
                    End::Offer => "Wachten op een passend aanbod",
                    End::Solved => "Wachten op een oplossing",
                },
                part: "deel dat nog wacht",
                weeks: "weken sinds de eerste dag thuis",
                waiting: if exact { "wachtend aan het begin van de week" } else { "wachtend kort ervoor" },
                half: "de helft wacht niet meer na",
                days: "dagen",
                in_weeks: "weken",
                none: if exact {
                    "meer dan de helft wacht nog"
                } else {
                    "te weinig kinderen om te zeggen wanneer de helft niet meer wacht"
                },
                cut: if nothing {
                    "te weinig kinderen om te tonen"
                } else {
                    "te weinig kinderen om verder te tonen"
                },
                band: if exact {
                    "Kaplan–Meier; grijs: 95%-betrouwbaarheidsband (Greenwood, log-log). Wie nog wacht, telt mee zolang dat bekend is."
                } else {
                    "Kaplan–Meier, afgerond, alleen waar het genoeg kinderen zijn; grijs: 95%-band, uit de getoonde getallen."
                },
            },
            Language::English => Self {
                title: match curve.end {
                    End::FirstMeeting => "Waiting for the first meeting with parents",
                    End::Offer => "Waiting for a fitting offer",
                    End::Solved => "Waiting for a solution",
                },
                part: "part that still waits",
                weeks: "weeks since the first day at home",
                waiting: if exact { "waiting at the start of the week" } else { "waiting just before" },
                half: "half no longer wait after",
                days: "days",
                in_weeks: "weeks",
                none: if exact {
                    "more than half still wait"
                } else {
                    "too few children to tell when half no longer wait"
                },
                cut: if nothing { "too few children to show" } else { "too few children to show more" },
                band: if exact {
                    "Kaplan–Meier; grey: 95% confidence band (Greenwood, log-log). Who still waits counts for as long as is known."
                } else {
                    "Kaplan–Meier, rounded, only where there are enough children; grey: 95% band, from the numbers shown."
                },
            },
        }
    }
}
