//! One HTTP/2 channel that puts the caller's credential and language on every call.

use std::time::Duration;

use schakel_proto::v1 as pb;
use tonic::{
    Request, Status,
    metadata::{Ascii, MetadataValue},
    service::{Interceptor, interceptor::InterceptedService},
    transport::{Channel, Endpoint},
};

use crate::Tls;

/// The search for a time may think this long.
const ANSWER: Duration = Duration::from_mins(1);
const CONNECT: Duration = Duration::from_secs(5);
/// Keeps a watching connection open through firewalls.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// Where the server is and who is calling. Has no `Debug`: it holds a secret.
#[derive(Clone)]
pub struct Profile {
    /// `http://host:port`, or `https://…`.
    pub server: String,
    /// `ska_…`; empty for a system that shows a certificate.
    pub token: String,
    /// `organisations/{uuid}`; needed by callers with more than one membership.
    pub acting_for: Option<String>,
    /// `nl` or `en`; without it the server answers in Dutch.
    pub language: Option<String>,
    /// How long a call may take until its answer begins. A single call may ask for less with
    /// [`tonic::Request::set_timeout`].
    pub deadline: Duration,
    /// Whom to trust on `https`, and how to be known there.
    pub tls: Tls,
}

impl Profile {
    /// A caller with one membership, in Dutch, who waits at most a minute for an answer.
    pub fn new(server: impl Into<String>, token: impl Into<String>) -> Self {
        Self {
            server: server.into(),
            token: token.into(),
            acting_for: None,
            language: None,
            deadline: ANSWER,
            tls: Tls::default(),
        }
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not an `http` or `https` address.
    #[error("`{0}` is not an address such as http://127.0.0.1:8480")]
    Address(String),
    /// A value that no header can carry.
    #[error("the {0} holds characters that cannot be sent")]
    Header(&'static str),
    /// An authority, certificate or key that is none.
    #[error("the certificates for {server} cannot be used")]
    Certificate {
        /// The address.
        server: String,
        /// What is wrong with them.
        #[source]
        source: tonic::transport::Error,
    },
    /// Nobody answers there, or its certificate is not trusted.
    #[error("{server} cannot be reached")]
    Unreachable {
        /// The address.
        server: String,
        /// What went wrong.
        #[source]
        source: tonic::transport::Error,
    },
}

/// Puts the headers on every call.
#[derive(Clone)]
pub struct Headers(Vec<(&'static str, MetadataValue<Ascii>)>);

impl Headers {
    fn of(profile: &Profile) -> Result<Self, OpenError> {
        let bearer = (!profile.token.is_empty()).then(|| format!("Bearer {}", profile.token));
        let given = [
            ("authorization", "token", bearer.as_deref()),
            ("schakel-acting-for", "organisation acted for", profile.acting_for.as_deref()),
            ("accept-language", "language", profile.language.as_deref()),
        ];
        let mut headers = Vec::new();
        for (header, what, value) in given {
            let Some(value) = value else { continue };
            let mut value = MetadataValue::try_from(value).map_err(|_| OpenError::Header(what))?;
            value.set_sensitive(header == "authorization");
            headers.push((header, value));
        }
        Ok(Self(headers))
    }
}

impl Interceptor for Headers {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        for (header, value) in &self.0 {
            request.metadata_mut().insert(*header, value.clone());
        }
        Ok(request)
    }
}

/// A channel that bears the caller's headers.
pub type Authorised = InterceptedService<Channel, Headers>;

/// An open connection; clones share it.
#[derive(Clone)]
pub struct Connection {
    channel: Authorised,
}

impl Connection {
    /// Connects now, so that a server that is away is known at once.
    pub async fn open(profile: &Profile) -> Result<Self, OpenError> {
        let headers = Headers::of(profile)?;
        let server = profile.server.trim_end_matches('/');
        let unreachable = |source| OpenError::Unreachable { server: server.to_owned(), source };
        let channel = endpoint(profile)?.connect().await.map_err(unreachable)?;
        Ok(Self { channel: InterceptedService::new(channel, headers) })
    }

    /// For calls by the name of their method, where the ready clients below do not serve.
    pub fn channel(&self) -> Authorised {
        self.channel.clone()
    }
}

fn endpoint(profile: &Profile) -> Result<Endpoint, OpenError> {
    let server = profile.server.trim_end_matches('/');
    let wrong = || OpenError::Address(server.to_owned());
    let endpoint = Endpoint::from_shared(server.to_owned()).map_err(|_| wrong())?;
    let endpoint = endpoint
        .connect_timeout(CONNECT)
        .timeout(profile.deadline)
        .http2_keep_alive_interval(KEEP_ALIVE)
        .keep_alive_while_idle(true);
    let secure = match endpoint.uri().scheme_str() {
        Some("https") => true,
        Some("http") => false,
        Some(_) | None => return Err(wrong()),
    };
    if !secure {
        return Ok(endpoint);
    }
    endpoint
        .tls_config(profile.tls.config())
        .map_err(|source| OpenError::Certificate { server: server.to_owned(), source })
}

macro_rules! services {
    ($($(#[$doc:meta])* $service:ident: $module:ident::$client:ident,)*) => {
        impl Connection {
            $(
                $(#[$doc])*
                pub fn $service(&self) -> pb::$module::$client<Authorised> {
                    pb::$module::$client::new(self.channel.clone())
                }
            )*
        }
    };
}

services! {
    /// Who is calling, and tokens.
    access: access_service_client::AccessServiceClient,
    /// Who saw what; for the privacy officer.
    audit: audit_service_client::AuditServiceClient,
    /// The register of the region.
    directory: directory_service_client::DirectoryServiceClient,
    /// Scarce time, divided: substitutes, who waits, the work of teams.
    staffing: staffing_service_client::StaffingServiceClient,
    /// Who of a team can be called when.
    on_call: on_call_service_client::OnCallServiceClient,
    /// Hours, absences and the search for a time.
    availability: availability_service_client::AvailabilityServiceClient,
    /// Times that are kept free, and the ways between places.
    agenda: agenda_service_client::AgendaServiceClient,
    /// Calendars that people keep elsewhere.
    outside: outside_service_client::OutsideServiceClient,
    /// Requests for a helper.
    hulpvraag: hulpvraag_service_client::HulpvraagServiceClient,
    /// Meetings.
    consultation: consultation_service_client::ConsultationServiceClient,
    /// What people proposed to an invitation.
    proposal: proposal_service_client::ProposalServiceClient,
    /// Mails about meetings that changed nothing.
    inbox: inbox_service_client::InboxServiceClient,
    /// The rules of the kinds of meeting.
    kind: kind_service_client::KindServiceClient,
    /// Times that people are asked about before a meeting is booked.
    time_poll: time_poll_service_client::TimePollServiceClient,
    /// Meetings that repeat.
    series: series_service_client::SeriesServiceClient,
    /// The meetings of a school year, planned together.
    year_plan: year_plan_service_client::YearPlanServiceClient,
    /// The cycles of ondersteuningsplan and jeugdplan.
    plan_cycle: plan_cycle_service_client::PlanCycleServiceClient,
    /// What was agreed at meetings.
    action: action_service_client::ActionServiceClient,
    /// Moves of a child, and guides that follow each other.
    handover: handover_service_client::HandoverServiceClient,
    /// Agreements between regions.
    region: region_service_client::RegionServiceClient,
    /// What families agreed to share.
    consent: consent_service_client::ConsentServiceClient,
    /// Cases.
    thuiszitter: thuiszitter_service_client::ThuiszitterServiceClient,
    /// The ladder of escalation, decisions and views.
    escalation: escalation_service_client::EscalationServiceClient,
    /// What is known of cases, and how they stood.
    fact: fact_service_client::FactServiceClient,
    /// What organisations owe.
    duty: duty_service_client::DutyServiceClient,
    /// The norms of a region.
    policy: policy_service_client::PolicyServiceClient,
    /// Who does what for a child.
    plan: plan_service_client::PlanServiceClient,
    /// Placements, exemptions, complaints, objections and disputes.
    track: track_service_client::TrackServiceClient,
    /// What partners are asked to tell.
    information: information_service_client::InformationServiceClient,
    /// Who works with the other children of a household.
    household: household_service_client::HouseholdServiceClient,
    /// What waits for the caller.
    task: task_service_client::TaskServiceClient,
    /// When and how often people are mailed.
    mail_profile: mail_profile_service_client::MailProfileServiceClient,
    /// What became of mails.
    message: message_service_client::MessageServiceClient,
    /// How each parent can come.
    wishes: wishes_service_client::WishesServiceClient,
    /// What letters say, and letters on paper.
    letter: letter_service_client::LetterServiceClient,
    /// Calendar subscriptions.
    feed: feed_service_client::FeedServiceClient,
    /// Systems that are told when something changes in a case.
    subscription: subscription_service_client::SubscriptionServiceClient,
    /// Where children wait.
    monitor: monitor_service_client::MonitorServiceClient,
    /// The named reports of a quarter or school year.
    report: report_service_client::ReportServiceClient,
    /// What a samenwerkingsverband measures itself by.
    indicator: indicator_service_client::IndicatorServiceClient,
    /// What professionals notice of how things go.
    signal: signal_service_client::SignalServiceClient,
    /// Rounds of questions to schools.
    survey: survey_service_client::SurveyServiceClient,
    /// Rights of the people concerned, and the end of what is kept.
    privacy: privacy_service_client::PrivacyServiceClient,
    /// The demo's clock; other servers do not have it.
    clock: clock_service_client::ClockServiceClient,
}

#[cfg(test)]
mod tests {
    use prost::Message as _;

    use super::*;

    #[test]
    fn every_call_bears_token_organisation_and_language() {
        let profile = Profile {
            acting_for: Some("organisations/1".into()),
            language: Some("en".into()),
            ..Profile::new("http://localhost:1", "ska_secret")
        };
        let request = Headers::of(&profile).unwrap().call(Request::new(())).unwrap();
        let header = |name| request.metadata().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header("authorization"), Some("Bearer ska_secret"));
        assert_eq!(header("schakel-acting-for"), Some("organisations/1"));
        assert_eq!(header("accept-language"), Some("en"));
        assert!(!format!("{:?}", request.metadata()).contains("ska_secret"), "a log never shows the token");
    }

    #[test]
    fn a_token_with_a_line_break_is_refused_and_not_repeated() {
        let refused = Headers::of(&Profile::new("http://localhost:1", "ska_a\nb")).err().unwrap();
        assert_eq!(refused.to_string(), "the token holds characters that cannot be sent");
    }

    #[test]
    fn a_caller_without_a_token_sends_none() {
        let request = Headers::of(&Profile::new("http://localhost:1", "")).unwrap().call(Request::new(()));
        assert!(request.unwrap().metadata().get("authorization").is_none());
    }

    fn at(server: &str) -> Result<Endpoint, OpenError> {
        endpoint(&Profile::new(server, "ska_secret"))
    }

    #[test]
    fn only_http_and_https_are_addresses() {
        assert!(at("http://127.0.0.1:8480/").is_ok());
        for wrong in ["127.0.0.1:8480", "ftp://host", "", "http://"] {
            assert!(matches!(at(wrong), Err(OpenError::Address(_))), "{wrong}");
        }
    }

    #[tokio::test]
    async fn https_is_checked_with_the_roots_of_the_system() {
        assert!(at("https://localhost:1").is_ok());
    }

    #[tokio::test]
    async fn a_key_that_is_none_is_told_and_not_repeated() {
        let mut profile = Profile::new("https://localhost:1", "");
        profile.tls.identity = Some(("no certificate".into(), "no key".into()));
        let refused = endpoint(&profile).err().unwrap();
        assert_eq!(refused.to_string(), "the certificates for https://localhost:1 cannot be used");
    }

    #[test]
    fn every_service_of_the_protos_has_its_client() {
        let text = include_str!("connection.rs");
        let set = prost_types::FileDescriptorSet::decode(schakel_proto::FILE_DESCRIPTOR_SET).unwrap();
        let services: Vec<_> = set.file.iter().flat_map(|file| &file.service).collect();
        assert!(services.len() > 30);
        for service in services {
            assert!(text.contains(&format!("::{}Client,", service.name())), "{}", service.name());
        }
    }
}
