//! Book: choose what about and with whom, take one of the times that are offered, confirm it.
//!
//! The address of the page says the whole wish, so that it can be kept and sent on, unless so many
//! come that no address holds them; what is personal and written by hand stands in forms alone. A
//! time that is taken is held for the person while they confirm it.

pub(in crate::web::workplace) mod grid;
mod held;
pub(in crate::web::workplace) mod people;
pub(in crate::web::workplace) mod take;
pub(in crate::web::workplace) mod times;
mod turns;
pub(in crate::web::workplace) mod wish;

use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{get, post},
};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    consultation::Kind, hulpvraag_service_client::HulpvraagServiceClient, kind_rules::About,
    kind_service_client::KindServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use self::{
    people::People,
    times::Found,
    turns::Turn,
    wish::{Chair, Wish},
};
use super::{
    Workplace,
    region::names::{PAGE, PAGES, walk},
    shown,
    trouble::{Faults, Shown, Trouble, if_allowed, see_other},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Overleg plannen", "Book a meeting";
    about: "Waarover", "About what";
    case: "Dossier van het kind", "Case of the child";
    no_case: "Geen kind: een onderwerp", "No child: a subject";
    school: "School", "School";
    kind: "Soort overleg", "Kind of meeting";
    choose: "Kies", "Choose";
    with_child: "Over een kind", "About a child";
    either: "Met of zonder kind", "With or without a child";
    without_child: "Zonder kind", "Without a child";
    needs_case: "Dit soort overleg gaat over een kind. Kies een dossier.",
        "This kind of meeting is about a child. Choose a case.";
    no_child: "Dit soort overleg gaat niet over één kind. Kies geen dossier.",
        "This kind of meeting is not about one child. Choose no case.";
    parts: "Kies hierboven één dossier, of hieronder de kinderen die na elkaar aan bod komen.",
        "Choose one case above, or below the children who have their turn one after the other.";
    for_request: "Dit overleg hoort bij een hulpvraag die is aangenomen. Wie hem aannam, komt ook.",
        "This meeting belongs to a request for help that was taken. Whoever took it comes too.";
    not_for_request: "Dit overleg hoort niet meer bij de hulpvraag: die gaat over een ander kind of wacht niet op een overleg. Begin opnieuw bij Hulpvragen als het wel daarvoor is.",
        "This meeting does not belong to the request for help any more: that is about another child or waits for no meeting. Begin again at Requests for help if it is meant for it.";
    propose: "Toon tijden", "Show times";
    table: "Wie komt er", "Who comes";
    table_hint: "Wij stellen voor wie er nodig is. Pas het aan als dat beter is.",
        "We propose who is needed. Change it where that is better.";
    must: "moet erbij zijn", "must be there";
    may: "mag wegblijven", "may stay away";
    not: "komt niet", "does not come";
    anybody: "wie er kan", "whoever can";
    add: "Nog iemand erbij", "One more";
    nobody: "niemand", "nobody";
    by_name: "Bij naam", "By name";
    by_role: "Wie er kan van deze functie", "Whoever can of this function";
    minutes: "Hoe lang, in minuten", "How long, in minutes";
    place: "Waar", "Where";
    from: "Niet eerder dan", "Not before";
    soon: "Het kan niet wachten: ook op korte termijn", "It cannot wait: also at short notice";
    search: "Zoek opnieuw", "Search again";
    offered: "Tijden die kunnen", "Possible times";
    offered_hint: "De beste tijd staat bovenaan. Van elke ochtend en middag staat er één.",
        "The best time comes first. Of each morning and afternoon there is one.";
    to_week: "Bekijk het weekrooster", "See the grid of the week";
    take: "Kies deze tijd", "Choose this time";
    with: "Met", "With";
    none: "Er is geen tijd waarop iedereen kan", "There is no time at which everybody can come";
    none_hint: "Dit staat in de weg. Als één hiervan verandert, is er wel tijd.",
        "This is in the way. If one of these changes, there is time.";
    who: "Het gaat om:", "It is about:";
    without: "Dan kan het bijvoorbeeld:", "Then it can be, for example:";
    anyway: "Zoek een tijd waarop zij mogen wegblijven", "Find a time at which they may stay away";
    week: "De week in beeld", "The week at a glance";
    before: "Week eerder", "Week before";
    after: "Week later", "Week after";
    holds: "Tijden die u nu vasthoudt", "Times that you hold now";
    release: "Laat los", "Release";
    resume: "Ga verder met boeken", "Go on booking";
    resume_hint: "Kies waarvoor u deze tijd vasthoudt.", "Choose what you hold this time for.";
    stranger: "U houdt deze tijd ook vast voor iemand die niet bij deze school of dit kind hoort. Kies het kind en het soort overleg waarvoor u de tijd vasthield, of laat hem los.",
        "You hold this time for somebody too who is not of this school or child. Choose the child and the kind of meeting for which you held it, or let it go.";
    over: "Deze tijd wordt niet meer vastgehouden.", "This time is not held any more.";
    own_hold: "U houdt deze tijd zelf al vast, met iemand die hier ook bij moet zijn. Ga daarmee verder of laat die tijd eerst los. Er is niets geboekt.",
        "You hold this time yourself already, with somebody who must be here too. Go on with that or release it first. Nothing was booked.";
    faster: "Iemand was u net voor, of de tijd was niet meer vrij. Er is niets geboekt. Hieronder staan de tijden die nu kunnen.",
        "Somebody was just faster, or the time was no longer free. Nothing was booked. Below are the times that are possible now.";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("workplace/grid.html", include_str!("../../templates/workplace/grid.html")),
    ("workplace/book.html", include_str!("../../templates/workplace/book.html")),
    ("workplace/book_confirm.html", include_str!("../../templates/workplace/book_confirm.html")),
];

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/book", get(show).post(take::book))
        .route("/book/search", post(search).get(begin))
        .route("/book/time", post(take::hold).get(begin))
        .route("/book/release", post(take::release).get(begin))
        .route("/book/held", post(held::resume).get(begin))
}

/// Whoever comes back to the address of a form begins where it stood.
async fn begin(_: Visit) -> Response {
    see_other("/book")
}

async fn show(visit: Visit, Query(asked): Query<Vec<(String, String)>>) -> Shown {
    let wish = Wish::asked(&asked)?;
    page(&visit, wish, Outcome::Asked).await
}

/// The wish of a form: the page at its address or, of one that is too long for an address, the page.
async fn search(visit: Visit, form: Posted) -> Shown {
    sought(&visit, Wish::posted(&form)?).await
}

async fn sought(visit: &Visit, wish: Wish) -> Shown {
    match wish.address() {
        Some(path) => Ok(see_other(&path)),
        None => page(visit, wish, Outcome::Asked).await,
    }
}

/// Why the page is shown.
enum Outcome {
    /// It was asked for.
    Asked,
    /// The time that was chosen could not be taken.
    Refused(Faults),
    /// It could not, because the visitor holds it otherwise.
    Held(Faults),
}

/// What everything is chosen from.
struct Choices {
    kinds: Vec<pb::KindRules>,
    cases: Vec<pb::Case>,
    schools: Vec<pb::School>,
    holds: Vec<pb::Hold>,
}

impl Choices {
    async fn of(visit: &Visit) -> Result<Self, Trouble> {
        // Whoever may not book has no times to hold: the page is not for them.
        let holds = held::own(visit).await?;
        let ask = pb::ListKindsRequest::default();
        let kinds = KindServiceClient::new(visit.calls()).list_kinds(ask).await?.into_inner().kinds;
        let cases = Self::cases(visit).await?;
        let schools = walk!(visit, list_schools, schools, pb::ListSchoolsRequest::default());
        Ok(Self { kinds, cases, schools, holds })
    }

    /// The open cases; none for whoever may see none.
    async fn cases(visit: &Visit) -> Result<Vec<pb::Case>, Trouble> {
        let mut cases = Vec::new();
        let mut ask = pb::ListCasesRequest { page_size: PAGE, ..Default::default() };
        for _ in 0..PAGES {
            let answer = ThuiszitterServiceClient::new(visit.calls()).list_cases(ask.clone()).await;
            let page = if_allowed(answer)?.unwrap_or_default();
            cases.extend(page.cases);
            ask.page_token = page.next_page_token;
            if ask.page_token.is_empty() {
                break;
            }
        }
        Ok(cases)
    }
}

/// The rules of a kind today.
pub(in crate::web::workplace) async fn rules(visit: &Visit, kind: Kind) -> Result<pb::KindRules, Trouble> {
    let ask = pb::GetKindRequest { kind: kind.into(), ..Default::default() };
    Ok(KindServiceClient::new(visit.calls()).get_kind(ask).await?.into_inner())
}

/// The page with everything that is known of a wish.
async fn page(visit: &Visit, mut wish: Wish, outcome: Outcome) -> Shown {
    let own = words(visit.language);
    let choices = Choices::of(visit).await?;
    let asked = taken(visit, &wish).await?;
    let unfit = asked.is_none() && !wish.hulpvraag.is_empty();
    if asked.is_none() {
        wish.hulpvraag.clear();
    }
    if wish.school.is_empty() && wish.case.is_empty() {
        let here = visit.session.acting.iter().find(|at| at.kind == "SCHOOL");
        wish.school = here.map(|at| format!("schools/{}", at.organisation.0)).unwrap_or_default();
    }
    if !wish.school.is_empty() {
        // The form takes the children along, also to a school that is not theirs.
        let elsewhere = |turn: &Turn, case: &pb::Case| case.name == turn.case && case.school != wish.school;
        wish.turns.retain(|turn| !choices.cases.iter().any(|case| elsewhere(turn, case)));
    }
    let rules = choices.kinds.iter().find(|rules| rules.kind() == wish.kind);
    let (hint, found) = match rules {
        None => ("", None),
        Some(rules) => match misfit(rules, &wish, visit.language) {
            "" => ("", Some(proposal(visit, &mut wish, (rules, asked.as_ref())).await?)),
            hint => (hint, None),
        },
    };
    let (status, faults, mine) = match outcome {
        Outcome::Asked => (StatusCode::OK, None, false),
        Outcome::Refused(faults) => (StatusCode::CONFLICT, Some(faults), false),
        Outcome::Held(faults) => (StatusCode::CONFLICT, Some(faults), true),
    };
    // Whoever chose one case chose no others.
    let several = wish.case.is_empty() && rules.is_some_and(|rules| rules.capacity > 0);
    let held: Vec<Value> = choices.holds.iter().map(|hold| kept(hold, visit.language)).collect();
    let values = context! {
        own, hint, held, unfit,
        children => several.then(|| turns::choices(&choices.cases, &wish, visit.language)),
        pairs => wish.fields(),
        hulpvraag => wish.hulpvraag.as_str(),
        known => rules.is_some() && hint.is_empty(),
        gone => !mine && faults.as_ref().is_some_and(take::is_gone),
        faster => if mine { own.own_hold } else { faults.as_ref().map_or("", |faults| faults.summary.as_str()) },
        cases => cases(&choices.cases, &wish),
        schools => schools(&choices.schools, &wish),
        kinds => kinds(&choices.kinds, &wish, (own, visit.language)),
        found => found,
        request_id => visit.request_id(),
        today => schakel_domain::time::wall_clock(chrono_tz::Europe::Amsterdam, visit.app.now()).date().to_string(),
    };
    Ok(visit.page_with(status, ("workplace/book.html", own.title), values))
}

/// What is to be chosen otherwise before anybody is asked for a time; empty when it fits.
fn misfit(rules: &pb::KindRules, wish: &Wish, language: Language) -> &'static str {
    if !wish.turns.is_empty() {
        return turns::misfit(rules, wish, language);
    }
    let (own, child) = (words(language), !wish.case.is_empty());
    match rules.about() {
        About::Child if !child && rules.capacity > 0 => own.parts,
        About::Child if !child => own.needs_case,
        About::Policy | About::Unnamed if child => own.no_child,
        About::Unspecified | About::Child | About::Either | About::Policy | About::Unnamed => "",
    }
}

/// The table, the times and the week for a kind of meeting.
async fn proposal(
    visit: &Visit,
    wish: &mut Wish,
    (rules, asked): (&pb::KindRules, Option<&pb::Hulpvraag>),
) -> Result<Value, Trouble> {
    let language = visit.language;
    let mut people = People::around(visit, &wish.case, &wish.school).await?;
    let table = match &wish.chairs {
        Some(chairs) => chairs.clone(),
        None => with_taker(asked, people.proposed(visit, rules)),
    };
    let place = wish.place(rules);
    let after = times::after(wish, rules, visit.app.now());
    let ask = times::Ask {
        place,
        after,
        school: &people.school,
        case: &wish.case,
        table: &table,
        minutes: wish.length(rules),
        quorum: rules.quorum,
    };
    let found = if table.is_empty() { Found::default() } else { times::find(visit, &ask).await? };
    let sits = found.slots.iter().flat_map(|slot| &slot.seats).map(|taken| taken.person.as_str());
    people.ask_names(visit, sits).await?;
    let there = times::filled(&table, found.slots.first(), &people);
    let named: Vec<(Chair, String)> =
        there.iter().map(|chair| (chair.clone(), times::called(chair, &people, language))).collect();
    let first = found.slots.first().and_then(times::begins).unwrap_or(after);
    let week = grid::Ask {
        place,
        school: &people.school,
        case: &wish.case,
        table: &named,
        minutes: wish.length(rules),
        monday: wish.week.unwrap_or_else(|| grid::monday(first)),
        // Sooner is told on the next page, where it can be said why.
        after: visit.app.now(),
        own: None,
    };
    let week = if found.faults.is_none() { grid::week(visit, &week).await? } else { Value::from(()) };
    let seen = (table.as_slice(), &people);
    wish.chairs = Some(table.clone());
    Ok(context! {
        week,
        faults => found.faults.as_ref().map(Value::from),
        chairs => table.iter().map(|one| chair(one, &people, language)).collect::<Vec<_>>(),
        others => others(&table, &people, language),
        roles => roles(rules, wish, language),
        minutes => wish.length(rules),
        least => rules.min_minutes,
        most => rules.max_minutes,
        places => rules.places().map(|at| {
            context! { value => wish::place_word(at), label => shown::place(at, language), here => at == place }
        }).collect::<Vec<_>>(),
        from => times::day(wish.from),
        soon => wish.soon,
        slots => found.slots.iter().map(|one| times::slot(one, seen, language)).collect::<Vec<_>>(),
        obstacles => found.obstacles.iter()
            .map(|one| times::obstacle(one, (wish, rules), seen, language)).collect::<Vec<_>>(),
        warnings => found.warnings.clone(),
        table => there.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
    })
}

/// The request for help that the meeting is for: one that was taken and waits for a meeting, about that child or
/// about none.
async fn taken(visit: &Visit, wish: &Wish) -> Result<Option<pb::Hulpvraag>, Trouble> {
    if wish.hulpvraag.is_empty() {
        return Ok(None);
    }
    let ask = pb::GetHulpvraagRequest { name: wish.hulpvraag.clone() };
    let asked = if_allowed(HulpvraagServiceClient::new(visit.calls()).get_hulpvraag(ask).await)?;
    Ok(asked.filter(|asked| {
        matches!(asked.state(), pb::hulpvraag::State::Accepted)
            && (asked.case.is_empty() || asked.case == wish.case)
    }))
}

/// A table at which whoever took the request for help comes too, in the place of anybody of that role.
fn with_taker(asked: Option<&pb::Hulpvraag>, mut table: Vec<Chair>) -> Vec<Chair> {
    let Some(asked) = asked.filter(|asked| !asked.person.is_empty()) else { return table };
    let taker = Chair { person: asked.person.clone(), role: asked.role(), optional: false };
    if let Some(chair) = table.iter_mut().find(|chair| chair.person.is_empty() && chair.role == taker.role) {
        *chair = taker;
    } else if table.iter().all(|chair| chair.person != taker.person) {
        table.push(taker);
    }
    table
}

/// Somebody at the table: `value` for the address, `name`, `role`, `optional`.
fn chair(one: &Chair, people: &People, language: Language) -> Value {
    let firm = Chair { optional: false, ..one.clone() };
    let name = if one.person.is_empty() { String::new() } else { times::called(one, people, language) };
    context! {
        name,
        value => firm.to_string(),
        role => shown::role(one.role, language),
        optional => one.optional,
    }
}

/// Professionals around the school who are not at the table yet.
fn others(table: &[Chair], people: &People, language: Language) -> Vec<Value> {
    let absent = |chair: &Chair| table.iter().all(|there| there.person != chair.person);
    let others = people.contacts.iter().filter(|(chair, _)| absent(chair));
    others
        .map(|(chair, name)| {
            let label = format!("{name}, {}", shown::role(chair.role, language));
            context! { label, value => chair.to_string() }
        })
        .collect()
}

/// The roles that the kind names; whoever can of them. A family comes for one child.
fn roles(rules: &pb::KindRules, wish: &Wish, language: Language) -> Vec<Value> {
    let mut all: Vec<pb::Role> = rules.must_come.iter().flat_map(pb::kind_rules::AnyOf::roles).collect();
    all.extend(rules.may_come());
    all.retain(|role| !wish.case.is_empty() || !times::is_private(*role));
    let mut seen: Vec<pb::Role> = Vec::new();
    for role in all {
        if !seen.contains(&role) {
            seen.push(role);
        }
    }
    let shown = |role: pb::Role| {
        let chair = Chair { person: String::new(), role, optional: false };
        context! { value => chair.to_string(), label => shown::role(role, language) }
    };
    seen.into_iter().map(shown).collect()
}

fn cases(all: &[pb::Case], wish: &Wish) -> Vec<Value> {
    let mut shown: Vec<Value> = (all.iter())
        .map(|one| {
            context! { value => one.name.as_str(), label => one.reference.as_str(), here => one.name == wish.case }
        })
        .collect();
    if !wish.case.is_empty() && all.iter().all(|one| one.name != wish.case) {
        let value = wish.case.as_str();
        shown.push(context! { value, label => value, here => true });
    }
    shown
}

fn schools(all: &[pb::School], wish: &Wish) -> Vec<Value> {
    let shown = |one: &pb::School| {
        let here = wish.case.is_empty() && one.name == wish.school;
        context! { here, value => one.name.as_str(), label => one.display_name.as_str() }
    };
    all.iter().map(shown).collect()
}

/// The kinds in groups: about a child, either, about none.
fn kinds(all: &[pb::KindRules], wish: &Wish, (own, language): (&Words, Language)) -> Vec<Value> {
    let group = |label: &str, wanted: &[About]| {
        let of_group = all.iter().filter(|rules| wanted.contains(&rules.about()));
        let options: Vec<Value> = of_group
            .map(|rules| {
                let kind = rules.kind();
                let label = shown::kind(kind, language);
                context! { label, value => wish::kind_word(kind), here => kind == wish.kind }
            })
            .collect();
        context! { label, options }
    };
    vec![
        group(own.with_child, &[About::Child]),
        group(own.either, &[About::Either]),
        group(own.without_child, &[About::Policy, About::Unnamed]),
    ]
}

fn kept(hold: &pb::Hold, language: Language) -> Value {
    let when = shown::span(hold.start_time.as_ref(), hold.duration.as_ref(), language);
    context! { when, name => hold.name.as_str() }
}
