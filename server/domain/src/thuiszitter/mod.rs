//! A thuiszitter's case: facts, derived labels, stages, deadlines by a profile, outcome.
//!
//! Read in this order: `fact` (the log) and `facts` (what it comes to), `label` and `duo`
//! (what that is called), `profile` (the region's numbers), `deadline`, `count` and `reason`
//! (the dates that follow, and why), `moved` (what changed them), `stage`, `outcome` and
//! `decided` (what people decide, and how a case stands), `closed` (the same of one that ended), `plan` and
//! `task` (who does what, and what waits), `escalation` and `view` (the ladder, and who sees it differently), `track` and
//! `information` (placements, exemptions and objections, and what others are asked), `handover` (the
//! way to the next school), `transition` (when that is due to secondary education), `household` (which cases are about children of one family).

mod by_name;
mod change;
mod closed;
mod consent_task;
mod count;
mod course;
mod deadline;
mod decided;
mod duo;
pub mod escalation;
mod fact;
mod facts;
mod ground;
pub mod handover;
pub mod household;
pub mod information;
mod label;
mod moment;
mod moved;
mod outcome;
mod plan;
mod possible;
mod profile;
mod reason;
mod stage;
mod stretch;
mod task;
pub mod track;
mod track_course;
mod track_ground;
mod transition;
pub mod view;

pub use change::ChangeKind;
pub use closed::{CHECK_POINTS, is_still_asked, is_told_after, late_until, looked_after_since};
pub use consent_task::{ConsentTask, consent_tasks};
pub use course::Course;
pub use deadline::{Deadline, DeadlineState, deadlines, duties, owed, suggested_level, told_by, told_from};
pub use decided::{Decided, Standing, Told, Worked};
pub use duo::{DuoKind, DuoStatus, report_again_on, reportable};
pub use fact::{Fact, Known, Said, closing, stands};
pub use facts::{AbsenceKind, Enrolment, Facts, Suspension, home_until};
pub use ground::{AbsenceGround, Circumstance, Exemption, ExemptionGround, MissedTime};
pub use label::{Label, labels, lacks_hours, reached_on};
pub use moment::{Moment, Moments};
pub use moved::{Cause, Computation, Kept, Moved, moved};
pub use outcome::{CountsAs, FollowUp, Outcome, Solved};
pub use plan::{PlanState, Side, Sight, must_follow};
pub use possible::{away_from, impossible};
pub use profile::{
    Basis, EscalationLevel, Extension, LeaveLimit, LongAbsence, Norm, NormKind, Pause, Profile,
    ReportThreshold, Rule, SickOften, Subject, Term, YearDay,
};
pub use reason::{Extended, Reason, Start};
pub use stage::{Event, Stage, acts, next};
pub use stretch::school_days;
pub use task::{
    Alarm, Minded, acts_on, consents_to_ask, due_state, hand_over_by, hands_over, hears_alarms, is_hand_over,
    is_pressing, still_waits,
};
pub use track_course::TrackCourse;
pub use transition::{Transition, transition};

#[cfg(test)]
mod norm_tests;
