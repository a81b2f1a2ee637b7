//! Who the caller is.

use schakel_client::v1 as pb;

use crate::{
    render::Answer,
    session::{Outcome, Session, call},
};

pub(crate) async fn run(session: &Session) -> Outcome<Answer> {
    Ok(Answer::of(&me(session).await?))
}

pub(crate) async fn me(session: &Session) -> Outcome<pb::WhoAmIResponse> {
    call!(session, access.who_am_i(pb::WhoAmIRequest {}))
}

/// The role in which the caller comes to a table: that of the organisation it acts for.
pub(crate) fn role(me: &pb::WhoAmIResponse) -> i32 {
    me.memberships
        .iter()
        .find(|membership| membership.organisation == me.acting_for)
        .map_or(0, |membership| membership.role)
}
