//! Who speaks which language, and who comes as an interpreter.

use chrono::NaiveDate;
use schakel_domain::{access::Role, directory::skills::LanguageTag, ids::PersonId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::resource::Seen;
use crate::{
    entity::{affiliation, person_language as language},
    error::Result,
    store::Read,
};

/// The ids of everybody who speaks `spoken`.
pub(super) fn speaking(region: Uuid, spoken: &LanguageTag) -> SelectStatement {
    Query::select()
        .column(language::Column::PersonId)
        .from(language::Entity)
        .cond_where(
            Condition::all()
                .add(language::Column::RegionId.eq(region))
                .add(language::Column::Language.eq(spoken.as_str())),
        )
        .to_owned()
}

/// Everybody who comes as `role` on `day`, wherever they work; of interpreters those who speak
/// `spoken`, when it is said. One statement.
pub async fn who_comes(
    read: &Read,
    role: Role,
    spoken: Option<&LanguageTag>,
    day: NaiveDate,
) -> Result<Vec<PersonId>> {
    let seen = Seen { region: read.region(), on: Some(day) };
    let mut query = affiliation::Entity::find()
        .filter(affiliation::Column::RegionId.eq(read.region()))
        .filter(affiliation::Column::Role.eq(role.to_string()))
        .filter(seen.days());
    if let Some(spoken) = spoken {
        query = query.filter(affiliation::Column::PersonId.in_subquery(speaking(read.region(), spoken)));
    }
    let rows = query.all(&read.db()).await?;
    let mut people: Vec<PersonId> = rows.into_iter().map(|row| PersonId(row.person_id)).collect();
    people.sort_unstable();
    people.dedup();
    Ok(people)
}
