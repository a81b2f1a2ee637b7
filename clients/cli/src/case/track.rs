//! Tracks of a case: started, stepped, changed, listed.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1::{self as pb, track};

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Begin one
    #[command(
        after_help = "Example: schakelctl case track start @case --kind PLACEMENT --coordinator persons/0190b2a0-7c3e-7000-8000-000000000001 --on 2026-11-23 --next 2026-12-01"
    )]
    Start(Start),
    /// Say that a step was taken, which may end it
    #[command(
        after_help = "Example: schakelctl case track step tracks/0190b2a0-7c3e-7000-8000-000000000001 --etag 1 --kind SCHOOL_VISITED --school @school --on 2026-11-30 --next 2026-12-07"
    )]
    Step(Taken),
    /// Take back the last step, which was a mistake
    #[command(
        after_help = "Example: schakelctl case track back tracks/0190b2a0-7c3e-7000-8000-000000000001 --etag 2 --kind SCHOOL_VISITED --next 2026-12-07"
    )]
    Back(Back),
    /// Change who sees to it, or the next day
    #[command(
        after_help = "Example: schakelctl case track update tracks/0190b2a0-7c3e-7000-8000-000000000001 --etag 2 --next 2026-12-14"
    )]
    Update(Update),
    /// All of a case, by first day
    #[command(after_help = "Example: schakelctl case track list @case")]
    List {
        /// `cases/…`
        case: Reference,
    },
}

#[derive(Args)]
pub(crate) struct Start {
    /// `cases/…`
    case: Reference,
    /// `PLACEMENT`, `EXEMPTION`, `COMPLAINT`, `PARENT_OBJECTION`, `TLV_OBJECTION`, `DISPUTE`, `ARRANGEMENT` or
    /// `OZA`
    #[arg(long)]
    kind: Choice<track::Kind>,
    /// Of an exemption or a substitute programme, for example `5_ONDER_A`, `5A_TREKKEND` or `3A`
    #[arg(long)]
    ground: Option<Choice<track::Ground>>,
    /// Who sees to it
    #[arg(long)]
    coordinator: Reference,
    /// The day on which it began or was received
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// When something happens next
    #[arg(long, value_name = "DATE")]
    next: NaiveDate,
}

/// The track that is to change.
#[derive(Args)]
pub(crate) struct Which {
    /// `tracks/…`
    name: Reference,
    /// The version that was listed
    #[arg(long)]
    etag: String,
}

#[derive(Args)]
pub(crate) struct Taken {
    #[command(flatten)]
    which: Which,
    /// For example `TLV_APPLIED`
    #[arg(long)]
    kind: Choice<track::step::Kind>,
    /// On which day
    #[arg(long, value_name = "DATE")]
    on: NaiveDate,
    /// The last day of an arrangement that begins
    #[arg(long, value_name = "DATE")]
    until: Option<NaiveDate>,
    /// Of a step about a school
    #[arg(long)]
    school: Option<Reference>,
    /// The meeting at which the parties talked
    #[arg(long)]
    consultation: Option<Reference>,
    /// What belongs to it; of `ARRANGEMENT_GRANTED` why more is needed than the basisondersteuning
    #[arg(long, default_value = "")]
    note: String,
    /// How a complaint, objection or dispute ended
    #[arg(long)]
    outcome: Option<Choice<track::Outcome>>,
    /// When something happens next, unless it ends
    #[arg(long, value_name = "DATE")]
    next: Option<NaiveDate>,
}

#[derive(Args)]
pub(crate) struct Back {
    #[command(flatten)]
    which: Which,
    /// The last step, for example `TLV_APPLIED`
    #[arg(long)]
    kind: Choice<track::step::Kind>,
    /// When something happens next
    #[arg(long, value_name = "DATE")]
    next: NaiveDate,
}

#[derive(Args)]
pub(crate) struct Update {
    #[command(flatten)]
    which: Which,
    /// Who sees to it
    #[arg(long)]
    coordinator: Option<Reference>,
    /// When something happens next
    #[arg(long, value_name = "DATE")]
    next: Option<NaiveDate>,
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

impl Start {
    async fn run(self, session: &Session) -> Outcome<pb::Track> {
        let track = pb::Track {
            case: session.resolve(&self.case)?,
            kind: self.kind.0.into(),
            ground: self.ground.map_or(0, |ground| ground.0.into()),
            coordinator: session.resolve(&self.coordinator)?,
            start_date: self.on.to_string(),
            next_date: self.next.to_string(),
            ..pb::Track::default()
        };
        let asked = pb::StartTrackRequest { track: Some(track), request_id: request_id() };
        call!(session, track.start_track(asked))
    }
}

impl Taken {
    async fn run(self, session: &Session) -> Outcome<pb::Track> {
        let step = track::Step {
            kind: self.kind.0.into(),
            date: self.on.to_string(),
            until_date: day(self.until),
            school: session.resolve_if(self.school.as_ref())?,
            consultation: session.resolve_if(self.consultation.as_ref())?,
            note: self.note,
        };
        let asked = pb::AddTrackStepRequest {
            name: session.resolve(&self.which.name)?,
            step: Some(step),
            outcome: self.outcome.map_or(0, |outcome| outcome.0.into()),
            next_date: day(self.next),
            etag: self.which.etag,
            request_id: request_id(),
        };
        call!(session, track.add_track_step(asked))
    }
}

impl Back {
    async fn run(self, session: &Session) -> Outcome<pb::Track> {
        let asked = pb::TakeBackTrackStepRequest {
            name: session.resolve(&self.which.name)?,
            step: self.kind.0.into(),
            next_date: self.next.to_string(),
            etag: self.which.etag,
            request_id: request_id(),
        };
        call!(session, track.take_back_track_step(asked))
    }
}

impl Update {
    async fn run(self, session: &Session) -> Outcome<pb::Track> {
        let given = [("coordinator", self.coordinator.is_some()), ("next_date", self.next.is_some())];
        let paths = given.iter().filter(|(_, is)| *is).map(|(path, _)| (*path).to_owned()).collect();
        let track = pb::Track {
            name: session.resolve(&self.which.name)?,
            etag: self.which.etag,
            coordinator: session.resolve_if(self.coordinator.as_ref())?,
            next_date: day(self.next),
            ..pb::Track::default()
        };
        let asked = pb::UpdateTrackRequest {
            track: Some(track),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: request_id(),
        };
        call!(session, track.update_track(asked))
    }
}

impl Verb {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let track = match self {
            Self::Start(start) => start.run(session).await?,
            Self::Step(taken) => taken.run(session).await?,
            Self::Back(back) => back.run(session).await?,
            Self::Update(update) => update.run(session).await?,
            Self::List { case } => {
                let asked = pb::ListTracksRequest { case: session.resolve(&case)? };
                let tracks = call!(session, track.list_tracks(asked))?.tracks;
                let columns = [
                    "start_date",
                    "kind",
                    "ground",
                    "state",
                    "outcome",
                    "next_date",
                    "coordinator",
                    "etag",
                    "name",
                ];
                return Ok(Answer::list(&tracks, &columns));
            }
        };
        Ok(Answer::of(&track))
    }
}
