//! Actions as the caller sees them: that there is one with its meeting, what it is with more.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::{ActionId, ConsultationId, PersonId},
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::store::{self, Filter};
use crate::{
    consultation::{meeting::Meeting, reach},
    entity::action::Model,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::{
        fields::text,
        page::{Page, cut},
    },
};

/// A page of actions, and after which the next one begins.
pub(super) type Listed = (Vec<pb::AgreedAction>, Option<(NaiveDate, Uuid)>);

/// A page of actions of the meetings that the caller may see.
pub(super) async fn list(tx: &Tx, filter: &Filter, page: &Page<(NaiveDate, Uuid)>) -> Result<Listed> {
    let mut rows = store::list(tx, filter, page).await?;
    let next = cut(&mut rows, page.size, |row| (row.due_date, row.id));
    Ok((shown(tx, rows).await?, next))
}

/// `rows` as the caller may see them, in their order; those of meetings that it does not reach
/// are left out. Owes and writes a line for every meeting of which a text is shown.
pub(super) async fn shown(tx: &Tx, rows: Vec<Model>) -> Result<Vec<pb::AgreedAction>> {
    let meetings = store::meetings_of(tx, &rows).await?;
    let reached = reach::reached(tx, meetings).await?;
    let classes: HashMap<ConsultationId, Classes> =
        reached.iter().map(|(meeting, classes)| (meeting.id, *classes)).collect();
    let meetings: HashMap<ConsultationId, Meeting> =
        reached.into_iter().map(|(meeting, _)| (meeting.id, meeting)).collect();
    let readable: Vec<&Model> = rows.iter().filter(|row| is_readable(tx, row, &meetings, &classes)).collect();
    let texts = store::texts(tx, &readable, &meetings).await?;
    tx.audit_all(&lines(&readable, &meetings)).await?;
    let one = |row: &Model| {
        let meeting = meetings.get(&ConsultationId(row.consultation_id))?;
        Some(pb::AgreedAction {
            name: ActionId(row.id).to_string(),
            consultation: meeting.id.to_string(),
            reference: meeting.reference.clone(),
            owner: PersonId(row.owner_id).to_string(),
            text: texts.get(&ActionId(row.id)).cloned().unwrap_or_default(),
            due_date: row.due_date.to_string(),
            done_date: text(row.done_on),
            school: text(meeting.school),
        })
    };
    Ok(rows.iter().filter_map(one).collect())
}

/// Whoever reads what was agreed reads it, its owner was told it at the table, and of a meeting
/// about no child everybody at the table was.
fn is_readable(
    tx: &Tx,
    row: &Model,
    meetings: &HashMap<ConsultationId, Meeting>,
    classes: &HashMap<ConsultationId, Classes>,
) -> bool {
    let id = ConsultationId(row.consultation_id);
    let (Some(meeting), Some(classes)) = (meetings.get(&id), classes.get(&id)) else { return false };
    let actor = tx.grant().actor().map(PersonId);
    let seated = actor.is_some_and(|actor| meeting.seat(actor).is_some());
    classes.has(Class::K4) || actor == Some(PersonId(row.owner_id)) || (meeting.case.is_none() && seated)
}

fn lines(readable: &[&Model], meetings: &HashMap<ConsultationId, Meeting>) -> Vec<Line> {
    let mut told: Vec<ConsultationId> = Vec::new();
    for row in readable {
        let id = ConsultationId(row.consultation_id);
        if !told.contains(&id) {
            told.push(id);
        }
    }
    let line = |meeting: &Meeting| Line {
        deed: Deed::R,
        object: "consultation",
        id: Some(meeting.id.0),
        subject: meeting.case.map(|_| meeting.subject),
        classes: Classes::of(&[Class::K1, Class::K4]),
    };
    told.iter().filter_map(|id| meetings.get(id)).map(line).collect()
}
