//! Provisions: what a school, a partner or the samenwerkingsverband has for children that need more, with
//! how many places, and how many wait.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    directory::{
        partner::PartnerKind,
        skills::{Audience, Topic},
    },
    ids::{OrganisationId, ProvisionId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use super::{
    expertise::neighbours,
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::{organisation, organisation::OrganisationKind},
    entity::provision::{Column, Entity, Model},
    error::{Error, Result},
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

/// More is a mistake.
const MOST: i32 = 10_000;

head! {
    Model; pb::Provision; "provision" "PROVISION"; id: id ProvisionId; order: topic;
    fixed: [topic, organisation];
    changes: [display_name, audience, places, taken, waiting, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListProvisionsRequest;

    fn read(reading: &mut Reading, wire: &pb::Provision) -> Self {
        let topic = reading.code::<Topic>("topic", &wire.topic);
        let display_name = reading.name("display_name", &wire.display_name);
        let organisation = reading.needed::<OrganisationId>("organisation", &wire.organisation);
        let audience =
            reading.choice::<_, Audience>("audience", wire.audience, pb::provision::Audience::as_str_name);
        for (field, count) in [("places", wire.places), ("taken", wire.taken), ("waiting", wire.waiting)] {
            if !(0..=MOST).contains(&count) {
                reading.refuse(field, Refusal::FieldInvalid);
            }
        }
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            topic,
            display_name,
            organisation_id: organisation.map(|at| at.0).unwrap_or_default(),
            audience,
            places: wire.places,
            taken: wire.taken,
            waiting: wire.waiting,
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::Provision {
        pb::Provision {
            name: ProvisionId(self.id).to_string(),
            topic: self.topic.clone(),
            display_name: self.display_name.clone(),
            organisation: OrganisationId(self.organisation_id).to_string(),
            audience: number("AUDIENCE", &self.audience, pb::provision::Audience::from_str_name),
            places: self.places,
            taken: self.taken,
            waiting: self.waiting,
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListProvisionsRequest, seen: &Seen) -> Condition {
        let topic = fields.parse_if::<Topic>("topic", &list.topic);
        let organisation = fields.parse_if::<OrganisationId>("organisation", &list.organisation);
        let school = fields.parse_if::<SchoolId>("school", &list.school);
        let words = list.text.split_whitespace().take(MOST_WORDS);
        let named = words.fold(Condition::all(), |all, word| all.add(has(word)));
        Condition::all()
            .add_option(topic.map(|topic| Column::Topic.eq(topic.as_str())))
            .add_option(organisation.map(|at| Column::OrganisationId.eq(at.0)))
            .add_option(school.map(|school| open_to(seen, school)))
            .add_option(list.only_free.then(|| Expr::col(Column::Taken).lt(Expr::col(Column::Places))))
            .add(named)
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.to_vec()).await
    }

    /// Only a school has neighbours in a cluster; the same is offered once.
    async fn check(&self, tx: &Tx) -> Result<()> {
        let at = organisation::get(tx, OrganisationId(self.organisation_id)).await?;
        let school = at.kind == OrganisationKind::School.to_string();
        let has_such = school
            || at.kind == OrganisationKind::Samenwerkingsverband.to_string()
            || at.kind.parse::<PartnerKind>().is_ok();
        if !has_such {
            return Err(Error::field("provision.organisation", Refusal::FieldInvalid));
        }
        if !school && self.audience == Audience::Cluster.to_string() {
            return Err(Error::field("provision.audience", Refusal::FieldInvalid));
        }
        let same = Condition::all()
            .add(Column::RegionId.eq(tx.region()))
            .add(Column::Topic.eq(self.topic.as_str()))
            .add(Column::OrganisationId.eq(self.organisation_id))
            .add(Column::DisplayName.eq(self.display_name.as_str()))
            .add(Column::Id.ne(self.id));
        store::alone(self, &Entity::find().filter(same).all(&tx.db()).await?)
    }
}

/// More words are no search.
const MOST_WORDS: usize = 8;

/// That the word stands in the name, whatever its capitals.
fn has(word: &str) -> Expr {
    let plain: String = word.to_lowercase().chars().filter(|c| !matches!(c, '%' | '_' | '\\')).collect();
    Expr::expr(Func::lower(Expr::col(Column::DisplayName))).like(format!("%{plain}%"))
}

/// What is there for children of `school`: for all of the region, of a school of one of its clusters, or its own.
fn open_to(seen: &Seen, school: SchoolId) -> Condition {
    Condition::any()
        .add(Column::Audience.eq(Audience::Region.to_string()))
        .add(Column::OrganisationId.eq(school.0))
        .add(Column::OrganisationId.in_subquery(neighbours(seen, school)))
}

/// Places of one organisation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room {
    /// How many provisions.
    pub provisions: u32,
    /// How many places.
    pub places: u32,
    /// How many of them are taken.
    pub taken: u32,
    /// How many children wait.
    pub waiting: u32,
}

/// What each organisation has on `day`, in one statement.
pub async fn rooms(read: &Read, day: NaiveDate) -> Result<HashMap<Uuid, Room>> {
    let seen = Seen { region: read.region(), on: Some(day) };
    let rows =
        Entity::find().filter(Column::RegionId.eq(read.region())).filter(seen.days()).all(&read.db()).await?;
    let count = |number: i32| u32::try_from(number).unwrap_or_default();
    let mut rooms: HashMap<Uuid, Room> = HashMap::new();
    for row in rows {
        let room = rooms.entry(row.organisation_id).or_default();
        room.provisions += 1;
        room.places += count(row.places);
        room.taken += count(row.taken);
        room.waiting += count(row.waiting);
    }
    Ok(rooms)
}
