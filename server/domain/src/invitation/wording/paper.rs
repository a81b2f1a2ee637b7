//! The letter on paper, for who has no address for mail: the same words, and the link as a picture.

use qrcodegen::{QrCode, QrCodeEcc};

use super::{
    Letter, Wish,
    catalogue::catalogue,
    found_in,
    html::{Look, escaped},
    meeting::{Medium, page, subject},
    neutral,
    page::lay_out,
};

/// White modules around the code, without which many cameras do not find it (ISO/IEC 18004 §6.3.8).
const QUIET: i32 = 4;

/// Writes the letter that is printed: one document that fetches nothing. Without a picture when
/// the link is too long for one, which no link of ours is.
#[must_use]
pub fn paper(wish: &Wish) -> Letter {
    let label = &catalogue(wish.reading.first).paper.picture;
    let picture = qr_svg(wish.link, label).unwrap_or_default();
    written(wish, &picture)
}

fn written(wish: &Wish, picture: &str) -> Letter {
    let look = Look::paper(wish.reading.large_print, picture);
    lay_out(subject(wish), wish.reading, look, |language| page(wish, Medium::Paper, language))
}

/// The first forbidden word in the letter on paper, as [`super::betrays`].
#[must_use]
pub fn paper_betrays(wish: &Wish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    found_in(&written(&neutral(wish, &nobody), ""))
}

/// `text` as a QR code that stands a smudge (level M), with a name for who hears the page; none
/// when it is too long.
#[must_use]
pub fn qr_svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            path.extend(["M", &(x + QUIET).to_string(), " ", &(y + QUIET).to_string(), "h1v1h-1z"]);
        }
    }
    let (width, label) = (size + 2 * QUIET, escaped(label));
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{label}\" width=\"180\" \
         height=\"180\" viewBox=\"0 0 {width} {width}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{width}\" height=\"{width}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_drawn_with_white_around_it() {
        let svg = qr_svg("https://schakel.example/r/abc", "<Blokje>").unwrap();
        assert!(svg.contains("aria-label=\"&lt;Blokje&gt;\""));
        // 29 octets at level M are version 3: 29 modules, and four white ones on each side.
        assert!(svg.contains("viewBox=\"0 0 37 37\""), "{}", &svg[..200]);
        // The finder pattern begins in the corner of the code, and nothing stands before it.
        assert!(svg.contains("d=\"M4 4h1v1h-1zM5 4h1"));
        assert!(!svg.contains("M3 ") && !svg.contains(" 3h1"));
        assert_ne!(qr_svg("https://schakel.example/r/abd", ""), qr_svg("https://schakel.example/r/abc", ""));
        assert_eq!(qr_svg(&"x".repeat(3_000), ""), None);
    }
}
