//! Export (AVG art. 15 and 20): all about one child, for people as a page, for programs as JSON.

mod asked;
mod escalation;
mod form;
mod gather;
mod meetings;
mod opened;
mod own;
mod persons;
mod polls;
mod track;
mod waiting;

use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, PersonId},
    privacy::page,
    refusal::Refusal,
};

use self::form::{Export, Former, LeftOut};
use super::dossier::Dossier;
use crate::{
    access::region,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The version of the form; a field may come, none goes within it.
const SCHEMA: &str = "schakel.privacy.export/1";
/// What can be told at all.
const TOLD: Classes = Classes::of(&[
    Class::K1,
    Class::K2,
    Class::K3,
    Class::K4,
    Class::K5,
    Class::K6,
    Class::K7,
    Class::K8,
    Class::K9,
    Class::K10,
]);

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::Display)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Format {
    /// A page.
    Html,
    /// For programs.
    Json,
}

/// The export that is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub case: CaseId,
    pub format: Format,
    /// For whom: the child, or a parent.
    pub person: Option<PersonId>,
}

/// Writes down that it is given out, and then makes it.
///
/// # Errors
/// `CASE_NOT_FOUND`; `PERSON_NOT_FOUND` for somebody who neither is nor was child or parent in it.
pub(super) async fn export(tx: &Tx, wish: Wish) -> Result<Vec<u8>> {
    let (dossier, classes) = Dossier::reach(tx, wish.case).await?;
    super::restrict::must_identify(classes)?;
    let reader = wish.person.unwrap_or(dossier.circle.child);
    if dossier.was_parent(reader) {
        return written(&own(tx, &dossier, reader, classes).await?, wish.format);
    }
    if !dossier.circle.has(reader) {
        return Err(Error::field("person", Refusal::PersonNotFound));
    }
    let mut cases = vec![dossier];
    for other in crate::access::sweep::cases_of_child(tx, cases[0].circle.child).await? {
        if other != wish.case
            && let Ok((dossier, _)) = Dossier::reach(tx, other).await
        {
            cases.push(dossier);
        }
    }
    let lines: Vec<_> = cases.iter().flat_map(|case| case.lines(Deed::X, classes.and(TOLD))).collect();
    tx.audit_all(&lines).await?;
    let gatherer = gather::Gatherer::new(tx, classes).await?;
    let mut files = Vec::with_capacity(cases.len());
    for case in &cases {
        files.push(gatherer.case(case).await?);
    }
    let (child, parents) = persons::persons(tx, &cases[0].circle, reader).await?;
    let export = Export {
        schema: SCHEMA,
        made_at: tx.now(),
        region: region::display_name(tx).await?,
        child,
        parents,
        former_parents: cases[0]
            .former
            .iter()
            .map(|(person, _, left)| Former { person: person.to_string(), left_at: *left })
            .collect(),
        own_part: None,
        cases: files,
        access_report: gatherer.accesses(cases[0].circle.child).await?,
        left_out: left_out(classes),
    };
    written(&export, wish.format)
}

/// What somebody is told who was a parent in the case: about themselves.
async fn own(tx: &Tx, dossier: &Dossier, reader: PersonId, classes: Classes) -> Result<Export> {
    tx.audit(dossier.line(Deed::X, reader, classes.and(Classes::of(&[Class::K1, Class::K2])))).await?;
    let gatherer = gather::Gatherer::new(tx, classes).await?;
    Ok(Export {
        schema: SCHEMA,
        made_at: tx.now(),
        region: region::display_name(tx).await?,
        child: None,
        parents: persons::former(tx, dossier, reader).await?.into_iter().collect(),
        former_parents: Vec::new(),
        own_part: Some(gatherer.own(dossier, reader).await?),
        cases: Vec::new(),
        access_report: gatherer.accesses(reader).await?,
        left_out: left_out(classes),
    })
}

fn written(export: &Export, format: Format) -> Result<Vec<u8>> {
    let corrupt = |_| Error::Corrupt { table: "none", column: "export" };
    let value = serde_json::to_value(export).map_err(corrupt)?;
    Ok(match format {
        Format::Html => page(&value).into_bytes(),
        Format::Json => serde_json::to_vec_pretty(&value).map_err(corrupt)?,
    })
}

fn left_out(classes: Classes) -> Vec<LeftOut> {
    let mut out = vec![
        LeftOut {
            what: "De tekst van mail",
            why: "Een mail noemt alleen tijd en kenmerk van het overleg en wordt na het versturen gewist.",
        },
        LeftOut {
            what: "Namen van medewerkers",
            why: "U ziet welke organisatie en functie iets zag of deed. Een naam kan via de functionaris gegevensbescherming.",
        },
        LeftOut {
            what: "Contactgegevens van een andere ouder met een geheim adres",
            why: "Die zijn van die ouder.",
        },
        LeftOut {
            what: "Sleutels en technische kopieën",
            why: "Ze bevatten geen andere gegevens dan hierboven en verdwijnen binnen dagen vanzelf.",
        },
    ];
    let hidden = [
        (
            Class::K5,
            "Jeugdhulp",
            "Dit mag deze organisatie niet zien. Vraag de functionaris gegevensbescherming om alles.",
        ),
        (
            Class::K9,
            "Wat het kind zei",
            "Dit mag deze organisatie niet zien. Vraag de functionaris gegevensbescherming om alles.",
        ),
        (Class::K10, "Wie het dossier zag", "Dit geeft de functionaris gegevensbescherming."),
    ];
    out.extend(
        hidden
            .into_iter()
            .filter(|(class, ..)| !classes.has(*class))
            .map(|(_, what, why)| LeftOut { what, why }),
    );
    out
}
