//! The terms of a case, each with where is told what meets it, for who may.

use minijinja::{Value, context};
use schakel_domain::thuiszitter::Moment;
use schakel_proto::v1 as pb;

use super::{facts, parts};
use crate::web::workplace::visit::Visit;

/// A case, and the links of its page.
type On<'a> = (&'a pb::Case, &'a Value);

/// What meets a term that is not met.
fn ends(one: &pb::timeline::Deadline) -> Vec<Moment> {
    if matches!(one.state(), pb::timeline::deadline::State::Met) {
        return Vec::new();
    }
    one.met_by().filter_map(|end| end.as_str_name().strip_prefix("MOMENT_")?.parse().ok()).collect()
}

/// Whether it meets so many terms that it is offered once, above them.
fn is_return(moment: Moment) -> bool {
    matches!(moment, Moment::Returned)
}

/// Where a moment is told: `href` and `name`.
fn way(visit: &Visit, moment: Moment, (case, links): On) -> Option<Value> {
    let href = |name: &str| {
        let link = links.get_attr(name).unwrap_or_default();
        link.as_str().filter(|href| !href.is_empty()).map(str::to_owned)
    };
    let name = moment.name(visit.language);
    if matches!(moment, Moment::EscalatedL1 | Moment::EscalatedL2 | Moment::EscalatedL3) {
        return href("raise").map(|href| context! { href, name });
    }
    let fits = facts::fits(case, moment) && facts::may_tell(visit, moment);
    let form = href("happened").filter(|_| fits)?;
    Some(context! { href => format!("{form}?of={moment}"), name })
}

/// A term, with its `ways`.
pub(super) fn term(visit: &Visit, one: &pb::timeline::Deadline, on: On) -> Value {
    let ends = ends(one).into_iter().filter(|moment| !is_return(*moment));
    let ways: Vec<Value> = ends.filter_map(|moment| way(visit, moment, on)).collect();
    context! { ways, ..parts::deadline(one, visit.language) }
}

/// Where is told that the child is back at school, while a term waits for that too.
pub(super) fn returned(visit: &Visit, timeline: &pb::Timeline, on: On) -> Option<Value> {
    let found = timeline.deadlines.iter().flat_map(ends).find(|moment| is_return(*moment));
    way(visit, found?, on)
}
