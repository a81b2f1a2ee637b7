//! The five verbs that every kind of entry of the register has, and what other kinds share with them.

use std::marker::PhantomData;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use prost::Message;

use crate::{
    progress::Progress,
    render::{Answer, Named},
    session::{Names, Outcome, Session},
    value::Reference,
};

/// Options that become fields of a message.
pub(crate) trait Fill<M> {
    /// Sets what was given; tells the names of those fields.
    fn fill(self, message: &mut M, names: &Names) -> Outcome<Vec<&'static str>>;
}

/// What a list is asked for, beside its own filter.
pub(crate) struct Page {
    pub(crate) valid_on: String,
    pub(crate) show_ended: bool,
    pub(crate) token: String,
}

/// What ends an entry.
pub(crate) struct End {
    pub(crate) name: String,
    pub(crate) valid_until: String,
    pub(crate) etag: String,
}

/// What the help of each verb says: of what it is, and an example.
pub(crate) struct Examples {
    /// The field of the protos that holds one.
    pub(crate) field: &'static str,
    pub(crate) list: &'static str,
    pub(crate) get: &'static str,
    pub(crate) create: &'static str,
    pub(crate) update: &'static str,
    pub(crate) end: &'static str,
}

/// A kind of entry of the register.
pub(crate) trait Entry: 'static {
    type Message: Message + Named + Default + Clone;
    type Fields: Args + Fill<Self::Message>;
    type Listing: Default + Clone;
    type Filter: Args + Fill<Self::Listing>;
    const COLUMNS: &'static [&'static str];
    const EXAMPLES: Examples;

    fn etag(message: &mut Self::Message) -> &mut String;
    async fn get(session: &Session, name: String) -> Outcome<Self::Message>;
    async fn page(
        session: &Session,
        listing: Self::Listing,
        page: Page,
    ) -> Outcome<(Vec<Self::Message>, String)>;
    async fn create(session: &Session, message: Self::Message) -> Outcome<Self::Message>;
    async fn update(session: &Session, message: Self::Message, mask: Vec<String>) -> Outcome<Self::Message>;
    async fn end(session: &Session, end: End) -> Outcome<Self::Message>;
}

/// What a verb does, to what.
fn about<E: Entry>(does: &str, to_it: &str) -> String {
    let noun = match E::EXAMPLES.field {
        "weekly_hours" => "block of weekly hours".to_owned(),
        field => field.replace('_', " "),
    };
    format!("{does} {noun}{to_it}")
}

#[derive(Subcommand)]
pub(crate) enum Verb<E: Entry> {
    /// Those valid on a day, by name
    #[command(after_help = E::EXAMPLES.list)]
    List(List<E>),
    #[command(about = about::<E>("Show one", " whole"), after_help = E::EXAMPLES.get)]
    Get(Get),
    #[command(about = about::<E>("Make a new", ""), after_help = E::EXAMPLES.create)]
    Create(Create<E>),
    #[command(about = about::<E>("Change the fields that are given of one", ""), after_help = E::EXAMPLES.update)]
    Update(Update<E>),
    #[command(about = about::<E>("End one", " after its last day"), after_help = E::EXAMPLES.end)]
    End(Ending),
}

#[derive(Args)]
pub(crate) struct List<E: Entry> {
    #[command(flatten)]
    filter: E::Filter,
    /// The day on which they are valid [default: today]
    #[arg(long, value_name = "DATE")]
    valid_on: Option<NaiveDate>,
    /// Also those that have ended or have yet to begin
    #[arg(long)]
    show_ended: bool,
    /// At most this many
    #[arg(long, default_value_t = 200)]
    limit: usize,
}

#[derive(Args)]
pub(crate) struct Get {
    /// Its name, or @name of the profile
    name: Reference,
}

#[derive(Args)]
pub(crate) struct Create<E: Entry> {
    #[command(flatten)]
    fields: E::Fields,
}

#[derive(Args)]
pub(crate) struct Update<E: Entry> {
    /// Its name, or @name of the profile
    name: Reference,
    #[command(flatten)]
    fields: E::Fields,
    /// Only when it is still at this version [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

#[derive(Args)]
pub(crate) struct Ending {
    /// Its name, or @name of the profile
    name: Reference,
    /// The last day on which it is valid
    #[arg(long, value_name = "DATE")]
    valid_until: NaiveDate,
    /// Only when it is still at this version [default: the present one]
    #[arg(long)]
    etag: Option<String>,
}

impl<E: Entry> Verb<E> {
    pub(crate) async fn run(self, session: &Session) -> Outcome<Answer> {
        match self {
            Self::List(list) => list.run(session).await,
            Self::Get(get) => Ok(Answer::of(&E::get(session, session.resolve(&get.name)?).await?)),
            Self::Create(create) => {
                let mut message = E::Message::default();
                create.fields.fill(&mut message, &session.names)?;
                Ok(Answer::of(&E::create(session, message).await?))
            }
            Self::Update(update) => update.run(session).await,
            Self::End(ending) => ending.run::<E>(session).await,
        }
    }
}

impl<E: Entry> List<E> {
    async fn run(self, session: &Session) -> Outcome<Answer> {
        let mut listing = E::Listing::default();
        self.filter.fill(&mut listing, &session.names)?;
        let valid_on = self.valid_on.map(|day| day.to_string()).unwrap_or_default();
        let found = every_page(self.limit, async |token| {
            let page = Page { valid_on: valid_on.clone(), show_ended: self.show_ended, token };
            E::page(session, listing.clone(), page).await
        });
        Ok(Answer::list(&found.await?, E::COLUMNS))
    }
}

impl<E: Entry> Update<E> {
    async fn run(self, session: &Session) -> Outcome<Answer> {
        let mut message = E::get(session, session.resolve(&self.name)?).await?;
        let mask = self.fields.fill(&mut message, &session.names)?;
        if mask.is_empty() {
            return Err(crate::failure::Failure::Usage("nothing to change: give a field".to_owned()));
        }
        if let Some(etag) = self.etag {
            *E::etag(&mut message) = etag;
        }
        let mask = mask.into_iter().map(str::to_owned).collect();
        Ok(Answer::of(&E::update(session, message, mask).await?))
    }
}

impl Ending {
    async fn run<E: Entry>(self, session: &Session) -> Outcome<Answer> {
        let name = session.resolve(&self.name)?;
        let etag = match self.etag {
            Some(etag) => etag,
            None => std::mem::take(E::etag(&mut E::get(session, name.clone()).await?)),
        };
        let end = End { name, valid_until: self.valid_until.to_string(), etag };
        Ok(Answer::of(&E::end(session, end).await?))
    }
}

/// What has a version, and is read to know it.
pub(crate) trait Versioned: 'static {
    /// Its present version.
    async fn etag(session: &Session, name: String) -> Outcome<String>;
}

/// What is to change, and which version of it.
#[derive(Args)]
pub(crate) struct Which<V: Versioned> {
    /// Its name, or @name of the profile
    name: Reference,
    /// Only when it is still at this version [default: the present one]
    #[arg(long)]
    etag: Option<String>,
    #[arg(skip)]
    of: PhantomData<fn() -> V>,
}

impl<V: Versioned> Which<V> {
    /// Its name and version.
    pub(crate) async fn read(self, session: &Session) -> Outcome<(String, String)> {
        let name = session.resolve(&self.name)?;
        let etag = match self.etag {
            Some(etag) => etag,
            None => V::etag(session, name.clone()).await?,
        };
        Ok((name, etag))
    }
}

/// Asks page after page until the last one, or until `limit`.
pub(crate) async fn every_page<M>(
    limit: usize,
    page: impl AsyncFn(String) -> Outcome<(Vec<M>, String)>,
) -> Outcome<Vec<M>> {
    let mut found = Vec::new();
    let mut token = String::new();
    let mut progress = Progress::of("read", 0);
    loop {
        let (more, next) = page(token).await?;
        if !next.is_empty() {
            progress.add(more.len());
        }
        found.extend(more);
        if next.is_empty() || found.len() >= limit {
            found.truncate(limit);
            return Ok(found);
        }
        token = next;
    }
}

/// A struct of options, one per field of a message. Those of `many` may be given more than once
/// and together replace the list.
macro_rules! fields {
    (
        $name:ident for $message:ty {
            $($(#[$help:meta])* $field:ident: $value:ty,)*
        }
        $(many { $($(#[$many_help:meta])* $many:ident as $long:literal: $item:ty,)* })?
    ) => {
        #[derive(clap::Args)]
        pub(crate) struct $name {
            $($(#[$help])* #[arg(long)] $field: Option<$value>,)*
            $($($(#[$many_help])* #[arg(long = $long)] $many: Vec<$item>,)*)?
        }

        impl $crate::entry::Fill<$message> for $name {
            fn fill(
                self,
                message: &mut $message,
                names: &$crate::session::Names,
            ) -> $crate::session::Outcome<Vec<&'static str>> {
                let mut given = Vec::new();
                $(
                    if let Some(value) = self.$field {
                        message.$field = $crate::value::Value::wire(value, names)?;
                        given.push(stringify!($field));
                    }
                )*
                $($(
                    if !self.$many.is_empty() {
                        let items = self.$many.into_iter();
                        message.$many = items
                            .map(|item| $crate::value::Value::wire(item, names))
                            .collect::<Result<_, _>>()?;
                        given.push(stringify!($many));
                    }
                )*)?
                Ok(given)
            }
        }
    };
}
pub(crate) use fields;

/// The calls of one kind of entry, by the names that the protos give them.
macro_rules! entry {
    (
        $entry:ident in $service:ident {
            message: $message:ident $field:ident, fields: $fields:ty, filter: $filter:ty,
            get: $get:ident $getting:ident,
            list: $list:ident $listing:ident $plural:ident,
            create: $create:ident $creating:ident,
            update: $update:ident $updating:ident,
            end: $end:ident $ending:ident,
            columns: $columns:expr,
            examples: [$list_example:literal, $get_example:literal, $create_example:literal,
                $update_example:literal, $end_example:literal $(,)?],
        }
    ) => {
        pub(crate) enum $entry {}

        impl $crate::entry::Entry for $entry {
            type Message = pb::$message;
            type Fields = $fields;
            type Listing = pb::$listing;
            type Filter = $filter;
            const COLUMNS: &'static [&'static str] = &$columns;
            const EXAMPLES: $crate::entry::Examples = $crate::entry::Examples {
                field: stringify!($field),
                list: concat!("Example: schakelctl ", $list_example),
                get: concat!("Example: schakelctl ", $get_example),
                create: concat!("Example: schakelctl --as beheerder ", $create_example),
                update: concat!("Example: schakelctl --as beheerder ", $update_example),
                end: concat!("Example: schakelctl --as beheerder ", $end_example),
            };

            fn etag(message: &mut pb::$message) -> &mut String {
                &mut message.etag
            }

            async fn get(session: &Session, name: String) -> Outcome<pb::$message> {
                call!(session, $service.$get(pb::$getting { name }))
            }

            async fn page(
                session: &Session,
                listing: pb::$listing,
                page: $crate::entry::Page,
            ) -> Outcome<(Vec<pb::$message>, String)> {
                let asked = pb::$listing {
                    valid_on: page.valid_on,
                    show_ended: page.show_ended,
                    page_size: 200,
                    page_token: page.token,
                    ..listing
                };
                let answer = call!(session, $service.$list(asked))?;
                Ok((answer.$plural, answer.next_page_token))
            }

            async fn create(session: &Session, message: pb::$message) -> Outcome<pb::$message> {
                let asked = pb::$creating { $field: Some(message), request_id: request_id() };
                call!(session, $service.$create(asked))
            }

            async fn update(
                session: &Session,
                message: pb::$message,
                paths: Vec<String>,
            ) -> Outcome<pb::$message> {
                let asked = pb::$updating {
                    $field: Some(message),
                    update_mask: Some(prost_types::FieldMask { paths }),
                    request_id: request_id(),
                };
                call!(session, $service.$update(asked))
            }

            async fn end(session: &Session, end: $crate::entry::End) -> Outcome<pb::$message> {
                let $crate::entry::End { name, valid_until, etag } = end;
                let asked = pb::$ending { name, valid_until, etag, request_id: request_id() };
                call!(session, $service.$end(asked))
            }
        }
    };
}
pub(crate) use entry;
