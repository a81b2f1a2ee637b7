//! Parts as somebody wants them, laid out one after another, planned and checked.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{KindRules, ParentException, State, check_part, overlapping},
    ids::{CaseId, ConsultationId, PersonId},
    refusal::{Refusal, Violation},
    text::FreeText,
    time::Period,
};

use crate::{
    access::{
        affiliation,
        authenticate::today,
        circle::{self, Circle},
    },
    consultation::{
        book,
        meeting::{Meeting, Seat},
        provider,
        table::{self, Guest},
    },
    error::{Error, Result},
    store::Tx,
};

/// A child's turn, as somebody wants it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Which.
    pub which: Which,
    /// When it starts; absent: right after the one before it.
    pub start: Option<DateTime<Utc>>,
    /// How long it lasts; absent keeps what is there.
    pub length: Option<TimeDelta>,
}

/// Whose turn.
#[derive(Debug, Clone)]
pub enum Which {
    /// A part that is there.
    There(ConsultationId),
    /// A part that is to come.
    New(Newcomer),
}

/// A child that gets a part.
#[derive(Debug, Clone)]
pub struct Newcomer {
    /// The child's case.
    pub case: CaseId,
    /// Who comes for this child alone.
    pub guests: Vec<Guest>,
    /// Why no parent with gezag comes.
    pub parent_exception: Option<ParentException>,
    /// Why a provider of youth help comes.
    pub provider_reason: Option<FreeText>,
}

/// When each of `turns` is, from `begin` on; `there` tells when a part is now.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND` of a part that is not there.
pub(in crate::consultation) fn laid(
    turns: &[Turn],
    begin: DateTime<Utc>,
    there: impl Fn(ConsultationId) -> Option<Period>,
) -> Result<Vec<Period>> {
    let mut free = begin;
    let mut times = Vec::with_capacity(turns.len());
    for turn in turns {
        let now = match turn.which {
            Which::There(part) => Some(there(part).ok_or(Error::NotFound("CONSULTATION"))?),
            Which::New(_) => None,
        };
        let length = turn.length.or(now.map(Period::duration)).unwrap_or_default();
        let start = turn.start.unwrap_or(free);
        let time = Period::new(start, start + length)?;
        free = time.end();
        times.push(time);
    }
    Ok(times)
}

/// What is wrong with parts at `times` together.
pub(in crate::consultation) fn crowded(rules: &KindRules, times: &[Period]) -> Vec<Violation> {
    let mut found = Vec::new();
    if times.len() > usize::from(rules.capacity) {
        found.push(Violation::new("parts", Refusal::TooManyAttendees));
    }
    if let Some(at) = overlapping(times) {
        found.push(Violation::new(format!("parts[{at}].start_time"), Refusal::TimeRangeInvalid));
    }
    found
}

/// New parts without references, and what keeps them from being booked.
#[derive(Default)]
pub(in crate::consultation) struct Drafts {
    /// As they would be.
    pub parts: Vec<Meeting>,
    /// With `parts[i].` before the field.
    pub faults: Vec<Violation>,
    /// The circles of their cases.
    pub circles: Vec<Circle>,
}

/// Plans the new ones among `turns` as parts of `whole`, in a constant number of statements.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED` of any of the children.
pub(in crate::consultation) async fn drafts(
    tx: &Tx,
    (whole, rules): (&Meeting, &KindRules),
    turns: &[Turn],
    times: &[Period],
) -> Result<Drafts> {
    let new = || {
        let turns = turns.iter().zip(times).enumerate();
        turns.filter_map(|(at, (turn, time))| match &turn.which {
            Which::New(child) => Some((at, child, *time)),
            Which::There(_) => None,
        })
    };
    let cases: Vec<CaseId> = new().map(|(_, child, _)| child.case).collect();
    let mut found = Drafts::default();
    if cases.is_empty() {
        return Ok(found);
    }
    let circles = circle::reach_each(tx, &cases).await?;
    let guests: Vec<PersonId> =
        new().flat_map(|(_, child, _)| &child.guests).map(|guest| guest.person).collect();
    let posts = affiliation::of(tx, &guests, today(tx.now())).await?;
    for (at, child, time) in new() {
        let circle = circles.iter().find(|circle| circle.case == child.case);
        let mut part = part(tx, whole, (child, time), circle);
        let around = table::Around { circle, has_parts: false, rules, keeps_notice: false };
        let mut faults = own(check_part(&table::wish(&part, around), whole.time), whole.table.len());
        faults.extend(table::strangers_among(tx, &child.guests, circle, &posts).await?);
        faults.extend(provider::unexplained(&child.guests, child.provider_reason.as_ref()));
        part.sealed_provider_reason = provider::sealed(tx, &part, child.provider_reason.as_ref()).await?;
        if found.parts.iter().any(|other| other.case == part.case) {
            faults.push(Violation::new("case", Refusal::FieldInvalid));
        }
        found.faults.extend(table::under(&format!("parts[{at}]."), faults));
        found.parts.push(part);
    }
    found.circles = circles;
    Ok(found)
}

/// Violations of a table that begins with `fixed` seats, which stand elsewhere in the request.
fn own(found: Vec<Violation>, fixed: usize) -> Vec<Violation> {
    let named = |violation: Violation| {
        let Some(rest) = violation.field.strip_prefix("participants[") else { return Some(violation) };
        let (at, rest) = rest.split_once(']')?;
        let at = at.parse::<usize>().ok()?.checked_sub(fixed)?;
        Some(Violation { field: format!("participants[{at}]{rest}"), ..violation })
    };
    found.into_iter().filter_map(named).collect()
}

fn part(tx: &Tx, whole: &Meeting, (child, time): (&Newcomer, Period), circle: Option<&Circle>) -> Meeting {
    let id = ConsultationId(tx.new_id());
    let fixed = whole.table.iter().map(|seat| Seat { fixed: true, ..seat.clone() });
    Meeting {
        id,
        reference: String::new(),
        uid: book::uid(tx),
        state: State::Planned,
        case: Some(child.case),
        subject: circle.map_or(id.0, |circle| circle.child.0),
        hulpvraag: None,
        time,
        parent_exception: child.parent_exception,
        rooms: Vec::new(),
        alone_because: whole.alone_because,
        short_notice: None,
        within: Some(whole.id),
        sequence: 0,
        sealed_outcome: None,
        sealed_provider_reason: None,
        booked_by: PersonId(tx.grant().actor().unwrap_or_default()),
        created: tx.now(),
        updated: tx.now(),
        version: 1,
        member: None,
        table: fixed.chain(child.guests.iter().map(|guest| guest.seat())).collect(),
        ..whole.clone()
    }
}
