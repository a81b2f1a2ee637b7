//! Where schools are between which children moved, as a made-up map.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context;
use schakel_client::{Connection, v1 as pb};

use crate::demo::{
    load::fresh,
    region::{PastCase, Region},
};

/// The first wijk: degrees north and east.
const ORIGIN: (f64, f64) = (51.35, 5.90);
/// From one row of wijken to the next, and from one wijk of a row to the next: about two thirds of a kilometre each.
/// The whole map is so small that nobody is longer under way than between places of which nothing is known.
const STEP: (f64, f64) = (0.006, 0.009);
/// So many wijken are in a row.
const ROW: usize = 7;

/// Says where the schools are that children left or went to: each in the middle of its wijk.
pub(super) async fn draw(
    administrator: &Connection,
    (region, past): (&Region, &[PastCase]),
    schools: &BTreeMap<String, String>,
) -> anyhow::Result<()> {
    let moved = past.iter().filter_map(|case| Some([case.seed.school.as_ref()?, case.next.as_ref()?]));
    let codes: BTreeSet<&String> = moved.flatten().collect();
    let mut points = Vec::with_capacity(codes.len());
    for code in codes {
        let school = region.schools.iter().find(|school| school.code == *code);
        let wijk = school.and_then(|school| region.wijken.iter().position(|wijk| wijk.code == school.wijk));
        let (latitude, longitude) = at(wijk.context("a wijk of the region")?)?;
        let name = schools.get(code).context("a school of the register")?;
        points.push(pb::travel::Point {
            organisation: name.replace("schools/", "organisations/"),
            latitude: Some(latitude),
            longitude: Some(longitude),
        });
    }
    if points.is_empty() {
        return Ok(());
    }
    let known = administrator.agenda().get_travel(pb::GetTravelRequest {}).await?.into_inner();
    let travel = pb::Travel { points, etag: known.etag, ..Default::default() };
    let ask = pb::SetTravelRequest { travel: Some(travel), request_id: fresh() };
    administrator.agenda().set_travel(ask).await?;
    Ok(())
}

fn at(nth: usize) -> anyhow::Result<(f64, f64)> {
    let (row, column) = (u8::try_from(nth / ROW)?, u8::try_from(nth % ROW)?);
    Ok((ORIGIN.0 + STEP.0 * f64::from(row), ORIGIN.1 + STEP.1 * f64::from(column)))
}

#[cfg(test)]
mod tests {
    use schakel_domain::availability::{Point, travel::USUAL_WAY};

    use super::*;

    #[test]
    fn nobody_is_longer_under_way_on_the_map_than_usual() {
        #[expect(clippy::cast_possible_truncation, reason = "degrees of a small map")]
        let point = |nth: usize| {
            let (latitude, longitude) = at(nth).unwrap();
            Point { latitude: (latitude * 1e6) as i32, longitude: (longitude * 1e6) as i32 }
        };
        // As many wijken as the full region has.
        for (from, to) in (0..46).flat_map(|from| (0..46).map(move |to| (from, to))) {
            assert!(point(from).minutes(point(to)) <= USUAL_WAY, "{from} to {to}");
        }
        assert!(point(0).whole_kilometres(point(45)) >= 4);
    }
}
