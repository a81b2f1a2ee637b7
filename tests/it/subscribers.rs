//! A feed as programs of other authors subscribe to it: vdirsyncer fetches, khal shows.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::consultation::Event;
use schakel_proto::v1 as pb;
use schakel_tests::{Folder, TestServer, needs::Need};

use super::feed_scopes::subscribe;

/// The programs and a folder of their own.
#[derive(Clone)]
struct Subscriber {
    programs: PathBuf,
    folder: PathBuf,
}

impl Subscriber {
    /// What a program says; it must go well.
    fn run(&self, program: &str, conf: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(self.programs.join(program));
        command.arg("-c").arg(self.folder.join(conf)).args(arguments);
        command.env("HOME", &self.folder).env("LC_ALL", "C.UTF-8").env("NO_COLOR", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        // Whether the folder may be made that it was told of.
        let _ = running.stdin.take().unwrap().write_all(b"y\ny\n");
        let done = running.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(
            done.status.success(),
            "{program} {arguments:?}: {said}{}",
            String::from_utf8_lossy(&done.stderr)
        );
        said
    }

    /// What the reader sees of the last week of November, after fetching.
    fn sees(&self) -> String {
        self.run("vdirsyncer", "vdirsyncer.conf", &["sync"]);
        let format = "{start} | {title} | {location} | {status}";
        self.run("khal", "khal.conf", &["list", "--day-format", "", "--format", format, "23.11.2026", "7d"])
    }

    async fn looks(&self) -> String {
        let own = self.clone();
        // The server runs on this thread.
        tokio::task::spawn_blocking(move || own.sees()).await.unwrap()
    }
}

fn configure(folder: &Path, url: &str) {
    let at = folder.display();
    let vdirsyncer = format!(
        "[general]\nstatus_path = \"{at}/status/\"\n\
         [pair feed]\na = \"there\"\nb = \"here\"\ncollections = null\nconflict_resolution = \"a wins\"\n\
         [storage there]\ntype = \"http\"\nurl = \"{url}\"\n\
         [storage here]\ntype = \"filesystem\"\npath = \"{at}/calendar/\"\nfileext = \".ics\"\n"
    );
    let khal = format!(
        "[calendars]\n[[feed]]\npath = {at}/calendar/\ntype = calendar\n\
         [locale]\ntimeformat = %H:%M\ndateformat = %d.%m.%Y\nlongdateformat = %d.%m.%Y\n\
         datetimeformat = %d.%m.%Y %H:%M\nlongdatetimeformat = %d.%m.%Y %H:%M\n\
         local_timezone = Europe/Amsterdam\ndefault_timezone = Europe/Amsterdam\n\
         [default]\ndefault_calendar = feed\n[sqlite]\npath = {at}/khal.db\n"
    );
    std::fs::create_dir_all(folder.join("calendar")).unwrap();
    std::fs::create_dir_all(folder.join("status")).unwrap();
    std::fs::write(folder.join("vdirsyncer.conf"), vdirsyncer).unwrap();
    std::fs::write(folder.join("khal.conf"), khal).unwrap();
}

#[tokio::test]
async fn x07_vdirsyncer_and_khal_show_what_stands_in_the_server() {
    const NAME: &str = "x07_vdirsyncer_and_khal_show_what_stands_in_the_server";
    let Some(programs) = Need::Subscribers.or_skip(NAME) else { return };
    let server = TestServer::start().await;
    let http = server.http().await;
    let start: DateTime<Utc> = "2026-11-24T09:00:00Z".parse().unwrap();
    let moved = server.meeting(&[server.founded.administrator], start).await;
    let stays = server.meeting(&[server.founded.administrator], start + TimeDelta::days(1)).await;
    let (_, path) = subscribe(&server, &server.administrator(), pb::CreateFeedRequest::default()).await;
    let home = Folder::new();
    let folder = home.join("subscriber");
    configure(&folder, &format!("http://{}{path}", http.address()));
    let reader = Subscriber { programs: programs.into(), folder };
    let own = reader.clone();
    let discover = move || own.run("vdirsyncer", "vdirsyncer.conf", &["discover"]);
    tokio::task::spawn_blocking(discover).await.unwrap();

    let line = |at: &str, reference: &str| format!("{at} | Overleg {reference} | op school");
    let first = reader.looks().await;
    assert!(first.contains(&line("24.11.2026 10:00", &moved.reference)), "{first}");
    assert!(first.contains(&line("25.11.2026 10:00", &stays.reference)), "{first}");
    assert_eq!(reader.looks().await, first, "nothing changed");

    server.clock.advance(TimeDelta::minutes(1));
    server.move_to(moved.id, start + TimeDelta::hours(3)).await;
    server.happen(stays.id, Event::Cancel).await;
    let second = reader.looks().await;
    assert!(second.contains(&line("24.11.2026 13:00", &moved.reference)), "{second}");
    assert!(!second.contains("24.11.2026 10:00"), "{second}");
    let off = second.lines().find(|line| line.contains(&stays.reference)).unwrap_or_default();
    assert!(off.contains("CANCELLED"), "{second}");
}
