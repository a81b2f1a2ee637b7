//! `RouteSchool`: who belongs to a school and by which rule, and whom to call about it or to ask at it.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Action, Role},
    directory::routing::{ForRole, Standing, Why},
    dutch::codes::{GemeenteCode, Pc4, Postcode},
    ids::{OrganisationId, PersonId, SchoolId},
};
use schakel_proto::v1::{
    self as pb,
    route_school_response::{Contact, Neighbour},
};
use tonic::{Request, Response, Status};

use super::{
    guide,
    route::{self, Home, Routed},
    route_text,
};
use crate::{
    access::{affiliation, authenticate::today, organisation, professional, rpc::role_to_wire},
    app::App,
    error::{Result, language},
    store::Read,
    wire::{
        call::permit,
        fields::{Fields, text},
    },
};

/// Whom a school can call.
const CALLED: [Role; 6] = [
    Role::Smw,
    Role::Jeugdverpleegkundige,
    Role::Jeugdarts,
    Role::Indicatiesteller,
    Role::Leerplichtambtenaar,
    Role::Gezinswerker,
];

/// Whom others call at the school itself.
const OF_SCHOOL: [Role; 3] = [Role::Iber, Role::Zorgcoordinator, Role::Directeur];

/// Somebody to call.
struct Called {
    role: Role,
    person: PersonId,
    organisation: Option<OrganisationId>,
    /// Stands in for somebody who is away.
    deputy: bool,
    rule: &'static str,
}

/// `RouteSchool`.
pub(super) async fn route_school_rpc(
    app: &App,
    request: Request<pb::RouteSchoolRequest>,
) -> Result<Response<pb::RouteSchoolResponse>, Status> {
    let grant = permit(&request, Action::ReadDirectory)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let school: Option<SchoolId> = fields.parse("school", &request.school);
    let residence: Option<GemeenteCode> =
        fields.parse_if("residence_gemeente_code", &request.residence_gemeente_code);
    let postcode = if request.residence_postcode.len() == 4 {
        let four: Option<Pc4> = fields.parse("residence_postcode", &request.residence_postcode);
        four.map(|four| four.to_string())
    } else {
        let six: Option<Postcode> = fields.parse_if("residence_postcode", &request.residence_postcode);
        six.map(|six| six.to_string())
    };
    let day = fields.date_if("valid_on", &request.valid_on);
    let school = fields.finish(school)?;
    let read = app.read(grant);
    let day = day.unwrap_or_else(|| today(read.now()));
    let home = Home { gemeente: residence.as_ref().map(GemeenteCode::as_str), postcode: postcode.as_deref() };
    let routed = route::route_home(&read, school, home, (&CALLED, day)).await?;
    Ok(Response::new(to_wire(&read, school, &routed, day).await?))
}

async fn to_wire(
    read: &Read,
    school: SchoolId,
    routed: &Routed,
    day: NaiveDate,
) -> Result<pb::RouteSchoolResponse> {
    let first = |role: &ForRole| {
        let (person, standing) = role.first().ok()?;
        Some(Called {
            role: role.role,
            person,
            organisation: routed.organisation(person, role.role),
            deputy: standing == Standing::Deputy || !role.away.is_empty(),
            rule: rule_of(standing),
        })
    };
    let asked: Vec<Called> = routed.route.roles.iter().filter_map(first).collect();
    let all = directory(read, school, routed, day).await?;
    let people: Vec<PersonId> = asked.iter().chain(&all).map(|called| called.person).collect();
    let people = professional::of(read, &people).await?;
    let team = routed.route.team.ok();
    let name = match team {
        Some(team) => organisation::get(read, team.into()).await?.display_name,
        None => String::new(),
    };
    let neighbour = routed.route.tried.iter().find_map(|tried| match &tried.why {
        Why::Elsewhere(at) => {
            Some(Neighbour { swv_code: at.code.clone(), display_name: at.display_name.clone() })
        }
        Why::Found(_) | Why::FirstOf(_) | Why::NotKnown | Why::NoTeam => None,
    });
    Ok(pb::RouteSchoolResponse {
        team: text(team),
        contacts: contacts(&asked, &people),
        rules: routed.route.tried.iter().map(|tried| route_text::rule(tried, &name, language())).collect(),
        team_display_name: name,
        contact_directory: contacts(&all, &people),
        neighbour,
    })
}

/// The school's own people, who guides its cluster, link persons and deputies; two statements.
async fn directory(read: &Read, school: SchoolId, routed: &Routed, day: NaiveDate) -> Result<Vec<Called>> {
    let at = OrganisationId::from(school);
    let mut all = Vec::new();
    let mut own = route::affiliations(read, vec![school.0], &OF_SCHOOL).await?;
    own.retain(|row| row.valid_from <= day && row.valid_until.is_none_or(|last| day <= last));
    own.sort_by_key(|row| (OF_SCHOOL.iter().position(|role| role.to_string() == row.role), row.id));
    for row in own {
        let Ok(role) = row.role.parse() else { continue };
        let person = PersonId(row.person_id);
        all.push(Called { role, person, organisation: Some(at), deputy: false, rule: "OWN_SCHOOL" });
    }
    for (person, role) in guide::of_school(read, school, day).await? {
        all.push(Called { role, person, organisation: None, deputy: false, rule: "CLUSTER" });
    }
    for link in routed.links(day) {
        let called = |person, deputy, rule| Called {
            role: link.role,
            person,
            organisation: Some(link.team.into()),
            deputy,
            rule,
        };
        all.push(called(link.person, false, rule_of(Standing::LinkPerson)));
        all.extend(link.deputy.map(|deputy| called(deputy, true, rule_of(Standing::Deputy))));
    }
    Ok(all)
}

/// Whom the samenwerkingsverband asks at each of these schools on `day`: its intern begeleider, else its
/// zorgcoördinator, else its director; of several the first that was entered. In one statement.
///
/// # Errors
/// When the database fails.
pub async fn of_schools(
    read: &Read,
    schools: &[SchoolId],
    day: NaiveDate,
) -> Result<HashMap<SchoolId, PersonId>> {
    let at: Vec<OrganisationId> = schools.iter().map(|school| (*school).into()).collect();
    let mut posts = affiliation::at_any(read, &at, day).await?;
    let rank = |role: Role| OF_SCHOOL.iter().position(|known| *known == role);
    posts.retain(|post| rank(post.role).is_some());
    // Those of one role stay in the order of their beginning.
    posts.sort_by_key(|post| rank(post.role));
    let mut contacts = HashMap::new();
    for post in posts {
        contacts.entry(SchoolId(post.organisation.0)).or_insert(post.person);
    }
    Ok(contacts)
}

fn rule_of(standing: Standing) -> &'static str {
    match standing {
        Standing::LinkPerson => "LINK_PERSON",
        Standing::Deputy => "DEPUTY",
        Standing::TeamMember => "TEAM_MEMBER",
        Standing::OfficerOfResidence => "OFFICER_OF_RESIDENCE",
    }
}

fn contacts(called: &[Called], people: &HashMap<PersonId, Arc<professional::Model>>) -> Vec<Contact> {
    let contact = |called: &Called| {
        let known = people.get(&called.person)?;
        Some(Contact {
            role: role_to_wire(called.role),
            person: called.person.to_string(),
            display_name: known.display_name.clone(),
            organisation: text(called.organisation),
            deputy: called.deputy,
            email: known.email.clone(),
            phone: known.phone.clone(),
            rule: called.rule.to_owned(),
        })
    };
    called.iter().filter_map(contact).collect()
}
