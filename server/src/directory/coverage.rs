//! Schools that nobody comes to: no tie, people away, nobody who stands in.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Action, Role},
    directory::{Gap, Register, gaps, without_deputy},
    ids::{PersonId, SchoolId, SchoolTeamLinkId},
    time::Validity,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use tonic::{Request, Response, Status};

use super::{absence, route::links_of};
use crate::{
    access::{authenticate::today, rpc::role_to_wire},
    app::App,
    entity::school,
    error::Result,
    store::Read,
    wire::{
        call::permit,
        fields::Fields,
        page::{Bound, cut},
    },
};

/// The roles of which every school has somebody; the JGZ sends either of two.
const EVERY_SCHOOL: [&[Role]; 2] = [&[Role::Smw], &[Role::Jeugdverpleegkundige, Role::Jeugdarts]];
/// Of these each school also has somebody who stands in.
const WITH_DEPUTY: &[Role] = &[Role::Smw];
/// The load of teams is no gap here.
const ANY_LOAD: u32 = u32::MAX;

/// A hole in the cover, in the order of lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Hole {
    school_name: String,
    school: SchoolId,
    role: Role,
    reason: Missing,
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
enum Missing {
    NoLink,
    LinkAbsent,
    NoDeputy,
}

/// Every hole on a day, in three statements.
async fn holes(read: &Read, day: NaiveDate) -> Result<BTreeSet<Hole>> {
    let names = schools_on(read, day).await?;
    let schools: Vec<SchoolId> = names.keys().copied().collect();
    let links = links_of(read, None).await?;
    let people: BTreeSet<PersonId> =
        links.iter().flat_map(|link| [Some(link.person), link.deputy]).flatten().collect();
    let people: Vec<PersonId> = people.into_iter().collect();
    let one_day = Validity::new(day, Some(day)).unwrap_or(Validity::since(day));
    let away = absence::of(read, &people, one_day).await?;
    let role_of: HashMap<SchoolTeamLinkId, Role> = links.iter().map(|link| (link.id, link.role)).collect();
    let register = Register { links, away, ..Register::default() };
    let mut holes = BTreeSet::new();
    let mut note = |school: SchoolId, role: Option<Role>, reason| {
        if let (Some(name), Some(role)) = (names.get(&school), role) {
            holes.insert(Hole { school_name: name.clone(), school, role, reason });
        }
    };
    for roles in EVERY_SCHOOL {
        for gap in gaps(&only(&register, roles), &schools, &[], (day, ANY_LOAD)) {
            match gap {
                Gap::NoLink { school } => note(school, roles.first().copied(), Missing::NoLink),
                Gap::LinkPersonAway { .. } | Gap::OverLoad { .. } => {}
            }
        }
    }
    for gap in gaps(&register, &schools, &[], (day, ANY_LOAD)) {
        match gap {
            Gap::LinkPersonAway { school, link, deputy, .. } => {
                let role = role_of.get(&link).copied();
                note(school, role, Missing::LinkAbsent);
                if deputy.is_none() {
                    note(school, role, Missing::NoDeputy);
                }
            }
            Gap::NoLink { .. } | Gap::OverLoad { .. } => {}
        }
    }
    for (school, link) in without_deputy(&only(&register, WITH_DEPUTY), day) {
        note(school, role_of.get(&link).copied(), Missing::NoDeputy);
    }
    Ok(holes)
}

fn only(register: &Register, roles: &[Role]) -> Register {
    let mut some = register.clone();
    some.links.retain(|link| roles.contains(&link.role));
    some
}

/// The schools that are there on `day`, and what they are called, in one statement.
pub async fn schools_on(read: &Read, day: NaiveDate) -> Result<HashMap<SchoolId, String>> {
    use school::Column;
    let still = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day));
    let rows = school::Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ValidFrom.lte(day))
        .filter(still)
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| (SchoolId(row.id), row.display_name)).collect())
}

/// `ListCoverageGaps`.
pub(super) async fn list_coverage_gaps_rpc(
    app: &App,
    request: Request<pb::ListCoverageGapsRequest>,
) -> Result<Response<pb::ListCoverageGapsResponse>, Status> {
    let grant = permit(&request, Action::ReadDirectory)?;
    let request = request.into_inner();
    let bound = Bound { app, grant: &grant, filter: String::new() };
    let mut fields = Fields::default();
    let page = bound.read::<(String, uuid::Uuid, String, String)>(
        &mut fields,
        request.page_size,
        &request.page_token,
    );
    let page = fields.finish(page)?;
    let read = app.read(grant.clone());
    let key = |hole: &Hole| {
        let reason: &str = hole.reason.into();
        (hole.school_name.clone(), hole.school.0, hole.role.to_string(), reason.to_owned())
    };
    let mut holes: Vec<Hole> = holes(&read, today(read.now())).await?.into_iter().collect();
    holes.sort_by_cached_key(key);
    if let Some(after) = &page.after {
        holes.retain(|hole| key(hole) > *after);
    }
    holes.truncate(usize::try_from(page.size + 1).unwrap_or(usize::MAX));
    let next = cut(&mut holes, page.size, key);
    Ok(Response::new(pb::ListCoverageGapsResponse {
        gaps: holes.into_iter().map(to_wire).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

fn to_wire(hole: Hole) -> pb::list_coverage_gaps_response::Gap {
    let reason: &str = hole.reason.into();
    pb::list_coverage_gaps_response::Gap {
        school: hole.school.to_string(),
        school_display_name: hole.school_name,
        role: role_to_wire(hole.role),
        reason: reason.to_owned(),
    }
}
