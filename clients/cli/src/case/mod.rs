//! Cases of children that are at home.

mod escalation;
mod facts;
mod information;
mod open;
mod plan;
mod steps;
mod told;
mod track;
mod watch;

use chrono::NaiveDate;
use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    failure::Failure,
    render::Answer,
    session::{Outcome, Session, call},
    time::Moment,
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Open a case
    #[command(
        after_help = "Example: schakelctl case open --school @school --residence GM9901 --child-name 'Noor Bos' --birth-date 2016-03-14 --absence-kind ONGEOORLOOFD --first-day 2026-10-05 --parent 'name=Eva Bos,email=eva@example.org,gezag=yes' --question 'Wie denkt mee?'"
    )]
    Open(open::Arguments),
    /// Show one, as far as one may see it
    #[command(after_help = "Example: schakelctl case get @case")]
    Get {
        /// `cases/…`
        name: Reference,
        /// Of `case standing`; here only to say so
        #[arg(long, value_name = "TIME", hide = true)]
        as_of: Option<String>,
    },
    /// The caller's cases, longest at home first, without names
    #[command(after_help = "Example: schakelctl case list --school @school")]
    List {
        /// OPEN or CLOSED [default: OPEN]
        #[arg(long)]
        state: Option<Choice<pb::case::State>>,
        /// Only of this school
        #[arg(long)]
        school: Option<Reference>,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// Change the facts that are given
    #[command(
        after_help = "Example: schakelctl case update @case --missed 2026-11-16=5 --milestone opp_agreed_date=2026-11-20"
    )]
    Update(facts::Arguments),
    /// What happened, who acts, and the deadlines as they stand today
    #[command(after_help = "Example: schakelctl case timeline @case --as-of 2026-11-24T10:00")]
    Timeline {
        /// `cases/…`
        name: Reference,
        /// As it was known then [default: now]
        #[arg(long, value_name = "TIME")]
        as_of: Option<Moment>,
    },
    /// How it stands by what is known: stage, labels, level, outcome, and deadlines with their reasons
    #[command(
        after_help = "Example: schakelctl case standing @case --as-of 2026-11-24T10:00 --on 2026-12-01"
    )]
    Standing {
        /// `cases/…`
        name: Reference,
        /// As it was known then [default: now]
        #[arg(long, value_name = "TIME")]
        as_of: Option<Moment>,
        /// On this day [default: the day of --as-of]
        #[arg(long, value_name = "DATE")]
        on: Option<NaiveDate>,
    },
    /// Move to the next stage
    #[command(
        after_help = "Example: schakelctl case advance @case --stage CONSULT --parents-involved 'Gebeld met moeder' --next-action 2026-12-01"
    )]
    Advance(steps::Advance),
    /// Take along with a child that goes to another school or gemeente; says when old and new can meet
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case move @case --residence GM9902 --parents-involved 'Gebeld met moeder'"
    )]
    Move(steps::Move),
    /// Close with an outcome
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case close @case --outcome TERUG_EIGEN_SCHOOL --outcome-date 2026-12-01"
    )]
    Close(steps::Close),
    /// Who does what, education and care side by side
    #[command(subcommand, after_help = "Example: schakelctl case plan list @case")]
    Plan(plan::Verb),
    /// Placements, exemptions, complaints, objections and disputes
    #[command(subcommand, after_help = "Example: schakelctl case track list @case")]
    Track(track::Verb),
    /// What partners are asked to tell
    #[command(subcommand, after_help = "Example: schakelctl case information list @case")]
    Information(information::Verb),
    /// Whom to call about other children of the household, where the region has a legal basis for it
    #[command(after_help = "Example: schakelctl case household @case")]
    Household {
        /// `cases/…`
        case: Reference,
    },
    /// Open again after a relapse, or take back a closing that was a mistake
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case reopen @case --first-day 2026-12-07"
    )]
    Reopen(steps::Reopen),
    /// Print that something changed in the caller's cases, as it does
    #[command(after_help = "Example: schakelctl --json case watch --case @case")]
    Watch(watch::Watch),
    /// Take to a higher level of escalation
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case escalate @case --level 2 --on 2026-11-23 --reason 'Tien weken thuis, geen aanbod' --organisation @school"
    )]
    Escalate(escalation::Escalate),
    /// Take back to a lower level
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case deescalate @case --level 1 --on 2026-11-23 --reason 'Er is een aanbod'"
    )]
    Deescalate(escalation::Deescalate),
    /// Write down what was decided with doorzettingsmacht
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case decide @case --decider persons/0190b2a0-7c3e-7000-8000-000000000001 --on 2026-11-23 --text 'De school plaatst' --obliged @school --due 2026-12-14"
    )]
    Decide(escalation::Decide),
    /// Write down whether that was done
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator case comply decisions/0190b2a0-7c3e-7000-8000-000000000001 --on 2026-12-15 --state NOT_COMPLIED --found 'Er is geen plek' --etag 1"
    )]
    Comply(escalation::Comply),
    /// What was decided about a case, and whether it was done
    #[command(after_help = "Example: schakelctl case decisions @case")]
    Decisions {
        /// `cases/…`
        case: Reference,
    },
    /// Write down how a party sees it
    #[command(
        after_help = "Example: schakelctl case view @case --about PLAN --person @parent1 --text 'Twee uur per dag is te veel'"
    )]
    View(escalation::View),
    /// Write down what a party answers to that
    #[command(
        after_help = "Example: schakelctl case rejoin caseViews/0190b2a0-7c3e-7000-8000-000000000001 --organisation @school --text 'Wij beginnen met een uur'"
    )]
    Rejoin(escalation::Rejoin),
    /// How the parties see a case, side by side
    #[command(after_help = "Example: schakelctl case views @case")]
    Views {
        /// `cases/…`
        case: Reference,
    },
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let case = match self {
            Self::Open(open) => open.run(session).await?,
            Self::Get { as_of: Some(_), .. } => {
                return Err(Failure::Usage(
                    "a case is shown as it is now; as it was known then: `case standing`, `case timeline` or \
                     `fact list`, with --as-of"
                        .to_owned(),
                ));
            }
            Self::Get { name, as_of: None } => get(session, session.resolve(&name)?).await?,
            Self::List { state, school, limit } => return list(session, state, school, limit).await,
            Self::Update(update) => update.run(session).await?,
            Self::Timeline { name, as_of } => {
                let as_of_time = as_of.map(Moment::wire);
                let asked = pb::GetTimelineRequest { name: session.resolve(&name)?, as_of_time };
                return Ok(told::timeline(&call!(session, thuiszitter.get_timeline(asked))?));
            }
            Self::Standing { name, as_of, on } => {
                let asked = pb::GetStandingRequest {
                    case: session.resolve(&name)?,
                    as_of_time: as_of.map(Moment::wire),
                    date: on.map(|day| day.to_string()).unwrap_or_default(),
                };
                return Ok(Answer::of(&call!(session, fact.get_standing(asked))?));
            }
            Self::Plan(verb) => return verb.run(session).await,
            Self::Track(verb) => return verb.run(session).await,
            Self::Information(verb) => return verb.run(session).await,
            Self::Household { case } => {
                let asked = pb::ListHouseholdRequest { case: session.resolve(&case)? };
                return Ok(Answer::of(&call!(session, household.list_household(asked))?));
            }
            Self::Advance(advance) => advance.run(session).await?,
            Self::Move(to) => return to.run(session).await,
            Self::Close(close) => close.run(session).await?,
            Self::Reopen(reopen) => reopen.run(session).await?,
            Self::Watch(watch) => return watch.run(session).await,
            Self::Escalate(escalate) => return escalate.run(session).await,
            Self::Deescalate(deescalate) => return deescalate.run(session).await,
            Self::Decide(decide) => return decide.run(session).await,
            Self::Comply(comply) => return comply.run(session).await,
            Self::Decisions { case } => return escalation::decisions(session, &case).await,
            Self::View(view) => return view.run(session).await,
            Self::Rejoin(rejoin) => return rejoin.run(session).await,
            Self::Views { case } => return escalation::views(session, &case).await,
        };
        Ok(told::case(&case))
    }
}

pub(crate) async fn get(session: &Session, name: String) -> Outcome<pb::Case> {
    call!(session, thuiszitter.get_case(pb::GetCaseRequest { name }))
}

async fn list(
    session: &Session,
    state: Option<Choice<pb::case::State>>,
    school: Option<Reference>,
    limit: usize,
) -> Outcome<Answer> {
    let filter = pb::ListCasesRequest {
        state: state.map_or(0, |state| state.0.into()),
        school: session.resolve_if(school.as_ref())?,
        page_size: 200,
        page_token: String::new(),
    };
    let found = every_page(limit, async |page_token| {
        let asked = pb::ListCasesRequest { page_token, ..filter.clone() };
        let answer = call!(session, thuiszitter.list_cases(asked))?;
        Ok((answer.cases, answer.next_page_token))
    });
    let columns = ["reference", "days_absent", "stage", "labels", "next_action_date", "school", "name"];
    Ok(Answer::list(&found.await?, &columns))
}
