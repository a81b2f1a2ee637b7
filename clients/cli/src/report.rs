//! The named reports: figures of a quarter or school year, the cases behind them, and files.

use std::{path::PathBuf, sync::OnceLock};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    monitor::{Scope, called_in},
    privacy,
    render::{Answer, tree},
    session::{Outcome, Session, call, request_id},
    value::Choice,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// The figures
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator report show jaarverslag --by gemeente"
    )]
    Show {
        #[command(flatten)]
        report: Report,
    },
    /// The cases behind a figure
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator report cases leerplichttelling LRV_NEW"
    )]
    Cases {
        #[command(flatten)]
        report: Report,
        /// As in the report, for example `LRV_NEW`
        figure: String,
        /// Of which row; NONE of what has none
        #[arg(long, requires = "by")]
        key: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
    /// The report as a file; of thuiszitters a row for each child under a pseudonym
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator report export thuiszitters csv --out lijst.csv"
    )]
    Export {
        #[command(flatten)]
        report: Report,
        /// csv or json
        format: Choice<pb::MonitorFormat>,
        /// Where to write it [default: the name that the server gives it]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// What each wijk has and what is asked of it
    #[command(after_help = "Example: schakelctl --as thuiszitterscoordinator report supply")]
    Supply {
        /// For example 2026-2027 [default: that of today]
        #[arg(long)]
        school_year: Option<String>,
        /// As a file: csv or json
        #[arg(long)]
        format: Option<Choice<pb::MonitorFormat>>,
        /// Where to write it [default: the name that the server gives it]
        #[arg(long, value_name = "FILE", requires = "format")]
        out: Option<PathBuf>,
    },
    /// Set the hours that education or the gemeente puts into a wijk
    #[command(
        after_help = "Example: schakelctl --as beheerder report hours WK990101 EDUCATION 400 --school-year 2026-2027 --etag 0"
    )]
    Hours {
        /// CBS code
        wijk: String,
        /// EDUCATION or MUNICIPALITY
        source: Choice<pb::HoursSource>,
        /// How many
        hours: i32,
        /// For example 2026-2027
        #[arg(long)]
        school_year: String,
        /// As `report supply` tells it; 0 where nothing was granted yet
        #[arg(long)]
        etag: String,
    },
    /// Set what is spent in a wijk on support that is offered or bought
    #[command(
        after_help = "Example: schakelctl --as beheerder report spending WK990101 BOUGHT 40000 --children 12 --school-year 2026-2027 --etag 0"
    )]
    Spending {
        /// CBS code
        wijk: String,
        /// OFFERED or BOUGHT
        way: Choice<pb::SupportWay>,
        /// Whole euros
        euros: i32,
        /// For how many children
        #[arg(long)]
        children: i32,
        /// For example 2026-2027
        #[arg(long)]
        school_year: String,
        /// As `report supply` tells it; 0 where nothing was set yet
        #[arg(long)]
        etag: String,
    },
    /// How many children of each gemeente must go to school, or set it for one
    #[command(
        after_help = "Example: schakelctl --as beheerder report obliged GM9901 4310 520 --school-year 2026-2027 --etag 0"
    )]
    Obliged {
        /// CBS code [default: shows all gemeenten]
        #[arg(requires = "kwalificatieplichtig")]
        gemeente: Option<String>,
        /// How many must go to school
        leerplichtig: Option<i32>,
        /// How many must until they have a startkwalificatie
        #[arg(requires = "etag")]
        kwalificatieplichtig: Option<i32>,
        /// For example 2026-2027 [default: that of today, to show it]
        #[arg(long)]
        school_year: Option<String>,
        /// As `report obliged` tells it; 0 where nothing was filled in yet
        #[arg(long, requires = "gemeente")]
        etag: Option<String>,
    },
}

/// Which report.
#[derive(Args)]
pub(crate) struct Report {
    /// thuiszitters, leerplichttelling, jaarverslag, consultations, demand, placements, opp or continuity
    kind: Choice<pb::ReportKind>,
    #[command(flatten)]
    scope: Scope,
    /// A day of the period [default: today]
    #[arg(long, value_name = "DATE")]
    date: Option<NaiveDate>,
    /// wijk, gemeente, school or cluster
    #[arg(long)]
    by: Option<Choice<pb::MonitorGroup>>,
}

impl Report {
    fn wire(self, session: &Session) -> Outcome<pb::GetReportRequest> {
        Ok(pb::GetReportRequest {
            kind: self.kind.0.into(),
            date: self.date.map(|day| day.to_string()).unwrap_or_default(),
            scope: self.scope.wire(session)?,
            group_by: self.by.map_or(0, |by| by.0.into()),
        })
    }
}

/// What the figure counts more than the cases that are listed; nothing where they are all of it.
fn beside(counts: [i32; 3]) -> String {
    let words = ["without a case", "more of a case in the list", "of a case that you may not see now"];
    let some = counts.into_iter().zip(words).filter(|(count, _)| *count > 0);
    let said: Vec<String> = some.map(|(count, words)| format!("{count} {words}")).collect();
    if said.is_empty() { String::new() } else { format!("the figure also counts {}", said.join(", ")) }
}

/// That the figures are of another period than the day that was asked for is in, as it is across organisations
/// for a period that was not over by then. ISO 8601 days, in the order of their letters.
fn other_period(asked: &str, (from, until): (&str, &str)) -> Option<String> {
    let other = !asked.is_empty() && !(from..=until).contains(&asked);
    other.then(|| {
        format!(
            "you asked for {asked}; these are figures of {from} until {until}, the last period that was over by \
             then"
        )
    })
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Show { report } => {
                let asked = report.wire(session)?;
                let date = asked.date.clone();
                let found = call!(session, report.get_report(asked))?;
                let other = other_period(&date, (&found.from_date, &found.until_date));
                if let Some(said) = other.filter(|_| !session.json && !found.exact) {
                    eprintln!("schakelctl: {said}");
                }
                Ok(Answer::of(&found))
            }
            Self::Cases { report, figure, key, limit } => {
                let pb::GetReportRequest { kind, date, scope, group_by } = report.wire(session)?;
                let filter = pb::ListReportCasesRequest {
                    kind,
                    date,
                    scope,
                    group_by,
                    key: key.unwrap_or_default(),
                    figure,
                    page_size: 200,
                    page_token: String::new(),
                };
                // Every page says the same of what is beside the list.
                let said = OnceLock::new();
                let cases = every_page(limit, async |page_token| {
                    let asked = pb::ListReportCasesRequest { page_token, ..filter.clone() };
                    let answer = call!(session, report.list_report_cases(asked))?;
                    said.get_or_init(|| [answer.without_case, answer.of_listed, answer.of_unseen]);
                    Ok((answer.called, answer.next_page_token))
                });
                let called = cases.await?;
                let [without_case, of_listed, of_unseen] = said.get().copied().unwrap_or_default();
                let found = tree(&pb::ListReportCasesResponse {
                    cases: called.iter().map(|one| one.case.clone()).collect(),
                    next_page_token: String::new(),
                    called,
                    without_case,
                    of_listed,
                    of_unseen,
                });
                Ok(called_in(&found, &beside([without_case, of_listed, of_unseen])))
            }
            Self::Export { report, format, out } => {
                let pb::GetReportRequest { kind, date, scope, group_by } = report.wire(session)?;
                let asked = pb::ExportReportRequest { kind, date, scope, group_by, format: format.0.into() };
                let answer = call!(session, report.export_report(asked))?;
                let out = out.unwrap_or_else(|| PathBuf::from(&answer.file_name));
                privacy::write(&out, &answer.content)?;
                Ok(Answer::of(&pb::ExportReportResponse { content: Vec::new(), ..answer }))
            }
            Self::Supply { school_year, format: None, .. } => {
                let asked = pb::GetSupplyRequest { school_year: school_year.unwrap_or_default() };
                Ok(Answer::of(&call!(session, report.get_supply(asked))?))
            }
            Self::Supply { school_year, format: Some(format), out } => {
                let school_year = school_year.unwrap_or_default();
                let asked = pb::ExportSupplyRequest { school_year, format: format.0.into() };
                let answer = call!(session, report.export_supply(asked))?;
                let out = out.unwrap_or_else(|| PathBuf::from(&answer.file_name));
                privacy::write(&out, &answer.content)?;
                Ok(Answer::of(&pb::ExportSupplyResponse { content: Vec::new(), ..answer }))
            }
            Self::Hours { wijk, source, hours, school_year, etag } => {
                let (wijk_code, source) = (wijk, source.0.into());
                let granted = pb::GrantedHours { school_year, wijk_code, source, hours, etag };
                let setting =
                    pb::SetGrantedHoursRequest { granted_hours: Some(granted), request_id: request_id() };
                Ok(Answer::of(&call!(session, report.set_granted_hours(setting))?))
            }
            Self::Obliged { gemeente: None, school_year, .. } => {
                let asked = pb::GetObligedRequest { school_year: school_year.unwrap_or_default() };
                Ok(Answer::of(&call!(session, report.get_obliged(asked))?))
            }
            Self::Obliged {
                gemeente: Some(gemeente_code),
                leerplichtig,
                kwalificatieplichtig,
                school_year,
                etag,
            } => {
                let (school_year, etag) = (school_year.unwrap_or_default(), etag.unwrap_or_default());
                let obliged =
                    pb::Obliged { school_year, gemeente_code, leerplichtig, kwalificatieplichtig, etag };
                let setting = pb::SetObligedRequest { obliged: Some(obliged), request_id: request_id() };
                Ok(Answer::of(&call!(session, report.set_obliged(setting))?))
            }
            Self::Spending { wijk, way, euros, children, school_year, etag } => {
                let (wijk_code, way) = (wijk, way.0.into());
                let spent = pb::SupportSpending { school_year, wijk_code, way, euros, children, etag };
                let setting =
                    pb::SetSupportSpendingRequest { support_spending: Some(spent), request_id: request_id() };
                Ok(Answer::of(&call!(session, report.set_support_spending(setting))?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beside_the_cases_is_said_where_there_is_something() {
        assert_eq!(beside([0, 0, 0]), "");
        assert_eq!(beside([4, 0, 0]), "the figure also counts 4 without a case");
        let all = "the figure also counts 4 without a case, 1 more of a case in the list, 2 of a case that you \
            may not see now";
        assert_eq!(beside([4, 1, 2]), all);
    }

    #[test]
    fn another_period_than_the_day_is_in_is_said() {
        let year = ("2024-08-01", "2025-07-31");
        let said = other_period("2026-06-15", year).unwrap();
        assert!(
            said.starts_with("you asked for 2026-06-15; these are figures of 2024-08-01 until 2025-07-31")
        );
        assert_eq!([other_period("", year), other_period("2025-07-31", year)], [None, None]);
    }
}
