//! Loads the example region as a client would: its files through imports, its cases through `OpenCase`.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::NaiveDate;
use schakel_client::{Connection, v1 as pb};
use tokio_stream::iter;

use super::region::{CaseSeed, Region, Track};

/// The chunk in which files are sent.
const CHUNK: usize = 64 << 10;

/// The kind of each file, by its name.
fn kind(file: &str) -> Option<pb::import_request::Kind> {
    use pb::import_request::Kind;
    Some(match file {
        "vestigingen.csv" => Kind::Schools,
        "wijken.csv" => Kind::Wijken,
        "schoolwijken.csv" => Kind::SchoolWijken,
        "clusters.csv" => Kind::Clusters,
        "teams.csv" => Kind::Teams,
        "personen.csv" => Kind::Persons,
        "koppelingen.csv" => Kind::Links,
        "werktijden.csv" => Kind::WeeklyHours,
        "afwezigheid.csv" => Kind::Absences,
        "afwijkingen.csv" => Kind::Closures,
        _ => return None,
    })
}

/// A fresh id for a change.
pub fn fresh() -> String {
    let mut bytes = [0; 16];
    crate::app::Ids::fill(&crate::world::SystemIds::default(), &mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// Imports the files that are `wanted`, as the beheerder.
pub async fn import(
    beheerder: &Connection,
    region: &Region,
    wanted: impl Fn(&str) -> bool,
) -> anyhow::Result<()> {
    for (file, bytes) in region.files().into_iter().filter(|(file, _)| wanted(file)) {
        let kind = kind(file).with_context(|| format!("{file}: no such kind of file"))?;
        let response = import_file(beheerder, kind, &bytes, false).await.with_context(|| file.to_owned())?;
        anyhow::ensure!(response.bad_row_count == 0, "{file}: {:?}", response.bad_rows);
    }
    Ok(())
}

/// Imports one file.
pub async fn import_file(
    beheerder: &Connection,
    kind: pb::import_request::Kind,
    bytes: &[u8],
    dry_run: bool,
) -> anyhow::Result<pb::ImportResponse> {
    let request_id = fresh();
    let chunks: Vec<_> = bytes
        .chunks(CHUNK)
        .map(|chunk| pb::ImportRequest {
            kind: kind.into(),
            dry_run,
            request_id: request_id.clone(),
            chunk: chunk.to_vec(),
        })
        .collect();
    let of_people =
        matches!(kind, pb::import_request::Kind::WeeklyHours | pb::import_request::Kind::Absences);
    let answer = if of_people {
        beheerder.availability().import_availability(iter(chunks)).await?
    } else {
        beheerder.directory().import(iter(chunks)).await?
    };
    Ok(answer.into_inner())
}

/// The schools' resource names, by vestigingscode.
pub async fn schools(caller: &Connection) -> anyhow::Result<BTreeMap<String, String>> {
    let mut schools = BTreeMap::new();
    let mut page_token = String::new();
    loop {
        let ask = pb::ListSchoolsRequest { page_size: 200, page_token, ..Default::default() };
        let page = caller.directory().list_schools(ask).await?.into_inner();
        schools.extend(page.schools.into_iter().map(|school| (school.vestigingscode, school.name)));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(schools);
        }
    }
}

/// Opens a case, and brings it to its stage, after which it is looked at on day `next`; `caller` may
/// open cases of the whole region.
pub async fn open_case(
    caller: &Connection,
    seed: &CaseSeed,
    schools: &BTreeMap<String, String>,
    next: Option<NaiveDate>,
) -> anyhow::Result<pb::Case> {
    let request =
        pb::OpenCaseRequest { case: Some(to_wire(seed, schools)), request_id: fresh(), ..Default::default() };
    let mut case = caller.thuiszitter().open_case(request).await?.into_inner();
    let Track::Stage(last) = seed.track else { return Ok(case) };
    for stage in 2..=i32::from(last) + 1 {
        let request = pb::AdvanceCaseRequest {
            name: case.name.clone(),
            stage,
            parents_involved: "Met de ouders besproken.".into(),
            next_action_date: next.map(|day| day.to_string()).unwrap_or_default(),
            etag: case.etag.clone(),
            request_id: fresh(),
            ..pb::AdvanceCaseRequest::default()
        };
        case = caller.thuiszitter().advance_case(request).await?.into_inner();
    }
    Ok(case)
}

/// The case as an intern begeleider would send it.
pub fn to_wire(seed: &CaseSeed, schools: &BTreeMap<String, String>) -> pb::Case {
    use pb::case::{Absence, Child, Milestones, Parent, absence::Kind, parent::Gezag};
    let kind = match seed.absence {
        "ABSOLUUT" => Kind::Absoluut,
        "GEOORLOOFD_ZIEK" => Kind::ZiekBelastbaar,
        "SCHORSING" => Kind::Geschorst,
        "DREIGEND" => Kind::Dreigend,
        "VRIJSTELLING_5A" => Kind::VrijstellingGevraagd,
        _ => Kind::Ongeoorloofd,
    };
    pb::Case {
        school: seed.school.as_ref().and_then(|code| schools.get(code)).cloned().unwrap_or_default(),
        residence_gemeente_code: seed.residence.clone(),
        absence: Some(Absence {
            kind: kind.into(),
            first_day: seed.first_absence_day.to_string(),
            unauthorised: Vec::new(),
        }),
        milestones: Some(Milestones::default()),
        child: Some(Child {
            person: String::new(),
            display_name: format!("{} {}", seed.child.given_name, seed.child.family_name),
            birth_date: seed.child.birth_date.to_string(),
        }),
        parents: seed
            .parents
            .iter()
            .map(|parent| Parent {
                person: String::new(),
                display_name: parent.name.clone(),
                email: parent.email.clone().unwrap_or_default(),
                phone: parent.phone.clone(),
                gezag: if parent.gezag { Gezag::Yes } else { Gezag::No }.into(),
                address_confidential: parent.secret_address,
                language: parent.language.into(),
            })
            .collect(),
        question: seed.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>().join("\n"),
        escalation_level: seed.escalation.into(),
        ..Default::default()
    }
}
