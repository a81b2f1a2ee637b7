//! Whether a consent lets somebody share something about a child with the caller.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Purpose, Role, consent::Consent},
    ids::{CaseId, OrganisationId},
};
use uuid::Uuid;

use super::{families, store};
use crate::{access::authenticate::today, error::Result, store::Read};

/// The consents about cases that hold today, as the caller may be told something by them.
///
/// Whoever asks for this must know that the caller reaches the cases without consent.
pub struct Sharing {
    given: HashMap<Uuid, Vec<Consent>>,
    own: Option<OrganisationId>,
    roles: Vec<Role>,
    purpose: Purpose,
}

impl Sharing {
    /// About `cases`, for the call's purpose, in a constant number of statements.
    pub async fn of(read: &Read, cases: &[Uuid]) -> Result<Self> {
        let day = today(read.now());
        let kept = store::in_force(read, cases, day).await?;
        let families = if kept.is_empty() { HashMap::new() } else { families(read, cases).await? };
        let mut given: HashMap<Uuid, Vec<Consent>> = HashMap::new();
        for kept in kept {
            if families.get(&kept.case.0).is_some_and(|family| kept.consent.holds_on(family, day)) {
                given.entry(kept.case.0).or_default().push(kept.consent);
            }
        }
        let grant = read.grant();
        Ok(Self {
            given,
            own: grant.organisation().map(OrganisationId),
            roles: grant.role().split(' ').filter_map(|role| role.parse().ok()).collect(),
            purpose: grant.purpose(),
        })
    }

    /// Whether one of them lets an organisation, as what it is asked, share what is of `class`; as nothing,
    /// only where it is named itself.
    #[must_use]
    pub fn lets(
        &self,
        case: CaseId,
        (organisation, role): (OrganisationId, Option<Role>),
        class: Class,
    ) -> bool {
        let opens = |given: &Consent| {
            self.roles.iter().any(|role| given.opens(*role, self.own, self.purpose).has(class))
        };
        let mut given = self.given.get(&case.0).into_iter().flatten();
        given.any(|given| given.is_shared_by(organisation, role) && opens(given))
    }
}
