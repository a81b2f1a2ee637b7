//! What the answer of a relay, or its silence, means for a mail.

/// How far the dialogue with the relay came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter)]
pub enum Stage {
    /// Reaching it.
    Connect,
    /// Its greeting, and the answer to `EHLO`.
    Greeting,
    /// `STARTTLS`, its certificate, and `EHLO` again.
    Tls,
    /// `AUTH`.
    Auth,
    /// `MAIL`.
    From,
    /// `RCPT`.
    Recipient,
    /// `DATA`.
    Data,
    /// The answer to the message.
    AfterDot,
}

/// What was heard at a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// An answer.
    Code(u16),
    /// A refusal for good that says itself that it is about who sends, not about the mailbox (RFC 3463
    /// §3.8).
    Policy(u16),
    /// Nothing in time.
    Silence,
    /// The connection ended.
    Cut,
    /// Something that is no answer, or none to what was said.
    Nonsense,
    /// It does not offer what we insist on: TLS, or a way to sign in.
    Lacking,
}

/// How a try to send ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The relay has it.
    Sent,
    /// Later it may go.
    Again(&'static str),
    /// The mailbox takes nothing.
    Bounced(&'static str),
    /// This message will never go.
    Dead(&'static str),
}

/// Whether a code is about our being let in and not about the mail: an operator can mend a
/// password (RFC 4954 §6, RFC 3207 §4).
fn not_admitted(code: u16) -> bool {
    (530..=538).contains(&code)
}

/// Sorts what was heard (RFC 5321 §4.2.1). A refusal for good ends a mail only where it is about the
/// mail: at `MAIL`, `RCPT`, `DATA` and after the dot. Before that, the relay or we are to be mended. Once the
/// content has gone and no answer came, the mail may have been kept; it is sent again, the same to
/// the octet.
#[must_use]
pub fn verdict(stage: Stage, heard: Heard) -> Verdict {
    match heard {
        Heard::Silence => Verdict::Again("SMTP_TIMEOUT"),
        Heard::Cut | Heard::Lacking => Verdict::Again(match stage {
            Stage::Connect => "SMTP_UNREACHABLE",
            Stage::Tls => "SMTP_TLS_FAILED",
            Stage::Auth if heard == Heard::Lacking => "SMTP_NOT_ADMITTED",
            Stage::Greeting
            | Stage::Auth
            | Stage::From
            | Stage::Recipient
            | Stage::Data
            | Stage::AfterDot => "SMTP_CUT",
        }),
        Heard::Code(code) | Heard::Policy(code) if not_admitted(code) => Verdict::Again("SMTP_NOT_ADMITTED"),
        // Whoever booked is told; the address is as good as before.
        Heard::Policy(_) if stage == Stage::Recipient => Verdict::Bounced("POLICY_REFUSED"),
        Heard::Policy(_) if stage == Stage::AfterDot => Verdict::Dead("SMTP_PERMANENT"),
        Heard::Policy(code) | Heard::Code(code @ 500..=599) => for_good(stage, code),
        Heard::Code(400..=499) => Verdict::Again("SMTP_TRANSIENT"),
        Heard::Code(200..=299) if stage == Stage::AfterDot => Verdict::Sent,
        Heard::Nonsense | Heard::Code(_) => Verdict::Again("SMTP_GARBLED"),
    }
}

fn for_good(stage: Stage, code: u16) -> Verdict {
    match stage {
        Stage::Connect | Stage::Greeting => Verdict::Again("SMTP_TURNED_AWAY"),
        Stage::Tls => Verdict::Again("SMTP_TLS_FAILED"),
        Stage::Auth => Verdict::Again("SMTP_NOT_ADMITTED"),
        Stage::From | Stage::Data => Verdict::Dead("SMTP_PERMANENT"),
        Stage::Recipient => Verdict::Bounced("MAILBOX_REFUSED"),
        Stage::AfterDot => after_dot(code),
    }
}

/// A relay that looks for the mailbox last says so here (RFC 5321 §4.2.3).
fn after_dot(code: u16) -> Verdict {
    if matches!(code, 550 | 551 | 553) {
        Verdict::Bounced("MAILBOX_REFUSED")
    } else {
        Verdict::Dead("SMTP_PERMANENT")
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn only_what_is_about_the_mail_ends_it_for_good() {
        let ends = |stage| !matches!(verdict(stage, Heard::Code(554)), Verdict::Again(_));
        let ending: Vec<Stage> = Stage::iter().filter(|stage| ends(*stage)).collect();
        assert_eq!(ending, [Stage::From, Stage::Recipient, Stage::Data, Stage::AfterDot]);
    }

    #[test]
    fn what_may_pass_is_tried_again_at_every_stage() {
        let passing = [Heard::Silence, Heard::Cut, Heard::Nonsense, Heard::Lacking];
        for stage in Stage::iter() {
            let codes = [421, 450, 451, 452, 530, 535, 538].map(Heard::Code);
            for heard in passing.into_iter().chain(codes) {
                assert!(matches!(verdict(stage, heard), Verdict::Again(_)), "{stage:?} {heard:?}");
            }
        }
    }

    #[test]
    fn a_mail_is_sent_by_nothing_but_a_yes_after_the_dot() {
        for stage in Stage::iter() {
            let sent = verdict(stage, Heard::Code(250)) == Verdict::Sent;
            assert_eq!(sent, stage == Stage::AfterDot);
        }
        assert_eq!(verdict(Stage::AfterDot, Heard::Code(354)), Verdict::Again("SMTP_GARBLED"));
        assert_eq!(verdict(Stage::AfterDot, Heard::Code(550)), Verdict::Bounced("MAILBOX_REFUSED"));
        assert_eq!(verdict(Stage::AfterDot, Heard::Code(554)), Verdict::Dead("SMTP_PERMANENT"));
        assert_eq!(verdict(Stage::Recipient, Heard::Code(550)), Verdict::Bounced("MAILBOX_REFUSED"));
        assert_eq!(verdict(Stage::Recipient, Heard::Policy(550)), Verdict::Bounced("POLICY_REFUSED"));
        assert_eq!(verdict(Stage::AfterDot, Heard::Policy(550)), Verdict::Dead("SMTP_PERMANENT"));
        assert_eq!(verdict(Stage::From, Heard::Policy(530)), Verdict::Again("SMTP_NOT_ADMITTED"));
    }
}
