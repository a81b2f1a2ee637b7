//! Wijken of the CBS, and the gemeenten that files name.

use chrono::NaiveDate;
use schakel_domain::{
    directory::import::{Diff, cell::Problem, own::Wijk},
    text::Name,
};

use super::{apply::Line, register::Register, schools::goes_on};
use crate::{
    access::organisation::OrganisationKind,
    directory::{Area, area::AreaKind, resource::Resource},
    entity::area,
    error::Result,
    store::Tx,
};

/// The name that the register has for a gemeente.
pub(super) fn gemeente_name(register: &Register, code: &str) -> Option<Name> {
    register.of_kind(OrganisationKind::Gemeente, code)?.display_name.parse().ok()
}

/// Takes gemeenten (code and name) into the register that are not there yet.
pub(super) async fn know(
    tx: &Tx,
    register: &Register,
    gemeenten: &[(String, String)],
    today: NaiveDate,
) -> Result<()> {
    let mut new: Vec<Area> = Vec::new();
    for (code, name) in gemeenten {
        if !register.areas.contains_key(code) && !new.iter().any(|area| area.row.code == *code) {
            new.push(area_of(tx, AreaKind::Gemeente, code, today));
            new.last_mut().into_iter().for_each(|area| area.row.display_name.clone_from(name));
        }
    }
    Area::put(tx, &new).await
}

fn area_of(tx: &Tx, kind: AreaKind, code: &str, today: NaiveDate) -> Area {
    let row = area::Model {
        region_id: tx.region(),
        id: tx.new_id(),
        kind: kind.to_string(),
        code: code.to_owned(),
        display_name: String::new(),
        gemeente_code: String::new(),
        valid_from: today,
        valid_until: None,
        version: 1,
    };
    Area { row, excluded: Vec::new() }
}

impl Line for Wijk {
    /// A gemeente has one name.
    fn kept(mut self, register: &Register) -> Self {
        if let Some(name) = gemeente_name(register, self.gemeentecode.as_str()) {
            self.gemeente = name;
        }
        self
    }

    fn unknown(&self, _: &Register) -> Option<(&'static str, Problem)> {
        None
    }

    fn stored(register: &Register, today: NaiveDate) -> Vec<Vec<String>> {
        let wijk = AreaKind::Wijk.to_string();
        let wijken = register.areas.values().map(|area| &area.row).filter(|area| area.kind == wijk);
        let open = wijken.filter(|area| goes_on(area.valid_until, today));
        open.map(|area| {
            let gemeente = gemeente_name(register, &area.gemeente_code);
            let gemeente = gemeente.map(|name| name.as_str().to_owned()).unwrap_or_default();
            vec![area.code.clone(), area.display_name.clone(), area.gemeente_code.clone(), gemeente]
        })
        .collect()
    }

    async fn apply(tx: &Tx, mut register: Register, diff: &Diff<Self>, today: NaiveDate) -> Result<()> {
        let lines = || diff.new.iter().chain(diff.changed.iter().map(|change| &change.after));
        let gemeenten =
            lines().map(|line| (line.gemeentecode.as_str().to_owned(), line.gemeente.as_str().to_owned()));
        know(tx, &register, &gemeenten.collect::<Vec<_>>(), today).await?;
        let wijken = lines().map(|line| {
            let known = register.areas.remove(line.wijkcode.as_str());
            let version = known.as_ref().map_or(1, |area| area.row.version + 1);
            let area = known.unwrap_or_else(|| area_of(tx, AreaKind::Wijk, line.wijkcode.as_str(), today));
            let row = area::Model {
                display_name: line.naam.as_str().to_owned(),
                gemeente_code: line.gemeentecode.as_str().to_owned(),
                valid_until: area.row.valid_until.filter(|last| *last > today),
                version,
                ..area.row
            };
            Area { row, excluded: area.excluded }
        });
        let wijken: Vec<Area> = wijken.collect();
        Area::put(tx, &wijken).await
    }
}
