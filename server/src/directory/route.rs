//! Who belongs to a school.

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use crate::{app::App, wire::call::permit};

pub(super) async fn route_school_rpc(
    _app: &App,
    request: Request<pb::RouteSchoolRequest>,
) -> Result<Response<pb::RouteSchoolResponse>, Status> {
    permit(&request, Action::ReadDirectory)?;
    Ok(Response::new(pb::RouteSchoolResponse::default()))
}
