//! How a region tells people by mail, and what somebody who works there wishes.

use chrono::NaiveTime;

use super::{
    ahead::{MAX_DAYS, MOST_MOMENTS},
    reminders::{MAX_ALARM, MAX_HOURS, MOST_REMINDERS, Remind},
    timing::{Limits, Quiet, Wanted},
};
use crate::{
    access::Role,
    refusal::{Refusal, Violation},
    time::DayTime,
};

/// The most mails in an hour, and in a day, that a region can allow to one person.
pub const MOST: u16 = 10_000;
/// The most domains that are named.
pub const MOST_DOMAINS: usize = 100;

/// What a region chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// When only what cannot wait is mailed.
    pub quiet: Quiet,
    /// How many mails one person gets.
    pub limits: Limits,
    /// How who comes as what is reminded; no role twice.
    pub reminders: Vec<(Role, Remind)>,
    /// Domains whose calendars take no withdrawal without `STATUS:CANCELLED`, though RFC 5546 §3.2.5
    /// forbids it there.
    pub status_in_withdrawal: Vec<String>,
    /// What somebody has to do is told so many days before it is due.
    pub task_days: Vec<u16>,
    /// At which time of those days.
    pub task_time: DayTime,
}

impl Default for Profile {
    /// No quiet hours and no reminders of meetings until the region sets some; twenty mails in an hour and
    /// sixty in a day; of what is to be done a week and a day before, at eight in the morning.
    fn default() -> Self {
        Self {
            quiet: Quiet { from: DayTime::START, until: DayTime::START, weekends: false },
            limits: Limits { per_hour: 20, per_day: 60 },
            reminders: Vec::new(),
            status_in_withdrawal: Vec::new(),
            task_days: vec![7, 1],
            task_time: DayTime::from(NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default()),
        }
    }
}

/// What somebody wishes for their own mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailWishes {
    /// At which time of the day all news comes together.
    pub digest: Option<DayTime>,
    /// How they are reminded, in place of what goes for their function.
    pub hours: Option<Vec<u16>>,
    /// The same of the alarm.
    pub alarm: Option<u16>,
    /// BCP 47: which language stands first; empty means Dutch.
    pub language: String,
    /// They are not told what they have to do: they look at the list themselves.
    pub no_tasks: bool,
}

impl Profile {
    /// Everything wrong with it.
    #[must_use]
    pub fn faults(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        for (field, most) in [("most_per_hour", self.limits.per_hour), ("most_per_day", self.limits.per_day)]
        {
            if !(1..=MOST).contains(&most) {
                found.push(Violation::new(field, Refusal::FieldInvalid));
            }
        }
        for (at, (role, remind)) in self.reminders.iter().enumerate() {
            if self.reminders[..at].iter().any(|(other, _)| other == role) {
                found.push(Violation::new(format!("reminders[{at}].role"), Refusal::FieldInvalid));
            }
            found.extend(hours(&format!("reminders[{at}].mail_hours"), &remind.hours));
            found.extend(alarm(&format!("reminders[{at}].alarm_minutes"), remind.alarm));
        }
        let is_domain = |domain: &String| format!("x@{domain}").parse::<crate::text::EmailAddress>().is_ok();
        if self.status_in_withdrawal.len() > MOST_DOMAINS || !self.status_in_withdrawal.iter().all(is_domain)
        {
            found.push(Violation::new("status_in_withdrawal", Refusal::FieldInvalid));
        }
        let fits = |days: &u16| (1..=MAX_DAYS).contains(days);
        if self.task_days.len() > MOST_MOMENTS || !self.task_days.iter().all(fits) {
            found.push(Violation::new("task_reminder_days", Refusal::FieldInvalid));
        }
        found
    }

    /// When somebody with these wishes is told.
    #[must_use]
    pub fn wanted(&self, wishes: Option<&MailWishes>) -> Wanted {
        Wanted { quiet: self.quiet, limits: self.limits, digest: wishes.and_then(|wishes| wishes.digest) }
    }

    /// How somebody with these wishes is reminded who comes as `role`.
    #[must_use]
    pub fn remind(&self, role: Role, wishes: Option<&MailWishes>) -> Remind {
        let usual = self.reminders.iter().find(|(own, _)| *own == role).map(|(_, remind)| remind);
        let usual = usual.cloned().unwrap_or_default();
        let Some(wishes) = wishes else { return usual };
        Remind {
            hours: wishes.hours.clone().unwrap_or(usual.hours),
            alarm: wishes.alarm.or(usual.alarm).filter(|minutes| *minutes > 0),
        }
    }

    /// How many days before it is due somebody with these wishes is told what they have to do.
    #[must_use]
    pub fn task_days(&self, wishes: Option<&MailWishes>) -> &[u16] {
        if wishes.is_some_and(|wishes| wishes.no_tasks) { &[] } else { &self.task_days }
    }

    /// Whether a withdrawal to `address` says `STATUS:CANCELLED`.
    #[must_use]
    pub fn says_status(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        self.status_in_withdrawal.iter().any(|own| own.eq_ignore_ascii_case(domain))
    }
}

impl MailWishes {
    /// Everything wrong with them.
    #[must_use]
    pub fn faults(&self) -> Vec<Violation> {
        let mut found = hours("reminder_hours", self.hours.as_deref().unwrap_or_default());
        found.extend(alarm("alarm_minutes", self.alarm));
        if !["", "nl", "en"].contains(&self.language.as_str()) {
            found.push(Violation::new("language", Refusal::FieldInvalid));
        }
        found
    }
}

fn hours(field: &str, hours: &[u16]) -> Vec<Violation> {
    let fits = hours.len() <= MOST_REMINDERS && hours.iter().all(|hours| (1..=MAX_HOURS).contains(hours));
    if fits { Vec::new() } else { vec![Violation::new(field, Refusal::FieldInvalid)] }
}

fn alarm(field: &str, minutes: Option<u16>) -> Option<Violation> {
    (minutes > Some(MAX_ALARM)).then(|| Violation::new(field, Refusal::FieldInvalid))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remind(hours: &[u16], alarm: Option<u16>) -> Remind {
        Remind { hours: hours.to_vec(), alarm }
    }

    #[test]
    fn a_wish_goes_before_the_function() {
        let profile = Profile {
            reminders: vec![(Role::Ouder, remind(&[48, 2], None)), (Role::Smw, remind(&[24], Some(30)))],
            ..Profile::default()
        };
        assert_eq!(profile.faults(), []);
        assert_eq!(profile.remind(Role::Iber, None), Remind::default());
        assert_eq!(profile.remind(Role::Smw, None), remind(&[24], Some(30)));
        let never = MailWishes { hours: Some(Vec::new()), alarm: Some(0), ..MailWishes::default() };
        assert_eq!(profile.remind(Role::Smw, Some(&never)), Remind::default());
        let other = MailWishes { hours: Some(vec![3]), ..MailWishes::default() };
        assert_eq!(profile.remind(Role::Smw, Some(&other)), remind(&[3], Some(30)));
    }

    #[test]
    fn what_no_region_can_choose_is_refused_field_by_field() {
        let wrong = Profile {
            limits: Limits { per_hour: 0, per_day: MOST + 1 },
            reminders: vec![
                (Role::Ouder, remind(&[0], None)),
                (Role::Ouder, remind(&[1; 4], Some(MAX_ALARM + 1))),
            ],
            status_in_withdrawal: vec!["no domain".into()],
            task_days: vec![7, 0],
            ..Profile::default()
        };
        let fields: Vec<String> = wrong.faults().into_iter().map(|fault| fault.field).collect();
        let expected = [
            "most_per_hour",
            "most_per_day",
            "reminders[0].mail_hours",
            "reminders[1].role",
            "reminders[1].mail_hours",
            "reminders[1].alarm_minutes",
            "status_in_withdrawal",
            "task_reminder_days",
        ];
        assert_eq!(fields, expected);
        let wishes = MailWishes { language: "fr".into(), hours: Some(vec![673]), ..MailWishes::default() };
        assert_eq!(wishes.faults().len(), 2);
    }

    #[test]
    fn who_wishes_it_is_not_told_what_there_is_to_do() {
        let profile = Profile::default();
        assert_eq!((profile.task_days(None), profile.task_time.to_string().as_str()), (&[7, 1][..], "08:00"));
        let never = MailWishes { no_tasks: true, ..MailWishes::default() };
        assert!(profile.task_days(Some(&never)).is_empty());
        assert_eq!(profile.task_days(Some(&MailWishes::default())), [7, 1]);
    }

    #[test]
    fn a_domain_is_known_whatever_its_case() {
        let profile = Profile { status_in_withdrawal: vec!["Exchange.example".into()], ..Profile::default() };
        assert!(profile.says_status("a@exchange.EXAMPLE") && !profile.says_status("a@sub.exchange.example"));
    }
}
