//! The demo's clock on the wire.

use chrono::TimeDelta;
use schakel_domain::{access::Action, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use crate::{
    app::App,
    error::{Error, Result},
    wire::{call::permit, time::timestamp},
};

const FARTHEST: TimeDelta = TimeDelta::days(400);

#[tonic::async_trait]
impl pb::clock_service_server::ClockService for App {
    async fn get_clock(&self, request: Request<pb::GetClockRequest>) -> Result<Response<pb::Clock>, Status> {
        permit(&request, Action::MoveClock)?;
        Ok(Response::new(pb::Clock { time: Some(timestamp(self.now())) }))
    }

    async fn advance_clock(
        &self,
        request: Request<pb::AdvanceClockRequest>,
    ) -> Result<Response<pb::Clock>, Status> {
        permit(&request, Action::MoveClock)?;
        let by = request.into_inner().by.unwrap_or_default();
        let by = TimeDelta::seconds(by.seconds.clamp(0, i64::from(u32::MAX)));
        if by <= TimeDelta::zero() || by > FARTHEST {
            return Err(Error::field("by", Refusal::TimeRangeInvalid).into());
        }
        self.clock.advance(by);
        // What has become due is taken up at once.
        self.committed.send_modify(|commits| *commits += 1);
        Ok(Response::new(pb::Clock { time: Some(timestamp(self.now())) }))
    }
}
