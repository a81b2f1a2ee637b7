//! Reads the fields of one thing of the register; what is not right is noted, and read as empty.

use std::{fmt::Display, str::FromStr};

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    directory::import::cell::{Cell, Code},
    refusal::Refusal,
    text::{EmailAddress, Name},
    time::Validity,
};
use schakel_proto::v1 as pb;

use crate::{
    error::Result,
    wire::fields::{Fields, Reason},
};

/// The fields of one thing, under the field of the request that holds it.
pub(super) struct Reading {
    fields: Fields,
    object: &'static str,
    /// The first day when none is given; none makes it required.
    from: Option<NaiveDate>,
}

impl Reading {
    /// Goes on with what `fields` has noted so far.
    pub(super) fn new(fields: Fields, object: &'static str, from: Option<NaiveDate>) -> Self {
        Self { fields, object, from }
    }

    /// Fails when something was wrong.
    pub(super) fn finish(self) -> Result<()> {
        self.fields.check()
    }

    fn path(&self, field: &str) -> String {
        format!("{}.{field}", self.object)
    }

    /// Notes that `field` is not right.
    pub(super) fn refuse(&mut self, field: &str, refusal: Refusal) {
        let path = self.path(field);
        self.fields.refuse(path, refusal);
    }

    /// A required value.
    pub(super) fn needed<T: FromStr<Err: Reason>>(&mut self, field: &str, text: &str) -> Option<T> {
        let path = self.path(field);
        self.fields.parse(path, text)
    }

    /// A value that may be absent.
    pub(super) fn given<T: FromStr<Err: Reason>>(&mut self, field: &str, text: &str) -> Option<T> {
        let path = self.path(field);
        self.fields.parse_if(path, text)
    }

    /// A required line of text.
    pub(super) fn name(&mut self, field: &str, text: &str) -> String {
        self.needed::<Name>(field, text).map(|name| name.as_str().to_owned()).unwrap_or_default()
    }

    /// A line of text that may be empty.
    pub(super) fn name_if(&mut self, field: &str, text: &str) -> String {
        self.given::<Name>(field, text).map(|name| name.as_str().to_owned()).unwrap_or_default()
    }

    /// An address that may be empty.
    pub(super) fn email_if(&mut self, field: &str, text: &str) -> String {
        self.given::<EmailAddress>(field, text).map(|email| email.as_str().to_owned()).unwrap_or_default()
    }

    /// A required public code, in its one spelling.
    pub(super) fn code<T: FromStr<Err: Reason> + Display>(&mut self, field: &str, text: &str) -> String {
        self.needed::<T>(field, text).map(|code| code.to_string()).unwrap_or_default()
    }

    /// A public code that may be empty.
    pub(super) fn code_if<T: FromStr<Err: Reason> + Display>(&mut self, field: &str, text: &str) -> String {
        self.given::<T>(field, text).map(|code| code.to_string()).unwrap_or_default()
    }

    /// A required code of the region's own.
    pub(super) fn own_code(&mut self, field: &str, text: &str) -> String {
        if text.is_empty() {
            self.refuse(field, Refusal::FieldRequired);
            return String::new();
        }
        match Code::read(text) {
            Ok(code) => code.as_str().to_owned(),
            Err(problem) => {
                self.refuse(field, problem.refusal);
                String::new()
            }
        }
    }

    /// A required choice, as the register spells it.
    pub(super) fn choice<W: TryFrom<i32>, T: FromStr + Display>(
        &mut self,
        field: &str,
        number: i32,
        name: impl Fn(&W) -> &'static str,
    ) -> String {
        let path = self.path(field);
        self.fields.choice::<W, T>(path, number, name).map(|choice| choice.to_string()).unwrap_or_default()
    }

    /// A required role of a professional.
    pub(super) fn role(&mut self, field: &str, number: i32) -> String {
        let role = self.choice::<pb::Role, Role>(field, number, pb::Role::as_str_name);
        if role.parse().is_ok_and(Role::is_private) {
            self.refuse(field, Refusal::FieldInvalid);
        }
        role
    }

    /// A required date.
    pub(super) fn date(&mut self, field: &str, text: &str) -> NaiveDate {
        let path = self.path(field);
        self.fields.date(path, text).unwrap_or_default()
    }

    /// First and last day of the thing itself.
    pub(super) fn days(&mut self, from: &str, until: &str) -> (NaiveDate, Option<NaiveDate>) {
        match self.from {
            Some(today) if from.is_empty() => self.days_under("", &today.to_string(), until),
            Some(_) | None => self.days_under("", from, until),
        }
    }

    /// First and last day of a part; the first may be left out where the thing's own may.
    pub(super) fn part_days(
        &mut self,
        part: &str,
        from: &str,
        until: &str,
    ) -> (NaiveDate, Option<NaiveDate>) {
        let part = format!("{part}.");
        match self.from {
            Some(today) if from.is_empty() => self.days_under(&part, &today.to_string(), until),
            Some(_) | None => self.days_under(&part, from, until),
        }
    }

    fn days_under(&mut self, part: &str, from: &str, until: &str) -> (NaiveDate, Option<NaiveDate>) {
        let first = {
            let path = self.path(&format!("{part}valid_from"));
            self.fields.date(path, from)
        };
        let path = self.path(&format!("{part}valid_until"));
        let last = self.fields.date_if(path, until);
        let Some(first) = first else { return (NaiveDate::default(), last) };
        if let Err(refusal) = Validity::new(first, last) {
            self.refuse(&format!("{part}valid_until"), refusal);
        }
        (first, last)
    }
}

/// A last day on the wire.
pub(super) fn until(last: Option<NaiveDate>) -> String {
    crate::wire::fields::text(last)
}
