//! One case: its timeline, and all that is done about it, each part for who may see it.

use axum::{
    extract::{Path, Query},
    response::Response,
};
use chrono::NaiveDate;
use minijinja::{Value, context};
use pb::consultation_service_client::ConsultationServiceClient;
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use serde::Deserialize;
use tonic::Code;

use super::{
    PAGE, asked, calls, can, can_at,
    consents::consents,
    correct, facts, home, household,
    ladder::{self, ladder, levels},
    list::labels,
    meets, name,
    parts::{self, Telling},
    picture::{Told, picture, stages},
    plan,
    register::{Names, school},
    said::{ABSENCES, OUTCOMES, STAGES, STATES, UNUSUAL},
    saved::Saved,
    seen, then, today, tracks, views,
};
use crate::web::workplace::{
    shown,
    trouble::{Shown, Trouble, if_allowed, in_query},
    visit::Visit,
    words::words,
};

words! {
    title: "Dossier", "Case";
    shell: "U ziet alleen dat dit dossier er is, en uw eigen werk. Met toestemming van het gezin ziet u meer.",
        "You see only that this case is there, and your own work. With consent of the family you see more.";
    contents: "Op deze pagina", "On this page";
    now: "Hoe het staat", "How it stands";
    state: "Stand", "State";
    stage: "Fase", "Stage";
    days: "Dagen thuis", "Days at home";
    since: "Eerste dag thuis", "First day at home";
    kind: "Verzuim", "Absence";
    school: "School", "School";
    gemeente: "Gemeente waar het kind woont", "Gemeente where the child lives";
    level: "Escalatie", "Escalation";
    suggested: "De termijnen vragen om", "The deadlines ask for";
    counts: "Telt als", "Counts as";
    regisseur: "Regisseur", "Regisseur";
    nobody: "niemand", "nobody";
    unnamed: "naam niet bekend", "name not known";
    next: "Volgende stap", "Next step";
    hand_over: "Overdragen, uiterlijk op", "Hand over, by";
    no_next: "Er is geen volgende stap afgesproken.", "No next step was agreed.";
    passed: "De volgende stap had al gezet moeten zijn.", "The next step should have been taken.";
    outcome: "Uitkomst", "Outcome";
    external: "Bekend in andere systemen als", "Known in other systems as";
    question: "Vraag van de school", "Question of the school";
    first_meeting: "Eerste overleg met een ouder", "First meeting with a parent";
    acts: "Aan zet", "Who acts";
    timeline: "Tijdlijn", "Timeline";
    picture: "Tijdlijn van dit dossier", "Timeline of this case";
    stages: "Fasen", "Stages";
    from: "Vanaf", "From";
    deadlines: "Termijnen", "Deadlines";
    norm: "Termijn", "Deadline";
    due: "Uiterlijk", "Due";
    met: "Gehaald op", "Met on";
    record: "Leg vast:", "Record:";
    returned: "Is het kind terug op school? Daarmee zijn ook termijnen gehaald.", "Is the child back at school? That meets deadlines too.";
    who_acts: "Wie doet het", "Who does it";
    why: "Waarom", "Why";
    no_deadlines: "Er lopen geen termijnen.", "There are no deadlines.";
    events: "Wat er gebeurde", "What happened";
    when: "Wanneer", "When";
    what: "Wat", "What";
    who: "Wie", "Who";
    all: "Toon alles", "Show all";
    as_of: "Hoe stond het op een andere dag?", "How did it stand on another day?";
    look_back: "Kijk terug", "Look back";
    plan: "Plan en acties", "Plan and actions";
    education: "Onderwijs", "Education";
    care: "Zorg", "Care";
    no_actions: "Er zijn nog geen acties.", "There are no actions yet.";
    care_hidden: "Er loopt iets. Wat, ziet alleen wie daarvoor toestemming heeft.", "Something is under way. What it is, only those see who have consent.";
    act: "Actie toevoegen", "Add an action";
    complete: "Afronden", "Complete";
    drop: "Laten vervallen", "Drop";
    until: "tot en met", "until";
    advance: "Naar de volgende fase", "To the next stage";
    change: "Afspraken wijzigen", "Change what was agreed";
    close: "Dossier sluiten", "Close the case";
    reopen: "Dossier heropenen", "Reopen the case";
    moves: "Kind gaat naar andere school of gemeente", "Child goes to another school or gemeente";
    correct: "Verbeteren", "Correct";
    missed: "Verzuim vastleggen", "Record absence";
    happened: "Gebeurtenis vastleggen", "Record what happened";
    tell: "Ander feit vastleggen", "Record another fact";
    book: "Overleg plannen", "Plan a meeting";
    meetings: "Overleg", "Meetings";
    no_meetings: "Er is geen overleg over dit dossier.", "There are no meetings about this case.";
    escalation: "Escalatie en besluiten", "Escalation and decisions";
    raise: "Opschalen", "Escalate";
    lower: "Afschalen", "De-escalate";
    decide: "Besluit vastleggen", "Record a decision";
    check: "Is het uitgevoerd?", "Was it carried out?";
    decisions: "Besluiten met doorzettingsmacht", "Decisions by doorzettingsmacht";
    no_decisions: "Er zijn geen besluiten.", "There are no decisions.";
    decided_by: "Besloten door", "Decided by";
    views: "Hoe kind, ouders en anderen het zien", "How child, parents and others see it";
    child_says: "Wat het kind zegt", "What the child says";
    child_heard: "Het kind is gehoord op", "The child was heard on";
    not_heard: "Hier staat nog niet dat het kind is gehoord.", "It does not say here yet that the child was heard.";
    view: "Opschrijven hoe iemand het ziet", "Write down how somebody sees it";
    view_child: "Opschrijven wat het kind zegt", "Write down what the child says";
    no_views: "Er staat nog niets.", "There is nothing yet.";
    answer: "Reageren", "Answer";
    answered: "reageerde", "answered";
    people: "Kind, ouders en toestemming", "Child, parents and consent";
    child: "Kind", "Child";
    born: "geboren", "born";
    parents: "Ouders en verzorgers", "Parents and carers";
    gezag: "Gezag", "Authority";
    contact: "Contact", "Contact";
    secret: "geheim adres", "secret address";
    consents: "Toestemming", "Consent";
    no_consents: "Er is geen toestemming vastgelegd.", "No consent is recorded.";
    consent: "Toestemming vastleggen", "Record consent";
    withdraw: "Intrekken", "Withdraw";
    shares: "Wat", "What";
    gives: "Van", "From whom";
    receives: "Aan", "To whom";
    valid: "geldig", "valid";
    invalid: "geldt niet", "not valid";
    withdrawn: "ingetrokken", "withdrawn";
    renew: "Vraag opnieuw vóór", "Ask anew before";
    signed: "Getekend door", "Signed by";
    facts: "Feiten", "Facts";
    fact: "Feit", "Fact";
    told: "Vastgelegd", "Recorded";
    no_facts: "Er zijn geen feiten die u mag zien.", "There are no facts that you may see.";
    cut: "Er zijn meer feiten dan op deze pagina passen. De nieuwste staan er niet bij.",
        "There are more facts than fit on this page. The newest are left out.";
    who_saw: "Wie heeft dit dossier gezien?", "Who saw this case?";
    household: "Gezin", "Household";
    household_why: "Misschien werkt er al iemand met een broer of zus. U ziet alleen wie u kunt bellen. Elke keer dat u het vraagt, wordt vastgelegd.",
        "Somebody may work with a brother or sister already. You see only whom you can call. Each time that you ask is recorded.";
    household_ask: "Wie werkt er nog meer met dit gezin?", "Who else works with this family?";
}

/// So many facts and events are shown unasked, the newest.
const NEWEST: usize = 20;
/// 1 January 2000: before any meeting.
const LONG_AGO: prost_types::Timestamp = prost_types::Timestamp { seconds: 946_684_800, nanos: 0 };

/// What stands in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The day as of which the case is shown.
    as_of: String,
    /// Whether all facts and events are shown.
    all: String,
}

/// A case with what the visitor may see around it.
struct Whole {
    case: pb::Case,
    timeline: pb::Timeline,
    facts: Vec<pb::Fact>,
    /// Whether facts newer than these are left out.
    cut: bool,
    plan: Vec<pb::PlanAction>,
    tracks: Option<Vec<pb::Track>>,
    /// What was asked of partners.
    asked: Option<Vec<pb::InformationRequest>>,
    decisions: Vec<pb::Decision>,
    views: Vec<pb::CaseView>,
    consents: Option<Vec<pb::Consent>>,
    meetings: Option<Vec<pb::Consultation>>,
    /// Whether may be asked who works with the household.
    household: bool,
    names: Names,
    school: String,
}

impl Whole {
    async fn of(visit: &Visit, id: &str, case: pb::Case) -> Result<Self, Trouble> {
        let ask = pb::GetTimelineRequest { name: name(id), ..Default::default() };
        let timeline = calls(visit).get_timeline(ask).await?.into_inner();
        let (facts, cut) = facts::all(visit, id, None).await?;
        let plan = plan::all(visit, id).await?;
        let tracks = tracks::all(visit, id).await?;
        let asked = asked::all(visit, id).await?;
        let ask = pb::ListDecisionsRequest { case: name(id) };
        let decisions = ladder(visit).list_decisions(ask).await?.into_inner().decisions;
        let ask = pb::ListViewsRequest { case: name(id) };
        let views = ladder(visit).list_views(ask).await?.into_inner().views;
        let consents = agreed(visit, id).await?;
        let meetings = meetings(visit, id).await?;
        let household = household::offered(visit, &case).await?;
        let people = std::iter::once(case.regisseur.as_str())
            .chain(plan.iter().map(|one| one.person.as_str()))
            .chain(tracks.iter().flatten().map(|one| one.coordinator.as_str()))
            .chain(asked.iter().flatten().map(|one| one.asked_by.as_str()))
            .chain(decisions.iter().map(|one| one.decider.as_str()))
            .chain(views.iter().flat_map(said_by))
            .chain(consents.iter().flatten().flat_map(|one| &one.signatures).map(|one| one.person.as_str()));
        let names = Names::of(visit, &case, people.map(str::to_owned).collect()).await?;
        let nowhere = case.school.is_empty();
        let school = if nowhere { String::new() } else { school(visit, &case.school).await?.display_name };
        Ok(Self {
            case,
            timeline,
            facts,
            cut,
            plan,
            tracks,
            asked,
            decisions,
            views,
            consents,
            meetings,
            household,
            names,
            school,
        })
    }
}

/// Whose view it is, and who answered.
fn said_by(view: &pb::CaseView) -> impl Iterator<Item = &str> {
    std::iter::once(view).chain(&view.rejoinders).map(|one| one.person.as_str())
}

/// The consents, for who may read them: asking in vain would be written down as refused.
async fn agreed(visit: &Visit, id: &str) -> Result<Option<Vec<pb::Consent>>, Trouble> {
    if !can(visit, Action::ReadConsent) {
        return Ok(None);
    }
    let ask = pb::ListConsentsRequest { case: name(id), ..Default::default() };
    Ok(if_allowed(consents(visit).list_consents(ask).await)?.map(|found| found.consents))
}

/// The meetings about a case, those that are off too; nothing for who may not read any.
pub(super) async fn meetings(visit: &Visit, id: &str) -> Result<Option<Vec<pb::Consultation>>, Trouble> {
    if !can(visit, Action::ReadConsultation) {
        return Ok(None);
    }
    let ask = pb::ListConsultationsRequest {
        case: name(id),
        after_time: Some(LONG_AGO),
        show_cancelled: true,
        page_size: PAGE,
        ..Default::default()
    };
    let mut meetings = ConsultationServiceClient::new(visit.calls());
    Ok(if_allowed(meetings.list_consultations(ask).await)?.map(|found| found.consultations))
}

pub(super) async fn show(
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Query(saved): Query<Saved>,
) -> Shown {
    if !asked.as_of.is_empty() {
        return then::show(&visit, &id, &asked.as_of).await;
    }
    let ask = pb::GetCaseRequest { name: name(&id) };
    match calls(&visit).get_case(ask).await {
        Ok(case) => {
            let whole = Whole::of(&visit, &id, case.into_inner()).await?;
            Ok(page(&visit, &id, &whole, (!asked.all.is_empty(), saved.said(visit.language))))
        }
        // Who guards privacy works on no case, and reads who saw it.
        Err(status) if status.code() == Code::NotFound && can(&visit, Action::ReadAudit) => {
            seen::page(&visit, &id, &seen::Days::default()).await
        }
        Err(status) => Err(status.into()),
    }
}

fn page(visit: &Visit, id: &str, whole: &Whole, (all, saved): (bool, Option<&'static str>)) -> Response {
    let (language, own) = (visit.language, words(visit.language));
    let telling = Telling { names: &whole.names, language };
    let Whole { case, timeline, .. } = whole;
    let many = if all { usize::MAX } else { NEWEST };
    let follows = can(visit, Action::ReadHulpvraag);
    let events = timeline.events.iter().rev().take(many).map(|one| parts::event(one, telling, follows));
    let facts = whole.facts.iter().rev().take(many).map(|one| {
        let said = one.said.as_ref();
        let correctable = correct::may_be(said) && facts::is_open_to_mending(case, said);
        context! { correctable, ..parts::fact(one, telling) }
    });
    let told = told(whole, visit);
    // How it ended is put right by taking the closing back.
    let ended = whole.facts.iter().rfind(|one| matches!(one.said, Some(pb::fact::Said::Ended(_))));
    let links = links(visit, id, case);
    let values = context! {
        own, saved,
        home => home(id),
        summary => summary(visit, whole),
        links => links.clone(),
        household => if whole.household { format!("{}/household", home(id)) } else { String::new() },
        picture => told.as_ref().map(picture),
        stages => told.iter().flat_map(stages).map(|(day, stage)| {
            let word: &str = stage.into();
            context! { from => shown::day(&day.to_string(), language), stage => STAGES.say(word, language) }
        }).collect::<Vec<_>>(),
        deadlines =>
            timeline.deadlines.iter().map(|one| meets::term(visit, one, (case, &links))).collect::<Vec<_>>(),
        returned => meets::returned(visit, timeline, (case, &links)),
        warnings => parts::warnings(&timeline.warnings, (&timeline.deadlines, &case.labels), language),
        unusual => case.warnings.iter()
            .map(|one| UNUSUAL.say(one.reason().as_str_name(), language))
            .collect::<Vec<_>>(),
        events => events.collect::<Vec<_>>(),
        facts => facts.collect::<Vec<_>>(),
        ended => ended.map(|one| one.name.as_str()).unwrap_or_default(),
        cut => whole.cut,
        more => !all && whole.facts.len().max(timeline.events.len()) > NEWEST,
        plan => parts::plan(&whole.plan, telling),
        tracks => whole.tracks.as_deref().map(|all| tracks::section(visit, case, (all, timeline), telling)),
        asked => whole.asked.as_deref().map(|all| {
            asked::section(visit, case, (all, whole.consents.as_deref().unwrap_or_default()), telling)
        }),
        people => parts::people(case, language),
        decisions => whole.decisions.iter().map(|one| parts::decision(one, telling)).collect::<Vec<_>>(),
        views => whole.views.iter().map(|one| parts::view(one, telling)).collect::<Vec<_>>(),
        consents => whole.consents.as_ref().map(|all| {
            all.iter().map(|one| parts::consent(one, telling)).collect::<Vec<_>>()
        }),
        meetings => whole.meetings.as_ref().map(|all| {
            all.iter().map(|one| shown::meeting(one, language)).collect::<Vec<_>>()
        }),
    };
    let title = format!("{} {}", own.title, case.reference);
    visit.page("workplace/case.html", title.trim_end(), values)
}

/// What the picture is made of; nothing for who may not see the absence.
fn told<'a>(whole: &'a Whole, visit: &Visit) -> Option<Told<'a>> {
    let first = whole.case.absence.as_ref()?.first_day.parse().ok()?;
    Some(Told {
        timeline: &whole.timeline,
        facts: &whole.facts,
        meetings: whole.meetings.as_deref().unwrap_or_default(),
        first,
        ended: whole.case.outcome_date.parse().ok(),
        day: today(visit),
        language: visit.language,
    })
}

/// Whether the child's own words are shown, or a meeting says that the child was heard there.
fn is_heard(whole: &Whole) -> bool {
    let child = whole.case.child.as_ref().map(|child| child.person.as_str());
    let spoke = whole.views.iter().any(|one| !one.person.is_empty() && Some(one.person.as_str()) == child);
    let at_meeting = |one: &pb::Consultation| {
        one.outcome.as_ref().is_some_and(|outcome| match outcome.child_heard() {
            pb::outcome::ChildHeard::Directly | pb::outcome::ChildHeard::ThroughOthers => true,
            pb::outcome::ChildHeard::Unspecified | pb::outcome::ChildHeard::No => false,
        })
    };
    spoke || whole.meetings.iter().flatten().any(at_meeting)
}

/// How it stands, in short.
fn summary(visit: &Visit, whole: &Whole) -> Value {
    let (language, own) = (visit.language, words(visit.language));
    let Whole { case, timeline, .. } = whole;
    let open = matches!(case.state(), pb::case::State::Open);
    let kind = case.absence.as_ref().map(pb::case::Absence::kind).unwrap_or_default();
    let first = case.absence.as_ref().map(|absence| absence.first_day.as_str()).unwrap_or_default();
    let next = case.next_action_date.parse::<NaiveDate>().ok();
    let heard = case.milestones.as_ref().map(|found| found.child_heard_date.as_str()).unwrap_or_default();
    let suggested = timeline.suggested_escalation_level;
    let acts: Vec<String> = timeline.acts().map(|role| shown::role(role, language)).collect();
    context! {
        open,
        visible => case.stage != 0,
        reference => case.reference.as_str(),
        state => STATES.say(case.state().as_str_name(), language),
        stage => STAGES.say(case.stage().as_str_name(), language),
        days => case.days_absent,
        since => shown::day(first, language),
        kind => ABSENCES.say(kind.as_str_name(), language),
        school => whole.school.as_str(),
        gemeente => whole.names.or_code(&case.residence_gemeente_code),
        level => ladder::said(case.escalation_level, visit),
        suggested => if suggested > case.escalation_level { ladder::said(suggested, visit) } else { "" },
        // What a case counts as is told while somebody works on it.
        labels => if open { labels(case, language) } else { String::new() },
        regisseur => match (case.regisseur.as_str(), whole.names.of_name(&case.regisseur)) {
            ("", _) => own.nobody,
            (_, "") => own.unnamed,
            (_, name) => name,
        },
        next => shown::day(&case.next_action_date, language),
        // Of a closed case it is the day by which the child is to be handed over.
        next_label => if open { own.next } else { own.hand_over },
        passed => open && next.is_some_and(|next| next < today(visit)),
        question => case.question.as_str(),
        external => case.external_references.iter()
            .map(|one| format!("{}: {}", one.system, one.id))
            .collect::<Vec<_>>()
            .join("; "),
        outcome => OUTCOMES.say(case.outcome().as_str_name(), language),
        outcome_date => shown::day(&case.outcome_date, language),
        first_meeting => shown::day(&timeline.first_parent_meeting_date, language),
        first_meeting_days => timeline.days_to_first_parent_meeting,
        heard => shown::day(heard, language),
        is_heard => is_heard(whole),
        acts => acts.join(", "),
    }
}

/// What the visitor can do about it, as far as roles and the state of the case say.
fn links(visit: &Visit, id: &str, case: &pb::Case) -> Value {
    let open = matches!(case.state(), pb::case::State::Open);
    // Who does not see how it stands does not change that.
    let known = !case.etag.is_empty();
    let to = |allowed: bool, verb: &str| if allowed { format!("{}/{verb}", home(id)) } else { String::new() };
    let may = |action: Action| open && can_at(visit, action, case.escalation_level);
    let write = known && may(Action::WriteCase);
    // Of a closed case a next action is that it is handed over, which is then told; as is that somebody looked in.
    let waits = !case.next_action_date.is_empty() || facts::is_looked_after(visit, case);
    let ends = known && !open && waits && can_at(visit, Action::WriteCase, case.escalation_level);
    let climb =
        |up: bool| known && may(Action::EscalateCase) && !levels(visit, case.escalation_level, up).is_empty();
    let child = case.child.as_ref().map(|child| child.person.as_str()).unwrap_or_default();
    let view = to(may(Action::RecordView), "view");
    let about_child = !view.is_empty() && views::speaks(visit, case, child);
    let book = format!("/book?case={}", in_query(&case.name));
    context! {
        advance => to(write, "advance"),
        change => to(write, "change"),
        moves => to(write && !child.is_empty(), "move"),
        correct => to(known && can_at(visit, Action::WriteCase, case.escalation_level), "correct"),
        missed => to(write, "missed"),
        happened => to(write || ends, "happened"),
        tell => to(write, "fact"),
        close => to(known && may(Action::CloseCase), "close"),
        reopen => to(known && !open && can(visit, Action::ReopenCase), "reopen"),
        act => to(may(Action::WritePlan), "act"),
        complete => to(may(Action::WritePlan), "complete"),
        drop => to(may(Action::WritePlan), "drop"),
        raise => to(climb(true), "escalate"),
        lower => to(climb(false), "de-escalate"),
        decide => to(case.escalation_level >= 3 && may(Action::DecideCase), "decide"),
        check => to(may(Action::DecideCase), "check"),
        view_child => if about_child { format!("{view}?of={}", in_query(child)) } else { String::new() },
        view,
        rejoinder => to(may(Action::RecordView), "rejoinder"),
        consent => to(may(Action::RecordConsent), "consent"),
        withdraw => to(can(visit, Action::WithdrawConsent), "withdraw"),
        book => if may(Action::BookConsultation) { book } else { String::new() },
        who_saw => to(can(visit, Action::ReadAudit), "who-saw"),
    }
}
