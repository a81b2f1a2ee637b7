//! The page behind the link of an invitation: the language somebody chose for it, and the codes that
//! were asked for before it shows who comes.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Classes},
    ids::{ConsultationId, PersonId},
    refusal::Language,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

pub use super::code::MINUTES as CODE_MINUTES;
use super::{code::Code, meeting::Meeting};
use crate::{
    entity::answer_page::{ActiveModel, Column, Entity, Model},
    error::Result,
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::to_column,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Whose page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Of {
    /// Of which meeting.
    pub meeting: ConsultationId,
    /// Who was invited.
    pub person: PersonId,
}

fn word(language: Language) -> &'static str {
    match language {
        Language::Dutch => "nl",
        Language::English => "en",
    }
}

fn language(row: &Model) -> Option<Language> {
    [Language::Dutch, Language::English].into_iter().find(|one| row.language.as_deref() == Some(word(*one)))
}

fn rows(read: &Read) -> Select<Entity> {
    Entity::find().filter(Column::RegionId.eq(read.region()))
}

fn one(read: &Read, of: Of) -> Select<Entity> {
    rows(read).filter(Column::ConsultationId.eq(of.meeting.0)).filter(Column::PersonId.eq(of.person.0))
}

/// The language that was chosen on the page, if one was.
pub async fn chosen(read: &Read, of: Of) -> Result<Option<Language>> {
    Ok(one(read, of).one(&read.db()).await?.as_ref().and_then(language))
}

/// The languages that each of `persons` chose on the pages of `meetings`, the last one last, in one
/// statement. What was chosen on the page of another meeting holds for that one alone.
pub async fn languages(
    read: &Read,
    meetings: &[ConsultationId],
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Vec<(ConsultationId, Language)>>> {
    if meetings.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = rows(read)
        .filter(Column::ConsultationId.is_in(meetings.iter().map(|meeting| meeting.0)))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::Language.is_not_null())
        .order_by_asc(Column::UpdatedAt)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let mut chosen: HashMap<PersonId, Vec<(ConsultationId, Language)>> = HashMap::new();
    for row in &rows {
        if let Some(language) = language(row) {
            let own = chosen.entry(PersonId(row.person_id)).or_default();
            own.push((ConsultationId(row.consultation_id), language));
        }
    }
    Ok(chosen)
}

/// The row of a page; the first that is said on it makes one. Whoever calls holds the meeting, so
/// that two do not make two.
async fn row(tx: &Tx, of: Of) -> Result<Model> {
    if let Some(row) = one(tx, of).lock_exclusive().one(&tx.db()).await? {
        return Ok(row);
    }
    let row = Model {
        region_id: tx.region(),
        id: tx.new_id(),
        consultation_id: of.meeting.0,
        person_id: of.person.0,
        language: None,
        updated_at: to_column(tx.now()),
        codes: 0,
        code_hash: None,
        code_until: None,
        code_tries: 0,
    };
    Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(&tx.db()).await?;
    Ok(row)
}

async fn change(tx: &Tx, id: Uuid, changed: ActiveModel) -> Result<()> {
    let row = ActiveModel { region_id: Set(tx.region()), id: Set(id), ..changed };
    Entity::update(row).exec(&tx.db()).await?;
    Ok(())
}

/// What letters about the page are about.
pub async fn id(tx: &Tx, of: Of) -> Result<Uuid> {
    Ok(row(tx, of).await?.id)
}

/// Keeps in which language the page of `person`, and the letters to them about this meeting, are read;
/// the same again changes nothing.
pub async fn choose(tx: &Tx, meeting: &Meeting, person: PersonId, chosen: Language) -> Result<()> {
    let row = row(tx, Of { meeting: meeting.id, person }).await?;
    if language(&row) == Some(chosen) {
        return Ok(());
    }
    let changed = ActiveModel {
        language: Set(Some(word(chosen).to_owned())),
        updated_at: Set(to_column(tx.now())),
        ..Default::default()
    };
    change(tx, row.id, changed).await?;
    let private = meeting.seat(person).is_some_and(|seat| seat.role.is_private());
    tx.audit(Line {
        deed: Deed::U,
        object: "consultation",
        id: Some(meeting.id.0),
        subject: private.then_some(person.0),
        classes: Classes::of(&[Class::K1]),
    })
    .await
}

fn message(id: Uuid, code: &str) -> Vec<u8> {
    [b"answer-code|".as_slice(), id.as_bytes(), code.as_bytes()].concat()
}

fn code(row: &Model) -> Code {
    Code { asked: row.codes, hash: row.code_hash.clone(), until: row.code_until, tries: row.code_tries }
}

fn with(code: Code) -> ActiveModel {
    ActiveModel {
        codes: Set(code.asked),
        code_hash: Set(code.hash),
        code_until: Set(code.until),
        code_tries: Set(code.tries),
        ..Default::default()
    }
}

/// A new code of six digits, in place of an earlier one; none once too many were asked for.
pub async fn new_code(tx: &Tx, of: Of) -> Result<Option<String>> {
    let row = row(tx, of).await?;
    let mut code = code(&row);
    let Some(told) = code.renew(tx, |told| message(row.id, told)) else { return Ok(None) };
    change(tx, row.id, with(code)).await?;
    Ok(Some(told))
}

/// Whether `given` is the code that was mailed. It works once.
pub async fn spend(tx: &Tx, of: Of, given: &str) -> Result<bool> {
    let Some(row) = one(tx, of).lock_exclusive().one(&tx.db()).await? else { return Ok(false) };
    let mut code = code(&row);
    let fits = code.spend(tx, given, |told| message(row.id, told));
    change(tx, row.id, with(code)).await?;
    Ok(fits)
}

/// The ids of the pages of these meetings.
pub async fn ids_of(read: &Read, meetings: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(rows(read)
        .select_only()
        .column(Column::Id)
        .filter(Column::ConsultationId.is_in(meetings.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// The meeting of the page `id`, if there is one.
pub async fn meeting(read: &Read, id: Uuid) -> Result<Option<ConsultationId>> {
    let row = Entity::find_by_id((read.region(), id)).one(&read.db()).await?;
    Ok(row.map(|row| ConsultationId(row.consultation_id)))
}

/// The pages go with their meetings.
pub(super) async fn sweep(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let gone = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::ConsultationId.is_in(doomed.meetings.iter().copied()));
    tx.sweep(Entity, gone, sweep, tally).await
}
