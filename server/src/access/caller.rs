//! A caller: a person, acting for one organisation in one region.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Purpose, Role},
    ids::{OrganisationId, PersonId, RegionId},
};

/// A role at an organisation, valid today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The region of the organisation.
    pub region: RegionId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// SCHOOL, TEAM, GEMEENTE, BOARD or SAMENWERKINGSVERBAND.
    pub kind: String,
    /// Its public code.
    pub code: String,
    /// Its name.
    pub display_name: String,
    /// The role there.
    pub role: Role,
}

/// Who is calling, evaluated anew at each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub person: PersonId,
    /// All roles at the organisation acted for; never empty.
    pub acting: Vec<Membership>,
    /// Everything the person is, in the region of the organisation acted for.
    pub memberships: Vec<Membership>,
    /// Why, when the caller says so itself.
    pub purpose: Option<Purpose>,
    /// The caller's day, in Europe/Amsterdam.
    pub today: NaiveDate,
    /// The method called, for example `/schakel.v1.ThuiszitterService/GetCase`.
    pub method: String,
}

impl Caller {
    /// The organisation acted for.
    pub fn organisation(&self) -> &Membership {
        &self.acting[0]
    }
}
