//! Which mails are never answered by one of ours, so that no two programs write to each other for ever.

use mail_parser::{HeaderName, Message};

/// Whether a program sent it, and whether a mail may follow it: not one of a program, a list or a
/// mailer, not one without a sender, and not one of our own that came back.
pub(super) fn of(head: &Message, own: &str) -> (bool, bool) {
    let (mut automatic, mut never) = (false, false);
    for (name, value) in head.headers_raw() {
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            // RFC 3834 §5: `no` may be followed by a comment or parameters.
            "auto-submitted" => automatic |= value.split([';', ' ', '(']).next() != Some("no"),
            "x-autoreply" | "x-autorespond" | "x-auto-response" => automatic = true,
            "precedence" => {
                let list = ["bulk", "junk", "list", "auto_reply"].contains(&value.as_str());
                automatic |= value == "auto_reply";
                never |= list;
            }
            "list-id" | "list-unsubscribe" | "list-post" | "feedback-id" => never = true,
            "return-path" => never |= value.replace(' ', "") == "<>",
            _ => {}
        }
    }
    let id = head.message_id().unwrap_or_default();
    let ours = id.rsplit_once('@').is_some_and(|(_, domain)| domain.eq_ignore_ascii_case(own));
    let report = head.header(HeaderName::ContentType).and_then(|value| value.as_content_type());
    let report = report.is_some_and(|kind| kind.subtype() == Some("report"));
    (automatic, !(automatic || never || ours || report))
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn told(lines: &str) -> (bool, bool) {
        let raw = format!("From: a@x.nl\r\n{lines}\r\n\r\nx");
        of(&MessageParser::default().parse_headers(raw.as_bytes()).unwrap(), "schakel.example")
    }

    #[test]
    fn nothing_that_loops_is_answered() {
        for person in ["", "Auto-Submitted: no", "Auto-Submitted: no (typed)", "Message-ID: <1@x.nl>"] {
            assert_eq!(told(person), (false, true), "{person}");
        }
        for program in [
            "Auto-Submitted: auto-replied",
            "auto-submitted: AUTO-GENERATED; x=y",
            "Auto-Submitted: auto-replied\r\nAuto-Submitted: no",
            "X-Autoreply: yes",
            "Precedence: auto_reply",
        ] {
            assert_eq!(told(program), (true, false), "{program}");
        }
        for never in [
            "Precedence: Bulk",
            "Precedence: list",
            "List-Id: <l.x.nl>",
            "Return-Path: < >",
            "Return-Path: <>",
            "Message-ID: <0.0.req@SCHAKEL.example>",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        ] {
            assert_eq!(told(never), (false, false), "{never}");
        }
    }
}
