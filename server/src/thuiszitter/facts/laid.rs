//! Open cases with all that their deadlines follow from, many at a time.

use std::collections::HashMap;

use schakel_domain::ids::{CaseId, PersonId};
use uuid::Uuid;

use super::{log::Log, standing::Around};
use crate::{
    access::{
        circle::{self, Circle},
        person,
    },
    directory::calendar,
    entity::thuiszitter::Model,
    error::Result,
    store::Read,
    thuiszitter::{case::Case, store},
};

/// Cases that are laid out together.
pub(super) const PAGE: u64 = 100;

/// A case that is worked on, or in which somebody still looks in.
pub(super) struct Laid {
    pub case: Case,
    pub circle: Circle,
    pub around: Around,
    pub log: Log,
}

/// Those of `rows` that are worked on, in a constant number of statements.
pub(super) async fn laid(read: &Read, rows: Vec<Model>) -> Result<Vec<Laid>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let circles = circle::find_each(read, &ids).await?;
    // What is restricted or archived is not worked on (AVG art. 18).
    let circles = circles.into_iter().filter(|circle| circle.hold.is_none());
    let mut circles: HashMap<Uuid, Circle> = circles.map(|circle| (circle.case.0, circle)).collect();
    let rows = rows.into_iter().filter(|row| circles.contains_key(&row.id)).collect();
    let children: HashMap<Uuid, PersonId> = circles.iter().map(|(id, circle)| (*id, circle.child)).collect();
    let cases = store::open(read, rows, &children).await?;
    let of: Vec<_> = children.iter().map(|(case, child)| (CaseId(*case), *child)).collect();
    let mut logs = Log::of_all(read, &of).await?;
    let persons: Vec<PersonId> = children.values().copied().collect();
    let persons = person::open(read, &persons).await?;
    let schools: Vec<_> = circles.values().filter_map(|circle| circle.school).collect();
    let homeless = circles.values().filter(|circle| circle.school.is_none());
    let gemeenten: Vec<_> = homeless.map(|circle| circle.gemeente.clone()).collect();
    let calendars = calendar::calendars(read, &schools, &gemeenten).await?;
    let mut found = Vec::with_capacity(cases.len());
    for case in cases {
        let Some(circle) = circles.remove(&case.id.0) else { continue };
        let around = Around::without_meetings(&circle, &calendars, &persons);
        let log = logs.remove(&case.id.0).unwrap_or_default().or_origin(&case, &circle);
        found.push(Laid { case, circle, around, log });
    }
    Ok(found)
}
