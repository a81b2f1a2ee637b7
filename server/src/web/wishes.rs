//! The page on which a parent says what suits them; behind a code that was mailed to them.

use axum::response::Response;
use chrono::Weekday;
use http::StatusCode;
use minijinja::{Value, context};
use schakel_domain::{
    availability::{
        Wishes,
        wishes::{Supporter, SupporterKind},
    },
    refusal::Refusal,
    text::EmailAddress,
};

use super::{
    form::{ANSWER_INVALID, Fields, LINK_INVALID, behind_link},
    page,
    poll::{Opened, see},
    problem::Problem,
};
use crate::{
    access,
    app::App,
    consultation::poll::link,
    error::{Error, Result},
    invitation::polls,
};

pub(super) const CODE_INVALID: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    reason: "CODE_INVALID",
    dutch: "Deze code werkt niet, of niet meer. Vraag een nieuwe code aan.",
    english: "This code does not work, or not any more. Ask for a new code.",
};
pub(super) const CODE_NOT_SENT: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "CODE_NOT_SENT",
    dutch: "Wij kunnen u nu geen code sturen. Bel ons.",
    english: "We cannot send you a code now. Please call us.",
};
const WISHES_INVALID: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    reason: "WISHES_INVALID",
    dutch: "Controleer uw antwoorden: de tijden, de dagen, de naam en het e-mailadres. Ga terug en probeer het opnieuw.",
    english: "Check your answers: the times, the days, the name and the e-mail address. Go back and try again.",
};

const DAYS: [(&str, Weekday, &str, &str); 5] = [
    ("mon", Weekday::Mon, "maandag", "Monday"),
    ("tue", Weekday::Tue, "dinsdag", "Tuesday"),
    ("wed", Weekday::Wed, "woensdag", "Wednesday"),
    ("thu", Weekday::Thu, "donderdag", "Thursday"),
    ("fri", Weekday::Fri, "vrijdag", "Friday"),
];
const SUPPORTERS: [(&str, SupporterKind, &str, &str); 3] = [
    ("naaste", SupporterKind::Naaste, "familie, een vriend of een buur", "family, a friend or a neighbour"),
    ("steunpunt", SupporterKind::Steunpunt, "iemand van een steunpunt", "somebody of a support centre"),
    (
        "vertrouwenspersoon",
        SupporterKind::Vertrouwenspersoon,
        "een vertrouwenspersoon",
        "a confidential adviser",
    ),
];

/// The form that takes the code.
pub(super) fn ask_code(opened: &Opened) -> Response {
    let values =
        context! { title => format!("Overleg {}", opened.poll.reference), code_path => code_path(opened) };
    page::render(StatusCode::OK, "code.html", values)
}

fn code_path(opened: &Opened) -> String {
    format!("{}/code", opened.path)
}

/// Mails a code, then asks for it.
pub(super) async fn send_code(app: &App, opened: &Opened) -> Result<Response, Problem> {
    let link = opened.link;
    let sent = app
        .write(&opened.grant, None, |tx| async move { polls::send_code(&tx, link).await })
        .await
        .map_err(|error| behind_link(&error))?;
    if sent { Ok(see(&format!("{}/wishes", opened.path))) } else { Err(CODE_NOT_SENT) }
}

/// Takes the code and shows the wishes, or takes the wishes with the pass that the code gave.
pub(super) async fn take(app: &App, opened: &Opened, fields: &Fields) -> Result<Response, Problem> {
    let pass = fields.one("pass")?;
    if pass.is_empty() {
        enter(app, opened, fields.given("code")?).await
    } else {
        keep(app, opened, pass, fields).await
    }
}

async fn enter(app: &App, opened: &Opened, code: &str) -> Result<Response, Problem> {
    let (link, person) = (opened.link, opened.link.person);
    let case = opened.poll.case.ok_or(LINK_INVALID)?;
    let done = app
        .write(&opened.grant, None, |tx| async move {
            let Some(pass) = link::trade(&tx, link, code).await? else { return Ok(None) };
            let kept = access::wishes::own(&tx, case, person).await?;
            Ok(Some((pass, kept.map(|kept| kept.wishes).unwrap_or_default())))
        })
        .await;
    let (pass, wishes) = done.map_err(|error| behind_link(&error))?.ok_or(CODE_INVALID)?;
    Ok(form(opened, &pass, &wishes))
}

async fn keep(app: &App, opened: &Opened, pass: &str, fields: &Fields) -> Result<Response, Problem> {
    let wishes = read(fields)?;
    let (link, person, wishes) = (opened.link, opened.link.person, &wishes);
    let case = opened.poll.case.ok_or(LINK_INVALID)?;
    let done = app
        .write(&opened.grant, None, |tx| async move {
            if !link::spend(&tx, link, pass).await? {
                return Ok(false);
            }
            access::wishes::keep_own(&tx, case, person, wishes).await?;
            Ok(true)
        })
        .await;
    match done {
        Ok(true) => Ok(page::message(
            StatusCode::OK,
            &format!("Overleg {}", opened.poll.reference),
            "Dank u. Wij houden hier rekening mee.",
            "Thank you. We will take this into account.",
        )),
        Ok(false) => Err(CODE_INVALID),
        // The pass is not spent: the form can be sent again.
        Err(Error::Invalid(_)) => Err(WISHES_INVALID),
        Err(error) => Err(behind_link(&error)),
    }
}

fn read(fields: &Fields) -> Result<Wishes, Problem> {
    let invalid = |_: Refusal| WISHES_INVALID;
    let time = |name: &str| match fields.one(name)? {
        "" => Ok(None),
        given => given.parse().map(Some).map_err(invalid),
    };
    let mut never = Vec::new();
    for day in fields.all("never") {
        let known = DAYS.iter().find(|(value, ..)| *value == day);
        never.push(known.ok_or(ANSWER_INVALID)?.1);
    }
    let supporter = match fields.one("supporter")? {
        "" => None,
        kind => {
            let known = SUPPORTERS.iter().find(|(value, ..)| *value == kind);
            Some(Supporter {
                kind: known.ok_or(ANSWER_INVALID)?.1,
                name: fields.one("supporter-name")?.parse().map_err(invalid)?,
                email: match fields.one("supporter-email")? {
                    "" => None,
                    given => Some(given.parse().map_err(invalid)?),
                },
            })
        }
    };
    Ok(Wishes {
        language: fields.one("language")?.to_owned(),
        interpreter: fields.ticked("interpreter")?,
        earliest: time("earliest")?,
        latest: time("latest")?,
        never,
        online: fields.ticked("online")?,
        large_print: fields.ticked("large-print")?,
        supporter,
    })
}

fn form(opened: &Opened, pass: &str, wishes: &Wishes) -> Response {
    let days: Vec<Value> = DAYS
        .iter()
        .map(|&(value, ref day, dutch, english)| {
            context! { value, dutch, english, given => wishes.never.contains(day) }
        })
        .collect();
    let own = wishes.supporter.as_ref();
    let supporters: Vec<Value> = SUPPORTERS
        .iter()
        .map(|&(value, kind, dutch, english)| {
            context! { value, dutch, english, given => own.is_some_and(|own| own.kind == kind) }
        })
        .collect();
    let time =
        |time: Option<schakel_domain::time::DayTime>| time.map(|time| time.to_string()).unwrap_or_default();
    let values = context! {
        title => format!("Overleg {}", opened.poll.reference),
        pass, days, supporters,
        language => wishes.language.as_str(),
        interpreter => wishes.interpreter,
        earliest => time(wishes.earliest),
        latest => time(wishes.latest),
        online => wishes.online,
        large_print => wishes.large_print,
        supporter_name => own.map(|own| own.name.as_str()),
        supporter_email => own.and_then(|own| own.email.as_ref()).map(EmailAddress::as_str),
    };
    page::render(StatusCode::OK, "wishes.html", values)
}
