//! The nouns, as in the protos.

use clap::Subcommand;

use crate::{
    audit, case, clock, consent, consultation, coverage, duty,
    entry::Verb,
    fact, feed, handover, hulpvraag, import, inbox, indicator, mail, monitor, organisation, policy, privacy,
    proposal,
    register::{absence, affiliation, area, cluster, hours, link, person, provision, school, team},
    render::Answer,
    report, route,
    session::{Outcome, Session},
    signal, signed_in, slots, subscription, survey, task, token, whoami,
};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Who the caller is and what it may act for
    #[command(after_help = "Example: schakelctl --as iber whoami")]
    Whoami,
    /// Credentials of programs
    #[command(subcommand, after_help = "Example: schakelctl token list")]
    Token(token::Verb),
    /// Where one is signed in to the pages
    #[command(subcommand, after_help = "Example: schakelctl session list")]
    Session(signed_in::Verb),
    /// Gemeenten and wijken
    #[command(subcommand, after_help = "Example: schakelctl area list --kind WIJK")]
    Area(Verb<area::Area>),
    /// Vestigingen
    #[command(subcommand, after_help = "Example: schakelctl school list --gemeente-code GM9901")]
    School(Verb<school::School>),
    /// Schools that meet: ROK or knooppunt
    #[command(subcommand, after_help = "Example: schakelctl cluster list --school @school")]
    Cluster(Verb<cluster::Cluster>),
    /// Youth-help teams
    #[command(subcommand, after_help = "Example: schakelctl team list --gemeente-code GM9901")]
    Team(Verb<team::Team>),
    /// Professionals
    #[command(subcommand, after_help = "Example: schakelctl person list --role SMW")]
    Person(Verb<person::Person>),
    /// Who works where, in which role
    #[command(subcommand, after_help = "Example: schakelctl affiliation list --person @smw")]
    Affiliation(Verb<affiliation::Affiliation>),
    /// Whom a school calls: its ties to teams
    #[command(subcommand, after_help = "Example: schakelctl link list --school @school")]
    Link(Verb<link::SchoolTeamLink>),
    /// What there is for children that need more, with places and who waits
    #[command(subcommand, after_help = "Example: schakelctl provision list --school @school")]
    Provision(Verb<provision::Provision>),
    /// Organisations of every kind
    #[command(subcommand, after_help = "Example: schakelctl organisation list --kind BOARD")]
    Organisation(organisation::Verb),
    /// The weekly hours of people
    #[command(subcommand, after_help = "Example: schakelctl hours list --person @smw")]
    Hours(Verb<hours::WeeklyHours>),
    /// Days on which people are away
    #[command(subcommand, after_help = "Example: schakelctl absence list --person @smw")]
    Absence(Verb<absence::Absence>),
    /// Take in a file of the register; exits 1 when rows were refused
    #[command(after_help = "Example: schakelctl --as beheerder import schools vestigingen.csv --dry-run")]
    Import(import::Arguments),
    /// Schools without a link, links whose people are away
    #[command(after_help = "Example: schakelctl coverage")]
    Coverage(coverage::Arguments),
    /// Who belongs to a school, and which rule said so
    #[command(after_help = "Example: schakelctl route --school @school --residence GM9902")]
    Route(route::Arguments),
    /// Find times at which everybody can meet
    #[command(
        after_help = "Example: schakelctl slots --case @case --school @school --me --parents --seat role:SMW"
    )]
    Slots(slots::Arguments),
    /// Children that are at home
    #[command(subcommand, after_help = "Example: schakelctl case list")]
    Case(case::Verb),
    /// What is known of cases: told, corrected, never changed
    #[command(subcommand, after_help = "Example: schakelctl fact list @case")]
    Fact(fact::Verb),
    /// What waits for the caller
    #[command(subcommand, after_help = "Example: schakelctl task list")]
    Task(task::Verb),
    /// What families agreed to share, and with whom
    #[command(subcommand, after_help = "Example: schakelctl consent list @case")]
    Consent(consent::Verb),
    /// Meetings
    #[command(subcommand, after_help = "Example: schakelctl consultation list --case @case")]
    Consultation(consultation::Verb),
    /// What people proposed to an invitation
    #[command(subcommand, after_help = "Example: schakelctl proposal list")]
    Proposal(proposal::Verb),
    /// Mails about meetings that changed nothing
    #[command(subcommand, after_help = "Example: schakelctl inbox list @consultation")]
    Inbox(inbox::Verb),
    /// When and how often people are mailed
    #[command(subcommand, after_help = "Example: schakelctl mail wishes")]
    Mail(mail::Verb),
    /// What the own organisation owes by law or agreement, and by when
    #[command(subcommand, after_help = "Example: schakelctl duty list")]
    Duty(duty::Verb),
    /// The norms of the region, and since when they hold
    #[command(subcommand, after_help = "Example: schakelctl policy show")]
    Policy(policy::Verb),
    /// Children that go on to their next school
    #[command(subcommand, after_help = "Example: schakelctl handover list")]
    Handover(handover::Verb),
    /// Requests for a helper
    #[command(subcommand, after_help = "Example: schakelctl hulpvraag list --state REQUESTED")]
    Hulpvraag(hulpvraag::Verb),
    /// Calendar subscriptions
    #[command(subcommand, after_help = "Example: schakelctl feed create")]
    Feed(feed::Verb),
    /// Systems that are told when something changes in a case
    #[command(subcommand, after_help = "Example: schakelctl --as beheerder subscription list")]
    Subscription(subscription::Verb),
    /// Where children wait: figures, how long it takes, files of both
    #[command(subcommand, after_help = "Example: schakelctl monitor show")]
    Monitor(monitor::Verb),
    /// The named reports of a quarter or school year
    #[command(subcommand, after_help = "Example: schakelctl report show leerplichttelling")]
    Report(report::Verb),
    /// What the samenwerkingsverband measures itself by
    #[command(subcommand, after_help = "Example: schakelctl indicator list")]
    Indicator(indicator::Verb),
    /// What professionals notice of how things go, for the agenda of the samenwerkingsverband
    #[command(subcommand, after_help = "Example: schakelctl signal list")]
    Signal(signal::Verb),
    /// Rounds of questions to schools
    #[command(subcommand, after_help = "Example: schakelctl survey list")]
    Survey(survey::Verb),
    /// The audit log, for the privacy officer
    #[command(subcommand, after_help = "Example: schakelctl --as fg audit who-saw --case @case")]
    Audit(audit::Verb),
    /// Rights of the people that cases are about, and the end of what is kept
    #[command(subcommand, after_help = "Example: schakelctl --as fg privacy rights @case")]
    Privacy(privacy::Verb),
    /// The demo's clock
    #[command(subcommand, after_help = "Example: schakelctl clock advance 2d4h")]
    Clock(clock::Verb),
}

impl Command {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::Whoami => whoami::run(session).await,
            Self::Token(verb) => verb.run(session).await,
            Self::Session(verb) => verb.run(session).await,
            Self::Area(verb) => verb.run(session).await,
            Self::School(verb) => verb.run(session).await,
            Self::Cluster(verb) => verb.run(session).await,
            Self::Team(verb) => verb.run(session).await,
            Self::Person(verb) => verb.run(session).await,
            Self::Affiliation(verb) => verb.run(session).await,
            Self::Link(verb) => verb.run(session).await,
            Self::Provision(verb) => verb.run(session).await,
            Self::Organisation(verb) => verb.run(session).await,
            Self::Hours(verb) => verb.run(session).await,
            Self::Absence(verb) => verb.run(session).await,
            Self::Import(arguments) => arguments.run(session).await,
            Self::Coverage(arguments) => arguments.run(session).await,
            Self::Route(arguments) => arguments.run(session).await,
            Self::Slots(arguments) => arguments.run(session).await,
            Self::Case(verb) => verb.run(session).await,
            Self::Fact(verb) => verb.run(session).await,
            Self::Task(verb) => verb.run(session).await,
            Self::Consent(verb) => verb.run(session).await,
            Self::Consultation(verb) => verb.run(session).await,
            Self::Proposal(verb) => verb.run(session).await,
            Self::Inbox(verb) => verb.run(session).await,
            Self::Mail(verb) => verb.run(session).await,
            Self::Duty(verb) => verb.run(session).await,
            Self::Policy(verb) => verb.run(session).await,
            Self::Handover(verb) => verb.run(session).await,
            Self::Hulpvraag(verb) => verb.run(session).await,
            Self::Feed(verb) => verb.run(session).await,
            Self::Subscription(verb) => verb.run(session).await,
            Self::Monitor(verb) => verb.run(session).await,
            Self::Report(verb) => verb.run(session).await,
            Self::Indicator(verb) => verb.run(session).await,
            Self::Signal(verb) => verb.run(session).await,
            Self::Survey(verb) => verb.run(session).await,
            Self::Audit(verb) => verb.run(session).await,
            Self::Privacy(verb) => verb.run(session).await,
            Self::Clock(verb) => verb.run(session).await,
        }
    }
}
