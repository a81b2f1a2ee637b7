//! Takes in a file of the register, in pieces.

use std::{fmt::Write, io::Read, path::PathBuf};

use clap::ValueEnum;
use schakel_client::{patiently, v1 as pb};

use crate::{
    failure::Failure,
    progress::Progress,
    render::{Answer, Table, tree},
    session::{Outcome, Session, request_id},
};

/// The most bytes that a message may carry.
const CHUNK: usize = 65_536;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// What the file holds
    kind: Kind,
    /// The CSV file; - is the standard input
    file: PathBuf,
    /// Tell what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// DUO open data, vestigingen
    Schools,
    /// CBS wijken
    Wijken,
    /// ROK's and knooppunten
    Clusters,
    /// Teams and their work areas
    Teams,
    /// Professionals and their roles
    Persons,
    /// Ties of schools to teams
    Links,
    /// Weekly hours
    Hours,
    /// Days away
    Absences,
    /// The schools' own days off
    Closures,
    /// In which wijk each school stands
    SchoolWijken,
    /// School holidays of the Rijksoverheid, JSON
    SchoolHolidays,
}

impl Kind {
    fn wire(self) -> pb::import_request::Kind {
        use pb::import_request::Kind as Wire;
        match self {
            Self::Schools => Wire::Schools,
            Self::Wijken => Wire::Wijken,
            Self::Clusters => Wire::Clusters,
            Self::Teams => Wire::Teams,
            Self::Persons => Wire::Persons,
            Self::Links => Wire::Links,
            Self::Hours => Wire::WeeklyHours,
            Self::Absences => Wire::Absences,
            Self::Closures => Wire::Closures,
            Self::SchoolWijken => Wire::SchoolWijken,
            Self::SchoolHolidays => Wire::SchoolHolidays,
        }
    }

    fn of_availability(self) -> bool {
        matches!(self, Self::Hours | Self::Absences)
    }
}

impl Arguments {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let pieces = self.pieces(&self.bytes()?, request_id());
        let total: usize = pieces.iter().map(|piece| piece.chunk.len()).sum();
        let answer = patiently(async || {
            let mut progress = Progress::of("sent", total);
            let told = pieces.clone().into_iter().inspect(move |piece| progress.add(piece.chunk.len()));
            let stream = tokio_stream::iter(told);
            if self.kind.of_availability() {
                session.connection.availability().import_availability(stream).await
            } else {
                session.connection.directory().import(stream).await
            }
        });
        let report = answer.await?;
        Ok(Answer::told(&tree(&report), told(&report)).refused_in_part(report.bad_row_count > 0))
    }

    fn bytes(&self) -> Outcome<Vec<u8>> {
        let read = if self.file.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(&self.file)
        };
        read.map_err(|error| Failure::Usage(format!("{}: {error}", self.file.display())))
    }

    /// The first piece says what the file is; there is one even for an empty file.
    fn pieces(&self, bytes: &[u8], request_id: String) -> Vec<pb::ImportRequest> {
        let mut pieces: Vec<_> = bytes
            .chunks(CHUNK)
            .map(|chunk| pb::ImportRequest { chunk: chunk.to_vec(), ..Default::default() })
            .collect();
        if pieces.is_empty() {
            pieces.push(pb::ImportRequest::default());
        }
        pieces[0].kind = self.kind.wire().into();
        pieces[0].dry_run = self.dry_run;
        pieces[0].request_id = request_id;
        pieces
    }
}

fn told(report: &pb::ImportResponse) -> String {
    let pb::ImportResponse { dry_run, rows, created, updated, closed, unchanged, bad_row_count, .. } = report;
    let would = if *dry_run { " (dry run: nothing was written)" } else { "" };
    let mut text = format!(
        "{rows} rows{would}: {created} new, {updated} changed, {closed} closed, {unchanged} unchanged, {bad_row_count} refused"
    );
    let mut parts = Vec::new();
    if !report.changes.is_empty() {
        parts.push(changes(&report.changes).to_string());
    }
    if !report.bad_rows.is_empty() {
        parts.push(bad_rows(&report.bad_rows).to_string());
    }
    for part in parts {
        text.push_str("\n\n");
        text.push_str(&part);
    }
    let untold = bad_row_count - i32::try_from(report.bad_rows.len()).unwrap_or(i32::MAX);
    if untold > 0 {
        let _ = write!(text, "\nand {untold} more refused rows");
    }
    text
}

fn changes(changes: &[pb::import_response::Change]) -> Table {
    let mut table = Table::new(&["change", "code", "columns"]);
    for change in changes {
        let kind = change.kind().as_str_name().trim_start_matches("KIND_").to_lowercase();
        table.row([kind, change.code.clone(), change.columns.join(", ")]);
    }
    table
}

fn bad_rows(rows: &[pb::import_response::BadRow]) -> Table {
    let mut table = Table::new(&["line", "column", "reason", "remedy"]);
    for row in rows {
        table.row([row.line.to_string(), row.column.clone(), row.reason.clone(), row.remedy.clone()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schools() -> Arguments {
        Arguments { kind: Kind::Schools, file: "-".into(), dry_run: true }
    }

    #[test]
    fn a_file_goes_in_pieces_and_the_first_says_what_it_is() {
        let pieces = schools().pieces(&vec![b'a'; CHUNK + 1], "id".into());
        assert_eq!(pieces.iter().map(|piece| piece.chunk.len()).collect::<Vec<_>>(), [CHUNK, 1]);
        assert_eq!(pieces[0].kind(), pb::import_request::Kind::Schools);
        assert!(pieces[0].dry_run && pieces[0].request_id == "id");
        assert!(pieces[1].request_id.is_empty());
        assert_eq!(schools().pieces(&[], "id".into()).len(), 1, "the server tells what an empty file lacks");
    }

    #[test]
    fn the_report_counts_and_names_every_refused_row() {
        let report = pb::ImportResponse {
            dry_run: true,
            rows: 3,
            created: 1,
            updated: 1,
            bad_row_count: 1,
            bad_rows: vec![pb::import_response::BadRow {
                line: 4,
                column: "POSTCODE".into(),
                reason: "FIELD_INVALID".into(),
                remedy: "Write 1234AB.".into(),
            }],
            changes: vec![pb::import_response::Change {
                kind: pb::import_response::change::Kind::Changed.into(),
                code: "90AA00".into(),
                columns: vec!["phone".into()],
            }],
            ..Default::default()
        };
        assert_eq!(
            told(&report),
            "3 rows (dry run: nothing was written): 1 new, 1 changed, 0 closed, 0 unchanged, 1 refused\n\n\
             change   code    columns\nchanged  90AA00  phone\n\n\
             line  column    reason         remedy\n4     POSTCODE  FIELD_INVALID  Write 1234AB."
        );
    }
}
