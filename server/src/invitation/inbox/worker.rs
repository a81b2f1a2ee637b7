//! Keeps the mailbox read.
//!
//! Several servers on one database may each read it: a mail is taken in one transaction that marks it,
//! and only then leaves the folder. Whoever comes second finds the mark, and does nothing.

use std::time::Duration;

use schakel_domain::inbox::Reason;
use tokio_util::sync::CancellationToken;

use super::{
    session::{Failed, Session},
    take::{Taken, take},
};
use crate::{
    app::App,
    settings::{InboxSettings, seconds},
};

/// After the first failure; each next waits twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// How long the mail that is being taken, and saying goodbye, may take once the server is to stop. What is
/// cut off is as if it were killed: it is taken whole, or by the next start.
const LAST: Duration = Duration::from_secs(5);

/// Reads the mailbox of the settings until `stop`, if there is one.
pub async fn keep(app: App, stop: CancellationToken) {
    let Some(settings) = app.settings.mail.inbox.clone() else { return };
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST).await;
    };
    tokio::select! {
        () = connections(&app, &settings, &stop) => {}
        () = late => tracing::warn!("the mailbox for answers did not let go in time"),
    }
}

/// One connection after another.
async fn connections(app: &App, settings: &InboxSettings, stop: &CancellationToken) {
    let mut pause = FIRST_PAUSE;
    while !stop.is_cancelled() {
        match connection(app, settings, stop, &mut pause).await {
            Ok(()) => {}
            Err(error) => {
                tracing::error!(%error, "the mailbox for answers cannot be read");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(pause) => {}
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    }
}

/// One connection, for as long as it lasts.
async fn connection(
    app: &App,
    settings: &InboxSettings,
    stop: &CancellationToken,
    pause: &mut Duration,
) -> Result<(), Failed> {
    let mut session = Session::open(settings).await?;
    *pause = FIRST_PAUSE;
    while !stop.is_cancelled() {
        round(app, settings, &mut session, stop).await?;
        session.wait(seconds(settings.poll_seconds), stop).await?;
    }
    session.close().await;
    Ok(())
}

/// Reads what is there now, and says how many mails it took.
///
/// # Errors
/// When the mailbox cannot be read, or none is set.
pub async fn once(app: &App) -> Result<usize, Failed> {
    let Some(settings) = &app.settings.mail.inbox else {
        return Err(Failed::Settings("mail.inbox is not set".into()));
    };
    let mut session = Session::open(settings).await?;
    let mut taken = 0;
    while session.news {
        taken += round(app, settings, &mut session, &app.stopping).await?;
    }
    session.close().await;
    Ok(taken)
}

/// Takes every mail of the folder once, until `stop`. What cannot be taken now stays for the next round.
async fn round(
    app: &App,
    settings: &InboxSettings,
    session: &mut Session,
    stop: &CancellationToken,
) -> Result<usize, Failed> {
    let mut number = 0;
    for uid in session.search().await? {
        if stop.is_cancelled() {
            break;
        }
        let Some(raw) = session.fetch(uid).await? else { continue };
        match take(app, settings, raw).await {
            Ok(Taken::Done) => put(session, uid, &settings.done).await?,
            Ok(Taken::Aside(reason)) => {
                session.mark(uid, <&str>::from(reason)).await?;
                put(session, uid, &settings.aside).await?;
                if reason == Reason::UnknownUid {
                    tracing::info!(target: "security", "a mail that is about nothing known was put aside");
                }
            }
            Err(error) => {
                tracing::error!(%error, "a mail cannot be taken now");
                continue;
            }
        }
        number += 1;
    }
    Ok(number)
}

/// Puts a mail away. One that stays is read again in the next round, and changes nothing more.
async fn put(session: &mut Session, uid: u32, folder: &str) -> Result<(), Failed> {
    match session.put(uid, folder).await {
        Err(Failed::Refused(what)) => {
            tracing::warn!(what, "a mail that was taken stays in its folder");
            Ok(())
        }
        done => done,
    }
}
