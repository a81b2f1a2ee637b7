//! The tables of neighbouring schools: ROK's, and one knooppunt across a gemeente border.

use chrono::NaiveDate;

use super::{calendar::SchoolYear, geography::Wijk, layout::Size, schools::School};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ClusterKind {
    /// Regionaal Overleg Kwaliteit.
    Rok,
    Knooppunt,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    pub code: String,
    pub kind: ClusterKind,
    pub name: String,
    /// Vestigingscode and since when; a merged cluster has schools that joined this year.
    pub members: Vec<(String, NaiveDate)>,
    /// Codes of the trajectbegeleiders: usually one, in a full region once two and once none.
    pub trajectbegeleiders: Vec<String>,
}

/// Which cluster of the full region is two of last year's.
const MERGED: usize = 4;

pub(super) fn gather(size: Size, schools: &[School], wijken: &[Wijk], year: SchoolYear) -> Vec<Cluster> {
    let mut groups: Vec<Vec<&School>> = Vec::new();
    for plan in size.gemeenten() {
        let base = groups.len();
        groups.resize(base + plan.clusters, Vec::new());
        let here = schools.iter().filter(|school| school.gemeente == plan.code);
        for (n, school) in here.enumerate() {
            let at = if plan.clusters == 0 { base - 1 } else { base + n * plan.clusters / plan.schools };
            groups[at].push(school);
        }
    }
    let merged = (size == Size::Full).then_some(MERGED);
    groups
        .iter()
        .enumerate()
        .map(|(n, group)| {
            let joined = if merged == Some(n) { group.len() / 2 } else { group.len() };
            let since = |i: usize| if i < joined { year.start_before(1) } else { year.start };
            Cluster {
                members: group
                    .iter()
                    .enumerate()
                    .map(|(i, school)| (school.code.clone(), since(i)))
                    .collect(),
                ..title(n, group, (wijken, joined < group.len()))
            }
        })
        .collect()
}

/// Code, kind and name; the members come after.
fn title(n: usize, group: &[&School], (wijken, merged): (&[Wijk], bool)) -> Cluster {
    let wijk = |school: &School| {
        wijken.iter().find(|wijk| wijk.code == school.wijk).map_or("", |wijk| wijk.name.as_str()).to_owned()
    };
    let (first, last) = (group[0], group[group.len() - 1]);
    let (kind, name) = if first.gemeente != last.gemeente {
        (ClusterKind::Knooppunt, format!("Knooppunt {} – {}", wijk(first), wijk(last)))
    } else if merged {
        (ClusterKind::Rok, format!("ROK {} en {} (samengevoegd)", wijk(first), wijk(last)))
    } else {
        (ClusterKind::Rok, format!("ROK {}", wijk(first)))
    };
    let code = format!("ROK{:02}", n + 1);
    Cluster { code, kind, name, members: Vec::new(), trajectbegeleiders: Vec::new() }
}
