//! The program is killed while people book and mails go out: what was acknowledged stays.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::Duration,
};

use schakel_client::{Connection, v1 as pb};
use schakel_server::demo::load;
use schakel_tests::{
    mails::read_independently,
    needs::full_drill,
    program::{FIRST, Outside, Program},
};

const NAME: &str = "whatever_was_acknowledged_survives_a_kill";

/// Who sits at every table of the drill: a ROK, which is about no child.
pub(super) const TABLE: [(&str, pb::Role); 3] = [
    ("iber", pb::Role::Iber),
    ("smw", pb::Role::Smw),
    ("thuiszitterscoordinator", pb::Role::Thuiszitterscoordinator),
];

/// Books one half-hour after another until the program is gone; gives the references acknowledged.
pub(super) async fn book_until_killed(
    iber: Connection,
    participants: Vec<pb::Participant>,
    school: String,
    first: i64,
) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for half_hour in 0.. {
        let consultation = pb::Consultation {
            kind: pb::consultation::Kind::Rok.into(),
            start_time: Some(prost_types::Timestamp { seconds: first + half_hour * 1800, nanos: 0 }),
            duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            school: school.clone(),
            participants: participants.clone(),
            ..Default::default()
        };
        let ask = pb::BookConsultationRequest {
            consultation: Some(consultation),
            request_id: load::fresh(),
            ..Default::default()
        };
        match iber.consultation().book_consultation(ask).await {
            Ok(booked) => acknowledged.push(booked.into_inner().reference),
            Err(status)
                if status.code() == tonic::Code::Unavailable || status.code() == tonic::Code::Unknown =>
            {
                break;
            }
            Err(status) => panic!("{}: {status}", schakel_tests::reason(&status)),
        }
    }
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_survives_a_kill() {
    let Some(outside) = Outside::binary(NAME).and_then(|outside| outside.with_smtp(NAME)) else { return };
    let kills = if full_drill() { 100 } else { 5 };
    let home = schakel_tests::Folder::new();
    let folder: PathBuf = home.join("data");
    let mut acknowledged = Vec::new();
    let mut first = 1_797_930_000;
    for kill in 0..kills {
        let program = Program::start_in(&outside, &folder, if kill == 0 { FIRST } else { &[] });
        if kill == 0 {
            mailed_without_end(&program).await;
        }
        let iber = program.as_person("iber").await;
        let table = TABLE.map(|(name, role)| pb::Participant {
            person: program.named(name),
            role: role.into(),
            ..Default::default()
        });
        let booking = tokio::spawn(book_until_killed(iber, table.to_vec(), program.named("school"), first));
        // Somewhere between a few bookings and a few dozen.
        tokio::time::sleep(Duration::from_millis(60 + (kill * 37) % 300)).await;
        program.kill();
        let booked = booking.await.unwrap();
        first += i64::try_from(booked.len() + 2).unwrap() * 1800;
        acknowledged.extend(booked);
    }
    let program = Program::start_in(&outside, &folder, &[]);
    let found = references(&program).await;
    for reference in &acknowledged {
        assert!(found.contains(reference), "{reference} was acknowledged and is gone");
    }
    let mail = outside.smtp.as_ref().unwrap().2.clone();
    let (delivered, copies) = delivered(&mail, &acknowledged).await;
    println!(
        "{kills} kills: {} bookings acknowledged, 0 lost; {delivered} mails delivered, 0 lost, {copies} second copies, all byte-identical",
        acknowledged.len()
    );
    drop(program);
}

/// Has the region hold nothing back, however much is booked in an hour.
async fn mailed_without_end(program: &Program) {
    let beheerder = program.as_person("beheerder").await;
    let mut mail = beheerder.mail_profile();
    let profile = mail.get_mail_profile(pb::GetMailProfileRequest {}).await.unwrap().into_inner();
    let profile = pb::MailProfile { most_per_hour: 10_000, most_per_day: 10_000, ..profile };
    let request = pb::SetMailProfileRequest { mail_profile: Some(profile), request_id: load::fresh() };
    mail.set_mail_profile(request).await.unwrap();
}

/// Every reference that the program knows.
async fn references(program: &Program) -> BTreeSet<String> {
    let iber = program.as_person("iber").await;
    let mut found = BTreeSet::new();
    let mut page_token = String::new();
    loop {
        let ask = pb::ListConsultationsRequest { page_size: 200, page_token, ..Default::default() };
        let page = iber.consultation().list_consultations(ask).await.unwrap().into_inner();
        found.extend(page.consultations.into_iter().map(|consultation| consultation.reference));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

/// Waits until each of `acknowledged` has its mail; counts mails and second copies.
async fn delivered(mail: &Path, acknowledged: &[String]) -> (usize, usize) {
    for _ in 0..1200 {
        let mails = read_independently(mail, NAME).unwrap();
        let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut told = BTreeSet::new();
        for mail in &mails {
            let subject = mail["subject"].as_str().unwrap();
            let Some(reference) = acknowledged.iter().find(|reference| subject.contains(reference.as_str()))
            else {
                continue;
            };
            told.insert((reference.clone(), mail["to"].as_str().unwrap().to_owned()));
            let id = mail["message_id"].as_str().unwrap().to_owned();
            copies.entry(id).or_default().push(mail["sha256"].as_str().unwrap().to_owned());
        }
        if told.len() == acknowledged.len() * TABLE.len() {
            for (id, copies) in &copies {
                assert!(copies.iter().all(|copy| *copy == copies[0]), "two mails {id} differ");
            }
            let second = copies.values().map(|copies| copies.len() - 1).sum();
            assert_eq!(copies.len(), told.len(), "one mail a person and booking");
            return (copies.len(), second);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("some mails never came");
}
