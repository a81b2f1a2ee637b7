//! A caller: a person, acting for one organisation in one region.

use std::{net::IpAddr, sync::Arc};

use chrono::NaiveDate;
use http::HeaderMap;
use schakel_domain::{
    access::{Action, Denied, Purpose, Reach, Role},
    ids::{CaseId, EmergencyId, OrganisationId, PersonId, RegionId},
    refusal::Refusal,
};
use uuid::Uuid;

use super::{SignedIn, mtls::Certificate};
use crate::error::{Error, Result};

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
    /// The client certificate of the connection, on the listener that asks for one.
    pub certificate: Option<Arc<Certificate>>,
    /// The session on the pages through which it is made; nothing from the network can say so.
    pub signed_in: Option<SignedIn>,
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
    /// The person; of a system that acts for nobody, its own id.
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
    /// What that system may do at most; a person is not narrowed.
    pub scopes: Option<Vec<Action>>,
    /// What `acr` it would take to see more than envelopes, when the token has none of it.
    pub step_up: Option<Arc<str>>,
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

    /// Whether a system acts here for nobody.
    pub fn is_system_alone(&self) -> bool {
        self.client == Some(self.person.0)
    }

    /// Refuses what the calling system may not do, whatever the person may.
    pub(super) fn admits(&self, action: Action) -> Result<()> {
        let Some(scopes) = &self.scopes else { return Ok(()) };
        if !scopes.contains(&action) {
            return Err(Denied::ActionNotAllowed.into());
        }
        if !self.is_system_alone() {
            return Ok(());
        }
        if !action.is_of_the_register() {
            return Err(Error::field("schakel-on-behalf-of", Refusal::OnBehalfOfRequired));
        }
        // Only the samenwerkingsverband keeps the register of the region.
        let writes = matches!(action, Action::WriteDirectory | Action::WriteAvailability);
        if writes && self.organisation().kind != "SAMENWERKINGSVERBAND" {
            return Err(Denied::ActionNotAllowed.into());
        }
        Ok(())
    }

    /// Refuses more than envelopes to who was not recognised well enough for it.
    pub(super) fn is_sure_enough(&self, reaches: &[Reach]) -> Result<()> {
        match &self.step_up {
            Some(acr) if reaches.iter().any(|reach| !reach.classes.or(reach.by_consent).is_envelope()) => {
                Err(Error::StepUpRequired(Arc::clone(acr)))
            }
            Some(_) | None => Ok(()),
        }
    }
}
