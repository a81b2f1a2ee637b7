//! Which classes an answer shows, of those that answer with something of a child.

use prost::Message;
use schakel_proto::v1 as pb;

use super::world::Things;

/// The classes of the answer of `method` about `things`; empty when it shows nothing of it.
pub(super) fn shown(method: &str, answer: &[u8], things: &Things) -> String {
    let classes = match method {
        "ThuiszitterService.GetCase" => case(&pb::Case::decode(answer).unwrap()),
        "ThuiszitterService.ListCases" => {
            let listed = pb::ListCasesResponse::decode(answer).unwrap().cases;
            one(listed.iter().find(|case| case.name == things.case.name).map(case))
        }
        "ThuiszitterService.GetTimeline" => {
            let timeline = pb::Timeline::decode(answer).unwrap();
            [(timeline.stage != 0, "K3")].into_iter().filter(|(is, _)| *is).map(|(_, class)| class).collect()
        }
        "FactService.GetStanding" => {
            let standing = pb::Standing::decode(answer).unwrap();
            of(&[(standing.stage != 0, "K3"), (!standing.consent_tasks.is_empty(), "K2")])
        }
        "FactService.ListFacts" => {
            let facts = pb::ListFactsResponse::decode(answer).unwrap().facts;
            let lives = |fact: &pb::Fact| matches!(fact.said, Some(pb::fact::Said::Residence(_)));
            of(&[(!facts.is_empty(), "K3"), (facts.iter().any(lives), "K2")])
        }
        "PlanService.ListPlanActions" => {
            let plan = pb::ListPlanActionsResponse::decode(answer).unwrap().plan_actions;
            of(&[(plan.iter().any(|action| !action.text.is_empty()), "K4")])
        }
        "TrackService.ListTracks" => {
            of(&[(!pb::ListTracksResponse::decode(answer).unwrap().tracks.is_empty(), "K4")])
        }
        "InformationService.ListInformationRequests" => {
            let asked = pb::ListInformationRequestsResponse::decode(answer).unwrap().information_requests;
            of(&[(!asked.is_empty(), "K4")])
        }
        "MonitorService.ListMonitorCases" => {
            behind(&pb::ListMonitorCasesResponse::decode(answer).unwrap().cases, things)
        }
        "MonitorService.ListBreaches" => breaches(&pb::ListBreachesResponse::decode(answer).unwrap(), things),
        "ReportService.ListReportCases" => {
            behind(&pb::ListReportCasesResponse::decode(answer).unwrap().cases, things)
        }
        "EscalationService.ListDecisions" => {
            let decisions = pb::ListDecisionsResponse::decode(answer).unwrap().decisions;
            let told = decisions.iter().any(|decision| !decision.text.is_empty());
            of(&[(!decisions.is_empty(), "K3"), (told, "K4")])
        }
        "EscalationService.ListViews" => {
            of(&[(!pb::ListViewsResponse::decode(answer).unwrap().views.is_empty(), "K4")])
        }
        "ConsultationService.GetConsultation" => meeting(&pb::Consultation::decode(answer).unwrap()),
        "ConsultationService.ListConsultations" => {
            let listed = pb::ListConsultationsResponse::decode(answer).unwrap().consultations;
            one(listed.iter().find(|meeting| meeting.name == things.held.name).map(meeting))
        }
        "SeriesService.GetSeries" => {
            let all = pb::GetSeriesResponse::decode(answer).unwrap().consultations;
            one(all.first().map(meeting))
        }
        "SeriesService.ListSeries" => {
            let listed = pb::ListSeriesResponse::decode(answer).unwrap().series;
            one(listed.iter().find(|series| series.name == things.series.name).map(|_| vec!["K1"]))
        }
        "TimePollService.GetTimePoll" => poll(&pb::TimePoll::decode(answer).unwrap()),
        "TimePollService.ListTimePolls" => {
            let listed = pb::ListTimePollsResponse::decode(answer).unwrap().time_polls;
            one(listed.iter().find(|poll| poll.name == things.poll.name).map(self::poll))
        }
        "ProposalService.ListProposals" => {
            let listed = pb::ListProposalsResponse::decode(answer).unwrap().proposals;
            one(listed.iter().find(|one| one.name == things.proposal).map(|_| vec!["K1"]))
        }
        "InboxService.ListInboundMails" => {
            let listed = pb::ListInboundMailsResponse::decode(answer).unwrap().inbound_mails;
            one(listed.iter().find(|one| one.name == things.inbound_mail).map(|_| vec!["K2"]))
        }
        "WishesService.GetParentWishes" => {
            of(&[(!pb::ParentWishes::decode(answer).unwrap().language.is_empty(), "K2")])
        }
        "HulpvraagService.GetHulpvraag" => hulpvraag(&pb::Hulpvraag::decode(answer).unwrap()),
        "HulpvraagService.ListHulpvragen" => {
            let listed = pb::ListHulpvragenResponse::decode(answer).unwrap().hulpvragen;
            one(listed.iter().find(|asked| asked.name == things.accepted).map(hulpvraag))
        }
        "ConsentService.GetConsent" => consent(&pb::Consent::decode(answer).unwrap()),
        "ConsentService.ListConsents" => {
            let listed = pb::ListConsentsResponse::decode(answer).unwrap().consents;
            one(listed.iter().find(|given| given.name == things.consent).map(consent))
        }
        "AuditService.WhoSaw" => who_saw(&pb::WhoSawResponse::decode(answer).unwrap()),
        "PrivacyService.FindSubject" => {
            let found = pb::FindSubjectResponse::decode(answer).unwrap().cases;
            one(found.iter().find(|case| **case == things.case.name).map(|_| vec!["K2"]))
        }
        "PrivacyService.GetCaseRights" => rights(&pb::CaseRights::decode(answer).unwrap()),
        "PrivacyService.GetDestruction" => destruction(&pb::Destruction::decode(answer).unwrap()),
        "PrivacyService.ListDestructions" => {
            let listed = pb::ListDestructionsResponse::decode(answer).unwrap().destructions;
            one(listed.iter().find(|one| one.name == things.rights.destruction).map(destruction))
        }
        _ => return String::new(),
    };
    if classes.is_empty() { String::new() } else { format!(" {}", classes.join(" ")) }
}

fn who_saw(answer: &pb::WhoSawResponse) -> Vec<&'static str> {
    of(&[(!answer.sights.is_empty(), "K10")])
}

type Classes = Vec<&'static str>;

fn one(found: Option<Classes>) -> Classes {
    found.unwrap_or_else(|| vec!["not-listed"])
}

fn of(fields: &[(bool, &'static str)]) -> Classes {
    fields.iter().filter(|(is, _)| *is).map(|(_, class)| *class).collect()
}

fn case(case: &pb::Case) -> Classes {
    let identity = case.child.is_some() || !case.parents.is_empty() || !case.reference.is_empty();
    of(&[
        (!case.school.is_empty(), "K1"),
        (identity, "K2"),
        (case.absence.is_some() || case.days_absent > 0, "K3"),
        (!case.question.is_empty(), "K4"),
    ])
}

fn meeting(meeting: &pb::Consultation) -> Classes {
    let private = [pb::Role::Ouder as i32, pb::Role::Jeugdige as i32];
    let named = |seat: &pb::Participant| private.contains(&seat.role) && !seat.display_name.is_empty();
    let outcome = meeting.outcome.clone().unwrap_or_default();
    of(&[
        (meeting.start_time.is_some(), "K1"),
        (meeting.participants.iter().any(named), "K2"),
        (!outcome.summary.is_empty(), "K4"),
        (!outcome.child_heard_note.is_empty(), "K9"),
    ])
}

fn poll(poll: &pb::TimePoll) -> Classes {
    let private = [pb::Role::Ouder as i32, pb::Role::Jeugdige as i32];
    let named =
        |voter: &pb::time_poll::Voter| private.contains(&voter.role) && !voter.display_name.is_empty();
    of(&[(!poll.options.is_empty(), "K1"), (poll.voters.iter().any(named), "K2")])
}

fn hulpvraag(asked: &pb::Hulpvraag) -> Classes {
    of(&[(!asked.school.is_empty(), "K1"), (!asked.question.is_empty(), "K4")])
}

fn consent(consent: &pb::Consent) -> Classes {
    of(&[
        (!consent.case.is_empty(), "K1"),
        (!consent.signatures.is_empty() || !consent.note.is_empty(), "K2"),
    ])
}

fn rights(rights: &pb::CaseRights) -> Classes {
    of(&[
        (!rights.case.is_empty(), "K1"),
        (rights.legal_holds.iter().any(|hold| !hold.reason.is_empty()), "K4"),
    ])
}

fn destruction(one: &pb::Destruction) -> Classes {
    of(&[(!one.case.is_empty(), "K2")])
}

/// Of the cases behind a figure, by their names.
fn behind(cases: &[String], things: &Things) -> Vec<&'static str> {
    one(cases.contains(&things.case.name).then(|| vec!["K3"]))
}

fn breaches(told: &pb::ListBreachesResponse, things: &Things) -> Vec<&'static str> {
    behind(&told.breaches.iter().map(|breach| breach.case.clone()).collect::<Vec<_>>(), things)
}
