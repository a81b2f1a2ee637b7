//! A request as one caller sees it: opened as far as its sight goes, with the audit lines owed.

use schakel_domain::{access::Class, ids::HulpvraagId};

use super::{
    request::{Hulpvraag, Sight},
    store,
};
use crate::{
    error::Result,
    store::{Tx, audit::Deed},
};

/// A request, opened.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    /// As it stands.
    pub asked: Hulpvraag,
    /// How much of it is shown.
    pub sight: Sight,
    /// The question, with [`Sight::Whole`].
    pub question: String,
    /// The reason, from [`Sight::Reason`] on.
    pub reason: String,
}

/// One request.
pub(super) async fn get(tx: &Tx, id: HulpvraagId) -> Result<Shown> {
    let asked = store::get(tx, id).await?;
    let sight = asked.sight(tx.grant())?;
    one(tx, asked, sight).await
}

/// What a change made of a request; one that was sent on is out of the caller's sight.
pub(super) async fn changed(tx: &Tx, asked: Hulpvraag) -> Result<Shown> {
    let sight = asked.sight(tx.grant()).unwrap_or(Sight::Envelope);
    one(tx, asked, sight).await
}

async fn one(tx: &Tx, asked: Hulpvraag, sight: Sight) -> Result<Shown> {
    let mut shown = open(tx, vec![(asked, sight)]).await?;
    shown.pop().ok_or(crate::error::Error::NotFound("HULPVRAAG"))
}

/// Opens several in a constant number of statements.
pub(super) async fn open(tx: &Tx, asked: Vec<(Hulpvraag, Sight)>) -> Result<Vec<Shown>> {
    let opens = |(asked, sight): &&(Hulpvraag, Sight)| match sight {
        Sight::Envelope => false,
        Sight::Reason => asked.sealed_reason.is_some(),
        Sight::Whole => true,
    };
    let opened: Vec<_> = asked.iter().filter(opens).collect();
    let subjects: Vec<_> = opened.iter().map(|(asked, _)| asked.subject).collect();
    let keys = tx.subject_keys(&subjects).await?;
    let lines: Vec<_> =
        opened.iter().map(|(asked, _)| asked.line(Deed::R, &[Class::K1, Class::K4])).collect();
    tx.audit_all(&lines).await?;
    let mut shown = Vec::with_capacity(asked.len());
    for (asked, sight) in asked {
        let text = |column, sealed: Option<&[u8]>| {
            let text = keys.open_if(asked.subject, asked.place(column), sealed)?;
            Ok::<_, crate::error::Error>(text.unwrap_or_default())
        };
        let question = Some(asked.sealed_question.as_slice()).filter(|_| sight >= Sight::Whole);
        let question = text("sealed_question", question)?;
        let reason = asked.sealed_reason.as_deref().filter(|_| sight >= Sight::Reason);
        let reason = text("sealed_reason", reason)?;
        shown.push(Shown { asked, sight, question, reason });
    }
    Ok(shown)
}
