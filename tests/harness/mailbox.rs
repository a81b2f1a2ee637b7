//! The mails that went out, as a stranger's mail program reads them.

use mail_parser::{Message, MessageParser, MimeHeaders};
use schakel_server::invitation::worker;

use crate::TestServer;

/// A mail.
#[derive(Debug, Clone)]
pub struct Mail {
    /// Exactly what went over the wire.
    pub raw: Vec<u8>,
    message: Message<'static>,
}

impl TestServer {
    /// Lets the worker work until nothing is due.
    pub async fn deliver(&self) {
        while worker::work(&self.app, self.founded.region).await.unwrap() > 0 {}
    }

    /// Everything delivered so far, oldest first.
    pub fn mailbox(&self) -> Vec<Mail> {
        let files = std::fs::read_dir(self.folder.join("mail").join("new")).unwrap();
        let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        paths.sort();
        paths.iter().map(|path| Mail::parse(std::fs::read(path).unwrap())).collect()
    }

    /// Delivers, and hands over the mails that were not there before.
    pub async fn news(&self) -> Vec<Mail> {
        let before = self.mailbox().len();
        self.deliver().await;
        self.mailbox().split_off(before)
    }
}

impl Mail {
    fn parse(raw: Vec<u8>) -> Self {
        let message = MessageParser::default().parse(&raw).unwrap().into_owned();
        Self { raw, message }
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> String {
        self.message.header_raw(name).unwrap_or_default().trim().to_owned()
    }

    /// The one recipient's address.
    pub fn to(&self) -> String {
        let all: Vec<_> = self.message.to().unwrap().iter().collect();
        assert_eq!(all.len(), 1, "one mail, one recipient");
        all[0].address().unwrap().to_owned()
    }

    /// The one recipient's name.
    pub fn to_name(&self) -> String {
        self.message.to().unwrap().first().unwrap().name().unwrap_or_default().to_owned()
    }

    /// Decoded.
    pub fn subject(&self) -> String {
        self.message.subject().unwrap().to_owned()
    }

    /// The plain text, lines ended as sent.
    pub fn text(&self) -> String {
        self.message.body_text(0).unwrap().into_owned()
    }

    /// The HTML.
    pub fn html(&self) -> String {
        self.message.body_html(0).unwrap().into_owned()
    }

    /// Every part in order, with its parameters: `text/calendar; charset=utf-8; method=REQUEST`.
    pub fn tree(&self) -> Vec<String> {
        let described = self.message.parts.iter().map(|part| {
            let kind = part.content_type().unwrap();
            let mut text = format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default());
            for parameter in kind.attributes().into_iter().flatten() {
                if parameter.name != "boundary" {
                    text = format!("{text}; {}={}", parameter.name, parameter.value);
                }
            }
            text
        });
        described.collect()
    }

    /// The bytes of the only part of that kind.
    pub fn part(&self, kind: &str) -> Vec<u8> {
        let of_kind = |part: &&mail_parser::MessagePart| {
            part.content_type()
                .is_some_and(|own| format!("{}/{}", own.ctype(), own.subtype().unwrap_or_default()) == kind)
        };
        let parts: Vec<_> = self.message.parts.iter().filter(of_kind).collect();
        assert_eq!(parts.len(), 1, "{kind}");
        parts[0].contents().to_vec()
    }

    /// The calendar; the attachment holds the same bytes.
    pub fn calendar(&self) -> String {
        let calendar = self.part("text/calendar");
        assert_eq!(calendar, self.part("application/ics"), "the attachment is the same");
        String::from_utf8(calendar).unwrap()
    }

    /// The value of a calendar property of the event, unfolded; empty when it is not there.
    pub fn property(&self, name: &str) -> String {
        let calendar = self.calendar().replace("\r\n ", "");
        let event = calendar.split_once("BEGIN:VEVENT").map_or("", |(_, event)| event);
        let line = event.lines().find(|line| line.split([':', ';']).next() == Some(name)).unwrap_or_default();
        line.split_once(':').map_or("", |(_, value)| value).to_owned()
    }

    /// The path of the answer link.
    pub fn link(&self) -> String {
        self.path("/r/")
    }

    /// The path of the link of a time proposal.
    pub fn poll_link(&self) -> String {
        self.path("/p/")
    }

    fn path(&self, begins: &str) -> String {
        let text = self.text();
        let link = text.lines().find(|line| line.contains(begins)).expect("a link");
        link.trim().strip_prefix("https://schakel.example").unwrap().to_owned()
    }
}
