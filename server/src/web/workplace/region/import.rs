//! Files for the register: first what one would change, with the rows that are wrong, and then taken.

use axum::{
    Router,
    body::Bytes,
    extract::{Query, Request},
    routing::{get, post},
};
use minijinja::{Value, context};
use pb::{
    availability_service_client::AvailabilityServiceClient, directory_service_client::DirectoryServiceClient,
    import_request::Kind, import_response::change::Kind as Does,
};
use schakel_domain::{access::Action, refusal::Language};
use schakel_proto::v1 as pb;
use serde::Deserialize;
use tonic::{Response, Status};

use super::{Tried, allowed, choose, option, page, typed};
use crate::web::{
    form::whole_file,
    problem::NOT_FOUND,
    workplace::{
        Workplace,
        trouble::{Faults, Shown},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Bestanden inlezen", "Import files";
    intro: "U ziet eerst wat er verandert. Er wordt pas iets opgeslagen als u dat daarna bevestigt.",
        "You first see what changes. Nothing is stored until you confirm it after that.";
    kind: "Wat staat er in het bestand", "What the file holds";
    choose_file: "Kies een bestand (hoogstens 16 MB)", "Choose a file (at most 16 MB)";
    paste: "Of plak de inhoud (hoogstens 200 kB)", "Or paste the content (at most 200 kB)";
    preview: "Bekijk wat er verandert", "See what changes";
    would: "Dit gaat er veranderen", "This would change";
    done: "Het bestand is ingelezen", "The file was taken";
    created: "Nieuw", "New";
    updated: "Gewijzigd", "Changed";
    closed: "Beëindigd", "Ended";
    unchanged: "Gelijk gebleven", "Unchanged";
    bad: "Foute regels", "Bad rows";
    bad_intro: "Deze regels worden niet ingelezen. De andere regels wel.",
        "These rows are not taken. The other rows are.";
    line: "Regel", "Line";
    column: "Kolom", "Column";
    remedy: "Wat u kunt doen", "What to do";
    changes: "Verschillen", "Differences";
    columns: "Kolommen", "Columns";
    more: "Er zijn er meer dan hier staan.", "There are more than are shown here.";
    nothing: "Dit bestand verandert niets.", "This file changes nothing.";
    confirm: "Nu inlezen", "Take it now";
    sending: "Het bestand wordt verstuurd. Laat deze pagina open.", "The file is being sent. Keep this page open.";
    reading: "Wij lezen nu wat u stuurde. Dat kan een halve minuut duren. Laat deze pagina open.",
        "We are reading what you sent. That may take half a minute. Keep this page open.";
    file_failed: "Het bestand is niet verstuurd. Probeer het opnieuw.", "The file was not sent. Please try again.";
}

/// What one message may bring of a file.
const CHUNK: usize = 64 << 10;
/// What the call takes of a file.
const MOST: usize = 16 << 20;

/// The kinds of files in the order in which a region is set up.
const KINDS: [(Kind, (&str, &str)); 11] = [
    (Kind::Schools, ("Scholen (DUO)", "Schools (DUO)")),
    (Kind::Wijken, ("Wijken", "Wijken")),
    (Kind::SchoolWijken, ("Wijk van elke school", "Wijk of each school")),
    (Kind::Clusters, ("Clusters", "Clusters")),
    (Kind::Teams, ("Teams", "Teams")),
    (Kind::Persons, ("Mensen en rollen", "People and roles")),
    (Kind::Links, ("Koppelingen", "Links")),
    (Kind::WeeklyHours, ("Werktijden", "Hours")),
    (Kind::Absences, ("Afwezigheid", "Absences")),
    (Kind::Closures, ("Vrije dagen van scholen", "Days off of schools")),
    (Kind::SchoolHolidays, ("Schoolvakanties (JSON)", "School holidays (JSON)")),
];

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/import", get(show).post(pasted)).route("/region/import/file", post(file))
}

/// What is sent, and whether it counts.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wish {
    kind: String,
    request_id: String,
    /// `preview` or `confirm`.
    #[serde(rename = "do")]
    word: String,
}

impl Wish {
    fn kind(&self) -> Kind {
        Kind::from_str_name(&self.kind).unwrap_or_default()
    }

    fn is_preview(&self) -> bool {
        self.word != "confirm"
    }

    /// The file piece by piece, each made when it is its turn; there is one even for an empty file.
    fn pieces(&self, mut rest: Bytes) -> impl Iterator<Item = pb::ImportRequest> + Send + use<> {
        let mut first = Some(pb::ImportRequest {
            kind: self.kind().into(),
            dry_run: self.is_preview(),
            request_id: self.request_id.clone(),
            ..Default::default()
        });
        std::iter::from_fn(move || {
            let head = first.take();
            if head.is_none() && rest.is_empty() {
                return None;
            }
            let chunk = rest.split_to(rest.len().min(CHUNK)).to_vec();
            Some(pb::ImportRequest { chunk, ..head.unwrap_or_default() })
        })
    }

    async fn send(&self, visit: &Visit, bytes: Bytes) -> Result<Response<pb::ImportResponse>, Status> {
        let stream = tokio_stream::iter(self.pieces(bytes));
        if matches!(self.kind(), Kind::WeeklyHours | Kind::Absences) {
            AvailabilityServiceClient::new(visit.calls()).import_availability(stream).await
        } else {
            DirectoryServiceClient::new(visit.calls()).import(stream).await
        }
    }
}

fn kinds(language: Language) -> Vec<Value> {
    KINDS.into_iter().map(|(kind, label)| option(kind.as_str_name(), choose(language, label))).collect()
}

async fn show(visit: Visit) -> Shown {
    if !allowed(&visit, Action::WriteDirectory) {
        return Err(NOT_FOUND.into());
    }
    Ok(form(&visit, &Tried::default(), Value::from(())))
}

fn form(visit: &Visit, tried: &Tried, report: Value) -> axum::response::Response {
    let own = words(visit.language);
    let values = context! { own, report, kinds => kinds(visit.language) };
    page(visit, ("workplace/region/import.html", own.title), tried, values)
}

/// The text of a file, from the form.
async fn pasted(visit: Visit, form: Posted) -> Shown {
    if !allowed(&visit, Action::WriteDirectory) {
        return Err(NOT_FOUND.into());
    }
    let wish = Wish {
        kind: form.one("kind")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
        word: form.one("do")?.to_owned(),
    };
    let text = form.one("text")?;
    let typed = typed(&form);
    taken(&visit, &wish, (Bytes::copy_from_slice(text.as_bytes()), text), typed).await
}

/// The file as it is, from our script. Nothing of it is read for somebody whose file is not taken.
async fn file(visit: Visit, Query(wish): Query<Wish>, request: Request) -> Shown {
    if !allowed(&visit, Action::WriteDirectory) {
        return Err(NOT_FOUND.into());
    }
    let _place = visit.app.edge.file()?;
    let bytes = whole_file(&visit.app, request, MOST).await?;
    let typed = [("kind".to_owned(), wish.kind.clone())].into();
    taken(&visit, &wish, (bytes, ""), typed).await
}

/// Sends the file, and shows what came of it; `text` goes along to be confirmed.
async fn taken(
    visit: &Visit,
    wish: &Wish,
    (bytes, text): (Bytes, &str),
    typed: std::collections::BTreeMap<String, String>,
) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let report = match wish.send(visit, bytes).await {
        Ok(report) => report.into_inner(),
        Err(status) => {
            let tried = Tried { faults: Some(Faults::of(status)?), typed };
            return Ok(form(visit, &tried, Value::from(())));
        }
    };
    let counts = [
        (own.created, report.created),
        (own.updated, report.updated),
        (own.closed, report.closed),
        (own.unchanged, report.unchanged),
        (own.bad, report.bad_row_count),
    ];
    let bad = |row: &pb::import_response::BadRow| {
        let (column, remedy) = (row.column.as_str(), row.remedy.as_str());
        context! { line => row.line, column, remedy, reason => row.reason.as_str() }
    };
    let change = |one: &pb::import_response::Change| {
        let does = match one.kind() {
            Does::Unspecified => "",
            Does::New => own.created,
            Does::Changed => own.updated,
            Does::Closed => own.closed,
        };
        context! { does, code => one.code.as_str(), columns => one.columns.join(", ") }
    };
    let label =
        KINDS.iter().find(|(kind, _)| *kind == wish.kind()).map(|(_, label)| choose(language, *label));
    let changed = report.created + report.updated + report.closed;
    let shown = context! {
        text,
        label => label.unwrap_or_default(),
        kind => wish.kind.as_str(),
        preview => wish.is_preview(),
        pasted => !text.is_empty(),
        changes_something => changed > 0,
        counts => counts.iter().map(|(label, count)| context! { label => *label, count => *count }).collect::<Vec<_>>(),
        bad => report.bad_rows.iter().map(bad).collect::<Vec<_>>(),
        more_bad => report.bad_rows.len() < usize::try_from(report.bad_row_count).unwrap_or_default(),
        changes => report.changes.iter().map(change).collect::<Vec<_>>(),
        more_changes => report.changes.len() < usize::try_from(changed).unwrap_or_default(),
    };
    let tried = Tried { faults: None, typed: [("kind".to_owned(), wish.kind.clone())].into() };
    Ok(form(visit, &tried, shown))
}
