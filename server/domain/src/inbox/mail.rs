//! A mail as far as an answer to a meeting needs it: values only, nothing believed.

use mail_parser::{HeaderName, Message, MessageParser};

use super::{
    loops,
    mime::{self, TooMuch},
    report::{self, Report},
    tag,
};

/// Characters of the text that are kept for whoever looks at it.
const MOST_TEXT: usize = 4_000;
/// Mails that one says it follows.
const MOST_REFERENCES: usize = 20;
/// Addresses in `From` that are counted.
const MOST_FROM: usize = 20;

/// Headers in which an address of ours may stand that the mail was sent to.
const RECIPIENTS: [&str; 6] = ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "Resent-To"];

/// A mail.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// Its `Message-ID` without angle brackets.
    pub id: Option<String>,
    /// The addresses in all its `From` headers, in lower case. Only one alone is somebody.
    pub from: Vec<String>,
    /// The tags in the addresses it was sent to, as they stand there, each once.
    pub tags: Vec<String>,
    /// Its `Authentication-Results`, topmost first, unfolded.
    pub results: Vec<String>,
    /// The `Message-ID`s that it follows, the nearest first.
    pub follows: Vec<String>,
    /// A program sent it (RFC 3834).
    pub automatic: bool,
    /// A mail may be sent because of it.
    pub answerable: bool,
    /// Its calendars: one written twice, as our own mails have it, is one.
    pub calendars: Vec<Vec<u8>>,
    /// Its plain text, cut.
    pub text: Option<String>,
    /// What became of a mail of ours.
    pub report: Option<Report>,
}

impl Mail {
    /// Who wrote it, if that is said once.
    #[must_use]
    pub fn author(&self) -> Option<&str> {
        match &self.from[..] {
            [one] => Some(one),
            [] | [_, ..] => None,
        }
    }
}

/// Reads `raw`; `own` is the domain of our own `Message-ID`s.
///
/// # Errors
/// When it is larger or deeper than is read, or no mail.
pub fn read(raw: &[u8], own: &str) -> Result<Mail, TooMuch> {
    let parser = MessageParser::default();
    let parts = mime::parts(&parser, raw)?;
    let mut mail = of_head(&parts.head, own);
    for part in &parts.leaves {
        match part.kind.as_str() {
            "text/calendar" | "application/ics" => {
                let calendar = part.content(&parser);
                if !mail.calendars.contains(&calendar) {
                    mail.calendars.push(calendar);
                }
            }
            "text/plain" if mail.text.is_none() => mail.text = text(&part.content(&parser)),
            _ => {}
        }
    }
    if parts.kind == "multipart/report" {
        mail.report = report::of(&parser, &parts.leaves);
    }
    Ok(mail)
}

/// The head of a mail that is too large to be read, as far as that can be: whose it is, and to whom it
/// went.
#[must_use]
pub fn head(raw: &[u8], own: &str) -> Mail {
    let parser = MessageParser::default();
    let parsed = parser.parse_headers(mime::head(raw));
    parsed.map(|head| of_head(&head, own)).unwrap_or_default()
}

fn of_head(head: &Message, own: &str) -> Mail {
    let mut mail = Mail { id: head.message_id().map(str::to_owned), from: from(head), ..Mail::default() };
    (mail.automatic, mail.answerable) = loops::of(head, own);
    for (name, value) in head.headers_raw() {
        if RECIPIENTS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            for tag in tag::in_header(value) {
                if !mail.tags.contains(&tag) && mail.tags.len() < MOST_FROM {
                    mail.tags.push(tag);
                }
            }
        } else if name.eq_ignore_ascii_case("Authentication-Results") {
            mail.results.push(value.replace(['\r', '\n'], " ").trim().to_owned());
        }
    }
    for name in [HeaderName::InReplyTo, HeaderName::References] {
        let ids = head.header(name).map(ids).unwrap_or_default();
        // The last of `References` is the nearest.
        mail.follows.extend(ids.into_iter().rev());
    }
    mail.follows.truncate(MOST_REFERENCES);
    mail
}

fn from(head: &Message) -> Vec<String> {
    let lists = head.header_values(HeaderName::From);
    let mut all = Vec::new();
    for value in lists {
        let Some(list) = value.as_address() else {
            // Something stands there that is no address: then it is not one author.
            all.push(String::new());
            continue;
        };
        let addresses = list.iter().map(|one| one.address().unwrap_or_default().trim().to_ascii_lowercase());
        all.extend(addresses.take(MOST_FROM));
    }
    all.truncate(MOST_FROM);
    all
}

fn ids(value: &mail_parser::HeaderValue) -> Vec<String> {
    let list = value.as_text_list().map(<[_]>::to_vec);
    let all = list.unwrap_or_else(|| value.as_text().map(Into::into).into_iter().collect());
    all.into_iter().take(MOST_REFERENCES).map(|id| id.trim_matches(['<', '>', ' ']).to_owned()).collect()
}

/// What can be shown and kept of a text: no control characters, not more than a page.
fn text(content: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(content);
    let seen = |c: &char| !c.is_control() || *c == '\n' || *c == '\t';
    let text: String = text.chars().filter(seen).take(MOST_TEXT).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OWN: &str = "schakel.example";

    fn of(raw: &str) -> Mail {
        read(raw.replace('\n', "\r\n").as_bytes(), OWN).unwrap()
    }

    #[test]
    fn what_an_answer_needs_is_found() {
        let mail = of("Return-Path: <zoe@school.example>\nAuthentication-Results: mx.own;\n dmarc=pass\n\
            Authentication-Results: other; dmarc=fail\nDelivered-To: overleg+r-abc@Schakel.example\n\
            From: =?utf-8?Q?Zo=C3=AB?= <Zoe@School.Example>\nTo: \"Overleg\" <OVERLEG+r-abc@schakel.example>, b@x.nl\n\
            Message-ID: <1@school.example>\nIn-Reply-To: <two@schakel.example>\n\
            References: <one@schakel.example>\n <two@schakel.example>\n\
            Content-Type: multipart/mixed; boundary=b\n\n--b\n\n Ik kan \x07niet. \n--b\nContent-Type: text/calendar\n\n\
            BEGIN:VCALENDAR\n--b\nContent-Type: application/ics\n\nBEGIN:VCALENDAR\n--b--\n");
        assert_eq!(mail.author(), Some("zoe@school.example"));
        assert_eq!(mail.id.as_deref(), Some("1@school.example"));
        assert_eq!(mail.results.len(), 2);
        assert!(mail.results[0].starts_with("mx.own;") && mail.results[0].ends_with("dmarc=pass"));
        assert_eq!(mail.tags, ["overleg+r-abc@schakel.example"]);
        assert_eq!(mail.follows[0], "two@schakel.example");
        assert_eq!(mail.calendars, [b"BEGIN:VCALENDAR".to_vec()], "twice the same is one");
        assert_eq!(mail.text.as_deref(), Some("Ik kan niet."));
        assert!(mail.answerable && !mail.automatic && mail.report.is_none());
    }

    #[test]
    fn two_authors_are_none() {
        for from in [
            "From: a@x.nl, b@x.nl",
            "From: a@x.nl\nFrom: b@x.nl",
            "From: a@x.nl\nFr om: b@x.nl",
            "From: groep: a@x.nl, b@x.nl;",
            "Subject: nobody",
            "From: undisclosed:;",
        ] {
            assert_eq!(of(&format!("{from}\n\nx")).author(), None, "{from}");
        }
        assert_eq!(of("From: \"b@x.nl\" <a@x.nl>\n\nx").author(), Some("a@x.nl"));
    }

    proptest! {
        #[test]
        fn no_head_makes_it_panic(lines in proptest::collection::vec(
            "(From|To|Cc|References|Message-ID|Authentication-Results|Content-Type|Auto-Submitted): ?(?s).{0,40}", 0..8
        )) {
            let raw = format!("{}\r\n\r\ntext", lines.join("\r\n"));
            if let Ok(mail) = read(raw.as_bytes(), OWN) {
                prop_assert!(mail.from.len() <= MOST_FROM);
            }
        }
    }
}
