//! Schools: vestigingen with their own days off; each is an organisation under the same id.

use schakel_domain::{
    dutch::{
        HolidayRegion,
        codes::{BevoegdGezag, GemeenteCode, Postcode, Sector, Vestigingscode, WijkCode},
    },
    ids::{ClusterId, SchoolId},
    time::Validity,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, sea_query::Query};
use uuid::Uuid;

use super::{
    reading::{Reading, until},
    resource::{Head, Resource, Seen, head},
    store,
};
use crate::{
    access::organisation::{self, OrganisationKind},
    entity::{
        cluster_member, organisation as organisations,
        school::{Column, Entity, Model},
        school_closure as closure,
    },
    error::Result,
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

/// A school and its own days off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// The school.
    pub row: Model,
    /// Its days off, in order.
    pub closures: Vec<closure::Model>,
}

head! {
    School, row; pb::School; "school" "SCHOOL"; id: id SchoolId; order: display_name;
    fixed: [vestigingscode];
    changes: [
        display_name, board_code, street, house_number, postcode, city, gemeente_code, wijk_code, denomination,
        phone, website, holiday_region, sector, closures, valid_from, valid_until
    ]
}

impl Resource for School {
    type Entity = Entity;
    type List = pb::ListSchoolsRequest;

    fn read(reading: &mut Reading, wire: &pb::School) -> Self {
        let holiday_region = match wire.holiday_region {
            0 => HolidayRegion::Midden.to_string(),
            region => {
                reading.choice::<_, HolidayRegion>("holiday_region", region, pb::HolidayRegion::as_str_name)
            }
        };
        // Empty: that of the samenwerkingsverband.
        let sector = match wire.sector {
            0 => String::new(),
            sector => reading.choice::<_, Sector>("sector", sector, pb::Sector::as_str_name),
        };
        let vestigingscode = reading.code::<Vestigingscode>("vestigingscode", &wire.vestigingscode);
        let display_name = reading.name("display_name", &wire.display_name);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        let row = Model {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            vestigingscode,
            display_name,
            board_code: reading.code_if::<BevoegdGezag>("board_code", &wire.board_code),
            street: reading.name_if("street", &wire.street),
            house_number: reading.name_if("house_number", &wire.house_number),
            postcode: reading.code_if::<Postcode>("postcode", &wire.postcode),
            city: reading.name_if("city", &wire.city),
            gemeente_code: reading.code::<GemeenteCode>("gemeente_code", &wire.gemeente_code),
            wijk_code: reading.code_if::<WijkCode>("wijk_code", &wire.wijk_code),
            denomination: reading.name_if("denomination", &wire.denomination),
            phone: reading.name_if("phone", &wire.phone),
            website: reading.name_if("website", &wire.website),
            holiday_region,
            sector,
            valid_from,
            valid_until,
            version: 1,
        };
        let closures = wire.closures.iter().zip(0..).map(|(wire, n)| read_closure(reading, wire, n));
        Self { row, closures: closures.collect() }
    }

    fn to_wire(&self) -> pb::School {
        let row = self.row.clone();
        pb::School {
            name: SchoolId(row.id).to_string(),
            vestigingscode: row.vestigingscode,
            display_name: row.display_name,
            board_code: row.board_code,
            street: row.street,
            house_number: row.house_number,
            postcode: row.postcode,
            city: row.city,
            gemeente_code: row.gemeente_code,
            wijk_code: row.wijk_code,
            denomination: row.denomination,
            phone: row.phone,
            website: row.website,
            holiday_region: number("HOLIDAY_REGION", &row.holiday_region, pb::HolidayRegion::from_str_name),
            sector: number("SECTOR", &row.sector, pb::Sector::from_str_name),
            closures: self.closures.iter().map(closure_to_wire).collect(),
            valid_from: row.valid_from.to_string(),
            valid_until: until(row.valid_until),
            etag: row.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListSchoolsRequest, seen: &Seen) -> Condition {
        let gemeente = fields.parse_if::<GemeenteCode>("gemeente_code", &list.gemeente_code);
        let code = fields.parse_if::<Vestigingscode>("vestigingscode", &list.vestigingscode);
        let cluster = fields.parse_if::<ClusterId>("cluster", &list.cluster);
        let members = |cluster: ClusterId| {
            let own = Condition::all()
                .add(cluster_member::Column::RegionId.eq(seen.region))
                .add(cluster_member::Column::ClusterId.eq(cluster.0))
                .add(seen.days());
            let members = Query::select()
                .column(cluster_member::Column::SchoolId)
                .from(cluster_member::Entity)
                .cond_where(own)
                .to_owned();
            Column::Id.in_subquery(members)
        };
        Condition::all()
            .add_option(gemeente.map(|code| Column::GemeenteCode.eq(code.as_str())))
            .add_option(code.map(|code| Column::Vestigingscode.eq(code.as_str())))
            .add_option(cluster.map(members))
    }

    async fn of_rows(read: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let closures = store::parts::<closure::Entity>(read, "school_id", &ids).await?;
        let mut closures = store::by_parent(closures, |closure| closure.school_id);
        let school = |row: Model| Self { closures: closures.remove(&row.id).unwrap_or_default(), row };
        Ok(rows.into_iter().map(school).collect())
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let organisation = |school: &Self| organisations::Model {
            region_id: tx.region(),
            id: school.id(),
            kind: OrganisationKind::School.to_string(),
            code: school.row.vestigingscode.clone(),
            display_name: school.row.display_name.clone(),
        };
        organisation::put(tx, all.iter().map(organisation).collect()).await?;
        store::put::<Entity>(tx, all.iter().map(|school| school.row.clone()).collect()).await?;
        let ids: Vec<Uuid> = all.iter().map(Head::id).collect();
        let closures = all.iter().flat_map(|school| {
            school.closures.iter().zip(0..).map(|(closure, position)| closure::Model {
                region_id: tx.region(),
                school_id: school.id(),
                position,
                ..closure.clone()
            })
        });
        store::put_parts::<closure::Entity>(tx, "school_id", &ids, closures.collect()).await
    }
}

fn read_closure(reading: &mut Reading, wire: &pb::school::Closure, n: i32) -> closure::Model {
    let path = |field| format!("closures[{n}].{field}");
    let closure = closure::Model {
        region_id: Uuid::nil(),
        school_id: Uuid::nil(),
        position: n,
        display_name: reading.name(&path("display_name"), &wire.display_name),
        first_day: reading.date(&path("from"), &wire.from),
        last_day: reading.date(&path("until"), &wire.until),
        opened: wire.opened,
    };
    let given = !wire.from.is_empty() && !wire.until.is_empty();
    if let Err(refusal) = Validity::new(closure.first_day, Some(closure.last_day))
        && given
    {
        reading.refuse(&path("until"), refusal);
    }
    closure
}

fn closure_to_wire(closure: &closure::Model) -> pb::school::Closure {
    pb::school::Closure {
        display_name: closure.display_name.clone(),
        from: closure.first_day.to_string(),
        until: closure.last_day.to_string(),
        opened: closure.opened,
    }
}
