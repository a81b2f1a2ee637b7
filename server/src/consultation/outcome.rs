//! PLANNED → HELD with what came of it; help that is wanted is asked for in the same step.

use chrono::{Days, NaiveDate};
use schakel_domain::{
    access::{Class, Role},
    consultation::{Event, JgtHulpGewenst, KindRules, Outcome, State, outcome::Held},
    hulpvraag::{ASKED, Category},
    ids::{ActionId, HulpvraagId, PersonId},
    refusal::{Refusal, Violation},
};

use super::{
    kind,
    meeting::Meeting,
    minutes::{self, Agreed, Minutes},
    parts,
    reach::{self, Known, Loaded},
    seats, shared, store, table, tell,
};
use crate::{
    access::{authenticate::today, circle},
    availability::freed,
    error::{Error, Result},
    hulpvraag::{create, plan},
    store::{Tx, audit::Deed},
};

/// Two weeks, when nobody says by when help is wanted.
const USUAL: Days = Days::new(14);

/// What came of a meeting.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which meeting.
    pub known: Known,
    /// What was said.
    pub outcome: Outcome,
    /// For JA: the role that is asked for; absent means SMW.
    pub jgt_role: Option<Role>,
    /// For JA: by when; absent means two weeks on.
    pub jgt_target: Option<NaiveDate>,
    /// For JA: about what; none where nobody says.
    pub jgt_category: Option<Category>,
}

/// Records what came of a meeting.
pub async fn record(tx: &Tx, wish: &Wish) -> Result<Meeting> {
    let loaded = reach::load(tx, wish.known.id).await?.is(wish.known.etag)?;
    let changed = loaded.meeting.life().after(Event::Record, tx.now())?;
    if loaded.parts.iter().any(|part| part.state == State::Planned) {
        return Err(Refusal::PartsOpen.into());
    }
    let rules = kind::rules(tx, loaded.meeting.kind, loaded.meeting.day()).await?;
    let found = violations(tx, &loaded, &rules, wish);
    if !found.is_empty() {
        return Err(Error::Invalid(table::under("outcome.", found)));
    }
    let hulpvraag = help(tx, &loaded, wish).await?;
    let mut meeting = loaded.meeting;
    meeting.live_on(changed);
    for seat in &mut meeting.table {
        seat.attended = Some(wish.outcome.attended.contains(&seat.person));
    }
    store::update(tx, &mut meeting).await?;
    let came = meeting.table.iter().filter(|seat| !seat.role.is_private() && seat.attended == Some(true));
    let quorum_met = came.count() >= usize::from(rules.quorum);
    minutes::keep(tx, &meeting, &Minutes { quorum_met, ..written(tx, wish, hulpvraag) }).await?;
    let lines = tell::lines(&meeting, Deed::U, &[Class::K1, Class::K4, Class::K9]);
    tx.audit_all(&lines).await?;
    shared::tell(tx, &[&meeting]).await?;
    tell::case(tx, &meeting, "OUTCOME_RECORDED").await?;
    if let Some(whole) = meeting.within {
        parts::close(tx, whole).await?;
    }
    // The sealed outcome is read back as it stands, so that the answer shows it.
    store::get(tx, meeting.id).await
}

/// PLANNED → CANCELLED, with all its parts: it did not take place, or the turn of a part did not come.
///
/// # Errors
/// `PARTS_OPEN` when some of its parts were held and others wait.
pub async fn pass_over(tx: &Tx, known: Known) -> Result<Meeting> {
    let Loaded { meeting, parts, .. } = reach::load(tx, known.id).await?.is(known.etag)?;
    let open = parts.iter().any(|part| part.state == State::Planned);
    if open && parts.iter().any(|part| part.state == State::Held) {
        return Err(Refusal::PartsOpen.into());
    }
    parts::may_end(tx, &parts).await?;
    // Who waited in vain is free from now on.
    if tx.now() < meeting.time.end() {
        let all: Vec<&Meeting> =
            parts.iter().chain([&meeting]).filter(|one| one.state == State::Planned).collect();
        seats::change_all(tx, &all, &[]).await?;
    }
    for part in parts.into_iter().filter(|part| part.state == State::Planned) {
        passed(tx, part, "PART_NOT_HELD").await?;
    }
    let (whole, asked) = (meeting.within, meeting.hulpvraag);
    let kind = if whole.is_some() { "PART_NOT_HELD" } else { "CONSULTATION_NOT_HELD" };
    let meeting = passed(tx, meeting, kind).await?;
    freed::tell(tx, meeting.id.0, meeting.version).await?;
    if let Some(asked) = asked {
        // Another has to be booked.
        plan::unplan(tx, asked, meeting.id).await?;
    }
    if let Some(whole) = whole {
        parts::close(tx, whole).await?;
    }
    Ok(meeting)
}

/// One that did not take place; its case is told so.
async fn passed(tx: &Tx, mut meeting: Meeting, kind: &str) -> Result<Meeting> {
    meeting.live_on(meeting.life().after(Event::PassOver, tx.now())?);
    store::update(tx, &mut meeting).await?;
    if let Some(case) = meeting.case {
        circle::invite(tx, case, meeting.id, &[]).await?;
    }
    tell::audit(tx, &[&meeting], Deed::U).await?;
    shared::tell(tx, &[&meeting]).await?;
    tell::case(tx, &meeting, kind).await?;
    Ok(meeting)
}

fn violations(tx: &Tx, loaded: &Loaded, rules: &KindRules, wish: &Wish) -> Vec<Violation> {
    let meeting = &loaded.meeting;
    let participants = meeting.persons();
    let parents = meeting.table.iter().filter(|seat| seat.role == Role::Ouder);
    let parents: Vec<PersonId> = parents.map(|seat| seat.person).collect();
    let held = Held {
        rules,
        subject: table::subject(meeting, !loaded.parts.is_empty()),
        day: meeting.day(),
        participants: &participants,
        parents: &parents,
        professionals: &meeting.professionals(),
    };
    let mut found = wish.outcome.check(held);
    if wish.jgt_role.is_some_and(|role| !ASKED.contains(&role)) {
        found.push(Violation::new("jgt_role", Refusal::FieldInvalid));
    }
    if wish.jgt_target.is_some_and(|day| day < today(tx.now())) {
        found.push(Violation::new("jgt_target_date", Refusal::TimeOutOfBounds));
    }
    found
}

/// Asks the team, when the parents want it.
async fn help(tx: &Tx, loaded: &Loaded, wish: &Wish) -> Result<Option<HulpvraagId>> {
    if !wish.outcome.jgt_hulp.is_some_and(JgtHulpGewenst::asks_for_help) {
        return Ok(None);
    }
    let Loaded { meeting, circle, .. } = loaded;
    let school = circle.as_ref().and_then(|circle| circle.school).or(meeting.school);
    let standard = || format!("Hulp van het jeugdteam gewenst, besproken in overleg {}.", meeting.reference);
    let question = match &wish.outcome.summary {
        Some(summary) => summary.clone(),
        None => standard().parse()?,
    };
    let asked = create::Wish {
        school: school.ok_or(Refusal::NoTeam)?,
        role: wish.jgt_role.unwrap_or(Role::Smw),
        target: wish.jgt_target.unwrap_or_else(|| today(tx.now()) + USUAL),
        case: meeting.case,
        category: wish.jgt_category,
        question,
    };
    let child = circle.as_ref().map(|circle| circle.child.0);
    create::ask(tx, &asked, child).await.map(|asked| Some(asked.id))
}

fn written(tx: &Tx, wish: &Wish, hulpvraag: Option<HulpvraagId>) -> Minutes {
    let outcome = &wish.outcome;
    let agreed = outcome.actions.iter().map(|action| Agreed {
        id: ActionId(tx.new_id()),
        text: action.what.as_str().to_owned(),
        owner: action.owner,
        due: action.due,
        done: None,
    });
    Minutes {
        child_heard: outcome.child_heard,
        child_heard_note: outcome.child_heard_note.as_ref().map(|note| note.as_str().to_owned()),
        jgt: outcome.jgt_hulp,
        decided_with: outcome.decided_by.clone(),
        jgt_role: hulpvraag.map(|_| wish.jgt_role.unwrap_or(Role::Smw)),
        jgt_target: hulpvraag.map(|_| wish.jgt_target.unwrap_or_else(|| today(tx.now()) + USUAL)),
        summary: outcome.summary.as_ref().map(|summary| summary.as_str().to_owned()),
        hulpvraag,
        agreement: outcome.agreement,
        not_decided: outcome.not_decided,
        quorum_met: false,
        actions: agreed.collect(),
    }
}
