//! The school that receives a child says whether it has what it needs, or gives the hand-over back.

use schakel_domain::{
    access::{Class, Classes, Denied},
    consultation::Kind,
    ids::ConsultationId,
    refusal::Refusal,
    thuiszitter::handover::HandoverAnswer,
};
use schakel_proto::v1 as pb;

use super::{
    known::{Known, answers},
    tables::Tables,
};
use crate::{
    access::authenticate::today,
    consultation::reach,
    error::{Error, Result},
    store::{
        Tx,
        audit::Deed,
        outbox::{self, CaseNote, Work},
    },
    thuiszitter::{history, view::line},
};

/// What whoever sits at a table is shown of its case.
const ENVELOPE: Classes = Classes::of(&[Class::K0, Class::K1]);

/// Keeps the answer, in the timeline of the case; what is given back is told to who has to mend it.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; not allowed for who does not act for the
/// receiving school; a violation for a meeting that is no hand-over of one child; as
/// [`HandoverAnswer::may_follow`].
pub(super) async fn answer(tx: &Tx, id: ConsultationId, answer: HandoverAnswer) -> Result<pb::Handover> {
    let loaded = reach::load(tx, id).await?;
    let meeting = &loaded.meeting;
    let (Kind::WarmeOverdracht, Some(circle)) = (meeting.kind, &loaded.circle) else {
        return Err(Error::field("consultation", Refusal::FieldInvalid));
    };
    let tables = Tables::of(tx, &[(Some(meeting), circle)]).await?;
    let receiving = tables.schools(Some(id), circle).receiving.map(|school| school.0);
    if receiving.is_none() || receiving != tx.grant().organisation() {
        return Err(Denied::ActionNotAllowed.into());
    }
    let name = id.to_string();
    let before = answers(tx, &[circle.case.0]).await?.get(&name).map(|(_, before)| *before);
    answer.may_follow(before, meeting.state)?;
    let note = CaseNote {
        kind: answer.event().to_owned(),
        subject: name,
        at: tx.now(),
        actor: tx.grant().actor(),
        organisation: tx.grant().organisation(),
        role: tx.grant().role(),
    };
    history::tell(tx, &[(tx.new_id(), circle.case, note)]).await?;
    tx.audit(line(Deed::U, circle.case, circle.child, Classes::of(&[Class::K1]))).await?;
    if matches!(answer, HandoverAnswer::Refused(_)) {
        tx.enqueue(Work {
            kind: outbox::Kind::HandoverReturned,
            // Given back for another reason within the hour is the same news.
            dedupe: format!("{}/{}", id.0, tx.now().timestamp() / 3600),
            subject: id.0,
            due: tx.now(),
            note: None,
            mail: None,
        })
        .await?;
    }
    let answered = Some((today(tx.now()), answer));
    let known = Known { circle, classes: ENVELOPE, meeting: Some(meeting), answered, due: None };
    Ok(known.to_wire(&tables, tx.now()))
}
