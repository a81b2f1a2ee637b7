//! How far schools are from wijken, by where the region says that its schools are.

use std::collections::{BTreeMap, HashMap};

use schakel_domain::{
    availability::Point,
    ids::{OrganisationId, SchoolId},
};

use crate::{availability::travel, directory::places::Places, error::Result, store::Read};

/// Where schools are, and the middle of each wijk with such a school.
#[derive(Default)]
pub(super) struct Map {
    schools: HashMap<OrganisationId, Point>,
    wijken: BTreeMap<String, Point>,
}

impl Map {
    /// Reads it, in one statement.
    pub(super) async fn of(read: &Read, places: &Places) -> Result<Self> {
        let schools = travel::points(read).await?;
        let mut by_wijk: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
        for (id, stands) in &places.schools {
            let point = schools.get(&OrganisationId::from(SchoolId(*id)));
            by_wijk.entry(stands.wijk.as_str()).or_default().extend(point.copied());
        }
        let middle = |(wijk, points): (&str, Vec<Point>)| Some((wijk.to_owned(), Point::middle(&points)?));
        let wijken = by_wijk.into_iter().filter(|(wijk, _)| !wijk.is_empty()).filter_map(middle).collect();
        Ok(Self { schools, wijken })
    }

    /// Whole kilometres from the middle of a wijk to a school, where both are known.
    pub(super) fn kilometres(&self, wijk: &str, school: SchoolId) -> Option<u32> {
        let (from, to) = (self.wijken.get(wijk)?, self.schools.get(&OrganisationId::from(school))?);
        Some(from.whole_kilometres(*to))
    }
}
