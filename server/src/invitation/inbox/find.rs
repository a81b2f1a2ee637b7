//! What a mail is about: the invitation whose address it was sent to, the meeting that its calendar
//! names, the mail of ours that it follows.

use schakel_domain::{
    ids::{ConsultationId, PersonId, RegionId},
    inbox::{Content, Mail, Tag},
};
use uuid::Uuid;

use super::store;
use crate::{
    access::{Grant, Worker, region},
    app::App,
    consultation::told,
    error::Result,
    invitation::{about, reply_tag},
    settings::InboxSettings,
    store::{Read, messages::sent},
};

/// A meeting, and who writes about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct About {
    pub(super) region: RegionId,
    pub(super) meeting: ConsultationId,
    /// Whose address it was sent to: enough to answer.
    pub(super) tagged: Option<PersonId>,
    /// To whom the mail went that it follows: not enough for anything.
    pub(super) follows: Option<PersonId>,
}

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing that is known.
    Nothing,
    /// A meeting.
    Meeting(About),
    /// A mail of ours that did not arrive.
    Mail(RegionId, Uuid),
}

/// Looks in every region, because the mailbox is one for all.
pub(super) async fn find(
    app: &App,
    settings: &InboxSettings,
    mail: &Mail,
    content: &Content,
) -> Result<Found> {
    let sender = &app.settings.mail.sender;
    let tags: Vec<Tag> =
        mail.tags.iter().filter_map(|address| Tag::of(address, sender, settings.separator)).collect();
    for region in region::all(app).await? {
        let read = app.read(Grant::worker(Worker::Inbox, region));
        match in_region(&read, &tags, mail, content).await? {
            Found::Nothing => {}
            found @ (Found::Meeting(_) | Found::Mail(..)) => return Ok(found),
        }
    }
    Ok(Found::Nothing)
}

async fn in_region(read: &Read, tags: &[Tag], mail: &Mail, content: &Content) -> Result<Found> {
    let region = read.grant().region();
    let keys = &read.app().keys;
    let (mut answers, mut ours) = (Vec::new(), Vec::new());
    for tag in tags {
        match *tag {
            Tag::Answer(secret) => answers.push(reply_tag::hash(&secret)),
            Tag::Bounce { mail, proof } => {
                let id = Uuid::from_bytes(mail);
                // Whether it differs is no secret that time could tell: it is asked once a mail.
                ours.extend(Some(id).filter(|id| reply_tag::proof(keys, *id) == proof));
            }
        }
    }
    if *content == Content::Bounce {
        // Only by the address that it was sent to: what a report says that it is about, anybody can write.
        let found = sent(read, &ours).await?;
        return Ok(found.first().map_or(Found::Nothing, |sent| Found::Mail(region, sent.id)));
    }
    let meeting = |meeting, tagged, follows| Found::Meeting(About { region, meeting, tagged, follows });
    match &store::by_reply(read, &answers).await?[..] {
        [(id, person)] => return Ok(meeting(*id, Some(*person), None)),
        // Sent to two invitations at once it answers neither.
        [(id, _), _, ..] => return Ok(meeting(*id, None, None)),
        [] => {}
    }
    if let Content::Message(message) = content
        && let Some(id) = told::by_uid(read, &message.uid).await?
    {
        return Ok(meeting(id, None, None));
    }
    ours.extend(mail.follows.iter().filter_map(|id| own(id)));
    for sent in sent(read, &ours).await? {
        if let Some(known) = about::meeting(read, sent.subject_id).await? {
            return Ok(meeting(known.id, None, sent.recipient_id.map(PersonId)));
        }
    }
    Ok(Found::Nothing)
}

/// Our `Message-ID`s begin with the id of their mail.
fn own(message_id: &str) -> Option<Uuid> {
    Uuid::try_parse(message_id.get(..36)?).ok()
}
