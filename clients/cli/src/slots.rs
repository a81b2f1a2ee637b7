//! Finds times at which everybody can meet, and remembers them for the booking.

use schakel_client::v1::{self as pb, seat::Who};

use crate::{
    case,
    failure::Failure,
    memory::{Found, Slot, Taken},
    render::{Answer, Table, tree},
    seat::{self, Seat},
    session::{Outcome, Session, call},
    time::{self, Moment},
    value::{Choice, Reference},
    whoami,
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The school at or for which it is held
    #[arg(long)]
    school: Option<Reference>,
    /// The case it is about
    #[arg(long)]
    case: Option<Reference>,
    /// Who must be there: person:NAME or role:SMW
    #[arg(long)]
    seat: Vec<Seat>,
    /// Who may be there: person:NAME or role:SMW
    #[arg(long, value_name = "SEAT")]
    optional: Vec<Seat>,
    /// All parents of the case with gezag must be there
    #[arg(long, requires = "case")]
    parents: bool,
    /// The caller must be there
    #[arg(long)]
    me: bool,
    /// What kind of meeting it is to be: times at shorter notice than it asks are left out
    #[arg(long)]
    kind: Option<Choice<pb::consultation::Kind>>,
    /// Also times at shorter notice than the kind asks: booking one takes a --short-notice
    #[arg(long, requires = "kind")]
    allow_short_notice: bool,
    /// How long, 5 to 480 in steps of 5
    #[arg(long, default_value_t = 60)]
    minutes: u32,
    /// Not before: local time or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    from: Option<Moment>,
    /// Not after [default: four weeks on]
    #[arg(long, value_name = "TIME")]
    until: Option<Moment>,
    /// At most this many
    #[arg(long, default_value_t = 10)]
    max: i32,
}

impl Arguments {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let asked = pb::FindSlotsRequest {
            school: session.resolve_if(self.school.as_ref())?,
            case: session.resolve_if(self.case.as_ref())?,
            seats: self.seats(session).await?,
            duration: Some(time::minutes(self.minutes)),
            start_time: self.from.map(Moment::wire),
            end_time: self.until.map(Moment::wire),
            max_slots: self.max,
            kind: self.kind.map_or(0, |kind| kind.0.into()),
            allow_short_notice: self.allow_short_notice,
            ..pb::FindSlotsRequest::default()
        };
        if asked.seats.is_empty() {
            return Err(Failure::Usage("nobody is asked for: give --seat, --parents or --me".to_owned()));
        }
        let answer = call!(session, availability.find_slots(asked.clone()))?;
        remembered(&asked, &answer).keep(session);
        Ok(Answer::told(&tree(&answer), told(&asked, &answer)))
    }

    async fn seats(&self, session: &Session) -> Outcome<Vec<pb::Seat>> {
        let person = |name| pb::Seat { who: Some(Who::Person(name)), optional: false, ..Default::default() };
        let mut seats = Vec::new();
        if self.me {
            seats.push(person(whoami::me(session).await?.person));
        }
        if let (true, Some(case)) = (self.parents, &self.case) {
            let case = case::get(session, session.resolve(case)?).await?;
            seats.extend(seat::parents(&case).map(person));
        }
        for (given, optional) in [(&self.seat, false), (&self.optional, true)] {
            for seat in given {
                seats.push(seat.wire(&session.names, optional)?);
            }
        }
        Ok(seats)
    }
}

fn seat_of(asked: &pb::FindSlotsRequest, index: i32) -> Option<&pb::Seat> {
    usize::try_from(index).ok().and_then(|index| asked.seats.get(index))
}

fn remembered(asked: &pb::FindSlotsRequest, answer: &pb::FindSlotsResponse) -> Found {
    let taken = |taken: &pb::slot::Taken| Taken {
        person: taken.person.clone(),
        role: taken.role,
        optional: seat_of(asked, taken.seat).is_some_and(|seat| seat.optional),
    };
    let slot = |slot: &pb::Slot| Slot {
        start: slot.start_time.map_or(0, |time| time.seconds),
        seats: slot.seats.iter().map(taken).collect(),
    };
    Found {
        school: asked.school.clone(),
        case: asked.case.clone(),
        seconds: asked.duration.map_or(0, |duration| duration.seconds),
        slots: answer.slots.iter().map(slot).collect(),
    }
}

fn told(asked: &pb::FindSlotsRequest, answer: &pb::FindSlotsResponse) -> String {
    let mut parts = Vec::new();
    if answer.slots.is_empty() {
        parts.push("no time at which everybody can meet".to_owned());
        parts.extend(answer.obstacles.iter().map(|obstacle| obstacle_text(asked, obstacle)));
    } else {
        parts.push(slots_table(&answer.slots).to_string());
    }
    parts.extend(answer.warnings.iter().map(|warning| format!("note: {warning}")));
    parts.join("\n")
}

fn slots_table(slots: &[pb::Slot]) -> Table {
    let mut table = Table::new(&["#", "from", "until", "points", "why"]);
    for (index, slot) in slots.iter().enumerate() {
        let until = local(slot.end_time).split(' ').next_back().unwrap_or_default().to_owned();
        let why: Vec<_> = slot.reasons.iter().map(|why| format!("{} ({:+})", why.text, why.points)).collect();
        let number = (index + 1).to_string();
        table.row([number, local(slot.start_time), until, slot.points.to_string(), why.join(" ")]);
    }
    table
}

fn obstacle_text(asked: &pb::FindSlotsRequest, obstacle: &pb::find_slots_response::Obstacle) -> String {
    let seats = obstacle.seats.iter().filter_map(|index| seat_of(asked, *index)).map(seat_text);
    let who = seats.collect::<Vec<_>>().join(", ");
    let times: Vec<_> = obstacle.without_it.iter().map(|time| local(Some(*time))).collect();
    let mut table = Table::bare();
    table.row([format!("  {}", obstacle.reason), obstacle.text.clone()]);
    if !who.is_empty() {
        table.row(["    seats".to_owned(), who]);
    }
    if !times.is_empty() {
        table.row(["    without it".to_owned(), times.join(", ")]);
    }
    table.to_string()
}

fn seat_text(seat: &pb::Seat) -> String {
    match &seat.who {
        Some(Who::Person(name)) => name.clone(),
        Some(Who::Role(role)) => {
            let name = pb::Role::try_from(*role).map_or("?", |role| role.as_str_name());
            name.trim_start_matches("ROLE_").to_owned()
        }
        Some(Who::Expertise(topic)) => topic.clone(),
        Some(Who::Interpreter(language)) => format!("TOLK {language}"),
        None => String::new(),
    }
}

fn local(time: Option<prost_types::Timestamp>) -> String {
    time.and_then(time::instant).map(time::local).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use prost_types::Timestamp;

    use super::*;

    fn asked() -> pb::FindSlotsRequest {
        let role =
            pb::Seat { who: Some(Who::Role(pb::Role::Smw.into())), optional: true, ..Default::default() };
        pb::FindSlotsRequest { seats: vec![role], duration: Some(time::minutes(60)), ..Default::default() }
    }

    fn found() -> pb::FindSlotsResponse {
        let slot = pb::Slot {
            start_time: Some(Timestamp { seconds: 1_795_510_800, nanos: 0 }),
            end_time: Some(Timestamp { seconds: 1_795_514_400, nanos: 0 }),
            seats: vec![pb::slot::Taken { seat: 0, person: "persons/1".into(), role: 11 }],
            points: 12,
            reasons: vec![pb::slot::Reason { code: "SOON".into(), points: 12, text: "Soon.".into() }],
        };
        pb::FindSlotsResponse { slots: vec![slot], ..Default::default() }
    }

    #[test]
    fn slots_are_numbered_and_shown_in_local_time() {
        assert_eq!(
            told(&asked(), &found()),
            "#  from                  until  points  why\n\
             1  Tue 2026-11-24 10:00  11:00  12      Soon. (+12)"
        );
    }

    #[test]
    fn an_obstacle_names_the_seats_and_when_there_would_be_time() {
        let obstacle = pb::find_slots_response::Obstacle {
            seats: vec![0],
            reason: "ABSENT".into(),
            text: "Away.".into(),
            without_it: vec![Timestamp { seconds: 1_795_510_800, nanos: 0 }],
            ..pb::find_slots_response::Obstacle::default()
        };
        let none = pb::FindSlotsResponse { obstacles: vec![obstacle], ..Default::default() };
        assert_eq!(
            told(&asked(), &none),
            "no time at which everybody can meet\n  ABSENT        Away.\n\
             \x20   seats       SMW\n\x20   without it  Tue 2026-11-24 10:00"
        );
    }

    #[test]
    fn what_is_remembered_can_be_booked() {
        let memory = remembered(&asked(), &found());
        let taken = Taken { person: "persons/1".into(), role: 11, optional: true };
        assert_eq!((memory.seconds, memory.slots[0].seats.as_slice()), (3600, [taken].as_slice()));
    }
}
