//! Ties of schools to teams: whom a school calls.

use chrono::NaiveDate;
use schakel_client::v1 as pb;

use crate::{
    entry::{entry, fields},
    session::{Outcome, Session, call, request_id},
    value::{Choice, Reference},
};

fields! {
    Fields for pb::SchoolTeamLink {
        /// The school
        school: Reference,
        /// The team
        team: Reference,
        /// For example SMW
        role: Choice<pb::Role>,
        /// The link person
        person: Reference,
        /// Who stands in
        deputy: Reference,
        /// First day [default: today]
        valid_from: NaiveDate,
        /// Last day, inclusive
        valid_until: NaiveDate,
    }
}

fields! {
    Filter for pb::ListSchoolTeamLinksRequest {
        /// Only of this school
        school: Reference,
        /// Only of this team
        team: Reference,
    }
}

entry! {
    SchoolTeamLink in directory {
        message: SchoolTeamLink school_team_link, fields: Fields, filter: Filter,
        get: get_school_team_link GetSchoolTeamLinkRequest,
        list: list_school_team_links ListSchoolTeamLinksRequest school_team_links,
        create: create_school_team_link CreateSchoolTeamLinkRequest,
        update: update_school_team_link UpdateSchoolTeamLinkRequest,
        end: end_school_team_link EndSchoolTeamLinkRequest,
        columns: ["role", "school", "team", "person", "deputy", "valid_until", "name"],
        examples: [
            "link list --school @school",
            "link get schoolTeamLinks/0198…",
            "link create --school @school --team @team --role SMW --person @smw",
            "link update schoolTeamLinks/0198… --deputy @coordinator",
            "link end schoolTeamLinks/0198… --valid-until 2027-07-31",
        ],
    }
}
