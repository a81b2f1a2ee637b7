//! What organisations and people are called. The calls give their names by id only; a list of all is
//! read once for a page, however many rows it shows.

use std::collections::BTreeMap;

use minijinja::Value;
use pb::organisation::Kind;
use schakel_proto::v1 as pb;

use super::{id, option};
use crate::web::workplace::{trouble::Trouble, visit::Visit};

/// As many as an answer holds at most.
pub(in crate::web::workplace) const PAGE: i32 = 200;
/// Of a large region, as many answers are asked for at most.
pub(in crate::web::workplace) const PAGES: usize = 25;

/// All of a list of the register, or of the service whose client is given, page after page.
macro_rules! walk {
    ($visit:expr, $call:ident, $list:ident, $ask:expr) => {{
        use schakel_proto::v1::directory_service_client::DirectoryServiceClient;
        walk!(DirectoryServiceClient::new($visit.calls()) => $call, $list, $ask)
    }};
    ($client:expr => $call:ident, $list:ident, $ask:expr) => {{
        use $crate::web::workplace::region::names::{PAGE, PAGES};
        let mut client = $client;
        let mut all = Vec::new();
        let mut ask = $ask;
        for _ in 0..PAGES {
            ask.page_size = PAGE;
            let page = client.$call(ask.clone()).await?.into_inner();
            all.extend(page.$list);
            ask.page_token = page.next_page_token;
            if ask.page_token.is_empty() {
                break;
            }
        }
        all
    }};
}
pub(in crate::web::workplace) use walk;

/// Names by id. A school and a team have the id of their organisation.
pub(in crate::web::workplace) struct Names(BTreeMap<String, (Option<Kind>, String)>);

impl Names {
    /// Of all organisations: schools, teams, gemeenten, partners.
    pub(in crate::web::workplace) async fn organisations(visit: &Visit) -> Result<Self, Trouble> {
        let all = walk!(visit, list_organisations, organisations, pb::ListOrganisationsRequest::default());
        Ok(Self(
            all.into_iter()
                .map(|one| (id(&one.name).to_owned(), (Some(one.kind()), one.display_name)))
                .collect(),
        ))
    }

    /// Of the people for whom `ask` asks.
    pub(in crate::web::workplace) async fn people(
        visit: &Visit,
        ask: pb::ListPersonsRequest,
    ) -> Result<Self, Trouble> {
        let all = walk!(visit, list_persons, persons, ask);
        Ok(Self(all.into_iter().map(|one| (id(&one.name).to_owned(), (None, one.display_name))).collect()))
    }

    /// What `name` is called; a dash when it is nobody here, or no longer.
    pub(in crate::web::workplace) fn of(&self, name: &str) -> &str {
        self.known(name).unwrap_or("–")
    }

    /// What `name` is called, if it is somebody here.
    pub(in crate::web::workplace) fn known(&self, name: &str) -> Option<&str> {
        self.0.get(id(name)).map(|(_, label)| label.as_str())
    }

    /// For a choice, by name: those of `kind`, or all.
    pub(in crate::web::workplace) fn options(&self, collection: &str, kind: Option<Kind>) -> Vec<Value> {
        let mut fitting: Vec<_> =
            self.0.iter().filter(|(_, (own, _))| kind.is_none() || *own == kind).collect();
        fitting.sort_by(|(_, (_, one)), (_, (_, other))| one.cmp(other));
        fitting.into_iter().map(|(id, (_, label))| option(&format!("{collection}/{id}"), label)).collect()
    }
}
