//! The audit log at the machine itself: checked, exported, asked.

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use schakel_domain::{
    ids::{CaseId, PersonId, RegionId},
    refusal::Language,
};

use super::{no, refused};
use crate::{
    access::{Grant, Worker, region},
    app::App,
    audit::{
        chain::Anchor,
        export::{Format, export},
        read::Wanted,
        seal,
        verify::{Scope, verify},
        who_saw::{Whose, who_saw},
        wire,
    },
    run,
    settings::Settings,
    store::keys::hex,
    world::{SystemClock, SystemIds},
};

/// What to do with the log.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Check every line and every seal; exits 3 when something is not as it was written.
    Verify {
        #[command(flatten)]
        config: Config,
        #[command(flatten)]
        days: Days,
        /// What `audit anchor` printed earlier: the log must descend from it. May be repeated.
        #[arg(long)]
        anchor: Vec<Anchor>,
    },
    /// Print the newest seal of each region, to be kept where the database's owner cannot reach.
    Anchor {
        #[command(flatten)]
        config: Config,
    },
    /// Write lines to the standard output; that they were exported is itself written down.
    Export {
        #[command(flatten)]
        config: Config,
        /// The region, by the code of its samenwerkingsverband.
        #[arg(long)]
        swv: String,
        /// `jsonl`, `csv`, `ldv` (without the user) or `nen7513` (with the user).
        #[arg(long)]
        format: Format,
        /// Only about this person: persons/…
        #[arg(long)]
        subject: Option<PersonId>,
        /// Only by this person: persons/…
        #[arg(long)]
        actor: Option<PersonId>,
        #[command(flatten)]
        days: Days,
    },
    /// Who saw a child's data, in Dutch, without names.
    WhoSaw {
        #[command(flatten)]
        config: Config,
        /// The region, by the code of its samenwerkingsverband.
        #[arg(long)]
        swv: String,
        /// The child: persons/… or its case: cases/…
        #[arg(long, value_parser = whose)]
        child: Whose,
        #[command(flatten)]
        days: Days,
    },
}

/// Where the settings are.
#[derive(Args)]
pub struct Config {
    /// The settings.
    #[arg(long, default_value = "schakel.toml")]
    config: PathBuf,
}

/// Between two days.
#[derive(Args)]
pub struct Days {
    /// The first day, as 2026-11-21.
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// The last day.
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
}

fn whose(text: &str) -> Result<Whose, String> {
    let person = text.parse().map(Whose::Person);
    let case = text.parse::<CaseId>().map(Whose::Case);
    person.or(case).map_err(|_| "must look like persons/{uuid} or cases/{uuid}".to_owned())
}

/// Opens what the settings name beside a server that may run: nothing is written but audit lines.
async fn beside(config: &Path) -> anyhow::Result<App> {
    let settings = Settings::load(config)?;
    run::assemble(settings, Arc::new(SystemClock), Arc::new(SystemIds::default())).await
}

async fn of_swv(app: &App, swv: &str) -> anyhow::Result<RegionId> {
    let found = region::of_swv(app, swv).await.map_err(|error| refused(&error))?;
    found.ok_or_else(|| no("REGION_NOT_FOUND", format!("no region {swv}")))
}

impl AuditCommand {
    /// Does it; false when the log is not as it was written.
    pub async fn run(self) -> anyhow::Result<bool> {
        match self {
            Self::Verify { config, days, anchor } => {
                let wanted = Wanted { from: days.from, until: days.to, ..Wanted::default() };
                let (from, until) = wanted.bounds();
                check(&beside(&config.config).await?, &Scope { from, until, anchors: anchor }).await
            }
            Self::Anchor { config } => anchors(&beside(&config.config).await?).await,
            Self::Export { config, swv, format, subject, actor, days } => {
                let app = beside(&config.config).await?;
                let grant = Grant::worker(Worker::Auditor, of_swv(&app, &swv).await?);
                let wanted = Wanted { subject, actor, from: days.from, until: days.to };
                let mut out = BufWriter::new(std::io::stdout().lock());
                export(&app, &grant, &wanted, format, &mut out).await?;
                Ok(true)
            }
            Self::WhoSaw { config, swv, child, days } => {
                let app = beside(&config.config).await?;
                let grant = Grant::worker(Worker::Auditor, of_swv(&app, &swv).await?);
                let wanted = &Wanted { from: days.from, until: days.to, ..Wanted::default() };
                told(&app, &grant, child, wanted).await
            }
        }
    }
}

/// Prints what was found: `OK n rows, m seals, head=…`, or each fault.
#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn check(app: &App, scope: &Scope) -> anyhow::Result<bool> {
    let report = verify(app, scope).await.map_err(|error| refused(&error))?;
    for fault in &report.faults {
        let seq = fault.seq.map_or("-".to_owned(), |seq| seq.to_string());
        println!("{} seq={seq} {}", fault.kind, fault.region);
    }
    if report.faults.is_empty() {
        let heads: Vec<String> = report.heads.iter().map(ToString::to_string).collect();
        println!(
            "OK {} rows, {} seals, {} waiting, head={}",
            report.rows,
            report.seals,
            report.waiting,
            heads.join(",")
        );
    }
    Ok(report.faults.is_empty())
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
async fn anchors(app: &App) -> anyhow::Result<bool> {
    println!("public key (Ed25519) {}: {}", app.keys.seal_key_id(), hex(&app.keys.seal_public_key()));
    for region in region::all(app).await.map_err(|error| refused(&error))? {
        if let Some(anchor) = seal::anchor(app, region).await.map_err(|error| refused(&error))? {
            println!("{anchor}");
        }
    }
    Ok(true)
}

async fn told(app: &App, grant: &Grant, whose: Whose, wanted: &Wanted) -> anyhow::Result<bool> {
    let found = app.write(grant, None, |tx| async move { who_saw(&tx, whose, wanted, false).await }).await;
    let found = found.map_err(|error| refused(&error))?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "datum\torganisatie\tfunctie\twat\thandeling\tdoel\tnoodtoegang\tkeer")?;
    for sight in wire::sights(&found, Language::Dutch) {
        let emergency = if sight.emergency { "ja" } else { "nee" };
        let what = sight.what.join(", ");
        writeln!(
            out,
            "{}\t{}\t{}\t{what}\t{}\t{}\t{emergency}\t{}",
            sight.date, sight.organisation, sight.function, sight.deed, sight.purpose, sight.times
        )?;
    }
    Ok(true)
}
