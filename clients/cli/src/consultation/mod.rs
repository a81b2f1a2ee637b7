//! Meetings.

mod book;
mod changes;
mod outcome;
mod part;

use std::fmt::Write as _;

use clap::{Args, Subcommand};
use schakel_client::v1::{self as pb, participant::Answer as Answered};

use crate::{
    entry::{self, Versioned, every_page},
    render::Answer,
    session::{Outcome, Session, call, request_id},
    time::Moment,
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Book a meeting; everybody is invited by mail
    #[command(
        after_help = "At a time that `slots` found: schakelctl consultation book --slot 1 --kind MDO\n\nExample: schakelctl consultation book --kind MDO --case @case --school @school --start 2026-11-24T10:00 --minutes 60 --place school --me --parents --seat @smw:SMW"
    )]
    Book(book::Arguments),
    /// Show one
    #[command(after_help = "Example: schakelctl consultation get @consultation")]
    Get {
        /// `consultations/…`
        name: Reference,
    },
    /// Those that one may see, by start time
    #[command(after_help = "Example: schakelctl consultation list --case @case --after 2026-11-01")]
    List(List),
    /// Move to another time or place; everybody is told
    #[command(after_help = "Example: schakelctl consultation move @consultation --start 2026-11-26T10:00")]
    Move(changes::Move),
    /// One leaves, another comes; only those two are told
    #[command(
        after_help = "Example: schakelctl consultation replace @consultation --leaves @smw --comes @coordinator:WIJKTEAM_COORDINATOR"
    )]
    Replace(changes::Replace),
    /// One more comes; nobody else is told
    #[command(
        after_help = "Example: schakelctl consultation add @consultation --comes @coordinator:WIJKTEAM_COORDINATOR"
    )]
    Add(changes::Add),
    /// One less comes; nobody else is told
    #[command(after_help = "Example: schakelctl consultation remove @consultation --leaves @coordinator")]
    Remove(changes::Remove),
    /// What was cancelled goes on after all; everybody is asked again
    #[command(after_help = "Example: schakelctl consultation reinstate @consultation")]
    Reinstate(changes::Reinstate),
    /// Cancel; everybody is told
    #[command(after_help = "Example: schakelctl consultation cancel @consultation")]
    Cancel {
        #[command(flatten)]
        which: Which,
    },
    /// One's own answer
    #[command(after_help = "Example: schakelctl --as smw consultation answer @consultation ACCEPTED")]
    Answer {
        /// `consultations/…`
        name: Reference,
        /// ACCEPTED, DECLINED or TENTATIVE
        answer: Choice<pb::participant::Answer>,
    },
    /// What came of it
    #[command(
        after_help = "Example: schakelctl consultation outcome @consultation --attended @iber --attended @parent1 --child-heard THROUGH_OTHERS --child-heard-note 'Via moeder' --help-wanted JA --decided-with @parent1 --summary 'Rustige opbouw' --action 'text=Rooster maken,owner=@iber,due=2026-12-01'"
    )]
    Outcome(outcome::Arguments),
    /// Every change from now on, one line each, until interrupted
    #[command(after_help = "Example: schakelctl --json consultation watch --case @case")]
    Watch {
        /// Only of this case
        #[arg(long)]
        case: Option<Reference>,
    },
}

/// The meeting that is to change.
pub(crate) type Which = entry::Which<pb::Consultation>;

impl Versioned for pb::Consultation {
    async fn etag(session: &Session, name: String) -> Outcome<String> {
        Ok(get(session, name).await?.etag)
    }
}

#[derive(Args)]
pub(crate) struct List {
    /// Only of this case
    #[arg(long)]
    case: Option<Reference>,
    /// Only of this school
    #[arg(long)]
    school: Option<Reference>,
    /// Only those that end after this time [default: now]
    #[arg(long, value_name = "TIME")]
    after: Option<Moment>,
    /// Also cancelled ones
    #[arg(long)]
    show_cancelled: bool,
    /// Only those at which somebody has to be replaced
    #[arg(long)]
    needs_substitute: bool,
    /// At most this many
    #[arg(long, default_value_t = 200)]
    limit: usize,
}

async fn get(session: &Session, name: String) -> Outcome<pb::Consultation> {
    call!(session, consultation.get_consultation(pb::GetConsultationRequest { name }))
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let meeting = match self {
            Self::Book(book) => book.run(session).await?,
            Self::Get { name } => get(session, session.resolve(&name)?).await?,
            Self::List(list) => return list.run(session).await,
            Self::Move(changes) => changes.run(session).await?,
            Self::Replace(replace) => replace.run(session).await?,
            Self::Add(add) => add.run(session).await?,
            Self::Remove(remove) => remove.run(session).await?,
            Self::Reinstate(reinstate) => reinstate.run(session).await?,
            Self::Cancel { which } => {
                let (name, etag) = which.read(session).await?;
                let asked = pb::CancelConsultationRequest { name, etag, request_id: request_id() };
                call!(session, consultation.cancel_consultation(asked))?
            }
            Self::Answer { name, answer } => {
                let name = session.resolve(&name)?;
                let answer = answer.0.into();
                let asked = pb::AnswerConsultationRequest {
                    name,
                    answer,
                    request_id: request_id(),
                    ..Default::default()
                };
                call!(session, consultation.answer_consultation(asked))?
            }
            Self::Outcome(outcome) => outcome.run(session).await?,
            Self::Watch { case } => return watch(session, case).await,
        };
        Ok(Answer::of(&meeting))
    }
}

impl List {
    async fn run(self, session: &Session) -> Outcome<Answer> {
        let filter = pb::ListConsultationsRequest {
            case: session.resolve_if(self.case.as_ref())?,
            school: session.resolve_if(self.school.as_ref())?,
            after_time: self.after.map(Moment::wire),
            show_cancelled: self.show_cancelled,
            needs_substitute: self.needs_substitute,
            page_size: 200,
            page_token: String::new(),
        };
        let found = every_page(self.limit, async |page_token| {
            let asked = pb::ListConsultationsRequest { page_token, ..filter.clone() };
            let answer = call!(session, consultation.list_consultations(asked))?;
            Ok((answer.consultations, answer.next_page_token))
        });
        let columns = ["start_time", "duration", "kind", "state", "place", "reference", "name"];
        Ok(Answer::list(&found.await?, &columns))
    }
}

/// Prints as it comes, past a server that was away; ends when the server refuses.
async fn watch(session: &Session, case: Option<Reference>) -> Outcome<Answer> {
    let mut changes = session.connection.watch_consultations(session.resolve_if(case.as_ref())?);
    loop {
        let meeting = changes.next().await?;
        let line = if session.json { Answer::of(&meeting).line(true) } else { line(&meeting) };
        crate::print(&line);
    }
}

/// A change in one line.
fn line(meeting: &pb::Consultation) -> String {
    let bare = |name: &'static str, prefix: &str| name.trim_start_matches(prefix).to_owned();
    let start = meeting.start_time.and_then(crate::time::instant).map(crate::time::local);
    let answered = |answer| meeting.participants.iter().filter(|guest| guest.answer() == answer).count();
    let mut answers = format!("{} of {} accepted", answered(Answered::Accepted), meeting.participants.len());
    for (count, word) in
        [(answered(Answered::Declined), "declined"), (answered(Answered::Tentative), "tentative")]
    {
        if count > 0 {
            let _ = write!(answers, ", {count} {word}");
        }
    }
    let mut table = crate::render::Table::bare();
    table.row([
        meeting.reference.clone(),
        bare(meeting.kind().as_str_name(), "KIND_"),
        bare(meeting.state().as_str_name(), "STATE_"),
        start.unwrap_or_default(),
        answers,
    ]);
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_one_line() {
        let guest =
            |answer: pb::participant::Answer| pb::Participant { answer: answer.into(), ..Default::default() };
        let meeting = pb::Consultation {
            reference: "K7Q-4MDX".into(),
            kind: pb::consultation::Kind::Mdo.into(),
            state: pb::consultation::State::Planned.into(),
            start_time: Some(prost_types::Timestamp { seconds: 1_795_510_800, nanos: 0 }),
            participants: vec![
                guest(pb::participant::Answer::Accepted),
                guest(pb::participant::Answer::NeedsAction),
            ],
            ..Default::default()
        };
        assert_eq!(line(&meeting), "K7Q-4MDX  MDO  PLANNED  Tue 2026-11-24 10:00  1 of 2 accepted");
        let mut refused = meeting;
        refused.participants.push(guest(pb::participant::Answer::Tentative));
        refused
            .participants
            .extend([guest(pb::participant::Answer::Declined), guest(pb::participant::Answer::Declined)]);
        assert!(line(&refused).ends_with("  1 of 5 accepted, 2 declined, 1 tentative"), "{}", line(&refused));
    }
}
