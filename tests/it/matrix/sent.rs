//! A case as it is sent again.

use schakel_proto::v1 as pb;

/// What the requests need of a case.
pub(super) trait AsSent {
    /// As for a new one.
    fn without_ids(self) -> Self;
    /// Whether it is the one that was closed.
    fn display_state(&self) -> bool;
}

impl AsSent for pb::Case {
    fn without_ids(mut self) -> Self {
        for parent in &mut self.parents {
            parent.person.clear();
        }
        self
    }

    fn display_state(&self) -> bool {
        self.child.as_ref().is_some_and(|child| child.display_name == "Kind closed")
    }
}
