//! The form of a year plan: what it offers, and what is asked with it.

use minijinja::{Value, context};
use pb::{
    consultation::{Kind, Place},
    plan_seat::Who,
    plan_year_request::By,
};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{choose, option, role};
use crate::web::{form::Fields, problem::Problem, workplace::shown};

/// How many seats the form offers.
const SEATS: usize = 6;

/// Its choices, in `language`.
pub(super) fn choices(language: Language) -> Value {
    let kinds = (1..=100).filter_map(|number| Kind::try_from(number).ok());
    let places = [Place::School, Place::Team, Place::Online, Place::Phone];
    let by = [(By::School, ("elke school", "every school")), (By::Cluster, ("elk cluster", "every cluster"))];
    let modes = [
        (pb::BookingMode::AllOrNothing, ("Alles, of niets", "All of it, or nothing")),
        (pb::BookingMode::Each, ("Wat lukt", "What is possible")),
    ];
    context! {
        kinds => kinds.map(|one| option(one.as_str_name(), shown::kind(one, language))).collect::<Vec<_>>(),
        places => places.map(|one| option(one.as_str_name(), shown::place(one, language))).to_vec(),
        by => by.map(|(one, label)| option(one.as_str_name(), choose(language, label))).to_vec(),
        modes => modes.map(|(one, label)| option(one.as_str_name(), choose(language, label))).to_vec(),
        seats => (1..=SEATS).collect::<Vec<_>>(),
    }
}

/// The request that the form makes; it books only when that was pressed.
pub(super) fn wanted(form: &Fields) -> Result<pb::PlanYearRequest, Problem> {
    let number = |field: &str| form.one(field).map(|text| text.parse::<i32>().unwrap_or_default());
    let mut seats = Vec::new();
    for seat in 1..=SEATS {
        let taken = role(form.one(&format!("seat{seat}"))?);
        if taken != 0 {
            seats.push(pb::PlanSeat {
                who: Some(Who::Role(taken)),
                each_school: form.ticked(&format!("each{seat}"))?,
                optional: form.ticked(&format!("optional{seat}"))?,
                ..Default::default()
            });
        }
    }
    let minutes = i64::from(number("duration")?);
    let by = By::from_str_name(form.one("by")?).unwrap_or_default();
    Ok(pb::PlanYearRequest {
        kind: Kind::from_str_name(form.one("kind")?).unwrap_or_default().into(),
        by: by.into(),
        clusters: form.all("clusters").filter(|one| !one.is_empty()).map(str::to_owned).collect(),
        seats,
        school_year: form.one("school_year")?.to_owned(),
        first_date: form.one("first_date")?.to_owned(),
        last_date: form.one("last_date")?.to_owned(),
        meetings: number("meetings")?,
        duration: Some(prost_types::Duration { seconds: minutes * 60, nanos: 0 }),
        place: Place::from_str_name(form.one("place")?).unwrap_or_default().into(),
        mode: pb::BookingMode::from_str_name(form.one("mode")?).unwrap_or_default().into(),
        dry_run: form.one("do")? != "book",
        request_id: form.given("request_id")?.to_owned(),
        ..Default::default()
    })
}
