//! Tracks of a case: one begins, goes on step by step, gets another coordinator or day, and a step that
//! was a mistake is taken back.

use axum::extract::{Path, Query};
use minijinja::{Value, context};
use pb::track::{State, step};
use schakel_domain::{
    access::{Action, Class},
    thuiszitter::track::{TrackGround, TrackKind, TrackOutcome, TrackStep},
};
use schakel_proto::v1::{self as pb, track_service_client::TrackServiceClient};
use strum::IntoEnumIterator;
use tonic::Status;

use super::{
    About, can_at, case, facts, faults, faults_unless_allowed,
    form::{Choice, Field, Form},
    home, must, name,
    parts::{self, Telling},
    reads,
    register::{schools, sorted},
    said_tracks::{TRACK_GROUNDS, TRACK_OUTCOMES, TRACK_STEPS, TRACKS},
    saved, sees_at,
    show::meetings,
    steps::keepers,
    today, typed, writes,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        calls::Channel,
        shown,
        trouble::{Faults, Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Trajecten", "Tracks";
    none: "Er zijn geen trajecten die u mag zien.", "There are no tracks that you may see.";
    start: "Traject beginnen", "Begin a track";
    step: "Stap vastleggen", "Record a step";
    change: "Wijzigen", "Change";
    back: "Laatste stap terugnemen", "Take the last step back";
    since: "Begonnen op", "Began on";
    ground: "Grond", "Ground";
    coordinator: "Wie let erop", "Who sees to it";
    unnamed: "naam niet bekend", "name not known";
    next: "Volgende stap op", "Next step on";
    ended: "Afgelopen op", "Ended on";
    outcome: "Uitkomst", "Outcome";
    terms: "Termijnen", "Deadlines";
    counts_from: "telt vanaf", "counts from";
    due: "uiterlijk", "at the latest";
    still_since: "Staat stil sinds", "Stands still since";
    still: "Stond stil:", "Stood still:";
    until: "tot en met", "until";
    steps: "Stappen", "Steps";
    no_steps: "Er zijn nog geen stappen die u mag zien.", "There are no steps yet that you may see.";
    meeting: "overleg", "meeting";
    start_intro: "Begint er een klacht, bezwaar, geschil, vrijstelling, plaatsing of arrangement? Bij een bezwaar, geschil, vrijstelling of plaatsing \
        gaan de termijnen van de wet vanzelf lopen. Voor een klacht houdt Schakel geen termijn bij. Een arrangement wordt elk schooljaar geëvalueerd.",
        "Does a complaint, objection, dispute, exemption, placement or arrangement begin? With an objection, dispute, exemption or placement \
        the terms of the law begin to run. Of a complaint Schakel keeps no term. An arrangement is evaluated each school year.";
    save: "Leg vast", "Record";
    kind: "Wat voor traject?", "What kind of track?";
    ground_hint: "Alleen bij een vrijstelling of vervangende leerplicht; dan is het verplicht. ‘5 onder a’ en ‘5a’ zijn twee verschillende gronden.",
        "With an exemption or a substitute programme only; then it is required. ‘5 under a’ and ‘5a’ are two different grounds.";
    who: "Wie let op dit traject?", "Who sees to this track?";
    first: "Eerste dag", "First day";
    first_hint: "De dag waarop het begon of is ontvangen.", "The day on which it began or was received.";
    next_day: "Wanneer gebeurt er weer iets?", "When does something happen next?";
    which: "Wat is er gebeurd?", "What happened?";
    date: "Op welke dag?", "On which day?";
    school: "Welke school?", "Which school?";
    school_hint: "Alleen bij een school die is bezocht, die wil of niet wil plaatsen, of waar het kind start.",
        "Only with a school that was visited, that agreed or refused, or at which the child starts.";
    until_day: "Tot en met welke dag?", "Until which day?";
    until_hint: "Alleen bij ‘Arrangement begonnen’; dan is het verplicht.",
        "With ‘Arrangement begun’ only; then it is required.";
    note_hint: "Bij ‘Arrangement toegekend’ is het verplicht: schrijf waarom er meer nodig is dan de basisondersteuning. \
        En bijvoorbeeld hoeveel uur per week, of welk bedrag.",
        "With ‘Arrangement granted’ it is required: write why more is needed than the basisondersteuning. \
        And for example how many hours a week, or what amount.";
    care_hint: "Bij ‘Arrangement toegekend’ is het verplicht: schrijf waarom er meer nodig is dan de basisondersteuning. \
        Welke zorg het is, staat bij zorg in het plan: niet hier. Laat dit leeg bij ‘Zorg is akkoord’.",
        "With ‘Arrangement granted’ it is required: write why more is needed than the basisondersteuning. \
        What care it is, stands with care in the plan: not here. Leave this empty with ‘The side of care agrees’.";
    talked: "Bij welk overleg?", "At which meeting?";
    talked_hint: "Alleen bij ‘Samen gesproken’.", "With ‘Talked together’ only.";
    note: "Toelichting", "Note";
    how: "Hoe liep het af?", "How did it end?";
    how_hint: "Alleen bij ‘Besloten’ (hoe er is besloten) of ‘Gestopt’ (samen opgelost of ingetrokken); dan is het verplicht.",
        "With ‘Decided’ (how it was decided) or ‘Ended’ (settled or withdrawn) only; then it is required.";
    next_hint: "Verplicht, tenzij het traject door deze stap stopt. Laat het dan leeg.",
        "Required, unless the track ends by this step. Then leave it empty.";
    tell_exemption: "Leg de vrijstelling vast", "Record the exemption";
    tell_absence: "Leg vast dat het kind ziek is", "Record that the child is ill";
    tell_enrolled: "Leg vast dat het kind is ingeschreven", "Record that the child is enrolled";
    tell_enrolment: "Leg de dag van inschrijving vast", "Record the day of the enrolment";
    look_at_facts: "Bekijk en verbeter de feiten", "Look at the facts and correct them";
    unseen: "Dit legt alleen iemand vast die mag zien wat het kind kan volgens een arts.",
        "Only who may see what a doctor says of the child can record this.";
    change_title: "Traject wijzigen", "Change the track";
    keep: "Bewaar", "Save";
    back_intro: "De stap was een vergissing. Termijnen en taken die erdoor kwamen, gaan terug zoals ze waren.",
        "The step was a mistake. Deadlines and tasks that came of it go back to what they were.";
}

fn tracks(visit: &Visit) -> TrackServiceClient<Channel> {
    TrackServiceClient::new(visit.calls())
}

async fn listed(visit: &Visit, id: &str) -> Result<Vec<pb::Track>, Trouble> {
    let ask = pb::ListTracksRequest { case: name(id) };
    Ok(tracks(visit).list_tracks(ask).await?.into_inner().tracks)
}

/// Those of a case; nothing for who sees none and whose roles never do.
pub(super) async fn all(visit: &Visit, id: &str) -> Result<Option<Vec<pb::Track>>, Trouble> {
    let all = listed(visit, id).await?;
    Ok((!all.is_empty() || reads(visit, Class::K4)).then_some(all))
}

/// The part of the page of a case that is about them.
pub(super) fn section(
    visit: &Visit,
    case: &pb::Case,
    (all, timeline): (&[pb::Track], &pb::Timeline),
    telling: Telling,
) -> Value {
    let open = matches!(case.state(), pb::case::State::Open);
    let may = !case.etag.is_empty() && can_at(visit, Action::WriteTrack, case.escalation_level);
    let to = |may: bool, verb: &str| if may { format!("/{}/{verb}", case.name) } else { String::new() };
    let one = |one: &pb::Track| {
        let kind = kind_of(one);
        let any =
            |steps: &[TrackStep]| kind.is_some_and(|kind| steps.iter().any(|step| fits(case, kind, *step)));
        // After the end of its case an arrangement goes on that had begun, and no other track.
        let begun = one.steps.iter().any(|step| matches!(step.kind(), step::Kind::ArrangementStarted));
        let goes_on = (open || begun) && any(kind.map(TrackKind::steps).unwrap_or_default());
        let back = any(one.steps.last().and_then(step_of).as_slice());
        context! { goes_on, back, ..parts::track(one, &timeline.deadlines, telling) }
    };
    context! {
        own => words(visit.language),
        all => all.iter().map(one).collect::<Vec<_>>(),
        start => to(may && open, "track"),
        step => to(may, "track-step"),
        change => to(may && open, "track-change"),
        back => to(may, "track-back"),
    }
}

/// Whether a step is taken in the case: in a closed one only of an arrangement that goes on.
fn fits(case: &pb::Case, kind: TrackKind, step: TrackStep) -> bool {
    let open = matches!(case.state(), pb::case::State::Open);
    open || kind.moment(None, step).is_some_and(|moment| facts::fits(case, moment))
}

async fn beginning(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::WriteTrack)?;
    let case = case(visit, id).await?;
    let (language, own) = (visit.language, words(visit.language));
    let keepers = keepers(visit, &case, "").await?;
    let form = Form::new((own.start, own.start), home(id))
        .intro(own.start_intro)
        .ask(Field::choice("track.kind", own.kind, TRACKS.options(language)).required())
        .ask(
            Field::choice("track.ground", own.ground, TRACK_GROUNDS.options(language))
                .sometimes()
                .hint(own.ground_hint),
        )
        .ask(Field::choice("track.coordinator", own.who, keepers).required().value(visit.me.person.as_str()))
        .ask(
            Field::date("track.start_date", own.first)
                .required()
                .hint(own.first_hint)
                .value(today(visit).to_string()),
        )
        .ask(Field::date("track.next_date", own.next_day).required());
    Ok(form)
}

pub(super) async fn starting(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(beginning(&visit, &id).await?.page(&visit))
}

pub(super) async fn start(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let wished = pb::Track {
        case: name(&id),
        kind: TRACKS.number(posted.one("track.kind")?, pb::track::Kind::from_str_name),
        ground: TRACK_GROUNDS.number(posted.one("track.ground")?, pb::track::Ground::from_str_name),
        coordinator: typed(&posted, "track.coordinator")?,
        start_date: typed(&posted, "track.start_date")?,
        next_date: typed(&posted, "track.next_date")?,
        ..pb::Track::default()
    };
    let ask = pb::StartTrackRequest { track: Some(wished), request_id: typed(&posted, "request_id")? };
    match faults(tracks(&visit).start_track(ask).await)? {
        None => Ok(saved::to(&id, "track")),
        Some(faults) => Ok(beginning(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

/// The one with that name.
async fn found(visit: &Visit, id: &str, of: &str) -> Result<pb::Track, Trouble> {
    must(visit, Action::WriteTrack)?;
    let all = listed(visit, id).await?;
    all.into_iter().find(|one| one.name == of).ok_or(NOT_FOUND.into())
}

/// The same, as long as it runs.
async fn running(visit: &Visit, id: &str, of: &str) -> Result<pb::Track, Trouble> {
    let found = found(visit, id, of).await?;
    if matches!(found.state(), State::Open) { Ok(found) } else { Err(NOT_FOUND.into()) }
}

/// Which one a form is about.
fn about(visit: &Visit, track: &pb::Track) -> String {
    let (language, own) = (visit.language, words(visit.language));
    let kind = TRACKS.say(track.kind().as_str_name(), language);
    format!("{kind}. {} {}.", own.since, shown::day(&track.start_date, language))
}

fn kind_of(track: &pb::Track) -> Option<TrackKind> {
    track.kind().as_str_name().strip_prefix("KIND_")?.parse().ok()
}

fn step_of(step: &pb::track::Step) -> Option<TrackStep> {
    step.kind().as_str_name().strip_prefix("KIND_")?.parse().ok()
}

fn ground_of(track: &pb::Track) -> Option<TrackGround> {
    track.ground().as_str_name().strip_prefix("GROUND_")?.parse().ok()
}

/// The steps of that kind on that ground that the visitor may record of a case, in the order in which they are
/// usually taken.
fn step_options(
    visit: &Visit,
    (kind, ground): (TrackKind, Option<TrackGround>),
    case: &pb::Case,
) -> Vec<Choice> {
    let seen = sees_at(visit, Action::WriteTrack, case.escalation_level);
    let option = |step: TrackStep| {
        let word = step.to_string();
        let said = TRACK_STEPS.say(&word, visit.language).to_owned();
        (word, said)
    };
    let may = |step: &TrackStep| seen.has(step.class()) && fits(case, kind, *step);
    kind.steps_on(ground).filter(may).map(option).collect()
}

/// What somebody chooses from when it ends; none where the step says how.
fn outcome_options(visit: &Visit, kind: TrackKind) -> Vec<Choice> {
    let fits =
        |outcome: &TrackOutcome| kind.steps().iter().any(|step| kind.outcome(*step, Some(*outcome)).is_ok());
    let option = |outcome: TrackOutcome| {
        let word = outcome.to_string();
        let said = TRACK_OUTCOMES.say(&word, visit.language).to_owned();
        (word, said)
    };
    TrackOutcome::iter().filter(fits).map(option).collect()
}

/// The meetings about a case that are not off.
async fn meeting_options(visit: &Visit, id: &str) -> Result<Vec<Choice>, Trouble> {
    let all = meetings(visit, id).await?.unwrap_or_default();
    let on = all.iter().filter(|one| !matches!(one.state(), pb::consultation::State::Cancelled));
    let option = |one: &pb::Consultation| {
        let when = shown::span(one.start_time.as_ref(), one.duration.as_ref(), visit.language);
        (one.name.clone(), format!("{} {}, {when}", shown::kind(one.kind(), visit.language), one.reference))
    };
    Ok(on.map(option).collect())
}

async fn further(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let (own, track) = (words(visit.language), running(visit, id, of).await?);
    let kind = kind_of(&track).ok_or(NOT_FOUND)?;
    let case = case(visit, id).await?;
    let options = step_options(visit, (kind, ground_of(&track)), &case);
    let mut form = Form::new((own.step, own.save), home(id))
        .quote(about(visit, &track))
        .hide("of", track.name)
        .hide("etag", track.etag)
        .ask(Field::choice("step.kind", own.which, options).required())
        .ask(Field::date("step.date", own.date).required().value(today(visit).to_string()));
    if kind.steps().iter().any(|step| step.names_school()) {
        let all = schools(visit).await?.into_iter().filter(|one| one.valid_until.is_empty());
        let options = sorted(all.map(|one| (one.name, one.display_name)).collect());
        form = form.ask(Field::choice("step.school", own.school, options).sometimes().hint(own.school_hint));
    }
    if kind.steps().iter().any(|step| step.names_meeting()) {
        let options = meeting_options(visit, id).await?;
        form = form
            .ask(Field::choice("step.consultation", own.talked, options).sometimes().hint(own.talked_hint));
    }
    if kind.steps().iter().any(|step| step.names_end()) {
        form = form.ask(Field::date("step.until_date", own.until_day).sometimes().hint(own.until_hint));
    }
    let outcomes = outcome_options(visit, kind);
    if !outcomes.is_empty() {
        form = form.ask(Field::choice("outcome", own.how, outcomes).sometimes().hint(own.how_hint));
    }
    let note = Field::text("step.note", own.note);
    let reasoned = kind.steps().iter().any(|step| step.needs_note());
    let cares = kind.steps().iter().any(|step| !step.takes_note());
    let note = match (cares, reasoned) {
        (true, _) => note.sometimes().hint(own.care_hint),
        (false, true) => note.sometimes().hint(own.note_hint),
        (false, false) => note,
    };
    let form = form.ask(note).ask(Field::date("next_date", own.next_day).sometimes().hint(own.next_hint));
    Ok(form)
}

pub(super) async fn stepping(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(further(&visit, &id, &about.of).await?.page(&visit))
}

/// What is wrong with a step that was sent. What a doctor states is written by who sees that class, which
/// others who go on with the same track are told beside the field.
fn refused(
    visit: &Visit,
    (step, field): (i32, &str),
    sent: Result<tonic::Response<pb::Track>, Status>,
) -> Result<Option<Faults>, Trouble> {
    if step == i32::from(step::Kind::DoctorStated) {
        return faults_unless_allowed(sent, (field, words(visit.language).unseen));
    }
    faults(sent)
}

pub(super) async fn take(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let kind = TRACK_STEPS.number(posted.one("step.kind")?, step::Kind::from_str_name);
    let taken = pb::track::Step {
        kind,
        date: typed(&posted, "step.date")?,
        until_date: typed(&posted, "step.until_date")?,
        school: typed(&posted, "step.school")?,
        consultation: typed(&posted, "step.consultation")?,
        note: typed(&posted, "step.note")?,
    };
    let ask = pb::AddTrackStepRequest {
        name: typed(&posted, "of")?,
        step: Some(taken),
        outcome: TRACK_OUTCOMES.number(posted.one("outcome")?, pb::track::Outcome::from_str_name),
        next_date: typed(&posted, "next_date")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    let sent = tracks(&visit).add_track_step(ask).await;
    match refused(&visit, (kind, "step.kind"), sent)? {
        None => Ok(saved::to(&id, "step")),
        Some(faults) => {
            let form = further(&visit, &id, posted.one("of")?).await?;
            let disagree = faults.reason == "FACTS_DISAGREE";
            let track = if disagree { Some(running(&visit, &id, posted.one("of")?).await?) } else { None };
            let ways = track.map(|track| tellings(&visit, &id, (&track, posted.one("step.kind").ok())));
            Ok(form.ways(ways.unwrap_or_default()).again(&visit, &posted, &faults))
        }
    }
}

/// Where the facts are told without which that step is not taken.
fn tellings(
    visit: &Visit,
    id: &str,
    (track, step): (&pb::Track, Option<&str>),
) -> Vec<(&'static str, String)> {
    let (own, home) = (words(visit.language), home(id));
    if !writes(visit, Class::K3) {
        return Vec::new();
    }
    let ground = track.ground().as_str_name().trim_start_matches("GROUND_");
    match step {
        Some("GRANTED") if ground == "11_ONDER_D" => {
            vec![(own.tell_absence, format!("{home}/fact?of=absence"))]
        }
        Some("GRANTED") => vec![(own.tell_exemption, format!("{home}/fact?of=exemption&what={ground}"))],
        Some("STARTED") => vec![
            (own.tell_enrolment, format!("{home}/happened?of=ENROLLED")),
            (own.tell_enrolled, format!("{home}/fact?of=enrolled")),
        ],
        Some(_) | None => vec![(own.look_at_facts, format!("{home}?all=1#facts"))],
    }
}

async fn another(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let (own, track) = (words(visit.language), running(visit, id, of).await?);
    let case = case(visit, id).await?;
    let keepers = keepers(visit, &case, &track.coordinator).await?;
    let form = Form::new((own.change_title, own.keep), home(id))
        .quote(about(visit, &track))
        .hide("of", track.name)
        .hide("etag", track.etag)
        .ask(Field::choice("track.coordinator", own.who, keepers).required().stored(track.coordinator))
        .ask(Field::date("track.next_date", own.next_day).required().stored(track.next_date));
    Ok(form)
}

pub(super) async fn changing(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(another(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn change(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    // What was left alone is not sent: somebody else may have changed it meanwhile.
    let mut paths = Vec::new();
    for path in ["coordinator", "next_date"] {
        if posted.is_changed(&format!("track.{path}"))? {
            paths.push(path.to_owned());
        }
    }
    if paths.is_empty() {
        return Ok(see_other(&home(&id)));
    }
    let wished = pb::Track {
        name: typed(&posted, "of")?,
        coordinator: typed(&posted, "track.coordinator")?,
        next_date: typed(&posted, "track.next_date")?,
        etag: typed(&posted, "etag")?,
        ..pb::Track::default()
    };
    let ask = pb::UpdateTrackRequest {
        track: Some(wished),
        update_mask: Some(prost_types::FieldMask { paths }),
        request_id: typed(&posted, "request_id")?,
    };
    match faults(tracks(&visit).update_track(ask).await)? {
        None => Ok(saved::to(&id, "track_changed")),
        Some(faults) => Ok(another(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}

async fn mistake(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let (language, own) = (visit.language, words(visit.language));
    let track = found(visit, id, of).await?;
    let last = track.steps.last().ok_or(NOT_FOUND)?;
    let step = last.kind().as_str_name();
    let said = TRACK_STEPS.say(step, language);
    let form = Form::new((own.back, own.back), home(id))
        .intro(own.back_intro)
        .quote(format!("{} {said}, {}", about(visit, &track), shown::day(&last.date, language)))
        .hide("step", step)
        .hide("of", track.name)
        .hide("etag", track.etag)
        .ask(Field::date("next_date", own.next_day).required());
    Ok(form)
}

pub(super) async fn returning(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(mistake(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn take_back(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let step = step::Kind::from_str_name(posted.one("step")?).unwrap_or_default().into();
    let ask = pb::TakeBackTrackStepRequest {
        name: typed(&posted, "of")?,
        step,
        next_date: typed(&posted, "next_date")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    let sent = tracks(&visit).take_back_track_step(ask).await;
    match refused(&visit, (step, "step"), sent)? {
        None => Ok(saved::to(&id, "step_back")),
        Some(faults) => Ok(mistake(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}
