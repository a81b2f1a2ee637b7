//! What is logged, and in which form.

use std::io::IsTerminal;

use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::settings::LogSettings;

/// Starts logging to standard error. Fields are names of things, never what they hold.
pub fn start(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = filter.and(filter_fn(is_discreet));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = if std::io::stderr().is_terminal() { lines } else { lines.with_ansi(false) };
    let lines = if settings.json { lines.json().boxed() } else { lines.boxed() };
    // A second start in one process, as in tests, keeps the first.
    let _ = tracing_subscriber::registry().with(lines.with_filter(filter)).try_init();
}

/// Whether a line may be logged whatever the settings say. Below `info`, libraries print what
/// passes through them: paths of feeds, which are secrets, headers with tokens, and statements. And
/// `info` of PostgreSQL itself tells at every start that what is there is there.
fn is_discreet(metadata: &Metadata<'_>) -> bool {
    let least = if metadata.target() == "sqlx::postgres::notice" { Level::WARN } else { Level::INFO };
    metadata.target().starts_with("schakel") || *metadata.level() <= least
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn no_filter_makes_a_library_talk() {
        let sink = Sink::default();
        let writer = sink.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let filter = EnvFilter::new("trace,h2=trace,hyper::proto=debug").and(filter_fn(is_discreet));
        tracing::subscriber::with_default(
            tracing_subscriber::registry().with(lines.with_filter(filter)),
            || {
                tracing::debug!(target: "h2::codec", "a frame");
                tracing::trace!(target: "hyper::proto", "a head");
                tracing::warn!(target: "h2::codec", "a fault");
                tracing::info!(target: "sqlx::postgres::notice", "relation exists, skipping");
                tracing::debug!(target: "schakel_server::feed", "our own");
            },
        );
        let said = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
        assert!(said.contains("a fault") && said.contains("our own"), "{said}");
        assert!(!said.contains("a frame") && !said.contains("a head"), "{said}");
        assert!(!said.contains("skipping"), "{said}");
    }
}
