//! Books a meeting, at a time that was found or at one's own.

use schakel_client::v1 as pb;

use super::part::Part;
use crate::{
    case,
    failure::Failure,
    memory::Found,
    seat::{self, Guest, participant},
    session::{Outcome, Session, call, request_id},
    time::{self, Moment},
    value::{Choice, Reference},
    whoami,
};

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("when").required(true)))]
pub(crate) struct Arguments {
    /// What kind of meeting
    #[arg(long)]
    kind: Choice<pb::consultation::Kind>,
    /// Where they meet
    #[arg(long, default_value = "SCHOOL")]
    place: Choice<pb::consultation::Place>,
    /// The number of a time in the last answer of `slots`: gives time, school, case and people
    #[arg(long, value_name = "N", group = "when", conflicts_with = "minutes")]
    slot: Option<usize>,
    /// When: local time or RFC 3339
    #[arg(long, value_name = "TIME", group = "when")]
    start: Option<Moment>,
    /// How long [default: 60]
    #[arg(long)]
    minutes: Option<u32>,
    /// The case it is about
    #[arg(long)]
    case: Option<Reference>,
    /// The school at or for which it is held
    #[arg(long)]
    school: Option<Reference>,
    /// Who comes, as NAME:ROLE
    #[arg(long, value_name = "NAME:ROLE")]
    seat: Vec<Guest>,
    /// Who may come, as NAME:ROLE
    #[arg(long, value_name = "NAME:ROLE")]
    optional: Vec<Guest>,
    /// Invite all parents of the case with gezag
    #[arg(long)]
    parents: bool,
    /// Invite the caller
    #[arg(long)]
    me: bool,
    /// Why no parent is invited
    #[arg(long, value_name = "WHY")]
    parent_exception: Option<Choice<pb::consultation::ParentException>>,
    /// The request by which a helper was asked
    #[arg(long)]
    hulpvraag: Option<Reference>,
    /// A child's part of it, in order: case=…,minutes=20 and perhaps seat=NAME:ROLE+…
    #[arg(long)]
    part: Vec<Part>,
    /// Why it is at shorter notice than usual
    #[arg(long, value_name = "WHY")]
    short_notice: Option<Choice<pb::consultation::ShortNotice>>,
}

impl Arguments {
    pub(super) async fn run(self, session: &Session) -> Outcome<pb::Consultation> {
        let mut meeting = match self.slot {
            Some(number) => found(&Found::last(session)?, number)?,
            None => pb::Consultation {
                start_time: self.start.map(Moment::wire),
                duration: Some(time::minutes(self.minutes.unwrap_or(60))),
                ..Default::default()
            },
        };
        meeting.kind = self.kind.0.into();
        meeting.place = self.place.0.into();
        meeting.parent_exception = self.parent_exception.map_or(0, |why| why.0.into());
        meeting.hulpvraag = session.resolve_if(self.hulpvraag.as_ref())?;
        for (given, field) in [(&self.case, &mut meeting.case), (&self.school, &mut meeting.school)] {
            if let Some(name) = given {
                *field = session.resolve(name)?;
            }
        }
        meeting.short_notice = self.short_notice.map_or(0, |why| why.0.into());
        for part in &self.part {
            meeting.parts.push(part.wire(session).await?);
        }
        self.invite(session, &mut meeting).await?;
        let asked = pb::BookConsultationRequest {
            consultation: Some(meeting),
            request_id: request_id(),
            ..Default::default()
        };
        call!(session, consultation.book_consultation(asked))
    }

    /// Adds who is not at the table yet.
    async fn invite(&self, session: &Session, meeting: &mut pb::Consultation) -> Outcome<()> {
        let mut guests = Vec::new();
        if self.me {
            let me = whoami::me(session).await?;
            guests.push(participant(me.person.clone(), whoami::role(&me), false));
        }
        if self.parents {
            if meeting.case.is_empty() {
                return Err(Failure::Usage("--parents needs a case: give --case".to_owned()));
            }
            let case = case::get(session, meeting.case.clone()).await?;
            let ouder = pb::Role::Ouder.into();
            guests.extend(seat::parents(&case).map(|parent| participant(parent, ouder, false)));
        }
        for (given, optional) in [(&self.seat, false), (&self.optional, true)] {
            for guest in given {
                guests.push(guest.wire(&session.names, optional)?);
            }
        }
        // Convenience never doubles somebody; what was typed twice is for the server to refuse.
        let typed = guests.len() - self.seat.len() - self.optional.len();
        for (index, guest) in guests.into_iter().enumerate() {
            let present = meeting.participants.iter().any(|other| other.person == guest.person);
            if index >= typed || !present {
                meeting.participants.push(guest);
            }
        }
        Ok(())
    }
}

/// The meeting at a time that was found, with the people who were free then.
fn found(found: &Found, number: usize) -> Outcome<pb::Consultation> {
    let slot = found.slot(number)?;
    let guest = |taken: &crate::memory::Taken| participant(taken.person.clone(), taken.role, taken.optional);
    Ok(pb::Consultation {
        case: found.case.clone(),
        school: found.school.clone(),
        start_time: Some(prost_types::Timestamp { seconds: slot.start, nanos: 0 }),
        duration: Some(prost_types::Duration { seconds: found.seconds, nanos: 0 }),
        participants: slot.seats.iter().map(guest).collect(),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::{Slot, Taken};

    #[test]
    fn a_remembered_time_books_the_people_who_were_free_then() {
        let seats = vec![Taken { person: "persons/1".into(), role: 11, optional: false }];
        let memory = Found {
            school: "schools/1".into(),
            case: "cases/1".into(),
            seconds: 3600,
            slots: vec![Slot { start: 1_795_510_800, seats }],
        };
        let meeting = found(&memory, 1).ok().unwrap();
        assert_eq!(meeting.participants, [participant("persons/1".into(), 11, false)]);
        assert_eq!((meeting.school.as_str(), meeting.case.as_str()), ("schools/1", "cases/1"));
        assert!(matches!(found(&memory, 2), Err(Failure::Usage(_))));
    }
}
