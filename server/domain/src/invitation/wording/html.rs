//! The letter as one accessible document: languages marked, no images, nothing fetched.

use super::Page;
use crate::refusal::Language;

/// Text as it may stand in an element or a quoted attribute.
fn escaped(text: &str) -> String {
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

/// `<tag>text</tag>`; the one place where text becomes markup.
fn element(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>\n", escaped(text))
}

/// The whole document; the first page gives it its language.
pub(super) fn document(title: &str, pages: &[Page; 2]) -> String {
    let [first, second] = pages;
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n{}</head>\n\
         <body style=\"font-family:sans-serif;font-size:1rem;line-height:1.5;max-width:40em\">\n\
         {}<hr>\n{}</body>\n</html>\n",
        code(first.language),
        element("title", title),
        section(first, "h1"),
        section(second, "h2"),
    )
}

fn code(language: Language) -> &'static str {
    match language {
        Language::Dutch => "nl",
        Language::English => "en",
    }
}

fn section(page: &Page, heading: &str) -> String {
    let mut out = format!("<div lang=\"{}\">\n", code(page.language));
    out.push_str(&element(heading, &page.heading));
    out.push_str(&element("p", &page.greeting));
    out.push_str(&element("p", page.opening));
    out.push_str("<ul>\n");
    for (label, fact) in &page.facts {
        out.push_str(&element("li", &format!("{label}: {fact}")));
    }
    out.push_str("</ul>\n");
    if let Some((sentence, link)) = &page.answer {
        let link = escaped(link);
        out.extend(["<p>", &escaped(sentence), "<br>\n<a href=\"", &link, "\">", &link, "</a></p>\n"]);
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
