//! The ties of schools to teams, for whoever asks which team serves a school.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, SchoolId, TeamId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    access::affiliation,
    entity::school_team_link::{Column, Entity},
    error::Result,
    store::Read,
};

/// The team that gives `school` somebody with `role` on `day`: by a tie for that role, else
/// the tied team that has such a member.
pub async fn team_of(read: &Read, school: SchoolId, role: Role, day: NaiveDate) -> Result<Option<TeamId>> {
    let open = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day));
    let ties = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SchoolId.eq(school.0))
        .filter(Column::ValidFrom.lte(day))
        .filter(open)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    if let Some(tie) = ties.iter().find(|tie| tie.role == role.to_string()) {
        return Ok(Some(TeamId(tie.team_id)));
    }
    let teams: Vec<OrganisationId> = ties.iter().map(|tie| OrganisationId(tie.team_id)).collect();
    if teams.is_empty() {
        return Ok(None);
    }
    let members = affiliation::with_role(read, &teams, role, day).await?;
    let has = |team: &&OrganisationId| members.iter().any(|member| member.organisation == **team);
    Ok(teams.iter().find(has).map(|team| TeamId(team.0)))
}
