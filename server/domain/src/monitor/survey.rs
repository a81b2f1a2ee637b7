//! Rounds of questions to schools: what can be asked, what answers it, and who is told when.

use chrono::{Days, NaiveDate};

use crate::{
    invitation::ahead::{MAX_DAYS, MOST_MOMENTS, is_told, told_on},
    refusal::{Language, Refusal, Violation},
    text::Name,
};

/// The most questions of a round.
pub const MOST_QUESTIONS: usize = 30;
/// The most options of a choice; fewer than two are none.
pub const MOST_OPTIONS: usize = 20;
/// More is a mistake.
pub const MOST_NUMBER: u32 = 1_000_000;
/// The longest that a round is open, in days.
const LONGEST: u64 = 366;

/// The same in two languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Plain Dutch.
    pub dutch: Name,
    /// English.
    pub english: Name,
}

impl Words {
    /// In one of them.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Dutch => self.dutch.as_str(),
            Language::English => self.english.as_str(),
        }
    }
}

/// What answers a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Form {
    /// How many of something.
    WholeNumber,
    /// One of the options.
    Choice,
    /// Yes or no.
    YesNo,
    /// One line without names.
    ShortText,
}

/// A question to every school of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub text: Words,
    /// What answers it.
    pub form: Form,
    /// Of a number: of what.
    pub unit: Option<Words>,
    /// Of a choice: out of which.
    pub options: Vec<Words>,
    /// It may be left open.
    pub optional: bool,
}

/// What answers one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// So many.
    Number(u32),
    /// The option at this place, from 0.
    Option(usize),
    /// Yes, or no.
    Yes(bool),
    /// In words.
    Text(Name),
}

impl Question {
    /// The fields of it that do not belong to its form, or are missing.
    #[must_use]
    pub fn wrong(&self) -> Vec<(&'static str, Refusal)> {
        let mut wrong = Vec::new();
        let counts = matches!(self.form, Form::WholeNumber);
        match (&self.unit, counts) {
            (None, true) => wrong.push(("unit", Refusal::FieldRequired)),
            (Some(_), false) => wrong.push(("unit", Refusal::FieldInvalid)),
            (Some(_), true) | (None, false) => {}
        }
        let some = if matches!(self.form, Form::Choice) { 2..=MOST_OPTIONS } else { 0..=0 };
        if !some.contains(&self.options.len()) {
            wrong.push(("options", Refusal::FieldInvalid));
        }
        wrong
    }

    /// That `value` answers it.
    ///
    /// # Errors
    /// `FIELD_REQUIRED` when it may not be left open; `FIELD_INVALID` for another form, an option that there
    /// is not, a number that is too large, or a text with an address.
    pub fn fits(&self, value: Option<&Value>) -> Result<(), Refusal> {
        let Some(value) = value else {
            return if self.optional { Ok(()) } else { Err(Refusal::FieldRequired) };
        };
        let fits = match (self.form, value) {
            (Form::WholeNumber, Value::Number(number)) => *number <= MOST_NUMBER,
            (Form::Choice, Value::Option(at)) => *at < self.options.len(),
            (Form::YesNo, Value::Yes(_)) => true,
            // An address is somebody's name too.
            (Form::ShortText, Value::Text(text)) => !text.as_str().contains('@'),
            (
                Form::WholeNumber | Form::Choice | Form::YesNo | Form::ShortText,
                Value::Number(_) | Value::Option(_) | Value::Yes(_) | Value::Text(_),
            ) => false,
        };
        if fits { Ok(()) } else { Err(Refusal::FieldInvalid) }
    }

    /// As it stands in a table for people: a number without its unit, the words of an option.
    #[must_use]
    pub fn shown(&self, value: Option<&Value>, language: Language) -> String {
        match value {
            None => String::new(),
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Option(at)) => {
                self.options.get(*at).map(|words| words.of(language).to_owned()).unwrap_or_default()
            }
            Some(Value::Yes(yes)) => match (yes, language) {
                (true, Language::Dutch) => "ja".to_owned(),
                (false, Language::Dutch) => "nee".to_owned(),
                (true, Language::English) => "yes".to_owned(),
                (false, Language::English) => "no".to_owned(),
            },
            Some(Value::Text(text)) => text.as_str().to_owned(),
        }
    }
}

/// Every answer that does not fit, by its place; each question has one.
#[must_use]
pub fn misfits(questions: &[Question], values: &[Option<Value>]) -> Vec<Violation> {
    if values.len() > questions.len() {
        return vec![Violation::new("values", Refusal::FieldInvalid)];
    }
    let given = values.iter().map(Option::as_ref).chain(std::iter::repeat(None));
    let wrong = questions.iter().zip(given).enumerate().filter_map(|(at, (question, value))| {
        let refusal = question.fits(value).err()?;
        Some(Violation::new(format!("values[{at}]"), refusal))
    });
    wrong.collect()
}

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// It is answered, or will be.
    Open,
    /// Closed, or past its last day.
    Closed,
}

/// What a school is told of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Telling {
    /// That there are questions.
    Ask,
    /// That they still wait.
    Remind,
}

/// The days of a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The first on which it is answered.
    pub opens: NaiveDate,
    /// The last.
    pub due: NaiveDate,
    /// When it was closed before its time.
    pub closed: Option<NaiveDate>,
    /// So many days before the last who has not answered is reminded.
    pub reminders: Vec<u16>,
}

impl Round {
    /// What is wrong with the days of a new one.
    #[must_use]
    pub fn wrong(&self, today: NaiveDate) -> Vec<(&'static str, Refusal)> {
        let mut wrong = Vec::new();
        if self.opens < today || self.opens > today + Days::new(LONGEST) {
            wrong.push(("open_date", Refusal::TimeOutOfBounds));
        }
        if self.due < self.opens || self.due > self.opens + Days::new(LONGEST) {
            wrong.push(("due_date", Refusal::TimeRangeInvalid));
        }
        let each = self.reminders.iter().all(|days| (1..=MAX_DAYS).contains(days));
        if !each || self.reminders.len() > MOST_MOMENTS {
            wrong.push(("reminder_days", Refusal::FieldInvalid));
        }
        wrong
    }

    /// Where it stands on a day.
    #[must_use]
    pub fn state(&self, today: NaiveDate) -> State {
        if self.closed.is_some() || self.due < today { State::Closed } else { State::Open }
    }

    /// That it can still be answered or closed.
    ///
    /// # Errors
    /// `ALREADY_ENDED`.
    pub fn is_open(&self, today: NaiveDate) -> Result<(), Refusal> {
        match self.state(today) {
            State::Open => Ok(()),
            State::Closed => Err(Refusal::AlreadyEnded),
        }
    }

    /// The last day up to today on which who has not answered is reminded: who was told before it, is told again.
    #[must_use]
    pub fn last_reminder(&self, today: NaiveDate) -> Option<NaiveDate> {
        let days = self.reminders.iter().filter_map(|days| told_on(self.due, *days));
        days.filter(|day| *day <= today).max()
    }

    /// What a school that has not answered is told today, when it was told last on the day `told`.
    #[must_use]
    pub fn tells(&self, told: Option<NaiveDate>, today: NaiveDate) -> Option<Telling> {
        if today < self.opens {
            return None;
        }
        match (self.state(today), told) {
            (State::Closed, _) => None,
            (State::Open, None) => Some(Telling::Ask),
            (State::Open, Some(since)) => {
                is_told(self.due, &self.reminders, since, today).then_some(Telling::Remind)
            }
        }
    }
}

/// The answered in hundredths of the asked, rounded down: all is only told when all answered.
#[must_use]
pub fn percent(asked: u32, answered: u32) -> u32 {
    let percent = u64::from(answered) * 100 / u64::from(asked.max(1));
    u32::try_from(percent).unwrap_or(100).min(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn words(dutch: &str, english: &str) -> Words {
        Words { dutch: dutch.parse().unwrap(), english: english.parse().unwrap() }
    }

    fn question(form: Form) -> Question {
        let text = words("Hoeveel?", "How many?");
        Question { text, form, unit: None, options: Vec::new(), optional: false }
    }

    fn round() -> Round {
        // From Tuesday 24 November up to Friday 4 December 2026.
        Round { opens: day("2026-11-24"), due: day("2026-12-04"), closed: None, reminders: vec![7, 1] }
    }

    #[test]
    fn a_number_is_of_something_and_a_choice_is_out_of_some() {
        assert_eq!(question(Form::WholeNumber).wrong(), [("unit", Refusal::FieldRequired)]);
        assert_eq!(question(Form::Choice).wrong(), [("options", Refusal::FieldInvalid)]);
        let unit = Some(words("leerlingen", "pupils"));
        assert_eq!(Question { unit: unit.clone(), ..question(Form::WholeNumber) }.wrong(), []);
        assert_eq!(Question { unit, ..question(Form::YesNo) }.wrong(), [("unit", Refusal::FieldInvalid)]);
        let options = vec![words("wel", "do"), words("niet", "do not")];
        assert_eq!(Question { options: options.clone(), ..question(Form::Choice) }.wrong(), []);
        assert_eq!(
            Question { options, ..question(Form::ShortText) }.wrong(),
            [("options", Refusal::FieldInvalid)]
        );
    }

    #[test]
    fn each_form_takes_its_own_answer_and_no_address() {
        let choice = Question { options: vec![words("a", "a"), words("b", "b")], ..question(Form::Choice) };
        let text = |text: &str| Value::Text(text.parse().unwrap());
        for (question, value, fits) in [
            (question(Form::WholeNumber), Value::Number(MOST_NUMBER), true),
            (question(Form::WholeNumber), Value::Number(MOST_NUMBER + 1), false),
            (question(Form::WholeNumber), Value::Yes(true), false),
            (choice.clone(), Value::Option(1), true),
            (choice, Value::Option(2), false),
            (question(Form::YesNo), Value::Yes(false), true),
            (question(Form::YesNo), text("ja"), false),
            (question(Form::ShortText), text("In groep 3 en 4."), true),
            (question(Form::ShortText), text("mail ib@school.example"), false),
        ] {
            assert_eq!(question.fits(Some(&value)).is_ok(), fits, "{value:?}");
        }
        assert_eq!(question(Form::YesNo).fits(None), Err(Refusal::FieldRequired));
        assert_eq!(Question { optional: true, ..question(Form::YesNo) }.fits(None), Ok(()));
    }

    #[test]
    fn every_answer_that_is_missing_or_wrong_is_told_at_once() {
        let questions = [question(Form::YesNo), question(Form::YesNo), question(Form::ShortText)];
        let wrong = misfits(&questions, &[None, Some(Value::Yes(true))]);
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["values[0]", "values[2]"]);
        let many = vec![Some(Value::Yes(true)); 4];
        assert_eq!(misfits(&questions, &many), [Violation::new("values", Refusal::FieldInvalid)]);
    }

    #[test]
    fn a_school_is_asked_once_and_reminded_on_the_set_days_until_it_is_over() {
        let round = round();
        let told = |since: &str, today: &str| round.tells(Some(day(since)), day(today));
        assert_eq!(round.tells(None, day("2026-11-23")), None, "it is not open yet");
        assert_eq!(round.tells(None, day("2026-11-24")), Some(Telling::Ask));
        assert_eq!(told("2026-11-24", "2026-11-26"), None);
        assert_eq!(told("2026-11-24", "2026-11-27"), Some(Telling::Remind), "a week before");
        assert_eq!(told("2026-11-27", "2026-12-02"), None);
        assert_eq!(told("2026-11-27", "2026-12-03"), Some(Telling::Remind), "the day before");
        assert_eq!(told("2026-11-27", "2026-12-05"), None, "it is over");
        // Who was told before the last reminder waits for it, and nobody else.
        for today in ["2026-11-26", "2026-11-27", "2026-12-02", "2026-12-03", "2026-12-04"] {
            let last = round.last_reminder(day(today));
            for since in ["2026-11-24", "2026-11-26", "2026-11-27", "2026-12-03"] {
                let waits = last.is_some_and(|last| day(since) < last);
                assert_eq!(told(since, today).is_some(), waits, "{since} {today}");
            }
        }
        let closed = Round { closed: Some(day("2026-11-25")), ..round.clone() };
        assert_eq!(closed.tells(None, day("2026-11-26")), None);
        assert_eq!(closed.is_open(day("2026-11-26")), Err(Refusal::AlreadyEnded));
        assert_eq!(round.state(day("2026-12-04")), State::Open, "the last day counts");
    }

    #[test]
    fn days_that_cannot_be_are_told() {
        let today = day("2026-11-24");
        assert_eq!(round().wrong(today), []);
        let wrong =
            Round { opens: day("2026-11-23"), due: day("2026-11-22"), reminders: vec![29], ..round() };
        let fields: Vec<&str> = wrong.wrong(today).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["open_date", "due_date", "reminder_days"]);
    }

    #[test]
    fn all_is_only_all() {
        assert_eq!([percent(0, 0), percent(3, 1), percent(300, 299), percent(3, 3)], [0, 33, 99, 100]);
    }
}
