//! Not told → told on paper: the letter to somebody who has no address for mail.

use schakel_domain::{
    access::{Class, Classes, Denied},
    consultation::State,
    ids::{ConsultationId, PersonId},
    invitation::{Letter, Notice, NoticeKind, Standing, Told, Wish, notices, paper, paper_betrays},
    refusal::Refusal,
};

use super::{
    news::{self, has_interpreter, link, reference},
    prepare::recipients_of,
    readings,
    store::{self, Channel, Record},
};
use crate::{
    access::region,
    consultation::reach,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Writes the letter to `person`, with the same link that a mail would have, and keeps that they
/// were told if no mail tells them.
pub(super) async fn print(tx: &Tx, id: ConsultationId, person: PersonId) -> Result<Letter> {
    let meeting = reach::load(tx, id).await?.meeting;
    let found = reach::reached(tx, vec![meeting]).await?.pop();
    let (meeting, classes) = found.ok_or(Error::NotFound("CONSULTATION"))?;
    if !classes.has(Class::K2) {
        return Err(Denied::ActionNotAllowed.into());
    }
    news::alone(tx, &[id]).await?;
    let news = news::of_meetings(tx, vec![meeting]).await?.pop().ok_or(Error::NotFound("CONSULTATION"))?;
    let (meeting, standing) = (&news.meeting, &news.standing);
    let before = news.records.get(&person).cloned();
    let known: Vec<Told> = before.iter().map(|record| record.told).collect();
    let notice = notices(&known, standing).into_iter().find(|notice| notice.person == person);
    let kind = kind(notice.as_ref(), standing, person)?;
    let unknown = || Error::field("person", Refusal::PersonNotFound);
    let recipients = recipients_of(tx, &[id], &[person]).await?;
    let recipient = recipients.get(&person).ok_or_else(unknown)?;
    let name = recipient.name.as_ref().filter(|_| recipient.is_ours).ok_or_else(unknown)?;
    let (wishes, mut lines) = readings::of(tx, meeting.case.as_slice(), &[person]).await?;
    let (link, sender) = (link(tx, meeting, person), region::sender_name(tx).await?);
    let wish = Wish {
        kind,
        reference: reference(meeting)?,
        recipient: name,
        sender: &sender,
        agreed: standing.agreed,
        before: before.as_ref().map(|record| record.told.agreed),
        link: &link,
        telephone: tx.app().settings.mail.telephone.as_deref(),
        reading: recipient.reading(wishes.get(&person), has_interpreter(meeting)),
    };
    // A random link may spell a word by chance; its address may not.
    if paper_betrays(&Wish { link: &tx.app().settings.public_url, ..wish }).is_some() {
        tracing::error!(meeting = %id.0, "a letter that says too much is not printed");
        return Err(Error::Corrupt { table: "region", column: "sender_name" });
    }
    if recipient.party(false).is_none() {
        keep(tx, id, person, told(notice.as_ref(), before, standing)).await?;
    }
    lines.push(Line {
        deed: Deed::E,
        object: "invitation",
        id: Some(id.0),
        subject: recipient.private.then_some(person.0),
        classes: Classes::of(&[Class::K1, Class::K2]),
    });
    tx.audit_all(&lines).await?;
    Ok(paper(&wish))
}

/// What is due, or once more the invitation of who was told how the meeting stands.
fn kind(notice: Option<&Notice>, standing: &Standing, person: PersonId) -> Result<NoticeKind> {
    if let Some(notice) = notice {
        return Ok(notice.kind);
    }
    if standing.participants.iter().all(|one| one.person != person) {
        return Err(Error::field("person", Refusal::PersonNotFound));
    }
    match standing.state {
        State::Planned if standing.agreed.end > standing.now => Ok(NoticeKind::Invitation),
        State::Planned | State::Held => Err(Refusal::ConsultationPast.into()),
        State::Cancelled => Err(Refusal::ConsultationCancelled.into()),
    }
}

/// What is known of them from now on; none when nothing was and nothing is told.
fn told(notice: Option<&Notice>, before: Option<Record>, standing: &Standing) -> Option<Record> {
    let told = match (notice, &before) {
        (Some(notice), _) => notice.told(standing),
        (None, Some(before)) => before.told,
        (None, None) => return None,
    };
    Some(Record {
        told,
        notices: before.as_ref().map_or(0, |record| record.notices) + 1,
        first_message_id: before.map_or_else(String::new, |record| record.first_message_id),
        channel: Channel::Paper,
        remind: None,
    })
}

/// Keeps `record`, and that no mail is waited for.
async fn keep(tx: &Tx, id: ConsultationId, person: PersonId, record: Option<Record>) -> Result<()> {
    let Some(record) = record else { return Ok(()) };
    store::keep(tx, id, &[record]).await?;
    let own = (format!("{}/{}/{}", id.0, person.0, tx.new_id()), person.0);
    tx.bury(id.0, vec![own], "PRINTED").await
}
