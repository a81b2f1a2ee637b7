//! Lives the year before the first day, each deed on its own day, so that figures have something to tell.
//!
//! As clients do: cases, questions and what the region steers by go through the same calls, over a port of their
//! own, before the server serves. The clock is turned back to the first of those days and comes forward with them;
//! at the end it stands as it stood. Nobody is mailed: no worker runs meanwhile, and what waits to be told is given
//! up at the end, as after a restore.

mod asked;
mod map;
mod steering;

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
};

use anyhow::Context;
use chrono::{Datelike, Months, NaiveDate, NaiveTime, TimeDelta};
use schakel_client::{Connection, Profile, v1 as pb};
use tokio_util::sync::CancellationToken;

use self::{
    asked::{Asked, People},
    steering::Round,
};
use super::{
    load::{self, fresh},
    region::{AFWIJKINGEN, Deed, PastCase, PastQuestion, Region, SAMENWERKINGSVERBAND, Step, YEAR},
    welcome::{self, told},
};
use crate::{
    access::found_region::Founded,
    app::App,
    operate,
    serve::{self, Listener},
    store::pause::Held,
    thuiszitter::{facts::recompute, worker},
};

/// The files that tell how things stand now and nothing of the year before: hours, absences, closed days.
pub(super) const OF_NOW: [&str; 3] = ["werktijden.csv", "afwezigheid.csv", AFWIJKINGEN];
/// When everything is done that is done on a day, after the last of its meetings; UTC, as below.
const AFTERNOON: TimeDelta = TimeDelta::hours(15);
/// When the first half hour for parents begins.
const MORNING: TimeDelta = TimeDelta::hours(8);
/// How long parents and school speak.
const TALK: TimeDelta = TimeDelta::minutes(30);
/// How long the token works with which all of it is done: until the night before the first day.
const TOKEN: TimeDelta = TimeDelta::hours(363 * 24 + 12);
/// How often deadlines are looked at.
const ROUND: TimeDelta = TimeDelta::weeks(4);
/// So many days after it at the latest somebody is to act again.
const NEXT: TimeDelta = TimeDelta::weeks(2);

/// Founds the region a year ago and lives that year: its cases, and what was asked and agreed around them.
///
/// # Errors
/// When something is refused, which the example region does not do.
pub(super) async fn live(app: &App, region: &Region, past: &[PastCase]) -> anyhow::Result<Founded> {
    let own = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let listener = Listener::bind(own, None, app.now()).await?;
    let server = format!("http://{}", listener.address()?);
    let stop = CancellationToken::new();
    let listening = tokio::spawn(listener.serve(app.clone(), serve::router(app), stop.clone()));
    let mut clock = Turned { app, by: TimeDelta::zero() };
    let lived = year(&mut clock, (region, past), &server).await;
    clock.restore();
    stop.cancel();
    listening.await?;
    lived
}

/// The clock, and how far it was turned.
struct Turned<'a> {
    app: &'a App,
    by: TimeDelta,
}

impl Turned<'_> {
    /// Makes it the afternoon of `day`.
    fn to(&mut self, day: NaiveDate) {
        let by = day.and_time(NaiveTime::MIN).and_utc() + AFTERNOON - self.app.now();
        self.app.clock.advance(by);
        self.by += by;
    }

    /// Makes it what it would have been.
    fn restore(self) {
        self.app.clock.advance(-self.by);
    }
}

async fn year(
    clock: &mut Turned<'_>,
    (region, past): (&Region, &[PastCase]),
    server: &str,
) -> anyhow::Result<Founded> {
    let app = clock.app;
    clock.to(region.first_day - YEAR);
    let founded = welcome::found(app).await?;
    let administrator = Connection::open(&Profile::new(server, founded.secret.clone())).await?;
    load::import(&administrator, region, |file| !OF_NOW.contains(&file)).await?;

    let questions = region.questions(past);
    let round = Round::before(region.first_day);
    let days = days(past, &questions, &round);
    let Some(began) = days.keys().next().copied() else { return Ok(founded) };
    clock.to(began);
    let keeper = Keeper::of(app, region, server).await?;
    let mut people = People::of(app, server, region.first_day);
    let mut lives: Vec<Option<Life>> = past.iter().map(|_| None).collect();
    let mut asked: Vec<Option<Asked>> = questions.iter().map(|_| None).collect();
    let mut survey = None;
    let mut looked = began;
    for (day, done) in days {
        clock.to(day);
        if day - looked >= ROUND {
            recompute::work(app, founded.region).await.map_err(|error| told(&error))?;
            looked = day;
        }
        for act in done {
            let at = || format!("{act:?} on {day}");
            match act {
                Act::Case(nth, deed) => {
                    keeper.does((&past[nth], day, deed), &mut lives[nth]).await.with_context(at)?;
                }
                Act::Question(nth, step) => {
                    let question = &questions[nth];
                    let life = question.case.and_then(|case| lives[case].as_ref());
                    let about = (&keeper, question, life);
                    people.does(about, (day, step), &mut asked[nth]).await.with_context(at)?;
                }
                Act::Opens => survey = Some(round.opens(&keeper.connection).await.with_context(at)?),
                Act::Answers => {
                    let name = survey.as_deref().context("a round of questions")?;
                    round.is_answered(name, &mut people, &questions).await.with_context(at)?;
                    steering::notice(&mut people, &questions).await.with_context(at)?;
                }
            }
        }
    }
    clock.to(region.first_day - TimeDelta::days(1));
    map::draw(&administrator, (region, past), &keeper.schools).await.context("where schools are")?;
    steering::steer((&administrator, &keeper.connection), region)
        .await
        .context("what the region steers by")?;
    // What meetings did to cases is written into their timelines; nobody is told.
    worker::work(app, founded.region).await.map_err(|error| told(&error))?;
    app.begin_pause().await.map_err(|error| told(&error))?;
    app.release(Held::Dropped).await.map_err(|error| told(&error))?;
    Ok(founded)
}

/// What is done on a day: in which case, about which question, in the round of questions to schools.
#[derive(Debug, Clone, Copy)]
enum Act {
    Case(usize, Deed),
    Question(usize, Step),
    Opens,
    Answers,
}

/// All of it by day: what happens in cases goes before what is asked about them. Nothing without cases.
fn days(past: &[PastCase], questions: &[PastQuestion], round: &Round) -> BTreeMap<NaiveDate, Vec<Act>> {
    let mut days: BTreeMap<NaiveDate, Vec<Act>> = BTreeMap::new();
    for (nth, case) in past.iter().enumerate() {
        for (day, deed) in &case.deeds {
            days.entry(*day).or_default().push(Act::Case(nth, *deed));
        }
    }
    for (nth, question) in questions.iter().enumerate() {
        for (day, step) in &question.steps {
            days.entry(*day).or_default().push(Act::Question(nth, *step));
        }
    }
    if !past.is_empty() {
        days.entry(round.opened).or_default().push(Act::Opens);
        days.entry(round.answered).or_default().push(Act::Answers);
    }
    days
}

/// Somebody at a table.
fn seat(person: &str, role: i32) -> pb::Participant {
    pb::Participant { person: person.to_owned(), role, ..Default::default() }
}

/// Books half an hour at school for `about`, on the turn of the morning of `held` that is given.
async fn book(
    connection: &Connection,
    about: pb::Consultation,
    (held, turn): (NaiveDate, i32),
) -> anyhow::Result<pb::Consultation> {
    let start = held.and_time(NaiveTime::MIN).and_utc() + MORNING + TALK * turn;
    let consultation = pb::Consultation {
        start_time: Some(prost_types::Timestamp { seconds: start.timestamp(), nanos: 0 }),
        duration: Some(prost_types::Duration { seconds: TALK.num_seconds(), nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        ..about
    };
    let ask = pb::BookConsultationRequest {
        consultation: Some(consultation),
        request_id: fresh(),
        ..Default::default()
    };
    Ok(connection.consultation().book_consultation(ask).await?.into_inner())
}

/// Records what came of a meeting to which everybody came.
async fn record(
    connection: &Connection,
    meeting: pb::Consultation,
    outcome: pb::Outcome,
) -> anyhow::Result<()> {
    let attended = meeting.participants.into_iter().map(|seat| seat.person).collect();
    let ask = pb::RecordOutcomeRequest {
        name: meeting.name,
        outcome: Some(pb::Outcome { attended, ..outcome }),
        etag: meeting.etag,
        request_id: fresh(),
    };
    connection.consultation().record_outcome(ask).await?;
    Ok(())
}

/// What is told of every meeting about a case: how its child was heard, and that the parents want no help.
fn heard(life: &Life) -> pb::Outcome {
    pb::Outcome {
        child_heard: pb::outcome::ChildHeard::ThroughOthers.into(),
        child_heard_note: "Thuis gevraagd, en verteld door een ouder.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
        jgt_decided_with: life.parents(),
        ..Default::default()
    }
}

/// A case on its way.
struct Life {
    case: pb::Case,
    etag: String,
    /// The next meeting.
    meeting: Option<pb::Consultation>,
}

impl Life {
    /// The parents who are asked: those with gezag.
    fn parents(&self) -> Vec<String> {
        let gezag = i32::from(pb::case::parent::Gezag::Yes);
        let asked = self.case.parents.iter().filter(|parent| parent.gezag == gezag);
        asked.map(|parent| parent.person.clone()).collect()
    }
}

fn opened(life: &mut Option<Life>) -> anyhow::Result<&mut Life> {
    life.as_mut().context("a case that was opened")
}

/// The thuiszitterscoordinator, who keeps all cases of the region.
struct Keeper {
    connection: Connection,
    /// The samenwerkingsverband.
    organisation: String,
    /// Resource names by vestigingscode.
    schools: BTreeMap<String, String>,
    /// Resource names by person code.
    ibers: BTreeMap<String, String>,
    first_day: NaiveDate,
}

impl Keeper {
    async fn of(app: &App, region: &Region, server: &str) -> anyhow::Result<Self> {
        let code = region.people_of_the_story().thuiszitterscoordinator;
        let token = operate::issue(app, SAMENWERKINGSVERBAND, &code, TOKEN).await?;
        let connection = Connection::open(&Profile::new(server, token)).await?;
        let organisation = connection.access().who_am_i(pb::WhoAmIRequest {}).await?.into_inner().acting_for;
        let schools = load::schools(&connection).await?;
        let ask =
            pb::ListPersonsRequest { role: pb::Role::Iber.into(), page_size: 200, ..Default::default() };
        let ibers = connection.directory().list_persons(ask).await?.into_inner().persons;
        let ibers = ibers.into_iter().map(|person| (person.code, person.name)).collect();
        Ok(Self { connection, organisation, schools, ibers, first_day: region.first_day })
    }

    async fn does(
        &self,
        (past, day, deed): (&PastCase, NaiveDate, Deed),
        life: &mut Option<Life>,
    ) -> anyhow::Result<()> {
        match deed {
            Deed::Opens => {
                *life = Some(self.opens(past).await?);
                Ok(())
            }
            Deed::Books(held) => self.books(past, held, opened(life)?).await,
            Deed::Meets => self.meets(opened(life)?).await,
            Deed::Goes(stage) => self.goes(stage, day, opened(life)?).await,
            Deed::Escalates(level) => self.escalates(level, day, opened(life)?).await,
            Deed::Happens(moment) => {
                let dated = pb::fact::Dated { moment: moment.into(), date: day.to_string() };
                // Of this one alone it is told why.
                let decided = matches!(moment, pb::Moment::ExtraSupportDecided);
                let reason = if decided { "De basisondersteuning is niet genoeg." } else { "" };
                self.tells(pb::fact::Said::Happened(dated), reason, opened(life)?).await
            }
            Deed::Exempts(ground) => {
                let until = day + Months::new(12) - TimeDelta::days(1);
                let exemption = pb::fact::Exemption {
                    ground: ground.into(),
                    from_date: day.to_string(),
                    until_date: until.to_string(),
                };
                self.tells(pb::fact::Said::Exemption(exemption), "", opened(life)?).await
            }
            Deed::Enrols(enrolment) => {
                let enrolled = pb::fact::Enrolled { enrolment: enrolment.into(), from_date: day.to_string() };
                self.tells(pb::fact::Said::Enrolled(enrolled), "", opened(life)?).await
            }
            Deed::Moves => self.moves(past, opened(life)?).await,
            Deed::Ends(outcome) => self.ends(outcome, day, opened(life)?).await,
            Deed::Relapses => self.reopens(day, opened(life)?).await,
        }
    }

    async fn opens(&self, past: &PastCase) -> anyhow::Result<Life> {
        let case = load::open_case(&self.connection, &past.seed, &self.schools, None).await?;
        Ok(Life { etag: case.etag.clone(), case, meeting: None })
    }

    async fn books(&self, past: &PastCase, held: NaiveDate, life: &mut Life) -> anyhow::Result<()> {
        let iber = self.ibers.get(&past.iber).context("an intern begeleider")?;
        let mut table = vec![seat(iber, pb::Role::Iber.into())];
        table.extend(life.parents().iter().map(|parent| seat(parent, pb::Role::Ouder.into())));
        let consultation = pb::Consultation {
            kind: pb::consultation::Kind::Verzuimgesprek.into(),
            case: life.case.name.clone(),
            participants: table,
            ..Default::default()
        };
        life.meeting = Some(book(&self.connection, consultation, (held, past.turn)).await?);
        Ok(())
    }

    async fn meets(&self, life: &mut Life) -> anyhow::Result<()> {
        let meeting = life.meeting.take().context("a meeting that was booked")?;
        let summary = "School en ouders proberen elke week een stap, en bellen op vrijdag.".into();
        let outcome = pb::Outcome { summary, ..heard(life) };
        record(&self.connection, meeting, outcome).await
    }

    async fn goes(&self, stage: pb::Stage, day: NaiveDate, life: &mut Life) -> anyhow::Result<()> {
        // Of what is still open on the first day, the next step is to come.
        let next = (day + NEXT).max(self.first_day + TimeDelta::days(2 + i64::from(day.ordinal0() % 20)));
        let ask = pb::AdvanceCaseRequest {
            name: life.case.name.clone(),
            stage: stage.into(),
            parents_involved: "Met de ouders besproken.".into(),
            next_action_date: next.to_string(),
            etag: life.etag.clone(),
            request_id: fresh(),
            child_heard: "Het kind was bij het gesprek.".into(),
        };
        life.etag = self.connection.thuiszitter().advance_case(ask).await?.into_inner().etag;
        Ok(())
    }

    async fn escalates(&self, level: i32, day: NaiveDate, life: &mut Life) -> anyhow::Result<()> {
        let ask = pb::EscalateCaseRequest {
            case: life.case.name.clone(),
            level,
            date: day.to_string(),
            reason: "Er is nog geen passend aanbod.".into(),
            organisation: self.organisation.clone(),
            etag: life.etag.clone(),
            request_id: fresh(),
            parents_involved: "Met de ouders besproken.".into(),
            child_heard: "Nog niet gehoord.".into(),
            ..Default::default()
        };
        life.etag = self.connection.escalation().escalate_case(ask).await?.into_inner().etag;
        Ok(())
    }

    async fn tells(&self, said: pb::fact::Said, reason: &str, life: &mut Life) -> anyhow::Result<()> {
        let fact = pb::Fact { said: Some(said), reason: reason.into(), ..Default::default() };
        let ask = pb::RecordFactsRequest {
            case: life.case.name.clone(),
            facts: vec![fact],
            request_id: fresh(),
            ..Default::default()
        };
        life.etag = self.connection.fact().record_facts(ask).await?.into_inner().etag;
        Ok(())
    }

    async fn moves(&self, past: &PastCase, life: &mut Life) -> anyhow::Result<()> {
        let next = past.next.as_ref().context("a school for the child")?;
        let ask = pb::MoveCaseRequest {
            name: life.case.name.clone(),
            school: self.schools.get(next).context("a school of the region")?.clone(),
            etag: life.etag.clone(),
            request_id: fresh(),
            parents_involved: "De ouders kozen deze school.".into(),
            child_heard: "Het kind heeft er een ochtend meegedaan.".into(),
            ..Default::default()
        };
        life.etag = self.connection.handover().move_case(ask).await?.into_inner().etag;
        Ok(())
    }

    async fn ends(&self, outcome: pb::CaseOutcome, day: NaiveDate, life: &mut Life) -> anyhow::Result<()> {
        let ask = pb::CloseCaseRequest {
            name: life.case.name.clone(),
            outcome: outcome.into(),
            outcome_date: day.to_string(),
            note: "Met de ouders afgesproken.".into(),
            etag: life.etag.clone(),
            request_id: fresh(),
            parents_involved: "Met de ouders besproken.".into(),
            child_heard: "Het kind was bij het gesprek.".into(),
        };
        life.etag = self.connection.thuiszitter().close_case(ask).await?.into_inner().etag;
        Ok(())
    }

    async fn reopens(&self, day: NaiveDate, life: &mut Life) -> anyhow::Result<()> {
        let ask = pb::ReopenCaseRequest {
            name: life.case.name.clone(),
            first_day: (day - TimeDelta::days(3)).to_string(),
            etag: life.etag.clone(),
            request_id: fresh(),
            parents_involved: "De ouders belden zelf.".into(),
            child_heard: "Nog niet gehoord.".into(),
            closed_by_mistake: false,
        };
        life.etag = self.connection.thuiszitter().reopen_case(ask).await?.into_inner().etag;
        Ok(())
    }
}
