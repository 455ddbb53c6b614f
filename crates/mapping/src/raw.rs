use std::borrow::Cow;

use indexmap::IndexMap;
use jsonata_core::value::{JArray, JValue};

use crate::wanted::{Branch, Wanted};

/// How deep a record, or a value an expression makes, may nest. Payloads nest 6 to 9 levels; readers of JSON commonly
/// stop at 128, and the unified object around a value adds a few.
pub const MAX_DEPTH: usize = 100;

/// Why a record's text could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// The bytes are not UTF-8.
    #[error("the record is not valid UTF-8 at byte {offset}")]
    Encoding {
        /// Bytes that were valid before the fault.
        offset: usize,
    },
    /// The text is not JSON.
    #[error("the record is not valid JSON at byte {offset}: {reason}")]
    Syntax {
        /// Where reading stopped.
        offset: usize,
        /// What was expected there, in plain words.
        reason: &'static str,
    },
    /// The text nests deeper than [`MAX_DEPTH`].
    #[error("the record nests deeper than {MAX_DEPTH} levels at byte {offset}")]
    Depth {
        /// Where the limit was passed.
        offset: usize,
    },
}

impl RecordError {
    /// A stable name for this kind of error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Encoding { .. } => "record_encoding",
            Self::Syntax { .. } => "record_syntax",
            Self::Depth { .. } => "record_depth",
        }
    }

    /// What to do next.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Encoding { .. } | Self::Syntax { .. } => {
                "Fetch the record again; if it comes back the same, the provider sends it so."
            }
            Self::Depth { .. } => "Ask for fewer nested fields of this record.",
        }
    }
}

/// Reads a record's text into the engine's value in one pass.
///
/// Differs from a plain JSON reader in one thing: a number literal that an `f64` cannot hold (more digits than
/// survive the way there and back, or out of range) becomes a string of exactly the digits received, so that
/// an amount such as `12345678901234567.89` keeps its cents.
pub(crate) fn read(text: &[u8], wanted: &Wanted) -> Result<JValue, RecordError> {
    let text = std::str::from_utf8(text).map_err(|error| RecordError::Encoding {
        offset: error.valid_up_to(),
    })?;
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        wanted,
    };
    reader.space();
    let value = reader.value(wanted.root())?;
    reader.space();
    if reader.at < reader.bytes.len() {
        return Err(reader.fault("nothing more was expected"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    wanted: &'a Wanted,
}

/// Bytes that end the plain run of a string: quote, backslash and control characters.
const STOPS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = true;
        byte += 1;
    }
    table[b'"' as usize] = true;
    table[b'\\' as usize] = true;
    table
};

impl<'a> Reader<'a> {
    fn fault(&self, reason: &'static str) -> RecordError {
        RecordError::Syntax {
            offset: self.at,
            reason,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn word(&mut self, word: &str, value: JValue) -> Result<JValue, RecordError> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.fault("a value was expected"))
        }
    }

    fn value(&mut self, wanted: &Branch) -> Result<JValue, RecordError> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.nested(|reader| reader.object(wanted)),
            Some(b'[') => self.nested(|reader| reader.array(wanted)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", JValue::Bool(true)),
            Some(b'f') => self.word("false", JValue::Bool(false)),
            Some(b'n') => self.word("null", JValue::Null),
            _ => Err(self.fault("a value was expected")),
        }
    }

    fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, RecordError>,
    ) -> Result<T, RecordError> {
        if self.depth == MAX_DEPTH {
            return Err(RecordError::Depth { offset: self.at });
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self, wanted: &Branch) -> Result<JValue, RecordError> {
        self.at += 1;
        let mut map: IndexMap<String, JValue> = IndexMap::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(JValue::object(map));
        }
        loop {
            if self.peek() != Some(b'"') {
                return Err(self.fault("a key in quotes was expected"));
            }
            let key = self.text_literal()?;
            self.space();
            if self.peek() != Some(b':') {
                return Err(self.fault("a colon was expected"));
            }
            self.at += 1;
            self.space();
            let part = if self.depth == 1 {
                self.wanted.at_root(&key)
            } else {
                wanted.at(&key)
            };
            match part {
                Some(part) => {
                    let value = self.value(part)?;
                    map.insert(key.into_owned(), value);
                }
                None => self.skip()?,
            }
            self.space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.space();
                }
                Some(b'}') => {
                    self.at += 1;
                    return Ok(JValue::object(map));
                }
                _ => return Err(self.fault("a comma or a closing brace was expected")),
            }
        }
    }

    fn array(&mut self, wanted: &Branch) -> Result<JValue, RecordError> {
        self.at += 1;
        let mut items = Vec::new();
        let mut flat = true;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(JValue::Array(JArray::new_flat(items, true)));
        }
        loop {
            let value = self.value(wanted)?;
            flat &= !matches!(value, JValue::Array(_));
            items.push(value);
            self.space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.space();
                }
                Some(b']') => {
                    self.at += 1;
                    return Ok(JValue::Array(JArray::new_flat(items, flat)));
                }
                _ => return Err(self.fault("a comma or a closing bracket was expected")),
            }
        }
    }

    /// Reads past a value nobody wants.
    fn skip(&mut self) -> Result<(), RecordError> {
        match self.peek() {
            Some(b'"') => self.text_literal().map(drop),
            Some(b'{') => self.nested(|reader| reader.skip_parts(b'}', true)),
            Some(b'[') => self.nested(|reader| reader.skip_parts(b']', false)),
            Some(b'-' | b'0'..=b'9') => self.number_literal().map(drop),
            _ => self.value(&Branch::All).map(drop),
        }
    }

    fn skip_parts(&mut self, close: u8, keyed: bool) -> Result<(), RecordError> {
        self.at += 1;
        self.space();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            if keyed {
                if self.peek() != Some(b'"') {
                    return Err(self.fault("a key in quotes was expected"));
                }
                self.text_literal()?;
                self.space();
                if self.peek() != Some(b':') {
                    return Err(self.fault("a colon was expected"));
                }
                self.at += 1;
                self.space();
            }
            self.skip()?;
            self.space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    self.space();
                }
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                _ if keyed => return Err(self.fault("a comma or a closing brace was expected")),
                _ => return Err(self.fault("a comma or a closing bracket was expected")),
            }
        }
    }

    fn string(&mut self) -> Result<JValue, RecordError> {
        Ok(match self.text_literal()? {
            Cow::Borrowed(text) => JValue::string(text),
            Cow::Owned(text) => JValue::string(text),
        })
    }

    fn text_literal(&mut self) -> Result<Cow<'a, str>, RecordError> {
        let start = self.at + 1;
        self.at = start;
        self.plain_run();
        if self.peek() == Some(b'"') {
            let end = self.at;
            self.at += 1;
            return Ok(Cow::Borrowed(&self.text[start..end]));
        }
        let mut out = String::with_capacity(self.at - start + 16);
        out.push_str(&self.text[start..self.at]);
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => {
                    self.at += 1;
                    let character = self.escape()?;
                    out.push(character);
                }
                Some(_) => return Err(self.fault("a control character must be escaped")),
                None => return Err(self.fault("the string has no closing quote")),
            }
            let run = self.at;
            self.plain_run();
            out.push_str(&self.text[run..self.at]);
        }
    }

    fn plain_run(&mut self) {
        while self.at < self.bytes.len() && !STOPS[self.bytes[self.at] as usize] {
            self.at += 1;
        }
    }

    fn escape(&mut self) -> Result<char, RecordError> {
        let Some(byte) = self.peek() else {
            return Err(self.fault("the string has no closing quote"));
        };
        self.at += 1;
        Ok(match byte {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex4()?;
                let code = match first {
                    0xD800..=0xDBFF if self.bytes[self.at..].starts_with(b"\\u") => {
                        let before = self.at;
                        self.at += 2;
                        let second = self.hex4()?;
                        if (0xDC00..=0xDFFF).contains(&second) {
                            0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                        } else {
                            self.at = before;
                            first
                        }
                    }
                    _ => first,
                };
                // A lone surrogate has no character; JavaScript's readers keep it, ours shows the replacement.
                char::from_u32(code).unwrap_or('\u{FFFD}')
            }
            _ => return Err(self.fault("the escape is unknown")),
        })
    }

    fn hex4(&mut self) -> Result<u32, RecordError> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self
                .peek()
                .and_then(|byte| (byte as char).to_digit(16))
                .ok_or_else(|| self.fault("four hexadecimal digits were expected"))?;
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }

    fn digits(&mut self) -> Result<usize, RecordError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.fault("a digit was expected"));
        }
        Ok(self.at - start)
    }

    /// Reads past a number; whether it has neither fraction nor exponent, and how many digits before an exponent.
    fn number_literal(&mut self) -> Result<(&'a str, bool, usize), RecordError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let leading_zero = self.peek() == Some(b'0');
        let mut count = self.digits()?;
        if leading_zero && count > 1 {
            return Err(self.fault("a number must not begin with 0"));
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            whole = false;
            count += self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            whole = false;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok((&self.text[start..self.at], whole, count))
    }

    fn number(&mut self) -> Result<JValue, RecordError> {
        let (literal, whole, count) = self.number_literal()?;
        // 15 significant digits always survive the way to an f64 and back.
        if whole && count <= 15 {
            let number: i64 = literal
                .parse()
                .map_err(|_| self.fault("a number was expected"))?;
            return Ok(JValue::from_i64(number));
        }
        let number: f64 = literal
            .parse()
            .map_err(|_| self.fault("a number was expected"))?;
        if number.is_finite() && holds(literal, number, count) {
            Ok(JValue::from_f64(number))
        } else {
            Ok(JValue::string(literal))
        }
    }
}

/// Whether printing `number` gives back the value written in `literal`.
fn holds(literal: &str, number: f64, digits: usize) -> bool {
    if digits <= 15 && number.abs() >= f64::MIN_POSITIVE {
        return true;
    }
    significant(literal) == significant(&format!("{number:e}"))
}

/// A decimal literal as its digits without leading or trailing zeros and the power of ten of the last one.
fn significant(literal: &str) -> (String, i64) {
    let unsigned = literal.trim_start_matches('-');
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse().unwrap_or(i64::MAX)),
        None => (unsigned, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let mut digits = format!("{whole}{fraction}");
    let mut power = exponent.saturating_sub(i64::try_from(fraction.len()).unwrap_or(i64::MAX));
    while digits.ends_with('0') {
        digits.pop();
        power = power.saturating_add(1);
    }
    let digits = digits.trim_start_matches('0').to_owned();
    if digits.is_empty() {
        power = 0;
    }
    (digits, power)
}

#[cfg(test)]
mod tests;
