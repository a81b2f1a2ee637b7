//! What people propose by the link of their invitation, told on Today and decided on the page of the meeting.

use chrono::{DateTime, TimeDelta, Utc};
use pb::participant::Answer as Said;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    http::Http,
    mailbox::Mail,
    seed_meetings::{Scene, stamp},
    workplace::{Browser, signed_in},
};

use crate::workplace_book::{get, has, school, send};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("accept", "application/json");

/// A meeting to which everybody has a link, and the browser of the IB'er who booked it.
struct Invited {
    scene: Scene,
    booked: pb::Consultation,
    browser: Browser,
    http: Http,
    mails: Vec<Mail>,
}

impl Invited {
    async fn start() -> Self {
        let (scene, _, browser) = school().await;
        let booked = scene.booked(scene.later(50)).await;
        let mails = scene.server.news().await;
        let http = scene.server.http().await;
        Self { scene, booked, browser, http, mails }
    }

    fn path(&self) -> String {
        format!("/{}", self.booked.name)
    }

    /// Who sits there says something else than yes or no, behind the link.
    async fn says(&self, at: usize, (part, body): (&str, &str)) {
        let name = &self.booked.participants[at].display_name;
        let link = self.mails.iter().find(|mail| mail.to_name() == *name).unwrap().link();
        let took = self.http.send("POST", &format!("{link}{part}"), &[FORM, JSON], body).await;
        assert_eq!(took.status, 303, "{}", took.body);
    }

    /// The parent proposes the same hour a day later.
    async fn a_day_later(&self) -> DateTime<Utc> {
        let start = self.scene.later(50) + TimeDelta::days(1);
        let local = start.with_timezone(&chrono_tz::Europe::Amsterdam);
        let body = format!("date={}&time={}", local.format("%Y-%m-%d"), local.format("%H%%3A%M"));
        self.says(2, ("/ander-moment", &body)).await;
        start
    }
}

#[tokio::test]
async fn another_time_that_a_parent_proposes_is_told_on_today_and_accepted_on_the_page() {
    let invited = Invited::start().await;
    let (path, browser) = (invited.path(), &invited.browser);
    assert!(!browser.get(&path).await.body.contains("id=\"proposals\""), "nothing is proposed");
    let start = invited.a_day_later().await;
    let link = format!("href=\"{path}#proposals\"");
    has(&browser.get("/today").await, 200, &["Iemand stelt een ander moment voor", &link]);
    let page = browser.get(&path).await;
    has(
        &page,
        200,
        &[
            "stelt een ander moment voor",
            "donderdag 26 november 2026",
            "kan iedereen dan",
            "Weiger dit voorstel",
        ],
    );
    assert_eq!(get(&invited.scene, &invited.booked.name).await.start_time, invited.booked.start_time);

    let accept = format!("{path}/proposal/accept");
    let bare = browser.post_bare(&accept, &[("proposal", "proposals/1")]).await;
    assert_eq!(bare.status, 403, "no form without its token: {}", bare.body);
    let moved = send(browser, &page, &accept, &[]).await;
    assert_eq!((moved.status, moved.header("location")), (303, format!("{path}?said=moved").as_str()));
    has(&browser.follow(moved).await, 200, &["Het overleg is verplaatst"]);
    let now = get(&invited.scene, &invited.booked.name).await;
    assert_eq!((now.start_time, now.participants[2].answer()), (Some(stamp(start)), Said::Accepted));
    assert!(!browser.get("/today").await.body.contains("Iemand stelt"), "it was decided");
    // The same form once more is the same answer, and another of an old page is told why not.
    assert_eq!(send(browser, &page, &accept, &[]).await.status, 303);
    let late = send(browser, &page, &format!("{path}/proposal/refuse"), &[]).await;
    has(&late, 409, &["role=\"alert\""]);
}

#[tokio::test]
async fn somebody_else_is_chosen_or_refused_by_who_plans_and_by_nobody_who_only_comes() {
    let invited = Invited::start().await;
    let (path, browser, scene) = (invited.path(), &invited.browser, &invited.scene);
    let helper = scene.server.person(Role::Smw, scene.team).await;
    scene.server.link(scene.school, scene.team, Role::Smw, helper.0).await;
    invited.says(1, ("/iemand-anders", "name=Imke&email=imke%40elders.example")).await;
    has(&browser.get("/today").await, 200, &["Iemand stelt voor dat een ander komt"]);
    let page = browser.get(&path).await;
    has(&page, 200, &["stelt voor dat iemand anders komt", "Imke", "Schakel kent deze persoon niet"]);

    // Whoever sits there and plans nothing is told of none and decides on none.
    let other = signed_in(&scene.server, scene.smw.0).await;
    assert!(!other.get("/today").await.body.contains("Iemand stelt"));
    let theirs = other.get(&path).await;
    assert!(theirs.status == 200 && !theirs.body.contains("Imke"), "{}", theirs.body);
    assert!(!theirs.body.contains("/proposal/"), "{}", theirs.body);
    let (accept, refuse) = (format!("{path}/proposal/accept"), format!("{path}/proposal/refuse"));
    let (proposal, id) = (page.value("proposal"), scene.server.request_id());
    let forged = [("proposal", proposal.as_str()), ("etag", "1"), ("request_id", id.as_str())];
    assert_eq!(other.post(&refuse, &forged).await.status, 404);

    let nobody = send(browser, &page, &accept, &[]).await;
    has(&nobody, 409, &["aria-describedby=\"fault-instead-1\""]);
    let comes = format!("{}:SMW", helper.0);
    let replaced = send(browser, &nobody, &accept, &[("comes", &comes)]).await;
    assert_eq!(replaced.status, 303, "{}", replaced.body);
    has(&browser.follow(replaced).await, 200, &["De vervanging is vastgelegd"]);
    let now = get(scene, &invited.booked.name).await;
    assert!(now.participants.iter().any(|at| at.person == helper.0.to_string()));

    invited.says(2, ("/iemand-anders", "name=Tante+Ans&email=ans%40familie.example")).await;
    let page = browser.get(&path).await;
    has(&page, 200, &["Tante Ans"]);
    let refused = send(browser, &page, &refuse, &[]).await;
    assert_eq!(refused.header("location"), format!("{path}?said=refused"), "{}", refused.body);
    let page = browser.follow(refused).await;
    has(&page, 200, &["Het voorstel is geweigerd"]);
    assert!(!page.body.contains("Tante Ans"), "{}", page.body);
}
