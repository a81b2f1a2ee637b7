//! The norms of a region, on the wire.

use chrono::NaiveDate;
use schakel_domain::{access::Action, refusal::Refusal, thuiszitter::Profile};
use schakel_proto::v1::{self as pb, policy_profile, set_policy_profile_response::MovedNorm};
use tonic::{Request, Response, Status};

use super::{
    store::{self, Version},
    take_up::{self, Wish, take_up, try_out},
};
use crate::{
    app::App,
    error::{Error, Result},
    thuiszitter::facts::tried::Tried,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::policy_service_server::PolicyService for App {
    async fn get_policy_profile(
        &self,
        request: Request<pb::GetPolicyProfileRequest>,
    ) -> Result<Response<pb::PolicyProfile>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let day = fields.date_if("date", &request.date).unwrap_or(today);
        fields.check()?;
        let read = self.read(grant);
        let versions = store::versions(&read).await?;
        if request.draft {
            let draft = Profile::terugdringen_schoolverzuim();
            let json = Profile::terugdringen_schoolverzuim_text().to_owned();
            let told = pb::PolicyProfile { json, version: draft.version, draft: true, ..listed(&versions) };
            return Ok(Response::new(told));
        }
        let json = store::text(&read, day).await?;
        let profile: Profile =
            json.parse().map_err(|_| Error::Corrupt { table: "policy_profile", column: "body" })?;
        Ok(Response::new(told(&profile, json, &versions)))
    }

    async fn set_policy_profile(
        &self,
        request: Request<pb::SetPolicyProfileRequest>,
    ) -> Result<Response<pb::SetPolicyProfileResponse>, Status> {
        let grant = permit(&request, Action::SetPolicy)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        // What was taken up by this call before is among the versions that it is held against.
        if let Some(asked) = &asked
            && let Some(before) = self.answered(&grant, asked).await?
        {
            return Ok(Response::new(before));
        }
        let valid_from = first_day(&mut fields, &request.valid_from, today);
        let etag = fields.etag("etag", &request.etag);
        let read = self.read(grant.clone());
        let day = valid_from.unwrap_or(today);
        let base = if request.whole { None } else { Some(store::text(&read, day).await?) };
        let taken = take_up::read(&mut fields, (base.as_deref(), &request.json), day);
        let ((asked, etag), (profile, body)) = fields.finish(asked.zip(etag).zip(taken))?;
        let wish = &Wish { profile, body, etag };
        if request.validate_only {
            let (tried, versions) = try_out(self, &read, wish).await?;
            return Ok(Response::new(moved(wish, &tried, &versions)));
        }
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let versions = take_up(&tx, wish).await?;
                let profile = Some(told(&wish.profile, wish.body.clone(), &versions));
                Ok(pb::SetPolicyProfileResponse { profile, ..Default::default() })
            })
            .await?;
        Ok(Response::new(answer))
    }
}

/// The first day of use, which has not passed.
fn first_day(fields: &mut Fields, text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let day = fields.date("valid_from", text)?;
    if day < today {
        fields.refuse("valid_from", Refusal::TimeOutOfBounds);
    }
    Some(day)
}

/// The versions alone.
fn listed(versions: &[Version]) -> pb::PolicyProfile {
    let one = |(version, from): &Version| policy_profile::Version {
        version: version.clone(),
        valid_from: from.to_string(),
    };
    pb::PolicyProfile {
        versions: versions.iter().map(one).collect(),
        etag: versions.len().to_string(),
        ..Default::default()
    }
}

fn told(profile: &Profile, json: String, versions: &[Version]) -> pb::PolicyProfile {
    pb::PolicyProfile {
        json,
        version: profile.version.clone(),
        valid_from: profile.valid_from.to_string(),
        ..listed(versions)
    }
}

/// What would move.
fn moved(wish: &Wish, tried: &Tried, versions: &[Version]) -> pb::SetPolicyProfileResponse {
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let norm =
        |(norm, count): (&String, &usize)| MovedNorm { norm: norm.clone(), case_count: number(*count) };
    pb::SetPolicyProfileResponse {
        profile: Some(told(&wish.profile, wish.body.clone(), versions)),
        case_count: number(tried.cases),
        moved_case_count: number(tried.moved),
        moved_norms: tried.norms.iter().map(norm).collect(),
    }
}
