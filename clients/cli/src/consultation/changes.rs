//! Changes of a planned meeting: its time, its place, its people.

use clap::Args;
use schakel_client::v1 as pb;

use super::Which;
use crate::{
    memory::Found,
    seat::Guest,
    session::{Outcome, Session, call, request_id},
    time::{self, Moment},
    value::{Choice, Reference},
};

#[derive(Args)]
#[command(group(clap::ArgGroup::new("when").required(true)))]
pub(crate) struct Move {
    #[command(flatten)]
    which: Which,
    /// When: local time or RFC 3339
    #[arg(long, value_name = "TIME", group = "when")]
    start: Option<Moment>,
    /// The number of a time in the last answer of `slots`
    #[arg(long, value_name = "N", group = "when")]
    slot: Option<usize>,
    /// How long [default: as it was]
    #[arg(long)]
    minutes: Option<u32>,
    /// Where they meet [default: as it was]
    #[arg(long)]
    place: Option<Choice<pb::consultation::Place>>,
    /// Why it comes nearer than usual
    #[arg(long, value_name = "WHY")]
    short_notice: Option<Choice<pb::consultation::ShortNotice>>,
}

impl Move {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let remembered = self.slot.map(|number| Found::last(session)?.slot(number).cloned()).transpose()?;
        let start_time = match (self.start, remembered) {
            (Some(start), _) => Some(start.wire()),
            (None, slot) => slot.map(|slot| prost_types::Timestamp { seconds: slot.start, nanos: 0 }),
        };
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::MoveConsultationRequest {
            name,
            start_time,
            duration: self.minutes.map(time::minutes),
            place: self.place.map_or(0, |place| place.0.into()),
            etag,
            request_id: request_id(),
            short_notice: self.short_notice.map_or(0, |why| why.0.into()),
            ..Default::default()
        };
        call!(session, consultation.move_consultation(asked))
    }
}

#[derive(Args)]
pub(crate) struct Replace {
    #[command(flatten)]
    which: Which,
    /// Who leaves
    #[arg(long, value_name = "NAME")]
    leaves: Reference,
    /// Who comes, as NAME:ROLE
    #[arg(long, value_name = "NAME:ROLE")]
    comes: Guest,
    /// Who comes may stay away
    #[arg(long)]
    optional: bool,
}

impl Replace {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let leaves = session.resolve(&self.leaves)?;
        let comes = Some(self.comes.wire(&session.names, self.optional)?);
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::ReplaceParticipantRequest { name, leaves, comes, etag, request_id: request_id() };
        call!(session, consultation.replace_participant(asked))
    }
}

#[derive(Args)]
pub(crate) struct Add {
    #[command(flatten)]
    which: Which,
    /// Who comes, as NAME:ROLE
    #[arg(long, value_name = "NAME:ROLE")]
    comes: Guest,
    /// Who comes may stay away
    #[arg(long)]
    optional: bool,
}

impl Add {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let comes = Some(self.comes.wire(&session.names, self.optional)?);
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::AddParticipantRequest { name, comes, etag, request_id: request_id() };
        call!(session, consultation.add_participant(asked))
    }
}

#[derive(Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    which: Which,
    /// Who leaves
    #[arg(long, value_name = "NAME")]
    leaves: Reference,
}

impl Remove {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let leaves = session.resolve(&self.leaves)?;
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::RemoveParticipantRequest { name, leaves, etag, request_id: request_id() };
        call!(session, consultation.remove_participant(asked))
    }
}

#[derive(Args)]
pub(crate) struct Reinstate {
    #[command(flatten)]
    which: Which,
    /// Why it is nearer than usual: `FAMILY_ASKS`, URGENT or `ALL_AGREED`
    #[arg(long, value_name = "WHY")]
    short_notice: Option<Choice<pb::consultation::ShortNotice>>,
}

impl Reinstate {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let short_notice = self.short_notice.map_or(0, |why| why.0.into());
        let (name, etag) = self.which.read(session).await?;
        let asked = pb::ReinstateConsultationRequest { name, etag, request_id: request_id(), short_notice };
        call!(session, consultation.reinstate_consultation(asked))
    }
}
