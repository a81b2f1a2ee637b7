//! A profile from JSON, with everything that is wrong with its form told at once.

use std::{collections::BTreeSet, str::FromStr};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Norm, Profile, Rule, Term, YearDay};
use crate::refusal::{Refusal, Violation};

/// An object that is being read: what was asked for is known, anything else in it is not.
struct Object<'a> {
    path: String,
    fields: &'a Map<String, Value>,
    asked: BTreeSet<&'static str>,
    wrong: &'a mut Vec<Violation>,
}

impl<'a> Object<'a> {
    fn new(path: String, value: &'a Value, wrong: &'a mut Vec<Violation>) -> Option<Self> {
        let Some(fields) = value.as_object() else {
            wrong.push(Violation::new(path, Refusal::FieldInvalid));
            return None;
        };
        Some(Self { path, fields, asked: BTreeSet::new(), wrong })
    }

    fn at(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn refuse(&mut self, name: &str, refusal: Refusal) {
        let field = self.at(name);
        self.wrong.push(Violation::new(field, refusal));
    }

    /// The value, if it is there and not `null`.
    fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.asked.insert(name);
        self.fields.get(name).filter(|value| !value.is_null())
    }

    fn may<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.value(name)?;
        let read = serde_json::from_value(value.clone()).ok();
        if read.is_none() {
            self.refuse(name, Refusal::FieldInvalid);
        }
        read
    }

    fn must<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        if self.value(name).is_none() {
            self.refuse(name, Refusal::FieldRequired);
            return None;
        }
        self.may(name)
    }

    /// Words of an enum, each told if it is none; none at all if the field is missing.
    fn words<T: FromStr>(&mut self, name: &'static str) -> Vec<T> {
        let names: Vec<String> = self.may(name).unwrap_or_default();
        let mut words = Vec::with_capacity(names.len());
        for (position, word) in names.iter().enumerate() {
            match word.parse() {
                Ok(word) => words.push(word),
                Err(_) => self.refuse(&format!("{name}[{position}]"), Refusal::FieldInvalid),
            }
        }
        words
    }

    /// Tells every field that nobody asked for.
    fn end(self) {
        for name in self.fields.keys().filter(|name| !self.asked.contains(name.as_str())) {
            let field = self.at(name);
            self.wrong.push(Violation::new(field, Refusal::FieldInvalid));
        }
    }
}

/// JSON as values; a text that is none has one fault, without a path.
pub(super) fn value(json: &str) -> Result<Value, Vec<Violation>> {
    serde_json::from_str(json).map_err(|_| vec![Violation::new("", Refusal::FieldInvalid)])
}

/// The base with the changes: fields replace fields, norms replace those of the same id.
pub(super) fn upon(mut base: Value, mut changes: Value) -> Value {
    let (Some(into), Some(from)) = (base.as_object_mut(), changes.as_object_mut()) else { return changes };
    let newer = from.remove("norms");
    into.extend(std::mem::take(from));
    match newer {
        Some(Value::Array(newer)) => {
            let Some(norms) = into.get_mut("norms").and_then(Value::as_array_mut) else { return base };
            for norm in newer {
                match norms.iter_mut().find(|old| old.get("id") == norm.get("id")) {
                    Some(old) => *old = norm,
                    None => norms.push(norm),
                }
            }
        }
        // What is no list is told as such, not passed over.
        Some(other) => {
            into.insert("norms".to_owned(), other);
        }
        None => {}
    }
    base
}

/// The profile if its form is right, and all that is wrong with it if not.
pub(super) fn profile(value: &Value) -> (Option<Profile>, Vec<Violation>) {
    let mut wrong = Vec::new();
    let read = Object::new(String::new(), value, &mut wrong).and_then(whole);
    (read.filter(|_| wrong.is_empty()), wrong)
}

fn whole(mut object: Object<'_>) -> Option<Profile> {
    let (name, version) = (object.must("name"), object.must("version"));
    let (valid_from, valid_until) = (object.must("valid_from"), object.may("valid_until"));
    let draft = object.may("draft").unwrap_or_default();
    let (report_threshold, long_absence) = (object.must("report_threshold"), object.must("long_absence"));
    let (sick_often, leave_limit) = (object.may("sick_often"), object.may("leave_limit"));
    let doorstroompunt_below_age = object.may("doorstroompunt_below_age");
    let (consent_notice, due_soon_days) = (object.may("consent_notice"), object.must("due_soon_days"));
    let small_number = object.may("small_number");
    let norms = norms(&mut object);
    object.end();
    Some(Profile {
        name: name?,
        version: version?,
        valid_from: valid_from?,
        valid_until,
        draft,
        report_threshold: report_threshold?,
        long_absence: long_absence?,
        sick_often,
        leave_limit,
        doorstroompunt_below_age,
        consent_notice,
        due_soon_days: due_soon_days?,
        small_number,
        norms: norms?,
    })
}

fn norms(object: &mut Object<'_>) -> Option<Vec<Norm>> {
    let Some(values) = object.value("norms").and_then(Value::as_array) else {
        object.refuse("norms", Refusal::FieldRequired);
        return None;
    };
    let read = values.iter().enumerate().map(|(position, value)| {
        Object::new(format!("norms[{position}]"), value, object.wrong).and_then(norm)
    });
    // Every norm is read before the first that failed is looked at.
    let read: Vec<_> = read.collect();
    read.into_iter().collect()
}

fn norm(mut object: Object<'_>) -> Option<Norm> {
    let (id, name_nl, name_en) = (object.must("id"), object.must("name_nl"), object.must("name_en"));
    let (basis, kind) = (object.must("basis"), object.must("kind"));
    let about = object.may("about").unwrap_or_default();
    let in_force = (object.may("in_force_from"), object.may("in_force_until"));
    let starts_at = object.must("starts_at");
    let (not_before, after_term_of) = (object.may("not_before"), object.may("after_term_of"));
    let (only_if, unless) = (object.words("only_if"), object.words("unless"));
    let rule = rule(&mut object);
    let (opens_at, not_due_before) = (object.may("opens_at"), object.may("not_due_before"));
    let (ends_when, stops_when) = (object.words("ends_when"), object.words("stops_when"));
    let earliest = object.may("earliest").unwrap_or_default();
    let awb = object.may("awb").unwrap_or_default();
    let (extension, paused) = (object.may("extension"), object.may("paused").unwrap_or_default());
    let roles = object.words("roles");
    let (until_stage, escalates_to) = (object.may("until_stage"), object.may("escalates_to"));
    object.end();
    Some(Norm {
        id: id?,
        name_nl: name_nl?,
        name_en: name_en?,
        basis: basis?,
        kind: kind?,
        about,
        in_force,
        starts_at: starts_at?,
        not_before,
        after_term_of,
        only_if,
        unless,
        rule: rule?,
        opens_at,
        not_due_before,
        ends_when,
        stops_when,
        earliest,
        awb,
        extension,
        paused,
        roles,
        until_stage,
        escalates_to,
    })
}

/// The form of a rule is told by its fields.
fn rule(object: &mut Object<'_>) -> Option<Rule> {
    let path = object.at("term");
    let Some(value) = object.value("term") else {
        object.refuse("term", Refusal::FieldRequired);
        return None;
    };
    let mut term = Object::new(path, value, object.wrong)?;
    let before = term.may::<bool>("before").unwrap_or_default();
    let word = |term: &mut Object<'_>, name: &'static str, wanted: &str, rule: Rule| {
        let given: String = term.must(name)?;
        if given != wanted {
            term.refuse(name, Refusal::FieldInvalid);
            return None;
        }
        Some(rule)
    };
    let rule = if term.value("order").is_some() {
        word(&mut term, "order", "FIRST", Rule::First)
    } else if term.value("every").is_some() {
        word(&mut term, "every", "SCHOOL_YEAR", Rule::EachSchoolYear)
    } else if term.value("until").is_some() {
        word(&mut term, "until", "FULL_SCHOOL_YEAR", Rule::FullSchoolYear)
    } else if term.value("date").is_some() {
        let (date, opens) = (term.must::<YearDay>("date"), term.may("opens"));
        date.map(|date| if before { Rule::OnBefore { date, opens } } else { Rule::On { date, opens } })
    } else {
        let first = term.may::<bool>("first_day_counts").unwrap_or_default();
        let after = term.may::<bool>("day_after").unwrap_or_default();
        let (length, clock) = (term.must("length"), term.must("clock"));
        length.zip(clock).map(|(length, clock)| Term { length, clock }).map(|term| {
            match (before, first, after) {
                (true, _, _) => Rule::Before(term),
                (false, true, _) => Rule::Counting(term),
                (false, false, true) => Rule::DayAfter(term),
                (false, false, false) => Rule::After(term),
            }
        })
    };
    term.end();
    rule
}
