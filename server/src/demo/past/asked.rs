//! What schools asked of teams in the year before: asked, answered and talked about as those who do it.

use std::collections::{BTreeMap, btree_map::Entry};

use anyhow::Context;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use schakel_client::{Connection, Profile, v1 as pb};

use super::{Keeper, Life, book, heard, record, seat};
use crate::{
    access::rpc::role_to_wire,
    app::App,
    demo::{
        load::fresh,
        region::{PastQuestion, SAMENWERKINGSVERBAND, Step},
    },
    operate,
};

/// So many days after it a school wants to meet.
const TARGET: TimeDelta = TimeDelta::days(14);
/// Which half hour of the morning, after those with families of the same day or without any.
const TURN: i32 = 2;

/// A question on its way.
pub(super) struct Asked {
    question: pb::Hulpvraag,
    /// The next meeting.
    meeting: Option<pb::Consultation>,
}

/// Everybody who asks or answers, as themselves.
pub(super) struct People<'a> {
    app: &'a App,
    server: &'a str,
    first_day: NaiveDate,
    /// By person code.
    known: BTreeMap<String, Connection>,
}

impl<'a> People<'a> {
    /// Nobody yet.
    pub(super) fn of(app: &'a App, server: &'a str, first_day: NaiveDate) -> Self {
        Self { app, server, first_day, known: BTreeMap::new() }
    }

    /// Whoever has that code, until the night before the first day.
    pub(super) async fn person(&mut self, code: &str) -> anyhow::Result<Connection> {
        match self.known.entry(code.to_owned()) {
            Entry::Occupied(known) => Ok(known.get().clone()),
            Entry::Vacant(place) => {
                let lasts = self.first_day.and_time(NaiveTime::MIN).and_utc() - self.app.now();
                let token = operate::issue(self.app, SAMENWERKINGSVERBAND, code, lasts).await?;
                let opened = Connection::open(&Profile::new(self.server, token)).await?;
                Ok(place.insert(opened).clone())
            }
        }
    }

    /// Does a step of a question; `life` is that of its case.
    pub(super) async fn does(
        &mut self,
        (keeper, question, life): (&Keeper, &PastQuestion, Option<&Life>),
        (day, step): (NaiveDate, Step),
        asked: &mut Option<Asked>,
    ) -> anyhow::Result<()> {
        let school = self.person(&question.iber).await?;
        if matches!(step, Step::Asks) {
            let question = asks(&school, keeper, (question, day), life).await?;
            *asked = Some(Asked { question, meeting: None });
            return Ok(());
        }
        let asked = asked.as_mut().context("a question that was asked")?;
        match step {
            Step::Asks => Ok(()),
            Step::Accepts => {
                let team = self.person(&question.coordinator).await?;
                let ask = pb::AcceptHulpvraagRequest {
                    name: asked.question.name.clone(),
                    person: helper(&team, question).await?,
                    etag: asked.question.etag.clone(),
                    request_id: fresh(),
                };
                asked.question = team.hulpvraag().accept_hulpvraag(ask).await?.into_inner();
                Ok(())
            }
            Step::Declines => {
                let team = self.person(&question.coordinator).await?;
                let ask = pb::DeclineHulpvraagRequest {
                    name: asked.question.name.clone(),
                    reason: "De bibliotheek en het samenwerkingsverband doen dit al.".into(),
                    etag: asked.question.etag.clone(),
                    request_id: fresh(),
                };
                asked.question = team.hulpvraag().decline_hulpvraag(ask).await?.into_inner();
                Ok(())
            }
            Step::Books(held) => books(&school, (keeper, question, life), held, asked).await,
            Step::Meets => meets(&school, life, asked).await,
            Step::Finishes => finishes(&school, asked).await,
        }
    }
}

async fn asks(
    school: &Connection,
    keeper: &Keeper,
    (question, day): (&PastQuestion, NaiveDate),
    life: Option<&Life>,
) -> anyhow::Result<pb::Hulpvraag> {
    let hulpvraag = pb::Hulpvraag {
        school: keeper.schools.get(&question.school).cloned().context("a school")?,
        role: role_to_wire(question.role),
        target_date: (day + TARGET).to_string(),
        case: life.map(|life| life.case.name.clone()).unwrap_or_default(),
        question: question.text.to_owned(),
        category: question.category.into(),
        ..Default::default()
    };
    let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: fresh() };
    Ok(school.hulpvraag().create_hulpvraag(ask).await?.into_inner())
}

/// The resource name of who takes it.
async fn helper(caller: &Connection, question: &PastQuestion) -> anyhow::Result<String> {
    let role = role_to_wire(question.role);
    let ask = pb::ListPersonsRequest { role, page_size: 200, ..Default::default() };
    let people = caller.directory().list_persons(ask).await?.into_inner().persons;
    let found = people.into_iter().find(|person| person.code == question.helper);
    found.map(|person| person.name).context("somebody of the team")
}

/// About a case they meet with its parents, else about a child that is not named.
async fn books(
    school: &Connection,
    (keeper, question, life): (&Keeper, &PastQuestion, Option<&Life>),
    held: NaiveDate,
    asked: &mut Asked,
) -> anyhow::Result<()> {
    let iber = keeper.ibers.get(&question.iber).context("an intern begeleider")?;
    let mut table =
        vec![seat(iber, pb::Role::Iber.into()), seat(&asked.question.person, asked.question.role)];
    let parents = life.map(Life::parents).unwrap_or_default();
    table.extend(parents.iter().map(|parent| seat(parent, pb::Role::Ouder.into())));
    let kind = match life {
        Some(_) => pb::consultation::Kind::Consult,
        None => pb::consultation::Kind::AnoniemConsult,
    };
    let consultation = pb::Consultation {
        kind: kind.into(),
        case: life.map(|life| life.case.name.clone()).unwrap_or_default(),
        school: if life.is_none() { asked.question.school.clone() } else { String::new() },
        participants: table,
        hulpvraag: asked.question.name.clone(),
        ..Default::default()
    };
    asked.meeting = Some(book(school, consultation, (held, TURN)).await?);
    Ok(())
}

async fn meets(school: &Connection, life: Option<&Life>, asked: &mut Asked) -> anyhow::Result<()> {
    let meeting = asked.meeting.take().context("a meeting that was booked")?;
    let summary = "De school probeert het zes weken zo, en belt als het niet lukt.".into();
    let outcome = match life {
        None => pb::Outcome { summary, ..Default::default() },
        Some(life) => pb::Outcome { summary, ..heard(life) },
    };
    record(school, meeting, outcome).await
}

async fn finishes(school: &Connection, asked: &mut Asked) -> anyhow::Result<()> {
    // What its meeting did to it is not in what was read last.
    let ask = pb::GetHulpvraagRequest { name: asked.question.name.clone() };
    let read = school.hulpvraag().get_hulpvraag(ask).await?.into_inner();
    let ask = pb::CompleteHulpvraagRequest { name: read.name, etag: read.etag, request_id: fresh() };
    asked.question = school.hulpvraag().complete_hulpvraag(ask).await?.into_inner();
    Ok(())
}
