//! Turns a change of a meeting into mails: at most one to each person, sealed in the outbox.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::{Class, Classes},
    consultation::Answer,
    ical::{Cancelling, Method, Party},
    ids::{CaseId, ConsultationId, PersonId},
    invitation::{Notice, NoticeKind, Reading, ToldKind, Wish, backoff::LONGEST, reminders::Due},
    reference::Reference,
    refusal::Language,
    text::{EmailAddress, Name},
};
use uuid::Uuid;

use super::{
    companions::{self, About},
    held::{self, Pace},
    news::{self, News, has_interpreter, is_last, link, payload, reference},
    readings,
    render::{Draft, Rendered, render},
    reply_tag,
    store::{self, Channel, Record},
};
use crate::{
    access::{person, region, sharing::guests, wishes::store::Kept},
    consultation::{meeting::Meeting, page},
    error::{Error, Result},
    settings::Organizer,
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{Kind, Mail, Work},
        vault::SubjectKeys,
    },
};

/// Somebody to be told.
pub(super) struct Recipient {
    /// None when it is not known.
    pub(super) name: Option<Name>,
    /// None without a name or an address that mail can be sent to.
    party: Option<Party>,
    /// A parent or child: opening the name and address owes an audit line.
    pub(super) private: bool,
    /// In private, or with a role here or in a region with which this one meets.
    pub(super) is_ours: bool,
    /// BCP 47, as it was registered or wished.
    language: String,
    /// What they chose on the pages of what they are told about, the last one last.
    chosen: Vec<(ConsultationId, Language)>,
}

impl Recipient {
    /// Who is written to. Whoever works here no longer is told a `last` thing, that something is off.
    pub(super) fn party(&self, last: bool) -> Option<&Party> {
        self.party.as_ref().filter(|_| self.is_ours || last)
    }

    /// How they read, by what they wished; `interpreter` sits at the table of what they are told.
    pub(super) fn reading(&self, kept: Option<&Kept>, interpreter: bool) -> Reading {
        self.led_by(self.chosen.last(), kept, interpreter)
    }

    /// The same of a letter about `meeting`: what was chosen on another page holds for that one alone.
    fn reading_of(&self, meeting: ConsultationId, kept: Option<&Kept>, interpreter: bool) -> Reading {
        self.led_by(self.chosen.iter().rfind(|(own, _)| *own == meeting), kept, interpreter)
    }

    fn led_by(
        &self,
        chosen: Option<&(ConsultationId, Language)>,
        kept: Option<&Kept>,
        interpreter: bool,
    ) -> Reading {
        let reading = Reading::of(&self.language, kept.map(|kept| &kept.wishes), interpreter);
        Reading { first: chosen.map_or(reading.first, |(_, language)| *language), ..reading }
    }
}

/// Whether what can wait may be held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// By what the region and the person want.
    AsWanted,
    /// Now, whatever they want.
    AtOnce,
    /// Now and once more; who comes along has heard it.
    OnceMore,
}

/// What all mails share.
struct Letters {
    organizer: Party,
    keys: SubjectKeys,
    wishes: HashMap<(CaseId, PersonId), Kept>,
    recipients: HashMap<PersonId, Recipient>,
    pace: Pace,
}

impl Letters {
    /// What those who get `notices` wished for the case of the meeting.
    fn wishes(&self, news: &News, notices: &[Notice]) -> HashMap<PersonId, Kept> {
        let own = notices.iter().filter_map(|notice| {
            let kept = self.wishes.get(&(news.meeting.case?, notice.person))?;
            Some((notice.person, kept.clone()))
        });
        own.collect()
    }
}

/// Tells everybody who does not know yet how the meetings stand; those that are no more are passed over.
/// Told twice in a row, the second finds nobody.
pub(super) async fn prepare(tx: &Tx, ids: &[ConsultationId], when: When) -> Result<()> {
    let mut news = news::load(tx, ids).await?;
    let told: Vec<Notice> = news.iter().flat_map(News::notices).collect();
    let persons = persons(&told);
    if persons.is_empty() {
        return Ok(());
    }
    let mut pace = Pace::of(tx, &persons).await?;
    let held = |news: &News, notice: &Notice| {
        let held = pace.held_until(notice.person, &[(news, notice)], tx.now());
        let held = held.filter(|_| when == When::AsWanted);
        if held.is_none() {
            pace.told(notice.person, tx.now());
        }
        held
    };
    let due = news::due(tx, &mut news, None, held).await?;
    held::hold(tx, &due.later).await?;
    let now = news.iter().zip(due.now).filter(|(_, notices)| !notices.is_empty());
    mail(tx, now.collect(), (pace, when)).await
}

/// Who gets one of `notices`.
fn persons<'a>(notices: impl IntoIterator<Item = &'a Notice>) -> Vec<PersonId> {
    let mut persons: Vec<PersonId> = notices.into_iter().map(|notice| notice.person).collect();
    persons.sort_unstable();
    persons.dedup();
    persons
}

/// Tells `person`, who was invited, once more what stands: the same event with the same number.
///
/// # Errors
/// `PERSON_NOT_FOUND` when the person is not invited to this meeting by mail.
pub(super) async fn again(tx: &Tx, meeting: &Meeting, person: PersonId) -> Result<()> {
    news::alone(tx, &[meeting.id]).await?;
    let mut news = news::of_meetings(tx, vec![meeting.clone()]).await?;
    let news = news.pop().ok_or(Error::NotFound("CONSULTATION"))?;
    let is_seated = news.standing.participants.iter().any(|seat| seat.person == person);
    if !is_seated || news.hushed.contains(&person) {
        return Err(Error::NotFound("PERSON"));
    }
    if let Some(email) = recipients(tx, &[person]).await?.get(&person).and_then(|to| to.party(false)) {
        tx.address_cleared(&[tx.address_index(&email.email)]).await?;
    }
    let invited = news.records.get(&person).filter(|record| record.told.kind == ToldKind::Invited);
    let up_to_date = invited.filter(|record| {
        record.told.standing == news.standing.sequence && record.told.agreed == news.standing.agreed
    });
    let Some(record) = up_to_date else {
        // What was never told, or not yet, is told as usual.
        let (kind, dedupe) = (Kind::ConsultationChanged, tx.new_id().to_string());
        let work = Work { kind, dedupe, subject: meeting.id.0, due: tx.now(), note: None, mail: None };
        return tx.enqueue(work).await;
    };
    let kind = NoticeKind::Invitation;
    let notice = Notice { person, kind, method: kind.method(), sequence: record.told.sequence };
    tx.supersede(&[(meeting.id.0, vec![person.0])]).await?;
    tell(tx, vec![(&news, vec![notice])], When::OnceMore).await
}

/// Writes what is to be told of each meeting to those who get it, now.
pub(super) async fn tell(tx: &Tx, news: Vec<(&News, Vec<Notice>)>, when: When) -> Result<()> {
    let persons = persons(news.iter().flat_map(|(_, notices)| notices));
    if persons.is_empty() {
        return Ok(());
    }
    let pace = Pace::of(tx, &persons).await?;
    mail(tx, news, (pace, when)).await
}

/// The same with the pace at hand; a constant number of statements, whatever the number of meetings.
async fn mail(tx: &Tx, news: Vec<(&News, Vec<Notice>)>, (pace, when): (Pace, When)) -> Result<()> {
    let persons = persons(news.iter().flat_map(|(_, notices)| notices));
    if persons.is_empty() {
        return Ok(());
    }
    let uuids: Vec<Uuid> = persons.iter().map(|person| person.0).collect();
    let wanted = news.iter().flat_map(|(news, notices)| {
        let case = news.meeting.case;
        notices.iter().filter_map(move |notice| Some((case?, notice.person)))
    });
    let (wishes, audited) = readings::of_each(tx, &wanted.collect()).await?;
    let meetings: Vec<ConsultationId> = news.iter().map(|(news, _)| news.meeting.id).collect();
    let letters = Letters {
        wishes,
        organizer: Party {
            name: region::sender_name(tx).await?,
            email: tx.app().settings.mail.sender.clone(),
        },
        keys: tx.subject_keys_or_new(&uuids).await?,
        recipients: pace.speaking(recipients_of(tx, &meetings, &persons).await?),
        pace,
    };
    let mut outcome = Outcome { audited, ..Outcome::default() };
    for (news, notices) in &news {
        let news: &News = news;
        let (reference, agreed) = (reference(&news.meeting)?, news.standing.agreed);
        let about = About { meeting: news.meeting.id, reference, agreed, sender: &letters.organizer };
        let wishes = letters.wishes(news, notices);
        match when {
            When::AsWanted | When::AtOnce => {
                outcome.mails.extend(companions::mails(tx, &about, notices, &wishes).await?);
            }
            When::OnceMore => {}
        }
        for notice in notices {
            let kept = wishes.get(&notice.person);
            outcome.add(tx, &letters, (news, reference), (*notice, kept))?;
        }
    }
    outcome.keep(tx).await
}

/// The names and addresses of `persons`, opened for mail about no meeting.
pub(super) async fn recipients(tx: &Tx, persons: &[PersonId]) -> Result<HashMap<PersonId, Recipient>> {
    recipients_of(tx, &[], persons).await
}

/// The same for mail about `meetings`: it is led by the language that was chosen on their pages.
pub(super) async fn recipients_of(
    tx: &Tx,
    meetings: &[ConsultationId],
    persons: &[PersonId],
) -> Result<HashMap<PersonId, Recipient>> {
    let party = |name: Option<&Name>, email: Option<EmailAddress>| {
        name.zip(email).map(|(name, email)| Party { name: name.clone(), email })
    };
    let private = person::open(tx, persons).await?;
    let own: Vec<PersonId> = persons.iter().copied().filter(|person| !private.contains_key(person)).collect();
    let professional = guests::known(tx, &own).await?;
    let working = guests::working(tx, &own).await?;
    let chosen = page::languages(tx, meetings, persons).await?;
    let chosen = |id: &PersonId| chosen.get(id).cloned().unwrap_or_default();
    let mut recipients: HashMap<PersonId, Recipient> = professional
        .into_iter()
        .map(|(id, row)| {
            let name: Option<Name> = row.display_name.parse().ok();
            let party = party(name.as_ref(), row.email.parse().ok());
            let is_ours = working.contains(&id);
            (
                id,
                Recipient {
                    name,
                    party,
                    private: false,
                    is_ours,
                    language: String::new(),
                    chosen: chosen(&id),
                },
            )
        })
        .collect();
    recipients.extend(private.into_iter().map(|(id, person)| {
        let party = party(Some(&person.name), person.email);
        let (name, language) = (Some(person.name), person.language);
        let chosen = chosen(&id);
        (id, Recipient { name, party, private: true, is_ours: true, language, chosen })
    }));
    Ok(recipients)
}

impl Recipient {
    /// The same, who wished for a language.
    pub(super) fn speaking(self, language: Option<&str>) -> Self {
        match language.filter(|language| !language.is_empty()) {
            Some(language) => Self { language: language.to_owned(), ..self },
            None => self,
        }
    }
}

/// What comes of the notices, to be written in one statement a table.
#[derive(Default)]
struct Outcome {
    mails: Vec<Work>,
    nowhere: Vec<(Uuid, (String, Uuid))>,
    unfit: Vec<(Uuid, (String, Uuid))>,
    records: Vec<(ConsultationId, Record)>,
    audited: Vec<Line>,
}

impl Outcome {
    fn add(
        &mut self,
        tx: &Tx,
        letters: &Letters,
        (news, reference): (&News, Reference),
        (notice, kept): (Notice, Option<&Kept>),
    ) -> Result<()> {
        let (person, meeting) = (notice.person.0, news.meeting.id.0);
        let before = news.records.get(&notice.person);
        let recipient = letters.recipients.get(&notice.person);
        if recipient.is_some_and(|recipient| recipient.private) {
            self.audited.push(line(news.meeting.id, notice.person));
        }
        let id = tx.new_id();
        // Its own id in the key: what takes the place of a mail that was never sent is not that work again.
        let dedupe = format!("{meeting}/{person}/{id}");
        let last = is_last(notice.method);
        let Some((recipient, party)) = recipient.and_then(|one| Some((one, one.party(last)?))) else {
            self.nowhere.push((meeting, (dedupe, person)));
            return Ok(());
        };
        let reading = recipient.reading_of(news.meeting.id, kept, has_interpreter(&news.meeting));
        let Ok(rendered) = write(tx, letters, (news, reference), (notice, reading), party, id) else {
            tracing::error!(mail = %id, "a letter that says too much is not sent");
            self.unfit.push((meeting, (dedupe, person)));
            return Ok(());
        };
        let first = before.and_then(Record::thread).unwrap_or(&rendered.message_id);
        let record = Record {
            told: notice.told(&news.standing),
            notices: before.map_or(0, |record| record.notices) + 1,
            first_message_id: first.to_owned(),
            channel: Channel::Mail,
            remind: remind(&letters.pace, news, &notice, tx.now()),
        };
        self.records.push((news.meeting.id, record));
        let mail = sealed(tx, letters, (news, id, notice), party, rendered)?;
        let (kind, due) = (Kind::Mail, tx.now());
        self.mails.push(Work { kind, dedupe, subject: meeting, due, note: None, mail: Some(mail) });
        Ok(())
    }

    async fn keep(self, tx: &Tx) -> Result<()> {
        tx.enqueue_all(self.mails).await?;
        for (about, mail) in self.nowhere {
            tx.bury(about, vec![mail], "NO_ADDRESS").await?;
        }
        for (about, mail) in self.unfit {
            tx.bury(about, vec![mail], "LETTER_UNFIT").await?;
        }
        store::keep_all(tx, &self.records).await?;
        tx.audit_all(&self.audited).await
    }
}

/// That the name and address of somebody in private were opened to tell them of a meeting.
pub(super) fn line(meeting: ConsultationId, person: PersonId) -> Line {
    let classes = Classes::of(&[Class::K1, Class::K2]);
    Line { deed: Deed::E, object: "invitation", id: Some(meeting.0), subject: Some(person.0), classes }
}

/// When it is looked whether to remind whoever gets `notice`.
pub(super) fn remind(pace: &Pace, news: &News, notice: &Notice, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let seat = news.meeting.seat(notice.person).filter(|_| !is_last(notice.method))?;
    match pace.remind(seat.person, seat.role).due(news.standing.agreed.start, now, now) {
        Due::At(at) => Some(at),
        Due::Now | Due::Never => None,
    }
}

fn write(
    tx: &Tx,
    letters: &Letters,
    (news, reference): (&News, Reference),
    (notice, reading): (Notice, Reading),
    party: &Party,
    id: Uuid,
) -> Result<Rendered, super::render::Unfit> {
    let (meeting, settings) = (&news.meeting, &tx.app().settings);
    let before = news.records.get(&notice.person);
    let link = link(tx, meeting, notice.person);
    let seat = meeting.seat(notice.person);
    let says_status = notice.kind == NoticeKind::Withdrawal && letters.pace.says_status(&party.email);
    let alarm = seat.and_then(|seat| letters.pace.remind(seat.person, seat.role).alarm);
    let reply_to = reply_tag::address(tx.app(), tx.region(), meeting.id, notice.person);
    render(&Draft {
        id,
        wish: Wish {
            kind: notice.kind,
            reference,
            recipient: &party.name,
            sender: &letters.organizer.name,
            agreed: news.standing.agreed,
            before: before.map(|record| record.told.agreed),
            link: &link,
            telephone: settings.mail.telephone.as_deref(),
            reading,
        },
        method: if says_status { Method::Cancel(Cancelling::WholeMeeting) } else { notice.method },
        sequence: notice.sequence,
        meeting,
        organizer: &letters.organizer,
        reply_to: reply_to.as_ref(),
        by_token: settings.mail.inbox.as_ref().is_some_and(|inbox| inbox.organizer == Organizer::Token),
        recipient: party,
        answer: seat.map_or(Answer::NeedsAction, |seat| seat.answer),
        first_message_id: before.and_then(Record::thread),
        alarm: alarm.map(|minutes| TimeDelta::minutes(minutes.into())),
        now: tx.now(),
    })
}

/// The address on the first line, then the mail: one envelope, one recipient, for ever the same.
fn sealed(
    tx: &Tx,
    letters: &Letters,
    (news, id, notice): (&News, Uuid, Notice),
    party: &Party,
    rendered: Rendered,
) -> Result<Mail> {
    let (person, agreed) = (notice.person.0, news.standing.agreed);
    let told = news.records.get(&notice.person).map(|record| record.told.agreed.end);
    let useful = match notice.method {
        Method::Request | Method::DeclineCounter => agreed.start,
        Method::Cancel(_) => told.map_or(agreed.end, |end| Ord::max(end, agreed.end)),
    };
    let plain = format!("{}\r\n{}", party.email.as_str(), rendered.bytes);
    Ok(Mail {
        id,
        recipient: person,
        message_id: rendered.message_id,
        sequence: i32::try_from(notice.sequence).unwrap_or(i32::MAX),
        sealed: tx.seal(&letters.keys, person, payload(id), &plain)?,
        expires: useful.min(tx.now() + LONGEST),
    })
}
