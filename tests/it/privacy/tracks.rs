//! Tracks of a child, and what partners were asked about it.

use schakel_domain::{access::Role, ids::OrganisationId};
use schakel_proto::v1::{
    self as pb, information_service_client::InformationServiceClient,
    track_service_client::TrackServiceClient,
};

use super::Life;

impl Life {
    /// An exemption that is sought, a placement that came to nothing, a complaint that was talked about,
    /// and a question of the attendance officer that the school answered.
    pub(super) async fn tracks(&self) {
        let today = self.scene.server.app.now().date_naive().to_string();
        let exemption = pb::track::Ground::Ground5OnderA.into();
        self.begin(pb::track::Kind::Exemption, exemption).await;
        let school = OrganisationId::from(self.scene.school).0;
        let placement = self.begin(pb::track::Kind::Placement, 0).await;
        let visited = pb::track::Step {
            kind: pb::track::step::Kind::SchoolVisited.into(),
            date: today.clone(),
            school: format!("schools/{school}"),
            note: "Het plein was druk.".into(),
            ..Default::default()
        };
        let placement = self.go(&placement, visited, "2026-12-09").await;
        let ended = pb::track::Step {
            kind: pb::track::step::Kind::Ended.into(),
            date: today.clone(),
            ..Default::default()
        };
        self.go(&placement, ended, "").await;
        let arrangement = self.begin(pb::track::Kind::Arrangement, 0).await;
        let granted = pb::track::Step {
            kind: pb::track::step::Kind::ArrangementGranted.into(),
            date: today.clone(),
            note: "De klas alleen is niet genoeg.".into(),
            ..Default::default()
        };
        let arrangement = self.go(&arrangement, granted, "2026-12-09").await;
        let begun = pb::track::Step {
            kind: pb::track::step::Kind::ArrangementStarted.into(),
            date: today.clone(),
            until_date: "2027-07-16".into(),
            ..Default::default()
        };
        self.go(&arrangement, begun, "2026-12-09").await;
        let complaint = self.begin(pb::track::Kind::Complaint, 0).await;
        let mediated = pb::track::Step {
            kind: pb::track::step::Kind::Mediated.into(),
            date: today,
            consultation: self.held.name.clone(),
            ..Default::default()
        };
        self.go(&complaint, mediated, "2026-12-09").await;
        self.ask_school().await;
    }

    async fn begin(&self, kind: pb::track::Kind, ground: i32) -> pb::Track {
        let track = pb::Track {
            case: self.case.name.clone(),
            kind: kind.into(),
            ground,
            coordinator: self.scene.iber.0.to_string(),
            start_date: "2026-11-23".into(),
            next_date: "2026-12-08".into(),
            ..Default::default()
        };
        let asked = pb::StartTrackRequest { track: Some(track), request_id: self.id() };
        let mut tracks = TrackServiceClient::new(self.scene.iber.1.clone());
        tracks.start_track(asked).await.unwrap().into_inner()
    }

    async fn go(&self, track: &pb::Track, step: pb::track::Step, next: &str) -> pb::Track {
        let asked = pb::AddTrackStepRequest {
            name: track.name.clone(),
            step: Some(step),
            next_date: next.into(),
            etag: track.etag.clone(),
            request_id: self.id(),
            ..Default::default()
        };
        let mut tracks = TrackServiceClient::new(self.scene.iber.1.clone());
        tracks.add_track_step(asked).await.unwrap().into_inner()
    }

    async fn ask_school(&self) {
        let server = &self.scene.server;
        let officer = server.person(Role::Leerplichtambtenaar, self.scene.gemeente).await.1;
        let mut requests = InformationServiceClient::new(officer);
        let wanted = pb::InformationRequest {
            case: self.case.name.clone(),
            kind: pb::information_request::Kind::SchoolProgress.into(),
            organisation: OrganisationId::from(self.scene.school).to_string(),
            role: pb::Role::Iber.into(),
            due_date: "2026-12-18".into(),
            note: "Wat leerde zij dit jaar?".into(),
            ..Default::default()
        };
        let asking = pb::AskInformationRequest { information_request: Some(wanted), request_id: self.id() };
        let asked = requests.ask_information(asking).await.unwrap().into_inner();
        let ending = pb::EndInformationRequestRequest {
            name: asked.name,
            state: pb::information_request::State::Received.into(),
            end_date: asked.ask_date,
            etag: asked.etag,
            request_id: self.id(),
        };
        requests.end_information_request(ending).await.unwrap();
    }
}
