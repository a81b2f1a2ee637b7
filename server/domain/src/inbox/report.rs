//! What a mail server says became of a mail of ours (RFC 3464).

use mail_parser::MessageParser;

use super::mime::Part;

/// Recipients of a report that are looked at; a mail of ours has one.
const MOST_RECIPIENTS: usize = 100;

/// That the mailbox itself takes nothing (RFC 3463 §3.2, §3.3; RFC 7505): it, its server or its name is
/// not there, it moved or is closed. Of the others, 5.1.7 and 5.1.8 are about the sender.
const GONE: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It was given up, for whatever reason.
    Failed,
    /// It is still being tried, or it arrived: nothing that anybody has to know.
    Underway,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What happened.
    pub fate: Fate,
    /// The addresses of mailboxes that take nothing, in lower case, as it says: which is worth
    /// remembering of the one that our mail went to.
    pub mailboxes: Vec<String>,
}

/// The report of a mail of the kind `multipart/report`. What it says our mail was is not read: it may be
/// about any, and only the address that it was sent to shows which.
pub(super) fn of(parser: &MessageParser, leaves: &[Part]) -> Option<Report> {
    let status = leaves.iter().find(|part| part.kind == "message/delivery-status")?;
    let content = status.content(parser);
    let text = String::from_utf8_lossy(&content);
    let lines: Vec<&str> = text.lines().collect();
    let mut found: Option<Report> = None;
    // About the mail as a whole, and then about each recipient.
    for fields in lines.split(|line| line.trim().is_empty()).take(1 + MOST_RECIPIENTS) {
        let Some(action) = field(fields, "Action") else { continue };
        let report = found.get_or_insert(Report { fate: Fate::Underway, mailboxes: Vec::new() });
        if word(&action) != "failed" {
            continue;
        }
        report.fate = Fate::Failed;
        let code = field(fields, "Status").unwrap_or_default();
        if GONE.contains(&word(&code)) {
            let named = ["Original-Recipient", "Final-Recipient"].into_iter();
            report.mailboxes.extend(named.filter_map(|name| address(&field(fields, name)?)));
        }
    }
    found
}

/// In lower case.
fn field(lines: &[&str], name: &str) -> Option<String> {
    lines.iter().find_map(|line| {
        let (own, value) = line.split_once(':')?;
        own.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_ascii_lowercase())
    })
}

/// A value without the comment behind it.
fn word(value: &str) -> &str {
    value.split([' ', '\t', '(', ';']).next().unwrap_or_default()
}

/// The address behind its kind.
fn address(value: &str) -> Option<String> {
    let (_, address) = value.split_once(';')?;
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    address.contains('@').then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inbox::{Content, content, read};

    const ZOE: &str = "Final-Recipient: rfc822; zoe@school.example";

    fn mail(fields: &str) -> String {
        format!(
            "From: MAILER-DAEMON@x.nl\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\n\r\nUndelivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
             Reporting-MTA: dns; x.nl\r\n\r\n{}\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <1.0.req@schakel.example>\r\nSubject: x\r\n\r\n--b--\r\n",
            fields.replace('\n', "\r\n")
        )
    }

    fn report(fields: &str) -> Option<Report> {
        read(mail(fields).as_bytes(), "schakel.example").unwrap().report
    }

    fn failed(mailboxes: &[&str]) -> Report {
        let mailboxes = mailboxes.iter().map(|one| (*one).to_owned()).collect();
        Report { fate: Fate::Failed, mailboxes }
    }

    #[test]
    fn a_mail_that_was_given_up_is_told_from_one_that_is_late() {
        let of = |action: &str, status: &str| report(&format!("{ZOE}\n{action}\n{status}"));
        let underway = Some(Report { fate: Fate::Underway, mailboxes: Vec::new() });
        assert_eq!(of("Action: delayed", "Status: 4.4.1"), underway);
        assert_eq!(of("Action: delivered", "Status: 2.0.0"), underway);
        assert_eq!(of("Action: relayed", "Status: 5.1.1"), underway);
        assert_eq!(of("X: y", "Status: 5.1.1"), None);
        // Given up is given up, also when each try might have gone better (RFC 3464 §2.3.3).
        for status in ["Status: 4.2.2", "Status: 4.4.7", "Status: 5.7.1", "Status: x", "X: y"] {
            assert_eq!(of("Action: failed", status), Some(failed(&[])), "{status}");
            assert_eq!(of("action: Failed (expired)", status), Some(failed(&[])), "{status}");
        }
        let raw = mail(&format!("{ZOE}\nAction: failed\nStatus: 4.4.7"));
        assert_eq!(content(&read(raw.as_bytes(), "schakel.example").unwrap()), Content::Bounce);
    }

    #[test]
    fn only_that_a_mailbox_is_not_there_is_worth_remembering_of_it() {
        let of = |status: &str| report(&format!("{ZOE}\nAction: failed\nStatus: {status}"));
        for gone in
            ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.1.1 (no such user)", "5.2.1(off)"]
        {
            assert_eq!(of(gone), Some(failed(&["zoe@school.example"])), "{gone}");
        }
        // 5.1.7 and 5.1.8 are about our own address, the rest about anything.
        for other in [
            "5.1.0", "5.1.4", "5.1.7", "5.1.8", "5.1.9", "5.1.11", "5.2.0", "5.2.10", "5.2.2", "5.7.1",
            "4.1.1",
        ] {
            assert_eq!(of(other), Some(failed(&[])), "{other}");
        }
    }

    #[test]
    fn a_mailbox_is_that_of_the_recipient_who_failed() {
        let both = "Original-Recipient: rfc822;Zoe@School.example\nFinal-Recipient: rfc822; <z@elders.example>\n\
                    Action: failed\nStatus: 5.1.1";
        assert_eq!(report(both), Some(failed(&["zoe@school.example", "z@elders.example"])));
        let two = format!(
            "Final-Recipient: rfc822; mo@team.example\nAction: delivered\nStatus: 5.1.1\n\n{ZOE}\nAction: failed\nStatus: 5.1.1"
        );
        assert_eq!(report(&two), Some(failed(&["zoe@school.example"])), "one of two");
        let late = format!(
            "{ZOE}\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; mo@team.example\nAction: delayed\nStatus: 4.4.1"
        );
        assert_eq!(report(&late), Some(failed(&["zoe@school.example"])), "the other way round");
        assert_eq!(report("Final-Recipient: zoe\nAction: failed\nStatus: 5.1.1"), Some(failed(&[])));
    }

    proptest! {
        /// Whatever a report says: nobody's mailbox is remembered who does not stand in it as failed.
        #[test]
        fn no_mailbox_is_gone_that_is_not_said_to_be(
            action in "(failed|delayed|delivered|[a-z ]{0,8})", status in "[245]\\.[0-9]{1,2}\\.[0-9]{1,2}", who in "[ -~]{0,30}"
        ) {
            let said = report(&format!("Final-Recipient: rfc822; {who}\nAction: {action}\nStatus: {status}"));
            let gone = said.map(|report| report.mailboxes).unwrap_or_default();
            prop_assert!(gone.is_empty() || (action.trim().starts_with("failed") && GONE.contains(&status.as_str())));
            prop_assert!(gone.iter().all(|one| who.to_ascii_lowercase().contains(one.as_str())));
        }
    }
}
