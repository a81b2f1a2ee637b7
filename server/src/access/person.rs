//! Natural persons in a private capacity: parents and children, sealed under their own key.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use schakel_domain::{
    ids::PersonId,
    text::{EmailAddress, Name},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{
    entity::person,
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::to_column,
        keys::Use,
        vault::{Place, SubjectKeys},
    },
};

/// A parent or a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivatePerson {
    /// The name.
    pub name: Name,
    /// The private address for mail.
    pub email: Option<EmailAddress>,
    /// The private number.
    pub phone: Option<Name>,
    /// Of a child.
    pub birth_date: Option<NaiveDate>,
    /// A secret address: no place to meet, never shown.
    pub address_confidential: bool,
    /// BCP 47; `nl` when nothing is known.
    pub language: String,
}

/// How somebody in private is reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// The private address for mail.
    pub email: Option<EmailAddress>,
    /// The private number.
    pub phone: Option<String>,
    /// A secret address: neither of the two is opened.
    pub address_confidential: bool,
}

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "person", column, row }
}

fn row(tx: &Tx, keys: &SubjectKeys, id: PersonId, person: &PrivatePerson) -> Result<person::ActiveModel> {
    let seal = |column, plain: &str| tx.seal(keys, id.0, place(column, id.0), plain);
    let seal_if = |column, plain: Option<&str>| plain.map(|plain| seal(column, plain)).transpose();
    Ok(person::ActiveModel {
        id: Set(id.0),
        private: Set(true),
        sealed_name: Set(Some(seal("sealed_name", person.name.as_str())?)),
        sealed_email: Set(seal_if("sealed_email", person.email.as_ref().map(EmailAddress::as_str))?),
        sealed_phone: Set(seal_if("sealed_phone", person.phone.as_ref().map(Name::as_str))?),
        sealed_birth_date: Set(seal_if(
            "sealed_birth_date",
            person.birth_date.map(|d| d.to_string()).as_deref(),
        )?),
        address_confidential: Set(person.address_confidential),
        language: Set(person.language.clone()),
        created_at: Set(to_column(tx.now())),
    })
}

/// Keeps new persons, and makes their keys.
pub async fn insert(tx: &Tx, persons: &[(PersonId, PrivatePerson)]) -> Result<()> {
    if persons.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = persons.iter().map(|(id, _)| id.0).collect();
    let keys = tx.subject_keys_or_new(&ids).await?;
    let rows = persons.iter().map(|(id, person)| row(tx, &keys, *id, person)).collect::<Result<Vec<_>>>()?;
    person::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Changes one person.
pub async fn update(tx: &Tx, id: PersonId, person: &PrivatePerson) -> Result<()> {
    let keys = tx.subject_keys_or_new(&[id.0]).await?;
    let mut row = row(tx, &keys, id, person)?;
    row.created_at = sea_orm::ActiveValue::NotSet;
    person::Entity::update(row).exec(&tx.db()).await?;
    Ok(())
}

/// Opens the private persons among `ids`, in two statements; whoever was erased is left out.
/// Whoever calls owes an audit line.
pub async fn open(read: &Read, ids: &[PersonId]) -> Result<HashMap<PersonId, PrivatePerson>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = person::Entity::find()
        .filter(person::Column::Id.is_in(ids.iter().copied()))
        .filter(person::Column::Private.eq(true))
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&ids).await?;
    let known = rows.into_iter().filter(|row| keys.knows(row.id));
    known.map(|row| Ok((PersonId(row.id), opened(&keys, row)?))).collect()
}

/// How the private persons among `ids` are reached, in two statements, to be compared and told to nobody;
/// whoever was erased is left out.
pub async fn contacts(read: &Read, ids: &[PersonId]) -> Result<HashMap<PersonId, Contact>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = person::Entity::find()
        .filter(person::Column::Id.is_in(ids.iter().copied()))
        .filter(person::Column::Private.eq(true))
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&ids).await?;
    let contact = |row: person::Model| -> Result<(PersonId, Contact)> {
        if row.address_confidential {
            return Ok((PersonId(row.id), Contact { address_confidential: true, ..Contact::default() }));
        }
        let text = |column, sealed: Option<&[u8]>| keys.open_if(row.id, place(column, row.id), sealed);
        let email = text("sealed_email", row.sealed_email.as_deref())?;
        let phone = text("sealed_phone", row.sealed_phone.as_deref())?;
        let email = email.and_then(|email| email.parse().ok());
        Ok((PersonId(row.id), Contact { email, phone, address_confidential: false }))
    };
    rows.into_iter().filter(|row| keys.knows(row.id)).map(contact).collect()
}

/// Whether it is somebody in private, a child or a parent; nothing is opened.
pub async fn is_private(read: &Read, id: PersonId) -> Result<bool> {
    let row = person::Entity::find_by_id(id.0).one(&read.db()).await?;
    Ok(row.is_some_and(|row| row.private))
}

/// Those of `ids` who are somebody in private; nothing is opened.
pub async fn private_of(read: &Read, ids: &[PersonId]) -> Result<HashSet<PersonId>> {
    let found = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(person::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(person::Column::Private.eq(true))
        .into_tuple::<Uuid>()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().map(PersonId).collect())
}

/// When `ids` were registered, in microseconds since 1970, UTC.
pub async fn registered(read: &Read, ids: &[PersonId]) -> Result<HashMap<PersonId, i64>> {
    let rows: Vec<(Uuid, i64)> = person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .column(person::Column::CreatedAt)
        .filter(person::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|(id, at)| (PersonId(id), at)).collect())
}

fn opened(keys: &SubjectKeys, row: person::Model) -> Result<PrivatePerson> {
    let corrupt = |column| Error::Corrupt { table: "person", column };
    let text = |column, sealed: Option<&[u8]>| keys.open_if(row.id, place(column, row.id), sealed);
    let name = text("sealed_name", row.sealed_name.as_deref())?.and_then(|name| name.parse().ok());
    let birth_date = text("sealed_birth_date", row.sealed_birth_date.as_deref())?;
    Ok(PrivatePerson {
        name: name.ok_or(corrupt("sealed_name"))?,
        email: text("sealed_email", row.sealed_email.as_deref())?.and_then(|email| email.parse().ok()),
        phone: text("sealed_phone", row.sealed_phone.as_deref())?.and_then(|phone| phone.parse().ok()),
        birth_date: birth_date.and_then(|date| date.parse().ok()),
        address_confidential: row.address_confidential,
        language: row.language,
    })
}

/// Keeps professionals as natural persons: a calendar, nothing sealed.
pub async fn insert_professionals(tx: &Tx, ids: &[PersonId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let rows = ids.iter().map(|id| person::ActiveModel {
        id: Set(id.0),
        private: Set(false),
        sealed_name: Set(None),
        sealed_email: Set(None),
        sealed_phone: Set(None),
        sealed_birth_date: Set(None),
        address_confidential: Set(false),
        language: Set("nl".to_owned()),
        created_at: Set(to_column(tx.now())),
    });
    person::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// By which a child is found that has a case already: name and birth date together,
/// without case and spaces; never the name alone.
pub fn child_index(read: &Read, name: &Name, birth_date: NaiveDate) -> Vec<u8> {
    let name: String =
        name.as_str().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let message =
        [read.region().as_bytes().as_slice(), name.as_bytes(), b"|", birth_date.to_string().as_bytes()]
            .concat();
    read.app().keys.mac(Use::ChildIndex, &message)[..16].to_vec()
}
