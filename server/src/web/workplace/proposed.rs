//! The proposals of times that the visitor made and that still take answers, with how far their mails came.

use pb::{
    time_poll::{State, Voter},
    time_poll_service_client::TimePollServiceClient,
};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    shown,
    trouble::{Trouble, if_allowed},
    visit::Visit,
};

/// As many as an answer holds at most: nobody has more of them open.
const PAGE: i32 = 200;

/// The newest first; none for whoever sees no meetings.
pub(super) async fn open(visit: &Visit) -> Result<Vec<pb::TimePoll>, Trouble> {
    let ask = pb::ListTimePollsRequest { page_size: PAGE, ..Default::default() };
    let answer = TimePollServiceClient::new(visit.calls()).list_time_polls(ask).await;
    let mut polls = if_allowed(answer)?.unwrap_or_default().time_polls;
    polls.retain(|one| matches!(one.state(), State::Open));
    Ok(polls)
}

/// How somebody who is asked is called: whose name may not be seen, by the role.
pub(super) fn called(one: &Voter, language: Language) -> String {
    if one.display_name.is_empty() { shown::role(one.role(), language) } else { one.display_name.clone() }
}

/// Whether somebody is to be called: no mail reaches them, and nobody wrote down yet what they said.
pub(super) fn is_to_be_called(one: &Voter) -> bool {
    one.answer_time.is_none() && shown::is_unreached(one.delivery())
}
