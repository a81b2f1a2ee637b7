//! Octets of a server, as they come, put together to answers. A literal that is larger than was
//! allowed is refused when it is announced, not when it is there.

/// The longest line that is read: a list of found messages is one.
const LONGEST_LINE: usize = 1 << 20;

/// The most messages that are noted of one search; the others are found by the next.
const MOST_FOUND: usize = 1_000;

/// Literals of one answer.
const MOST_LITERALS: usize = 16;

/// The server says what is none, or too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A line without an end, or a literal beyond what was allowed.
    #[error("an answer is too long")]
    TooLong,
    /// It does not look like an answer.
    #[error("an answer cannot be read")]
    Garbled,
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Done.
    Ok,
    /// Refused.
    No,
    /// Not understood.
    Bad,
}

/// What a server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Response {
    /// Go on with the command.
    Go,
    /// A command ended.
    Done {
        /// Which.
        tag: String,
        /// How.
        ended: Ended,
    },
    /// A greeting, or something to know.
    Ok,
    /// The connection is signed in by other means.
    Preauthenticated,
    /// It is about to close.
    Bye,
    /// What it can, in capitals.
    Can(Vec<String>),
    /// Messages by their UIDs, or numbers.
    Found(Vec<u32>),
    /// There are so many messages: maybe a new one.
    Exists(u32),
    /// A message, or something about it.
    Message(Fetched),
    /// Anything else.
    Other,
}

/// Of one message what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Its UID, when it is told.
    pub uid: Option<u32>,
    /// Its octets, when they are told; a message that is gone has none.
    pub body: Option<Vec<u8>>,
}

/// Puts answers together.
#[derive(Debug)]
pub struct Reader {
    buffer: Vec<u8>,
    /// Up to where there is no end of a line.
    looked: usize,
    most: usize,
}

impl Reader {
    /// One that keeps literals of at most `most` octets.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { buffer: Vec::new(), looked: 0, most }
    }

    /// Takes octets as they came.
    pub fn take(&mut self, octets: &[u8]) {
        self.buffer.extend_from_slice(octets);
    }

    /// Whether nothing waits to be read: before TLS begins, nothing may.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// The next answer, when it is whole.
    ///
    /// # Errors
    /// When the server says too much, or what is no answer. Nothing that it says later is of use.
    pub fn response(&mut self) -> Result<Option<Response>, Broken> {
        let Some(mut end) = self.line_end(0)? else { return Ok(None) };
        let first = &self.buffer[..end];
        let Some(number) = message_number(first) else {
            let response = simple(trimmed(first))?;
            self.drop_until(end + 1);
            return Ok(Some(response));
        };
        if number.1 != "FETCH" {
            let exists = number.1 == "EXISTS";
            self.drop_until(end + 1);
            return Ok(Some(if exists { Response::Exists(number.0) } else { Response::Other }));
        }
        // Only what fetches holds literals.
        let mut pieces = Vec::from([(0, end)]);
        let mut literals = Vec::new();
        let mut kept = 0_usize;
        let mut last = 0;
        while let Some(length) = announced(trimmed(&self.buffer[last..end]))? {
            kept = kept.saturating_add(length);
            if kept > self.most || pieces.len() > MOST_LITERALS {
                return Err(Broken::TooLong);
            }
            let from = end + 1;
            last = from + length;
            if self.buffer.len() < last {
                return Ok(None);
            }
            literals.push((from, last));
            let Some(next) = self.line_end(last)? else { return Ok(None) };
            end = next;
            pieces.push((last, end));
        }
        let texts: Vec<&[u8]> = pieces.iter().map(|&(from, end)| trimmed(&self.buffer[from..end])).collect();
        let bodies: Vec<&[u8]> = literals.iter().map(|&(from, end)| &self.buffer[from..end]).collect();
        let fetched = fetched(&texts, &bodies);
        self.drop_until(end + 1);
        Ok(Some(Response::Message(fetched)))
    }

    /// Where the line ends that begins at `from`.
    fn line_end(&mut self, from: usize) -> Result<Option<usize>, Broken> {
        let begin = if from == 0 { self.looked } else { from };
        let found = self.buffer.get(begin..).and_then(|rest| rest.iter().position(|octet| *octet == b'\n'));
        if found.is_none() && from == 0 {
            self.looked = self.buffer.len();
        }
        let end = found.map_or(self.buffer.len(), |at| begin + at);
        if end.saturating_sub(from) > LONGEST_LINE {
            return Err(Broken::TooLong);
        }
        if found.is_some() && from == 0 {
            self.looked = end;
        }
        Ok(found.map(|_| end))
    }

    fn drop_until(&mut self, end: usize) {
        self.buffer.drain(..end);
        self.looked = 0;
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// `* 12 FETCH …` as 12 and its word.
fn message_number(line: &[u8]) -> Option<(u32, String)> {
    let rest = line.strip_prefix(b"* ")?;
    let digits = rest.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let number = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
    let word = rest[digits..].strip_prefix(b" ")?;
    let word: Vec<u8> = word.iter().copied().take_while(u8::is_ascii_alphabetic).collect();
    Some((number, String::from_utf8(word).ok()?.to_ascii_uppercase()))
}

/// The octets that a line announces at its end.
fn announced(line: &[u8]) -> Result<Option<usize>, Broken> {
    let Some(inside) = line.strip_suffix(b"}") else { return Ok(None) };
    let Some(open) = inside.iter().rposition(|octet| *octet == b'{') else { return Ok(None) };
    let digits = &inside[open + 1..];
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Ok(None);
    }
    let length = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    length.map(Some).ok_or(Broken::TooLong)
}

fn simple(line: &[u8]) -> Result<Response, Broken> {
    let line = String::from_utf8_lossy(line);
    if line.starts_with('+') {
        return Ok(Response::Go);
    }
    let (tag, rest) = line.split_once(' ').ok_or(Broken::Garbled)?;
    let mut words = rest.split(' ');
    let word = words.next().unwrap_or_default().to_ascii_uppercase();
    if tag != "*" {
        let ended = match word.as_str() {
            "OK" => Ended::Ok,
            "NO" => Ended::No,
            "BAD" => Ended::Bad,
            _ => return Err(Broken::Garbled),
        };
        return Ok(Response::Done { tag: tag.to_owned(), ended });
    }
    Ok(match word.as_str() {
        "OK" => Response::Ok,
        "PREAUTH" => Response::Preauthenticated,
        "BYE" => Response::Bye,
        "CAPABILITY" => Response::Can(words.map(str::to_ascii_uppercase).collect()),
        "SEARCH" => Response::Found(words.filter_map(|word| word.parse().ok()).take(MOST_FOUND).collect()),
        _ => Response::Other,
    })
}

/// The texts of an answer, and the literals between them.
fn fetched(texts: &[&[u8]], literals: &[&[u8]]) -> Fetched {
    let mut fetched = Fetched::default();
    for (at, text) in texts.iter().enumerate() {
        let text = String::from_utf8_lossy(text);
        let mut words = text.split([' ', '(', ')']).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            if word.eq_ignore_ascii_case("UID") {
                fetched.uid = fetched.uid.or_else(|| words.peek().and_then(|uid| uid.parse().ok()));
            }
            let of_body = word.len() >= 6 && word.as_bytes()[..6].eq_ignore_ascii_case(b"BODY[]");
            match words.peek() {
                Some(&"\"\"") if of_body => fetched.body = Some(Vec::new()),
                Some(next) if of_body && next.starts_with('{') => {
                    fetched.body = literals.get(at).map(|literal| literal.to_vec());
                }
                Some(_) | None => {}
            }
        }
    }
    fetched
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(octets: &[u8]) -> Vec<Response> {
        let mut reader = Reader::new(100);
        reader.take(octets);
        std::iter::from_fn(|| reader.response().unwrap()).collect()
    }

    fn done(tag: &str, ended: Ended) -> Response {
        Response::Done { tag: tag.to_owned(), ended }
    }

    #[test]
    fn a_conversation_is_read() {
        let said =
            b"* OK [CAPABILITY IMAP4rev1] ready {5}\r\n* CAPABILITY IMAP4rev1 idle Move\r\na1 OK done\r\n\
            * SEARCH 1 22 333\r\na2 NO [ALREADYEXISTS] there\r\n* 4 EXISTS\r\n* 4 EXPUNGE\r\n+ idling\r\n\
            * FLAGS (\\Seen)\r\n* bye\r\na3 BAD what\r\n";
        let can = ["IMAP4REV1", "IDLE", "MOVE"].map(str::to_owned).to_vec();
        assert_eq!(
            all(said),
            [
                Response::Ok,
                Response::Can(can),
                done("a1", Ended::Ok),
                Response::Found(vec![1, 22, 333]),
                done("a2", Ended::No),
                Response::Exists(4),
                Response::Other,
                Response::Go,
                Response::Other,
                Response::Bye,
                done("a3", Ended::Bad),
            ]
        );
    }

    #[test]
    fn a_message_is_read_wherever_its_parts_stand() {
        let message =
            |uid, body: Option<&[u8]>| Response::Message(Fetched { uid, body: body.map(<[u8]>::to_vec) });
        for (said, expected) in [
            (&b"* 1 FETCH (UID 7 BODY[]<0> {5}\r\na\r\n)b)\r\n"[..], message(Some(7), Some(b"a\r\n)b"))),
            (b"* 1 FETCH (BODY[] {0}\r\n UID 7)\r\n", message(Some(7), Some(b""))),
            (b"* 1 fetch (uid 7 flags (\\Seen) body[]<0> \"\")\r\n", message(Some(7), Some(b""))),
            (b"* 1 FETCH (UID 7 BODY[]<0> NIL)\r\n", message(Some(7), None)),
            (b"* 1 FETCH (FLAGS (\\Deleted))\r\n", message(None, None)),
            (b"* 1 FETCH (X {3}\r\nUID BODY[] {2}\r\nhi UID 9)\r\n", message(Some(9), Some(b"hi"))),
        ] {
            assert_eq!(all(said), [expected]);
        }
    }

    #[test]
    fn too_much_is_refused_when_it_is_announced() {
        for said in [&b"* 1 FETCH (BODY[] {101}\r\n"[..], b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n"]
        {
            let mut reader = Reader::new(100);
            reader.take(said);
            assert_eq!(reader.response(), Err(Broken::TooLong));
        }
        let mut reader = Reader::new(100);
        reader.take(&vec![b'a'; LONGEST_LINE + 1]);
        assert_eq!(reader.response(), Err(Broken::TooLong));
        let mut reader = Reader::new(100);
        reader.take(b"nonsense\r\n");
        assert_eq!(reader.response(), Err(Broken::Garbled));
        let mut found = b"* SEARCH".to_vec();
        (0..5_000).for_each(|uid| found.extend(format!(" {uid}").into_bytes()));
        found.extend(b"\r\n");
        assert!(matches!(&all(&found)[..], [Response::Found(uids)] if uids.len() == MOST_FOUND));
    }

    proptest! {
        #[test]
        fn how_the_octets_are_cut_changes_nothing(cut in 1_usize..40, body in "(?s).{0,30}") {
            let said = format!(
                "* OK hi\r\n* 2 FETCH (UID 3 BODY[]<0> {{{}}}\r\n{body})\r\n* SEARCH 1 2\r\na OK x\r\n",
                body.len()
            );
            let mut reader = Reader::new(200);
            let mut heard = Vec::new();
            for piece in said.as_bytes().chunks(cut) {
                reader.take(piece);
                while let Some(response) = reader.response().unwrap() {
                    heard.push(response);
                }
            }
            let message = Fetched { uid: Some(3), body: Some(body.into_bytes()) };
            prop_assert_eq!(heard, vec![
                Response::Ok, Response::Message(message), Response::Found(vec![1, 2]), done("a", Ended::Ok)
            ]);
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn nothing_that_a_server_says_makes_it_panic(octets in proptest::collection::vec(
            prop_oneof![any::<u8>(), proptest::sample::select(b"* 1FETCH(BODY[]{9}\r\n+aOK \"".to_vec())], 0..300)
        ) {
            let mut reader = Reader::new(50);
            reader.take(&octets);
            while let Ok(Some(_)) = reader.response() {}
        }
    }
}
