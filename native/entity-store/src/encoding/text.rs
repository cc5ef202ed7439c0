//! JSON text, gone through once from left to right, without allocating.

/// Deeper than this nothing is skipped.
const DEEPEST: usize = 64;

pub struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What stands between the quotes of a string.
#[derive(Clone, Copy)]
pub struct Quoted<'a> {
    pub raw: &'a str,
    pub is_escaped: bool,
}

impl<'a> Text<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next byte behind white space; 0, which is no byte of JSON, at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    fn unexpected(&self, expected: &str) -> String {
        match self.bytes.get(self.at) {
            None => format!("it ends after {} bytes; expected {expected}", self.bytes.len()),
            Some(byte) => {
                format!("byte {} is {:?}; expected {expected}", self.at, char::from(*byte))
            }
        }
    }

    /// Takes this byte, after white space.
    #[inline]
    pub fn take(&mut self, byte: u8, expected: &str) -> Result<(), String> {
        if self.takes(byte) { Ok(()) } else { Err(self.unexpected(expected)) }
    }

    /// Whether this byte came next, after white space; it is taken then.
    #[inline]
    pub fn takes(&mut self, byte: u8) -> bool {
        // Not `self.at += usize::from(…)`: rustc 1.95 (LLVM 22.1.2) forgets to store that sum when it optimises.
        if self.peek() != byte {
            return false;
        }
        self.at += 1;
        true
    }

    /// Nothing but white space may follow.
    pub fn end(&mut self) -> Result<(), String> {
        self.peek();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.unexpected("the end")) }
    }

    fn raw_string(&mut self) -> Result<(&'a [u8], bool), String> {
        self.take(b'"', "a string")?;
        let start = self.at;
        let mut is_escaped = false;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    is_escaped = true;
                    self.at += 2;
                }
                Some(byte) if *byte >= 0x20 => self.at += 1,
                _ => return Err(self.unexpected("the rest of a string")),
            }
        }
        let raw = &self.bytes[start..self.at];
        self.at += 1;
        Ok((raw, is_escaped))
    }

    #[inline]
    pub fn string(&mut self) -> Result<Quoted<'a>, String> {
        let (raw, is_escaped) = self.raw_string()?;
        let raw = std::str::from_utf8(raw).map_err(|_| "a string in it is not UTF-8".to_owned())?;
        Ok(Quoted { raw, is_escaped })
    }

    fn digits(&mut self) -> Result<(), String> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start { Err(self.unexpected("a digit")) } else { Ok(()) }
    }

    /// A number, by the grammar of JSON.
    #[inline]
    pub fn number(&mut self) -> Result<&'a str, String> {
        self.peek();
        let start = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        if self.bytes.get(self.at) == Some(&b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        // Digits and signs alone.
        std::str::from_utf8(&self.bytes[start..self.at]).map_err(|error| error.to_string())
    }

    #[inline]
    pub fn literal(&mut self, word: &str) -> Result<(), String> {
        self.peek();
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        Err(self.unexpected(word))
    }

    #[inline]
    pub fn boolean(&mut self) -> Result<bool, String> {
        if self.peek() == b't' { self.literal("true").map(|()| true) } else { self.literal("false").map(|()| false) }
    }

    /// Passes a value of any type.
    #[inline]
    pub fn skip(&mut self) -> Result<(), String> {
        self.skip_at(0)
    }

    fn skip_at(&mut self, depth: usize) -> Result<(), String> {
        if depth > DEEPEST {
            return Err(format!("it is nested deeper than {DEEPEST}"));
        }
        match self.peek() {
            b'"' => self.raw_string().map(|_| ()),
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            b'[' => self.skip_items(b'[', b']', depth),
            b'{' => self.skip_items(b'{', b'}', depth),
            _ => self.number().map(|_| ()),
        }
    }

    fn skip_items(&mut self, open: u8, close: u8, depth: usize) -> Result<(), String> {
        self.take(open, "a value")?;
        if self.takes(close) {
            return Ok(());
        }
        loop {
            if open == b'{' {
                self.raw_string()?;
                self.take(b':', "\":\"")?;
            }
            self.skip_at(depth + 1)?;
            if self.takes(close) {
                return Ok(());
            }
            self.take(b',', "\",\"")?;
        }
    }
}

/// Writes what an escaped string stands for behind what `into` holds.
pub fn unescape(raw: &str, into: &mut String) -> Result<(), String> {
    let mut rest = raw;
    while let Some(place) = rest.find('\\') {
        into.push_str(&rest[..place]);
        rest = &rest[place + 1..];
        let letter = rest.chars().next().ok_or("a string in it ends with \\")?;
        rest = &rest[letter.len_utf8()..];
        into.push(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => unicode(&mut rest)?,
            _ => return Err(format!("a string in it has the escape \\{letter}")),
        });
    }
    into.push_str(rest);
    Ok(())
}

/// What follows `\u`.
fn unicode(rest: &mut &str) -> Result<char, String> {
    let first = unit(rest)?;
    if !(0xD800..0xDC00).contains(&first) {
        return char::from_u32(first).ok_or_else(no_character);
    }
    *rest = rest.strip_prefix("\\u").ok_or_else(no_character)?;
    let second = unit(rest)?;
    if !(0xDC00..0xE000).contains(&second) {
        return Err(no_character());
    }
    char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).ok_or_else(no_character)
}

/// Four hexadecimal digits.
fn unit(rest: &mut &str) -> Result<u32, String> {
    let digits = rest.get(..4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let digits = digits.ok_or_else(no_character)?;
    *rest = &rest[4..];
    u32::from_str_radix(digits, 16).map_err(|_| no_character())
}

fn no_character() -> String {
    "a string in it has an escape \\u that is no character".to_owned()
}
