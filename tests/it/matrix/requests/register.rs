//! Requests about the register of a region.

use prost::Message;
use schakel_proto::v1 as pb;

use super::{Row, none, partners};
use crate::matrix::world::{Things, World};

rows! { |w, t| {
    plain "ClockService.GetClock" => pb::GetClockRequest {};
    plain "ClockService.AdvanceClock" => pb::AdvanceClockRequest::default();
    plain "DirectoryService.GetSchool" => named!(GetSchoolRequest, w.register.school);
    plain "DirectoryService.ListSchools" => pb::ListSchoolsRequest::default();
    plain "DirectoryService.CreateSchool" => pb::CreateSchoolRequest::default();
    plain "DirectoryService.UpdateSchool" => changed!(UpdateSchoolRequest, school: School, w, w.register.school);
    plain "DirectoryService.EndSchool" => ended!(EndSchoolRequest, w, w.register.school);
    plain "DirectoryService.GetArea" => named!(GetAreaRequest, w.register.area);
    plain "DirectoryService.ListAreas" => pb::ListAreasRequest::default();
    plain "DirectoryService.CreateArea" => pb::CreateAreaRequest::default();
    plain "DirectoryService.UpdateArea" => changed!(UpdateAreaRequest, area: Area, w, w.register.area);
    plain "DirectoryService.EndArea" => ended!(EndAreaRequest, w, w.register.area);
    plain "DirectoryService.GetCluster" => named!(GetClusterRequest, w.register.cluster);
    plain "DirectoryService.ListClusters" => pb::ListClustersRequest::default();
    plain "DirectoryService.CreateCluster" => pb::CreateClusterRequest::default();
    plain "DirectoryService.UpdateCluster" =>
        changed!(UpdateClusterRequest, cluster: Cluster, w, w.register.cluster);
    plain "DirectoryService.EndCluster" => ended!(EndClusterRequest, w, w.register.cluster);
    plain "DirectoryService.GetTeam" => named!(GetTeamRequest, w.register.team);
    plain "DirectoryService.ListTeams" => pb::ListTeamsRequest::default();
    plain "DirectoryService.CreateTeam" => pb::CreateTeamRequest::default();
    plain "DirectoryService.UpdateTeam" => changed!(UpdateTeamRequest, team: Team, w, w.register.team);
    plain "DirectoryService.EndTeam" => ended!(EndTeamRequest, w, w.register.team);
    plain "DirectoryService.GetPerson" => named!(GetPersonRequest, w.register.person);
    plain "DirectoryService.ListPersons" => pb::ListPersonsRequest::default();
    plain "DirectoryService.CreatePerson" => pb::CreatePersonRequest::default();
    plain "DirectoryService.UpdatePerson" => changed!(UpdatePersonRequest, person: Person, w, w.register.person);
    plain "DirectoryService.EndPerson" => ended!(EndPersonRequest, w, w.register.person);
    plain "DirectoryService.GetAffiliation" => named!(GetAffiliationRequest, w.register.affiliation);
    plain "DirectoryService.ListAffiliations" => pb::ListAffiliationsRequest::default();
    plain "DirectoryService.CreateAffiliation" => pb::CreateAffiliationRequest::default();
    plain "DirectoryService.UpdateAffiliation" =>
        changed!(UpdateAffiliationRequest, affiliation: Affiliation, w, w.register.affiliation);
    plain "DirectoryService.EndAffiliation" => ended!(EndAffiliationRequest, w, w.register.affiliation);
    plain "DirectoryService.GetSchoolTeamLink" => named!(GetSchoolTeamLinkRequest, w.register.link);
    plain "DirectoryService.ListSchoolTeamLinks" => pb::ListSchoolTeamLinksRequest::default();
    plain "DirectoryService.CreateSchoolTeamLink" => pb::CreateSchoolTeamLinkRequest::default();
    plain "DirectoryService.UpdateSchoolTeamLink" =>
        changed!(UpdateSchoolTeamLinkRequest, school_team_link: SchoolTeamLink, w, w.register.link);
    plain "DirectoryService.EndSchoolTeamLink" => ended!(EndSchoolTeamLinkRequest, w, w.register.link);
    plain "DirectoryService.GetRoom" => named!(GetRoomRequest, w.register.room);
    plain "DirectoryService.ListRooms" => pb::ListRoomsRequest::default();
    plain "DirectoryService.CreateRoom" => pb::CreateRoomRequest::default();
    plain "DirectoryService.UpdateRoom" => changed!(UpdateRoomRequest, room: Room, w, w.register.room);
    plain "DirectoryService.EndRoom" => ended!(EndRoomRequest, w, w.register.room);
    plain "DirectoryService.GetExpertise" => named!(GetExpertiseRequest, none("expertises"));
    plain "DirectoryService.ListExpertises" => pb::ListExpertisesRequest::default();
    plain "DirectoryService.CreateExpertise" => pb::CreateExpertiseRequest::default();
    plain "DirectoryService.UpdateExpertise" =>
        changed!(UpdateExpertiseRequest, expertise: Expertise, w, none("expertises"));
    plain "DirectoryService.EndExpertise" => ended!(EndExpertiseRequest, w, none("expertises"));
    plain "DirectoryService.GetProvision" => named!(GetProvisionRequest, none("provisions"));
    plain "DirectoryService.ListProvisions" => pb::ListProvisionsRequest::default();
    plain "DirectoryService.CreateProvision" => pb::CreateProvisionRequest::default();
    plain "DirectoryService.UpdateProvision" =>
        changed!(UpdateProvisionRequest, provision: Provision, w, none("provisions"));
    plain "DirectoryService.EndProvision" => ended!(EndProvisionRequest, w, none("provisions"));
    plain "DirectoryService.GetClusterGuide" => named!(GetClusterGuideRequest, none("clusterGuides"));
    plain "DirectoryService.ListClusterGuides" => pb::ListClusterGuidesRequest::default();
    plain "DirectoryService.CreateClusterGuide" => pb::CreateClusterGuideRequest::default();
    plain "DirectoryService.UpdateClusterGuide" =>
        changed!(UpdateClusterGuideRequest, cluster_guide: ClusterGuide, w, none("clusterGuides"));
    plain "DirectoryService.EndClusterGuide" => ended!(EndClusterGuideRequest, w, none("clusterGuides"));
    plain "DirectoryService.CreateOrganisation" => pb::CreateOrganisationRequest::default();
    plain "DirectoryService.UpdateOrganisation" =>
        changed!(UpdateOrganisationRequest, organisation: Organisation, w, w.register.organisation);
    plain "DirectoryService.EndOrganisation" => ended!(EndOrganisationRequest, w, w.register.organisation);
    plain "DirectoryService.GetOrganisation" => named!(GetOrganisationRequest, w.register.organisation);
    plain "DirectoryService.ListOrganisations" => pb::ListOrganisationsRequest::default();
    plain "DirectoryService.RouteSchool" =>
        pb::RouteSchoolRequest { school: w.register.school.clone(), ..Default::default() };
    plain "DirectoryService.ListCoverageGaps" => pb::ListCoverageGapsRequest::default();
    plain "DirectoryService.Import" => pb::ImportRequest::default();
    plain "KindService.GetKind" => pb::GetKindRequest {
        kind: pb::consultation::Kind::Mdo.into(),
        ..Default::default()
    };
    plain "KindService.ListKinds" => pb::ListKindsRequest::default();
    plain "KindService.UpdateKind" => pb::UpdateKindRequest::default();
    plain "RegionService.ProposeAgreement" => pb::ProposeAgreementRequest::default();
    plain "RegionService.AcceptAgreement" => agreed!(AcceptAgreementRequest, w);
    plain "RegionService.EndAgreement" => agreed!(EndAgreementRequest, w);
    plain "RegionService.ListAgreements" => pb::ListAgreementsRequest::default();
    plain "RegionService.ListPartnerProfessionals" => partners();
}}
