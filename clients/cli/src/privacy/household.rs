//! On which legal basis the region asks who works with a household.

use chrono::NaiveDate;
use clap::Subcommand;
use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Outcome, Session, call, request_id},
};

#[derive(Subcommand)]
pub(crate) enum Verb {
    /// The legal basis on which `case household` may be asked, and whether it holds today
    #[command(after_help = "Example: schakelctl privacy household-basis")]
    HouseholdBasis,
    /// Set another legal basis; one that ended yesterday turns it off
    #[command(
        after_help = "Example: schakelctl --as fg privacy set-household-basis --legal-basis 'Jeugdwet 7.1.2.1' --from 2026-11-23 --until 2027-07-31"
    )]
    SetHouseholdBasis {
        /// The law article or agreement
        #[arg(long)]
        legal_basis: String,
        /// The first day
        #[arg(long, value_name = "DATE")]
        from: NaiveDate,
        /// The last day
        #[arg(long, value_name = "DATE")]
        until: NaiveDate,
    },
}

impl Verb {
    pub(super) async fn run(self, session: &Session) -> Outcome<Answer> {
        let known = call!(session, household.get_household_basis(pb::GetHouseholdBasisRequest {}))?;
        let basis = match self {
            Self::HouseholdBasis => known,
            Self::SetHouseholdBasis { legal_basis, from, until } => {
                let (valid_from, valid_until) = (from.to_string(), until.to_string());
                let basis = pb::HouseholdBasis { legal_basis, valid_from, valid_until, ..known };
                let asked =
                    pb::SetHouseholdBasisRequest { household_basis: Some(basis), request_id: request_id() };
                call!(session, household.set_household_basis(asked))?
            }
        };
        Ok(Answer::of(&basis))
    }
}
