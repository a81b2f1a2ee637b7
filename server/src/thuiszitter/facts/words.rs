//! What an entry of the log says in a sentence, in both languages.

use chrono::NaiveDate;
use schakel_domain::{
    refusal::Language,
    thuiszitter::{AbsenceGround, AbsenceKind, Circumstance, Enrolment, Event, ExemptionGround, Said},
    time::{Validity, day_in_words},
};

fn pick(language: Language, (dutch, english): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// What it says; nothing said takes back an earlier entry.
pub fn sentence(said: Option<&Said>, language: Language) -> String {
    let Some(said) = said else {
        return pick(language, ("Een eerder feit is ingetrokken.", "An earlier fact was taken back.")).into();
    };
    let on = |date| day_in_words(date, language);
    match said {
        Said::Kind(from, what) => since(language, *from, pick(language, kind(*what))),
        Said::Enrolment(from, what) => since(language, *from, pick(language, enrolment(*what))),
        Said::Residence(from, gemeente) => {
            let lives = match language {
                Language::Dutch => format!("woont in gemeente {gemeente}"),
                Language::English => format!("lives in gemeente {gemeente}"),
            };
            since(language, *from, &lives)
        }
        Said::Birth(_) => pick(language, ("Geboortedatum.", "Date of birth.")).into(),
        Said::FirstFullYear(year) => match language {
            Language::Dutch => format!("Eerste hele schooljaar: {year}."),
            Language::English => format!("First full school year: {year}."),
        },
        Said::Qualified(date) => match language {
            Language::Dutch => format!("Startkwalificatie op {}.", on(*date)),
            Language::English => format!("Qualified on {}.", on(*date)),
        },
        Said::Happened(moment, date) => match language {
            Language::Dutch => format!("Op {}: {}.", on(*date), moment.name(language)),
            Language::English => format!("On {}: {}.", on(*date), moment.name(language)),
        },
        Said::Missed(time) => {
            let (why, minutes) = (pick(language, ground(time.ground)), time.minutes);
            match language {
                Language::Dutch => format!("Op {} {minutes} minuten gemist: {why}.", on(time.date)),
                Language::English => format!("On {} missed {minutes} minutes: {why}.", on(time.date)),
            }
        }
        Said::Exempt(held) => during(language, held.days, pick(language, exemption(held.ground))),
        Said::Holds(what, days) => during(language, *days, pick(language, circumstance(*what))),
        Said::StoodStill(suspension) => {
            let still = match language {
                Language::Dutch => format!("termijn {} staat stil", suspension.norm),
                Language::English => format!("term {} stands still", suspension.norm),
            };
            during(language, suspension.days, &still)
        }
        Said::Step(date, event) => match language {
            Language::Dutch => format!("Stap op {}: {}.", on(*date), pick(language, step(*event))),
            Language::English => format!("Step on {}: {}.", on(*date), pick(language, step(*event))),
        },
        Said::Level(date, level) => match language {
            Language::Dutch => format!("Escalatie op {}: niveau {}.", on(*date), *level as u8),
            Language::English => format!("Escalation on {}: level {}.", on(*date), *level as u8),
        },
        Said::Ended(date, outcome) => match language {
            Language::Dutch => format!("Uitkomst op {}: {}.", on(*date), outcome.name(language)),
            Language::English => format!("Outcome on {}: {}.", on(*date), outcome.name(language)),
        },
    }
}

/// From a day on; without that day when nobody said it.
fn since(language: Language, from: NaiveDate, what: &str) -> String {
    let from = (from != NaiveDate::MIN).then(|| day_in_words(from, language));
    match (from, language) {
        (Some(from), Language::Dutch) => format!("Vanaf {from}: {what}."),
        (Some(from), Language::English) => format!("From {from}: {what}."),
        (None, Language::Dutch) => format!("Het kind: {what}."),
        (None, Language::English) => format!("The child: {what}."),
    }
}

fn during(language: Language, days: Validity, what: &str) -> String {
    let from = day_in_words(days.from(), language);
    let until = days.until().map(|until| day_in_words(until, language));
    match (until, language) {
        (Some(until), Language::Dutch) => format!("Van {from} tot en met {until}: {what}."),
        (Some(until), Language::English) => format!("From {from} up to and including {until}: {what}."),
        (None, Language::Dutch) => format!("Vanaf {from}: {what}."),
        (None, Language::English) => format!("From {from}: {what}."),
    }
}

fn kind(kind: AbsenceKind) -> (&'static str, &'static str) {
    match kind {
        AbsenceKind::Absoluut => ("nergens ingeschreven", "enrolled nowhere"),
        AbsenceKind::RelatiefOngeoorloofd => ("afwezig zonder geldige reden", "away without a valid reason"),
        AbsenceKind::Luxe => ("op vakantie zonder toestemming", "on holiday without leave"),
        AbsenceKind::Ziek => ("ziek", "ill"),
        AbsenceKind::ZiekMaarBelastbaar => {
            ("ziek, maar kan een deel van de tijd naar school", "ill, but able to attend in part")
        }
        AbsenceKind::Geschorst => ("geschorst", "suspended"),
        AbsenceKind::Dreigend => ("thuiszitten dreigt", "staying at home threatens"),
        AbsenceKind::VrijstellingAangevraagd => ("vrijstelling gevraagd", "exemption asked for"),
    }
}

fn enrolment(enrolment: Enrolment) -> (&'static str, &'static str) {
    match enrolment {
        Enrolment::Enrolled => ("ingeschreven op een school", "enrolled at a school"),
        Enrolment::NotEnrolled => ("niet ingeschreven", "not enrolled"),
    }
}

fn ground(ground: AbsenceGround) -> (&'static str, &'static str) {
    match ground {
        AbsenceGround::Ongeoorloofd => ("geen geldige reden", "no valid reason"),
        AbsenceGround::Luxe => ("vakantie zonder toestemming", "holiday without leave"),
        AbsenceGround::SchoolGesloten => ("school gesloten", "school closed"),
        AbsenceGround::Verboden => ("naar school gaan was verboden", "going to school was forbidden"),
        AbsenceGround::Geschorst => ("geschorst", "suspended"),
        AbsenceGround::Ziek => ("ziek", "ill"),
        AbsenceGround::Godsdienst => ("godsdienst of levensovertuiging", "religion or conviction"),
        AbsenceGround::VakantieDoorBeroep => {
            ("vakantie door het werk van een ouder", "holiday by a parent's work")
        }
        AbsenceGround::Gewichtig => ("gewichtige omstandigheden", "weighty circumstances"),
        AbsenceGround::OnderZes => ("jonger dan zes jaar", "younger than six"),
        AbsenceGround::Opbouw => ("afgesproken opbouw", "an agreed build-up"),
    }
}

fn exemption(ground: ExemptionGround) -> (&'static str, &'static str) {
    match ground {
        ExemptionGround::Art5OnderA => ("vrijstelling artikel 5 onder a", "exemption by article 5 under a"),
        ExemptionGround::Art5OnderB => ("vrijstelling artikel 5 onder b", "exemption by article 5 under b"),
        ExemptionGround::Art5OnderC => ("vrijstelling artikel 5 onder c", "exemption by article 5 under c"),
        ExemptionGround::Art5aTrekkend => ("vrijstelling artikel 5a", "exemption by article 5a"),
        ExemptionGround::Art15AnderOnderwijs => ("vrijstelling artikel 15", "exemption by article 15"),
        ExemptionGround::Art3a => ("vervangende leerplicht artikel 3a", "substitute programme by article 3a"),
        ExemptionGround::Art3b => ("vervangende leerplicht artikel 3b", "substitute programme by article 3b"),
    }
}

fn circumstance(circumstance: Circumstance) -> (&'static str, &'static str) {
    match circumstance {
        Circumstance::Enrolled => ("ingeschreven", "enrolled"),
        Circumstance::ExemptionSought => ("vrijstelling gevraagd", "exemption asked for"),
        Circumstance::ExtraSupportNeeded => ("extra ondersteuning nodig", "extra support needed"),
        Circumstance::SchoolFull => ("school is vol", "the school is full"),
        Circumstance::GrondslagRefused => {
            ("ouders onderschrijven de grondslag niet", "parents do not accept the school's foundation")
        }
        Circumstance::PublicSchool => ("openbare school", "public-authority school"),
        Circumstance::UnfundedSchool => ("school zonder bekostiging", "school without public money"),
        Circumstance::NeverAble => ("kan nooit naar school", "will never be able to go to school"),
    }
}

fn step(event: Event) -> (&'static str, &'static str) {
    match event {
        Event::ConsultAsked => ("advies gevraagd", "advice asked for"),
        Event::Reported => ("gemeld", "reported"),
        Event::InvestigationOpened => ("onderzoek door leerplicht", "taken up by the attendance officer"),
        Event::RondetafelCalled => ("rondetafel bijeengeroepen", "round table called"),
        Event::PlanAgreed => ("plan afgesproken", "plan agreed"),
        Event::PlaceSought => ("plek gezocht", "place sought"),
        Event::Returned => ("terug op school", "back at school"),
        Event::AttendanceStable => ("weer volledig op school", "attendance stable"),
        Event::Relapsed => ("opnieuw afwezig", "absent again"),
        Event::OutcomeRecorded => ("uitkomst vastgelegd", "outcome recorded"),
    }
}
