//! How many children of each gemeente must go to school, on the page of supply: the forms of who fills it in.

use minijinja::{Value, context};
use pb::report_service_client::ReportServiceClient;
use schakel_proto::v1 as pb;

use crate::web::workplace::{
    region::names::walk,
    trouble::{Faults, Trouble},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Hoeveel kinderen naar school moeten", "How many children must go to school";
    intro: "Het aantal komt van de gemeente. U vult het hier in. Het staat daarna in de leerplichttelling en in het jaarverslag.",
        "The number comes from the gemeente. You fill it in here. Then it stands in the leerplichttelling and in the annual report.";
    leerplichtig: "Leerplichtig", "Leerplichtig";
    kwalificatieplichtig: "Kwalificatieplichtig", "Kwalificatieplichtig";
    save: "Opslaan", "Save";
}

/// What `do` says of the form.
pub(super) const SET: &str = "oblige";

/// What was typed and refused.
pub(super) struct Tried {
    pub(super) faults: Faults,
    gemeente_code: String,
    leerplichtig: String,
    kwalificatieplichtig: String,
    etag: String,
}

/// The form of each gemeente of the region: its `code` and `name`, both numbers as they are kept or were typed,
/// what is wrong with them, and the `etag`.
pub(super) async fn forms(
    visit: &Visit,
    school_year: &str,
    tried: Option<&Tried>,
) -> Result<Vec<Value>, Trouble> {
    let ask = pb::GetObligedRequest { school_year: school_year.to_owned() };
    let all = ReportServiceClient::new(visit.calls()).get_obliged(ask).await?.into_inner().obliged;
    let ask = pb::ListAreasRequest { kind: pb::area::Kind::Gemeente.into(), ..Default::default() };
    let areas = walk!(visit, list_areas, areas, ask);
    let form = |one: &pb::Obliged| {
        let mine = tried.filter(|tried| tried.gemeente_code == one.gemeente_code);
        let kept = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
        let fault = |field: &str| mine.and_then(|tried| tried.faults.fields.get(field)).map(String::as_str);
        let area = areas.iter().find(|area| area.code == one.gemeente_code);
        context! {
            code => one.gemeente_code.as_str(),
            name => area.map_or(one.gemeente_code.as_str(), |area| area.display_name.as_str()),
            etag => mine.map_or(one.etag.as_str(), |tried| tried.faults.etag(&tried.etag, &one.etag)),
            leerplichtig => mine.map_or_else(|| kept(one.leerplichtig), |tried| tried.leerplichtig.clone()),
            kwalificatieplichtig => mine
                .map_or_else(|| kept(one.kwalificatieplichtig), |tried| tried.kwalificatieplichtig.clone()),
            fault_leerplichtig => fault("obliged.leerplichtig"),
            fault_kwalificatieplichtig => fault("obliged.kwalificatieplichtig"),
        }
    };
    Ok(all.iter().map(form).collect())
}

/// Nothing that was typed is no number, and what is none is refused at its field.
fn number(typed: &str) -> Option<i32> {
    (!typed.is_empty()).then(|| typed.parse().unwrap_or(-1))
}

/// Fills in how many there are in a gemeente; what was refused.
pub(super) async fn set(visit: &Visit, form: &Posted) -> Result<Option<Tried>, Trouble> {
    let gemeente_code = form.one("gemeente_code")?.to_owned();
    let leerplichtig = form.one("leerplichtig")?.to_owned();
    let kwalificatieplichtig = form.one("kwalificatieplichtig")?.to_owned();
    let etag = form.one("etag")?.to_owned();
    let obliged = pb::Obliged {
        school_year: form.one("school_year")?.to_owned(),
        gemeente_code: gemeente_code.clone(),
        leerplichtig: number(&leerplichtig),
        kwalificatieplichtig: number(&kwalificatieplichtig),
        etag: etag.clone(),
    };
    let request_id = form.given("request_id")?.to_owned();
    let ask = pb::SetObligedRequest { obliged: Some(obliged), request_id };
    let Err(status) = ReportServiceClient::new(visit.calls()).set_obliged(ask).await else {
        return Ok(None);
    };
    let faults = Faults::of(status)?;
    Ok(Some(Tried { faults, gemeente_code, leerplichtig, kwalificatieplichtig, etag }))
}
