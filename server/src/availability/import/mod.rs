//! Files of hours and absences: gathered, read, compared with the register, applied in one transaction.

mod absences;
mod books;
mod hours;
mod take;

use schakel_domain::{
    access::{Action, Class, Classes},
    directory::import::{
        Parsed,
        own::{AbsenceLine, HoursLine},
        parse,
    },
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status, Streaming};

use self::take::take;
use crate::{
    access::Grant,
    app::App,
    directory::import::{
        gather::{Gathered, gather},
        report::{Report, refused},
    },
    error::{Result, language},
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::call::permit,
};

/// A kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportKind {
    /// Blocks of people's weeks.
    WeeklyHours,
    /// Days on which people are away.
    Absences,
}

/// A file that was read.
enum File {
    WeeklyHours(Parsed<HoursLine>),
    Absences(Parsed<AbsenceLine>),
}

impl File {
    fn read(kind: ImportKind, bytes: &[u8]) -> Result<Self> {
        match kind {
            ImportKind::WeeklyHours => parse(bytes).map(Self::WeeklyHours).map_err(|error| refused(&error)),
            ImportKind::Absences => parse(bytes).map(Self::Absences).map_err(|error| refused(&error)),
        }
    }

    async fn take(&self, tx: &Tx, dry_run: bool) -> Result<Report> {
        let report = match self {
            Self::WeeklyHours(parsed) => take(tx, parsed, dry_run).await?,
            Self::Absences(parsed) => take(tx, parsed, dry_run).await?,
        };
        if !dry_run {
            let classes = Classes::of(&[Class::K0]);
            tx.audit(Line { deed: Deed::U, object: "import", id: None, subject: None, classes }).await?;
        }
        Ok(report)
    }
}

/// Takes a file; with `dry_run` it only tells what it would change.
///
/// # Errors
/// `CSV_HEADER_INVALID` and `MESSAGE_TOO_LARGE`; a bad row is told in the report.
pub async fn import_file(
    app: &App,
    grant: &Grant,
    (kind, dry_run): (ImportKind, bool),
    bytes: Vec<u8>,
) -> Result<Report> {
    let file = &File::read(kind, &bytes)?;
    drop(bytes);
    app.write(grant, None, |tx| async move { file.take(&tx, dry_run).await }).await
}

/// `ImportAvailability`. A file is about everybody: whoever may change only its own
/// calendar does that by hand.
pub(super) async fn rpc(
    app: &App,
    request: Request<Streaming<pb::ImportRequest>>,
) -> Result<Response<pb::ImportResponse>, Status> {
    permit(&request, Action::WriteDirectory)?;
    let grant = permit(&request, Action::WriteAvailability)?;
    let Gathered { kind, dry_run, asked, bytes } = gather::<ImportKind>(request.into_inner()).await?;
    let file = &File::read(kind, &bytes)?;
    drop(bytes);
    let answer = app
        .answer(&grant, &asked, |tx| async move {
            file.take(&tx, dry_run).await.map(|report| report.to_wire(language()))
        })
        .await?;
    Ok(Response::new(answer))
}
