//! What a samenwerkingsverband measures itself by.

use clap::{Args, Subcommand};
use schakel_client::v1 as pb;

use crate::{
    monitor::Scope,
    render::Answer,
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// Those of a school year, with what they come to and whether that is as it should be
    #[command(
        after_help = "Example: schakelctl --as thuiszitterscoordinator indicator list --school-year 2026-2027"
    )]
    List {
        /// For example 2026-2027 [default: that of today]
        #[arg(long)]
        school_year: Option<String>,
        #[command(flatten)]
        scope: Scope,
    },
    /// Make one: of figures of a report, or to be typed in
    #[command(
        after_help = "Example: schakelctl --as beheerder indicator create --name-nl 'Kort verzuim' --unit PERCENT --report jaarverslag --numerator LRV_UP_TO_3_MONTHS --denominator LRV --target-tenths 800 --direction AT_LEAST --first-school-year 2026-2027"
    )]
    Create {
        #[command(flatten)]
        aim: Aim,
        /// CHILDREN, NUMBER, PERCENT, DAYS, HOURS or EURO
        #[arg(long)]
        unit: Choice<pb::indicator::Unit>,
        /// The first school year in which it holds
        #[arg(long)]
        first_school_year: String,
        /// The report of its figures [default: it is typed in]
        #[arg(long, requires = "numerator")]
        report: Option<Choice<pb::ReportKind>>,
        /// What is counted, as the report names it
        #[arg(long, requires = "report")]
        numerator: Option<String>,
        /// Of how many
        #[arg(long, requires = "numerator")]
        denominator: Option<String>,
    },
    /// Change what it is called, its target or its last school year; all of them are taken
    #[command(
        after_help = "Example: schakelctl --as beheerder indicator update indicators/0198… --name-nl 'Kort verzuim' --target-tenths 850 --direction AT_LEAST --etag 1"
    )]
    Update {
        /// `indicators/…`
        name: Reference,
        #[command(flatten)]
        aim: Aim,
        /// As `indicator list` tells it
        #[arg(long)]
        etag: String,
    },
    /// Type in what it came to in a school year
    #[command(
        after_help = "Example: schakelctl --as beheerder indicator set indicators/0198… 115 --school-year 2026-2027 --etag 0"
    )]
    Set {
        /// `indicators/…`
        name: Reference,
        /// Tenths of its unit
        value_tenths: i32,
        /// For example 2026-2027
        #[arg(long)]
        school_year: String,
        /// As `indicator list` tells it; 0 where nothing was typed in yet
        #[arg(long)]
        etag: String,
    },
}

/// What of it can change.
#[derive(Args)]
pub(crate) struct Aim {
    /// What it is called in Dutch
    #[arg(long)]
    name_nl: String,
    /// What it is called in English
    #[arg(long)]
    name_en: Option<String>,
    /// Tenths of its unit
    #[arg(long)]
    target_tenths: i32,
    /// Which way is good: at-least or at-most
    #[arg(long)]
    direction: Choice<pb::indicator::Direction>,
    /// The last school year in which it holds
    #[arg(long)]
    last_school_year: Option<String>,
}

impl Aim {
    fn wire(self) -> pb::Indicator {
        pb::Indicator {
            name_nl: self.name_nl,
            name_en: self.name_en.unwrap_or_default(),
            target_tenths: self.target_tenths,
            direction: self.direction.0.into(),
            last_school_year: self.last_school_year.unwrap_or_default(),
            ..Default::default()
        }
    }
}

impl Verb {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let request_id = request_id();
        match self {
            Self::List { school_year, scope } => {
                let school_year = school_year.unwrap_or_default();
                let scope = scope.wire(session)?;
                let filter =
                    pb::ListIndicatorsRequest { school_year, scope, page_size: 200, ..Default::default() };
                let mut all = call!(session, indicator.list_indicators(filter.clone()))?;
                while !all.next_page_token.is_empty() {
                    let page_token = std::mem::take(&mut all.next_page_token);
                    let asked = pb::ListIndicatorsRequest { page_token, ..filter.clone() };
                    let more = call!(session, indicator.list_indicators(asked))?;
                    all.readings.extend(more.readings);
                    all.next_page_token = more.next_page_token;
                }
                Ok(Answer::of(&all))
            }
            Self::Create { aim, unit, first_school_year, report, numerator, denominator } => {
                let formula = report.map(|report| pb::indicator::Formula {
                    report: report.0.into(),
                    numerator: numerator.unwrap_or_default(),
                    denominator: denominator.unwrap_or_default(),
                });
                let unit = unit.0.into();
                let indicator = pb::Indicator { unit, formula, first_school_year, ..aim.wire() };
                let making = pb::CreateIndicatorRequest { indicator: Some(indicator), request_id };
                Ok(Answer::of(&call!(session, indicator.create_indicator(making))?))
            }
            Self::Update { name, aim, etag } => {
                let indicator = pb::Indicator { name: session.resolve(&name)?, etag, ..aim.wire() };
                let change = pb::UpdateIndicatorRequest { indicator: Some(indicator), request_id };
                Ok(Answer::of(&call!(session, indicator.update_indicator(change))?))
            }
            Self::Set { name, value_tenths, school_year, etag } => {
                let indicator = session.resolve(&name)?;
                let value = pb::IndicatorValue { indicator, school_year, value_tenths, etag };
                let typing = pb::SetIndicatorValueRequest { indicator_value: Some(value), request_id };
                Ok(Answer::of(&call!(session, indicator.set_indicator_value(typing))?))
            }
        }
    }
}
