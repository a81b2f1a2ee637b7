//! Opening a case: the school, the child, its parents and the first day at home.

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;

use super::{
    calls,
    form::{Choice, Field, Form},
    moving::{OUTSIDE, outside},
    must,
    register::{areas, school, schools, sorted},
    said::{ABSENCES, GEZAG},
    typed,
};
use crate::web::workplace::{
    trouble::{Faults, Shown, Trouble, see_other},
    visit::{Posted, Visit},
    words::words,
};

words! {
    title: "Dossier openen", "Open a case";
    button: "Open het dossier", "Open the case";
    intro: "Vul in wat u weet. De rest kan later. Alleen wie met dit kind werkt, ziet deze gegevens.",
        "Fill in what you know. The rest can wait. Only who works with this child sees this.";
    child: "Het kind", "The child";
    name: "Naam", "Name";
    birth: "Geboortedatum", "Date of birth";
    school: "School", "School";
    school_hint: "Leeg laten kan alleen als het kind nergens is ingeschreven.", "Leave empty only when the child is enrolled nowhere.";
    gemeente: "Gemeente waar het kind woont", "Gemeente where the child lives";
    gemeente_hint: "De code: GM en vier cijfers, bijvoorbeeld GM0363.", "The code: GM and four digits, for example GM0363.";
    absence: "Het verzuim", "The absence";
    kind: "Waarom het kind niet op school is", "Why the child is not at school";
    first_day: "Eerste dag thuis", "First day at home";
    question: "Wat is de vraag van de school?", "What does the school ask?";
    next: "Volgende stap op", "Next step on";
    next_hint: "Zonder datum krijgt u een melding.", "Without a date you get an alarm.";
    parent: "Ouder of verzorger", "Parent or carer";
    other: "Tweede ouder of verzorger", "Second parent or carer";
    gezag: "Gezag", "Parental authority";
    email: "E-mailadres", "E-mail address";
    phone: "Telefoon", "Telephone";
    language: "Taal", "Language";
    language_hint: "Bijvoorbeeld ar of pl. Leeg is Nederlands.", "For example ar or pl. Empty means Dutch.";
    secret: "Geheim adres", "Secret address";
    secret_hint: "E-mail en telefoon zijn dan alleen te zien voor leerplicht en de voogd.",
        "E-mail and telephone are then shown to the attendance officer and the guardian only.";
}

/// So many parents can be filled in at once.
const PARENTS: usize = 2;

pub(super) async fn asking(visit: Visit) -> Shown {
    must(&visit, Action::OpenCase)?;
    Ok(form(&visit).await?.page(&visit))
}

pub(super) async fn open(visit: Visit, posted: Posted) -> Shown {
    let ask = pb::OpenCaseRequest {
        case: Some(wished(&posted)?),
        confirm_outside_region: posted.ticked(OUTSIDE)?,
        request_id: typed(&posted, "request_id")?,
    };
    match calls(&visit).open_case(ask).await {
        Ok(case) => Ok(see_other(&format!("/{}?saved=opened", case.into_inner().name))),
        Err(status) => {
            let faults = Faults::of(status)?;
            Ok(form(&visit).await?.again(&visit, &posted, &faults))
        }
    }
}

fn wished(posted: &Posted) -> Result<pb::Case, Trouble> {
    let kind = ABSENCES.number(posted.one("case.absence.kind")?, pb::case::absence::Kind::from_str_name);
    let mut parents = Vec::new();
    for at in 0..PARENTS {
        let parent = parent(posted, at)?;
        if at == 0 || parent != pb::case::Parent::default() {
            parents.push(parent);
        }
    }
    Ok(pb::Case {
        school: typed(posted, "case.school")?,
        residence_gemeente_code: typed(posted, "case.residence_gemeente_code")?,
        absence: Some(pb::case::Absence {
            kind,
            first_day: typed(posted, "case.absence.first_day")?,
            unauthorised: Vec::new(),
        }),
        child: Some(pb::case::Child {
            person: String::new(),
            display_name: typed(posted, "case.child.display_name")?,
            birth_date: typed(posted, "case.child.birth_date")?,
        }),
        parents,
        question: typed(posted, "case.question")?,
        next_action_date: typed(posted, "case.next_action_date")?,
        ..pb::Case::default()
    })
}

fn parent(posted: &Posted, at: usize) -> Result<pb::case::Parent, Trouble> {
    let field = |name: &str| format!("case.parents[{at}].{name}");
    let gezag = GEZAG.number(posted.one(&field("gezag"))?, pb::case::parent::Gezag::from_str_name);
    Ok(pb::case::Parent {
        person: String::new(),
        display_name: typed(posted, &field("display_name"))?,
        email: typed(posted, &field("email"))?,
        phone: typed(posted, &field("phone"))?,
        gezag,
        address_confidential: posted.ticked(&field("address_confidential"))?,
        language: typed(posted, &field("language"))?,
    })
}

/// The schools to choose from: that for which somebody acts, or all of the region.
async fn places(visit: &Visit) -> Result<(Vec<Choice>, String), Trouble> {
    let acting = visit.session.acting.iter().find(|at| at.kind == "SCHOOL");
    if let Some(acting) = acting {
        // A school has the same id as its organisation.
        let own = school(visit, &format!("schools/{}", acting.organisation.0)).await?;
        return Ok((vec![(own.name, own.display_name)], own.gemeente_code));
    }
    let all = schools(visit).await?.into_iter().filter(|one| one.valid_until.is_empty());
    Ok((sorted(all.map(|one| (one.name, one.display_name)).collect()), String::new()))
}

async fn form(visit: &Visit) -> Result<Form, Trouble> {
    let (language, own) = (visit.language, words(visit.language));
    let (schools, gemeente) = places(visit).await?;
    let gemeenten = areas(visit, pb::area::Kind::Gemeente).await?;
    let gemeenten = sorted(gemeenten.into_iter().map(|one| (one.code, one.display_name)).collect());
    let only = if schools.len() == 1 { schools[0].0.clone() } else { String::new() };
    let mut form = Form::new((own.title, own.button), "/cases")
        .intro(own.intro)
        .group(own.child)
        .ask(Field::line("case.child.display_name", own.name).required())
        .ask(Field::date("case.child.birth_date", own.birth).required())
        .ask(Field::choice("case.school", own.school, schools).hint(own.school_hint).value(only))
        .ask(
            Field::line("case.residence_gemeente_code", own.gemeente)
                .required()
                .hint(own.gemeente_hint)
                .value(gemeente)
                .suggest(gemeenten),
        )
        .ask(outside(visit))
        .group(own.absence)
        .ask(Field::choice("case.absence.kind", own.kind, ABSENCES.options(language)).required())
        .ask(Field::date("case.absence.first_day", own.first_day).required())
        .ask(Field::text("case.question", own.question))
        .ask(Field::date("case.next_action_date", own.next).hint(own.next_hint));
    for at in 0..PARENTS {
        let field = |name: &str| format!("case.parents[{at}].{name}");
        let must = |field: Field| if at == 0 { field.required() } else { field };
        form = form
            .group(if at == 0 { own.parent } else { own.other })
            .ask(must(Field::line(field("display_name"), own.name)))
            .ask(must(Field::choice(field("gezag"), own.gezag, GEZAG.options(language))))
            .ask(Field::email(field("email"), own.email))
            .ask(Field::phone(field("phone"), own.phone))
            .ask(Field::line(field("language"), own.language).hint(own.language_hint))
            .ask(Field::tick(field("address_confidential"), own.secret).hint(own.secret_hint));
    }
    Ok(form)
}
