//! Whether our own mail server vouches for an author (RFC 8601, RFC 7489).

/// Whether the topmost result of the server `authserv` says that DMARC passed for the domain of
/// `author`. Results of others, and lower ones that bear the same name, are what a stranger may
/// have written.
#[must_use]
pub fn authenticated(results: &[String], authserv: &str, author: &str) -> bool {
    let Some((_, domain)) = author.rsplit_once('@') else { return false };
    let mut read = results.iter().map(|result| tokens(result));
    let Some(own) = read.find_map(|tokens| {
        let tokens = tokens?;
        let own = matches!(tokens.first(), Some(Token::Word(id)) if id.eq_ignore_ascii_case(authserv));
        own.then_some(tokens)
    }) else {
        return false;
    };
    let methods: Vec<&[Token]> = own.split(|token| *token == Token::Semicolon).skip(1).collect();
    let mut dmarc = methods.iter().filter(|method| value(method, "dmarc").is_some());
    match (dmarc.next(), dmarc.next()) {
        (Some(one), None) => {
            value(one, "dmarc").is_some_and(|result| result.eq_ignore_ascii_case("pass"))
                && value(one, "header.from").is_some_and(|from| from.eq_ignore_ascii_case(domain))
        }
        // Two that may differ say nothing.
        (Some(_), Some(_)) | (None, _) => false,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Equals,
    Semicolon,
}

/// What follows `name =` in a method, if it stands there once.
fn value<'a>(method: &'a [Token], name: &str) -> Option<&'a str> {
    let mut found = method.windows(3).filter_map(|three| match three {
        [Token::Word(own), Token::Equals, Token::Word(value)] if own.eq_ignore_ascii_case(name) => {
            Some(value.as_str())
        }
        [..] => None,
    });
    match (found.next(), found.next()) {
        (Some(one), None) => Some(one),
        (Some(_), Some(_)) | (None, _) => None,
    }
}

/// Words, equals signs and semicolons, without comments; none when a quote or comment has no end.
fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => word.push_str(&until(&mut rest, '"', None)?),
            '(' => {
                until(&mut rest, ')', Some('('))?;
                end(&mut tokens, &mut word);
            }
            ';' | '=' => {
                end(&mut tokens, &mut word);
                tokens.push(if c == ';' { Token::Semicolon } else { Token::Equals });
            }
            c if c.is_whitespace() => end(&mut tokens, &mut word),
            c => word.push(c),
        }
    }
    end(&mut tokens, &mut word);
    Some(tokens)
}

fn end(tokens: &mut Vec<Token>, word: &mut String) {
    if !word.is_empty() {
        tokens.push(Token::Word(std::mem::take(word)));
    }
}

/// What stands before the closing sign, escapes undone; of comments, which may stand in one another.
fn until(rest: &mut std::str::Chars, close: char, open: Option<char>) -> Option<String> {
    let mut inside = String::new();
    let mut depth = 1;
    loop {
        match rest.next()? {
            '\\' => inside.push(rest.next()?),
            c if c == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(inside);
                }
            }
            c => {
                depth += usize::from(Some(c) == open);
                inside.push(c);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pass(results: &[&str]) -> bool {
        let results: Vec<String> = results.iter().map(|result| (*result).to_owned()).collect();
        authenticated(&results, "mx.own.example", "zoe@school.example")
    }

    #[test]
    fn only_our_own_server_is_believed_and_only_about_the_author() {
        for good in [
            "mx.own.example; dmarc=pass header.from=school.example",
            "MX.own.example 1; spf=pass smtp.mailfrom=zoe@school.example; dmarc=pass (p=reject; dis=none) header.from=School.Example",
            "mx.own.example; dkim=pass header.d=school.example; dmarc = pass header.from = school.example; arc=none",
        ] {
            assert!(pass(&[good]), "{good}");
            assert!(pass(&["else.example; dmarc=fail", good]));
            assert!(
                !pass(&["mx.own.example; dmarc=fail header.from=school.example", good]),
                "the topmost alone"
            );
        }
        for bad in [
            "",
            "mx.own.example; none",
            "mx.own.example; dmarc=pass",
            "mx.own.example; dmarc=fail header.from=school.example",
            "mx.own.example; dmarc=pass header.from=evil.example",
            "mx.own.example; dmarc=pass header.from=sub.school.example",
            "mx.own.example; dmarc=pass header.from=school.example header.from=evil.example",
            "mx.own.example; dmarc=pass header.from=school.example; dmarc=fail header.from=school.example",
            "mx.evil.example; dmarc=pass header.from=school.example",
            "x mx.own.example; dmarc=pass header.from=school.example",
            "mx.own.example; spf=fail smtp.mailfrom=\"; dmarc=pass header.from=school.example\"",
            "mx.own.example; spf=fail (; dmarc=pass header.from=school.example)",
            "mx.own.example; spf=fail (\\) ; dmarc=pass header.from=school.example",
            "mx.own.example; dmarc=pass header.from=school.example \"",
            "mx.own.example; x.dmarc=pass header.from=school.example",
        ] {
            assert!(!pass(&[bad]), "{bad}");
        }
        assert!(!authenticated(&["o; dmarc=pass header.from=".to_owned()], "o", "nobody"));
    }

    proptest! {
        #[test]
        fn what_a_stranger_puts_in_quotes_is_no_result(inside in "[ -~]{0,60}") {
            let quoted = inside.replace('\\', "\\\\").replace('"', "\\\"");
            let result = format!("mx.own.example; spf=none smtp.mailfrom=\"{quoted}\"");
            prop_assert!(!pass(&[&result]));
        }

        #[test]
        fn nothing_makes_it_panic(result in "(?s).{0,80}") {
            pass(&[&result]);
        }
    }
}
