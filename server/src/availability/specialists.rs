//! Who takes a seat that asks for knowledge or a language, wherever they work.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{PersonId, SchoolId},
    refusal::Refusal,
};

use super::question::{Question, Who};
use crate::{
    directory::{expertise, interpreters},
    error::{Error, Result},
    store::Read,
};

/// Roles that are asked of the whole region, not of the school's own team.
fn of_region(role: Role) -> bool {
    matches!(role, Role::Tolk | Role::Steunpuntmedewerker)
}

/// Per seat that needs one: everybody who could take it; a statement for each such seat.
///
/// # Errors
/// A violation when an expertise is asked for without a school.
pub(super) async fn called(
    read: &Read,
    question: &Question,
    school: Option<SchoolId>,
    day: NaiveDate,
) -> Result<HashMap<usize, Vec<PersonId>>> {
    let mut called = HashMap::new();
    for (at, seat) in question.seats.iter().enumerate() {
        let people = match &seat.who {
            Who::Expertise(topic) => {
                let school = school.ok_or_else(|| Error::field("school", Refusal::FieldRequired))?;
                expertise::experts(read, topic, school, day).await?
            }
            Who::Interpreter(language) => {
                interpreters::who_comes(read, Role::Tolk, Some(language), day).await?
            }
            Who::Role(role) if of_region(*role) => interpreters::who_comes(read, *role, None, day).await?,
            Who::Role(_) | Who::Person(_) => continue,
        };
        called.insert(at, people);
    }
    Ok(called)
}
