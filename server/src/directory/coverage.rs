//! Schools without cover.

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use crate::{app::App, wire::call::permit};

pub(super) async fn list_coverage_gaps_rpc(
    _app: &App,
    request: Request<pb::ListCoverageGapsRequest>,
) -> Result<Response<pb::ListCoverageGapsResponse>, Status> {
    permit(&request, Action::ReadDirectory)?;
    Ok(Response::new(pb::ListCoverageGapsResponse::default()))
}
