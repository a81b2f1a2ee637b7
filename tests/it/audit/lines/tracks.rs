//! Calls about tracks and requests for information, made once each.

use schakel_domain::{access::Role, ids::OrganisationId};
use schakel_proto::v1::{
    self as pb, household_service_client::HouseholdServiceClient,
    information_service_client::InformationServiceClient, track_service_client::TrackServiceClient,
};

use super::Story;

/// A complaint that is heard; it runs on.
pub(super) async fn tracks(story: &mut Story, case: &pb::Case) {
    let id = |story: &Story| story.scene.server.request_id();
    let mut tracks = TrackServiceClient::new(story.scene.iber.1.clone());
    let today = story.scene.server.app.now().date_naive().to_string();
    let track = pb::Track {
        case: case.name.clone(),
        kind: pb::track::Kind::Complaint.into(),
        coordinator: story.scene.iber.0.to_string(),
        start_date: today.clone(),
        next_date: "2026-12-07".into(),
        ..Default::default()
    };
    let beginning = pb::StartTrackRequest { track: Some(track), request_id: id(story) };
    let track = call!(story: tracks.start_track(beginning) => "StartTrack");
    let heard = pb::AddTrackStepRequest {
        name: track.name,
        step: Some(pb::track::Step {
            kind: pb::track::step::Kind::Heard.into(),
            date: today,
            note: "Moeder was er bij.".into(),
            ..Default::default()
        }),
        next_date: "2026-12-08".into(),
        etag: track.etag,
        request_id: id(story),
        ..Default::default()
    };
    let track = call!(story: tracks.add_track_step(heard) => "AddTrackStep");
    let change = pb::UpdateTrackRequest {
        track: Some(pb::Track { next_date: "2026-12-09".into(), ..track }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["next_date".into()] }),
        request_id: id(story),
    };
    let track = call!(story: tracks.update_track(change) => "UpdateTrack");
    let back = pb::TakeBackTrackStepRequest {
        name: track.name,
        step: pb::track::step::Kind::Heard.into(),
        next_date: "2026-12-09".into(),
        etag: track.etag,
        request_id: id(story),
    };
    call!(story: tracks.take_back_track_step(back) => "TakeBackTrackStep");
    call!(story: tracks.list_tracks(pb::ListTracksRequest { case: case.name.clone() }) => "ListTracks");
}

/// The attendance officer asks the school, which takes no consent (LPW art. 18(3)).
pub(super) async fn requests(story: &mut Story, case: &pb::Case) {
    let id = |story: &Story| story.scene.server.request_id();
    let officer = story.scene.server.person(Role::Leerplichtambtenaar, story.scene.gemeente).await.1;
    let mut requests = InformationServiceClient::new(officer);
    let wanted = pb::InformationRequest {
        case: case.name.clone(),
        kind: pb::information_request::Kind::SchoolProgress.into(),
        organisation: OrganisationId::from(story.scene.school).to_string(),
        role: pb::Role::Iber.into(),
        due_date: "2026-12-18".into(),
        ..Default::default()
    };
    let asking = pb::AskInformationRequest { information_request: Some(wanted), request_id: id(story) };
    let asked = call!(story: requests.ask_information(asking) => "AskInformation");
    let ending = pb::EndInformationRequestRequest {
        name: asked.name,
        state: pb::information_request::State::Received.into(),
        end_date: asked.ask_date,
        etag: asked.etag,
        request_id: id(story),
    };
    call!(story: requests.end_information_request(ending) => "EndInformationRequest");
    let mut iber = InformationServiceClient::new(story.scene.iber.1.clone());
    let listing = pb::ListInformationRequestsRequest { case: case.name.clone() };
    call!(story: iber.list_information_requests(listing) => "ListInformationRequests");
}

/// A basis is set, and asked on; nobody else works with the household.
pub(super) async fn household(story: &mut Story, case: &pb::Case) {
    let mut manager = HouseholdServiceClient::new(story.scene.server.administrator());
    let known =
        call!(story: manager.get_household_basis(pb::GetHouseholdBasisRequest {}) => "GetHouseholdBasis");
    let basis = pb::HouseholdBasis {
        legal_basis: "Convenant gezinsaanpak, artikel 4".into(),
        valid_from: "2026-11-01".into(),
        valid_until: "2027-07-31".into(),
        ..known
    };
    let request_id = story.scene.server.request_id();
    let setting = pb::SetHouseholdBasisRequest { household_basis: Some(basis), request_id };
    call!(story: manager.set_household_basis(setting) => "SetHouseholdBasis");
    let mut iber = HouseholdServiceClient::new(story.scene.iber.1.clone());
    call!(story: iber.list_household(pb::ListHouseholdRequest { case: case.name.clone() }) => "ListHousehold");
}
