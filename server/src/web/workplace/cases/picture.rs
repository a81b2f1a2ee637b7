//! The timeline of a case as a picture: where everything stands on it, for the template to draw.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};
use minijinja::{Value, context};
use pb::{consultation::State, timeline::deadline};
use schakel_domain::{
    invitation::dates,
    refusal::Language,
    thuiszitter::{Event, Stage, home_until, next},
};
use schakel_proto::v1 as pb;

use super::{
    parts::{mark, standing},
    said::STAGES,
};
use crate::{
    access::authenticate,
    web::workplace::{shown, words::words},
};

words! {
    absence: "Thuis", "At home";
    stages: "Fase", "Stage";
    levels: "Escalatie", "Escalation";
    level: "Niveau", "Level";
    meetings: "Overleg", "Meetings";
    today: "vandaag", "today";
    from: "Van", "From";
    until: "tot", "to";
    days: "dagen thuis", "days at home";
    overdue: "termijnen verlopen", "deadlines overdue";
    ahead: "termijnen lopen", "deadlines running";
}

/// Units of the drawing: the words at the left, the plot, the words at the right.
const LEFT: i64 = 310;
const PLOT: i64 = 570;
const RIGHT: i64 = 260;
const TOP: i64 = 44;
const LANE: i64 = 30;
/// From one line of words in a lane to the next.
const LINE: i64 = 17;
/// Between words and the plot.
const GAP: i64 = 12;
/// A letter takes at most so much, taken over a few words, also in a wide face.
const LETTER: i64 = 9;
/// More deadlines than this are read in the table only.
const MOST: usize = 16;
/// What lies further ahead is read in the table only.
const AHEAD: Days = Days::new(120);
const MARGIN: Days = Days::new(5);

/// What is drawn.
pub(super) struct Told<'a> {
    pub(super) timeline: &'a pb::Timeline,
    pub(super) facts: &'a [pb::Fact],
    pub(super) meetings: &'a [pb::Consultation],
    /// The first day at home.
    pub(super) first: NaiveDate,
    /// The day of the outcome.
    pub(super) ended: Option<NaiveDate>,
    /// The day on which it stands so.
    pub(super) day: NaiveDate,
    pub(super) language: Language,
}

fn date(iso: &str) -> Option<NaiveDate> {
    iso.parse().ok()
}

/// The dates of the wire as places on the plot.
#[derive(Clone, Copy)]
struct Scale {
    from: NaiveDate,
    until: NaiveDate,
}

impl Scale {
    fn of(told: &Told) -> Self {
        let ahead = told.day.checked_add_days(AHEAD).unwrap_or(told.day);
        let due = told.timeline.deadlines.iter().filter_map(|one| date(&one.due_date));
        let meetings = told.meetings.iter().filter_map(day_of);
        let last = due.chain(meetings).filter(|day| *day <= ahead).chain([told.day]).max();
        let until = last.unwrap_or(told.day).checked_add_days(MARGIN).unwrap_or(told.day);
        let from = told.first.min(told.day).checked_sub_days(MARGIN).unwrap_or(told.first);
        Self { from, until }
    }

    fn x(self, day: NaiveDate) -> i64 {
        let all = (self.until - self.from).num_days().max(1);
        LEFT + (day.clamp(self.from, self.until) - self.from).num_days() * PLOT / all
    }

    fn holds(self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.until
    }

    /// The first days of months: of each, or of every third when there are many.
    fn ticks(self, language: Language) -> Vec<Value> {
        let every = if (self.until - self.from).num_days() > 400 { 3 } else { 1 };
        let mut found = Vec::new();
        let mut month = self.from.with_day(1);
        while let Some(first) = month.filter(|first| *first <= self.until) {
            if self.holds(first) && first.month0() % every == 0 {
                found.push(context! { x => self.x(first), label => month_name(first, language) });
            }
            month = first.checked_add_months(Months::new(1));
        }
        found
    }
}

/// `nov`, and `jan 2027`.
fn month_name(first: NaiveDate, language: Language) -> String {
    let at: DateTime<Utc> = first.and_time(NaiveTime::MIN).and_utc();
    let whole = dates::short(at, language);
    let month = whole.split_whitespace().nth(2).unwrap_or_default();
    if first.month0() == 0 { format!("{month} {}", first.year()) } else { month.to_owned() }
}

fn day_of(meeting: &pb::Consultation) -> Option<NaiveDate> {
    shown::instant(meeting.start_time.as_ref()).map(authenticate::today)
}

/// The stages with their first days, as the steps of the log lead from one to the next.
pub(super) fn stages(told: &Told) -> Vec<(NaiveDate, Stage)> {
    let mut steps: Vec<(NaiveDate, Event)> = told.facts.iter().filter_map(step).collect();
    steps.sort_by_key(|(day, _)| *day);
    let mut found = vec![(told.first, Stage::Signaal)];
    for (day, event) in steps {
        let from = found.last().map_or(Stage::Signaal, |(_, stage)| *stage);
        if let Ok(to) = next(from, event) {
            found.push((day, to));
        }
    }
    found
}

fn step(fact: &pb::Fact) -> Option<(NaiveDate, Event)> {
    let Some(pb::fact::Said::Step(step)) = &fact.said else { return None };
    Some((date(&step.date)?, step.step().as_str_name().strip_prefix("CASE_STEP_")?.parse().ok()?))
}

/// The levels of escalation with their first days.
fn levels(told: &Told) -> Vec<(NaiveDate, i32)> {
    let mut found: Vec<(NaiveDate, i32)> = (told.facts.iter())
        .filter_map(|fact| match &fact.said {
            Some(pb::fact::Said::Level(level)) => Some((date(&level.date)?, level.level)),
            Some(_) | None => None,
        })
        .collect();
    found.sort_by_key(|(day, _)| *day);
    found
}

/// Bars one after the other: each ends where the next begins, the last one at `end`.
fn bars<T>(scale: Scale, all: &[(NaiveDate, T)], end: NaiveDate, text: impl Fn(&T) -> String) -> Vec<Value> {
    let drawn = all.iter().enumerate().filter_map(|(at, (from, what))| {
        let until = all.get(at + 1).map_or(end, |(next, _)| *next).max(*from);
        let (x, width) = (scale.x(*from), (scale.x(until) - scale.x(*from)).max(3));
        let text = text(what);
        // What does not fit stands in the table.
        let fits = i64::try_from(text.chars().count()).is_ok_and(|letters| letters * LETTER + 8 <= width);
        let label = if fits { text.clone() } else { String::new() };
        (!text.is_empty()).then(|| context! { x, width, label, dark => at % 2 == 0 })
    });
    drawn.collect()
}

/// A text in lines that fit into `space`, broken between words, and within a word that is longer than a line.
fn wrapped(text: &str, space: i64) -> Vec<String> {
    let most = usize::try_from(space / LETTER).unwrap_or_default().max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for part in letters.chunks(most) {
            let part: String = part.iter().collect();
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + part.chars().count() <= most => {
                    line.push(' ');
                    line.push_str(&part);
                }
                Some(_) | None => lines.push(part),
            }
        }
    }
    lines
}

/// The lines around the `middle` of a lane: `y` and `text` of each.
fn placed(lines: &[String], middle: i64) -> Vec<Value> {
    let below = i64::try_from(lines.len()).unwrap_or_default() - 1;
    // A letter of 14 units stands 5 below its middle.
    let mut y = middle + 5 - below * LINE / 2;
    let one = |text: &String| {
        let here = y;
        y += LINE;
        context! { y => here, text => text.as_str() }
    };
    lines.iter().map(one).collect()
}

/// A lane for each deadline that falls within the picture, from `top` down, each as high as its words; and where
/// the last one ends.
fn deadlines(told: &Told, scale: Scale, top: i64) -> (Vec<Value>, i64) {
    let within = |one: &&pb::timeline::Deadline| date(&one.due_date).is_some_and(|due| scale.holds(due));
    let mut lanes = Vec::new();
    let mut top = top;
    for one in told.timeline.deadlines.iter().filter(within).take(MOST) {
        let Some(due) = date(&one.due_date) else { continue };
        let from = date(&one.start_date).unwrap_or(due).min(due);
        let (x, end) = (scale.x(from), scale.x(due));
        let name = wrapped(&format!("{} {}", one.norm, one.display_name), LEFT - GAP);
        let mut said = wrapped(&shown::day(&one.due_date, told.language), RIGHT - GAP);
        said.extend(wrapped(&standing(one, told.language), RIGHT - GAP));
        let most = i64::try_from(name.len().max(said.len())).unwrap_or_default();
        let height = LANE.max(most * LINE + 8);
        let middle = top + height / 2;
        lanes.push(context! {
            x, end, middle,
            width => (end - x).max(2),
            mark => mark(one.state()),
            name => placed(&name, middle),
            said => placed(&said, middle),
        });
        top += height;
    }
    (lanes, top)
}

fn meetings(told: &Told, scale: Scale) -> Vec<Value> {
    let mark = |one: &pb::Consultation| {
        let day = day_of(one).filter(|day| scale.holds(*day))?;
        let shape = match one.state() {
            State::Held => "held",
            State::Cancelled => "off",
            State::Planned | State::Unspecified => "planned",
        };
        Some(context! { x => scale.x(day), shape })
    };
    told.meetings.iter().filter_map(mark).collect()
}

/// The last day at home that the facts tell, up to `end`.
fn home_end(told: &Told, end: NaiveDate) -> NaiveDate {
    let returned = told.facts.iter().filter_map(|fact| match &fact.said {
        Some(pb::fact::Said::Happened(dated)) if matches!(dated.moment(), pb::Moment::Returned) => {
            date(&dated.date)
        }
        Some(_) | None => None,
    });
    home_until(told.first, returned.filter(|day| *day <= end).max(), end)
}

/// The picture in a sentence, for who does not see it.
fn description(told: &Told, until: NaiveDate) -> String {
    let own = words(told.language);
    let day = |date: NaiveDate| shown::day(&date.to_string(), told.language);
    let count = |wanted: &[deadline::State]| {
        told.timeline.deadlines.iter().filter(|one| wanted.contains(&one.state())).count()
    };
    let stage = told.timeline.stage().as_str_name();
    format!(
        "{} {} {} {}: {} {}. {}: {}. {} {}, {} {}.",
        own.from,
        day(told.first),
        own.until,
        day(until),
        (until - told.first).num_days(),
        own.days,
        own.stages,
        STAGES.say(stage, told.language),
        count(&[deadline::State::Overdue]),
        own.overdue,
        count(&[deadline::State::Running, deadline::State::DueSoon]),
        own.ahead,
    )
}

/// The picture: its size, the months, today, and a lane for everything.
pub(super) fn picture(told: &Told) -> Value {
    let own = words(told.language);
    let scale = Scale::of(told);
    let end = told.ended.unwrap_or(told.day).min(told.day).max(told.first);
    let said = |stage: &Stage| {
        let word: &str = stage.into();
        // A closed case is in no stage that lasts.
        if matches!(stage, Stage::Gesloten) {
            String::new()
        } else {
            STAGES.say(word, told.language).to_owned()
        }
    };
    let level = |level: &i32| if *level > 0 { format!("{} {level}", own.level) } else { String::new() };
    let fixed = [
        (
            own.absence,
            bars(scale, &[(told.first, ())], home_end(told, end), |()| own.absence.to_owned()),
            Vec::new(),
        ),
        (own.stages, bars(scale, &stages(told), end, said), Vec::new()),
        (own.levels, bars(scale, &levels(told), end, level), Vec::new()),
        (own.meetings, Vec::new(), meetings(told, scale)),
    ];
    let lanes: Vec<Value> = fixed
        .into_iter()
        .filter(|(_, bars, marks)| !bars.is_empty() || !marks.is_empty())
        .map(|(label, bars, marks)| context! { label, bars, marks })
        .collect();
    let below = TOP + i64::try_from(lanes.len()).unwrap_or_default() * LANE;
    let (deadlines, bottom) = deadlines(told, scale, below);
    context! {
        lanes, deadlines, bottom,
        top => TOP,
        lane => LANE,
        left => LEFT,
        right => LEFT + PLOT + GAP,
        width => LEFT + PLOT + RIGHT,
        height => bottom + 12,
        ticks => scale.ticks(told.language),
        today => scale.x(told.day),
        today_label => if told.day == end && told.ended.is_some() { String::new() } else { own.today.to_owned() },
        description => description(told, home_end(told, end)),
    }
}

#[cfg(test)]
mod tests {
    use schakel_domain::thuiszitter::Profile;

    use super::*;

    /// The letters of the lines, and the longest of them.
    fn lines(lane: &Value, name: &str) -> (String, usize) {
        let all: Vec<Value> = lane.get_attr(name).unwrap().try_iter().unwrap().collect();
        let all: Vec<String> = all.iter().map(|line| line.get_attr("text").unwrap().to_string()).collect();
        (all.join(" "), all.iter().map(|line| line.chars().count()).max().unwrap_or_default())
    }

    fn number(of: &Value, name: &str) -> i64 {
        of.get_attr(name).unwrap().try_into().unwrap()
    }

    #[test]
    fn no_text_of_a_deadline_is_cut_off_in_the_picture() {
        let first = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
        for (language, norm) in [Language::Dutch, Language::English]
            .into_iter()
            .flat_map(|language| Profile::shipped().norms.into_iter().map(move |norm| (language, norm)))
        {
            let one = pb::timeline::Deadline {
                norm: norm.id.clone(),
                display_name: norm.name(language).to_owned(),
                start_date: "2026-09-01".into(),
                due_date: "2026-09-21".into(),
                state: deadline::State::Met.into(),
                late_days: 365,
                ..Default::default()
            };
            let timeline = pb::Timeline { deadlines: vec![one.clone(), one.clone()], ..Default::default() };
            let drawn = picture(&Told {
                timeline: &timeline,
                facts: &[],
                meetings: &[],
                first,
                ended: None,
                day: first,
                language,
            });
            let lanes: Vec<Value> = drawn.get_attr("deadlines").unwrap().try_iter().unwrap().collect();
            let (name, longest) = lines(&lanes[0], "name");
            assert_eq!(name, format!("{} {}", norm.id, norm.name(language)));
            assert!(i64::try_from(longest).unwrap() * LETTER <= LEFT - GAP, "{name}");
            let (said, longest) = lines(&lanes[0], "said");
            assert_eq!(said, format!("{} {}", shown::day("2026-09-21", language), standing(&one, language)));
            assert!(
                number(&drawn, "right") + i64::try_from(longest).unwrap() * LETTER <= number(&drawn, "width"),
                "{said}"
            );
            // Words of one lane stay clear of those of the next.
            let ys = |lane: &Value| -> Vec<i64> {
                let all = lane.get_attr("name").unwrap().try_iter().unwrap();
                all.map(|line| number(&line, "y")).collect()
            };
            let (upper, lower) = (ys(&lanes[0]), ys(&lanes[1]));
            assert!(upper.last().unwrap() + LINE <= lower[0], "{upper:?} {lower:?}");
            assert!(*lower.last().unwrap() < number(&drawn, "bottom"), "{lower:?}");
        }
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken_and_nothing_of_it_lost() {
        let word = "aansprakelijkheidswaardevaststellingsveranderingen";
        let found = wrapped(&format!("R99 {word} nog"), 20 * LETTER);
        assert!(found.iter().all(|line| line.chars().count() <= 20), "{found:?}");
        assert_eq!(found.concat().replace(' ', ""), format!("R99{word}nog"));
        assert!(wrapped("", LEFT).is_empty());
    }
}
