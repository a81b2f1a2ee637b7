//! Calls about proposals of times and the wishes of parents, made once each.

use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, letter_service_client::LetterServiceClient, proposal_service_client::ProposalServiceClient,
    time_poll_service_client::TimePollServiceClient, wishes_service_client::WishesServiceClient,
};
use schakel_server::consultation::proposal::{Substitute, make::What};
use schakel_tests::seed_meetings::{seat, stamp};

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
    PrintInvitation: E invitation K1 K2 | E wishes K2
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
    let get = pb::GetParentWishesRequest { case: mdo.case, person: person.clone() };
    call!(story: wishes.get_parent_wishes(get) => "GetParentWishes");

    let consultation = story.scene.booked(story.scene.later(210)).await.name;
    story.skip().await;
    let mut letters = LetterServiceClient::new(story.scene.iber.1.clone());
    let print = pb::PrintInvitationRequest { consultation, person, request_id: id(story) };
    call!(story: letters.print_invitation(print) => "PrintInvitation");
    proposals(story).await;
}

/// A social worker who names somebody else, twice: once too many, once not.
async fn proposals(story: &mut Story) {
    let id = |story: &Story| story.scene.server.request_id();
    let (other, _) = story.scene.server.person(Role::Smw, story.scene.team).await;
    let meeting = story.scene.booked(story.scene.later(230)).await.name;
    let other_time = What::OtherTime(story.scene.later(250));
    let somebody_else = What::SomebodyElse(Substitute {
        name: "Imke Vervanger".parse().unwrap(),
        email: "imke@wijkteam.example".parse().unwrap(),
    });
    let of = (meeting.parse().unwrap(), story.scene.smw.0);
    let refused = story.scene.server.proposed(of.0, of.1, &other_time).await;
    let accepted = story.scene.server.proposed(of.0, of.1, &somebody_else).await;
    story.skip().await;
    let mut proposals = ProposalServiceClient::new(story.scene.iber.1.clone());
    let list = pb::ListProposalsRequest { consultation: meeting, ..Default::default() };
    let listed = call!(story: proposals.list_proposals(list) => "ListProposals").proposals;
    let etag = |of: &str| listed.iter().find(|one| one.name == of).unwrap().etag.clone();
    let refuse = pb::RefuseProposalRequest {
        name: refused.to_string(),
        etag: etag(&refused.to_string()),
        request_id: id(story),
    };
    call!(story: proposals.refuse_proposal(refuse) => "RefuseProposal");
    let accept = pb::AcceptProposalRequest {
        name: accepted.to_string(),
        comes: Some(seat(other, pb::Role::Smw)),
        etag: etag(&accepted.to_string()),
        request_id: id(story),
        ..Default::default()
    };
    call!(story: proposals.accept_proposal(accept) => "AcceptProposal");
}
