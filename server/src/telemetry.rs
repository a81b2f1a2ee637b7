//! What is logged, and in which form.

use tracing_subscriber::EnvFilter;

use crate::settings::LogSettings;

/// Starts logging to standard error. Fields are names of things, never what they hold.
pub fn start(settings: &LogSettings) {
    let filter = EnvFilter::try_new(&settings.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process, as in tests, keeps the first.
    let _ = if settings.json { subscriber.json().try_init() } else { subscriber.try_init() };
}
