//! Whether a consent lets somebody share something about a child with the caller.

use schakel_domain::{
    access::{Class, Role},
    ids::{CaseId, OrganisationId},
};

use super::{families, store};
use crate::{access::authenticate::today, error::Result, store::Read};

/// Whether a consent about `case` holds today by which `asked`, an organisation and as what it is
/// asked, shares what is of `class` with the caller, for the call's purpose.
///
/// Whoever calls this must know that the caller reaches the case without consent.
pub async fn lets_share(
    read: &Read,
    case: CaseId,
    (organisation, role): (OrganisationId, Role),
    class: Class,
) -> Result<bool> {
    let day = today(read.now());
    let kept = store::in_force(read, &[case.0], day).await?;
    if kept.is_empty() {
        return Ok(false);
    }
    let families = families(read, &[case.0]).await?;
    let Some(family) = families.get(&case.0) else { return Ok(false) };
    let grant = read.grant();
    let own = grant.organisation().map(OrganisationId);
    let roles: Vec<Role> = grant.role().split(' ').filter_map(|role| role.parse().ok()).collect();
    let holding = kept.iter().map(|kept| &kept.consent).filter(|given| given.holds_on(family, day));
    let mut shared = holding.filter(|given| given.is_shared_by(organisation, role));
    Ok(shared.any(|given| roles.iter().any(|role| given.opens(*role, own, grant.purpose()).has(class))))
}
