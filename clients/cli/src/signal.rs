//! Signals from practice: told, listed, put on an agenda, answered, withdrawn.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    entry::{self, Versioned, every_page},
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Tell how things go; about no child, without names
    #[command(
        after_help = "Example: schakelctl signal report --category WACHTTIJD --school @school --text 'De wachttijd is een half jaar.'"
    )]
    Report {
        /// What it is about
        #[arg(long)]
        category: Choice<pb::signal::Category>,
        /// What is noticed, without names
        #[arg(long)]
        text: String,
        /// The school that it is about
        #[arg(long, conflicts_with = "wijk_code")]
        school: Option<Reference>,
        /// The wijk that it is about, CBS code [default: the whole region]
        #[arg(long)]
        wijk_code: Option<String>,
        /// About how many children
        #[arg(long)]
        children: Option<i32>,
    },
    /// Show one
    #[command(after_help = "Example: schakelctl signal get signals/0198…")]
    Get {
        /// `signals/…`
        name: Reference,
    },
    /// One's own, or all to who sets the agenda, newest first
    #[command(after_help = "Example: schakelctl --as thuiszitterscoordinator signal list --state REPORTED")]
    List {
        #[command(flatten)]
        filter: Filter,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Put it on the agenda of a meeting about no child
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator signal schedule signals/0198… --consultation @consultation"
    )]
    Schedule {
        #[command(flatten)]
        which: Which,
        /// The meeting
        #[arg(long)]
        consultation: Reference,
    },
    /// Say what was done with it, to who told it
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator signal answer signals/0198… --answer 'Er komt een tweede groep.'"
    )]
    Answer {
        #[command(flatten)]
        which: Which,
        /// What was done
        #[arg(long)]
        answer: String,
    },
    /// Destroy what was written for good: it names somebody after all
    #[command(after_help = "Example: schakelctl signal withdraw signals/0198…")]
    Withdraw {
        #[command(flatten)]
        which: Which,
    },
}

/// What a list is narrowed to.
#[derive(Args)]
pub(crate) struct Filter {
    /// Only in this state
    #[arg(long)]
    state: Option<Choice<pb::signal::State>>,
    /// Only about this
    #[arg(long)]
    category: Option<Choice<pb::signal::Category>>,
    /// Only of this wijk and its schools
    #[arg(long)]
    wijk_code: Option<String>,
    /// Only of this school
    #[arg(long)]
    school: Option<Reference>,
    /// Only on the agenda of this meeting
    #[arg(long)]
    consultation: Option<Reference>,
    /// Only told on this day or later
    #[arg(long, value_name = "DATE")]
    from_date: Option<NaiveDate>,
    /// Only told on this day or before
    #[arg(long, value_name = "DATE")]
    until_date: Option<NaiveDate>,
}

/// The signal that is to change.
pub(crate) type Which = entry::Which<pb::Signal>;

impl Versioned for pb::Signal {
    async fn etag(session: &Session, name: String) -> Outcome<String> {
        Ok(get(session, name).await?.etag)
    }
}

async fn get(session: &Session, name: String) -> Outcome<pb::Signal> {
    call!(session, signal.get_signal(pb::GetSignalRequest { name }))
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request_id = request_id();
        let changed = match self {
            Self::Report { category, text, school, wijk_code, children } => {
                let signal = pb::Signal {
                    category: category.0.into(),
                    text,
                    school: session.resolve_if(school.as_ref())?,
                    wijk_code: wijk_code.unwrap_or_default(),
                    children: children.unwrap_or_default(),
                    ..Default::default()
                };
                let telling = pb::ReportSignalRequest { signal: Some(signal), request_id };
                call!(session, signal.report_signal(telling))?
            }
            Self::Get { name } => get(session, session.resolve(&name)?).await?,
            Self::List { filter, limit } => return list(session, filter, limit).await,
            Self::Schedule { which, consultation } => {
                let consultation = session.resolve(&consultation)?;
                let (name, etag) = which.read(session).await?;
                let setting = pb::ScheduleSignalRequest { name, consultation, etag, request_id };
                call!(session, signal.schedule_signal(setting))?
            }
            Self::Answer { which, answer } => {
                let (name, etag) = which.read(session).await?;
                let answering = pb::AnswerSignalRequest { name, answer, etag, request_id };
                call!(session, signal.answer_signal(answering))?
            }
            Self::Withdraw { which } => {
                let (name, etag) = which.read(session).await?;
                let withdrawing = pb::WithdrawSignalRequest { name, etag, request_id };
                call!(session, signal.withdraw_signal(withdrawing))?
            }
        };
        Ok(Answer::of(&changed))
    }
}

async fn list(session: &Session, filter: Filter, limit: usize) -> Outcome<Answer> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let filter = pb::ListSignalsRequest {
        state: filter.state.map_or(0, |state| state.0.into()),
        category: filter.category.map_or(0, |category| category.0.into()),
        wijk_code: filter.wijk_code.unwrap_or_default(),
        school: session.resolve_if(filter.school.as_ref())?,
        consultation: session.resolve_if(filter.consultation.as_ref())?,
        from_date: day(filter.from_date),
        until_date: day(filter.until_date),
        page_size: 200,
        page_token: String::new(),
    };
    let found = every_page(limit, async |page_token| {
        let asked = pb::ListSignalsRequest { page_token, ..filter.clone() };
        let answer = call!(session, signal.list_signals(asked))?;
        Ok((answer.signals, answer.next_page_token))
    });
    let columns = ["report_date", "state", "category", "wijk_code", "text", "name"];
    Ok(Answer::list(&found.await?, &columns))
}
