//! Profiles and wishes between the wire and the rules.

use schakel_domain::{
    access::Role,
    invitation::{
        profile::{MailWishes, Profile},
        reminders::Remind,
        timing::{Limits, Quiet},
    },
    refusal::{Refusal, Violation},
    time::DayTime,
};
use schakel_proto::v1::{self as pb, mail_profile::Reminder};

use super::store::Kept;
use crate::{
    access::rpc::role_to_wire,
    wire::{
        fields::{Fields, text},
        time::timestamp,
    },
};

/// The roles, each once, are fewer.
const MOST_REMINDERS: usize = 64;

/// A number of hours or minutes; one that is none is refused by the rules.
fn small(number: i32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn named(prefix: &str, faults: Vec<Violation>) -> Vec<Violation> {
    let named = faults.into_iter();
    named.map(|fault| Violation { field: format!("{prefix}.{}", fault.field), ..fault }).collect()
}

/// What the region chooses, and the version that it read.
pub(super) fn profile(fields: &mut Fields, wire: Option<&pb::MailProfile>) -> Option<(Profile, i32)> {
    let Some(wire) = wire else {
        fields.refuse("mail_profile", Refusal::FieldRequired);
        return None;
    };
    let from: Option<DayTime> = fields.parse_if("mail_profile.quiet_from", &wire.quiet_from);
    let until: Option<DayTime> = fields.parse_if("mail_profile.quiet_until", &wire.quiet_until);
    if wire.quiet_from.is_empty() != wire.quiet_until.is_empty() {
        fields.refuse("mail_profile.quiet_until", Refusal::FieldInvalid);
    }
    if wire.reminders.len() > MOST_REMINDERS {
        fields.refuse("mail_profile.reminders", Refusal::FieldInvalid);
        return None;
    }
    let task_time = fields.parse_if("mail_profile.task_reminder_time", &wire.task_reminder_time);
    let reminders: Vec<_> =
        wire.reminders.iter().enumerate().map(|(at, one)| reminder(fields, at, one)).collect();
    let etag = fields.etag("mail_profile.etag", &wire.etag);
    let quiet = Quiet {
        from: from.unwrap_or(DayTime::START),
        until: until.unwrap_or(DayTime::START),
        weekends: wire.quiet_weekends,
    };
    let profile = Profile {
        quiet,
        limits: Limits { per_hour: small(wire.most_per_hour), per_day: small(wire.most_per_day) },
        reminders: reminders.into_iter().collect::<Option<_>>()?,
        status_in_withdrawal: wire.status_in_withdrawal.clone(),
        task_days: wire.task_reminder_days.iter().copied().map(small).collect(),
        task_time: task_time.unwrap_or(Profile::default().task_time),
    };
    fields.add(named("mail_profile", profile.faults()));
    Some((profile, etag?))
}

fn reminder(fields: &mut Fields, at: usize, wire: &Reminder) -> Option<(Role, Remind)> {
    let role = fields.choice(format!("mail_profile.reminders[{at}].role"), wire.role, pb::Role::as_str_name);
    let hours = wire.mail_hours.iter().copied().map(small).collect();
    let alarm = Some(small(wire.alarm_minutes)).filter(|minutes| *minutes > 0);
    Some((role?, Remind { hours, alarm }))
}

/// What the caller wishes, and the version that they read.
pub(super) fn wishes(fields: &mut Fields, wire: Option<&pb::MailWishes>) -> Option<(MailWishes, i32)> {
    let Some(wire) = wire else {
        fields.refuse("mail_wishes", Refusal::FieldRequired);
        return None;
    };
    let digest = fields.parse_if("mail_wishes.digest_time", &wire.digest_time);
    let etag = fields.etag("mail_wishes.etag", &wire.etag);
    if wire.no_reminders && (!wire.reminder_hours.is_empty() || wire.alarm_minutes != 0) {
        fields.refuse("mail_wishes.no_reminders", Refusal::FieldInvalid);
    }
    let hours: Vec<u16> = wire.reminder_hours.iter().copied().map(small).collect();
    let (hours, alarm) = if wire.no_reminders {
        (Some(Vec::new()), Some(0))
    } else {
        let alarm = Some(small(wire.alarm_minutes)).filter(|minutes| *minutes > 0);
        (Some(hours).filter(|hours| !hours.is_empty()), alarm)
    };
    let (language, no_tasks) = (wire.language.clone(), wire.no_task_reminders);
    let wishes = MailWishes { digest, hours, alarm, language, no_tasks };
    fields.add(named("mail_wishes", wishes.faults()));
    Some((wishes, etag?))
}

pub(super) fn profile_to_wire(kept: &Kept<Profile>) -> pb::MailProfile {
    let Profile { quiet, limits, reminders, status_in_withdrawal, task_days, task_time } = &kept.value;
    let is_quiet = quiet.from != quiet.until;
    let reminder = |(role, remind): &(Role, Remind)| Reminder {
        role: role_to_wire(*role),
        mail_hours: remind.hours.iter().copied().map(Into::into).collect(),
        alarm_minutes: remind.alarm.unwrap_or_default().into(),
    };
    pb::MailProfile {
        quiet_from: text(is_quiet.then_some(quiet.from)),
        quiet_until: text(is_quiet.then_some(quiet.until)),
        quiet_weekends: quiet.weekends,
        reminders: reminders.iter().map(reminder).collect(),
        most_per_hour: limits.per_hour.into(),
        most_per_day: limits.per_day.into(),
        update_time: kept.since.map(timestamp),
        status_in_withdrawal: status_in_withdrawal.clone(),
        task_reminder_days: task_days.iter().copied().map(Into::into).collect(),
        task_reminder_time: task_time.to_string(),
        etag: kept.version.to_string(),
    }
}

pub(super) fn wishes_to_wire(kept: &Kept<MailWishes>) -> pb::MailWishes {
    let MailWishes { digest, hours, alarm, language, no_tasks } = &kept.value;
    pb::MailWishes {
        digest_time: text(*digest),
        reminder_hours: hours.iter().flatten().copied().map(Into::into).collect(),
        no_reminders: hours.as_ref().is_some_and(Vec::is_empty),
        alarm_minutes: alarm.unwrap_or_default().into(),
        language: language.clone(),
        update_time: kept.since.map(timestamp),
        no_task_reminders: *no_tasks,
        etag: kept.version.to_string(),
    }
}
