//! One calendar per person and room: meetings, the way between them, what is kept free.

use chrono::{DateTime, Utc};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation::Place, consultation_service_client::ConsultationServiceClient,
};
use schakel_server::entity::busy_span;
use schakel_tests::{
    As,
    agenda::faults,
    reason,
    seed_meetings::{Family, Scene, seat, stamp},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A scene with a second school, whose IB'er meets the same social worker.
struct Two {
    scene: Scene,
    iber: (schakel_domain::ids::PersonId, As),
    family: Family,
}

impl Two {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let school = scene.server.school("99AA01", "GM9901").await;
        let iber = scene.server.person(Role::Iber, school).await;
        let family = scene.server.family(school).await;
        Self { scene, iber, family }
    }

    /// The second school's MDO.
    fn mdo(&self, start: DateTime<Utc>) -> pb::Consultation {
        let mut wish = self.scene.mdo(start);
        wish.case = self.family.case.to_string();
        wish.participants[0] = seat(self.iber.0, pb::Role::Iber);
        wish.participants[2] = seat(self.family.parents[0], pb::Role::Ouder);
        wish
    }

    async fn book(&self, wish: pb::Consultation) -> Result<pb::Consultation, tonic::Status> {
        let mut meetings = ConsultationServiceClient::new(self.iber.1.clone());
        meetings.book_consultation(self.scene.booking(wish)).await.map(tonic::Response::into_inner)
    }

    async fn are_sound(&self) {
        let rows = self.scene.server.rows().await;
        assert_eq!(faults(&rows).await, Vec::<String>::new());
        rows.close().await.unwrap();
    }
}

/// Tuesday 24 November 2026, at this time of the clock in Amsterdam.
fn at(time: &str) -> DateTime<Utc> {
    format!("2026-11-24T{time}:00+01:00").parse().unwrap()
}

#[tokio::test]
async fn a08_there_is_time_to_get_from_one_school_to_the_next() {
    let two = Two::start().await;
    let first = two.scene.booked(at("09:00")).await;
    let refused = two.book(two.mdo(at("10:15"))).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let info = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
    let next = info.metadata["next_free_times"].split(',').next().unwrap().to_owned();
    assert_eq!(next.parse::<DateTime<Utc>>().unwrap(), at("10:30"), "twenty minutes, on the quarter");
    let second = two.book(two.mdo(at("10:20"))).await.unwrap();
    // From a meeting at the same school to the next nobody travels.
    two.scene.booked(at("08:00")).await;
    // At a screen nobody travels; the parents never do.
    let mut online = two.mdo(at("11:20"));
    online.place = Place::Online.into();
    two.book(online).await.unwrap();
    two.are_sound().await;
    // Without the meeting in between nobody has to come from it.
    let cancel = pb::CancelConsultationRequest {
        name: first.name,
        etag: first.etag,
        request_id: two.scene.server.request_id(),
    };
    two.scene.meetings().cancel_consultation(cancel).await.unwrap();
    two.are_sound().await;
    let earlier = pb::MoveConsultationRequest {
        name: second.name,
        etag: second.etag,
        start_time: Some(stamp(at("09:20"))),
        request_id: two.scene.server.request_id(),
        ..Default::default()
    };
    let mut meetings = ConsultationServiceClient::new(two.iber.1.clone());
    let moved = meetings.move_consultation(earlier).await.unwrap().into_inner();
    assert_eq!(moved.start_time, Some(stamp(at("09:20"))));
    two.are_sound().await;
}

#[tokio::test]
async fn a08_another_place_can_take_too_long_to_reach() {
    let two = Two::start().await;
    two.scene.booked(at("09:00")).await;
    let mut online = two.mdo(at("10:00"));
    online.place = Place::Online.into();
    let booked = two.book(online).await.unwrap();
    let mut meetings = ConsultationServiceClient::new(two.iber.1.clone());
    let elsewhere = |place: Place| pb::MoveConsultationRequest {
        name: booked.name.clone(),
        etag: booked.etag.clone(),
        start_time: booked.start_time,
        place: place.into(),
        request_id: two.scene.server.request_id(),
        ..Default::default()
    };
    for place in [Place::School, Place::Team, Place::Home] {
        let refused = meetings.move_consultation(elsewhere(place)).await.unwrap_err();
        assert_eq!(reason(&refused), "TIME_CONFLICT", "{place:?}");
    }
    meetings.move_consultation(elsewhere(Place::Phone)).await.unwrap();
    two.are_sound().await;
}

#[tokio::test]
async fn x02_a_form_that_is_yet_to_be_made_is_read_from_the_rows() {
    let two = Two::start().await;
    two.scene.booked(at("09:00")).await;
    let rows = two.scene.server.rows().await;
    for form in busy_span::Entity::find().all(&rows).await.unwrap() {
        let mut form = busy_span::ActiveModel::from(form);
        form.spans = Set(Vec::new());
        busy_span::Entity::update(form).exec(&rows).await.unwrap();
    }
    rows.close().await.unwrap();
    assert_eq!(reason(&two.book(two.mdo(at("09:30"))).await.unwrap_err()), "TIME_CONFLICT");
    two.book(two.mdo(at("11:00"))).await.unwrap();
    two.scene.booked(at("13:00")).await;
    two.are_sound().await;
}
