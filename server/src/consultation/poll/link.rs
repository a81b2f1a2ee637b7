//! The link that a mail carries, and the code that is asked for before anything personal is shown.
//!
//! A link is region and 192 random bits; the database knows its hash only. It shows what may be
//! said in a waiting room. For more, a code goes to the same mailbox: it works once, for some
//! minutes, and is traded for a pass that the next form carries.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use schakel_domain::ids::{CaseId, PersonId, RegionId, TimePollId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::Query};
use uuid::Uuid;

use crate::{
    consultation::code::Code,
    entity::{
        time_poll,
        time_poll_link::{ActiveModel, Column, Entity, Model},
    },
    error::Result,
    store::{Read, Tx, instant::to_column, keys::sha256},
};

/// The first byte of every link, so that a later form is told apart.
const FORM: u8 = 1;
const SECRET: usize = 24;
/// How long the form behind it may be filled in.
const PASS: TimeDelta = TimeDelta::minutes(30);

/// A link as it was read, not yet believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// In which region it is sought.
    pub region: RegionId,
    hash: Vec<u8>,
}

impl Token {
    /// Reads a link; none when it cannot be one, so that guesses do not reach the database.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (&[form], rest) = bytes.split_first_chunk()?;
        let (region, secret) = rest.split_first_chunk()?;
        let fits = form == FORM && secret.len() == SECRET;
        fits.then(|| Self { region: RegionId(Uuid::from_bytes(*region)), hash: sha256(&bytes) })
    }
}

/// Whose link it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Its row.
    pub id: Uuid,
    /// The proposal.
    pub poll: TimePollId,
    /// Who was asked.
    pub person: PersonId,
}

/// Makes a link for `person`; it is told this once.
pub async fn make(tx: &Tx, poll: TimePollId, person: PersonId) -> Result<String> {
    let mut secret = [0; SECRET];
    tx.app().ids.fill(&mut secret);
    let bytes = [&[FORM][..], tx.region().as_bytes(), &secret].concat();
    let row = ActiveModel {
        region_id: Set(tx.region()),
        id: Set(tx.new_id()),
        hash: Set(sha256(&bytes)),
        poll_id: Set(poll.0),
        person_id: Set(person.0),
        created_at: Set(to_column(tx.now())),
        codes: Set(0),
        code_hash: Set(None),
        code_until: Set(None),
        code_tries: Set(0),
        pass_hash: Set(None),
        pass_until: Set(None),
    };
    Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// The link that `token` is, when it is one.
pub async fn find(read: &Read, token: &Token) -> Result<Option<Link>> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(token.region.0))
        .filter(Column::Hash.eq(token.hash.clone()))
        .one(&read.db())
        .await?;
    Ok(row.map(|row| Link { id: row.id, poll: TimePollId(row.poll_id), person: PersonId(row.person_id) }))
}

/// Forgets every link of `poll`.
pub(super) async fn forget(tx: &Tx, poll: TimePollId) -> Result<()> {
    Entity::delete_many()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::PollId.eq(poll.0))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// Forgets every link of `persons` to proposals about `case`.
pub(super) async fn forget_of(tx: &Tx, case: CaseId, persons: &[PersonId]) -> Result<()> {
    let about = Query::select()
        .column(time_poll::Column::Id)
        .from(time_poll::Entity)
        .and_where(time_poll::Column::RegionId.eq(tx.region()))
        .and_where(time_poll::Column::CaseId.eq(case.0))
        .to_owned();
    Entity::delete_many()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::PollId.in_subquery(about))
        .exec(&tx.db())
        .await?;
    Ok(())
}

async fn row(tx: &Tx, link: Link) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((tx.region(), link.id)).lock_exclusive().one(&tx.db()).await?)
}

async fn change(tx: &Tx, link: Link, changed: ActiveModel) -> Result<()> {
    let row = ActiveModel { region_id: Set(tx.region()), id: Set(link.id), ..changed };
    Entity::update(row).exec(&tx.db()).await?;
    Ok(())
}

fn message(link: Link, code: &str) -> Vec<u8> {
    [b"poll-code|".as_slice(), link.id.as_bytes(), code.as_bytes()].concat()
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
pub async fn new_code(tx: &Tx, link: Link) -> Result<Option<String>> {
    let Some(row) = row(tx, link).await? else { return Ok(None) };
    let mut code = code(&row);
    let Some(told) = code.renew(tx, |told| message(link, told)) else { return Ok(None) };
    change(tx, link, with(code)).await?;
    Ok(Some(told))
}

/// Trades `code` for a pass; none when it is wrong, late or spent.
pub async fn trade(tx: &Tx, link: Link, given: &str) -> Result<Option<String>> {
    let Some(row) = row(tx, link).await? else { return Ok(None) };
    let mut code = code(&row);
    if !code.spend(tx, given, |told| message(link, told)) {
        change(tx, link, with(code)).await?;
        return Ok(None);
    }
    let mut secret = [0; SECRET];
    tx.app().ids.fill(&mut secret);
    let changed = ActiveModel {
        pass_hash: Set(Some(sha256(&secret))),
        pass_until: Set(Some(to_column(tx.now() + PASS))),
        ..with(code)
    };
    change(tx, link, changed).await?;
    Ok(Some(URL_SAFE_NO_PAD.encode(secret)))
}

/// Spends the pass that a code was traded for. Says whether it was one.
pub async fn spend(tx: &Tx, link: Link, pass: &str) -> Result<bool> {
    let Some(row) = row(tx, link).await? else { return Ok(false) };
    let in_time = row.pass_until.is_some_and(|until| to_column(tx.now()) < until);
    let given = URL_SAFE_NO_PAD.decode(pass).ok().map(|secret| sha256(&secret));
    if !in_time || given.is_none() || given != row.pass_hash {
        return Ok(false);
    }
    change(tx, link, ActiveModel { pass_hash: Set(None), ..Default::default() }).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_link_never_reaches_the_database() {
        let bytes = [&[FORM][..], &[7; 16], &[9; SECRET]].concat();
        let text = URL_SAFE_NO_PAD.encode(&bytes);
        assert!(text.len() < 60, "it stays on one line of a mail");
        let token = Token::read(&text).unwrap();
        assert_eq!(token.region, RegionId(Uuid::from_bytes([7; 16])));
        let other = URL_SAFE_NO_PAD.encode([&[2][..], &[7; 16], &[9; SECRET]].concat());
        for wrong in ["", "abc", &text[1..], &format!("{text}A"), &format!("{text}/x"), &other] {
            assert_eq!(Token::read(wrong), None, "{wrong}");
        }
    }
}
