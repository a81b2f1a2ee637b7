//! Proposals between the wire and the rules.

use schakel_domain::{
    access::Class,
    consultation::{
        booking::MAX_PARTICIPANTS,
        poll::{MAX_OPTIONS, Vote},
    },
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb,
    consultation::{Kind, ParentException, Place},
    participant::Delivery,
    time_poll::{State, Vote as WireVote, Voter as WireVoter},
};

use super::{Voter, create, show::Shown};
use crate::{
    access::rpc::role_to_wire,
    consultation::{table::Guest, wire::delivery},
    wire::{
        enums::number,
        fields::{Fields, text},
        time::{duration, timestamp},
    },
};

/// The proposal that is to be made.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::TimePoll>) -> Option<create::Wish> {
    let Some(wire) = wire else {
        fields.refuse("time_poll", Refusal::FieldRequired);
        return None;
    };
    let kind = fields.choice("time_poll.kind", wire.kind, Kind::as_str_name);
    let case = fields.parse_if("time_poll.case", &wire.case);
    let school = fields.parse_if("time_poll.school", &wire.school);
    let length = fields.length("time_poll.duration", wire.duration.as_ref());
    let place = fields.choice("time_poll.place", wire.place, Place::as_str_name);
    let parent_exception = match wire.parent_exception {
        0 => None,
        why => fields.choice("time_poll.parent_exception", why, ParentException::as_str_name),
    };
    let options = options(fields, &wire.options);
    let guests = guests(fields, &wire.voters);
    let deadline = fields.instant("time_poll.deadline_time", wire.deadline_time.as_ref());
    Some(create::Wish {
        kind: kind?,
        case,
        school,
        length: length?,
        place: place?,
        parent_exception,
        options: options?,
        guests: guests?,
        deadline: deadline?,
        hold: wire.hold_options,
    })
}

fn options(
    fields: &mut Fields,
    wire: &[prost_types::Timestamp],
) -> Option<Vec<chrono::DateTime<chrono::Utc>>> {
    let field = "time_poll.options";
    if wire.is_empty() || wire.len() > MAX_OPTIONS {
        let refusal = if wire.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
        fields.refuse(field, refusal);
        return None;
    }
    let all: Vec<_> = wire
        .iter()
        .enumerate()
        .map(|(at, start)| fields.instant(&format!("{field}[{at}]"), Some(start)))
        .collect();
    all.into_iter().collect()
}

fn guests(fields: &mut Fields, wire: &[WireVoter]) -> Option<Vec<Guest>> {
    let field = "time_poll.voters";
    if wire.is_empty() || wire.len() > MAX_PARTICIPANTS {
        let refusal = if wire.is_empty() { Refusal::FieldRequired } else { Refusal::TooManyAttendees };
        fields.refuse(field, refusal);
        return None;
    }
    let all: Vec<_> = wire
        .iter()
        .enumerate()
        .map(|(at, voter)| {
            let person = fields.parse(format!("{field}[{at}].person"), &voter.person);
            let role = fields.choice(format!("{field}[{at}].role"), voter.role, pb::Role::as_str_name);
            Some(Guest { person: person?, role: role?, optional: voter.optional })
        })
        .collect();
    all.into_iter().collect()
}

/// One answer for each option.
pub(super) fn votes(fields: &mut Fields, wire: &[i32]) -> Option<Vec<Vote>> {
    if wire.is_empty() || wire.len() > MAX_OPTIONS {
        let refusal = if wire.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
        fields.refuse("votes", refusal);
        return None;
    }
    let all: Vec<_> = wire
        .iter()
        .enumerate()
        .map(|(at, vote)| fields.choice(format!("votes[{at}]"), *vote, WireVote::as_str_name))
        .collect();
    all.into_iter().collect()
}

/// A proposal as far as the caller may see it.
pub(super) fn to_wire(shown: &Shown) -> pb::TimePoll {
    let Shown { poll, sketch } = shown;
    let exception = poll.parent_exception.filter(|_| sketch.classes.has(Class::K4));
    pb::TimePoll {
        name: poll.id.to_string(),
        reference: poll.reference.clone(),
        kind: number("KIND", &poll.kind.to_string(), Kind::from_str_name),
        case: text(poll.case.filter(|_| sketch.classes.has(Class::K2))),
        school: text(poll.school),
        duration: Some(duration(poll.length)),
        place: number("PLACE", &poll.place.to_string(), Place::from_str_name),
        parent_exception: exception
            .map_or(0, |why| number("PARENT_EXCEPTION", &why.to_string(), ParentException::from_str_name)),
        options: poll.options.iter().map(|start| timestamp(*start)).collect(),
        voters: poll.voters.iter().map(|voter| voter_to_wire(shown, voter)).collect(),
        deadline_time: Some(timestamp(poll.deadline)),
        state: number("STATE", &poll.state.to_string(), State::from_str_name),
        consultation: text(poll.consultation),
        create_time: Some(timestamp(poll.created)),
        update_time: Some(timestamp(poll.updated)),
        hold_options: !poll.holds.is_empty(),
        etag: poll.version.to_string(),
    }
}

fn voter_to_wire(shown: &Shown, voter: &Voter) -> WireVoter {
    let vote = |vote: &Vote| number("VOTE", &vote.to_string(), WireVote::from_str_name);
    WireVoter {
        person: voter.person.to_string(),
        role: role_to_wire(voter.role),
        optional: voter.optional,
        votes: voter.votes.iter().flatten().map(vote).collect(),
        answer_time: voter.answered.map(timestamp),
        delivery: shown.sketch.mail(voter.person).map_or(Delivery::Unspecified, delivery).into(),
        display_name: shown.sketch.name(voter.person).unwrap_or_default().to_owned(),
    }
}
