//! The caller's cases, longest at home first, without names; a line written down for each.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::ids::SchoolId;
use uuid::Uuid;

use super::{
    case::State,
    store::{self, Scope},
    view::View,
};
use crate::{
    access::circle,
    error::Result,
    store::{Tx, audit::Deed},
    wire::page::{Page, cut},
};

/// Which cases are asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub state: State,
    pub school: Option<SchoolId>,
    pub page: Page<(NaiveDate, Uuid)>,
}

/// A page of them, and after which key the next page begins.
pub(super) async fn list_cases(tx: &Tx, wanted: &Wanted) -> Result<(Vec<View>, Option<(NaiveDate, Uuid)>)> {
    let scope = Scope {
        reached: circle::reached(tx),
        school: wanted.school.map(|school| circle::of_school(tx, school)),
        state: wanted.state,
    };
    let mut rows = store::list(tx, scope, &wanted.page).await?;
    let next = cut(&mut rows, wanted.page.size, |row| (row.first_absence_day, row.id));
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut circles = circle::reach_all(tx, &ids).await?;
    rows.retain(|row| circles.contains_key(&row.id));
    let children: HashMap<_, _> = circles.iter().map(|(id, (circle, _))| (*id, circle.child)).collect();
    let cases = store::open(tx, rows, &children).await?;
    let cases = cases.into_iter().filter_map(|case| {
        let (circle, classes) = circles.remove(&case.id.0)?;
        Some((case, circle, classes))
    });
    let views = View::list(tx, cases.collect()).await?;
    let lines: Vec<_> = views.iter().flat_map(|view| view.lines(Deed::R)).collect();
    tx.audit_all(&lines).await?;
    Ok((views, next))
}
