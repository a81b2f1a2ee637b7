//! Of which cases an organisation is told: those that it reads by what it is, and no guest's.

use schakel_domain::{
    access::{Denied, Reached},
    ids::OrganisationId,
};

use crate::{
    access::{
        circle::Circle,
        organisation::{self, OrganisationKind},
    },
    error::{Error, Result},
    store::Read,
};

/// How a case must stand to the organisation. The same relations as those by which its own people
/// read cases: the care coordinator of a school, the attendance officer of a gemeente, the keeper
/// of the register.
///
/// # Errors
/// Not allowed, when the organisation reads no case by what it is.
pub(super) async fn of(read: &Read, organisation: OrganisationId) -> Result<Reached> {
    let row = organisation::get(read, organisation).await?;
    let kind: OrganisationKind =
        row.kind.parse().map_err(|_| Error::Corrupt { table: "organisation", column: "kind" })?;
    match kind {
        OrganisationKind::School => Ok(Reached::School(row.id)),
        OrganisationKind::Gemeente => Ok(Reached::Residence(row.code)),
        OrganisationKind::Samenwerkingsverband => Ok(Reached::Region),
        OrganisationKind::Team
        | OrganisationKind::Board
        | OrganisationKind::Kinderopvang
        | OrganisationKind::Jeugdhulpaanbieder
        | OrganisationKind::GecertificeerdeInstelling
        | OrganisationKind::Jgz
        | OrganisationKind::OuderJeugdsteunpunt
        | OrganisationKind::Tolkenbureau
        | OrganisationKind::Opdc
        | OrganisationKind::Rbl => Err(Denied::ActionNotAllowed.into()),
    }
}

/// Whether changes of that case are told to whom `reached` describes. Of a case that is put aside
/// nothing is told outside (AVG art. 18).
pub(super) fn tells(circle: &Circle, reached: &Reached) -> bool {
    circle.hold.is_none() && circle.holds(reached)
}
