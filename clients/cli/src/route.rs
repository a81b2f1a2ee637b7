//! Who belongs to a school, and which rule said so.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Outcome, Session, call},
    value::Reference,
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The school
    #[arg(long)]
    school: Reference,
    /// The gemeente in which the child lives [default: the school's]
    #[arg(long, value_name = "GM…")]
    residence: Option<String>,
    /// The postcode where the child lives, for a gemeente that is split
    #[arg(long, value_name = "1234AB")]
    postcode: Option<String>,
    /// The day asked about [default: today]
    #[arg(long, value_name = "DATE")]
    valid_on: Option<NaiveDate>,
}

impl Arguments {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let asked = pb::RouteSchoolRequest {
            school: session.resolve(&self.school)?,
            residence_postcode: self.postcode.unwrap_or_default(),
            residence_gemeente_code: self.residence.unwrap_or_default(),
            valid_on: self.valid_on.map(|day| day.to_string()).unwrap_or_default(),
        };
        Ok(Answer::of(&call!(session, directory.route_school(asked))?))
    }
}
