//! Files that fill the register: gathered, read, compared with it, and applied in one transaction.

mod apply;
mod areas;
mod codes;
pub mod gather;
mod groups;
mod people;
pub mod register;
pub mod report;
mod schools;

use schakel_domain::{
    access::{Action, Class, Classes},
    directory::import::{
        Parsed,
        duo::Vestiging,
        own::{ClosureLine, ClusterLine, LinkLine, PersonLine, SchoolWijkLine, TeamLine, Wijk},
        parse,
    },
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status, Streaming};

use self::{
    apply::take,
    gather::{Gathered, gather},
    report::{Report, refused},
};
use crate::{
    access::Grant,
    app::App,
    directory::holidays,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::call::permit,
};

/// Writes the kinds of files and what a line of each is.
macro_rules! files {
    ($($(#[$doc:meta])* $kind:ident: $line:ty;)*) => {
        /// A kind of file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
        #[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
        pub enum ImportKind {
            $($(#[$doc])* $kind,)*
            /// The Rijksoverheid's school holidays.
            SchoolHolidays,
        }

        /// A file that was read.
        enum File {
            $($kind(Parsed<$line>),)*
            SchoolHolidays(Vec<u8>),
        }

        impl File {
            fn read(kind: ImportKind, bytes: &[u8]) -> Result<Self> {
                match kind {
                    $(ImportKind::$kind => parse::<$line>(bytes).map(Self::$kind).map_err(|fault| refused(&fault)),)*
                    ImportKind::SchoolHolidays => Ok(Self::SchoolHolidays(bytes.to_vec())),
                }
            }

            async fn take(&self, tx: &Tx, dry_run: bool) -> Result<Report> {
                match self {
                    $(Self::$kind(parsed) => take(tx, parsed, dry_run).await,)*
                    Self::SchoolHolidays(bytes) => holidays::take(tx, bytes, dry_run).await,
                }
            }
        }
    };
}

files! {
    /// DUO's vestigingen.
    Schools: Vestiging;
    /// Wijken of the CBS.
    Wijken: Wijk;
    /// Schools in clusters.
    Clusters: ClusterLine;
    /// Teams and their work areas.
    Teams: TeamLine;
    /// Persons and their affiliations.
    Persons: PersonLine;
    /// School–team links.
    Links: LinkLine;
    /// Schools' own days off.
    Closures: ClosureLine;
    /// In which wijk each school stands.
    SchoolWijken: SchoolWijkLine;
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
    app.write(grant, None, |tx| async move { applied(&tx, file, dry_run).await }).await
}

async fn applied(tx: &Tx, file: &File, dry_run: bool) -> Result<Report> {
    let report = file.take(tx, dry_run).await?;
    if !dry_run {
        let classes = Classes::of(&[Class::K0]);
        tx.audit(Line { deed: Deed::U, object: "import", id: None, subject: None, classes }).await?;
    }
    Ok(report)
}

pub(super) async fn import_rpc(
    app: &App,
    request: Request<Streaming<pb::ImportRequest>>,
) -> Result<Response<pb::ImportResponse>, Status> {
    let grant = permit(&request, Action::WriteDirectory)?;
    let Gathered { kind, dry_run, asked, bytes } = gather::<ImportKind>(request.into_inner()).await?;
    let file = &File::read(kind, &bytes)?;
    drop(bytes);
    let answer = app
        .answer(&grant, &asked, |tx| async move {
            applied(&tx, file, dry_run).await.map(|report| report.to_wire(crate::error::language()))
        })
        .await?;
    Ok(Response::new(answer))
}
