//! A form on a page of its own: its fields as data, shown again with what was typed and what is wrong.

use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use crate::web::{
    form::is_same,
    workplace::{
        trouble::Faults,
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    choose: "Maak een keuze", "Choose";
    optional: "niet verplicht", "optional";
    sometimes: "soms verplicht", "sometimes required";
    back: "Annuleren", "Cancel";
    meanwhile: "Iemand anders heeft dit net gewijzigd. Er staat nu:", "Somebody else has just changed this. It now says:";
    nothing: "niets", "nothing";
}

/// The value that is sent, and what people read.
pub(super) type Choice = (String, String);

/// How a field is filled in.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// One line, of that type of input.
    Line(&'static str),
    /// Several lines.
    Text,
    /// One of its options.
    Choice,
    /// Any of its options.
    Ticks,
    /// A yes.
    Tick,
}

/// One question.
#[derive(Debug, Clone)]
pub(super) struct Field {
    name: String,
    label: &'static str,
    hint: &'static str,
    kind: Kind,
    required: bool,
    /// What else is filled in decides whether it must be.
    sometimes: bool,
    options: Vec<Choice>,
    /// The options by subject, where they are many.
    groups: Vec<(&'static str, Vec<Choice>)>,
    values: Vec<String>,
    /// What is kept now, of a field that changes it.
    stored: Option<String>,
    /// What somebody else made of it while something else was typed.
    meanwhile: Option<String>,
}

impl Field {
    fn new(kind: Kind, name: impl Into<String>, label: &'static str) -> Self {
        Self {
            name: name.into(),
            label,
            hint: "",
            kind,
            required: false,
            sometimes: false,
            options: Vec::new(),
            groups: Vec::new(),
            values: Vec::new(),
            stored: None,
            meanwhile: None,
        }
    }

    /// A line of text.
    pub(super) fn line(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Line("text"), name, label)
    }

    /// A day.
    pub(super) fn date(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Line("date"), name, label)
    }

    /// A whole number.
    pub(super) fn number(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Line("number"), name, label)
    }

    /// An address for mail.
    pub(super) fn email(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Line("email"), name, label)
    }

    /// A number to call.
    pub(super) fn phone(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Line("tel"), name, label)
    }

    /// Several lines of text.
    pub(super) fn text(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Text, name, label)
    }

    /// One of `options`.
    pub(super) fn choice(name: impl Into<String>, label: &'static str, options: Vec<Choice>) -> Self {
        Self { options, ..Self::new(Kind::Choice, name, label) }
    }

    /// One of the options of `groups`.
    pub(super) fn grouped(
        name: impl Into<String>,
        label: &'static str,
        groups: Vec<(&'static str, Vec<Choice>)>,
    ) -> Self {
        Self { groups, ..Self::new(Kind::Choice, name, label) }
    }

    /// Any of `options`.
    pub(super) fn ticks(name: impl Into<String>, label: &'static str, options: Vec<Choice>) -> Self {
        Self { options, ..Self::new(Kind::Ticks, name, label) }
    }

    /// A yes.
    pub(super) fn tick(name: impl Into<String>, label: &'static str) -> Self {
        Self::new(Kind::Tick, name, label)
    }

    /// It must be filled in.
    pub(super) fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Whether it must be filled in follows from what else is.
    pub(super) fn sometimes(self) -> Self {
        Self { sometimes: true, ..self }
    }

    /// What helps to fill it in.
    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// What stands in it before anybody types.
    pub(super) fn value(mut self, value: impl Into<String>) -> Self {
        self.values.push(value.into());
        self
    }

    /// What is kept now, which the field changes.
    pub(super) fn stored(self, value: impl Into<String>) -> Self {
        let value = value.into();
        Self { stored: Some(value.clone()), ..self.value(value) }
    }

    /// Shows what was typed. Of a thing that somebody else changed, what was left alone follows it, and
    /// beside what was typed is told what it would replace.
    fn retype(&mut self, posted: &Posted, stale: bool) {
        let typed: Vec<String> = posted.all(&self.name).map(str::to_owned).collect();
        let first = typed.first().map(String::as_str).unwrap_or_default();
        let was = posted.all(&format!("was:{}", self.name)).next();
        let Some(stored) = self.stored.clone() else {
            self.values = typed;
            return;
        };
        if !stale {
            self.stored = Some(was.map_or(stored, str::to_owned));
        } else if was.is_some_and(|was| is_same(was, first)) {
            self.values = vec![stored];
            return;
        } else if was.is_none_or(|was| !is_same(was, &stored)) && !is_same(&stored, first) {
            let label = self.options.iter().find(|(value, _)| *value == stored);
            self.meanwhile = Some(label.map_or(stored, |(_, label)| label.clone()));
        }
        self.values = typed;
    }

    /// What may be typed in a line, among others.
    pub(super) fn suggest(self, options: Vec<Choice>) -> Self {
        Self { options, ..self }
    }

    fn shown(&self) -> Value {
        let (kind, input) = match self.kind {
            Kind::Line(input) => ("line", input),
            Kind::Text => ("text", ""),
            Kind::Choice => ("choice", ""),
            Kind::Ticks => ("ticks", ""),
            Kind::Tick => ("tick", ""),
        };
        let option = |(value, label): &Choice| {
            context! { value => value.as_str(), label => label.as_str(), here => self.values.contains(value) }
        };
        let options: Vec<Value> = self.options.iter().map(option).collect();
        let group = |(label, options): &(&'static str, Vec<Choice>)| {
            let options: Vec<Value> = options.iter().map(option).collect();
            context! { options, label => *label }
        };
        let groups: Vec<Value> = self.groups.iter().map(group).collect();
        context! {
            kind, input, options, groups,
            sometimes => self.sometimes,
            name => self.name.as_str(),
            label => self.label,
            hint => self.hint,
            required => self.required,
            was => self.stored.as_deref(),
            meanwhile => self.meanwhile.as_deref(),
            value => self.values.first().map(String::as_str).unwrap_or_default(),
        }
    }
}

/// A form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    title: &'static str,
    button: &'static str,
    intro: &'static str,
    /// What it is about, as it stands.
    quoted: String,
    back: String,
    hidden: Vec<(&'static str, String)>,
    groups: Vec<(&'static str, Vec<Field>)>,
    /// Where what was refused can be helped: the text of a link, and its address.
    ways: Vec<(&'static str, String)>,
}

impl Form {
    /// An empty one; `back` is where somebody goes who sends nothing.
    pub(super) fn new((title, button): (&'static str, &'static str), back: impl Into<String>) -> Self {
        let groups = vec![("", Vec::new())];
        Self {
            title,
            button,
            intro: "",
            quoted: String::new(),
            back: back.into(),
            hidden: Vec::new(),
            groups,
            ways: Vec::new(),
        }
    }

    /// What stands above the fields.
    pub(super) fn intro(self, intro: &'static str) -> Self {
        Self { intro, ..self }
    }

    /// What it is about, in the words that stand there.
    pub(super) fn quote(self, quoted: impl Into<String>) -> Self {
        Self { quoted: quoted.into(), ..self }
    }

    /// What is sent with it unseen.
    pub(super) fn hide(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.hidden.push((name, value.into()));
        self
    }

    /// What follows belongs together.
    pub(super) fn group(mut self, legend: &'static str) -> Self {
        self.groups.push((legend, Vec::new()));
        self
    }

    /// One more question.
    pub(super) fn ask(mut self, field: Field) -> Self {
        if let Some((_, fields)) = self.groups.last_mut() {
            fields.push(field);
        }
        self
    }

    /// Where somebody goes first, when it was refused.
    pub(super) fn ways(self, ways: Vec<(&'static str, String)>) -> Self {
        Self { ways, ..self }
    }

    /// The page on which it is filled in.
    pub(super) fn page(&self, visit: &Visit) -> Response {
        visit.page("workplace/case_form.html", self.title, self.values(visit, None))
    }

    /// The same with what was typed, and what is wrong with it; of what somebody else changed
    /// meanwhile, with how it stands now.
    pub(super) fn again(mut self, visit: &Visit, posted: &Posted, faults: &Faults) -> Response {
        for field in self.groups.iter_mut().flat_map(|(_, fields)| fields) {
            field.retype(posted, faults.is_stale());
        }
        for (_, etag) in self.hidden.iter_mut().filter(|(name, _)| *name == "etag") {
            let shown = posted.all("etag").next().unwrap_or_default();
            let kept = faults.etag(shown, etag).to_owned();
            *etag = kept;
        }
        let values = self.values(visit, Some(faults));
        visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, ("workplace/case_form.html", self.title), values)
    }

    fn values(&self, visit: &Visit, faults: Option<&Faults>) -> Value {
        let asked: Vec<&str> =
            self.groups.iter().flat_map(|(_, fields)| fields).map(|field| field.name.as_str()).collect();
        let faults = faults.map(|faults| faults.at(&asked));
        let faults = faults.as_ref();
        // What is wrong with no field that stands here is told above the form.
        let elsewhere: Vec<String> = (faults.into_iter())
            .flat_map(|faults| &faults.fields)
            .filter(|(path, _)| !asked.contains(&path.as_str()))
            .map(|(_, fault)| fault.clone())
            // What the whole says already is not said twice.
            .filter(|fault| faults.is_none_or(|faults| *fault != faults.summary))
            .collect();
        let group = |(legend, fields): &(&'static str, Vec<Field>)| {
            let fields: Vec<Value> = fields.iter().map(Field::shown).collect();
            context! { fields, legend => *legend }
        };
        let hidden = |(name, value): &(&'static str, String)| {
            context! { name => *name, value => value.as_str() }
        };
        let way = |(text, href): &(&'static str, String)| context! { text => *text, href => href.as_str() };
        context! {
            faults, elsewhere,
            ways => self.ways.iter().map(way).collect::<Vec<_>>(),
            own => words(visit.language),
            title => self.title,
            button => self.button,
            intro => self.intro,
            quoted => self.quoted.as_str(),
            back => self.back.as_str(),
            request_id => visit.request_id(),
            hidden => self.hidden.iter().map(hidden).collect::<Vec<_>>(),
            groups => self.groups.iter().map(group).collect::<Vec<_>>(),
        }
    }
}
