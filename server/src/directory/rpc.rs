//! The register on the wire: five methods for every kind of thing, organisations, and the import.

use schakel_domain::{access::Action, ids::OrganisationId, refusal::Refusal, text::Name};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status, Streaming};
use uuid::Uuid;

use super::{
    Area, Cluster, Person, School, Team, import, partner,
    reading::Reading,
    resource::{Head, Resource, Seen},
    store, verbs,
};
use crate::{
    access::{
        Grant,
        organisation::{self, OrganisationKind},
    },
    app::App,
    entity::{
        affiliation, cluster_guide, expertise, partner as partners, provision, room, school_team_link as link,
    },
    error::{Error, Result},
    store::request::Asked,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::{Bound, Page, cut},
    },
};

async fn get<R: Resource>(app: &App, grant: Grant, name: &str) -> Result<Response<R::Wire>> {
    let mut fields = Fields::default();
    let id = R::named(&mut fields, "name", name);
    let id = fields.finish(id)?;
    Ok(Response::new(store::get::<R>(&app.read(grant), id).await?.to_wire()))
}

/// The days and the page that a list asks for.
struct Wanted {
    seen: Seen,
    page: Option<Page<(String, Uuid)>>,
}

async fn list<R: Resource>(
    (app, grant): (&App, Grant),
    mut fields: Fields,
    list: &R::List,
    wanted: Wanted,
) -> Result<(Vec<R::Wire>, Option<(String, Uuid)>)> {
    let condition = R::filter(&mut fields, list, &wanted.seen).add(wanted.seen.days());
    let page = fields.finish(wanted.page)?;
    let mut rows: Vec<R> = store::list(&app.read(grant), condition, &page).await?;
    let next = cut(&mut rows, page.size, Head::place);
    Ok((rows.iter().map(Resource::to_wire).collect(), next))
}

/// A change that was asked: whose, which, and what was noted while reading it.
struct Change<'a> {
    app: &'a App,
    grant: &'a Grant,
    fields: Fields,
    asked: Option<Asked>,
}

async fn create<R: Resource<Wire: prost::Message>>(
    change: Change<'_>,
    today: chrono::NaiveDate,
    given: Option<&R::Wire>,
) -> Result<Response<R::Wire>> {
    let Change { app, grant, mut fields, asked } = change;
    let Some(given) = given else {
        fields.refuse(R::OBJECT, Refusal::FieldRequired);
        return Err(fields.finish::<()>(None).err().unwrap_or(Error::Overloaded));
    };
    let mut reading = Reading::new(fields, R::OBJECT, Some(today));
    let draft = &R::read(&mut reading, given);
    reading.finish()?;
    let asked = Fields::default().finish(asked)?;
    let verb =
        |tx: std::sync::Arc<_>| async move { verbs::create(&tx, draft).await.map(|new| new.to_wire()) };
    Ok(Response::new(app.answer(grant, &asked, verb).await?))
}

async fn update<R: Resource<Wire: prost::Message>>(
    change: Change<'_>,
    mask: Option<prost_types::FieldMask>,
    given: Option<R::Wire>,
) -> Result<Response<R::Wire>> {
    let Change { app, grant, mut fields, asked } = change;
    if given.is_none() {
        fields.refuse(R::OBJECT, Refusal::FieldRequired);
    }
    let given = given.unwrap_or_default();
    let (name, etag) = R::claims(&given);
    let id = R::named(&mut fields, &format!("{}.name", R::OBJECT), name);
    let etag = fields.etag(format!("{}.etag", R::OBJECT), etag);
    let mask = mask.map(|mask| mask.paths).filter(|paths| !paths.is_empty() && paths != &["*"]);
    let mut scratch = R::Wire::default();
    if mask.iter().flatten().any(|path| !R::take(&mut scratch, path, &given)) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
    }
    let (asked, (id, etag)) = fields.finish(asked.zip(id.zip(etag)))?;
    let wish = &verbs::Change::<R> { id, etag, mask, given };
    let verb = |tx: std::sync::Arc<_>| async move { verbs::update(&tx, wish).await.map(|new| new.to_wire()) };
    Ok(Response::new(app.answer(grant, &asked, verb).await?))
}

async fn end<R: Resource<Wire: prost::Message>>(
    change: Change<'_>,
    name: &str,
    (last, etag): (&str, &str),
) -> Result<Response<R::Wire>> {
    let Change { app, grant, mut fields, asked } = change;
    let id = R::named(&mut fields, "name", name);
    let last = fields.date("valid_until", last);
    let etag = fields.etag("etag", etag);
    let (asked, (id, (last, etag))) = fields.finish(asked.zip(id.zip(last.zip(etag))))?;
    let verb = |tx: std::sync::Arc<_>| async move {
        verbs::end::<R>(&tx, id, last, etag).await.map(|ended| ended.to_wire())
    };
    Ok(Response::new(app.answer(grant, &asked, verb).await?))
}

/// Writes the service: the five methods of each kind by their names, and the others as they stand.
macro_rules! service {
    (
        $($kind:ty: $field:ident $many:ident,
            $get:ident $get_request:ident,
            $list:ident $list_request:ident $list_response:ident,
            $create:ident $create_request:ident,
            $update:ident $update_request:ident,
            $end:ident $end_request:ident;)*
    ) => {
        #[tonic::async_trait]
        impl pb::directory_service_server::DirectoryService for App {
            $(
                async fn $get(
                    &self,
                    request: Request<pb::$get_request>,
                ) -> Result<Response<<$kind as Head>::Wire>, Status> {
                    let grant = permit(&request, Action::ReadDirectory)?;
                    Ok(get::<$kind>(self, grant, &request.get_ref().name).await?)
                }

                async fn $list(
                    &self,
                    request: Request<pb::$list_request>,
                ) -> Result<Response<pb::$list_response>, Status> {
                    let grant = permit(&request, Action::ReadDirectory)?;
                    let today = caller(&request)?.today;
                    let mut request = request.into_inner();
                    let mut fields = Fields::default();
                    let on = fields.date_if("valid_on", &request.valid_on).unwrap_or(today);
                    let on = (!request.show_ended).then_some(on);
                    let size = std::mem::take(&mut request.page_size);
                    let token = std::mem::take(&mut request.page_token);
                    let bound = Bound { app: self, grant: &grant, filter: format!("{request:?}") };
                    let page = bound.read(&mut fields, size, &token);
                    let wanted = Wanted { seen: Seen { region: grant.region().0, on }, page };
                    let (things, next) =
                        list::<$kind>((self, grant.clone()), fields, &request, wanted).await?;
                    Ok(Response::new(pb::$list_response {
                        $many: things,
                        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
                    }))
                }

                async fn $create(
                    &self,
                    request: Request<pb::$create_request>,
                ) -> Result<Response<<$kind as Head>::Wire>, Status> {
                    let grant = &permit(&request, Action::WriteDirectory)?;
                    let today = caller(&request)?.today;
                    let request = request.into_inner();
                    let mut fields = Fields::default();
                    let asked = asked(&mut fields, &request, &request.request_id);
                    let change = Change { app: self, grant, fields, asked };
                    Ok(create::<$kind>(change, today, request.$field.as_ref()).await?)
                }

                async fn $update(
                    &self,
                    request: Request<pb::$update_request>,
                ) -> Result<Response<<$kind as Head>::Wire>, Status> {
                    let grant = &permit(&request, Action::WriteDirectory)?;
                    let request = request.into_inner();
                    let mut fields = Fields::default();
                    let asked = asked(&mut fields, &request, &request.request_id);
                    let change = Change { app: self, grant, fields, asked };
                    Ok(update::<$kind>(change, request.update_mask, request.$field).await?)
                }

                async fn $end(
                    &self,
                    request: Request<pb::$end_request>,
                ) -> Result<Response<<$kind as Head>::Wire>, Status> {
                    let grant = &permit(&request, Action::WriteDirectory)?;
                    let request = request.into_inner();
                    let mut fields = Fields::default();
                    let asked = asked(&mut fields, &request, &request.request_id);
                    let change = Change { app: self, grant, fields, asked };
                    let last = (request.valid_until.as_str(), request.etag.as_str());
                    Ok(end::<$kind>(change, &request.name, last).await?)
                }
            )*

            async fn get_organisation(
                &self,
                request: Request<pb::GetOrganisationRequest>,
            ) -> Result<Response<pb::Organisation>, Status> {
                let grant = permit(&request, Action::ReadDirectory)?;
                let mut fields = Fields::default();
                let id = fields.parse::<OrganisationId>("name", &request.get_ref().name);
                let id = fields.finish(id)?;
                let read = self.read(grant);
                let row = organisation::get(&read, id).await?;
                let found = partner::to_wire(&read, vec![row]).await?.pop();
                Ok(Response::new(found.unwrap_or_default()))
            }

            async fn list_organisations(
                &self,
                request: Request<pb::ListOrganisationsRequest>,
            ) -> Result<Response<pb::ListOrganisationsResponse>, Status> {
                let grant = permit(&request, Action::ReadDirectory)?;
                Ok(list_organisations(self, &grant, request.into_inner()).await?)
            }

            async fn create_organisation(
                &self,
                request: Request<pb::CreateOrganisationRequest>,
            ) -> Result<Response<pb::Organisation>, Status> {
                let grant = &permit(&request, Action::WriteDirectory)?;
                let today = caller(&request)?.today;
                let request = request.into_inner();
                let mut fields = Fields::default();
                let asked = asked(&mut fields, &request, &request.request_id);
                let change = Change { app: self, grant, fields, asked };
                Ok(create::<partners::Model>(change, today, request.organisation.as_ref()).await?)
            }

            async fn update_organisation(
                &self,
                request: Request<pb::UpdateOrganisationRequest>,
            ) -> Result<Response<pb::Organisation>, Status> {
                let grant = &permit(&request, Action::WriteDirectory)?;
                let request = request.into_inner();
                let mut fields = Fields::default();
                let asked = asked(&mut fields, &request, &request.request_id);
                let change = Change { app: self, grant, fields, asked };
                Ok(update::<partners::Model>(change, request.update_mask, request.organisation).await?)
            }

            async fn end_organisation(
                &self,
                request: Request<pb::EndOrganisationRequest>,
            ) -> Result<Response<pb::Organisation>, Status> {
                let grant = &permit(&request, Action::WriteDirectory)?;
                let request = request.into_inner();
                let mut fields = Fields::default();
                let asked = asked(&mut fields, &request, &request.request_id);
                let change = Change { app: self, grant, fields, asked };
                let last = (request.valid_until.as_str(), request.etag.as_str());
                Ok(end::<partners::Model>(change, &request.name, last).await?)
            }

            async fn route_school(
                &self,
                request: Request<pb::RouteSchoolRequest>,
            ) -> Result<Response<pb::RouteSchoolResponse>, Status> {
                super::contacts::route_school_rpc(self, request).await
            }

            async fn list_coverage_gaps(
                &self,
                request: Request<pb::ListCoverageGapsRequest>,
            ) -> Result<Response<pb::ListCoverageGapsResponse>, Status> {
                super::coverage::list_coverage_gaps_rpc(self, request).await
            }

            async fn import(
                &self,
                request: Request<Streaming<pb::ImportRequest>>,
            ) -> Result<Response<pb::ImportResponse>, Status> {
                import::import_rpc(self, request).await
            }
        }
    };
}

service! {
    Area: area areas,
        get_area GetAreaRequest, list_areas ListAreasRequest ListAreasResponse,
        create_area CreateAreaRequest, update_area UpdateAreaRequest, end_area EndAreaRequest;
    School: school schools,
        get_school GetSchoolRequest, list_schools ListSchoolsRequest ListSchoolsResponse,
        create_school CreateSchoolRequest, update_school UpdateSchoolRequest, end_school EndSchoolRequest;
    Cluster: cluster clusters,
        get_cluster GetClusterRequest, list_clusters ListClustersRequest ListClustersResponse,
        create_cluster CreateClusterRequest, update_cluster UpdateClusterRequest, end_cluster EndClusterRequest;
    Team: team teams,
        get_team GetTeamRequest, list_teams ListTeamsRequest ListTeamsResponse,
        create_team CreateTeamRequest, update_team UpdateTeamRequest, end_team EndTeamRequest;
    Person: person persons,
        get_person GetPersonRequest, list_persons ListPersonsRequest ListPersonsResponse,
        create_person CreatePersonRequest, update_person UpdatePersonRequest, end_person EndPersonRequest;
    affiliation::Model: affiliation affiliations,
        get_affiliation GetAffiliationRequest,
        list_affiliations ListAffiliationsRequest ListAffiliationsResponse,
        create_affiliation CreateAffiliationRequest, update_affiliation UpdateAffiliationRequest,
        end_affiliation EndAffiliationRequest;
    link::Model: school_team_link school_team_links,
        get_school_team_link GetSchoolTeamLinkRequest,
        list_school_team_links ListSchoolTeamLinksRequest ListSchoolTeamLinksResponse,
        create_school_team_link CreateSchoolTeamLinkRequest,
        update_school_team_link UpdateSchoolTeamLinkRequest, end_school_team_link EndSchoolTeamLinkRequest;
    room::Model: room rooms,
        get_room GetRoomRequest, list_rooms ListRoomsRequest ListRoomsResponse,
        create_room CreateRoomRequest, update_room UpdateRoomRequest, end_room EndRoomRequest;
    expertise::Model: expertise expertises,
        get_expertise GetExpertiseRequest, list_expertises ListExpertisesRequest ListExpertisesResponse,
        create_expertise CreateExpertiseRequest, update_expertise UpdateExpertiseRequest,
        end_expertise EndExpertiseRequest;
    provision::Model: provision provisions,
        get_provision GetProvisionRequest, list_provisions ListProvisionsRequest ListProvisionsResponse,
        create_provision CreateProvisionRequest, update_provision UpdateProvisionRequest,
        end_provision EndProvisionRequest;
    cluster_guide::Model: cluster_guide cluster_guides,
        get_cluster_guide GetClusterGuideRequest,
        list_cluster_guides ListClusterGuidesRequest ListClusterGuidesResponse,
        create_cluster_guide CreateClusterGuideRequest, update_cluster_guide UpdateClusterGuideRequest,
        end_cluster_guide EndClusterGuideRequest;
}

async fn list_organisations(
    app: &App,
    grant: &Grant,
    mut request: pb::ListOrganisationsRequest,
) -> Result<Response<pb::ListOrganisationsResponse>> {
    let size = std::mem::take(&mut request.page_size);
    let token = std::mem::take(&mut request.page_token);
    let mut fields = Fields::default();
    let kind = if request.kind == 0 {
        None
    } else {
        fields.choice::<_, OrganisationKind>("kind", request.kind, pb::organisation::Kind::as_str_name)
    };
    let code = fields.parse_if::<Name>("code", &request.code);
    let bound = Bound { app, grant, filter: format!("{request:?}") };
    let page = bound.read(&mut fields, size, &token);
    let page = fields.finish(page)?;
    let code = code.as_ref().map(Name::as_str);
    let read = app.read(grant.clone());
    let mut rows = organisation::list(&read, kind, code, &page).await?;
    let next = cut(&mut rows, page.size, |row| (row.display_name.clone(), row.id));
    Ok(Response::new(pb::ListOrganisationsResponse {
        organisations: partner::to_wire(&read, rows).await?,
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}
