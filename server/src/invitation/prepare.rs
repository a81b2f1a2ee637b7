//! Turns a change of a meeting into mails: at most one to each person, sealed in the outbox.

use std::collections::{HashMap, HashSet};

use schakel_domain::{
    access::{Class, Classes},
    consultation::Answer,
    ical::{Method, Party},
    ids::{ConsultationId, PersonId},
    invitation::{Agreed, Notice, Participant, Standing, Told, Wish, backoff::LONGEST, notices},
    reference::Reference,
    text::{EmailAddress, Name},
};
use uuid::Uuid;

use super::{
    companions::{self, About},
    link::LinkClaims,
    render::{Draft, Rendered, render},
    store::{self, Record},
};
use crate::{
    access::{person, region, sharing::guests},
    consultation::{self, meeting::Meeting},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{Kind, Mail, Work},
        vault::{Place, SubjectKeys},
    },
};

/// For how long after a meeting its links still say what it was.
pub(super) const LINK_OUTLIVES: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// Somebody to be told.
pub(super) struct Recipient {
    /// None without a name or an address that mail can be sent to.
    party: Option<Party>,
    /// A parent or child: opening the name and address owes an audit line.
    pub(super) private: bool,
    /// In private, or with a role here or in a region with which this one meets.
    pub(super) is_ours: bool,
}

impl Recipient {
    /// Who is written to. Whoever works here no longer is told a `last` thing, that something is off.
    pub(super) fn party(&self, last: bool) -> Option<&Party> {
        self.party.as_ref().filter(|_| self.is_ours || last)
    }
}

/// What all mails about one meeting share.
struct News<'a> {
    meeting: &'a Meeting,
    standing: Standing,
    reference: Reference,
    organizer: Party,
    keys: SubjectKeys,
}

/// Tells everybody who does not know yet how the meeting stands. Told twice in a row, the
/// second finds nobody.
pub(super) async fn prepare(tx: &Tx, id: ConsultationId) -> Result<()> {
    alone(tx, &[id]).await?;
    let meeting = consultation::store::get(tx, id).await?;
    let standing = standing(tx, &meeting);
    let (records, notices, unsaid) = due(tx, id, &standing).await?;
    store::forget(tx, id, &unsaid).await?;
    let told: Vec<PersonId> = notices.iter().map(|notice| notice.person).collect();
    let outdated: Vec<Uuid> = told.iter().chain(&unsaid).map(|person| person.0).collect();
    tx.supersede(id.0, &outdated).await?;
    if notices.is_empty() {
        return Ok(());
    }
    let recipients = recipients(tx, &told).await?;
    let uuids: Vec<Uuid> = told.iter().map(|person| person.0).collect();
    let news = News {
        reference: meeting
            .reference
            .parse()
            .map_err(|_| Error::Corrupt { table: "consultation", column: "reference" })?,
        meeting: &meeting,
        standing,
        organizer: Party {
            name: region::sender_name(tx).await?,
            email: tx.app().settings.mail.sender.clone(),
        },
        keys: tx.subject_keys_or_new(&uuids).await?,
    };
    let mut outcome = Outcome::default();
    if let Some(case) = meeting.case {
        let about =
            About { case, reference: news.reference, agreed: news.standing.agreed, sender: &news.organizer };
        (outcome.mails, outcome.audited) = companions::mails(tx, &about, &notices).await?;
    }
    for notice in notices {
        let before = records.get(&notice.person);
        outcome.add(tx, &news, notice, before, recipients.get(&notice.person))?;
    }
    outcome.keep(tx, id).await
}

/// Who is to be told what. Whoever's only mail nobody has tried to send is as good as
/// untold (the last value): that mail is replaced and not followed by "your meeting has
/// changed".
async fn due(
    tx: &Tx,
    id: ConsultationId,
    standing: &Standing,
) -> Result<(HashMap<PersonId, Record>, Vec<Notice>, Vec<PersonId>)> {
    let mut records: HashMap<PersonId, Record> =
        store::of_meeting(tx, id).await?.into_iter().map(|record| (record.told.person, record)).collect();
    let told = |records: &HashMap<PersonId, Record>| -> Vec<Told> {
        records.values().map(|record| record.told).collect()
    };
    let first = notices(&told(&records), standing);
    if first.is_empty() {
        return Ok((records, first, Vec::new()));
    }
    let untried: HashSet<Uuid> = tx.untried(id.0).await?.into_iter().collect();
    let unsaid: Vec<PersonId> = first
        .iter()
        .map(|notice| notice.person)
        .filter(|person| untried.contains(&person.0))
        .filter(|person| records.get(person).is_some_and(|record| record.notices == 1))
        .collect();
    records.retain(|person, _| !unsaid.contains(person));
    let notices = notices(&told(&records), standing);
    Ok((records, notices, unsaid))
}

/// Two workers on one meeting take turns, always in the same order. On SQLite there is one writer anyway.
pub(super) async fn alone(tx: &Tx, ids: &[ConsultationId]) -> Result<()> {
    use sea_orm::{ConnectionTrait, Statement};
    if !tx.is_postgres() || ids.is_empty() {
        return Ok(());
    }
    let key = |id: &ConsultationId| {
        let (high, low) = id.0.as_u64_pair();
        i64::from_be_bytes((high ^ low).to_be_bytes())
    };
    let mut keys: Vec<i64> = ids.iter().map(key).collect();
    keys.sort_unstable();
    keys.dedup();
    let places: Vec<String> = (1..=keys.len()).map(|at| format!("(${at}::bigint)")).collect();
    let sql = format!(
        "SELECT pg_advisory_xact_lock(key) FROM (SELECT key FROM (VALUES {}) AS keys (key) ORDER BY key) AS sorted",
        places.join(", ")
    );
    let backend = tx.db().get_database_backend();
    let lock = Statement::from_sql_and_values(backend, sql, keys.into_iter().map(sea_orm::Value::from));
    tx.db().query_all_raw(lock).await?;
    Ok(())
}

pub(super) fn standing(tx: &Tx, meeting: &Meeting) -> Standing {
    Standing {
        sequence: meeting.sequence,
        state: meeting.state,
        agreed: Agreed { start: meeting.time.start(), end: meeting.time.end(), place: meeting.place },
        participants: meeting
            .table
            .iter()
            // Whoever sits through the whole meeting is told of that, not of its parts.
            .filter(|seat| !seat.fixed)
            .map(|seat| Participant { person: seat.person, answer: seat.answer })
            .collect(),
        now: tx.now(),
    }
}

/// The names and addresses of `persons`, opened for mail.
pub(super) async fn recipients(tx: &Tx, persons: &[PersonId]) -> Result<HashMap<PersonId, Recipient>> {
    let party = |name: Option<Name>, email: Option<EmailAddress>| {
        name.zip(email).map(|(name, email)| Party { name, email })
    };
    let private = person::open(tx, persons).await?;
    let own: Vec<PersonId> = persons.iter().copied().filter(|person| !private.contains_key(person)).collect();
    let professional = guests::known(tx, &own).await?;
    let working = guests::working(tx, &own).await?;
    let mut recipients: HashMap<PersonId, Recipient> = professional
        .into_iter()
        .map(|(id, row)| {
            let party = party(row.display_name.parse().ok(), row.email.parse().ok());
            (id, Recipient { party, private: false, is_ours: working.contains(&id) })
        })
        .collect();
    recipients.extend(private.into_iter().map(|(id, person)| {
        (id, Recipient { party: party(Some(person.name), person.email), private: true, is_ours: true })
    }));
    Ok(recipients)
}

/// What comes of the notices, to be written in one statement a table.
#[derive(Default)]
struct Outcome {
    mails: Vec<Work>,
    nowhere: Vec<(String, Uuid)>,
    unfit: Vec<(String, Uuid)>,
    records: Vec<Record>,
    audited: Vec<Line>,
}

impl Outcome {
    fn add(
        &mut self,
        tx: &Tx,
        news: &News,
        notice: Notice,
        before: Option<&Record>,
        recipient: Option<&Recipient>,
    ) -> Result<()> {
        let (person, meeting) = (notice.person.0, news.meeting.id.0);
        let count = before.map_or(0, |record| record.notices);
        if recipient.is_some_and(|recipient| recipient.private) {
            let classes = Classes::of(&[Class::K1, Class::K2]);
            let object = "invitation";
            self.audited.push(Line {
                deed: Deed::E,
                object,
                id: Some(meeting),
                subject: Some(person),
                classes,
            });
        }
        let id = tx.new_id();
        let last = is_last(notice.method);
        let Some(party) = recipient.and_then(|recipient| recipient.party(last)) else {
            // Its own id in the key: once there is an address, the next mail is not this work again.
            self.nowhere.push((format!("{meeting}/{person}/{id}"), person));
            return Ok(());
        };
        let Ok(rendered) = write(tx, news, notice, before, party, id) else {
            tracing::error!(mail = %id, "a letter that says too much is not sent");
            self.unfit.push((format!("{meeting}/{person}/{id}"), person));
            return Ok(());
        };
        let first_message_id =
            before.map_or_else(|| rendered.message_id.clone(), |record| record.first_message_id.clone());
        self.records.push(Record { told: notice.told(&news.standing), notices: count + 1, first_message_id });
        self.mails.push(sealed(tx, news, (id, notice, count), party, rendered, before)?);
        Ok(())
    }

    async fn keep(self, tx: &Tx, id: ConsultationId) -> Result<()> {
        tx.enqueue_all(self.mails).await?;
        tx.bury(id.0, self.nowhere, "NO_ADDRESS").await?;
        tx.bury(id.0, self.unfit, "LETTER_UNFIT").await?;
        store::keep(tx, id, &self.records).await?;
        tx.audit_all(&self.audited).await
    }
}

/// Whether nothing follows it: whoever gets it takes the meeting out of the calendar.
pub(super) fn is_last(method: Method) -> bool {
    match method {
        Method::Request => false,
        Method::Cancel(_) => true,
    }
}

fn write(
    tx: &Tx,
    news: &News,
    notice: Notice,
    before: Option<&Record>,
    party: &Party,
    id: Uuid,
) -> Result<Rendered, super::render::Unfit> {
    let (meeting, settings) = (news.meeting, &tx.app().settings);
    let claims = LinkClaims {
        region: tx.grant().region(),
        consultation: meeting.id,
        person: notice.person,
        sequence: notice.sequence,
        expires: meeting.time.end() + LINK_OUTLIVES,
    };
    let link = claims.url(tx.app());
    let seat = meeting.table.iter().find(|seat| seat.person == notice.person);
    render(&Draft {
        id,
        wish: Wish {
            kind: notice.kind,
            reference: news.reference,
            recipient: &party.name,
            sender: &news.organizer.name,
            agreed: news.standing.agreed,
            before: before.map(|record| record.told.agreed),
            link: &link,
            telephone: settings.mail.telephone.as_deref(),
        },
        method: notice.method,
        sequence: notice.sequence,
        meeting,
        organizer: &news.organizer,
        recipient: party,
        answer: seat.map_or(Answer::NeedsAction, |seat| seat.answer),
        first_message_id: before.map(|record| record.first_message_id.as_str()),
        now: tx.now(),
    })
}

/// The address on the first line, then the mail: one envelope, one recipient, for ever the same.
fn sealed(
    tx: &Tx,
    news: &News,
    (id, notice, count): (Uuid, Notice, i32),
    party: &Party,
    rendered: Rendered,
    before: Option<&Record>,
) -> Result<Work> {
    let (person, meeting) = (notice.person.0, news.meeting.id.0);
    let agreed = news.standing.agreed;
    let useful = match notice.method {
        Method::Request => agreed.start,
        Method::Cancel(_) => before.map_or(agreed.end, |record| record.told.agreed.end.max(agreed.end)),
    };
    let plain = format!("{}\r\n{}", party.email.as_str(), rendered.bytes);
    let mail = Mail {
        id,
        recipient: person,
        message_id: rendered.message_id,
        sequence: i32::try_from(notice.sequence).unwrap_or(i32::MAX),
        sealed: tx.seal(&news.keys, person, payload(id), &plain)?,
        expires: useful.min(tx.now() + LONGEST),
    };
    Ok(Work {
        kind: Kind::Mail,
        dedupe: format!("{meeting}/{person}/{count}"),
        subject: meeting,
        due: tx.now(),
        note: None,
        mail: Some(mail),
    })
}

/// Where a sealed mail stands.
pub(super) fn payload(row: Uuid) -> Place {
    Place { table: "outbox", column: "sealed_payload", row }
}
