//! Names of the right form that nothing has.

use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient,
    availability_service_client::AvailabilityServiceClient, feed_service_client::FeedServiceClient,
};
use schakel_tests::{TestServer, reason};
use tonic::Code;

#[tokio::test]
async fn what_was_never_there_is_not_found() {
    let server = TestServer::start().await;
    let name = |kind: &str| format!("{kind}/{}", uuid::Uuid::from_u128(7));
    let mut directory = server.directory();
    let mut availability = AvailabilityServiceClient::new(server.administrator());
    macro_rules! missing {
        ($($client:ident.$call:ident($request:ident, $kind:literal) => $reason:literal;)*) => {$(
            let refused = $client.$call(pb::$request { name: name($kind) }).await.unwrap_err();
            assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, $reason));
        )*};
    }
    missing! {
        directory.get_area(GetAreaRequest, "areas") => "AREA_NOT_FOUND";
        directory.get_affiliation(GetAffiliationRequest, "affiliations") => "AFFILIATION_NOT_FOUND";
        directory.get_cluster(GetClusterRequest, "clusters") => "CLUSTER_NOT_FOUND";
        directory.get_school_team_link(GetSchoolTeamLinkRequest, "schoolTeamLinks")
            => "SCHOOL_TEAM_LINK_NOT_FOUND";
        availability.get_weekly_hours(GetWeeklyHoursRequest, "weeklyHours") => "WEEKLY_HOURS_NOT_FOUND";
        availability.get_absence(GetAbsenceRequest, "absences") => "ABSENCE_NOT_FOUND";
    }
    let mut access = AccessServiceClient::new(server.administrator());
    let request = pb::RevokeTokenRequest { name: name("tokens"), request_id: server.request_id() };
    assert_eq!(reason(&access.revoke_token(request).await.unwrap_err()), "TOKEN_NOT_FOUND");
    let mut feeds = FeedServiceClient::new(server.administrator());
    let request = pb::RevokeFeedRequest { name: name("feeds"), request_id: server.request_id() };
    assert_eq!(reason(&feeds.revoke_feed(request).await.unwrap_err()), "FEED_NOT_FOUND");
    let request = pb::RotateFeedRequest { name: name("feeds"), request_id: server.request_id() };
    assert_eq!(reason(&feeds.rotate_feed(request).await.unwrap_err()), "FEED_NOT_FOUND");
}
