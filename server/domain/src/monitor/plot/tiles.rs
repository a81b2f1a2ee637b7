//! A tile for each wijk, as dark as there are children at home, with its number on it.

use super::draw::{Anchor, Drawing, GREYS};
use crate::refusal::Language;

/// A wijk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// What it is called.
    pub name: String,
    /// In which part of the region: tiles of one stand together.
    pub within: String,
    /// How many; none where that is withheld.
    pub count: Option<u32>,
}

const WIDE: f64 = 116.0;
const HIGH: f64 = 78.0;
const ACROSS: usize = 6;
const LEFT: f64 = 24.0;
const BLACK: &str = "#000";
/// In which letters a name is written, how many of them fit on a line, and how many lines above the number.
const SIZES: [(f64, usize, usize); 4] = [(12.0, 14, 2), (10.0, 17, 3), (8.0, 21, 4), (7.0, 24, 4)];

/// The picture; `place` is what the figures are about.
#[must_use]
pub fn tiles(tiles: &[Tile], place: &str, language: Language) -> String {
    let (title, legend, withheld) = match language {
        Language::Dutch => {
            ("Open dossiers per wijk van de school", "donker: meer dossiers", "gearceerd: niet getoond")
        }
        Language::English => ("Open cases by wijk of the school", "dark: more cases", "hatched: not shown"),
    };
    let title = format!("{title} – {place}");
    let mut groups: Vec<(&str, Vec<&Tile>)> = Vec::new();
    for tile in tiles {
        match groups.iter_mut().find(|(within, _)| *within == tile.within) {
            Some((_, group)) => group.push(tile),
            None => groups.push((&tile.within, vec![tile])),
        }
    }
    let rows: usize = groups.iter().map(|(_, group)| group.len().div_ceil(ACROSS)).sum();
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let height = 92.0 + number(groups.len()) * 34.0 + number(rows) * (HIGH + 6.0);
    let mut drawing = Drawing::new(LEFT * 2.0 + number(ACROSS) * (WIDE + 6.0), height);
    drawing.text((LEFT, 30.0), Anchor::Start, (18.0, BLACK), &title);
    drawing.text((LEFT, 52.0), Anchor::Start, (12.0, BLACK), &format!("{legend}; {withheld}"));
    let most = tiles.iter().filter_map(|tile| tile.count).max().unwrap_or_default();
    let mut y = 66.0;
    for (within, group) in groups {
        y += 22.0;
        drawing.text((LEFT, y), Anchor::Start, (14.0, BLACK), within);
        y += 10.0;
        for row in group.chunks(ACROSS) {
            let mut x = LEFT;
            for tile in row {
                draw(&mut drawing, (x, y), tile, most);
                x += WIDE + 6.0;
            }
            y += HIGH + 6.0;
        }
        y += 2.0;
    }
    let words: Vec<String> = tiles.iter().map(told).collect();
    drawing.done(language, &title, &words.join("; "))
}

fn told(tile: &Tile) -> String {
    let count = tile.count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    format!("{} ({}): {count}", tile.name, tile.within)
}

fn draw(drawing: &mut Drawing, (x, y): (f64, f64), tile: &Tile, most: u32) {
    let shade = |count: u32| {
        let at = count * 4 / most.max(1);
        usize::try_from(at).unwrap_or_default().min(GREYS.len() - 1)
    };
    let (fill, ink) = match tile.count {
        None => ("url(#withheld)", BLACK),
        Some(0) => ("#fff", BLACK),
        Some(count) => (GREYS[shade(count)], if shade(count) > 2 { "#fff" } else { BLACK }),
    };
    drawing.area((x, y), (WIDE, HIGH), fill);
    let count = tile.count.map(|count| count.to_string());
    let (size, lines) = written(&tile.name);
    if count.is_none() {
        let deep: f64 = lines.iter().map(|_| size + 2.0).sum();
        drawing.area((x + 4.0, y + 4.0), (WIDE - 8.0, deep + 6.0), "#fff");
    }
    let mut line_y = y + 7.0 + size;
    for line in &lines {
        drawing.text((x + 8.0, line_y), Anchor::Start, (size, ink), line);
        line_y += size + 2.0;
    }
    drawing.text((x + WIDE - 8.0, y + HIGH - 12.0), Anchor::End, (24.0, ink), &count.unwrap_or_default());
}

/// A name in the largest letters in which it is whole on a tile, and its lines. What is too long for any is cut
/// there, and whole in the words of the picture.
fn written(name: &str) -> (f64, Vec<String>) {
    let whole = |(size, fits, most): (f64, usize, usize)| {
        let lines = lines(name, fits);
        let is_whole = lines.len() <= most && lines.iter().all(|line| line.chars().count() <= fits);
        is_whole.then_some((size, lines))
    };
    SIZES.into_iter().find_map(whole).unwrap_or_else(|| {
        let (size, fits, most) = SIZES[SIZES.len() - 1];
        let letters: Vec<char> = name.chars().collect();
        (size, letters.chunks(fits).take(most).map(|line| line.iter().collect()).collect())
    })
}

/// The words of a name on lines of at most `fits` letters, but for a word that has more.
fn lines(name: &str, fits: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_inclusive([' ', '-', '/']) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.trim_end().chars().count() <= fits => {
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}
