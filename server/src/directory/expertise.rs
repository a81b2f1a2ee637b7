//! Expertise: what a school, a partner or the samenwerkingsverband offers to other schools, and who comes.

use schakel_domain::{
    directory::{
        partner::PartnerKind,
        skills::{Audience, Topic},
    },
    ids::{ExpertiseId, OrganisationId, PersonId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::{
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::{affiliation, authenticate::today, organisation, organisation::OrganisationKind, professional},
    entity::{
        cluster_member as member,
        expertise::{Column, Entity, Model},
    },
    error::{Error, Result},
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

head! {
    Model; pb::Expertise; "expertise" "EXPERTISE"; id: id ExpertiseId; order: topic;
    fixed: [topic, organisation]; changes: [display_name, person, audience, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListExpertisesRequest;

    fn read(reading: &mut Reading, wire: &pb::Expertise) -> Self {
        let topic = reading.code::<Topic>("topic", &wire.topic);
        let display_name = reading.name("display_name", &wire.display_name);
        let organisation = reading.needed::<OrganisationId>("organisation", &wire.organisation);
        let person = reading.needed::<PersonId>("person", &wire.person);
        let audience =
            reading.choice::<_, Audience>("audience", wire.audience, pb::expertise::Audience::as_str_name);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            topic,
            display_name,
            organisation_id: organisation.map(|at| at.0).unwrap_or_default(),
            person_id: person.map(|person| person.0).unwrap_or_default(),
            audience,
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::Expertise {
        pb::Expertise {
            name: ExpertiseId(self.id).to_string(),
            topic: self.topic.clone(),
            display_name: self.display_name.clone(),
            organisation: OrganisationId(self.organisation_id).to_string(),
            person: PersonId(self.person_id).to_string(),
            audience: number("AUDIENCE", &self.audience, pb::expertise::Audience::from_str_name),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListExpertisesRequest, seen: &Seen) -> Condition {
        let topic = fields.parse_if::<Topic>("topic", &list.topic);
        let organisation = fields.parse_if::<OrganisationId>("organisation", &list.organisation);
        let school = fields.parse_if::<SchoolId>("school", &list.school);
        Condition::all()
            .add_option(topic.map(|topic| Column::Topic.eq(topic.as_str())))
            .add_option(organisation.map(|at| Column::OrganisationId.eq(at.0)))
            .add_option(school.map(|school| open_to(seen, school)))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.to_vec()).await
    }

    /// Who comes works there; only a school has neighbours in a cluster; the same is offered once.
    async fn check(&self, tx: &Tx) -> Result<()> {
        let person = PersonId(self.person_id);
        professional::get(tx, person).await?;
        let at = organisation::get(tx, OrganisationId(self.organisation_id)).await?;
        let school = at.kind == OrganisationKind::School.to_string();
        let offers = school
            || at.kind == OrganisationKind::Samenwerkingsverband.to_string()
            || at.kind.parse::<PartnerKind>().is_ok();
        if !offers {
            return Err(Error::field("expertise.organisation", Refusal::FieldInvalid));
        }
        if !school && self.audience == Audience::Cluster.to_string() {
            return Err(Error::field("expertise.audience", Refusal::FieldInvalid));
        }
        let day = self.valid_from.max(today(tx.now()));
        let posts = affiliation::of(tx, &[person], day).await?;
        if !posts.iter().any(|post| post.organisation.0 == self.organisation_id) {
            return Err(Error::field("expertise.person", Refusal::FieldInvalid));
        }
        let same = Condition::all()
            .add(Column::RegionId.eq(tx.region()))
            .add(Column::Topic.eq(self.topic.as_str()))
            .add(Column::OrganisationId.eq(self.organisation_id))
            .add(Column::PersonId.eq(self.person_id))
            .add(Column::Id.ne(self.id));
        store::alone(self, &Entity::find().filter(same).all(&tx.db()).await?)
    }
}

/// The schools of the clusters that `school` is in.
pub(super) fn neighbours(seen: &Seen, school: SchoolId) -> SelectStatement {
    let members = |column| -> SelectStatement {
        Query::select()
            .column(column)
            .from(member::Entity)
            .cond_where(Condition::all().add(member::Column::RegionId.eq(seen.region)).add(seen.days()))
            .to_owned()
    };
    let own = members(member::Column::ClusterId).and_where(member::Column::SchoolId.eq(school.0)).to_owned();
    members(member::Column::SchoolId).and_where(member::Column::ClusterId.in_subquery(own)).to_owned()
}

/// What `school` can ask for: what is offered to all, or by a school of one of its clusters.
fn open_to(seen: &Seen, school: SchoolId) -> Condition {
    Condition::any()
        .add(Column::Audience.eq(Audience::Region.to_string()))
        .add(Column::OrganisationId.in_subquery(neighbours(seen, school)))
}

/// Who comes for `topic` to `school` on `day`, in the order in which it was offered; one statement.
pub async fn experts(
    read: &Read,
    topic: &Topic,
    school: SchoolId,
    day: chrono::NaiveDate,
) -> Result<Vec<PersonId>> {
    let seen = Seen { region: read.region(), on: Some(day) };
    let mut rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Topic.eq(topic.as_str()))
        .filter(open_to(&seen, school))
        .filter(seen.days())
        .all(&read.db())
        .await?;
    rows.sort_unstable_by_key(|row| row.id);
    let mut people: Vec<PersonId> = Vec::new();
    for row in rows {
        let person = PersonId(row.person_id);
        if !people.contains(&person) {
            people.push(person);
        }
    }
    Ok(people)
}
