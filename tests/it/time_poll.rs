//! Proposals of times: asked by mail, answered without an account, turned into one meeting.

mod bounced;
mod wishes;

use chrono::{DateTime, TimeDelta, Utc};
use pb::time_poll::{State, Vote, Voter};
use schakel_domain::{access::Role, ids::PersonId, invitation::forbidden_word};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    time_poll_service_client::TimePollServiceClient,
};
use schakel_tests::{
    As,
    http::{Answer, Http},
    mailbox::Mail,
    reason,
    seed_meetings::{Scene, stamp},
    violations,
};
use tonic::{Code, Status};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("accept", "application/json");

type Polls = TimePollServiceClient<As>;

/// A scene, its pages, and the three times that are proposed: tomorrow, and two hours later each.
struct Asked {
    scene: Scene,
    http: Http,
    times: [DateTime<Utc>; 3],
}

fn voter(person: PersonId, role: pb::Role) -> Voter {
    Voter { person: person.to_string(), role: role.into(), ..Default::default() }
}

impl Asked {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let http = scene.server.http().await;
        let times = [50, 52, 54].map(|hours| scene.later(hours));
        Self { scene, http, times }
    }

    fn polls(&self) -> Polls {
        Polls::new(self.scene.iber.1.clone())
    }

    fn id(&self) -> String {
        self.scene.server.request_id()
    }

    fn parents(&self) -> &[PersonId] {
        &self.scene.family.parents
    }

    /// An MDO of IB'er, social worker and both parents; answers until tomorrow afternoon.
    fn wish(&self) -> pb::TimePoll {
        let parents = self.parents();
        pb::TimePoll {
            kind: pb::consultation::Kind::Mdo.into(),
            case: self.scene.family.case.to_string(),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            options: self.times.iter().rev().map(|time| stamp(*time)).collect(),
            voters: vec![
                voter(self.scene.iber.0, pb::Role::Iber),
                voter(self.scene.smw.0, pb::Role::Smw),
                voter(parents[0], pb::Role::Ouder),
                Voter { optional: true, ..voter(parents[1], pb::Role::Ouder) },
            ],
            deadline_time: Some(stamp(self.scene.later(48))),
            ..Default::default()
        }
    }

    async fn create(&self, poll: pb::TimePoll) -> Result<pb::TimePoll, Status> {
        let request = pb::CreateTimePollRequest { time_poll: Some(poll), request_id: self.id() };
        self.polls().create_time_poll(request).await.map(tonic::Response::into_inner)
    }

    async fn get(&self, poll: &pb::TimePoll) -> pb::TimePoll {
        let request = pb::GetTimePollRequest { name: poll.name.clone() };
        self.polls().get_time_poll(request).await.unwrap().into_inner()
    }

    async fn close(
        &self,
        poll: &pb::TimePoll,
        start: Option<DateTime<Utc>>,
    ) -> Result<pb::CloseTimePollResponse, Status> {
        let request = pb::CloseTimePollRequest {
            name: poll.name.clone(),
            start_time: start.map(stamp),
            etag: poll.etag.clone(),
            request_id: self.id(),
        };
        self.polls().close_time_poll(request).await.map(tonic::Response::into_inner)
    }

    async fn cancel(&self, poll: &pb::TimePoll) -> Result<pb::TimePoll, Status> {
        let request = pb::CancelTimePollRequest {
            name: poll.name.clone(),
            etag: poll.etag.clone(),
            request_id: self.id(),
        };
        self.polls().cancel_time_poll(request).await.map(tonic::Response::into_inner)
    }

    /// A poll of which everybody has the mail: the one to each of the voters, in their order.
    async fn asked(&self) -> (pb::TimePoll, Vec<Mail>) {
        let poll = self.create(self.wish()).await.unwrap();
        let news = self.scene.server.news().await;
        let names = self.get(&poll).await.voters.into_iter().map(|voter| voter.display_name);
        let mails: Vec<Mail> =
            names.map(|name| news.iter().find(|mail| mail.to_name() == name).unwrap().clone()).collect();
        assert_eq!(mails.len(), news.len(), "one mail each");
        (poll, mails)
    }

    async fn vote(&self, link: &str, votes: [&str; 3]) -> Answer {
        let form: Vec<String> =
            votes.iter().enumerate().map(|(at, vote)| format!("vote-{at}={vote}")).collect();
        self.http.send("POST", link, &[FORM, JSON], &form.join("&")).await
    }
}

fn votes(voter: &Voter) -> Vec<Vote> {
    voter.votes.iter().map(|vote| Vote::try_from(*vote).unwrap()).collect()
}

#[tokio::test]
async fn x03_everybody_is_asked_by_one_neutral_mail_and_answers_without_an_account() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    assert_eq!((poll.state(), poll.etag.as_str()), (State::Open, "1"));
    let times: Vec<_> = asked.times.iter().map(|time| stamp(*time)).collect();
    assert_eq!(poll.options, times, "the earliest first");
    for mail in &mails {
        let neutral = mail.text().replace(&mail.to_name(), "");
        for part in [mail.subject(), neutral] {
            assert_eq!(forbidden_word(&part), None, "{part}");
            assert!(!part.contains("Noor") && !part.contains("de Wit"), "{part}");
        }
        assert!(
            mail.text().contains("Mogelijk: woensdag 25 november 2026, 11:00–12:00 uur"),
            "{}",
            mail.text()
        );
        assert_eq!(mail.tree()[1..], ["text/plain; charset=utf-8", "text/html; charset=utf-8"]);
    }
    let links: Vec<String> = mails.iter().map(Mail::poll_link).collect();
    let mut different = links.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), 4, "everybody has a link of their own");

    let page = asked.http.get(&links[2]).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for shown in
        [&poll.reference, "woensdag 25 november 2026, 11:00–12:00 uur", "lang=\"en\"", "Als het moet"]
    {
        assert!(page.body.contains(shown), "{shown}");
    }
    for hidden in ["Anna", "Bram", "Noor", "MDO", "<script", "http://", "https://", "checked"] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let took = asked.vote(&links[2], ["yes", "no", "if-need-be"]).await;
    assert_eq!((took.status, took.header("location")), (303, links[2].as_str()));
    let body = asked.http.get(&links[2]).await.body;
    assert!(!body.contains("checked"), "what was answered is not shown: a link may be forwarded");
    assert!(body.contains("Wij hebben uw antwoord."));
    assert!(asked.scene.server.news().await.is_empty());
    for other in [&links[0], &links[3]] {
        let body = asked.http.get(other).await.body;
        assert!(
            !body.contains("checked") && body.contains("U hebt nog niet geantwoord."),
            "others see nothing"
        );
    }
    let now = asked.get(&poll).await;
    assert_eq!(votes(&now.voters[2]), [Vote::Yes, Vote::No, Vote::IfNeedBe]);
    assert_eq!(now.voters[2].delivery(), pb::participant::Delivery::Sent);
    assert!(now.voters[2].answer_time.is_some() && now.voters[3].votes.is_empty());

    // Until the deadline it can be said anew, also by telephone.
    assert_eq!(asked.vote(&links[2], ["yes", "yes", "yes"]).await.status, 303);
    // Who was asked hears that the answer changed, once an hour, at the address on file.
    assert_eq!(asked.vote(&links[2], ["yes", "yes", "no"]).await.status, 303);
    assert_eq!(asked.vote(&links[2], ["yes", "yes", "yes"]).await.status, 303);
    let changed = asked.scene.server.news().await;
    assert_eq!(changed.len(), 1);
    assert_eq!(changed[0].subject(), format!("Uw antwoord is veranderd – Overleg {}", poll.reference));
    assert_eq!(changed[0].to_name(), mails[2].to_name());
    assert!(!changed[0].text().contains("/p/"));
    assert_eq!(forbidden_word(&changed[0].text().replace(&changed[0].to_name(), "")), None);
    let said = pb::AnswerTimePollRequest {
        name: poll.name.clone(),
        person: asked.parents()[1].to_string(),
        votes: vec![Vote::No.into(), Vote::Yes.into(), Vote::Yes.into()],
        request_id: asked.id(),
    };
    let noted = asked.polls().answer_time_poll(said.clone()).await.unwrap().into_inner();
    assert_eq!(votes(&noted.voters[2]), [Vote::Yes; 3]);
    assert_eq!(votes(&noted.voters[3]), [Vote::No, Vote::Yes, Vote::Yes]);
    let stranger = pb::AnswerTimePollRequest {
        person: asked.scene.planner.0.to_string(),
        request_id: asked.id(),
        ..said.clone()
    };
    assert_eq!(reason(&asked.polls().answer_time_poll(stranger).await.unwrap_err()), "PARTICIPANT_UNKNOWN");
    let short = pb::AnswerTimePollRequest { votes: vec![Vote::No.into()], request_id: asked.id(), ..said };
    assert_eq!(
        violations(&asked.polls().answer_time_poll(short).await.unwrap_err()),
        ["votes: FIELD_INVALID"]
    );
    assert!(asked.scene.server.news().await.is_empty(), "nobody is told anything twice");
}

#[tokio::test]
async fn x03_the_best_time_that_is_still_free_is_booked_and_everybody_is_invited_as_ever() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    let links: Vec<String> = mails.iter().map(Mail::poll_link).collect();
    asked.vote(&links[0], ["yes", "yes", "yes"]).await;
    asked.vote(&links[1], ["yes", "yes", "if-need-be"]).await;
    asked.vote(&links[2], ["no", "yes", "yes"]).await;
    asked.vote(&links[3], ["yes", "no", "yes"]).await;
    // The second would be best; meanwhile the social worker is taken then.
    let mut other = asked.scene.mdo(asked.times[1]);
    let family = asked.scene.server.family(asked.scene.school).await;
    other.case = family.case.to_string();
    other.participants[2].person = family.parents[0].to_string();
    other.participants.remove(0);
    let iber = asked.scene.server.person(Role::Iber, asked.scene.school).await.0;
    other.participants.push(schakel_tests::seed_meetings::seat(iber, pb::Role::Iber));
    asked.scene.meetings().book_consultation(asked.scene.booking(other)).await.unwrap();
    asked.scene.server.news().await;

    let refused = asked.close(&poll, Some(asked.times[1])).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "TIME_CONFLICT".into()));
    let unknown = asked.close(&poll, Some(asked.scene.later(51))).await.unwrap_err();
    assert_eq!(violations(&unknown), ["start_time: FIELD_INVALID"]);
    let closed = asked.close(&poll, None).await.unwrap();
    let (booked, now) = (closed.consultation.unwrap(), closed.time_poll.unwrap());
    assert_eq!(booked.start_time, Some(stamp(asked.times[2])));
    assert_eq!(closed.taken_times, [stamp(asked.times[1])]);
    assert_eq!((now.state(), &now.consultation), (State::Booked, &booked.name));
    assert_eq!(booked.participants.len(), 4);
    assert!(booked.participants[3].optional);

    let news = asked.scene.server.news().await;
    assert_eq!(news.len(), 4);
    assert!(news.iter().all(|mail| mail.subject().starts_with("Uitnodiging: Overleg ")));
    let page = asked.http.get(&links[2]).await;
    assert!(page.body.contains("Er is een tijdstip gekozen.") && !page.body.contains("<form"));
    let late = asked.vote(&links[2], ["yes", "yes", "yes"]).await;
    assert_eq!((late.status, late.reason().as_str()), (409, "POLL_CLOSED"));
    assert_eq!(reason(&asked.close(&now, None).await.unwrap_err()), "POLL_CLOSED");
    assert_eq!(reason(&asked.cancel(&now).await.unwrap_err()), "POLL_CLOSED");
    // The deadline passes, and nobody hears anything more.
    asked.scene.server.clock.advance(TimeDelta::hours(49));
    assert!(asked.scene.server.news().await.is_empty());
}

#[tokio::test]
async fn x03_a_time_on_a_day_that_is_full_is_passed_over() {
    let mut asked = Asked::start().await;
    asked.times[2] = asked.scene.later(98);
    let (poll, mails) = asked.asked().await;
    for mail in &mails {
        asked.vote(&mail.poll_link(), ["yes", "yes", "yes"]).await;
    }
    let limits =
        pb::MeetingLimits { person: asked.scene.smw.0.to_string(), per_day: 1, ..Default::default() };
    let request = pb::SetMeetingLimitsRequest { meeting_limits: Some(limits), request_id: asked.id() };
    let mut own = AvailabilityServiceClient::new(asked.scene.smw.1.clone());
    own.set_meeting_limits(request).await.unwrap();
    asked.scene.booked(asked.scene.later(47)).await;
    let refused = asked.close(&poll, Some(asked.times[0])).await.unwrap_err();
    assert_eq!(reason(&refused), "LIMIT_REACHED");
    let closed = asked.close(&poll, None).await.unwrap();
    assert_eq!(closed.consultation.unwrap().start_time, Some(stamp(asked.times[2])));
    assert_eq!(closed.taken_times, [stamp(asked.times[0]), stamp(asked.times[1])]);
}

#[tokio::test]
async fn x03_a_time_to_which_somebody_who_has_to_come_said_no_is_booked_only_by_name() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    asked.vote(&mails[2].poll_link(), ["no", "no", "no"]).await;
    assert_eq!(reason(&asked.close(&poll, None).await.unwrap_err()), "NO_OPTION_FITS");
    let request = pb::CloseTimePollRequest {
        name: poll.name.clone(),
        start_time: Some(stamp(asked.times[0])),
        etag: "7".into(),
        request_id: asked.id(),
    };
    let stale = asked.polls().close_time_poll(request.clone()).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale)), (Code::Aborted, "ETAG_MISMATCH".into()));
    let request = pb::CloseTimePollRequest { etag: poll.etag.clone(), request_id: asked.id(), ..request };
    let closed = asked.polls().close_time_poll(request.clone()).await.unwrap().into_inner();
    assert_eq!(closed.consultation.as_ref().unwrap().start_time, Some(stamp(asked.times[0])));
    let again = asked.polls().close_time_poll(request).await.unwrap().into_inner();
    assert_eq!(closed, again, "the same request has one effect");
}

#[tokio::test]
async fn x06_a_reminder_comes_once_and_the_maker_hears_that_the_time_is_over() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    asked.vote(&mails[2].poll_link(), ["yes", "yes", "yes"]).await;
    asked.scene.server.clock.advance(TimeDelta::hours(23));
    assert!(asked.scene.server.news().await.is_empty());
    asked.scene.server.clock.advance(TimeDelta::hours(1));
    let reminded = asked.scene.server.news().await;
    assert_eq!(reminded.len(), 3, "all but who has answered");
    assert!(reminded.iter().all(|mail| mail.subject().starts_with("Herinnering: wanneer kunt u?")));
    let again = reminded.iter().find(|mail| mail.to_name() == "Bram de Wit").unwrap().poll_link();
    for link in [&again, &mails[3].poll_link()] {
        assert_eq!(asked.vote(link, ["yes", "yes", "yes"]).await.status, 303, "both links work");
    }
    asked.scene.server.clock.advance(TimeDelta::hours(23));
    assert!(asked.scene.server.news().await.is_empty());

    asked.scene.server.clock.advance(TimeDelta::hours(1));
    let late = asked.vote(&again, ["no", "no", "no"]).await;
    assert_eq!((late.status, late.reason().as_str()), (409, "POLL_CLOSED"), "before any worker looked");
    let told = asked.scene.server.news().await;
    assert_eq!(told.len(), 1, "only the maker");
    assert!(told[0].subject().starts_with("Kies een tijdstip – Overleg "));
    assert_eq!(forbidden_word(&told[0].text().replace(&told[0].to_name(), "")), None);
    let now = asked.get(&poll).await;
    assert_eq!(now.state(), State::Expired);
    assert!(asked.http.get(&again).await.body.contains("de tijd is om"));
    let closed = asked.close(&now, None).await.unwrap();
    assert_eq!(closed.consultation.unwrap().start_time, Some(stamp(asked.times[0])));

    asked.scene.server.clock.advance(TimeDelta::days(7));
    let old = asked.http.send("GET", &again, &[JSON], "").await;
    assert_eq!((old.status, old.reason().as_str()), (410, "LINK_EXPIRED"));
    asked.scene.server.deliver().await;
    let gone = asked.http.send("GET", &again, &[JSON], "").await;
    assert_eq!((gone.status, gone.reason().as_str()), (404, "LINK_INVALID"), "and then it is forgotten");
}

#[tokio::test]
async fn x06_whoever_was_asked_hears_that_a_proposal_is_off_and_whoever_was_not_hears_nothing() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    let off = asked.cancel(&poll).await.unwrap();
    assert_eq!(off.state(), State::Cancelled);
    let told = asked.scene.server.news().await;
    assert_eq!(told.len(), 4);
    assert!(told.iter().all(|mail| !mail.text().contains("/p/")));
    assert_eq!(asked.cancel(&off).await.unwrap(), off, "once off, it stays so");
    assert!(asked.scene.server.news().await.is_empty());
    assert!(asked.http.get(&mails[0].poll_link()).await.body.contains("Wij zoeken geen tijdstip meer"));
    assert_eq!(reason(&asked.close(&off, None).await.unwrap_err()), "POLL_CLOSED");

    let untold = asked.create(asked.wish()).await.unwrap();
    asked.cancel(&untold).await.unwrap();
    assert!(asked.scene.server.news().await.is_empty());
    let all = |closed| pb::ListTimePollsRequest {
        case: asked.scene.family.case.to_string(),
        show_closed: closed,
        ..Default::default()
    };
    let listed = asked.polls().list_time_polls(all(true)).await.unwrap().into_inner().time_polls;
    assert_eq!(listed.iter().map(|poll| &poll.name).collect::<Vec<_>>(), [&untold.name, &poll.name]);
    assert!(asked.polls().list_time_polls(all(false)).await.unwrap().into_inner().time_polls.is_empty());
}

#[tokio::test]
async fn x03_the_professionals_are_kept_free_until_a_proposal_is_decided() {
    let asked = Asked::start().await;
    let held = pb::TimePoll { hold_options: true, ..asked.wish() };
    let poll = asked.create(held.clone()).await.unwrap();
    assert!(poll.hold_options);
    assert_eq!(reason(&asked.create(held.clone()).await.unwrap_err()), "TIME_CONFLICT");
    let book = |start| {
        let booking = asked.scene.booking(asked.scene.mdo(start));
        async { asked.scene.meetings().book_consultation(booking).await }
    };
    assert_eq!(reason(&book(asked.times[1]).await.unwrap_err()), "TIME_CONFLICT");
    let parents_only = asked.scene.server.number("SELECT COUNT(DISTINCT calendar_id) FROM busy").await;
    assert_eq!(parents_only, 2, "nothing is held of a parent");
    let closed = asked.close(&poll, None).await.unwrap();
    assert_eq!(closed.consultation.unwrap().start_time, Some(stamp(asked.times[0])));
    book(asked.times[1]).await.unwrap();

    let times = asked.times.map(|time| stamp(time + TimeDelta::days(1))).to_vec();
    let poll = asked.create(pb::TimePoll { options: times, ..held }).await.unwrap();
    assert_eq!(reason(&book(asked.times[2] + TimeDelta::days(1)).await.unwrap_err()), "TIME_CONFLICT");
    asked.cancel(&poll).await.unwrap();
    book(asked.times[2] + TimeDelta::days(1)).await.unwrap();
}

#[tokio::test]
async fn x03_what_could_not_be_booked_is_not_proposed() {
    let asked = Asked::start().await;
    let soon = Some(stamp(asked.scene.later(51)));
    let poll = pb::TimePoll { deadline_time: soon, ..asked.wish() };
    assert_eq!(
        violations(&asked.create(poll).await.unwrap_err()),
        ["time_poll.deadline_time: TIME_RANGE_INVALID"]
    );
    let mut poll = asked.wish();
    poll.voters.truncate(2);
    poll.options.push(stamp(asked.scene.later(-5)));
    poll.options.push(stamp(asked.times[0]));
    assert_eq!(
        violations(&asked.create(poll).await.unwrap_err()),
        [
            "time_poll.options[4]: FIELD_INVALID",
            "time_poll.deadline_time: TIME_RANGE_INVALID",
            "time_poll.voters: PARENT_REQUIRED",
            "time_poll.options[3]: TIME_OUT_OF_BOUNDS",
        ]
    );
    let mut poll = asked.wish();
    poll.voters[1] = voter(asked.scene.family.child, pb::Role::Smw);
    assert_eq!(
        violations(&asked.create(poll).await.unwrap_err()),
        ["time_poll.voters[1].person: PARTICIPANT_UNKNOWN"]
    );
    let nothing = asked.create(pb::TimePoll::default()).await.unwrap_err();
    assert_eq!(violations(&nothing).len(), 6);
    asked.scene.server.close(&asked.scene.family, asked.scene.school).await;
    assert_eq!(reason(&asked.create(asked.wish()).await.unwrap_err()), "CASE_CLOSED");
}

#[tokio::test]
async fn x03_a_proposal_is_seen_as_the_meeting_that_it_may_become() {
    let asked = Asked::start().await;
    let (poll, _) = asked.asked().await;
    let request = pb::GetTimePollRequest { name: poll.name.clone() };
    let mut helper = Polls::new(asked.scene.smw.1.clone());
    let seen = helper.get_time_poll(request.clone()).await.unwrap().into_inner();
    assert_eq!(
        (seen.voters[2].display_name.as_str(), seen.case.as_str()),
        ("", ""),
        "no name without consent"
    );
    let close = pb::CloseTimePollRequest {
        name: poll.name.clone(),
        etag: poll.etag.clone(),
        request_id: asked.id(),
        ..Default::default()
    };
    assert_eq!(reason(&helper.close_time_poll(close).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    let school = asked.scene.server.school("99BB00", "GM9902").await;
    let mut other = Polls::new(asked.scene.server.person(Role::Iber, school).await.1);
    assert_eq!(reason(&other.get_time_poll(request).await.unwrap_err()), "TIME_POLL_NOT_FOUND");
    let mine = other.list_time_polls(pb::ListTimePollsRequest::default()).await.unwrap().into_inner();
    assert!(mine.time_polls.is_empty());
    let own = asked.polls().list_time_polls(pb::ListTimePollsRequest::default()).await.unwrap().into_inner();
    assert_eq!(own.time_polls.len(), 1);
}

#[tokio::test]
async fn x03_whatever_is_wrong_with_a_link_or_an_answer_is_told_and_changes_nothing() {
    let asked = Asked::start().await;
    let (poll, mails) = asked.asked().await;
    let link = mails[2].poll_link();
    let mut forged = link.clone();
    forged.replace_range(link.len() - 3.., "AAA");
    let json = ("content-type", "application/json");
    let large = format!("vote-0=yes&x={}", "x".repeat(1 << 20));
    let whole = "vote-0=yes&vote-1=yes&vote-2=yes";
    for (path, kind, body, status, reason) in [
        (&link, FORM, "", 400, "ANSWER_REQUIRED"),
        (&link, FORM, "vote-0=yes&vote-1=yes", 400, "ANSWER_REQUIRED"),
        (&link, FORM, "vote-0=yes&vote-1=yes&vote-2=perhaps", 400, "ANSWER_INVALID"),
        (&link, FORM, "vote-0=yes&vote-0=no&vote-1=yes&vote-2=yes", 400, "ANSWER_INVALID"),
        (&link, json, whole, 415, "FORM_REQUIRED"),
        (&link, FORM, &large, 413, "MESSAGE_TOO_LARGE"),
        (&forged, FORM, whole, 404, "LINK_INVALID"),
        (&format!("{link}/nothing"), FORM, whole, 404, "LINK_INVALID"),
        (&"/p/".to_owned(), FORM, whole, 404, "NOT_FOUND"),
    ] {
        let refused = asked.http.send("POST", path, &[kind, JSON], body).await;
        assert_eq!((refused.status, refused.reason().as_str()), (status, reason), "{path} {body:.40}");
    }
    for _ in 0..50 {
        assert_eq!(asked.http.get(&link).await.status, 200);
    }
    assert_eq!(asked.get(&poll).await.voters, asked.get(&poll).await.voters);
    assert!(asked.get(&poll).await.voters[2].votes.is_empty(), "looking answers nothing");
    // What stands in the database opens nothing.
    let rows = asked.scene.server.number("SELECT COUNT(*) FROM time_poll_link WHERE length(hash) = 32").await;
    assert_eq!(rows, 4);
    asked.scene.server.close(&asked.scene.family, asked.scene.school).await;
    let closed = asked.http.send("POST", &link, &[FORM, JSON], whole).await;
    assert_eq!((closed.status, closed.reason().as_str()), (409, "POLL_CLOSED"));
}
