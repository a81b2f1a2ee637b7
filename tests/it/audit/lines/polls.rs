//! Calls about proposals of times and the wishes of parents, made once each.

use schakel_proto::v1::{
    self as pb, time_poll_service_client::TimePollServiceClient, wishes_service_client::WishesServiceClient,
};
use schakel_tests::seed_meetings::stamp;

use super::Story;

/// What each of them owes. A proposal is written down as the meeting that it may become.
pub(super) const OWED: &str = "
    AnswerTimePoll: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    CancelTimePoll: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    CloseTimePoll: C consultation K1 | C consultation K1 | U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2 | R consultation K1 K2 | R consultation K1 K2
    CreateTimePoll: C consultation K1 | C consultation K1 | R consultation K1 K2 | R consultation K1 K2
    GetParentWishes: R wishes K2
    GetTimePoll: R consultation K1 K2 | R consultation K1 K2
    ListTimePolls: R consultation K1 K2 | R consultation K1 K2
    SetParentWishes: C wishes K2
";

pub(super) async fn polls(story: &mut Story) {
    let scene = &story.scene;
    let mut polls = TimePollServiceClient::new(scene.iber.1.clone());
    let mdo = scene.mdo(scene.later(200));
    let voter = |seat: &pb::Participant| pb::time_poll::Voter {
        person: seat.person.clone(),
        role: seat.role,
        ..Default::default()
    };
    let poll = pb::TimePoll {
        kind: mdo.kind,
        case: mdo.case.clone(),
        duration: mdo.duration,
        place: mdo.place,
        options: mdo.start_time.into_iter().collect(),
        voters: mdo.participants.iter().map(voter).collect(),
        deadline_time: Some(stamp(scene.later(190))),
        ..Default::default()
    };
    let id = |story: &Story| story.scene.server.request_id();
    let create = pb::CreateTimePollRequest { time_poll: Some(poll), request_id: id(story) };
    let made = call!(story: polls.create_time_poll(create.clone()) => "CreateTimePoll");
    call!(story: polls.get_time_poll(pb::GetTimePollRequest { name: made.name.clone() }) => "GetTimePoll");
    call!(story: polls.list_time_polls(pb::ListTimePollsRequest::default()) => "ListTimePolls");
    let answer = pb::AnswerTimePollRequest {
        name: made.name.clone(),
        person: mdo.participants[2].person.clone(),
        votes: vec![pb::time_poll::Vote::Yes.into()],
        request_id: id(story),
    };
    call!(story: polls.answer_time_poll(answer) => "AnswerTimePoll");
    let close = pb::CloseTimePollRequest {
        name: made.name,
        etag: made.etag,
        request_id: id(story),
        ..Default::default()
    };
    call!(story: polls.close_time_poll(close) => "CloseTimePoll");
    let other = pb::CreateTimePollRequest { request_id: id(story), ..create };
    let other = call!(story: polls.create_time_poll(other) => "CreateTimePoll");
    let cancel = pb::CancelTimePollRequest { name: other.name, etag: other.etag, request_id: id(story) };
    call!(story: polls.cancel_time_poll(cancel) => "CancelTimePoll");

    let mut wishes = WishesServiceClient::new(story.scene.iber.1.clone());
    let person = mdo.participants[2].person.clone();
    let given = pb::ParentWishes {
        case: mdo.case.clone(),
        person: person.clone(),
        online: true,
        etag: "0".into(),
        ..Default::default()
    };
    let set = pb::SetParentWishesRequest { parent_wishes: Some(given), request_id: id(story) };
    call!(story: wishes.set_parent_wishes(set) => "SetParentWishes");
    let get = pb::GetParentWishesRequest { case: mdo.case, person };
    call!(story: wishes.get_parent_wishes(get) => "GetParentWishes");
}
