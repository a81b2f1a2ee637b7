//! Where children wait: figures of a day, how long it takes, and both as files.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1::{self as pb, monitor_scope::Of};

use crate::{
    entry::every_page,
    privacy,
    render::{Answer, Node, table_of, tree},
    session::{Outcome, Session, call},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// The figures of a day
    #[command(after_help = "Example: schakelctl --as thuiszitterscoordinator monitor show --by wijk")]
    Show {
        #[command(flatten)]
        table: Table,
    },
    /// How long it takes until something comes
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator monitor survival offer --from 2026-01-01"
    )]
    Survival {
        /// What is waited for
        end: Choice<pb::WaitingEnd>,
        #[command(flatten)]
        scope: Scope,
        /// Of who came home from this day on [default: 52 weeks before]
        #[arg(long, value_name = "DATE")]
        from: Option<NaiveDate>,
        /// And up to this day [default: today]
        #[arg(long, value_name = "DATE")]
        until: Option<NaiveDate>,
    },
    /// The cases behind a figure
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator monitor cases WITHOUT_REGISSEUR --by wijk --key WK990101"
    )]
    Cases {
        /// As in the table, for example OPEN or `STAGE_PLAN`
        measure: String,
        #[command(flatten)]
        table: Table,
        /// Of which row; NONE of what has none
        #[arg(long, requires = "by")]
        key: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// The terms of open or of closed cases that passed: still open, or met late
    #[command(after_help = "Example: schakelctl --as coordinator monitor breaches --norm T13")]
    Breaches {
        #[command(flatten)]
        scope: Scope,
        /// Of this norm, for example T02
        #[arg(long)]
        norm: Option<String>,
        /// Of closed cases
        #[arg(long)]
        closed: bool,
        /// With an outcome on this day or later [default: first day of the school year before this one]
        #[arg(long, value_name = "DATE", requires = "closed")]
        closed_from: Option<NaiveDate>,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// The figures as a file
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator monitor export svg --plot tiles --out wijken.svg"
    )]
    Export {
        /// csv, json or svg
        format: Choice<pb::MonitorFormat>,
        #[command(flatten)]
        table: Table,
        /// Of which picture; without it the table
        #[arg(long)]
        plot: Option<Choice<pb::MonitorPlot>>,
        /// Of a survival curve: what is waited for
        #[arg(long)]
        end: Option<Choice<pb::WaitingEnd>>,
        /// Where to write it [default: the name that the server gives it]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Of which cases; of all that the caller may count without any of these.
#[derive(Args)]
pub(crate) struct Scope {
    /// Of children that live in this gemeente
    #[arg(long, value_name = "GM…", conflicts_with_all = ["cluster", "school"])]
    gemeente: Option<String>,
    /// Of the schools of this cluster
    #[arg(long, conflicts_with = "school")]
    cluster: Option<Reference>,
    /// Of this school
    #[arg(long)]
    school: Option<Reference>,
}

impl Scope {
    pub(crate) fn wire(self, session: &Session) -> Outcome<Option<pb::MonitorScope>> {
        let of = match (self.gemeente, self.cluster, self.school) {
            (Some(gemeente), ..) => Some(Of::GemeenteCode(gemeente)),
            (None, Some(cluster), _) => Some(Of::Cluster(session.resolve(&cluster)?)),
            (None, None, Some(school)) => Some(Of::School(session.resolve(&school)?)),
            (None, None, None) => None,
        };
        Ok(of.map(|of| pb::MonitorScope { of: Some(of) }))
    }
}

/// Which table.
#[derive(Args)]
pub(crate) struct Table {
    #[command(flatten)]
    scope: Scope,
    /// The day [default: today]
    #[arg(long, visible_alias = "as-of", value_name = "DATE")]
    date: Option<NaiveDate>,
    /// First day of the period that ends with it [default: 13 weeks before]
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// wijk, gemeente, school or cluster
    #[arg(long)]
    by: Option<Choice<pb::MonitorGroup>>,
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn number<E: Into<i32>>(choice: Option<Choice<E>>) -> i32 {
    choice.map_or(0, |choice| choice.0.into())
}

/// Cases behind a figure: as they are called for people, with what is said `beside` them; whole for programs.
pub(crate) fn called_in(found: &Node, beside: &str) -> Answer {
    let table = table_of(found.at("called"), &[]);
    let told = [table.as_str(), beside].into_iter().filter(|part| !part.is_empty());
    Answer::told(found, told.collect::<Vec<_>>().join("\n"))
}

/// Says beside the answer that it is about other days than were asked for, as it is across organisations. A program
/// reads that in the answer.
fn say_days(session: &Session, exact: bool, days: (&str, &str), from: &str) {
    if !session.json && !exact {
        for said in other_days(days, from) {
            eprintln!("schakelctl: {said}");
        }
    }
}

fn other_days((asked, told): (&str, &str), from: &str) -> Vec<String> {
    let mut said = Vec::new();
    if !asked.is_empty() && asked != told {
        said.push(format!(
            "you asked for {asked}; these are figures of {told}, the last full period by then"
        ));
    }
    if !from.is_empty() {
        said.push("across organisations a period is whole quarters, whatever --from says".to_owned());
    }
    said
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Show { table } => {
                let asked = pb::GetMonitorRequest {
                    scope: table.scope.wire(session)?,
                    date: day(table.date),
                    from_date: day(table.from),
                    group_by: number(table.by),
                };
                let (date, from) = (asked.date.clone(), asked.from_date.clone());
                let found = call!(session, monitor.get_monitor(asked))?;
                say_days(session, found.exact, (&date, &found.date), &from);
                Ok(Answer::of(&found))
            }
            Self::Survival { end, scope, from, until } => {
                let asked = pb::GetSurvivalRequest {
                    scope: scope.wire(session)?,
                    end: end.0.into(),
                    from_date: day(from),
                    until_date: day(until),
                };
                let (date, from) = (asked.until_date.clone(), asked.from_date.clone());
                let found = call!(session, monitor.get_survival(asked))?;
                say_days(session, found.exact, (&date, &found.until_date), &from);
                Ok(Answer::of(&found))
            }
            Self::Cases { measure, table, key, limit } => {
                let filter = pb::ListMonitorCasesRequest {
                    scope: table.scope.wire(session)?,
                    date: day(table.date),
                    from_date: day(table.from),
                    group_by: number(table.by),
                    key: key.unwrap_or_default(),
                    measure,
                    page_size: 200,
                    page_token: String::new(),
                };
                let cases = every_page(limit, async |page_token| {
                    let asked = pb::ListMonitorCasesRequest { page_token, ..filter.clone() };
                    let answer = call!(session, monitor.list_monitor_cases(asked))?;
                    Ok((answer.called, answer.next_page_token))
                });
                let called = cases.await?;
                let cases = called.iter().map(|one| one.case.clone()).collect();
                let next_page_token = String::new();
                Ok(called_in(&tree(&pb::ListMonitorCasesResponse { cases, next_page_token, called }), ""))
            }
            Self::Breaches { scope, norm, closed, closed_from, limit } => {
                let filter = pb::ListBreachesRequest {
                    scope: scope.wire(session)?,
                    norm: norm.unwrap_or_default(),
                    closed,
                    closed_from_date: day(closed_from),
                    page_size: 200,
                    page_token: String::new(),
                };
                let breaches = every_page(limit, async |page_token| {
                    let asked = pb::ListBreachesRequest { page_token, ..filter.clone() };
                    let answer = call!(session, monitor.list_breaches(asked))?;
                    Ok((answer.breaches, answer.next_page_token))
                });
                let breaches = breaches.await?;
                let next_page_token = String::new();
                Ok(Answer::of(&pb::ListBreachesResponse { breaches, next_page_token }))
            }
            Self::Export { format, table, plot, end, out } => {
                let asked = pb::ExportMonitorRequest {
                    scope: table.scope.wire(session)?,
                    date: day(table.date),
                    from_date: day(table.from),
                    group_by: number(table.by),
                    format: format.0.into(),
                    plot: number(plot),
                    end: number(end),
                };
                let answer = call!(session, monitor.export_monitor(asked))?;
                let out = out.unwrap_or_else(|| PathBuf::from(&answer.file_name));
                privacy::write(&out, &answer.content)?;
                let told = pb::ExportMonitorResponse { content: Vec::new(), ..answer };
                Ok(Answer::of(&told))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_days_than_were_asked_for_are_said() {
        let said = other_days(("2026-06-15", "2026-05-31"), "");
        assert_eq!(
            said,
            ["you asked for 2026-06-15; these are figures of 2026-05-31, the last full period by then"]
        );
        assert!(other_days(("", "2026-10-31"), "").is_empty());
        assert!(other_days(("2026-10-31", "2026-10-31"), "").is_empty());
        assert_eq!(other_days(("", "2026-10-31"), "2026-01-01").len(), 1);
    }
}
