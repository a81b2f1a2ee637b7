//! The first start and the words on the screen.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use chrono::{NaiveDate, TimeDelta};
use schakel_client::{Connection, v1 as pb};
use serde::{Deserialize, Serialize};

use super::{
    load, past,
    region::{Region, SAMENWERKINGSVERBAND},
    widen,
};
use crate::{
    access::{
        authenticate::today,
        found_region::{Founded, Founding, found_region},
    },
    app::App,
    operate,
};

/// What `schakel ctl` reads: the server, people with their tokens, and handy names.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Profile {
    /// The server's address.
    server: String,
    /// Who calls when nobody is named.
    default: String,
    /// Resource names that can be written as `@school`.
    names: BTreeMap<String, String>,
    /// People of the story.
    people: BTreeMap<String, Person>,
}

/// Somebody of the story.
#[derive(Debug, Serialize, Deserialize)]
struct Person {
    name: String,
    token: String,
    acting_for: String,
}

/// The name under which the profile keeps the calendar address of the intern begeleider.
const FEED: &str = "feed";
/// The gemeente where the child of the story lives, and its first day at home.
const RESIDENCE: &str = "residence";
const FIRST_DAY: &str = "first_day";
/// How long the demo's tokens work.
const TOKENS: TimeDelta = TimeDelta::days(366);

pub(super) fn told(error: &crate::error::Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.reason())
}

/// Founds the region.
pub(super) async fn found(app: &App) -> anyhow::Result<Founded> {
    let founding = Founding {
        swv_code: SAMENWERKINGSVERBAND.into(),
        display_name: "SWV PO Maasduin".parse().map_err(anyhow::Error::msg)?,
        sender_name: "Overleg".parse().map_err(anyhow::Error::msg)?,
        // The first of all; the beheerder of the story comes with the people's file.
        administrator: (
            "P0001".parse().map_err(anyhow::Error::msg)?,
            "Eerste beheerder".parse().map_err(anyhow::Error::msg)?,
            "beheer@maasduin.example".parse().map_err(anyhow::Error::msg)?,
        ),
    };
    found_region(app, &founding).await.map_err(|error| told(&error))
}

/// Imports how things stand now, opens the cases, and writes down who is who.
pub(super) async fn first_start(app: &App, region: &Region, founded: &Founded) -> anyhow::Result<Profile> {
    let story = region.people_of_the_story();
    let server = app.settings.public_url.clone();
    let administrator =
        Connection::open(&schakel_client::Profile::new(server.clone(), founded.secret.clone())).await?;
    load::import(&administrator, region, |file| past::OF_NOW.contains(&file)).await?;
    widen::widen(&administrator).await?;

    let mut people = BTreeMap::new();
    for (role, code) in [
        ("beheerder", &story.beheerder),
        ("iber", &story.iber),
        ("coordinator", &story.coordinator),
        ("smw", &story.smw),
        ("thuiszitterscoordinator", &story.thuiszitterscoordinator),
        ("leerplichtambtenaar", &story.leerplichtambtenaar),
        ("fg", &story.fg),
        ("beleidsmedewerker", &story.beleidsmedewerker),
    ] {
        let token = operate::issue(app, SAMENWERKINGSVERBAND, code, TOKENS).await?;
        people.insert(role.to_owned(), introduce(&server, token).await.with_context(|| role.to_owned())?);
    }
    let as_person = |role: &str| {
        let person = &people[role];
        let mut profile = schakel_client::Profile::new(server.clone(), person.token.clone());
        profile.acting_for = Some(person.acting_for.clone());
        profile
    };
    let coordinator = Connection::open(&as_person("thuiszitterscoordinator")).await?;
    let schools = load::schools(&coordinator).await?;
    for (nth, seed) in (1..).zip(region.cases.iter().skip(1)) {
        // Of every fifth nobody wrote down what comes next: those stand on the alarm list.
        let next = (nth % 5 != 0).then(|| today(app.now()) + TimeDelta::days(2 * nth));
        load::open_case(&coordinator, seed, &schools, next)
            .await
            .with_context(|| format!("case {}", seed.number))?;
    }
    let iber = Connection::open(&as_person("iber")).await?;
    let feed = pb::CreateFeedRequest { request_id: load::fresh(), ..Default::default() };
    let feed = iber.feed().create_feed(feed).await?.into_inner().url;
    let mut names = names(&iber, &people).await?;
    names.insert(FEED.into(), feed);
    let story_case = region.case_of_the_story();
    names.insert(RESIDENCE.into(), story_case.residence.clone());
    names.insert(FIRST_DAY.into(), story_case.first_absence_day.to_string());
    let school = schools.get(&story.school).cloned().context("the school of the story")?;
    names.insert("deputy".into(), deputy(&iber, &school, &names["smw"]).await?);
    names.insert("school".into(), school);
    Ok(Profile { server, default: "iber".into(), names, people })
}

/// Who bears `token`, and for which organisation.
async fn introduce(server: &str, token: String) -> anyhow::Result<Person> {
    let connection = Connection::open(&schakel_client::Profile::new(server, token.clone())).await?;
    let me = connection.access().who_am_i(pb::WhoAmIRequest {}).await?.into_inner();
    Ok(Person { name: me.display_name, token, acting_for: me.acting_for })
}

/// Who stands in for the SMW of the story.
async fn deputy(caller: &Connection, school: &str, smw: &str) -> anyhow::Result<String> {
    let ask = pb::ListSchoolTeamLinksRequest { school: school.to_owned(), ..Default::default() };
    let links = caller.directory().list_school_team_links(ask).await?.into_inner().school_team_links;
    let link = links.into_iter().find(|link| link.person == smw && !link.deputy.is_empty());
    link.map(|link| link.deputy).context("somebody who stands in for the SMW")
}

/// The people's own resource names.
async fn names(
    caller: &Connection,
    people: &BTreeMap<String, Person>,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut names = BTreeMap::new();
    for (role, person) in people {
        let ask = pb::ListPersonsRequest {
            organisation: person.acting_for.clone(),
            page_size: 200,
            ..Default::default()
        };
        let found = caller.directory().list_persons(ask).await?.into_inner().persons;
        if let Some(found) = found.into_iter().find(|found| found.display_name == person.name) {
            names.insert(role.clone(), found.name);
        }
    }
    Ok(names)
}

/// The commands that walk the story; FOLDER, PROFILE, RESIDENCE and the days are filled in.
const STORY: &str = include_str!("story.txt");

/// The program as it was started, for the commands that are to be typed in the same folder.
fn program() -> String {
    std::env::args().next().unwrap_or_else(|| "schakel".to_owned())
}

impl Profile {
    /// The story for this folder, on the days that are still to come.
    fn story(&self, (program, folder): (&str, &Path), today: NaiveDate) -> String {
        let residence = self.names.get(RESIDENCE).map_or("", String::as_str);
        let first_day = self.names.get(FIRST_DAY).map_or("", String::as_str);
        STORY
            .trim_end()
            .replace("PROGRAM", program)
            .replace("PROFILE", &folder.join(super::PROFILE).display().to_string())
            .replace("FOLDER", &folder.display().to_string())
            .replace("RESIDENCE", residence)
            .replace("FIRST_DAY", first_day)
            .replace("SOLVED_DAY", &(today + TimeDelta::days(30)).to_string())
            .replace("DUE_DAY", &(today + TimeDelta::days(49)).to_string())
            .replace("RELAPSE_DAY", &(today + TimeDelta::days(33)).to_string())
            .replace("FEED", self.names.get(FEED).map_or("", String::as_str))
    }

    /// Prints where everything is and what to try.
    #[expect(clippy::print_stdout, reason = "the demo speaks to whoever started it")]
    pub(super) fn print(&self, app: &App, folder: &Path) {
        println!("Schakel runs at {} (gRPC, gRPC-web and pages on one port).\n", app.settings.public_url);
        println!("  start page  {}/", app.settings.public_url);
        println!("  workplace   {}/sign-in (as one of the people below)", app.settings.public_url);
        println!("  mail        {} (a Maildir; nothing leaves this machine)", folder.join("mail").display());
        println!("  feed        {}", self.names.get(FEED).map_or("", String::as_str));
        println!("  profile     {}\n", folder.join(super::PROFILE).display());
        println!("Tokens:");
        for (role, person) in &self.people {
            println!("  {role:<24} {} ({})", person.token, person.name);
        }
        println!(
            "\nThe story, step by step (a profile other than ./schakel-data/profile.toml: --profile):\n"
        );
        println!("{}", self.story((&program(), folder), today(app.now())));
        println!("\nCtrl-C ends it; a second start finds everything as it was left.");
    }
}
