//! The team of whoever plans for it: who has which meetings in a week, who is away and who comes
//! instead, and the requests that wait for an answer.

use axum::{Router, extract::Query, routing::get};
use chrono::{DateTime, Days, NaiveDate, Utc};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    absence, availability_service_client::AvailabilityServiceClient,
    directory_service_client::DirectoryServiceClient, get_workload_request::Of, hulpvraag::State,
    hulpvraag_service_client::HulpvraagServiceClient, list_team_meetings_response as listed,
    organisation::Kind, propose_substitutes_response as proposed,
    staffing_service_client::StaffingServiceClient,
};
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;
use serde::Deserialize;
use tonic::{Code, Response, Status};

use super::{
    Workplace,
    book::{grid, wish::is_near},
    region::names::{Names, walk},
    shown,
    trouble::{Faults, Shown, Trouble, see_other},
    visit::{Posted, Visit},
    words::words,
};
use crate::{web::form::ANSWER_INVALID, wire::time::timestamp};

words! {
    title: "Team", "Team";
    week: "Week van", "Week of";
    before: "Week eerder", "Week before";
    after: "Week later", "Week after";
    this_week: "Deze week", "This week";
    envelope: "U ziet wanneer en waar uw team overleg heeft. Waar het over gaat, weet alleen wie aan tafel zit.",
        "You see when and where your team meets. What it is about only those at the table know.";
    replacing: "Zoek een vervanger", "Find a substitute";
    cannot: "kan niet komen bij het overleg", "cannot come to the meeting";
    nobody: "Niemand van het team is dan vrij. Bel de school.", "Nobody of the team is free then. Call the school.";
    comes: "Wie komt", "Who comes";
    do_replace: "Vervang", "Replace";
    told: "Alleen wie gaat en wie komt, krijgt bericht.", "Only who leaves and who comes are told.";
    meanwhile: "Dit is al geregeld, of het hoort niet meer bij uw team. U ziet nu hoe het staat.",
        "This is already done, or no longer your team's. You now see how it stands.";
    that_week: "overleg die week", "of meetings that week";
    members: "Mensen in dit team", "People in this team";
    no_members: "Er zit nog niemand in dit team.", "Nobody is in this team yet.";
    name: "Naam", "Name";
    meetings: "Overleg", "Meetings";
    no_meetings: "geen", "none";
    load: "Hoe vol de week is", "How full the week is";
    of_work: "overleg van", "of meetings out of";
    work: "werk", "of work";
    choose: "Kies iemand", "Choose somebody";
    away: "Afwezig", "Away";
    cannot_come: "kan niet", "cannot come";
    more: "Er zijn meer overleggen dan hier passen.", "There are more meetings than fit here.";
    requests: "Hulpvragen die op antwoord wachten", "Requests that wait for an answer";
    no_requests: "Er wacht geen hulpvraag op antwoord.", "No request waits for an answer.";
    asks_for: "Vraagt om", "Asks for";
    about: "Over", "About";
    wanted: "Overleg uiterlijk", "To meet by";
    due: "Antwoord uiterlijk", "Answer by";
    taker: "Wie neemt de hulpvraag", "Who takes the request";
    accept: "Neem aan", "Accept";
    none_of_role: "Niemand in dit team heeft die rol.", "Nobody in this team has that role.";
    reason: "Waarom niet (de school leest dit)", "Why not (the school reads this)";
    decline: "Wijs af", "Decline";
    other_team: "Naar welk team", "To which team";
    choose_team: "Kies een team", "Choose a team";
    why_other: "Waarom naar een ander team (dat team en de school lezen dit)",
        "Why to another team (that team and the school read this)";
    forward: "Stuur door", "Send on";
    leave: "verlof", "leave";
    study: "studie", "study";
    gone: "afwezig", "away";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] =
    &[("workplace/team.html", include_str!("../templates/workplace/team.html"))];

/// As many meetings as one answer holds.
const MOST: usize = 200;

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/team", get(show).post(change))
}

/// Which week is looked at.
#[derive(Deserialize)]
struct Looked {
    week: Option<NaiveDate>,
}

async fn show(visit: Visit, Query(looked): Query<Looked>) -> Shown {
    page(&visit, looked.week, None).await
}

/// The id of the organisation that is acted for, which is that of its team.
fn own_id(visit: &Visit) -> &str {
    visit.me.acting_for.rsplit_once('/').map_or("", |(_, id)| id)
}

/// A week on the Dutch clock.
struct Week {
    monday: NaiveDate,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Week {
    fn of(visit: &Visit, asked: Option<NaiveDate>) -> Self {
        let at = asked.filter(|day| is_near(*day)).map_or_else(|| visit.app.now(), grid::midnight);
        let monday = grid::monday(at);
        Self { monday, from: grid::midnight(monday), until: grid::midnight(monday + Days::new(7)) }
    }

    /// Whether something of these days touches it; an open end stays open.
    fn meets(&self, from: &str, until: &str) -> bool {
        let last = (self.monday + Days::new(6)).to_string();
        from <= last.as_str() && (until.is_empty() || until >= self.monday.to_string().as_str())
    }
}

/// `afwezig 24 november 2026 – 27 november 2026`; why is not told.
fn absence(one: &pb::Absence, language: Language) -> String {
    let own = words(language);
    let kind = match one.kind() {
        absence::Kind::Unspecified | absence::Kind::Away => own.gone,
        absence::Kind::Leave => own.leave,
        absence::Kind::Study => own.study,
    };
    let (from, until) = (shown::day(&one.valid_from, language), shown::day(&one.valid_until, language));
    format!("{kind} {from} – {until}")
}

/// `1 uur en 30 minuten`.
fn length(minutes: i32, language: Language) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    let [hour, and, minute] = match language {
        Language::Dutch => ["uur", "en", if rest == 1 { "minuut" } else { "minuten" }],
        Language::English => {
            [if hours == 1 { "hour" } else { "hours" }, "and", if rest == 1 { "minute" } else { "minutes" }]
        }
    };
    if rest == 0 {
        format!("{hours} {hour}")
    } else if hours == 0 {
        format!("{rest} {minute}")
    } else {
        format!("{hours} {hour} {and} {rest} {minute}")
    }
}

/// A form of the page that was refused, and why.
struct Refused<'a> {
    faults: Faults,
    form: &'a Posted,
}

/// What was filled in, for the form that says the same `what` of the same `name`.
fn filled(refused: Option<&Refused<'_>>) -> Value {
    let Some(Refused { form, .. }) = refused else { return context! { what => "" } };
    let said = |name: &str| form.one(name).unwrap_or_default().to_owned();
    context! {
        what => said("do"),
        name => said("name"),
        leaves => said("leaves"),
        comes => said("comes"),
        person => said("person"),
        team => said("team"),
        reason => said("reason"),
    }
}

/// Everything that the page is made of.
struct Found {
    label: String,
    week: Week,
    meetings: Vec<listed::Meeting>,
    loads: Vec<pb::get_workload_response::Workload>,
    posts: Vec<pb::Affiliation>,
    away: Vec<pb::Absence>,
    /// Who has to be replaced, and where.
    vacant: Vec<(String, proposed::Meeting)>,
    requests: Vec<pb::Hulpvraag>,
    schools: Names,
}

impl Found {
    async fn of(visit: &Visit, asked: Option<NaiveDate>) -> Result<Self, Trouble> {
        let week = Week::of(visit, asked);
        let team = format!("teams/{}", own_id(visit));
        let (start_time, end_time) = (Some(timestamp(week.from)), Some(timestamp(week.until)));
        let mut staffing = StaffingServiceClient::new(visit.calls());
        let ask = pb::ListTeamMeetingsRequest { team: team.clone(), start_time, end_time };
        let meetings = staffing.list_team_meetings(ask).await?.into_inner().meetings;
        let ask = pb::GetWorkloadRequest { of: Some(Of::Team(team.clone())), start_time, end_time };
        let loads = staffing.get_workload(ask).await?.into_inner().workloads;
        let label = DirectoryServiceClient::new(visit.calls())
            .get_team(pb::GetTeamRequest { name: team })
            .await?
            .into_inner()
            .display_name;
        let ask =
            pb::ListAffiliationsRequest { organisation: visit.me.acting_for.clone(), ..Default::default() };
        let posts = walk!(visit, list_affiliations, affiliations, ask);
        let mut away = Vec::new();
        for load in &loads {
            let ask = pb::ListAbsencesRequest {
                person: load.person.clone(),
                show_ended: true,
                ..Default::default()
            };
            let calendar = AvailabilityServiceClient::new(visit.calls());
            away.extend(walk!(calendar => list_absences, absences, ask));
        }
        away.retain(|one: &pb::Absence| week.meets(&one.valid_from, &one.valid_until));
        let gone = meetings.iter().flat_map(|meeting| &meeting.members).filter(|member| member.missing);
        let mut gone: Vec<&str> = gone.map(|member| member.person.as_str()).collect();
        gone.sort_unstable();
        gone.dedup();
        let mut vacant = Vec::new();
        for person in gone {
            let ask = pb::ProposeSubstitutesRequest { person: person.to_owned(), start_time, end_time };
            let found = staffing.propose_substitutes(ask).await?.into_inner().meetings;
            vacant.extend(found.into_iter().map(|meeting| (person.to_owned(), meeting)));
        }
        let mut requests: Vec<pb::Hulpvraag> = Vec::new();
        for state in [State::Requested, State::Forwarded] {
            let ask = pb::ListHulpvragenRequest { state: state.into(), ..Default::default() };
            let client = HulpvraagServiceClient::new(visit.calls());
            requests.extend(walk!(client => list_hulpvragen, hulpvragen, ask));
        }
        requests.sort_by(|one, other| one.answer_due_date.cmp(&other.answer_due_date));
        let schools = Names::organisations(visit).await?;
        Ok(Self { label, week, meetings, loads, posts, away, vacant, requests, schools })
    }

    /// The teams to which a request can be sent on: all but that of `own` id.
    fn others(&self, own: &str) -> Vec<Value> {
        let own = format!("teams/{own}");
        let mut teams = self.schools.options("teams", Some(Kind::Team));
        teams.retain(|one| one.get_attr("value").is_ok_and(|team| team.as_str() != Some(own.as_str())));
        teams
    }

    fn name(&self, person: &str) -> &str {
        let members = self.meetings.iter().flat_map(|meeting| &meeting.members);
        let sits = members.map(|member| (member.person.as_str(), member.display_name.as_str()));
        let works = self.loads.iter().map(|load| (load.person.as_str(), load.display_name.as_str()));
        works.chain(sits).find(|(one, _)| *one == person).map_or("–", |(_, name)| name)
    }

    /// A meeting as its envelope has it.
    fn meeting(&self, one: &listed::Meeting, language: Language) -> Value {
        context! {
            reference => one.reference.as_str(),
            when => shown::span(one.start_time.as_ref(), one.duration.as_ref(), language),
            place => shown::place(one.place(), language),
            school => if one.school.is_empty() { "" } else { self.schools.of(&one.school) },
        }
    }

    /// Somebody of the team, with their week.
    fn member(&self, post: &pb::Affiliation, language: Language) -> Value {
        let role = post.role();
        let meetings = self.meetings.iter().filter_map(|meeting| {
            let seat = meeting.members.iter().find(|at| at.person == post.person && at.role() == role)?;
            Some(context! { missing => seat.missing, ..self.meeting(meeting, language) })
        });
        let load = self.loads.iter().find(|load| load.person == post.person).map(|load| {
            let (own, long) = (words(language), |minutes| length(minutes, language));
            format!("{} {} {} {}", long(load.meeting_minutes), own.of_work, long(load.work_minutes), own.work)
        });
        let away = self.away.iter().filter(|one| one.person == post.person);
        context! {
            label => self.name(&post.person),
            role => shown::role(role, language),
            href => format!("/region/people/{}", post.person.rsplit_once('/').map_or("", |(_, id)| id)),
            meetings => meetings.collect::<Vec<_>>(),
            load => load.unwrap_or_default(),
            away => away.map(|one| absence(one, language)).collect::<Vec<_>>(),
        }
    }

    /// Somebody who cannot come to a meeting, and who could.
    fn vacancy(&self, (person, vacant): &(String, proposed::Meeting), language: Language) -> Value {
        let own = words(language);
        let known = self.meetings.iter().find(|meeting| meeting.name == vacant.name);
        let comes = vacant.substitutes.iter().map(|one| {
            let load =
                one.week_minutes.map(|week| format!(" ({} {})", length(week, language), own.that_week));
            let label = format!("{}{}", one.display_name, load.unwrap_or_default());
            context! { label, value => one.person.as_str() }
        });
        context! {
            person => person.as_str(),
            label => self.name(person),
            role => shown::role(vacant.role(), language),
            consultation => vacant.name.as_str(),
            etag => vacant.etag.as_str(),
            reference => known.map_or("", |known| known.reference.as_str()),
            when => shown::span(vacant.start_time.as_ref(), vacant.duration.as_ref(), language),
            school => if vacant.school.is_empty() { "" } else { self.schools.of(&vacant.school) },
            comes => comes.collect::<Vec<_>>(),
        }
    }

    /// A request before it is accepted: of which school, for whom, and by when.
    fn request(&self, one: &pb::Hulpvraag, language: Language) -> Value {
        let takers = self.posts.iter().filter(|post| post.role() == one.role()).map(|post| {
            context! { value => post.person.as_str(), label => self.name(&post.person) }
        });
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            school => self.schools.of(&one.school),
            role => shown::role(one.role(), language),
            category => shown::category(one.category(), language),
            wanted => shown::day(&one.target_date, language),
            due => shown::day(&one.answer_due_date, language),
            takers => takers.collect::<Vec<_>>(),
        }
    }
}

async fn page(visit: &Visit, asked: Option<NaiveDate>, refused: Option<&Refused<'_>>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let found = Found::of(visit, asked).await?;
    // Whoever plans is in the team too, and carries none of its work.
    let works = |post: &&pb::Affiliation| found.loads.iter().any(|load| load.person == post.person);
    let members = found.posts.iter().filter(works).map(|post| found.member(post, language));
    let monday = found.week.monday;
    let values = context! {
        own,
        faults => refused.map(|refused| Value::from(&refused.faults)),
        filled => filled(refused),
        label => found.label.as_str(),
        members => members.collect::<Vec<_>>(),
        vacant => found.vacant.iter().map(|one| found.vacancy(one, language)).collect::<Vec<_>>(),
        requests => found.requests.iter().map(|one| found.request(one, language)).collect::<Vec<_>>(),
        teams => found.others(own_id(visit)),
        more => found.meetings.len() >= MOST,
        monday => dates::date(found.week.from, language),
        week => monday.to_string(),
        before => (monday - Days::new(7)).to_string(),
        after => (monday + Days::new(7)).to_string(),
        request_id => visit.request_id(),
    };
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/team.html", own.title), values))
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let week = form.one("week")?.parse::<NaiveDate>().ok().filter(|day| is_near(*day));
    let request_id = form.given("request_id")?.to_owned();
    let name = form.given("name")?.to_owned();
    let etag = form.given("etag")?.to_owned();
    let done = match form.one("do")? {
        "replace" => {
            let choice = pb::substitute_participants_request::Choice {
                consultation: name,
                substitute: form.given("comes")?.to_owned(),
                etag,
            };
            let ask = pb::SubstituteParticipantsRequest {
                person: form.given("leaves")?.to_owned(),
                choices: vec![choice],
                request_id,
            };
            ended(StaffingServiceClient::new(visit.calls()).substitute_participants(ask).await)
        }
        "accept" => {
            let person = form.given("person")?.to_owned();
            let ask = pb::AcceptHulpvraagRequest { name, person, etag, request_id };
            ended(HulpvraagServiceClient::new(visit.calls()).accept_hulpvraag(ask).await)
        }
        "decline" => {
            let reason = form.one("reason")?.to_owned();
            let ask = pb::DeclineHulpvraagRequest { name, reason, etag, request_id };
            ended(HulpvraagServiceClient::new(visit.calls()).decline_hulpvraag(ask).await)
        }
        "forward" => {
            let (team, reason) = (form.one("team")?.to_owned(), form.one("reason")?.to_owned());
            let ask = pb::ForwardHulpvraagRequest { name, team, reason, etag, request_id };
            ended(HulpvraagServiceClient::new(visit.calls()).forward_hulpvraag(ask).await)
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match done {
        Ok(()) => Ok(see_other(&week.map_or_else(|| "/team".to_owned(), |day| format!("/team?week={day}")))),
        // Whom somebody else replaced meanwhile is at no meeting that the planner may change.
        Err(status) if status.code() == Code::NotFound => {
            let summary = words(visit.language).meanwhile.to_owned();
            let faults = Faults { summary, ..Faults::default() };
            page(&visit, week, Some(&Refused { faults, form: &form })).await
        }
        Err(status) => {
            let faults = Faults::of(*status)?;
            page(&visit, week, Some(&Refused { faults, form: &form })).await
        }
    }
}

fn ended<T>(answer: Result<Response<T>, Status>) -> Result<(), Box<Status>> {
    answer.map(|_| ()).map_err(Box::new)
}
