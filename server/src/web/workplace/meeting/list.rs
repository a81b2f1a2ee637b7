//! The meetings of a week that the caller may see.

use axum::extract::Query;
use chrono::{Days, NaiveDate};
use minijinja::{Value, context};
use pb::consultation_service_client::ConsultationServiceClient;
use schakel_domain::{access::Action, invitation::dates};
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{PAGE, begins, ever};
use crate::{
    web::workplace::{
        book::{grid, wish::is_near},
        shown,
        trouble::Shown,
        visit::Visit,
        words::words,
    },
    wire::time::timestamp,
};

words! {
    title: "Overleggen", "Meetings";
    week: "Week van", "Week of";
    none: "Er is deze week geen overleg.", "There are no meetings this week.";
    when: "Wanneer", "When";
    what: "Wat", "What";
    place: "Waar", "Where";
    answers: "Antwoorden", "Answers";
    state: "Stand", "State";
    comes: "komt", "coming";
    waits: "nog geen antwoord", "no answer yet";
    refuses: "komt niet", "not coming";
    before: "Week eerder", "Week before";
    after: "Week later", "Week after";
    book: "Plan een overleg", "Book a meeting";
    handovers: "Warme overdrachten van dit schooljaar", "Hand-overs of this school year";
    more: "Er zijn meer overleggen dan hier passen.", "There are more meetings than fit here.";
}

/// Of a full week, as many answers are asked for at most.
const PAGES: usize = 5;

/// Which week is looked at.
#[derive(Deserialize)]
pub(super) struct Looked {
    week: Option<NaiveDate>,
}

pub(super) async fn show(visit: Visit, Query(looked): Query<Looked>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let monday =
        grid::monday(looked.week.filter(|day| is_near(*day)).map_or_else(|| visit.app.now(), grid::midnight));
    let (from, until) = (grid::midnight(monday), grid::midnight(monday + Days::new(7)));
    let mut found: Vec<pb::Consultation> = Vec::new();
    let (mut page_token, mut more) = (String::new(), true);
    for _ in 0..PAGES {
        let ask = pb::ListConsultationsRequest {
            after_time: Some(timestamp(from)),
            show_cancelled: true,
            page_size: PAGE,
            page_token,
            ..Default::default()
        };
        let page = ConsultationServiceClient::new(visit.calls()).list_consultations(ask).await?.into_inner();
        let reached = page.consultations.last().and_then(begins).is_some_and(|last| last >= until);
        found.extend(page.consultations);
        page_token = page.next_page_token;
        more = !reached && !page_token.is_empty();
        if !more {
            break;
        }
    }
    let inside = |one: &&pb::Consultation| begins(one).is_some_and(|start| start >= from && start < until);
    let week: Vec<Value> = found.iter().filter(inside).map(|one| shown::meeting(one, language)).collect();
    let values = context! {
        own, week, more,
        monday => dates::date(from, language),
        before => (monday - Days::new(7)).to_string(),
        after => (monday + Days::new(7)).to_string(),
        may_book => ever(&visit, Action::BookConsultation),
    };
    Ok(visit.page("workplace/meetings.html", own.title, values))
}
