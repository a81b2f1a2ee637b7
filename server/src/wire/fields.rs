//! Reads request fields and gathers every violation before giving up.

use std::{fmt::Display, str::FromStr};

use chrono::NaiveDate;
use schakel_domain::{
    bound::Bound,
    ids::NotAName,
    refusal::{Language, Refusal, Violation},
    time::day_in_words,
};
use uuid::Uuid;

use crate::error::{Error, Result, language};

/// The violations found so far.
#[derive(Default)]
pub struct Fields(Vec<Violation>);

/// A day is before the first one that can be, which is told.
pub fn too_early(field: impl Into<String>, first: NaiveDate) -> Violation {
    let language = language();
    let day = day_in_words(first, language);
    let form = match language {
        Language::Dutch => format!("De eerste dag die kan is {day}."),
        Language::English => format!("The first day that can be is {day}."),
    };
    Violation { field: field.into(), refusal: Refusal::TimeOutOfBounds, form: Some(form), bound: None }
}

/// How a type says that a text is not one of its own.
pub trait Reason {
    /// The refusal, and the form that was expected.
    fn reason(self) -> (Refusal, Option<String>);
}

impl Reason for Refusal {
    fn reason(self) -> (Refusal, Option<String>) {
        (self, None)
    }
}

impl Reason for NotAName {
    fn reason(self) -> (Refusal, Option<String>) {
        (Refusal::FieldInvalid, Some(format!("({}/{{uuid}})", self.0)))
    }
}

impl Fields {
    /// Notes that `field` is not right.
    pub fn refuse(&mut self, field: impl Into<String>, refusal: Refusal) {
        self.0.push(Violation::new(field, refusal));
    }

    /// The same, with what would have been right.
    pub fn bound(&mut self, field: impl Into<String>, refusal: Refusal, bound: Bound) {
        self.0.push(Violation::bound(field, refusal, bound));
    }

    /// Parses a required text of which `bound` says what it must be.
    pub fn parse_as<T: FromStr>(&mut self, field: impl Into<String>, text: &str, bound: Bound) -> Option<T> {
        if text.is_empty() {
            self.refuse(field, Refusal::FieldRequired);
            return None;
        }
        let value = text.parse().ok();
        if value.is_none() {
            self.bound(field, Refusal::FieldInvalid, bound);
        }
        value
    }

    /// Parses a required text.
    pub fn parse<T: FromStr<Err: Reason>>(&mut self, field: impl Into<String>, text: &str) -> Option<T> {
        if text.is_empty() {
            self.refuse(field, Refusal::FieldRequired);
            return None;
        }
        self.parse_given(field, text)
    }

    /// Parses a text that may be empty.
    pub fn parse_if<T: FromStr<Err: Reason>>(&mut self, field: impl Into<String>, text: &str) -> Option<T> {
        if text.is_empty() { None } else { self.parse_given(field, text) }
    }

    fn parse_given<T: FromStr<Err: Reason>>(&mut self, field: impl Into<String>, text: &str) -> Option<T> {
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                let (refusal, form) = T::Err::reason(error);
                self.0.push(Violation { form, ..Violation::new(field, refusal) });
                None
            }
        }
    }

    /// A required ISO 8601 date between 1900 and 2100.
    pub fn date(&mut self, field: impl Into<String>, text: &str) -> Option<NaiveDate> {
        if text.is_empty() {
            self.refuse(field, Refusal::FieldRequired);
            return None;
        }
        self.date_if(field, text)
    }

    /// A date that may be empty.
    pub fn date_if(&mut self, field: impl Into<String>, text: &str) -> Option<NaiveDate> {
        if text.is_empty() {
            return None;
        }
        // Only `2026-11-21`: a date has one spelling on the wire.
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| date.to_string() == text);
        match date {
            Some(date) if (1900..2100).contains(&chrono::Datelike::year(&date)) => Some(date),
            Some(_) => {
                self.refuse(field, Refusal::TimeOutOfBounds);
                None
            }
            None => {
                let form = Some("(2026-11-21)".into());
                self.0.push(Violation { form, ..Violation::new(field, Refusal::FieldInvalid) });
                None
            }
        }
    }

    /// The id of a change: a UUID, required.
    pub fn request_id(&mut self, text: &str) -> Option<Uuid> {
        match Uuid::try_parse(text) {
            Ok(id) if !id.is_nil() => Some(id),
            Ok(_) => {
                self.refuse("request_id", Refusal::RequestIdRequired);
                None
            }
            Err(_) => {
                let empty = text.is_empty();
                self.refuse(
                    "request_id",
                    if empty { Refusal::RequestIdRequired } else { Refusal::FieldInvalid },
                );
                None
            }
        }
    }

    /// The version that the caller read, required. One that was never given is simply stale.
    pub fn etag(&mut self, field: impl Into<String>, text: &str) -> Option<i32> {
        if text.is_empty() {
            self.refuse(field, Refusal::EtagRequired);
            return None;
        }
        Some(text.trim_matches('"').parse().unwrap_or(-1))
    }

    /// An enum's value; 0 and unknown numbers are violations.
    pub fn choice<W: TryFrom<i32>, T: FromStr>(
        &mut self,
        field: impl Into<String>,
        number: i32,
        name: impl Fn(&W) -> &'static str,
    ) -> Option<T> {
        if number == 0 {
            self.refuse(field, Refusal::FieldRequired);
            return None;
        }
        let value = W::try_from(number).ok().and_then(|wire| super::enums::bare::<W, T>(name(&wire)));
        if value.is_none() {
            self.refuse(field, Refusal::FieldInvalid);
        }
        value
    }

    /// Adds what a rule found wrong.
    pub fn add(&mut self, violations: Vec<Violation>) {
        self.0.extend(violations);
    }

    /// What was read, or every violation.
    pub fn finish<T>(self, read: Option<T>) -> Result<T> {
        match read {
            Some(value) if self.0.is_empty() => Ok(value),
            Some(_) | None => Err(Error::Invalid(self.0)),
        }
    }

    /// Fails when something was wrong so far.
    pub fn check(self) -> Result<()> {
        self.finish(Some(()))
    }
}

/// Writes what may be absent.
pub fn text<T: Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
