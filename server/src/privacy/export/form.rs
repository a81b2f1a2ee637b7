//! The form of an export: names that programs may rely on, each with a Dutch label for the page.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{
    asked::Request,
    track::{Asked, Planned, Tracked},
};

/// All about one child.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Export {
    pub schema: &'static str,
    pub made_at: DateTime<Utc>,
    pub region: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child: Option<Individual>,
    pub parents: Vec<Individual>,
    /// Who was taken out of the case.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_parents: Vec<Former>,
    /// All that is told to one of those, beside the person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_part: Option<Own>,
    pub cases: Vec<CaseFile>,
    pub access_report: Vec<Access>,
    pub left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Individual {
    pub person: String,
    pub display_name: String,
    pub birth_date: Option<NaiveDate>,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub language: String,
    pub gezag: Option<String>,
    pub address_confidential: Option<bool>,
    pub contact_left_out: bool,
    pub registered_at: DateTime<Utc>,
    /// Of the parent who reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wishes: Option<Wished>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Former {
    pub person: String,
    pub left_at: DateTime<Utc>,
}

/// What is a former parent's own in a case.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Own {
    pub left_at: Option<DateTime<Utc>>,
    pub meetings: Vec<OwnMeeting>,
    pub time_polls: Vec<OwnPoll>,
    pub consents: Vec<OwnSignature>,
    pub rectifications: Vec<Rectified>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct OwnMeeting {
    pub reference: String,
    pub state: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub place: String,
    pub answer: String,
    pub answered_at: Option<DateTime<Utc>>,
    pub decline_reason: Option<String>,
    pub attended: Option<bool>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct OwnPoll {
    pub reference: String,
    pub options: Vec<DateTime<Utc>>,
    /// Of the reader alone.
    pub voters: Vec<Voter>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct OwnSignature {
    pub purpose: String,
    pub date: NaiveDate,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct CaseFile {
    pub case: String,
    pub reference: String,
    pub state: String,
    pub stage: String,
    pub escalation_level: u8,
    pub escalated_on: Option<NaiveDate>,
    pub school: Option<String>,
    pub gemeente_code: Option<String>,
    pub hold: Option<String>,
    pub regisseur: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    pub reopened: i32,
    pub outcome: Option<String>,
    pub outcome_date: Option<NaiveDate>,
    pub next_action_date: Option<NaiveDate>,
    pub question: Option<String>,
    pub external_references: Vec<External>,
    pub absence: Option<Absence>,
    pub milestones: Vec<Milestone>,
    pub application_extended: Option<bool>,
    pub facts: Vec<LogEntry>,
    pub plan: Vec<Planned>,
    pub tracks: Vec<Tracked>,
    pub information_requests: Vec<Asked>,
    pub timeline: Vec<Event>,
    pub deadlines: Vec<Deadline>,
    pub time_polls: Vec<TimePoll>,
    pub waiting: Vec<Waiting>,
    pub meetings: Vec<Meeting>,
    pub hulpvragen: Vec<Request>,
    pub rectifications: Vec<Rectified>,
    pub legal_holds: Vec<Held>,
    pub consents: Vec<Consent>,
    pub emergencies: Vec<Broken>,
    pub decisions: Vec<Decided>,
    pub views: Vec<Viewed>,
    pub kept: Vec<Kept>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct External {
    pub system: String,
    pub id: String,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Absence {
    pub kind: String,
    pub first_day: NaiveDate,
    pub hours_missed: Vec<Missed>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Missed {
    pub date: NaiveDate,
    pub hours: u8,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Milestone {
    pub moment: String,
    pub date: NaiveDate,
}

/// An entry of the log.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct LogEntry {
    pub fact: String,
    pub told_at: DateTime<Utc>,
    pub role: String,
    pub organisation: Option<String>,
    pub corrects: Option<String>,
    pub text: String,
    pub reason: Option<String>,
}

/// A decision by doorzettingsmacht.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Decided {
    pub decision: String,
    pub decide_date: NaiveDate,
    pub text: String,
    pub obliged_organisation: Option<String>,
    pub due_date: NaiveDate,
    pub state: String,
    pub recorded_at: DateTime<Utc>,
    pub organisation: Option<String>,
    pub role: String,
    pub checks: Vec<Checked>,
}

/// Whether it was carried out.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Checked {
    pub date: NaiveDate,
    pub complied: bool,
    pub found: String,
    pub recorded_at: DateTime<Utc>,
    pub organisation: Option<String>,
    pub role: String,
}

/// How a party sees it, or what it answers.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Viewed {
    pub view: String,
    pub about: String,
    pub decision: Option<String>,
    pub answers: Option<String>,
    /// Of the child and its parents.
    pub person: Option<String>,
    pub party: Option<String>,
    pub text: String,
    pub recorded_at: DateTime<Utc>,
    pub organisation: Option<String>,
    pub role: String,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Event {
    pub time: Option<DateTime<Utc>>,
    pub kind: String,
    pub role: String,
    pub organisation: Option<String>,
    pub text: String,
    pub subject: String,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Deadline {
    pub display_name: String,
    pub basis: String,
    pub start_date: String,
    pub due_date: String,
    pub met_date: String,
    pub state: String,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Meeting {
    pub consultation: String,
    pub reference: String,
    pub kind: String,
    pub state: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub place: String,
    pub school: Option<String>,
    pub parent_exception: Option<String>,
    pub short_notice: Option<String>,
    pub booked_as: Option<String>,
    pub booked_at: DateTime<Utc>,
    pub sequence: u32,
    pub participants: Vec<Participant>,
    pub proposals: Vec<Proposed>,
    pub child_heard: Option<String>,
    pub child_heard_note: Option<String>,
    pub jgt_hulp_gewenst: Option<String>,
    pub jgt_role: Option<String>,
    pub jgt_target: Option<NaiveDate>,
    pub decided_with: Vec<String>,
    pub provider_reason: Option<String>,
    pub summary: Option<String>,
    pub actions: Vec<Agreed>,
    pub invitations: Vec<Invitation>,
    pub mails: Vec<Mail>,
}

/// A proposal of times.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct TimePoll {
    pub proposal: String,
    pub reference: String,
    pub kind: String,
    pub state: String,
    pub school: Option<String>,
    pub minutes: i64,
    pub place: String,
    pub parent_exception: Option<String>,
    pub options: Vec<DateTime<Utc>>,
    pub answer_before: DateTime<Utc>,
    pub consultation: Option<String>,
    pub made_as: Option<String>,
    pub created_at: DateTime<Utc>,
    pub changed_at: DateTime<Utc>,
    pub deadline_told_at: Option<DateTime<Utc>>,
    pub voters: Vec<Voter>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Voter {
    pub role: String,
    /// Of the child and its parents.
    pub person: Option<String>,
    pub optional: bool,
    pub votes: Vec<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub asked_at: Option<DateTime<Utc>>,
    pub reminded_at: Option<DateTime<Utc>>,
    pub released_at: Option<DateTime<Utc>>,
}

/// A meeting for which there was no time yet.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Waiting {
    pub entry: String,
    pub state: String,
    pub kind: String,
    pub school: Option<String>,
    pub place: String,
    pub minutes: i64,
    pub parent_exception: Option<String>,
    pub urgency: String,
    pub target_date: Option<NaiveDate>,
    pub since: DateTime<Utc>,
    pub offer_starts_at: Option<DateTime<Utc>>,
    pub offer_expires_at: Option<DateTime<Utc>>,
    pub passed_over_until: Option<DateTime<Utc>>,
    pub replaces: Option<String>,
    pub consultation: Option<String>,
    pub seats: Vec<WaitingSeat>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct WaitingSeat {
    pub role: String,
    /// Of the child and its parents.
    pub person: Option<String>,
    pub optional: bool,
    pub offered: bool,
}

/// What suits a parent.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Wished {
    pub meeting_language: String,
    pub interpreter: bool,
    pub earliest: Option<String>,
    pub latest: Option<String>,
    pub never_on: Vec<String>,
    pub online: bool,
    pub large_print: bool,
    pub supporter_kind: Option<String>,
    pub supporter_name: Option<String>,
    pub supporter_email: Option<String>,
    pub changed_at: DateTime<Utc>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Participant {
    pub role: String,
    /// Of the child and its parents.
    pub person: Option<String>,
    pub optional: bool,
    pub answer: String,
    pub answered_at: Option<DateTime<Utc>>,
    pub decline_reason: Option<String>,
    pub attended: Option<bool>,
}

/// Another time, or somebody else, that a participant proposed.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Proposed {
    pub by: Option<String>,
    pub kind: String,
    pub state: String,
    pub channel: String,
    pub sequence: u32,
    pub starts_at: Option<DateTime<Utc>>,
    pub ends_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Agreed {
    pub text: String,
    pub owner: Option<String>,
    pub due_date: NaiveDate,
    pub done_date: Option<NaiveDate>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Invitation {
    pub to: Option<String>,
    pub kind: String,
    pub told_at: DateTime<Utc>,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub place: String,
    pub notices: i32,
    pub sequence: i32,
    pub message_id: String,
    pub channel: String,
    pub reminded_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Mail {
    pub to: Option<String>,
    pub state: String,
    pub created_at: DateTime<Utc>,
    pub done_at: Option<DateTime<Utc>>,
    pub attempts: i32,
    pub last_error: Option<String>,
    pub sequence: i32,
    pub message_id: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Rectified {
    pub person: String,
    pub kind: &'static str,
    pub fields: Vec<String>,
    pub asked_by: String,
    pub time: DateTime<Utc>,
    pub before: Option<serde_json::Value>,
    pub statement: Option<String>,
    pub reason: String,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Held {
    pub reason: String,
    pub set_at: DateTime<Utc>,
    pub lifted_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Kept {
    pub class: String,
    pub until: Option<NaiveDate>,
    pub basis: String,
}

/// A consent: who may share what with whom, and who signed.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Consent {
    pub purpose: String,
    pub gives: Vec<String>,
    pub receives: Vec<String>,
    pub classes: String,
    pub given_date: NaiveDate,
    pub meeting_date: NaiveDate,
    pub expire_date: NaiveDate,
    pub exception: Option<String>,
    pub signatures: Vec<Signed>,
    pub note: Option<String>,
    pub recorded_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawn_by: Option<&'static str>,
    pub withdrawal_note: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Signed {
    /// CHILD, PARENT or OTHER.
    pub signer: &'static str,
    /// Of the child and its parents.
    pub person: Option<String>,
    pub date: NaiveDate,
}

/// The case was opened in an emergency by somebody whose case it was not.
#[derive(Debug, Serialize)]
pub(in crate::privacy) struct Broken {
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub organisation: Option<String>,
    pub role: String,
    pub reason: String,
}

/// Who saw or changed what on one day: organisation and function, never a name.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub(in crate::privacy) struct Access {
    pub date: NaiveDate,
    pub organisation: Option<String>,
    pub role: String,
    pub deed: String,
    pub object: String,
    pub classes: String,
    pub purpose: String,
    pub emergency: bool,
    pub times: u32,
}

#[derive(Debug, Serialize)]
pub(in crate::privacy) struct LeftOut {
    pub what: &'static str,
    pub why: &'static str,
}
