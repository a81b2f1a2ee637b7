//! A caller: a person, acting for one organisation in one region.

use std::net::IpAddr;

use chrono::NaiveDate;
use http::HeaderMap;
use schakel_domain::{
    access::{Purpose, Role},
    ids::{CaseId, EmergencyId, OrganisationId, PersonId, RegionId},
};
use uuid::Uuid;

/// The other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its network address.
    pub address: IpAddr,
}

/// A call as it came, before it is known who calls.
#[derive(Debug, Clone)]
pub struct Call {
    /// The other end of the connection, when it is known.
    pub peer: Option<Peer>,
    /// The credentials, and for whom and what for.
    pub headers: HeaderMap,
    /// The method called, for example `/schakel.v1.ThuiszitterService/GetCase`.
    pub method: String,
}

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

/// Emergency access that lasts, and that the call says it uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InEmergency {
    /// Which.
    pub id: EmergencyId,
    /// The case that it opens.
    pub case: CaseId,
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
    /// The system that calls, when it is not the person itself.
    pub client: Option<Uuid>,
    /// The emergency access that is used, when it is.
    pub emergency: Option<InEmergency>,
    /// The network address of the caller; empty when it is not known.
    pub origin: String,
    /// The method called, for example `/schakel.v1.ThuiszitterService/GetCase`.
    pub method: String,
}

impl Caller {
    /// The organisation acted for.
    pub fn organisation(&self) -> &Membership {
        &self.acting[0]
    }
}
