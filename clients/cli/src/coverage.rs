//! Where nobody would answer: schools without a link, links whose people are away.

use schakel_client::v1 as pb;

use crate::{
    entry::every_page,
    render::Answer,
    session::{Outcome, Session, call},
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// At most this many
    #[arg(long, default_value_t = 1000)]
    limit: usize,
}

impl Arguments {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        let gaps = every_page(self.limit, async |page_token| {
            let asked = pb::ListCoverageGapsRequest { page_size: 200, page_token };
            let answer = call!(session, directory.list_coverage_gaps(asked))?;
            Ok((answer.gaps, answer.next_page_token))
        });
        let gaps = gaps.await?;
        Ok(Answer::of(&pb::ListCoverageGapsResponse { gaps, next_page_token: String::new() }))
    }
}
