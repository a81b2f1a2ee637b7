//! School–team links: whom a school calls for a role, and who stands in.

use chrono::NaiveDate;
use schakel_domain::{
    ids::{PersonId, SchoolId, SchoolTeamLinkId, TeamId},
    time::Validity,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    school::School,
    store,
    team::Team,
};
use crate::{
    access::professional,
    entity::school_team_link::{Column, Entity, Model},
    error::{Error, Result},
    store::{Read, Tx},
    wire::fields::{Fields, text},
};

head! {
    Model; pb::SchoolTeamLink; "school_team_link" "SCHOOL_TEAM_LINK"; id: id SchoolTeamLinkId; order: role;
    fixed: [school, team, role]; changes: [person, deputy, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListSchoolTeamLinksRequest;

    fn read(reading: &mut Reading, wire: &pb::SchoolTeamLink) -> Self {
        let school = reading.needed::<SchoolId>("school", &wire.school);
        let team = reading.needed::<TeamId>("team", &wire.team);
        let role = reading.role("role", wire.role);
        let person = reading.needed::<PersonId>("person", &wire.person);
        let deputy = reading.given::<PersonId>("deputy", &wire.deputy);
        if deputy.is_some() && deputy == person {
            reading.refuse("deputy", schakel_domain::refusal::Refusal::FieldInvalid);
        }
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            school_id: school.map(|school| school.0).unwrap_or_default(),
            team_id: team.map(|team| team.0).unwrap_or_default(),
            role,
            person_id: person.map(|person| person.0).unwrap_or_default(),
            deputy_id: deputy.map(|deputy| deputy.0),
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::SchoolTeamLink {
        pb::SchoolTeamLink {
            name: SchoolTeamLinkId(self.id).to_string(),
            school: SchoolId(self.school_id).to_string(),
            team: TeamId(self.team_id).to_string(),
            role: self.role.parse().map(crate::access::rpc::role_to_wire).unwrap_or_default(),
            person: PersonId(self.person_id).to_string(),
            deputy: text(self.deputy_id.map(PersonId)),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListSchoolTeamLinksRequest, _: &Seen) -> Condition {
        let school = fields.parse_if::<SchoolId>("school", &list.school);
        let team = fields.parse_if::<TeamId>("team", &list.team);
        Condition::all()
            .add_option(school.map(|school| Column::SchoolId.eq(school.0)))
            .add_option(team.map(|team| Column::TeamId.eq(team.0)))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.to_vec()).await
    }

    /// The same person is tied once on a day.
    async fn check(&self, tx: &Tx) -> Result<()> {
        store::get::<School>(tx, self.school_id).await?;
        store::get::<Team>(tx, self.team_id).await?;
        professional::get(tx, PersonId(self.person_id)).await?;
        if let Some(deputy) = self.deputy_id {
            professional::get(tx, PersonId(deputy)).await?;
        }
        let same = Condition::all()
            .add(Column::RegionId.eq(tx.region()))
            .add(Column::SchoolId.eq(self.school_id))
            .add(Column::TeamId.eq(self.team_id))
            .add(Column::Role.eq(self.role.as_str()))
            .add(Column::PersonId.eq(self.person_id))
            .add(Column::Id.ne(self.id));
        let same = Entity::find().filter(same).all(&tx.db()).await?;
        store::alone(self, &same)
    }
}

/// A team that serves a school.
#[derive(Debug, Clone, Copy)]
pub struct Serving {
    /// The school.
    pub school: SchoolId,
    /// The team.
    pub team: TeamId,
    /// On which days.
    pub days: Validity,
}

/// The teams that serve `schools`, on whatever day, in one statement; of those that serve one on the
/// same day, the first is the team of [`team_of`].
pub async fn teams_of(read: &Read, schools: &[SchoolId]) -> Result<Vec<Serving>> {
    if schools.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SchoolId.is_in(schools.iter().map(|school| school.0)))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let serving = |row: Model| {
        let days = Validity::new(row.valid_from, row.valid_until);
        days.map(|days| Serving { school: SchoolId(row.school_id), team: TeamId(row.team_id), days })
            .map_err(|_| Error::Corrupt { table: "school_team_link", column: "valid_until" })
    };
    rows.into_iter().map(serving).collect()
}

/// The team that serves `school` on `day`: that of its first link.
pub async fn team_of(read: &Read, school: SchoolId, day: NaiveDate) -> Result<Option<TeamId>> {
    let valid = Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day));
    let row = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::SchoolId.eq(school.0))
        .filter(Column::ValidFrom.lte(day))
        .filter(valid)
        .order_by_asc(Column::Id)
        .one(&read.db())
        .await?;
    Ok(row.map(|row| TeamId(row.team_id)))
}
