//! The form of a year plan: what it offers to whom, whom it proposes for the table, and what is asked
//! with it.

use std::collections::BTreeMap;

use minijinja::{Value, context};
use pb::{
    consultation::{Kind, Place},
    kind_rules::{About, AnyOf},
    kind_service_client::KindServiceClient,
    plan_seat::Who,
    plan_year_request::By,
};
use schakel_domain::{
    access::{Action, Relation, Role, may},
    refusal::Language,
};
use schakel_proto::v1 as pb;

use super::{choose, names::walk, option, role, roles};
use crate::web::{
    form::Fields,
    problem::{NOT_FOUND, Problem},
    workplace::{book::people::People, shown, trouble::Trouble, visit::Visit, words::words},
};

words! {
    one_of: "of", "or";
    yourself: "uzelf", "yourself";
    own_school: "uw school", "your school";
}

/// How many seats the form offers at least.
const SEATS: usize = 6;
/// More than these are not read.
const MOST_SEATS: usize = 20;
/// Before the role as which the visitor itself sits.
const ONESELF: &str = "oneself:";

/// What the visitor can plan, and for whom.
pub(super) struct Offer {
    kinds: Vec<pb::KindRules>,
    clusters: Vec<pb::Cluster>,
    /// Whether it plans for everybody in the region, at a table of its own or not.
    region: bool,
    /// The one school for which it plans without a seat; empty when it is of none.
    school: String,
    /// As what it could sit itself.
    roles: Vec<pb::Role>,
    person: String,
}

/// Whether a kind can be booked before it is known which children it is about.
fn is_planned_ahead(rules: &pb::KindRules) -> bool {
    match rules.about() {
        About::Child => rules.capacity > 0,
        About::Either | About::Policy | About::Unnamed => true,
        About::Unspecified => false,
    }
}

fn is_of_a_school(role: pb::Role) -> bool {
    matches!(role, pb::Role::Iber | pb::Role::Zorgcoordinator | pb::Role::Directeur)
}

/// `intern begeleider, zorgcoördinator of directeur`.
fn named(any: &AnyOf, language: Language) -> String {
    let names: Vec<String> = any.roles().map(|role| shown::role(role, language)).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} {} {last}", others.join(", "), words(language).one_of),
        None => String::new(),
    }
}

fn oneself(role: pb::Role) -> String {
    format!("{ONESELF}{}", role.as_str_name())
}

impl Offer {
    /// What `visit` may plan; not there for whom that is nothing.
    pub(super) async fn of(visit: &Visit) -> Result<Self, Trouble> {
        let acting = &visit.session.acting;
        let own: Vec<Role> = acting.iter().map(|at| at.role).collect();
        let Ok(leave) = may(&own, Action::BookConsultation, None) else { return Err(NOT_FOUND.into()) };
        let region = leave.reaches.iter().any(|reach| matches!(reach.relation, Relation::Region));
        let here = acting.iter().find(|at| !region && at.kind == "SCHOOL");
        let school = here.map(|at| format!("schools/{}", at.organisation.0)).unwrap_or_default();
        let ask = pb::ListClustersRequest { school: school.clone(), ..Default::default() };
        let clusters = walk!(visit, list_clusters, clusters, ask);
        let ask = pb::ListKindsRequest::default();
        let kinds = KindServiceClient::new(visit.calls()).list_kinds(ask).await?.into_inner().kinds;
        let roles = own.iter().filter_map(|role| pb::Role::from_str_name(&format!("ROLE_{role}"))).collect();
        let person = visit.me.person.clone();
        let mut offer = Self { kinds: Vec::new(), clusters, region, school, roles, person };
        offer.kinds = kinds.into_iter().filter(|rules| offer.is_theirs(rules)).collect();
        if offer.kinds.is_empty() { Err(NOT_FOUND.into()) } else { Ok(offer) }
    }

    /// Whether the visitor can plan a kind: all for the region; at its own school what is held there;
    /// otherwise only where it sits itself, which is what a kind names its role for.
    fn is_theirs(&self, rules: &pb::KindRules) -> bool {
        let sits = || {
            let mut asked = rules.must_come.iter().flat_map(AnyOf::roles).chain(rules.may_come());
            asked.any(|role| self.roles.contains(&role))
        };
        let together = matches!(rules.about(), About::Policy);
        let fits = if self.region {
            true
        } else if self.school.is_empty() {
            sits()
        } else {
            !together || (sits() && !self.clusters.is_empty())
        };
        fits && is_planned_ahead(rules)
    }

    /// The rules of the kind that was chosen, or else of what is planned most: who may not plan that, or not for
    /// all, plans its own work with schools before a meeting of governors.
    pub(super) fn rules(&self, chosen: &str) -> Option<&pb::KindRules> {
        let usual = match (self.region, self.clusters.is_empty()) {
            (true, false) => Kind::Rok,
            (true, true) => Kind::BocBezoek,
            (false, _) => Kind::Ondersteuningsteam,
        };
        let of = |name: &str| self.kinds.iter().find(|rules| rules.kind().as_str_name() == name);
        let work = || self.kinds.iter().find(|rules| !matches!(rules.about(), About::Policy));
        of(chosen).or_else(|| of(usual.as_str_name())).or_else(work).or(self.kinds.first())
    }

    /// What a table can be made of; what fits the kind best comes first.
    fn tables(&self, rules: &pb::KindRules) -> Vec<By> {
        let together = matches!(rules.about(), About::Policy);
        match (self.school.is_empty(), self.clusters.is_empty(), together) {
            (false, _, true) => vec![By::Cluster],
            (false, _, false) | (true, true, _) => vec![By::School],
            (true, false, true) => vec![By::Cluster, By::School],
            (true, false, false) => vec![By::School, By::Cluster],
        }
    }

    /// Whether the visitor plans such tables only when it sits there.
    fn must_sit(&self, by: By) -> bool {
        let own = !self.school.is_empty() && matches!(by, By::School);
        !self.region && !own
    }

    /// The table that the kind asks for, as the form says it: of each of its sets of roles the visitor,
    /// or the role that somebody around a school of the plan has; of every school one, where schools meet.
    pub(super) async fn proposed(&self, visit: &Visit, rules: &pb::KindRules) -> BTreeMap<String, String> {
        let near = self.near(visit).await;
        let by = self.tables(rules).first().copied().unwrap_or_default();
        let mut seats: Vec<(String, bool)> = Vec::new();
        for any in &rules.must_come {
            let wanted: Vec<pb::Role> = any.roles().collect();
            let own = wanted.iter().find(|role| self.roles.contains(role));
            let each = matches!(by, By::Cluster) && wanted.iter().all(|role| is_of_a_school(*role));
            let there = |role: &&pb::Role| near.contacts.iter().any(|(contact, _)| contact.role == **role);
            let other = wanted.iter().find(there).or(wanted.first()).filter(|_| own.is_none() || each);
            let set = own.map(|role| (oneself(*role), false)).into_iter();
            for seat in set.chain(other.map(|role| (role.as_str_name().to_owned(), each))) {
                if !seats.contains(&seat) {
                    seats.push(seat);
                }
            }
        }
        if self.must_sit(by) && seats.iter().all(|(who, _)| !who.starts_with(ONESELF)) {
            seats.extend(self.roles.first().map(|role| (oneself(*role), false)));
        }
        let mut typed = BTreeMap::from([("duration".to_owned(), rules.default_minutes.to_string())]);
        for (at, (who, each)) in seats.into_iter().take(MOST_SEATS).enumerate() {
            typed.insert(format!("seat{}", at + 1), who);
            if each {
                typed.insert(format!("each{}", at + 1), "yes".to_owned());
            }
        }
        typed
    }

    /// Who is known around a school of the plan. Where that is nobody, the kind alone proposes.
    async fn near(&self, visit: &Visit) -> People {
        let member = self.clusters.iter().flat_map(|one| &one.members).next();
        let school = if self.school.is_empty() {
            member.map(|at| at.school.as_str()).unwrap_or_default()
        } else {
            self.school.as_str()
        };
        People::around(visit, "", school).await.unwrap_or_default()
    }

    /// The choices of the form in which this is `typed`, in `language`.
    pub(super) fn choices(&self, typed: &BTreeMap<String, String>, language: Language) -> Value {
        let own = words(language);
        let rules = self.rules(typed.get("kind").map(String::as_str).unwrap_or_default());
        let by = |one: By| {
            let label = match one {
                By::School if !self.school.is_empty() => own.own_school,
                By::School => choose(language, ("elke school", "every school")),
                By::Cluster => choose(language, ("elk cluster", "every cluster")),
                By::Case => choose(language, ("elk kind", "every child")),
                By::Unspecified => "",
            };
            option(one.as_str_name(), label)
        };
        let tables = rules.map(|rules| self.tables(rules)).unwrap_or_default();
        let by_cluster = tables.iter().any(|one| matches!(one, By::Cluster));
        let clusters = self.clusters.iter().filter(|_| by_cluster);
        let modes = [
            (pb::BookingMode::AllOrNothing, ("Alles, of niets", "All of it, or nothing")),
            (pb::BookingMode::Each, ("Wat lukt", "What is possible")),
        ];
        let myself = self.roles.iter().map(|role| {
            option(&oneself(*role), &format!("{}, {}", own.yourself, shown::role(*role, language)))
        });
        let taken = |at: &usize| typed.get(&format!("seat{at}")).is_some_and(|who| !who.is_empty());
        let rows = (1..=MOST_SEATS).rev().find(taken).unwrap_or_default() + 1;
        let places = rules.into_iter().flat_map(pb::KindRules::places);
        let needs = rules.into_iter().flat_map(|rules| &rules.must_come);
        context! {
            kind => rules.map(|rules| rules.kind().as_str_name()).unwrap_or_default(),
            kind_label => rules.map(|rules| shown::kind(rules.kind(), language)).unwrap_or_default(),
            kinds => self.kinds.iter()
                .map(|one| option(one.kind().as_str_name(), shown::kind(one.kind(), language)))
                .collect::<Vec<_>>(),
            by => tables.into_iter().map(by).collect::<Vec<_>>(),
            each => by_cluster,
            clusters => clusters.map(|one| option(&one.name, &one.display_name)).collect::<Vec<_>>(),
            places => places
                .map(|one: Place| option(one.as_str_name(), shown::place(one, language)))
                .collect::<Vec<_>>(),
            modes => modes.map(|(one, label)| option(one.as_str_name(), choose(language, label))).to_vec(),
            needs => needs.map(|any| named(any, language)).collect::<Vec<_>>(),
            who => myself.chain(roles(language)).collect::<Vec<_>>(),
            seats => (1..=rows.clamp(SEATS, MOST_SEATS)).collect::<Vec<_>>(),
        }
    }

    /// The request that the form makes; it books only when that was pressed.
    pub(super) fn wanted(&self, form: &Fields) -> Result<pb::PlanYearRequest, Problem> {
        let number = |field: &str| form.one(field).map(|text| text.parse::<i32>().unwrap_or_default());
        let mut seats = Vec::new();
        for seat in 1..=MOST_SEATS {
            if let Some((who, as_role)) = self.who(form.one(&format!("seat{seat}"))?) {
                seats.push(pb::PlanSeat {
                    who: Some(who),
                    each_school: form.ticked(&format!("each{seat}"))?,
                    optional: form.ticked(&format!("optional{seat}"))?,
                    as_role,
                });
            }
        }
        let minutes = i64::from(number("duration")?);
        let by = By::from_str_name(form.one("by")?).unwrap_or_default();
        let chosen = form.all("clusters").filter(|one| !one.is_empty()).map(str::to_owned).collect();
        let (schools, clusters) = self.tables_of(by, chosen);
        Ok(pb::PlanYearRequest {
            kind: Kind::from_str_name(form.one("kind")?).unwrap_or_default().into(),
            by: by.into(),
            clusters,
            schools,
            seats,
            school_year: form.one("school_year")?.to_owned(),
            first_date: form.one("first_date")?.to_owned(),
            last_date: form.one("last_date")?.to_owned(),
            meetings: number("meetings")?,
            duration: Some(prost_types::Duration { seconds: minutes * 60, nanos: 0 }),
            place: Place::from_str_name(form.one("place")?).unwrap_or_default().into(),
            mode: pb::BookingMode::from_str_name(form.one("mode")?).unwrap_or_default().into(),
            dry_run: form.one("do")? != "book",
            request_id: form.given("request_id")?.to_owned(),
            ..Default::default()
        })
    }

    /// Schools and clusters of a plan: who is of one school plans for that one and its clusters, and
    /// not for all of the region because nothing was ticked.
    fn tables_of(&self, by: By, chosen: Vec<String>) -> (Vec<String>, Vec<String>) {
        if self.school.is_empty() {
            (Vec::new(), chosen)
        } else if matches!(by, By::School) {
            (vec![self.school.clone()], Vec::new())
        } else if chosen.is_empty() {
            (Vec::new(), self.clusters.iter().map(|one| one.name.clone()).collect())
        } else {
            (Vec::new(), chosen)
        }
    }

    /// Who sits where the form says `word`, and as what; nobody where it says nothing.
    fn who(&self, word: &str) -> Option<(Who, i32)> {
        if let Some(own) = word.strip_prefix(ONESELF) {
            return Some((Who::Person(self.person.clone()), role(own)));
        }
        let taken = role(word);
        (taken != 0).then_some((Who::Role(taken), 0))
    }

    /// Which functions the kind asks for that none of the seats has.
    pub(super) fn missing(&self, ask: &pb::PlanYearRequest, language: Language) -> Vec<String> {
        let of = |seat: &pb::PlanSeat| match &seat.who {
            Some(Who::Role(role)) => pb::Role::try_from(*role).unwrap_or_default(),
            Some(Who::Person(_)) | None => seat.as_role(),
        };
        let taken: Vec<pb::Role> = ask.seats.iter().map(of).collect();
        let rules = self.kinds.iter().find(|rules| rules.kind == ask.kind);
        let sets = rules.into_iter().flat_map(|rules| &rules.must_come);
        let empty = sets.filter(|any| !any.roles().any(|role| taken.contains(&role)));
        empty.map(|any| named(any, language)).collect()
    }

    /// Whether what is asked is not the visitor's to plan because it does not sit there itself.
    pub(super) fn lacks_own_seat(&self, ask: &pb::PlanYearRequest) -> bool {
        let own = |seat: &pb::PlanSeat| match &seat.who {
            Some(Who::Person(person)) => *person == self.person,
            Some(Who::Role(_)) | None => false,
        };
        self.must_sit(ask.by()) && !ask.seats.iter().any(own)
    }
}
