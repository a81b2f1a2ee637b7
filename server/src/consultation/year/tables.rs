//! Who sits at each table of a year plan, before anybody's calendar is opened.

use std::collections::{BTreeMap, HashMap};

use chrono::Datelike;
use schakel_domain::{
    access::Role,
    availability::{Preference, Site},
    consultation::{
        Kind, Place,
        series::Closed,
        year::{Stretch, stretches},
    },
    dutch::SchoolCalendar,
    ids::{CaseId, ClusterId, PersonId, SchoolId},
    refusal::Refusal,
};
use uuid::Uuid;

use super::question::{By, Question, SeatWish, When, Who};
use crate::{
    access::{
        affiliation,
        authenticate::today,
        circle::{self, Circle, Gezag},
    },
    availability::site,
    consultation::book,
    directory::{
        calendar,
        gathering::{Gathering, gather},
    },
    error::{Error, Result},
    store::Read,
};

/// More candidates than this for one seat help nobody.
const MOST_CANDIDATES: usize = 50;
/// More people than this sit at no table.
const MOST_AT_A_TABLE: usize = 50;

/// What a table is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    Cluster(ClusterId, String),
    School(SchoolId, String),
    Case(CaseId),
    Region,
}

/// A seat with all who could take it.
#[derive(Debug, Clone)]
pub(super) struct LaidSeat {
    pub(super) role: Role,
    pub(super) optional: bool,
    pub(super) fits: Vec<(PersonId, Preference)>,
}

/// A table.
#[derive(Debug, Clone)]
pub(super) struct Laid {
    pub(super) subject: Subject,
    pub(super) kind: Kind,
    /// At or for which school its meetings are.
    pub(super) school: Option<SchoolId>,
    /// Whose it is together: whoever sits at one of these comes from there.
    pub(super) schools: Vec<SchoolId>,
    /// Where its professionals have to be.
    pub(super) site: Site,
    /// Of a case.
    pub(super) circle: Option<Circle>,
    pub(super) seats: Vec<LaidSeat>,
    pub(super) closed: Closed,
    pub(super) stretches: Vec<Stretch>,
}

/// Lays the tables of a question, in a constant number of statements.
///
/// # Errors
/// `CLUSTER_NOT_FOUND`, `SCHOOL_NOT_FOUND`, `CASE_NOT_FOUND`, `PERSON_NOT_FOUND`, not allowed.
pub(super) async fn lay(read: &Read, question: &Question) -> Result<Vec<Laid>> {
    let gathered = gather(read, today(read.now())).await?;
    let known = Known::of(read, question.by.named(&question.seats)).await?;
    let mut tables: Vec<Bare> = match &question.by {
        By::Clusters(wanted) => of_clusters(&gathered, wanted)?,
        By::Schools(schools, clusters) => of_schools(&gathered, schools, clusters)?,
        By::Cases(cases) => of_cases(read, cases).await?,
    };
    let schools: Vec<SchoolId> = tables.iter().flat_map(|table| table.schools.iter().copied()).collect();
    let calendars = calendar::calendars(read, &schools, &[]).await?;
    let mut laid = Vec::with_capacity(tables.len());
    for table in tables.drain(..) {
        if table.circle.is_none() {
            let actor = read.grant().actor();
            let seated = question.seats.iter().any(|seat| match seat.who {
                Who::Person(person, _) => Some(person.0) == actor,
                Who::Role(_) => false,
            });
            book::may(read, seated, table.school)?;
        }
        let own: Vec<SchoolCalendar> =
            table.schools.iter().filter_map(|school| calendars.own(*school)).cloned().collect();
        let closed = Closed::of(own, calendars.published());
        let seats = known.seats(&gathered, &table, question.seats.iter().chain(&table.seats))?;
        laid.push(Laid {
            stretches: when(&closed, &question.when),
            subject: table.subject,
            kind: question.kind,
            school: table.school,
            site: site(&gathered, question.what.place, table.school),
            schools: table.schools,
            circle: table.circle,
            seats,
            closed,
        });
    }
    Ok(laid)
}

/// One table of the whole region, with people of its choice and days of its own.
pub(super) async fn lay_region(
    read: &Read,
    (kind, place, seats): (Kind, Place, &[SeatWish]),
    (closed, stretches): (&Closed, Vec<Stretch>),
) -> Result<Laid> {
    let gathered = gather(read, today(read.now())).await?;
    let known = Known::of(read, seats.iter().collect()).await?;
    book::may(read, false, None)?;
    let schools: Vec<SchoolId> = gathered.places.keys().copied().collect();
    let bare = Bare { subject: Subject::Region, schools, school: None, circle: None, seats: Vec::new() };
    let seats = known.seats(&gathered, &bare, seats.iter())?;
    let (subject, closed) = (Subject::Region, closed.clone());
    let (site, schools) = (site::at(place, None, None), bare.schools);
    Ok(Laid { subject, kind, school: None, schools, site, circle: None, seats, closed, stretches })
}

fn site(gathered: &Gathering, place: Place, school: Option<SchoolId>) -> Site {
    site::at(place, school, school.and_then(|school| gathered.team_of(school)))
}

/// The holidays of a region: those of every holiday region that a school of it has.
pub(super) async fn region_closed(read: &Read) -> Result<Closed> {
    let gathered = gather(read, today(read.now())).await?;
    let mut regions = Vec::new();
    for place in gathered.places.values() {
        if !regions.contains(&place.holidays) {
            regions.push(place.holidays);
        }
    }
    let calendars = calendar::calendars(read, &[], &[]).await?;
    let own = regions.into_iter().map(|region| calendars.of_region(region)).collect();
    Ok(Closed::of(own, calendars.published()))
}

fn when(closed: &Closed, when: &When) -> Vec<Stretch> {
    let mut usable = closed.open_weekdays(when.first, when.last);
    usable.retain(|day| when.months.is_empty() || when.months.contains(&day.month()));
    stretches(&usable, when.rhythm)
}

/// A table without people.
struct Bare {
    subject: Subject,
    schools: Vec<SchoolId>,
    school: Option<SchoolId>,
    circle: Option<Circle>,
    /// Beside those of the question.
    seats: Vec<SeatWish>,
}

fn of_clusters(gathered: &Gathering, wanted: &[ClusterId]) -> Result<Vec<Bare>> {
    let is_known = |id: &ClusterId| gathered.groups.iter().any(|group| group.cluster == *id);
    if !wanted.iter().all(is_known) {
        return Err(Error::NotFound("CLUSTER"));
    }
    let is_wanted = |id: ClusterId| wanted.is_empty() || wanted.contains(&id);
    let groups = gathered.groups.iter().filter(|group| is_wanted(group.cluster) && !group.schools.is_empty());
    let bare = groups.map(|group| Bare {
        subject: Subject::Cluster(group.cluster, group.name.clone()),
        schools: group.schools.clone(),
        school: None,
        circle: None,
        seats: Vec::new(),
    });
    Ok(bare.collect())
}

fn of_schools(gathered: &Gathering, schools: &[SchoolId], clusters: &[ClusterId]) -> Result<Vec<Bare>> {
    let mut wanted: Vec<SchoolId> = schools.to_vec();
    if !clusters.is_empty() {
        wanted.extend(of_clusters(gathered, clusters)?.into_iter().flat_map(|table| table.schools));
    } else if schools.is_empty() {
        wanted.extend(gathered.places.keys());
    }
    let mut seen = Vec::new();
    let mut bare = Vec::new();
    for school in wanted {
        let place = gathered.places.get(&school).ok_or(Error::NotFound("SCHOOL"))?;
        if seen.contains(&school) {
            continue;
        }
        seen.push(school);
        bare.push(Bare {
            subject: Subject::School(school, place.name.clone()),
            schools: vec![school],
            school: Some(school),
            circle: None,
            seats: Vec::new(),
        });
    }
    Ok(bare)
}

async fn of_cases(read: &Read, cases: &[(CaseId, Vec<SeatWish>)]) -> Result<Vec<Bare>> {
    let ids: Vec<Uuid> = cases.iter().map(|(case, _)| case.0).collect();
    let mut circles = circle::reach_all(read, &ids).await?;
    let mut families = circle::families(read, &ids).await?;
    let bare = cases.iter().map(|(case, seats)| {
        let (mut circle, _) = circles.remove(&case.0).ok_or(Error::NotFound("CASE"))?;
        read.grant().allows(circle.standing().state())?;
        let (_, parents) = families.remove(&case.0).ok_or(Error::NotFound("CASE"))?;
        circle.parents = parents.into_iter().map(|parent| (parent, Gezag::Yes)).collect();
        Ok(Bare {
            subject: Subject::Case(*case),
            schools: circle.school.into_iter().collect(),
            school: circle.school,
            circle: Some(circle),
            seats: seats.clone(),
        })
    });
    bare.collect()
}

impl By {
    /// The cases that it is about.
    pub(super) fn cases(&self) -> impl Iterator<Item = CaseId> {
        let own: &[(CaseId, Vec<SeatWish>)] = match self {
            Self::Cases(cases) => cases,
            Self::Clusters(_) | Self::Schools(..) => &[],
        };
        own.iter().map(|(case, _)| *case)
    }

    /// Every seat of the question and of its cases.
    fn named<'a>(&'a self, seats: &'a [SeatWish]) -> Vec<&'a SeatWish> {
        let own: &[(CaseId, Vec<SeatWish>)] = match self {
            Self::Cases(cases) => cases,
            Self::Clusters(_) | Self::Schools(..) => &[],
        };
        seats.iter().chain(own.iter().flat_map(|(_, seats)| seats)).collect()
    }
}

/// What the people who are asked for by name are.
struct Known {
    roles: BTreeMap<PersonId, Vec<Role>>,
}

impl Known {
    async fn of(read: &Read, seats: Vec<&SeatWish>) -> Result<Self> {
        let named = seats.iter().filter_map(|seat| match seat.who {
            Who::Person(person, _) => Some(person),
            Who::Role(_) => None,
        });
        let named: Vec<PersonId> = named.collect();
        let mut roles: BTreeMap<PersonId, Vec<Role>> = BTreeMap::new();
        for post in affiliation::of(read, &named, today(read.now())).await? {
            roles.entry(post.person).or_default().push(post.role);
        }
        match named.iter().position(|person| !roles.contains_key(person)) {
            Some(at) => Err(Error::field(format!("seats[{at}].person"), Refusal::PersonNotFound)),
            None => Ok(Self { roles }),
        }
    }

    /// The seats of one table: named people first, then roles that none of them fills for a school.
    fn seats<'a>(
        &self,
        gathered: &Gathering,
        table: &Bare,
        wishes: impl Iterator<Item = &'a SeatWish>,
    ) -> Result<Vec<LaidSeat>> {
        let mut laid: Vec<LaidSeat> = Vec::new();
        let mut named: Vec<PersonId> = Vec::new();
        let mut asked: Vec<(Role, &SeatWish)> = Vec::new();
        for wish in wishes {
            match wish.who {
                Who::Person(person, role) => {
                    let first = self.roles.get(&person).and_then(|roles| roles.first()).copied();
                    let role = role.or(first).ok_or(Refusal::PersonNotFound)?;
                    if !named.contains(&person) {
                        named.push(person);
                        laid.push(LaidSeat {
                            role,
                            optional: wish.optional,
                            fits: vec![(person, Preference::Named)],
                        });
                    }
                }
                Who::Role(role) => asked.push((role, wish)),
            }
        }
        for (role, wish) in asked {
            let each: Vec<&[SchoolId]> =
                if wish.each_school { table.schools.chunks(1).collect() } else { vec![&table.schools] };
            for schools in each {
                let mut fits = fitting(gathered, table, role, schools);
                let sits = |person: &PersonId| {
                    named.contains(person) || laid.iter().any(|seat| alone(seat) == Some(*person))
                };
                if wish.each_school && fits.iter().any(|(person, _)| sits(person)) {
                    continue;
                }
                fits.retain(|(person, _)| !named.contains(person));
                fits.truncate(MOST_CANDIDATES);
                laid.push(LaidSeat { role, optional: wish.optional, fits });
            }
        }
        if laid.len() > MOST_AT_A_TABLE {
            return Err(Error::field("seats", Refusal::TooManyAttendees));
        }
        Ok(laid)
    }
}

/// The one person who can take a seat, when there is only one.
fn alone(seat: &LaidSeat) -> Option<PersonId> {
    match &seat.fits[..] {
        [(only, _)] => Some(*only),
        _several => None,
    }
}

fn fitting(
    gathered: &Gathering,
    table: &Bare,
    role: Role,
    schools: &[SchoolId],
) -> Vec<(PersonId, Preference)> {
    let Some(circle) = table.circle.as_ref().filter(|_| role.is_private()) else {
        return gathered.fits(role, schools);
    };
    if role == Role::Jeugdige {
        return vec![(circle.child, Preference::Named)];
    }
    circle.parents_with_gezag().map(|parent| (parent, Preference::Named)).collect()
}

/// Names of what tables are of.
impl Subject {
    /// The resource name.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Cluster(id, _) => id.to_string(),
            Self::School(id, _) => id.to_string(),
            Self::Case(id) => id.to_string(),
            Self::Region => String::new(),
        }
    }

    /// What it is called, where the register says so.
    pub(super) fn display_name(&self) -> String {
        match self {
            Self::Cluster(_, name) | Self::School(_, name) => name.clone(),
            Self::Case(_) | Self::Region => String::new(),
        }
    }

    /// Of a cluster.
    pub(super) fn cluster(&self) -> Option<ClusterId> {
        match self {
            Self::Cluster(id, _) => Some(*id),
            Self::School(..) | Self::Case(_) | Self::Region => None,
        }
    }
}

/// Everybody who could sit at one of `tables`, once, and whether they come in private.
pub(super) fn people(tables: &[Laid]) -> HashMap<PersonId, bool> {
    let seats = tables.iter().flat_map(|table| &table.seats);
    seats.flat_map(|seat| seat.fits.iter().map(|(person, _)| (*person, seat.role.is_private()))).collect()
}
