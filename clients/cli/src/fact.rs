//! The log of a case: what is told, corrected and read as it stood.

use std::str::FromStr;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_client::v1::{self as pb, fact};

use crate::{
    entry::every_page,
    failure::Failure,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    time::{Moment, validity},
    value::{Choice, Enumerated, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Tell facts, all or none
    #[command(
        after_help = "Example: schakelctl fact record @case --moment OFFER_MADE=2026-11-20 --missed 2026-11-16=300:ZIEK --kind LUXE=2026-11-16"
    )]
    Record {
        /// `cases/…`
        case: Reference,
        #[command(flatten)]
        told: Told,
        /// The code of a gemeente is right, though it is not one of the region
        #[arg(long)]
        confirm_outside_region: bool,
    },
    /// Put an entry right by a later one, or take it back
    #[command(
        after_help = "Example: schakelctl fact correct facts/0190b2a0-7c3e-7000-8000-000000000001 --moment OFFER_MADE=2026-11-19"
    )]
    Correct {
        /// `facts/…`
        name: Reference,
        /// Nothing is so in its place
        #[arg(long, conflicts_with = "Told")]
        withdraw: bool,
        #[command(flatten)]
        told: Told,
        /// The code of a gemeente is right, though it is not one of the region
        #[arg(long)]
        confirm_outside_region: bool,
    },
    /// What stands in the log, oldest first
    #[command(after_help = "Example: schakelctl fact list @case --as-of 2026-11-24T10:00 --show-corrected")]
    List {
        /// `cases/…`
        case: Reference,
        /// As it was told by then [default: now]
        #[arg(long, value_name = "TIME")]
        as_of: Option<Moment>,
        /// Also what no longer stands
        #[arg(long)]
        show_corrected: bool,
        /// At most this many
        #[arg(long, default_value_t = 200)]
        limit: usize,
    },
}

/// What is told.
#[derive(Args)]
pub(crate) struct Told {
    /// Something that happened or is planned
    #[arg(long, value_name = "MOMENT=DATE")]
    moment: Vec<On<pb::Moment>>,
    /// Of the moment `EXTRA_SUPPORT_DECIDED`: why the child needs more than the basisondersteuning
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Why the child is not at school, from a day on
    #[arg(long, value_name = "KIND=DATE")]
    kind: Vec<On<pb::case::absence::Kind>>,
    /// Whether it has a school, from a day on
    #[arg(long, value_name = "ENROLMENT=DATE")]
    enrolment: Vec<On<pb::Enrolment>>,
    /// Where it lives, from a day on
    #[arg(long, value_name = "GM…=DATE")]
    residence: Vec<Dated>,
    /// The first school year attended in full, for example 2023-2024
    #[arg(long, value_name = "YEAR")]
    first_full_school_year: Option<String>,
    /// The day of the startkwalificatie
    #[arg(long, value_name = "DATE")]
    qualified: Option<NaiveDate>,
    /// All minutes missed on a day on one ground; with a last day on each day with school up to that
    #[arg(long, value_name = "DATE[:UNTIL]=MINUTES:GROUND")]
    missed: Vec<Missed>,
    /// An exemption or substitute programme that holds
    #[arg(long, value_name = "GROUND=FROM[:UNTIL]")]
    exemption: Vec<During<pb::ExemptionGround>>,
    /// Something else that holds
    #[arg(long, value_name = "CIRCUMSTANCE=FROM[:UNTIL]")]
    circumstance: Vec<During<pb::Circumstance>>,
    /// A term that stands still
    #[arg(long, value_name = "NORM=FROM[:UNTIL]")]
    suspension: Vec<Still>,
}

/// A choice and its day.
#[derive(Debug, Clone, Copy)]
struct On<E>(E, NaiveDate);

/// A text and its day.
#[derive(Debug, Clone)]
struct Dated(String, NaiveDate);

/// A choice with a first day, and a last one if there is one.
#[derive(Debug, Clone, Copy)]
struct During<E>(E, NaiveDate, Option<NaiveDate>);

#[derive(Debug, Clone)]
struct Still(String, NaiveDate, Option<NaiveDate>);

#[derive(Debug, Clone, Copy)]
struct Missed(NaiveDate, Option<NaiveDate>, i32, pb::AbsenceGround);

fn halves(text: &str) -> Result<(&str, &str), String> {
    text.split_once('=').ok_or_else(|| "write it as WHAT=2026-11-20".to_owned())
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "write days as 2026-11-20".to_owned())
}

fn days(text: &str) -> Result<(NaiveDate, Option<NaiveDate>), String> {
    let (from, until) = validity(text)?;
    Ok((from.ok_or("write the first day as 2026-11-20")?, until))
}

impl<E: Enumerated> FromStr for On<E> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, on) = halves(text)?;
        Ok(Self(what.parse::<Choice<E>>()?.0, day(on)?))
    }
}

impl FromStr for Dated {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, on) = halves(text)?;
        Ok(Self(what.to_owned(), day(on)?))
    }
}

impl<E: Enumerated> FromStr for During<E> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, on) = halves(text)?;
        let (from, until) = days(on)?;
        Ok(Self(what.parse::<Choice<E>>()?.0, from, until))
    }
}

impl FromStr for Still {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (norm, on) = halves(text)?;
        let (from, until) = days(on)?;
        Ok(Self(norm.to_owned(), from, until))
    }
}

impl FromStr for Missed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (on, what) = halves(text)?;
        let (from, last) = days(on)?;
        let wrong = || "write it as 2026-11-16=300:ZIEK or 2026-11-16:2026-11-20=300:ZIEK".to_owned();
        let (minutes, ground) = what.split_once(':').ok_or_else(wrong)?;
        let minutes = minutes.parse().map_err(|_| wrong())?;
        Ok(Self(from, last, minutes, ground.parse::<Choice<pb::AbsenceGround>>()?.0))
    }
}

fn until(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

impl Told {
    fn facts(self) -> Vec<pb::Fact> {
        use fact::Said;
        let mut said: Vec<Said> = Vec::new();
        said.extend(self.kind.into_iter().map(|On(kind, from)| {
            Said::Absence(fact::Absence { kind: kind.into(), from_date: from.to_string() })
        }));
        said.extend(self.enrolment.into_iter().map(|On(enrolment, from)| {
            Said::Enrolled(fact::Enrolled { enrolment: enrolment.into(), from_date: from.to_string() })
        }));
        said.extend(self.residence.into_iter().map(|Dated(gemeente_code, from)| {
            Said::Residence(fact::Residence { gemeente_code, from_date: from.to_string() })
        }));
        said.extend(self.first_full_school_year.map(Said::FirstFullSchoolYear));
        said.extend(self.qualified.map(|on| Said::QualifiedDate(on.to_string())));
        said.extend(self.moment.into_iter().map(|On(moment, on)| {
            Said::Happened(fact::Dated { moment: moment.into(), date: on.to_string() })
        }));
        said.extend(self.missed.into_iter().map(|Missed(date, last, minutes, ground)| {
            Said::Missed(fact::Missed {
                date: date.to_string(),
                minutes,
                ground: ground.into(),
                until_date: until(last),
            })
        }));
        said.extend(self.exemption.into_iter().map(|During(ground, from, last)| {
            Said::Exemption(fact::Exemption {
                ground: ground.into(),
                from_date: from.to_string(),
                until_date: until(last),
            })
        }));
        said.extend(self.circumstance.into_iter().map(|During(circumstance, from, last)| {
            Said::Holding(fact::Holding {
                circumstance: circumstance.into(),
                from_date: from.to_string(),
                until_date: until(last),
            })
        }));
        said.extend(self.suspension.into_iter().map(|Still(norm, from, last)| {
            Said::Suspension(fact::Suspension { norm, from_date: from.to_string(), until_date: until(last) })
        }));
        let reason = self.reason.unwrap_or_default();
        let fact = |said: Said| {
            let decided = if let Said::Happened(dated) = &said {
                matches!(dated.moment(), pb::Moment::ExtraSupportDecided)
            } else {
                false
            };
            let reason = if decided { reason.clone() } else { String::new() };
            pb::Fact { reason, said: Some(said), ..Default::default() }
        };
        said.into_iter().map(fact).collect()
    }
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Record { case, told, confirm_outside_region } => {
                let asked = pb::RecordFactsRequest {
                    case: session.resolve(&case)?,
                    facts: told.facts(),
                    confirm_outside_region,
                    request_id: request_id(),
                };
                Ok(Answer::of(&call!(session, fact.record_facts(asked))?))
            }
            Self::Correct { name, withdraw, told, confirm_outside_region } => {
                let mut facts = told.facts();
                if facts.len() != usize::from(!withdraw) {
                    return Err(Failure::Usage(
                        "give the one fact that is so instead, or --withdraw".to_owned(),
                    ));
                }
                let asked = pb::CorrectFactRequest {
                    name: session.resolve(&name)?,
                    fact: facts.pop(),
                    confirm_outside_region,
                    request_id: request_id(),
                };
                Ok(Answer::of(&call!(session, fact.correct_fact(asked))?))
            }
            Self::List { case, as_of, show_corrected, limit } => {
                let filter = pb::ListFactsRequest {
                    case: session.resolve(&case)?,
                    as_of_time: as_of.map(Moment::wire),
                    show_corrected,
                    page_size: 200,
                    page_token: String::new(),
                };
                let found = every_page(limit, async |page_token| {
                    let asked = pb::ListFactsRequest { page_token, ..filter.clone() };
                    let answer = call!(session, fact.list_facts(asked))?;
                    Ok((answer.facts, answer.next_page_token))
                });
                let columns = ["tell_time", "role", "text", "reason", "corrects", "corrected_by", "name"];
                Ok(Answer::list(&found.await?, &columns))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_typed_with_their_days() {
        let On(moment, on) = "offer-made=2026-11-20".parse::<On<pb::Moment>>().unwrap();
        assert_eq!((moment, on.to_string().as_str()), (pb::Moment::OfferMade, "2026-11-20"));
        let Missed(_, last, minutes, ground) = "2026-11-16=300:ziek".parse().unwrap();
        assert_eq!((last, minutes, ground), (None, 300, pb::AbsenceGround::Ziek));
        let Missed(_, last, ..) = "2026-11-16:2026-11-20=300:ziek".parse().unwrap();
        assert_eq!(until(last), "2026-11-20");
        let During(ground, _, last) =
            "5_ONDER_A=2026-11-16:2027-07-31".parse::<During<pb::ExemptionGround>>().unwrap();
        assert_eq!(ground, pb::ExemptionGround::ExemptionGround5OnderA);
        assert_eq!(until(last), "2027-07-31");
        assert!("2026-11-16=300".parse::<Missed>().is_err());
        assert!("T15=:2027-07-31".parse::<Still>().is_err());
        assert!("SOON=2026-11-20".parse::<On<pb::Moment>>().is_err());
    }
}
