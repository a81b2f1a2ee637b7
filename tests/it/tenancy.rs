//! Two regions in one database.

use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient,
    availability_service_client::AvailabilityServiceClient,
    consultation_service_client::ConsultationServiceClient, directory_service_client::DirectoryServiceClient,
    hulpvraag_service_client::HulpvraagServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::{
    access::{
        Grant, Worker,
        found_region::{Founding, found_region},
        professional,
    },
    entity::professional::Model,
};
use schakel_tests::{
    As, TestServer, reason,
    seed_meetings::{Scene, seat, stamp},
    told, violations,
};
use tonic::{Code, Response, Status};
use uuid::Uuid;

use crate::thuiszitter::absent;

/// The first region's things, and the second region as the scene.
struct Regions {
    scene: Scene,
    first: First,
}

/// What the first region has, by name.
struct First {
    school: String,
    team: String,
    case: String,
    child: String,
    consultation: pb::Consultation,
    smw: PersonId,
    smw_secret: String,
    smw_organisation: String,
}

impl Regions {
    /// A school, its people, a case and a meeting in PO9901; the same codes again in PO9902.
    async fn start() -> Self {
        let mut scene = Scene::start().await;
        let ask = pb::OpenCaseRequest {
            case: Some(absent(scene.school)),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        let case = cases(&scene.iber.1).open_case(ask).await.unwrap().into_inner();
        let consultation = scene.booked(scene.later(48)).await;
        let first = First {
            school: scene.school.to_string(),
            team: scene.team.to_string(),
            case: case.name,
            child: case.child.unwrap().person,
            consultation,
            smw: scene.smw.0,
            smw_secret: secret(&scene.server, &scene.smw.1).await,
            smw_organisation: format!("organisations/{}", scene.team.0),
        };
        let founding = Founding {
            swv_code: "PO9902".into(),
            display_name: "SWV PO Lisdonk".parse().unwrap(),
            sender_name: "Overleg".parse().unwrap(),
            administrator: (
                "BEH1".parse().unwrap(),
                "Bo Heer".parse().unwrap(),
                "beheer@lisdonk.example".parse().unwrap(),
            ),
        };
        let server = &mut scene.server;
        server.founded = found_region(&server.app, &founding).await.unwrap();
        scene.school = server.school("99AA00", "GM9901").await;
        scene.team = server.team("WT01").await;
        scene.iber = server.person(Role::Iber, scene.school).await;
        scene.smw = server.person(Role::Smw, scene.team).await;
        scene.family = server.family(scene.school).await;
        Self { scene, first }
    }
}

fn cases(channel: &As) -> ThuiszitterServiceClient<As> {
    ThuiszitterServiceClient::new(channel.clone())
}

/// A token's secret, as its person makes it.
async fn secret(server: &TestServer, channel: &As) -> String {
    let ask = pb::CreateTokenRequest {
        display_name: "test".into(),
        valid_days: 300,
        request_id: server.request_id(),
    };
    AccessServiceClient::new(channel.clone()).create_token(ask).await.unwrap().into_inner().secret
}

/// Whoever is told this cannot know whether the thing exists.
fn hidden<T: std::fmt::Debug>(
    there: Result<Response<T>, Status>,
    nowhere: Result<Response<T>, Status>,
    why: &str,
) {
    let (there, nowhere) = (there.unwrap_err(), nowhere.unwrap_err());
    assert_eq!((there.code(), reason(&there).as_str()), (Code::NotFound, why));
    assert_eq!(told(&there), told(&nowhere), "{why}");
}

/// A name of the same kind that nothing has.
fn nowhere(name: &str) -> String {
    format!("{}/{}", name.split_once('/').unwrap().0, Uuid::from_u128(7))
}

#[tokio::test]
async fn x11_two_regions_in_one_database_see_nothing_of_each_other() {
    let Regions { scene, .. } = Regions::start().await;
    let mut register = scene.server.directory();
    macro_rules! listed {
        ($client:expr, $call:ident $request:ident $field:ident) => {
            $client.$call(pb::$request::default()).await.unwrap().into_inner().$field
        };
    }
    let names: Vec<_> = listed!(register, list_schools ListSchoolsRequest schools)
        .into_iter()
        .map(|school| school.name)
        .collect();
    assert_eq!(names, [scene.school.to_string()]);
    let names: Vec<_> =
        listed!(register, list_teams ListTeamsRequest teams).into_iter().map(|team| team.name).collect();
    assert_eq!(names, [scene.team.to_string()]);
    let persons = listed!(register, list_persons ListPersonsRequest persons);
    assert_eq!(persons.len(), 3, "{persons:?}");
    let organisations = listed!(register, list_organisations ListOrganisationsRequest organisations);
    assert_eq!(organisations.len(), 3, "{organisations:?}");
    assert_eq!(listed!(register, list_affiliations ListAffiliationsRequest affiliations).len(), 3);
    assert!(
        listed!(register, list_school_team_links ListSchoolTeamLinksRequest school_team_links).is_empty()
    );

    let keeper =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await.1;
    for channel in [scene.iber.1.clone(), keeper] {
        assert!(listed!(cases(&channel), list_cases ListCasesRequest cases).is_empty());
        let mut meetings = ConsultationServiceClient::new(channel.clone());
        assert!(listed!(meetings, list_consultations ListConsultationsRequest consultations).is_empty());
    }
    let mut requests = HulpvraagServiceClient::new(scene.iber.1.clone());
    assert!(listed!(requests, list_hulpvragen ListHulpvragenRequest hulpvragen).is_empty());
}

#[tokio::test]
async fn x11_what_is_another_regions_is_not_found_as_if_it_never_was() {
    let Regions { scene, first } = Regions::start().await;
    let mut register = scene.server.directory();
    macro_rules! hides {
        ($client:expr, $call:ident $request:ident $name:expr, $why:literal) => {{
            let name: &str = $name;
            let there = $client.$call(pb::$request { name: name.into() }).await;
            hidden(there, $client.$call(pb::$request { name: nowhere(name) }).await, $why);
        }};
    }
    hides!(register, get_school GetSchoolRequest &first.school, "SCHOOL_NOT_FOUND");
    hides!(register, get_team GetTeamRequest &first.team, "TEAM_NOT_FOUND");
    hides!(register, get_person GetPersonRequest &first.smw.to_string(), "PERSON_NOT_FOUND");
    hides!(register, get_person GetPersonRequest &first.child, "PERSON_NOT_FOUND");
    hides!(register, get_organisation GetOrganisationRequest &first.smw_organisation, "ORGANISATION_NOT_FOUND");
    let keeper =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await.1;
    for channel in [scene.iber.1.clone(), keeper] {
        hides!(cases(&channel), get_case GetCaseRequest &first.case, "CASE_NOT_FOUND");
        let timeline = |name: &str| pb::GetTimelineRequest { name: name.into(), ..Default::default() };
        let there = cases(&channel).get_timeline(timeline(&first.case)).await;
        let nothing = cases(&channel).get_timeline(timeline(&nowhere(&first.case))).await;
        hidden(there, nothing, "CASE_NOT_FOUND");
        let mut meetings = ConsultationServiceClient::new(channel.clone());
        let name = &first.consultation.name;
        hides!(meetings, get_consultation GetConsultationRequest name, "CONSULTATION_NOT_FOUND");
    }
    let cancel = |name: String| pb::CancelConsultationRequest {
        name,
        etag: first.consultation.etag.clone(),
        request_id: scene.server.request_id(),
    };
    let name = first.consultation.name.clone();
    let there = scene.meetings().cancel_consultation(cancel(name.clone())).await;
    let never = scene.meetings().cancel_consultation(cancel(nowhere(&name))).await;
    hidden(there, never, "CONSULTATION_NOT_FOUND");

    // Nobody is planned with who works in another region only, and nothing is booked there.
    for person in [first.smw, PersonId(Uuid::from_u128(7))] {
        let mut wish = scene.mdo(scene.later(48));
        wish.participants[1] = seat(person, pb::Role::Smw);
        let refused = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap_err();
        assert_eq!(violations(&refused), ["consultation.participants[1].person: PARTICIPANT_UNKNOWN"]);
    }
    let elsewhere = pb::Consultation { case: first.case.clone(), ..scene.mdo(scene.later(48)) };
    let refused = scene.meetings().book_consultation(scene.booking(elsewhere)).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_NOT_FOUND");
    let hours = pb::ListWeeklyHoursRequest { person: first.smw.to_string(), ..Default::default() };
    let seen = AvailabilityServiceClient::new(scene.iber.1.clone()).list_weekly_hours(hours).await;
    assert!(seen.map_or(true, |seen| seen.into_inner().weekly_hours.is_empty()));
}

impl Regions {
    /// The first region's social worker works in the second one too.
    async fn shared(&self) {
        let Self { scene, first } = self;
        let server = &scene.server;
        let row = &Model {
            region_id: server.founded.region.0,
            person_id: first.smw.0,
            code: "SMW1".into(),
            display_name: "Saar Werk".into(),
            email: "saar@lisdonk.example".into(),
            phone: String::new(),
            valid_from: server.app.now().date_naive(),
            valid_until: None,
            version: 1,
        };
        let setup = Grant::worker(Worker::Setup, server.founded.region);
        let keep = server
            .app
            .write(&setup, None, |tx| async move { professional::insert(&tx, vec![row.clone()]).await });
        keep.await.unwrap();
        server.affiliate(first.smw, Role::Smw, scene.team).await;
    }
}

#[tokio::test]
async fn x11_who_works_in_two_regions_says_for_which_and_acts_in_that_one_only() {
    let regions = Regions::start().await;
    regions.shared().await;
    let Regions { scene, first } = regions;
    let asked = pb::ListSchoolsRequest::default();
    let silent = scene.server.bearing(&first.smw_secret);
    let refused = DirectoryServiceClient::new(silent).list_schools(asked.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["schakel-acting-for: ACTING_FOR_REQUIRED"]);
    let bearer = format!("Bearer {}", first.smw_secret);
    let second = format!("organisations/{}", scene.team.0);
    let details = tonic_types::StatusExt::get_details_bad_request(&refused).unwrap();
    let told = &details.field_violations[0].description;
    assert!(
        told.contains(&first.smw_organisation) && told.contains(&second),
        "whoever has to choose sees what: {told}"
    );
    for (organisation, school) in
        [(&first.smw_organisation, &first.school), (&second, &scene.school.to_string())]
    {
        let headers = [("authorization", bearer.as_str()), ("schakel-acting-for", organisation.as_str())];
        let channel = scene.server.with_headers(&headers);
        let seen = DirectoryServiceClient::new(channel.clone()).list_schools(asked.clone()).await.unwrap();
        let seen: Vec<_> = seen.into_inner().schools.into_iter().map(|school| school.name).collect();
        assert!(seen.len() == 1 && seen[0] == *school, "{seen:?}");
        let me = AccessServiceClient::new(channel.clone()).who_am_i(pb::WhoAmIRequest {}).await.unwrap();
        assert_eq!(me.into_inner().memberships.len(), 1, "the other region is not told");
        let mut meetings = ConsultationServiceClient::new(channel);
        let listed = meetings.list_consultations(pb::ListConsultationsRequest::default()).await.unwrap();
        let own = usize::from(organisation == &first.smw_organisation);
        assert_eq!(listed.into_inner().consultations.len(), own);
    }
}

#[tokio::test]
async fn x11_who_sits_at_a_table_in_one_region_is_busy_in_the_other_and_no_more_is_told() {
    let regions = Regions::start().await;
    regions.shared().await;
    let Regions { scene, first } = regions;
    let wish = |hours| {
        let mut wish = scene.mdo(scene.later(hours));
        wish.participants[1] = seat(first.smw, pb::Role::Smw);
        scene.booking(wish)
    };
    let refused = scene.meetings().book_consultation(wish(48)).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "TIME_CONFLICT"));
    let told = String::from_utf8_lossy(refused.details()).into_owned() + refused.message();
    let id = first.consultation.name.split_once('/').unwrap().1;
    for secret in [first.consultation.reference.as_str(), id, "99AA00", "Maasduin", &first.case] {
        assert!(!told.contains(secret), "{secret}: {told}");
    }
    // The other meeting ends at 49, at another school: there must be time to come from it.
    let refused = scene.meetings().book_consultation(wish(49)).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let booked = scene.meetings().book_consultation(wish(50)).await.unwrap().into_inner();
    assert_eq!(booked.start_time, Some(stamp(scene.later(50))));
}

// The register is asked at every call: nothing of a membership lives on in a token.
#[tokio::test]
async fn x11_an_affiliation_that_has_ended_opens_nothing_from_the_next_call_on() {
    let scene = Scene::start().await;
    let mut iber = cases(&scene.iber.1);
    iber.list_cases(pb::ListCasesRequest::default()).await.unwrap();
    let mut register = scene.server.directory();
    let list = pb::ListAffiliationsRequest { person: scene.iber.0.to_string(), ..Default::default() };
    let held = register.list_affiliations(list).await.unwrap().into_inner().affiliations.remove(0);
    let end = pb::EndAffiliationRequest {
        name: held.name,
        valid_until: "2026-11-22".into(),
        etag: held.etag,
        request_id: scene.server.request_id(),
    };
    register.end_affiliation(end).await.unwrap();
    let refused = iber.list_cases(pb::ListCasesRequest::default()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ACCOUNT_DISABLED"));
}
