//! Youth-help teams and what they work for.

use std::str::FromStr;

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Names, Outcome, Session, call, request_id},
    time::validity,
    value::{Choice, Value},
};

fields! {
    Fields for pb::Team {
        /// The region's own code
        code: String,
        /// WIJKTEAM, GEBIEDSTEAM, JGT or JOT
        kind: Choice<pb::team::Kind>,
        /// The local name
        display_name: String,
        /// For example GM9901
        gemeente_code: String,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
    many {
        /// What it works for, as KIND:CODE[=FROM[:UNTIL]] (kinds WIJK, POSTCODE, GEMEENTE, SCHOOL); all are given anew
        work_areas as "work-area": WorkArea,
    }
}

fields! {
    Filter for pb::ListTeamsRequest {
        /// Only of this gemeente
        gemeente_code: String,
    }
}

entry! {
    Team in directory {
        message: Team team, fields: Fields, filter: Filter,
        get: get_team GetTeamRequest,
        list: list_teams ListTeamsRequest teams,
        create: create_team CreateTeamRequest,
        update: update_team UpdateTeamRequest,
        end: end_team EndTeamRequest,
        columns: ["code", "kind", "display_name", "gemeente_code", "valid_until", "name"],
        examples: [
            "team list --gemeente-code GM9901",
            "team get @team",
            "team create --code JGT9 --kind JGT --display-name 'JGT West' --gemeente-code GM9901 --work-area WIJK:WK990101",
            "team update @team --display-name 'JGT West en Zuid'",
            "team end @team --valid-until 2027-07-31",
        ],
    }
}

/// What a team works for, for a time.
#[derive(Clone)]
pub(crate) struct WorkArea(pb::team::WorkArea);

impl FromStr for WorkArea {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, days) = text.split_once('=').unwrap_or((text, ""));
        let (kind, code) = what.split_once(':').ok_or("write it as WIJK:WK990101")?;
        let kind: Choice<pb::team::work_area::Kind> = kind.parse()?;
        let (from, until) = validity(days)?;
        Ok(Self(pb::team::WorkArea {
            kind: kind.0.into(),
            code: code.to_owned(),
            valid_from: from.map(|day: NaiveDate| day.to_string()).unwrap_or_default(),
            valid_until: until.map(|day| day.to_string()).unwrap_or_default(),
        }))
    }
}

impl Value for WorkArea {
    type Wire = pb::team::WorkArea;

    fn wire(self, _: &Names) -> Outcome<Self::Wire> {
        Ok(self.0)
    }
}
