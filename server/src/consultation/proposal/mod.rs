//! What people propose on the page of their invitation: another time, or somebody else. Whoever plans
//! the meeting accepts or refuses it; until then the meeting stays as it is.

mod accept;
pub mod make;
mod refuse;
mod rpc;
mod show;
pub mod store;
pub mod sweep;
mod wire;

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::proposal::{Kind, Source, State},
    ids::{ConsultationId, PersonId, ProposalId},
    text::{EmailAddress, Name},
    time::Period,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::meeting::Meeting;
use crate::{
    error::{Error, Result},
    store::{Tx, vault::Place},
};

/// What somebody proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Which.
    pub id: ProposalId,
    /// For which meeting.
    pub meeting: ConsultationId,
    /// Who proposed it.
    pub person: PersonId,
    /// What.
    pub kind: Kind,
    /// As it was kept; see [`Proposal::now`].
    pub state: State,
    /// Which way it came.
    pub source: Source,
    /// To which version of the meeting.
    pub sequence: u32,
    /// The other time.
    pub time: Option<Period>,
    /// Who would come, sealed under the key of whom the meeting is about.
    sealed_substitute: Option<Vec<u8>>,
    /// Whose key that is.
    subject: Uuid,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it was decided.
    pub decided: Option<DateTime<Utc>>,
    /// By whom.
    decided_by: Option<PersonId>,
    /// The etag.
    version: i32,
}

/// Who would come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Substitute {
    /// The name, as it was given.
    pub name: Name,
    /// The address, as it was given.
    pub email: EmailAddress,
}

#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    email: String,
}

impl Substitute {
    fn written(&self) -> Result<String> {
        let written = Written { name: self.name.as_str().to_owned(), email: self.email.as_str().to_owned() };
        serde_json::to_string(&written).map_err(|_| CORRUPT)
    }

    fn read(text: &str) -> Result<Self> {
        let written: Written = serde_json::from_str(text).map_err(|_| CORRUPT)?;
        let (name, email) = (written.name.parse(), written.email.parse());
        Ok(Self { name: name.map_err(|_| CORRUPT)?, email: email.map_err(|_| CORRUPT)? })
    }
}

const CORRUPT: Error = Error::Corrupt { table: "counter_proposal", column: "sealed_substitute" };

fn place(id: ProposalId) -> Place {
    Place { table: "counter_proposal", column: "sealed_substitute", row: id.0 }
}

impl Proposal {
    /// Where it stands, now that its meeting is as it is.
    pub fn now(&self, meeting: &Meeting, now: DateTime<Utc>) -> State {
        let seated = meeting.seat(self.person).is_some();
        self.state.now((self.sequence, seated), &meeting.life(), now)
    }

    /// Notes that it was decided, and by whom. Whoever was named then sits at the table, or is nobody's
    /// business any more.
    fn decide(&mut self, tx: &Tx) {
        self.decided = Some(tx.now());
        self.decided_by = tx.grant().actor().map(PersonId);
        self.sealed_substitute = None;
    }
}
