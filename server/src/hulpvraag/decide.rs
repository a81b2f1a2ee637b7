//! The team's answer: somebody takes it, nobody does, or another team is asked; and that it is done.

use schakel_domain::{
    access::Class,
    hulpvraag::{Step, after},
    ids::{HulpvraagId, OrganisationId, PersonId, TeamId},
    refusal::Refusal,
    text::FreeText,
};

use super::{
    create::tell,
    request::{Hulpvraag, answer_due},
    store,
};
use crate::{
    access::{
        affiliation,
        authenticate::today,
        circle,
        organisation::{self, OrganisationKind},
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Which request, as the caller read it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Which.
    pub id: HulpvraagId,
    /// The version that was read.
    pub etag: i32,
}

/// Loads what the caller may do this to and has read.
async fn load(tx: &Tx, known: Known) -> Result<Hulpvraag> {
    let asked = store::get(tx, known.id).await?;
    tx.grant().to("HULPVRAAG", |reached| asked.holds(reached))?;
    let cases: Vec<_> = asked.case.iter().map(|case| case.0).collect();
    for around in circle::standings(tx, &cases).await? {
        tx.grant().allows(around.state())?;
    }
    if asked.version == known.etag { Ok(asked) } else { Err(Error::Stale) }
}

async fn keep(tx: &Tx, mut asked: Hulpvraag, told: &str) -> Result<Hulpvraag> {
    store::update(tx, &mut asked).await?;
    tx.audit(asked.line(Deed::U, &[Class::K1])).await?;
    tell(tx, &asked, told).await?;
    Ok(asked)
}

async fn give_reason(tx: &Tx, asked: &mut Hulpvraag, reason: &FreeText) -> Result<()> {
    let keys = tx.subject_keys_or_new(&[asked.subject]).await?;
    let place = asked.place("sealed_reason");
    asked.sealed_reason = Some(tx.seal(&keys, asked.subject, place, reason.as_str())?);
    Ok(())
}

/// REQUESTED | FORWARDED → ACCEPTED, for one member of the team with the role that is asked for.
pub async fn accept(tx: &Tx, known: Known, person: PersonId) -> Result<Hulpvraag> {
    let mut asked = load(tx, known).await?;
    asked.state = after(asked.state, Step::Accept { by: person })?;
    let posts = affiliation::of(tx, &[person], today(tx.now())).await?;
    let here = OrganisationId::from(asked.team);
    if !posts.iter().any(|post| post.organisation == here && post.role == asked.role) {
        return Err(Refusal::NoPersonForRole.into());
    }
    asked.answered = Some(tx.now());
    keep(tx, asked, "HULPVRAAG_ACCEPTED").await
}

/// REQUESTED | FORWARDED → DECLINED.
pub async fn decline(tx: &Tx, known: Known, reason: &FreeText) -> Result<Hulpvraag> {
    let mut asked = load(tx, known).await?;
    asked.state = after(asked.state, Step::Decline)?;
    asked.answered = Some(tx.now());
    give_reason(tx, &mut asked, reason).await?;
    keep(tx, asked, "HULPVRAAG_DECLINED").await
}

/// REQUESTED | FORWARDED → FORWARDED; the other team has its own time to answer.
pub async fn forward(tx: &Tx, known: Known, to: TeamId, reason: &FreeText) -> Result<Hulpvraag> {
    let mut asked = load(tx, known).await?;
    asked.state = after(asked.state, Step::Forward { to })?;
    let team = organisation::get(tx, to.into())
        .await
        .map_err(|error| if matches!(error, Error::NotFound(_)) { Error::NotFound("TEAM") } else { error })?;
    if team.kind != OrganisationKind::Team.to_string() {
        return Err(Error::NotFound("TEAM"));
    }
    if asked.team == to {
        return Err(Refusal::HulpvraagState.into());
    }
    (asked.team, asked.answer_due) = (to, answer_due(today(tx.now())));
    give_reason(tx, &mut asked, reason).await?;
    keep(tx, asked, "HULPVRAAG_FORWARDED").await
}

/// ACCEPTED | PLANNED → DONE.
pub async fn complete(tx: &Tx, known: Known) -> Result<Hulpvraag> {
    let mut asked = load(tx, known).await?;
    asked.state = after(asked.state, Step::Finish)?;
    keep(tx, asked, "HULPVRAAG_DONE").await
}
