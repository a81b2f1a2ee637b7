//! Opens a round: to all schools of the region, or to some.

use std::collections::BTreeSet;

use schakel_domain::{
    access::{Class, Classes},
    ids::{ClusterId, SchoolId, SurveyId},
    monitor::survey::{Question, Round, Words},
};
use schakel_proto::v1 as pb;

use super::{
    store::{self, Counts, Survey},
    wire,
};
use crate::{
    access::authenticate::today,
    directory::{coverage::schools_on, guide},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// A round as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub title: Words,
    pub questions: Vec<Question>,
    pub round: Round,
    /// Only the schools of these.
    pub clusters: Vec<ClusterId>,
    /// And these; with neither all.
    pub schools: Vec<SchoolId>,
}

/// Opens it.
///
/// # Errors
/// `CLUSTER_NOT_FOUND`, `SCHOOL_NOT_FOUND`.
pub(super) async fn create(tx: &Tx, wish: &Wish) -> Result<pb::Survey> {
    let schools = chosen(tx, wish).await?;
    let survey = Survey {
        id: SurveyId(tx.new_id()),
        title: wish.title.clone(),
        questions: wish.questions.clone(),
        round: wish.round.clone(),
        version: 1,
    };
    store::insert(tx, &survey, &schools).await?;
    let (object, classes) = ("survey", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::C, object, id: Some(survey.id.0), subject: None, classes }).await?;
    let asked = u32::try_from(schools.len()).unwrap_or(u32::MAX);
    Ok(wire::survey(&survey, Some(Counts { asked, answered: 0 }), today(tx.now())))
}

/// The schools that are asked: those that are there on the day on which it opens.
async fn chosen(tx: &Tx, wish: &Wish) -> Result<Vec<SchoolId>> {
    let day = wish.round.opens;
    let there = schools_on(tx, day).await?;
    let mut chosen: BTreeSet<SchoolId> = BTreeSet::new();
    let schools = guide::schools_of_all(tx, &wish.clusters, day).await?;
    chosen.extend(schools.into_iter().filter(|school| there.contains_key(school)));
    if wish.schools.iter().any(|school| !there.contains_key(school)) {
        return Err(Error::NotFound("SCHOOL"));
    }
    chosen.extend(&wish.schools);
    if wish.clusters.is_empty() && wish.schools.is_empty() {
        chosen.extend(there.into_keys());
    }
    if chosen.is_empty() { Err(Error::NotFound("SCHOOL")) } else { Ok(chosen.into_iter().collect()) }
}
