//! The parts of meetings, and the meetings of parts, as far as one caller reaches each.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Classes, Role},
    ids::{ConsultationId, PersonId},
};

use crate::{
    access::{
        affiliation,
        authenticate::today,
        consent::lacking::{Exchange, lacking},
    },
    consultation::{meeting::Meeting, reach, show::PartShown, store},
    error::Result,
    store::Read,
};

/// What stands around meetings that a caller sees.
#[derive(Debug, Clone, Default)]
pub(in crate::consultation) struct Around {
    /// The parts of each, by start.
    pub parts: HashMap<ConsultationId, Vec<PartShown>>,
    /// The meetings of which the others are parts, where the caller sees those.
    pub wholes: Vec<ConsultationId>,
}

/// What stands around `meetings`, in a constant number of statements.
pub(in crate::consultation) async fn around(read: &Read, meetings: &[(Meeting, Classes)]) -> Result<Around> {
    let whole = meetings.iter().filter(|(meeting, _)| meeting.may_have_parts());
    let whole: Vec<ConsultationId> = whole.map(|(meeting, _)| meeting.id).collect();
    let mut around = Around::default();
    let parts = store::parts_of(read, &whole).await?;
    if !parts.is_empty() {
        let parts = reach::reached(read, parts).await?;
        let lacking = without_consent(read, &parts).await?;
        for ((meeting, classes), without_consent) in parts.into_iter().zip(lacking) {
            if let Some(whole) = meeting.within {
                let part = PartShown { meeting, classes, without_consent };
                around.parts.entry(whole).or_default().push(part);
            }
        }
    }
    let mut wholes: Vec<ConsultationId> = meetings.iter().filter_map(|(meeting, _)| meeting.within).collect();
    wholes.sort_unstable();
    wholes.dedup();
    let found = store::of_ids(read, &wholes).await?.into_iter();
    let seen = found.filter(|whole| reach::classes(read, whole, None).is_ok());
    around.wholes = seen.map(|whole| whole.id).collect();
    Ok(around)
}

/// Of each part whose case may be seen, the roles to which no consent opens the child's file on
/// its day.
async fn without_consent(read: &Read, parts: &[(Meeting, Classes)]) -> Result<Vec<Vec<Role>>> {
    let asked = |(meeting, classes): &(Meeting, Classes)| meeting.case.filter(|_| classes.has(Class::K2));
    let persons: Vec<PersonId> = parts
        .iter()
        .filter(|part| asked(part).is_some())
        .flat_map(|(part, _)| part.professionals())
        .collect();
    let posts = affiliation::of(read, &persons, today(read.now())).await?;
    let exchange = |part: &(Meeting, Classes)| {
        let seats = part.0.table.iter().filter(|seat| !seat.role.is_private()).map(|seat| {
            let own = posts.iter().filter(|post| post.person == seat.person && post.role == seat.role);
            (seat.role, own.map(|post| post.organisation).collect())
        });
        asked(part).map(|case| Exchange { case: case.0, day: part.0.day(), seats: seats.collect() })
    };
    let exchanges: Vec<Exchange> = parts.iter().filter_map(exchange).collect();
    let mut found = lacking(read, &exchanges).await?.into_iter();
    Ok(parts.iter().map(|part| asked(part).and_then(|_| found.next()).unwrap_or_default()).collect())
}
