//! The letter that only says that there is something to read: nothing stands in it.

use super::wording::Letter;
use crate::text::Name;

/// Writes it, from the neutral name under which the region mails.
#[must_use]
pub fn notice(recipient: &Name, sender: &Name, portal: &str) -> Letter {
    let (recipient, sender) = (recipient.as_str(), sender.as_str());
    let text = format!(
        "Beste {recipient},\n\nEr staat een bericht voor u klaar. Meld u aan om die te lezen: {portal}\n\n\
         Met groet,\n{sender}\n\n---\n\n\
         Dear {recipient},\n\nThere is a message for you. Sign in to read it: {portal}\n\n\
         Regards,\n{sender}\n"
    );
    Letter { subject: format!("{sender}: er staat een bericht voor u klaar"), text, html: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invitation::forbidden_word;

    #[test]
    fn nothing_stands_in_it() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        let letter = notice(&name("Femke Groen"), &name("Overleg"), "https://schakel.example");
        assert_eq!(forbidden_word(&letter.text), None);
        assert_eq!(forbidden_word(&letter.subject), None);
        assert!(letter.text.contains("Femke Groen") && !letter.subject.contains("Femke"));
    }
}
