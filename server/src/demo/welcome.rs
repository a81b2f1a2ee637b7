//! The first start and the words on the screen.

use std::{collections::BTreeMap, path::Path};

use anyhow::Context;
use chrono::TimeDelta;
use schakel_client::{Connection, v1 as pb};
use serde::{Deserialize, Serialize};

use super::{
    load,
    region::{Region, SAMENWERKINGSVERBAND},
};
use crate::{
    access::found_region::{Founding, found_region},
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
/// How long the demo's tokens work.
const TOKENS: TimeDelta = TimeDelta::days(366);

fn told(error: &crate::error::Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.reason())
}

/// Founds the region, imports its files, opens its cases, and writes down who is who.
pub(super) async fn first_start(app: &App, region: &Region) -> anyhow::Result<Profile> {
    let story = region.people_of_the_story();
    let server = app.settings.public_url.clone();
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
    let founded = found_region(app, &founding).await.map_err(|error| told(&error))?;
    let administrator =
        Connection::open(&schakel_client::Profile::new(server.clone(), founded.secret.clone())).await?;
    load::import(&administrator, region).await?;

    let mut people = BTreeMap::new();
    for (role, code) in [
        ("beheerder", &story.beheerder),
        ("iber", &story.iber),
        ("coordinator", &story.coordinator),
        ("smw", &story.smw),
        ("thuiszitterscoordinator", &story.thuiszitterscoordinator),
        ("leerplichtambtenaar", &story.leerplichtambtenaar),
        ("fg", &story.fg),
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
    for seed in region.cases.iter().skip(1) {
        load::open_case(&coordinator, seed, &schools)
            .await
            .with_context(|| format!("case {}", seed.number))?;
    }
    let iber = Connection::open(&as_person("iber")).await?;
    let feed = pb::CreateFeedRequest { request_id: load::fresh() };
    let feed = iber.feed().create_feed(feed).await?.into_inner().url;
    let mut names = names(&iber, &people).await?;
    names.insert(FEED.into(), feed);
    names.insert("school".into(), schools.get(&story.school).cloned().context("the school of the story")?);
    Ok(Profile { server, default: "iber".into(), names, people })
}

/// Who bears `token`, and for which organisation.
async fn introduce(server: &str, token: String) -> anyhow::Result<Person> {
    let connection = Connection::open(&schakel_client::Profile::new(server, token.clone())).await?;
    let me = connection.access().who_am_i(pb::WhoAmIRequest {}).await?.into_inner();
    Ok(Person { name: me.display_name, token, acting_for: me.acting_for })
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

impl Profile {
    /// Prints where everything is and what to try.
    #[expect(clippy::print_stdout, reason = "the demo speaks to whoever started it")]
    pub(super) fn print(&self, app: &App, folder: &Path) {
        println!("Schakel runs at {} (gRPC, gRPC-web and pages on one port).\n", app.settings.public_url);
        println!("  start page  {}/", app.settings.public_url);
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
        println!("{}", STORY.trim_end());
        println!("\nCtrl-C ends it; a second start finds everything as it was left.");
    }
}

/// The commands that walk the story.
const STORY: &str = "  alias ctl='target/release/schakel ctl'
";
