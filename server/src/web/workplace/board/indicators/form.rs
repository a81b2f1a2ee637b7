//! The forms of who keeps the indicators: a new one, another target, and what was measured.

use pb::{
    indicator::{Direction, Formula, Unit},
    indicator_service_client::IndicatorServiceClient,
};
use schakel_proto::v1 as pb;

use super::{Asked, Tried, list, said::tenths};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        trouble::{Faults, Shown, Trouble, see_other},
        visit::{Posted, Visit},
    },
};

/// Takes any of them; `do` says which.
pub(super) async fn change(visit: Visit, form: Posted) -> Shown {
    let mut client = IndicatorServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let mut asked = Asked { school_year: form.one("school_year")?.to_owned(), ..Asked::default() };
    let answer = match form.one("do")? {
        "value" => {
            let value = pb::IndicatorValue {
                indicator: form.one("indicator")?.to_owned(),
                school_year: asked.school_year.clone(),
                value_tenths: number(&form, "value")?,
                etag: form.one("etag")?.to_owned(),
            };
            let ask = pb::SetIndicatorValueRequest { indicator_value: Some(value), request_id };
            client.set_indicator_value(ask).await.map(|_| ())
        }
        "create" => {
            let unit = Unit::from_str_name(form.one("indicator.unit")?).unwrap_or_default();
            let indicator = pb::Indicator {
                unit: unit.into(),
                formula: formula(&form)?,
                first_school_year: form.one("indicator.first_school_year")?.to_owned(),
                ..aim(&form)?
            };
            let ask = pb::CreateIndicatorRequest { indicator: Some(indicator), request_id };
            client.create_indicator(ask).await.map(|_| ())
        }
        "update" => {
            form.one("name")?.clone_into(&mut asked.change);
            let (name, etag) = (asked.change.clone(), form.one("etag")?.to_owned());
            let indicator = pb::Indicator { name, etag, ..aim(&form)? };
            let ask = pb::UpdateIndicatorRequest { indicator: Some(indicator), request_id };
            client.update_indicator(ask).await.map(|_| ())
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match answer {
        Ok(()) => Ok(see_other(&asked.at(("", "")))),
        Err(status) => {
            let typed = form.entries().map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
            let tried = Tried { faults: Some(Faults::of(status)?), typed: typed.collect() };
            list(&visit, &asked, &tried).await
        }
    }
}

/// A number that was typed; what is none is refused at its field.
fn number(form: &Posted, name: &str) -> Result<i32, Trouble> {
    Ok(tenths(form.one(name)?).unwrap_or(-1))
}

/// What of an indicator can change.
fn aim(form: &Posted) -> Result<pb::Indicator, Trouble> {
    let direction = Direction::from_str_name(form.one("indicator.direction")?).unwrap_or_default();
    Ok(pb::Indicator {
        name_nl: form.one("indicator.name_nl")?.to_owned(),
        name_en: form.one("indicator.name_en")?.to_owned(),
        target_tenths: number(form, "indicator.target_tenths")?,
        direction: direction.into(),
        last_school_year: form.one("indicator.last_school_year")?.to_owned(),
        ..Default::default()
    })
}

/// From what it is worked out; none where nothing was chosen. Both figures are of the report of the first. A share
/// of something is none without what is a part of it, which the call refuses.
fn formula(form: &Posted) -> Result<Option<Formula>, Trouble> {
    let numerator = form.one("indicator.formula.numerator")?;
    let denominator = form.one("indicator.formula.denominator")?;
    let first = if numerator.is_empty() { denominator } else { numerator };
    let Some((report, _)) = first.split_once('/') else { return Ok(None) };
    let figure = |chosen: &str| chosen.split_once('/').map_or(chosen, |(_, figure)| figure).to_owned();
    Ok(Some(Formula {
        report: pb::ReportKind::from_str_name(report).unwrap_or_default().into(),
        numerator: figure(numerator),
        denominator: figure(denominator),
    }))
}
