//! To whom at a table no consent opens the child's file on the day of the meeting, so that whoever
//! plans can ask the parents in time.

use chrono::NaiveDate;
use std::collections::HashMap;

use schakel_domain::{
    access::{self, Action, Class, Role},
    ids::OrganisationId,
};
use uuid::Uuid;

use super::{families, store};
use crate::{error::Result, store::Read};

/// A table about a case, on a day.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The case.
    pub case: Uuid,
    /// The day in the Netherlands.
    pub day: NaiveDate,
    /// Who sits there as a professional: as what, and for which organisations.
    pub seats: Vec<(Role, Vec<OrganisationId>)>,
}

/// Of each of `exchanges` the roles that learn of the child's file by consent alone and for
/// which none holds on that day; in a constant number of statements, in none when no role waits
/// for consent.
pub async fn lacking(read: &Read, exchanges: &[Exchange]) -> Result<Vec<Vec<Role>>> {
    let waits = |exchange: &&Exchange| exchange.seats.iter().any(|(role, _)| waits_for_consent(*role));
    let cases: Vec<Uuid> = exchanges.iter().filter(waits).map(|exchange| exchange.case).collect();
    let kept = store::not_withdrawn(read, &cases).await?;
    let families = if kept.is_empty() { HashMap::new() } else { families(read, &cases).await? };
    let opens = |exchange: &Exchange, (role, organisations): &(Role, Vec<OrganisationId>)| {
        let Some(family) = families.get(&exchange.case) else { return false };
        let own = kept.iter().filter(|given| given.case.0 == exchange.case).map(|given| &given.consent);
        own.filter(|given| given.holds_on(family, exchange.day)).any(|given| {
            let to = |organisation| given.opens(*role, organisation, given.purpose).has(Class::K4);
            to(None) || organisations.iter().any(|organisation| to(Some(*organisation)))
        })
    };
    let roles = |exchange: &Exchange| {
        let waiting = exchange.seats.iter().filter(|(role, _)| waits_for_consent(*role));
        let mut roles: Vec<Role> =
            waiting.filter(|seat| !opens(exchange, seat)).map(|(role, _)| *role).collect();
        roles.sort_unstable();
        roles.dedup();
        roles
    };
    Ok(exchanges.iter().map(roles).collect())
}

/// Whether what the school asks (K4) is told to `role` by consent alone.
fn waits_for_consent(role: Role) -> bool {
    let leave = access::may(&[role], Action::ReadConsultation, None);
    leave.is_ok_and(|leave| {
        let own = leave.reaches.iter().any(|reach| reach.classes.has(Class::K4));
        !own && leave.reaches.iter().any(|reach| reach.by_consent.has(Class::K4))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn helpers_and_doctors_wait_for_consent_and_the_school_does_not() {
        let waiting = [Role::Smw, Role::Jeugdarts, Role::Onderwijsconsulent].map(waits_for_consent);
        assert_eq!(waiting, [true; 3]);
        assert!(
            [Role::Iber, Role::Leerplichtambtenaar, Role::SwvAdviseur]
                .iter()
                .all(|role| !waits_for_consent(*role))
        );
    }
}
