//! Who saw what of a child: for who guards privacy, to read and to give to the family.

use axum::extract::{Path, Query};
use minijinja::{Value, context};
use schakel_domain::{access::Action, refusal::Language};
use schakel_proto::v1::{self as pb, audit_service_client::AuditServiceClient};
use serde::Deserialize;

use super::{must, name};
use crate::web::workplace::{
    shown,
    trouble::{Faults, Shown},
    visit::Visit,
    words::words,
};

words! {
    title: "Wie heeft dit dossier gezien?", "Who saw this case?";
    intro: "Voor het kind en de ouders. Er staan geen namen van medewerkers in.",
        "For the child and the parents. It holds no names of employees.";
    from: "Vanaf", "From";
    until: "Tot en met", "Until";
    show: "Toon", "Show";
    caption: "Wie zag wat, de nieuwste dag eerst", "Who saw what, newest day first";
    day: "Dag", "Day";
    organisation: "Organisatie", "Organisation";
    function: "Functie", "Role";
    what: "Wat", "What";
    deed: "Gedaan", "Done";
    purpose: "Waarvoor", "What for";
    times: "Keer", "Times";
    emergency: "noodtoegang", "emergency access";
    system: "het systeem", "the system";
    none: "In deze tijd heeft niemand het gezien.", "Nobody saw it in this time.";
}

/// The days that are asked for; empty: the last five years.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Days {
    from_date: String,
    until_date: String,
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>, Query(days): Query<Days>) -> Shown {
    page(&visit, &id, &days).await
}

/// The page about a case, for who may read the log.
pub(super) async fn page(visit: &Visit, id: &str, days: &Days) -> Shown {
    must(visit, Action::ReadAudit)?;
    let (language, own) = (visit.language, words(visit.language));
    let ask = pb::WhoSawRequest {
        case: name(id),
        from_date: days.from_date.clone(),
        until_date: days.until_date.clone(),
        ..Default::default()
    };
    let (sights, faults) = match AuditServiceClient::new(visit.calls()).who_saw(ask).await {
        Ok(seen) => (seen.into_inner().sights, None),
        Err(status) => (Vec::new(), Some(Faults::of(status)?)),
    };
    let values = context! {
        own,
        faults => faults.as_ref(),
        from_date => days.from_date.as_str(),
        until_date => days.until_date.as_str(),
        sights => sights.iter().map(|one| sight(one, language)).collect::<Vec<_>>(),
    };
    Ok(visit.page("workplace/case_seen.html", own.title, values))
}

fn sight(one: &pb::Sight, language: Language) -> Value {
    context! {
        day => shown::day(&one.date, language),
        organisation => one.organisation.as_str(),
        function => one.function.as_str(),
        what => one.what.join(", "),
        deed => one.deed.as_str(),
        purpose => one.purpose.as_str(),
        times => one.times,
        emergency => one.emergency,
    }
}
