//! Finds the first time at which a child's parents, the caller, a social worker and the
//! leerplichtambtenaar can meet, and books it: `SCHAKEL_TOKEN=ska_… book http://127.0.0.1:8480 cases/…`.

use std::{error::Error, io::Write};

use schakel_client::{
    Connection, Problem, Profile, once, patiently,
    v1::{self as pb, seat::Who},
};
use tonic::Status;

const HOUR: prost_types::Duration = prost_types::Duration { seconds: 3600, nanos: 0 };

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "a program of its own has no settings")]
async fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<_> = std::env::args().collect();
    let [_, server, case]: [String; 3] = words.try_into().map_err(|_| "give SERVER and CASE")?;
    let connection = Connection::open(&Profile::new(server, std::env::var("SCHAKEL_TOKEN")?)).await?;
    let meeting = book(&connection, case).await.map_err(|status| Problem::from(&status))?;
    writeln!(std::io::stdout(), "{}", meeting.reference)?;
    Ok(())
}

/// Books an MDO about `case` at its school.
pub(crate) async fn book(connection: &Connection, case: String) -> Result<pb::Consultation, Status> {
    let ask = pb::GetCaseRequest { name: case };
    let case = patiently(async || connection.thuiszitter().get_case(ask.clone()).await).await?;
    let me = patiently(async || connection.access().who_am_i(pb::WhoAmIRequest {}).await).await?;

    let parents = case.parents.iter().filter(|one| one.gezag() == pb::case::parent::Gezag::Yes);
    let people = parents.map(|parent| parent.person.clone()).chain([me.person]).map(Who::Person);
    let roles = [pb::Role::Smw, pb::Role::Leerplichtambtenaar].map(|role| Who::Role(role.into()));
    let seat = |who| pb::Seat { who: Some(who), ..Default::default() };
    let ask = pb::FindSlotsRequest {
        school: case.school.clone(),
        case: case.name.clone(),
        seats: people.chain(roles).map(seat).collect(),
        duration: Some(HOUR),
        // Only times at which this kind may still be booked.
        kind: pb::consultation::Kind::Mdo.into(),
        ..Default::default()
    };
    let found = patiently(async || connection.availability().find_slots(ask.clone()).await).await?;
    let slot = found.slots.first().ok_or_else(|| Status::not_found("there is no time for all of them"))?;

    let participant = |taken: &pb::slot::Taken| pb::Participant {
        person: taken.person.clone(),
        role: taken.role,
        ..Default::default()
    };
    let meeting = pb::Consultation {
        kind: pb::consultation::Kind::Mdo.into(),
        case: case.name,
        school: case.school,
        place: pb::consultation::Place::School.into(),
        start_time: slot.start_time,
        duration: Some(HOUR),
        participants: slot.seats.iter().map(participant).collect(),
        ..Default::default()
    };
    let ask = pb::BookConsultationRequest { consultation: Some(meeting), ..Default::default() };
    once(ask, async |ask| connection.consultation().book_consultation(ask).await).await
}
