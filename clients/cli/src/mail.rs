//! When and how often people are mailed: what the region chose, and what one wishes oneself.

use std::str::FromStr;

use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::Choice,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// What the region chose
    #[command(after_help = "Example: schakelctl mail profile")]
    Profile,
    /// Choose it for the region; what is not named stays
    #[command(
        after_help = "Example: schakelctl --as beheerder mail choose --quiet-from 20:00 --quiet-until 07:00 --reminder OUDER=24,2:30"
    )]
    Choose(Chosen),
    /// One's own wishes
    #[command(after_help = "Example: schakelctl --as smw mail wishes")]
    Wishes,
    /// Wish it; what is not named stays
    #[command(after_help = "Example: schakelctl --as smw mail wish --digest-time 16:00")]
    Wish(Wished),
}

#[derive(Args)]
pub(crate) struct Chosen {
    /// From when on it is quiet; empty for no quiet hours
    #[arg(long, value_name = "HH:MM")]
    quiet_from: Option<String>,
    /// Until when, on that day or the next
    #[arg(long, value_name = "HH:MM")]
    quiet_until: Option<String>,
    /// Whether Saturdays and Sundays are quiet too
    #[arg(long, value_name = "true|false")]
    quiet_weekends: Option<bool>,
    /// How one who comes as that is reminded, in place of all that was chosen: hours before, and minutes of an alarm
    #[arg(long, value_name = "ROLE=HOURS[:MINUTES]")]
    reminder: Vec<Reminder>,
    /// So many mails to one person in an hour
    #[arg(long)]
    most_per_hour: Option<i32>,
    /// So many in a day
    #[arg(long)]
    most_per_day: Option<i32>,
    /// Domains whose calendars need STATUS in a withdrawal, in place of all that were chosen
    #[arg(long, value_name = "DOMAIN")]
    status_in_withdrawal: Vec<String>,
    /// Who has something to do is told so many days before, in place of all that were chosen; 0 for never
    #[arg(long, value_name = "DAYS", value_delimiter = ',')]
    task_reminder_days: Vec<i32>,
    /// At which time of those days
    #[arg(long, value_name = "HH:MM")]
    task_reminder_time: Option<String>,
}

#[derive(Args)]
pub(crate) struct Wished {
    /// All news in one mail a day, then; empty for each as it happens
    #[arg(long, value_name = "HH:MM")]
    digest_time: Option<String>,
    /// A reminder so many hours before, in place of those wished before
    #[arg(long, value_name = "HOURS")]
    reminder_hours: Vec<i32>,
    /// Whether there are no reminders and no alarms
    #[arg(long, value_name = "true|false")]
    no_reminders: Option<bool>,
    /// An alarm so many minutes before; 0 as for the function
    #[arg(long, value_name = "MINUTES")]
    alarm_minutes: Option<i32>,
    /// Which language stands first: nl or en
    #[arg(long)]
    language: Option<String>,
    /// Whether there is no mail about what there is to do
    #[arg(long, value_name = "true|false")]
    no_task_reminders: Option<bool>,
}

/// How somebody is reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Reminder {
    role: Choice<pb::Role>,
    hours: Vec<i32>,
    alarm: i32,
}

impl FromStr for Reminder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || "write it as ROLE=24,2 or ROLE=24:30".to_owned();
        let (role, when) = text.split_once('=').ok_or_else(wrong)?;
        let (hours, alarm) = when.split_once(':').unwrap_or((when, "0"));
        let number = |text: &str| text.parse::<i32>().map_err(|_| wrong());
        let hours = hours.split(',').filter(|text| !text.is_empty()).map(number);
        Ok(Self { role: role.parse()?, hours: hours.collect::<Result<_, _>>()?, alarm: number(alarm)? })
    }
}

impl Reminder {
    fn wire(self) -> pb::mail_profile::Reminder {
        pb::mail_profile::Reminder {
            role: self.role.0.into(),
            mail_hours: self.hours,
            alarm_minutes: self.alarm,
        }
    }
}

/// Puts what was given in the place of what is.
fn put<T>(field: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *field = given;
    }
}

/// The same of a list, of which none is what was not given.
fn put_all<T>(field: &mut Vec<T>, given: Vec<T>) {
    put(field, Some(given).filter(|given| !given.is_empty()));
}

async fn profile(session: &Session) -> Outcome<pb::MailProfile> {
    call!(session, mail_profile.get_mail_profile(pb::GetMailProfileRequest {}))
}

async fn wishes(session: &Session) -> Outcome<pb::MailWishes> {
    call!(session, mail_profile.get_mail_wishes(pb::GetMailWishesRequest {}))
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Profile => Ok(Answer::of(&profile(session).await?)),
            Self::Wishes => Ok(Answer::of(&wishes(session).await?)),
            Self::Choose(given) => {
                let mut now = profile(session).await?;
                put(&mut now.quiet_from, given.quiet_from);
                put(&mut now.quiet_until, given.quiet_until);
                put(&mut now.quiet_weekends, given.quiet_weekends);
                put_all(&mut now.reminders, given.reminder.into_iter().map(Reminder::wire).collect());
                put(&mut now.most_per_hour, given.most_per_hour);
                put(&mut now.most_per_day, given.most_per_day);
                put_all(&mut now.status_in_withdrawal, given.status_in_withdrawal);
                put_all(&mut now.task_reminder_days, given.task_reminder_days);
                now.task_reminder_days.retain(|days| *days != 0);
                put(&mut now.task_reminder_time, given.task_reminder_time);
                let asked = pb::SetMailProfileRequest { mail_profile: Some(now), request_id: request_id() };
                Ok(Answer::of(&call!(session, mail_profile.set_mail_profile(asked))?))
            }
            Self::Wish(given) => {
                let mut now = wishes(session).await?;
                put(&mut now.digest_time, given.digest_time);
                put_all(&mut now.reminder_hours, given.reminder_hours);
                put(&mut now.no_reminders, given.no_reminders);
                put(&mut now.alarm_minutes, given.alarm_minutes);
                put(&mut now.language, given.language);
                put(&mut now.no_task_reminders, given.no_task_reminders);
                let asked = pb::SetMailWishesRequest { mail_wishes: Some(now), request_id: request_id() };
                Ok(Answer::of(&call!(session, mail_profile.set_mail_wishes(asked))?))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_is_typed_with_its_hours_and_its_alarm() {
        let both: Reminder = "ouder=24,2:30".parse().unwrap();
        assert_eq!((both.role.0, both.hours, both.alarm), (pb::Role::Ouder, vec![24, 2], 30));
        let alarm: Reminder = "SMW=:15".parse().unwrap();
        assert_eq!((alarm.hours, alarm.alarm), (Vec::new(), 15));
        assert!("SMW".parse::<Reminder>().is_err() && "SMW=soon".parse::<Reminder>().is_err());
    }

    #[test]
    fn what_is_not_given_stays() {
        let (mut text, mut list) = ("07:00".to_owned(), vec![1]);
        put(&mut text, None);
        put_all(&mut list, Vec::new());
        assert_eq!((text.as_str(), list.as_slice()), ("07:00", &[1][..]));
        put(&mut text, Some(String::new()));
        assert_eq!(text, "");
    }
}
