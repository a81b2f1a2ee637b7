//! Typed ids: an id prints as its resource name and parses from nothing else.

use uuid::Uuid;

/// The text is not the name of a resource in this collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must look like {0}/{{uuid}}")]
pub struct NotAName(pub &'static str);

/// Reads `collection/{uuid}`; only the canonical spelling of the UUID is a name,
/// so that one resource has one name.
fn parse(collection: &'static str, text: &str) -> Result<Uuid, NotAName> {
    let id =
        text.strip_prefix(collection).and_then(|rest| rest.strip_prefix('/')).ok_or(NotAName(collection))?;
    let uuid = Uuid::try_parse(id).map_err(|_| NotAName(collection))?;
    if uuid.is_nil() || uuid.hyphenated().to_string() != id {
        return Err(NotAName(collection));
    }
    Ok(uuid)
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $collection:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The collection in the resource name.
            pub const COLLECTION: &'static str = $collection;
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($collection, "/{}"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NotAName;

            fn from_str(text: &str) -> Result<Self, NotAName> {
                parse($collection, text).map(Self)
            }
        }
    )*};
}

ids! {
    /// The working area of one samenwerkingsverband; the tenant.
    RegionId = "regions";
    /// Any party with members: a school, team, gemeente, board or samenwerkingsverband.
    OrganisationId = "organisations";
    /// A gemeente or wijk.
    AreaId = "areas";
    /// A vestiging. Its organisation has the same UUID.
    SchoolId = "schools";
    /// A ROK or knooppunt: schools of one neighbourhood.
    ClusterId = "clusters";
    /// A wijkteam, gebiedsteam, JGT or JOT. Its organisation has the same UUID.
    TeamId = "teams";
    /// A natural person, in every region at once.
    PersonId = "persons";
    /// A person's role at an organisation, for a time.
    AffiliationId = "affiliations";
    /// The tie of a school to a team: link person and deputy.
    SchoolTeamLinkId = "schoolTeamLinks";
    /// What somebody offers to other schools.
    ExpertiseId = "expertises";
    /// What an organisation has for children that need more.
    ProvisionId = "provisions";
    /// Who guides the schools of a cluster, for a time.
    ClusterGuideId = "clusterGuides";
    /// That two regions meet together.
    RegionAgreementId = "regionAgreements";
    /// A block of a person's week.
    WeeklyHoursId = "weeklyHours";
    /// A stretch in which a person is away.
    AbsenceId = "absences";
    /// What a person works on one date instead of the weekly hours.
    DateOverrideId = "dateOverrides";
    /// A stretch in which somebody can be called.
    OnCallShiftId = "onCallShifts";
    /// A meeting for which there is no time yet.
    WaitingEntryId = "waitingEntries";
    /// A calendar that a person keeps elsewhere.
    OutsideCalendarId = "outsideCalendars";
    /// A round of questions to schools.
    SurveyId = "surveys";
    /// A thuiszitter's case.
    CaseId = "cases";
    /// An event of a case's timeline.
    CaseEventId = "caseEvents";
    /// An entry of the log of a case's facts.
    FactId = "facts";
    /// An action of the plan of a case.
    PlanActionId = "planActions";
    /// What a partner is asked to tell about a child.
    InformationRequestId = "informationRequests";
    /// A placement, exemption, complaint, objection or dispute of a case.
    TrackId = "tracks";
    /// What was decided with doorzettingsmacht.
    DecisionId = "decisions";
    /// How a party sees a case.
    CaseViewId = "caseViews";
    /// A request for a helper by role.
    HulpvraagId = "hulpvragen";
    /// What a professional notices of how things go.
    SignalId = "signals";
    /// What a samenwerkingsverband measures itself by.
    IndicatorId = "indicators";
    /// A meeting.
    ConsultationId = "consultations";
    /// Meetings that were booked together and change together.
    SeriesId = "series";
    /// A room of an organisation.
    RoomId = "rooms";
    /// A time that somebody keeps free for a while.
    HoldId = "holds";
    /// A proposal of times.
    TimePollId = "timePolls";
    /// What somebody proposes on the page of an invitation.
    ProposalId = "proposals";
    /// An action agreed at a meeting.
    ActionId = "actions";
    /// A mail that came about a meeting.
    InboundMailId = "inboundMails";
    /// A calendar subscription.
    FeedId = "feeds";
    /// A system that is told when something changes in a case.
    SubscriptionId = "subscriptions";
    /// A credential for the API.
    TokenId = "tokens";
    /// What a child or its parents agreed to share.
    ConsentId = "consents";
    /// A case opened in an emergency.
    EmergencyId = "emergencies";
    /// Who an identity provider's subject is.
    LoginId = "logins";
    /// That somebody is signed in to the pages.
    SessionId = "sessions";
    /// A program of an organisation.
    SystemClientId = "systemClients";
    /// A credential of a program.
    SystemTokenId = "systemTokens";
    /// A reason for which nothing of a case is destroyed.
    LegalHoldId = "legalHolds";
    /// A fact that was put right, or a statement beside it.
    RectificationId = "rectifications";
    /// A proposal to destroy, and what became of it.
    DestructionId = "destructions";
}

impl From<SchoolId> for OrganisationId {
    fn from(id: SchoolId) -> Self {
        Self(id.0)
    }
}

impl From<TeamId> for OrganisationId {
    fn from(id: TeamId) -> Self {
        Self(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_round_trips_and_nothing_else_parses() {
        let id = CaseId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        for wrong in [
            "",
            "cases/",
            "cases/7",
            "schools/00000000-0000-0000-0000-000000000007",
            "cases/00000000000000000000000000000007",
            "cases/00000000-0000-0000-0000-000000000000",
            "cases/00000000-0000-0000-0000-00000000000A",
        ] {
            assert_eq!(wrong.parse::<CaseId>(), Err(NotAName("cases")), "{wrong}");
        }
    }
}
