//! The parser that all formats share: columns by name, every bad row at once.

use std::{borrow::Cow, collections::BTreeMap};

use super::cell::{self, Problem};
use crate::refusal::{Language, Refusal};

/// The largest file that is read: 16 MiB.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Bad rows beyond this are not told; a file of another kind would repeat itself.
pub const MAX_BAD_ROWS: usize = 1000;
const BOM: &str = "\u{feff}";

/// A column of a format. The first name is written, every name is read.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Names in capitals.
    pub names: &'static [&'static str],
    /// A file without it is read as one in which its cells are empty.
    pub optional: bool,
}

impl Column {
    /// The name it is written with.
    pub fn name(self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }
}

/// A kind of row.
pub trait Record: Sized {
    /// The columns in the order they are written.
    const COLUMNS: &'static [Column];

    /// Reads one cell per column, in that order; every problem with its column's place.
    fn read(cells: &[&str]) -> Result<Self, Vec<(usize, Problem)>>;

    /// What the first line of its file, in capitals, says of a row beside its cells.
    #[must_use]
    fn under(self, _header: &[String]) -> Self {
        self
    }

    /// One cell per column: what [`Record::read`] reads back.
    fn cells(&self) -> Vec<String>;

    /// What no two rows of a file share.
    fn key(&self) -> Vec<String>;
}

/// How to put a row right, without a word of what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// In plain Dutch.
    pub dutch: String,
    /// In English.
    pub english: String,
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRow {
    /// The line of the file on which the row starts; the header is line 1.
    pub line: u64,
    /// The column, empty if it is the whole row.
    pub column: &'static str,
    /// What is wrong.
    pub refusal: Refusal,
    /// What to do.
    pub remedy: Remedy,
}

/// A good row and where it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<R> {
    /// The line of the file on which the row starts.
    pub line: u64,
    /// What it says.
    pub record: R,
}

/// What a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<R> {
    /// The good rows, in the order of the file.
    pub rows: Vec<Row<R>>,
    /// Why the others are not among them; at most [`MAX_BAD_ROWS`].
    pub bad: Vec<BadRow>,
}

/// Nothing of the file can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRefused {
    /// `CSV_HEADER_INVALID` or `MESSAGE_TOO_LARGE`.
    pub refusal: Refusal,
    /// The columns that the first line lacks, or names twice.
    pub columns: Vec<&'static str>,
}

/// Reads a file with `;` between cells and the columns named in its first line, in any
/// order and among others; UTF-8 with or without a byte-order mark, otherwise windows-1252.
pub fn parse<R: Record>(bytes: &[u8]) -> Result<Parsed<R>, FileRefused> {
    if bytes.len() > MAX_BYTES {
        return Err(FileRefused { refusal: Refusal::MessageTooLarge, columns: Vec::new() });
    }
    let text = decode(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records().map_while(Result::ok);
    let header = records.next().unwrap_or_default();
    let named: Vec<String> = header.iter().map(|name| name.trim().to_uppercase()).collect();
    let places = places::<R>(&named)?;
    let mut file = Rows { parsed: Parsed { rows: Vec::new(), bad: Vec::new() }, seen: BTreeMap::new() };
    let mut lines = Lines { text: text.as_bytes(), byte: 0, line: 1 };
    for record in records {
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        if record.len() == header.len() {
            let cells: Vec<&str> =
                places.iter().map(|place| place.map_or("", |place| record[place].trim())).collect();
            file.take(line, R::read(&cells).map(|row| row.under(&named)));
        } else if record.iter().any(|cell| !cell.trim().is_empty()) {
            file.refuse(line, "", cell::WRONG_WIDTH);
        }
    }
    Ok(file.parsed)
}

/// The rows as a file in UTF-8 that [`parse`] reads back.
pub fn write<'a, R: Record + 'a>(records: impl IntoIterator<Item = &'a R>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    let header: Vec<&str> = R::COLUMNS.iter().map(|column| column.name()).collect();
    let lines = std::iter::once(header.into_iter().map(str::to_owned).collect());
    for line in lines.chain(records.into_iter().map(Record::cells)) {
        let line: Vec<String> = line;
        writer.write_record(&line).expect("a vector takes every byte and rows have one width");
    }
    writer.into_inner().expect("a vector takes every byte")
}

fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.strip_prefix(BOM).unwrap_or(text)),
        Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Where each column stands in the header, if it does.
fn places<R: Record>(named: &[String]) -> Result<Vec<Option<usize>>, FileRefused> {
    let of = |column: &Column| {
        let mut found = named.iter().enumerate().filter(|(_, name)| column.names.contains(&name.as_str()));
        match (found.next(), found.next()) {
            (Some((place, _)), None) => Ok(Some(place)),
            (None, _) if column.optional => Ok(None),
            (None, _) | (Some(_), Some(_)) => Err(column.name()),
        }
    };
    let found: Vec<Result<Option<usize>, &'static str>> = R::COLUMNS.iter().map(of).collect();
    let columns: Vec<&'static str> = found.iter().filter_map(|place| place.err()).collect();
    if columns.is_empty() {
        Ok(found.into_iter().flatten().collect())
    } else {
        Err(FileRefused { refusal: Refusal::CsvHeaderInvalid, columns })
    }
}

/// Counts line ends as far as it has come. The reader's own count lags behind at `\r\n` and
/// at empty lines, because a record's position lies before the ends that it skips.
struct Lines<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first character at or after `byte` that ends no line.
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(&here) = self.text.get(self.byte) {
            let ends = here == b'\n' || here == b'\r';
            if self.byte >= byte && !ends {
                break;
            }
            self.byte += 1;
            let half = here == b'\r' && self.text.get(self.byte) == Some(&b'\n');
            self.line += u64::from(ends && !half);
        }
        self.line
    }
}

struct Rows<R> {
    parsed: Parsed<R>,
    seen: BTreeMap<Vec<String>, u64>,
}

impl<R: Record> Rows<R> {
    fn take(&mut self, line: u64, read: Result<R, Vec<(usize, Problem)>>) {
        match read {
            Ok(record) => {
                let key = record.key();
                if let Some(first) = self.seen.get(&key) {
                    let remedy = twice(*first);
                    self.push(BadRow { line, column: "", refusal: Refusal::AlreadyExists, remedy });
                } else {
                    self.seen.insert(key, line);
                    self.parsed.rows.push(Row { line, record });
                }
            }
            Err(problems) => {
                for (column, problem) in problems {
                    self.refuse(line, R::COLUMNS.get(column).map_or("", |column| column.name()), problem);
                }
            }
        }
    }

    fn refuse(&mut self, line: u64, column: &'static str, problem: Problem) {
        let Problem { refusal, form } = problem;
        let text = |language, form: &'static str| {
            if form.is_empty() { refusal.text(language).to_owned() } else { form.to_owned() }
        };
        let remedy = Remedy {
            dutch: text(Language::Dutch, form.dutch),
            english: text(Language::English, form.english),
        };
        self.push(BadRow { line, column, refusal, remedy });
    }

    fn push(&mut self, bad: BadRow) {
        if self.parsed.bad.len() < MAX_BAD_ROWS {
            self.parsed.bad.push(bad);
        }
    }
}

fn twice(first: u64) -> Remedy {
    Remedy {
        dutch: format!("Dit staat ook op regel {first}. Haal een van de twee weg."),
        english: format!("This also stands on line {first}. Remove one of the two."),
    }
}
