//! Changes as they come, from where it broke off when the server was away.

use std::{collections::VecDeque, time::Duration};

use prost_types::Timestamp;
use schakel_proto::v1 as pb;
use tokio::time::Instant;
use tonic::{Status, Streaming};

use crate::{
    Connection,
    retry::{Pause, is_passing},
    told::Told,
};

/// A stream that lasted so long was well.
const WELL: Duration = Duration::from_secs(30);
/// How long after a meeting something may be written down that a watcher was away for: 31 days.
const AFTER_A_MEETING: i64 = 31 * 86_400;

impl Connection {
    /// That something changed in the cases that the caller may read, or in `case` alone; from now
    /// on, or from what came after the change `after` (`caseEvents/…`) on. Both may be empty.
    pub fn watch_cases(&self, case: impl Into<String>, after: impl Into<String>) -> CaseWatch {
        CaseWatch {
            connection: self.clone(),
            case: case.into(),
            after: after.into(),
            told: Told::default(),
            line: Line::default(),
        }
    }

    /// Every change of the meetings that the caller may see, or of those about `case` alone, from now on.
    pub fn watch_consultations(&self, case: impl Into<String>) -> ConsultationWatch {
        ConsultationWatch {
            connection: self.clone(),
            case: case.into(),
            missed: VecDeque::new(),
            told: Told::default(),
            began: false,
            line: Line::default(),
        }
    }
}

/// A stream that may break, and how long to wait before the next.
struct Line<M> {
    stream: Option<(Streaming<M>, Instant)>,
    pause: Pause,
}

impl<M> Default for Line<M> {
    fn default() -> Self {
        Self { stream: None, pause: Pause::default() }
    }
}

impl<M> Line<M> {
    /// The next message; none when the stream is over or broke, and only then.
    async fn message(&mut self) -> Result<Option<M>, Status> {
        let Some((stream, since)) = &mut self.stream else { return Ok(None) };
        let since = *since;
        let told = stream.message().await;
        match told {
            Ok(Some(message)) => {
                self.pause.end();
                Ok(Some(message))
            }
            Err(status) if !is_passing(&status) => {
                self.stream = None;
                Err(status)
            }
            Ok(None) | Err(_) => {
                self.stream = None;
                if since.elapsed() > WELL {
                    self.pause.end();
                }
                self.pause.lengthen();
                Ok(None)
            }
        }
    }

    /// What an attempt to open it brought; a server that is away is asked again later.
    fn opened(&mut self, attempt: Result<Streaming<M>, Status>) -> Result<(), Status> {
        match attempt {
            Ok(stream) => self.stream = Some((stream, Instant::now())),
            Err(status) if is_passing(&status) => self.pause.lengthen(),
            Err(status) => return Err(status),
        }
        Ok(())
    }
}

/// Changes of cases. Made by [`Connection::watch_cases`].
pub struct CaseWatch {
    connection: Connection,
    case: String,
    after: String,
    told: Told,
    line: Line<pb::WatchCasesResponse>,
}

impl CaseWatch {
    /// Waits for the next change. After a break it asks for what came after the last one that it
    /// told, and tells nothing twice; while nothing was told yet and no `after` was given, what
    /// changes during a break is not told. Waits for a server that is away, for as long as it takes.
    ///
    /// Fails when the server refuses, for example because the token was revoked. A call that is
    /// dropped loses nothing.
    pub async fn next(&mut self) -> Result<pb::CaseChange, Status> {
        loop {
            if self.line.stream.is_none() {
                self.open().await?;
            }
            let Some(change) = self.line.message().await?.and_then(|told| told.change) else { continue };
            if self.told.is_news(&change.name, change.time, "") {
                self.after.clone_from(&change.name);
                return Ok(change);
            }
        }
    }

    /// The change that was told last, to go on after it in another run of the program.
    pub fn after(&self) -> &str {
        &self.after
    }

    async fn open(&mut self) -> Result<(), Status> {
        self.line.pause.wait().await;
        let asked = pb::WatchCasesRequest { case: self.case.clone(), after: self.after.clone() };
        let attempt = self.connection.thuiszitter().watch_cases(asked).await;
        self.line.opened(attempt.map(tonic::Response::into_inner))
    }
}

/// Changes of meetings. Made by [`Connection::watch_consultations`].
pub struct ConsultationWatch {
    connection: Connection,
    case: String,
    missed: VecDeque<pb::Consultation>,
    told: Told,
    began: bool,
    line: Line<pb::WatchConsultationsResponse>,
}

impl ConsultationWatch {
    /// Waits for the next change: a meeting as it now stands. After a break it reads the list and
    /// tells what changed since the last one that it told, of meetings that are ahead or ended in
    /// the 31 days before; while nothing was told yet, all that are ahead. Waits for a server that is
    /// away, for as long as it takes.
    ///
    /// Fails when the server refuses, for example because the token was revoked. A call that is
    /// dropped loses nothing.
    pub async fn next(&mut self) -> Result<pb::Consultation, Status> {
        loop {
            while let Some(meeting) = self.missed.pop_front() {
                if self.is_news(&meeting) {
                    return Ok(meeting);
                }
            }
            if self.line.stream.is_none() {
                self.open().await?;
                continue;
            }
            let told = self.line.message().await?.and_then(|told| told.consultation);
            if let Some(meeting) = told
                && self.is_news(&meeting)
            {
                return Ok(meeting);
            }
        }
    }

    fn is_news(&mut self, meeting: &pb::Consultation) -> bool {
        self.told.is_news(&meeting.name, meeting.update_time, &meeting.etag)
    }

    /// The stream is opened before the list is read: what changes in between comes twice rather than never.
    async fn open(&mut self) -> Result<(), Status> {
        self.line.pause.wait().await;
        let asked = pb::WatchConsultationsRequest { case: self.case.clone(), ..Default::default() };
        let attempt = self.connection.consultation().watch_consultations(asked).await;
        let mut attempt = attempt.map(tonic::Response::into_inner);
        if self.began && attempt.is_ok() {
            match self.changed().await {
                Ok(missed) => self.missed = missed,
                Err(status) => attempt = Err(status),
            }
        }
        self.line.opened(attempt)?;
        self.began |= self.line.stream.is_some();
        Ok(())
    }

    /// What may have changed while nobody listened, oldest change first.
    async fn changed(&self) -> Result<VecDeque<pb::Consultation>, Status> {
        let newest = self.told.newest();
        let after_time = newest.map(|seconds| Timestamp { seconds: seconds - AFTER_A_MEETING, nanos: 0 });
        let mut found = Vec::new();
        let mut page_token = String::new();
        loop {
            let asked = pb::ListConsultationsRequest {
                case: self.case.clone(),
                after_time,
                show_cancelled: true,
                page_size: 200,
                page_token,
                ..Default::default()
            };
            let answer = self.connection.consultation().list_consultations(asked).await?.into_inner();
            found.extend(answer.consultations);
            page_token = answer.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let changed = |meeting: &pb::Consultation| {
            meeting.update_time.map_or((0, 0), |time| (time.seconds, time.nanos))
        };
        if newest.is_some() {
            found.retain(|meeting| changed(meeting).0 >= self.told.from());
        }
        found.sort_by_key(changed);
        Ok(found.into())
    }
}
