//! The meetings of a case in an export: table, outcome, and who was told when.

use std::collections::HashMap;

use schakel_domain::{
    access::Class,
    ids::{ConsultationId, PersonId},
};
use uuid::Uuid;

use super::{
    form::{Agreed, Invitation, Mail, Meeting, Participant, Proposed},
    gather::Gatherer,
};
use crate::{
    consultation::{
        meeting,
        minutes::{self, Minutes},
        proposal, provider,
    },
    error::Result,
    invitation,
    privacy::dossier::Dossier,
    store::{instant::from_column, seen},
};

impl Gatherer<'_> {
    /// All of them, oldest first.
    pub(super) async fn meetings(&self, dossier: &Dossier) -> Result<Vec<Meeting>> {
        let held: Vec<_> = dossier.meetings.iter().collect();
        let ids: Vec<Uuid> = dossier.meetings.iter().map(|meeting| meeting.id.0).collect();
        let outcomes = minutes::of(self.tx, &held).await?;
        let reasons = provider::reasons(self.tx, &held).await?;
        let told = invitation::store::of_meetings(self.tx, &ids).await?;
        let mails = seen::mails_about(self.tx, &ids).await?;
        let proposals = proposal::store::of_meetings(self.tx, &ids).await?;
        let roles: HashMap<(ConsultationId, PersonId), String> = dossier
            .meetings
            .iter()
            .flat_map(|meeting| {
                meeting.table.iter().map(|seat| ((meeting.id, seat.person), seat.role.to_string()))
            })
            .collect();
        let mut all = Vec::with_capacity(ids.len());
        for meeting in &dossier.meetings {
            let as_what = |person: Option<Uuid>| {
                person.and_then(|person| roles.get(&(meeting.id, PersonId(person))).cloned())
            };
            let mut one = self.meeting(meeting, dossier, &as_what);
            if let Some(outcome) = outcomes.get(&meeting.id) {
                self.outcome(&mut one, outcome, &as_what);
            }
            if self.classes.has(Class::K4) {
                one.provider_reason = reasons.get(&meeting.id).cloned();
            }
            for own in proposals.iter().filter(|own| own.meeting == meeting.id) {
                one.proposals.push(Proposed {
                    by: as_what(Some(own.person.0)),
                    kind: own.kind.to_string(),
                    state: own.now(meeting, self.tx.now()).to_string(),
                    channel: own.source.to_string(),
                    sequence: own.sequence,
                    starts_at: own.time.map(schakel_domain::time::Period::start),
                    ends_at: own.time.map(schakel_domain::time::Period::end),
                    created_at: own.created,
                    decided_at: own.decided,
                });
            }
            for row in told.iter().filter(|row| row.consultation_id == meeting.id.0) {
                one.invitations.push(Invitation {
                    to: as_what(Some(row.person_id)),
                    kind: row.kind.clone(),
                    told_at: from_column(row.told_at)?,
                    starts_at: from_column(row.starts_at)?,
                    ends_at: from_column(row.ends_at)?,
                    place: row.place.clone(),
                    notices: row.notices,
                    sequence: row.sequence,
                    message_id: row.first_message_id.clone(),
                    channel: row.channel.clone(),
                    reminded_at: row.reminded_at.map(from_column).transpose()?,
                });
            }
            for row in mails.iter().filter(|row| row.subject_id == meeting.id.0) {
                one.mails.push(Mail {
                    to: as_what(row.recipient_id),
                    state: row.state.clone(),
                    created_at: from_column(row.created_at)?,
                    done_at: row.done_at.map(from_column).transpose()?,
                    attempts: row.attempts,
                    last_error: row.last_error.clone(),
                    sequence: row.sequence,
                    message_id: row.message_id.clone(),
                });
            }
            all.push(one);
        }
        Ok(all)
    }

    fn meeting(
        &self,
        meeting: &meeting::Meeting,
        dossier: &Dossier,
        as_what: &impl Fn(Option<Uuid>) -> Option<String>,
    ) -> Meeting {
        Meeting {
            consultation: meeting.id.to_string(),
            reference: meeting.reference.clone(),
            kind: meeting.kind.to_string(),
            state: meeting.state.to_string(),
            starts_at: meeting.time.start(),
            ends_at: meeting.time.end(),
            place: meeting.place.to_string(),
            school: self.called(meeting.school.map(|school| school.0)),
            parent_exception: meeting.parent_exception.map(|why| why.to_string()),
            short_notice: meeting.short_notice.map(|why| why.to_string()),
            booked_as: as_what(Some(meeting.booked_by.0)),
            booked_at: meeting.created,
            sequence: meeting.sequence,
            participants: meeting
                .table
                .iter()
                .map(|seat| Participant {
                    role: seat.role.to_string(),
                    person: dossier.circle.has(seat.person).then(|| seat.person.to_string()),
                    optional: seat.optional,
                    answer: seat.answer.to_string(),
                    answered_at: seat.answered,
                    decline_reason: seat.reason.map(|why| why.to_string()),
                    attended: seat.attended,
                })
                .collect(),
            proposals: Vec::new(),
            child_heard: None,
            child_heard_note: None,
            jgt_hulp_gewenst: None,
            jgt_role: None,
            jgt_target: None,
            decided_with: Vec::new(),
            provider_reason: None,
            summary: None,
            actions: Vec::new(),
            invitations: Vec::new(),
            mails: Vec::new(),
        }
    }

    /// What was agreed (K4), whether youth help was wanted (K4: the school asks it itself), and
    /// what the child said (K9).
    fn outcome(
        &self,
        one: &mut Meeting,
        outcome: &Minutes,
        as_what: &impl Fn(Option<Uuid>) -> Option<String>,
    ) {
        if self.classes.has(Class::K4) {
            one.summary.clone_from(&outcome.summary);
            one.jgt_hulp_gewenst = outcome.jgt.map(|wanted| wanted.to_string());
            one.jgt_role = outcome.jgt_role.map(|role| role.to_string());
            one.jgt_target = outcome.jgt_target;
            one.decided_with =
                outcome.decided_with.iter().filter_map(|person| as_what(Some(person.0))).collect();
            one.actions = outcome
                .actions
                .iter()
                .map(|agreed| Agreed {
                    text: agreed.text.clone(),
                    owner: as_what(Some(agreed.owner.0)),
                    due_date: agreed.due,
                    done_date: agreed.done,
                })
                .collect();
        }
        if self.classes.has(Class::K9) {
            one.child_heard = outcome.child_heard.map(|heard| heard.to_string());
            one.child_heard_note.clone_from(&outcome.child_heard_note);
        }
    }
}
