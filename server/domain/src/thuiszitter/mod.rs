//! A thuiszitter's case: facts, derived labels, stages, deadlines by a profile, outcome.

mod deadline;
mod facts;
mod label;
mod outcome;
mod profile;
mod stage;

pub use deadline::{Deadline, DeadlineState, deadlines, suggested_level};
pub use facts::{AbsenceKind, Enrolment, Facts, Moment, Suspension, UnauthorisedHours};
pub use label::{Label, labels, reached_on};
pub use outcome::{CountsAs, FollowUp, Outcome, Solved};
pub use profile::{
    Basis, EscalationLevel, Extension, LongAbsence, Norm, NormKind, Profile, ReportThreshold, Term,
};
pub use stage::{Event, Stage, acts, next};
