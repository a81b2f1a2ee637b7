//! The letter as one accessible document: languages marked, nothing fetched, nothing run.

use super::page::{Fact, Page};
use crate::refusal::Language;

/// How it looks on a screen or on paper.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look<'a> {
    /// Of the text, in CSS; headings grow with it.
    size: &'static str,
    /// What stands above the link: markup of our own, never a text from elsewhere.
    picture: Option<&'a str>,
}

impl Look<'static> {
    /// A mail.
    pub(super) const USUAL: Self = Self { size: "1rem", picture: None };
    /// A mail for who reads large print.
    pub(super) const LARGE: Self = Self { size: "1.5rem", picture: None };
}

impl<'a> Look<'a> {
    /// A sheet of paper: 12 points, or 18 for who reads large print.
    pub(super) fn paper(large_print: bool, picture: &'a str) -> Self {
        Self { size: if large_print { "18pt" } else { "12pt" }, picture: Some(picture) }
    }
}

/// Text as it may stand in an element or a quoted attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// `<tag>text</tag>`.
fn element(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>\n", escaped(text))
}

/// A link that says where it leads.
fn anchor(link: &str) -> String {
    let link = escaped(link);
    format!("<a style=\"overflow-wrap:anywhere\" href=\"{link}\">{link}</a>")
}

/// The whole document; the first page gives it its language.
pub(super) fn document(title: &str, pages: &[Page; 2], look: Look) -> String {
    let [first, second] = pages;
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n{}</head>\n\
         <body style=\"font-family:sans-serif;font-size:{};line-height:1.5;max-width:40em\">\n\
         <main>\n{}<hr>\n{}</main>\n</body>\n</html>\n",
        code(first.language),
        element("title", title),
        look.size,
        section(first, "h1", look),
        section(second, "h2", look),
    )
}

fn code(language: Language) -> &'static str {
    match language {
        Language::Dutch => "nl",
        Language::English => "en",
    }
}

fn section(page: &Page, heading: &str, look: Look) -> String {
    let mut out = format!("<div lang=\"{}\">\n", code(page.language));
    out.push_str(&element(heading, &page.heading));
    out.push_str(&element("p", &page.greeting));
    out.push_str(&element("p", &page.opening));
    if !page.facts.is_empty() {
        out.push_str("<ul>\n");
        for Fact { label, says, link } in &page.facts {
            out.extend(["<li>", &escaped(label), ": ", &escaped(says)]);
            if let Some(link) = link {
                out.extend(["<br>\n", &anchor(link)]);
            }
            out.push_str("</li>\n");
        }
        out.push_str("</ul>\n");
    }
    if let Some((sentence, link)) = &page.answer {
        out.extend(["<p>", &escaped(sentence), "<br>\n"]);
        if let Some(picture) = look.picture {
            out.extend([picture, "<br>\n"]);
        }
        out.extend([&anchor(link), "</p>\n"]);
    }
    for sentence in &page.closing {
        out.push_str(&element("p", sentence));
    }
    let [regards, sender] = &page.signature;
    out.extend(["<p>", &escaped(regards), "<br>\n", &escaped(sender), "</p>\n</div>\n"]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            element("p", "<a href='x' id=\"y\">&amp;"),
            "<p>&lt;a href=&#39;x&#39; id=&quot;y&quot;&gt;&amp;amp;</p>\n"
        );
    }
}
