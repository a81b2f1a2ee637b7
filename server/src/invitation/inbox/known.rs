//! How a meeting stands, as far as an answer by mail depends on it.

use std::collections::HashMap;

use schakel_domain::{
    ids::PersonId,
    inbox::{Content, Invited, Known, Mail, Reason, Verdict, decide},
    text::EmailAddress,
};
use uuid::Uuid;

use super::{find::About, store};
use crate::{
    consultation::{self, meeting::Meeting},
    error::Result,
    settings::InboxSettings,
    store::{Read, messages::marks},
};

/// A meeting, and to which addresses its invitations went.
pub(super) struct Standing {
    pub(super) meeting: Meeting,
    known: Known,
    marks: HashMap<Vec<u8>, Vec<PersonId>>,
}

/// Reads how the meeting stands. Nobody's address is opened: they are recognised by what was kept of
/// the mails that went out, which is also what stands in the calendars of those who got them.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND`.
pub(super) async fn standing(read: &Read, about: &About) -> Result<Standing> {
    let meeting = consultation::store::get(read, about.meeting).await?;
    let told = store::told(read, meeting.id).await?;
    let seats = meeting.table.iter().filter(|seat| !seat.fixed);
    let invited = seats.filter_map(|seat| {
        let told = told.iter().find(|told| told.person == seat.person)?;
        Some(Invited {
            person: seat.person,
            told: told.sequence,
            told_time: told.time,
            answer: seat.answer,
            made: told.made,
        })
    });
    let known = Known {
        uid: meeting.uid.clone(),
        time: meeting.time,
        state: meeting.state,
        invited: invited.collect(),
        tagged: about.tagged,
    };
    let series = meeting.member.map(|part| part.series.0);
    let subjects: Vec<Uuid> = [Some(meeting.id.0), series].into_iter().flatten().collect();
    let mut of: HashMap<Vec<u8>, Vec<PersonId>> = HashMap::new();
    for (mark, person) in marks(read, &subjects).await? {
        let persons = of.entry(mark).or_default();
        if !persons.contains(&PersonId(person)) {
            persons.push(PersonId(person));
        }
    }
    Ok(Standing { meeting, known, marks: of })
}

impl Standing {
    /// What comes of `mail`.
    pub(super) fn verdict(
        &self,
        read: &Read,
        settings: &InboxSettings,
        mail: &Mail,
        content: &Content,
        about: &About,
    ) -> Verdict {
        match content {
            Content::Message(message) => {
                let of = |address: &str| -> Vec<PersonId> {
                    let Ok(address) = address.parse::<EmailAddress>() else { return Vec::new() };
                    self.marks.get(&read.address_index(&address)).cloned().unwrap_or_default()
                };
                decide(mail, message, &self.known, (settings.authserv_id.as_deref(), read.now()), &of)
            }
            Content::Nothing(reason) => Verdict::Aside(self.seated(about.tagged.or(about.follows)), *reason),
            // Only what `find` knows as a mail of ours comes of it.
            Content::Bounce | Content::Noise => Verdict::Known,
        }
    }

    /// Whoever still is at the table.
    fn seated(&self, person: Option<PersonId>) -> Option<PersonId> {
        person.filter(|person| self.known.invited.iter().any(|one| one.person == *person))
    }

    /// Under whose key what was written is kept.
    pub(super) fn subject(&self, person: Option<PersonId>) -> Uuid {
        person.map_or(self.meeting.subject, |person| person.0)
    }
}

/// Whether a mail for this reason says who wrote it well enough to ask them.
pub(super) fn may_be_asked(mail: &Mail, reason: Reason) -> bool {
    reason == Reason::AuthFailed && mail.answerable && mail.author().is_some()
}
