//! What suits a parent: written down by whoever they told, or given behind a code; kept to by a search.

use chrono::{TimeDelta, Timelike};
use chrono_tz::Europe::Amsterdam;
use pb::parent_wishes::{Supporter, Weekday, supporter::Kind};
use schakel_domain::invitation::forbidden_word;
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    wishes_service_client::WishesServiceClient,
};
use schakel_tests::{mailbox::Mail, reason, violations};
use tonic::{Code, Status};

use super::{Asked, FORM, JSON};

impl Asked {
    fn wishes(&self, nth: usize) -> pb::ParentWishes {
        pb::ParentWishes {
            case: self.scene.family.case.to_string(),
            person: self.parents()[nth].to_string(),
            language: "ar".into(),
            interpreter: true,
            earliest: "13:00".into(),
            latest: "16:30".into(),
            never_on: vec![Weekday::Wednesday.into()],
            supporter: Some(Supporter {
                kind: Kind::Vertrouwenspersoon.into(),
                display_name: "Wendelmoet Xantippe".into(),
                email: "wendelmoet@steun.example".into(),
            }),
            etag: "0".into(),
            ..Default::default()
        }
    }

    async fn set(&self, wishes: pb::ParentWishes) -> Result<pb::ParentWishes, Status> {
        let request = pb::SetParentWishesRequest { parent_wishes: Some(wishes), request_id: self.id() };
        let mut client = WishesServiceClient::new(self.scene.iber.1.clone());
        client.set_parent_wishes(request).await.map(tonic::Response::into_inner)
    }

    async fn wished(&self, nth: usize) -> pb::ParentWishes {
        let request = pb::GetParentWishesRequest {
            case: self.scene.family.case.to_string(),
            person: self.parents()[nth].to_string(),
        };
        let mut client = WishesServiceClient::new(self.scene.iber.1.clone());
        client.get_parent_wishes(request).await.unwrap().into_inner()
    }

    /// The code in the newest mail.
    async fn code(&self) -> String {
        let mails = self.scene.server.news().await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].subject(), "Overleg: uw code");
        let text = mails[0].text();
        let line = text.lines().find_map(|line| line.strip_prefix("Uw code is: ")).unwrap();
        line.trim().to_owned()
    }

    /// Asks for a code behind `link`, and trades it for the form with its pass.
    async fn enter(&self, link: &str) -> (String, String) {
        let sent = self.http.send("POST", &format!("{link}/code"), &[FORM, JSON], "").await;
        assert_eq!((sent.status, sent.header("location")), (303, format!("{link}/wishes").as_str()));
        let code = self.code().await;
        let page =
            self.http.send("POST", &format!("{link}/wishes"), &[FORM, JSON], &format!("code={code}")).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let (_, rest) = page.body.split_once("name=\"pass\" value=\"").unwrap();
        let pass = rest.split('"').next().unwrap().to_owned();
        (pass, page.body)
    }
}

#[tokio::test]
async fn b03_what_suits_a_parent_is_kept_sealed_and_a_search_keeps_to_it() {
    let asked = Asked::start().await;
    let none = asked.wished(0).await;
    assert_eq!((none.etag.as_str(), none.language.as_str()), ("0", ""));
    let kept = asked.set(asked.wishes(0)).await.unwrap();
    assert_eq!((kept.etag.as_str(), kept.earliest.as_str()), ("1", "13:00"));
    assert_eq!(asked.wished(0).await, kept);
    let stale = asked.set(asked.wishes(0)).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale)), (Code::Aborted, "ETAG_MISMATCH".into()));
    let sealed =
        asked.scene.server.number("SELECT COUNT(*) FROM parent_wishes WHERE length(sealed_wishes) > 100");
    assert_eq!(sealed.await, 1);

    let search = |case: String| pb::FindSlotsRequest {
        case,
        seats: vec![pb::Seat {
            who: Some(pb::seat::Who::Person(asked.parents()[0].to_string())),
            ..Default::default()
        }],
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        max_slots: 50,
        ..Default::default()
    };
    let mut find = AvailabilityServiceClient::new(asked.scene.iber.1.clone());
    let found =
        find.find_slots(search(asked.scene.family.case.to_string())).await.unwrap().into_inner().slots;
    assert!(!found.is_empty());
    for slot in &found {
        let wall = |stamp: &Option<prost_types::Timestamp>| {
            chrono::DateTime::from_timestamp(stamp.unwrap().seconds, 0).unwrap().with_timezone(&Amsterdam)
        };
        let (start, end) = (wall(&slot.start_time), wall(&slot.end_time));
        assert!(start.hour() >= 13 && (end.hour(), end.minute()) <= (16, 30), "{start} {end}");
        assert_ne!(chrono::Datelike::weekday(&start), chrono::Weekday::Wed);
    }

    let wrong = pb::ParentWishes {
        earliest: "17:00".into(),
        language: "?".into(),
        never_on: (1..=7).collect(),
        etag: "1".into(),
        ..asked.wishes(0)
    };
    assert_eq!(
        violations(&asked.set(wrong).await.unwrap_err()),
        [
            "parent_wishes.language: FIELD_INVALID",
            "parent_wishes.latest: TIME_RANGE_INVALID",
            "parent_wishes.never_on: FIELD_INVALID",
        ]
    );
    let child = pb::ParentWishes { person: asked.scene.family.child.to_string(), ..asked.wishes(0) };
    assert_eq!(violations(&asked.set(child).await.unwrap_err()), ["parent_wishes.person: PERSON_NOT_FOUND"]);
}

#[tokio::test]
async fn b03_a_parent_says_on_the_page_what_suits_them_behind_a_code_that_works_once() {
    let asked = Asked::start().await;
    let (_, mails) = asked.asked().await;
    let link = mails[2].poll_link();
    let page = format!("{link}/wishes");
    assert!(asked.http.get(&link).await.body.contains("Stuur mij een code"));
    assert!(!asked.http.get(&mails[1].poll_link()).await.body.contains("Stuur mij een code"), "parents only");
    let other = asked.http.send("POST", &format!("{}/code", mails[1].poll_link()), &[FORM, JSON], "").await;
    assert_eq!(other.status, 404);

    let (pass, body) = asked.enter(&link).await;
    assert!(body.contains("Nooit op") && !body.contains("Anna") && !body.contains("Noor"));
    let form = format!(
        "pass={pass}&earliest=18%3A00&latest=&never=mon&never=fri&language=tr&interpreter=yes&supporter=naaste\
         &supporter-name=Oma&supporter-email="
    );
    let saved = asked.http.send("POST", &page, &[FORM, JSON], &form).await;
    assert_eq!(saved.status, 200, "{}", saved.body);
    let kept = asked.wished(0).await;
    assert_eq!((kept.earliest.as_str(), kept.latest.as_str(), kept.language.as_str()), ("18:00", "", "tr"));
    assert_eq!(kept.never_on, [Weekday::Monday as i32, Weekday::Friday as i32]);
    assert_eq!(kept.supporter.unwrap().display_name, "Oma");
    let twice = asked.http.send("POST", &page, &[FORM, JSON], &form).await;
    assert_eq!((twice.status, twice.reason().as_str()), (403, "CODE_INVALID"), "a pass works once");

    // What was said before stands in the form; a mistake does not spend the pass.
    let (pass, body) = asked.enter(&link).await;
    assert!(body.contains("value=\"18:00\"") && body.contains("value=\"Oma\""));
    let wrong = format!("pass={pass}&earliest=18%3A00&latest=17%3A00");
    let refused = asked.http.send("POST", &page, &[FORM, JSON], &wrong).await;
    assert_eq!((refused.status, refused.reason().as_str()), (400, "WISHES_INVALID"));
    let right = format!("pass={pass}&latest=17%3A00");
    assert_eq!(asked.http.send("POST", &page, &[FORM, JSON], &right).await.status, 200);
    assert_eq!(asked.wished(0).await.earliest, "");
}

#[tokio::test]
async fn b03_a_code_is_guessed_five_times_and_lives_a_quarter_of_an_hour() {
    let asked = Asked::start().await;
    let (_, mails) = asked.asked().await;
    let link = mails[2].poll_link();
    let (page, ask) = (format!("{link}/wishes"), format!("{link}/code"));
    asked.http.send("POST", &ask, &[FORM, JSON], "").await;
    let code = asked.code().await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let refused = asked.http.send("POST", &page, &[FORM, JSON], &format!("code={wrong}")).await;
        assert_eq!((refused.status, refused.reason().as_str()), (403, "CODE_INVALID"));
    }
    let spent = asked.http.send("POST", &page, &[FORM, JSON], &format!("code={code}")).await;
    assert_eq!(spent.status, 403, "after five wrong ones the right one is none");

    asked.http.send("POST", &ask, &[FORM, JSON], "").await;
    let code = asked.code().await;
    asked.scene.server.clock.advance(TimeDelta::minutes(15));
    let late = asked.http.send("POST", &page, &[FORM, JSON], &format!("code={code}")).await;
    assert_eq!(late.status, 403);
    for _ in 0..8 {
        assert_eq!(asked.http.send("POST", &ask, &[FORM, JSON], "").await.status, 303);
        asked.code().await;
    }
    let many = asked.http.send("POST", &ask, &[FORM, JSON], "").await;
    assert_eq!((many.status, many.reason().as_str()), (409, "CODE_NOT_SENT"));
    assert_eq!(asked.wished(0).await.etag, "0");
}

#[tokio::test]
async fn b04_two_parents_have_links_wishes_and_invitations_of_their_own() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    asked.set(asked.wishes(0)).await.unwrap();
    let (_, body) = asked.enter(&mails[3].poll_link()).await;
    for secret in ["Wendelmoet", "13:00", "\"ar\""] {
        assert!(!body.contains(secret), "what the one said is not shown to the other: {secret}");
    }
    let parents = [&mails[2], &mails[3]].map(Mail::to_name);
    assert_eq!(parents, ["Anna de Wit", "Bram de Wit"]);
    asked.close(&poll, Some(asked.times[0])).await.unwrap();
    let invited = asked.scene.server.news().await;
    for (own, other) in [(&parents[0], &parents[1]), (&parents[1], &parents[0])] {
        let mail = invited.iter().find(|mail| mail.to_name() == *own).unwrap();
        let raw = String::from_utf8_lossy(&mail.raw);
        assert!(!raw.contains(other.as_str()) && !mail.calendar().contains(other.as_str()));
    }
    assert_eq!(asked.wished(1).await.etag, "0");
}

#[tokio::test]
async fn b05_who_comes_along_is_told_by_mail_what_the_parent_is_told_and_not_with_whom() {
    let asked = Asked::start().await;
    asked.set(asked.wishes(0)).await.unwrap();
    let booked = asked.scene.booked(asked.times[0]).await;
    let mails = asked.scene.server.news().await;
    let line = "SELECT COUNT(*) FROM audit WHERE action = 'E' AND object_type = 'wishes'";
    assert_eq!(asked.scene.server.number(line).await, 1, "the wishes were opened for it");
    let along = mails.iter().find(|mail| mail.to() == "wendelmoet@steun.example").unwrap();
    assert_eq!(along.subject(), format!("Komt u mee? – Overleg {}", booked.reference));
    assert!(along.text().contains("Wanneer: woensdag 25 november 2026, 11:00–12:00 uur"));
    assert!(!along.text().contains("de Wit") && !along.text().contains("/r/"));
    assert_eq!(forbidden_word(&along.text().replace(&along.to_name(), "")), None);
    assert_eq!(mails.len(), 4, "three at the table, and one beside");
    let cancel =
        pb::CancelConsultationRequest { name: booked.name, etag: booked.etag, request_id: asked.id() };
    asked.scene.meetings().cancel_consultation(cancel).await.unwrap();
    let off = asked.scene.server.news().await;
    let along = off.iter().find(|mail| mail.to() == "wendelmoet@steun.example").unwrap();
    assert!(along.subject().starts_with("U hoeft niet te komen"));
}
