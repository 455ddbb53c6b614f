use std::fmt::{self, Write as _};
use std::io::Write as _;

use crate::selection::Selection;

/// Which fields of an object are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted<'s> {
    All,
    /// `return_object=shallow`: own attributes, and of associations one level deep the id and natural keys.
    Shallow,
    /// Ids and natural keys only, what a shallow association shows.
    Keys,
    /// The `fields` parameter.
    Only(&'s Selection),
}

/// What a shallow answer shows of an associated object.
const KEYS: [&str; 7] = [
    "id",
    "code",
    "number",
    "name",
    "login",
    "email",
    "external-src-ref",
];

/// Writes one JSON object, field by field, building only the fields that are wanted.
pub(crate) struct Object<'b, 's> {
    out: &'b mut Vec<u8>,
    wanted: Wanted<'s>,
    empty: bool,
}

/// Writes one JSON object to `out`.
pub(crate) fn write_object<'s>(
    out: &mut Vec<u8>,
    wanted: Wanted<'s>,
    fill: impl FnOnce(&mut Object<'_, 's>),
) {
    out.push(b'{');
    let mut object = Object {
        out,
        wanted,
        empty: true,
    };
    fill(&mut object);
    object.out.push(b'}');
}

impl<'s> Object<'_, 's> {
    /// Whether a plain field of this name is to be written, for fields that cost something to work out.
    pub(crate) fn wants(&self, name: &str) -> bool {
        match self.wanted {
            Wanted::All | Wanted::Shallow => true,
            Wanted::Keys => KEYS.contains(&name),
            Wanted::Only(selection) => selection.within(name).is_some(),
        }
    }

    fn within(&self, name: &str) -> Option<Wanted<'s>> {
        match self.wanted {
            Wanted::All => Some(Wanted::All),
            Wanted::Shallow => Some(Wanted::Keys),
            Wanted::Keys => None,
            Wanted::Only(selection) => selection.within(name),
        }
    }

    fn name(&mut self, name: &str) {
        if !self.empty {
            self.out.push(b',');
        }
        self.empty = false;
        self.out.push(b'"');
        // Names are ours, or custom-field keys of the configuration.
        write_escaped(self.out, name);
        self.out.extend_from_slice(b"\":");
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        if self.wants(name) {
            self.name(name);
            self.out.push(b'"');
            write_escaped(self.out, value);
            self.out.push(b'"');
        }
    }

    pub(crate) fn maybe(&mut self, name: &str, value: Option<&str>) {
        match value {
            Some(value) => self.text(name, value),
            None => self.null(name),
        }
    }

    pub(crate) fn either(&mut self, name: &str, first: bool, one: &str, other: &str) {
        self.text(name, if first { one } else { other });
    }

    /// A string made on the spot: `object.format("number", format_args!("INV-{n}"))`.
    pub(crate) fn format(&mut self, name: &str, value: fmt::Arguments<'_>) {
        if self.wants(name) {
            self.name(name);
            self.out.push(b'"');
            // Writing to a Vec cannot fail, and `Escaping` passes no error on.
            let _ = Escaping(self.out).write_fmt(value);
            self.out.push(b'"');
        }
    }

    pub(crate) fn number(&mut self, name: &str, value: u64) {
        if self.wants(name) {
            self.name(name);
            let _ = write!(self.out, "{value}");
        }
    }

    pub(crate) fn flag(&mut self, name: &str, value: bool) {
        if self.wants(name) {
            self.name(name);
            self.out
                .extend_from_slice(if value { b"true" } else { b"false" });
        }
    }

    pub(crate) fn null(&mut self, name: &str) {
        if self.wants(name) {
            self.name(name);
            self.out.extend_from_slice(b"null");
        }
    }

    pub(crate) fn nulls(&mut self, names: &[&str]) {
        for name in names {
            self.null(name);
        }
    }

    pub(crate) fn empties(&mut self, names: &[&str]) {
        for name in names {
            self.text(name, "");
        }
    }

    /// A decimal as a string, `hundredths` shown with `scale` digits after the point (at least what is not zero).
    pub(crate) fn money(&mut self, name: &str, hundredths: i64, scale: usize) {
        if self.wants(name) {
            self.name(name);
            let (whole, rest) = (
                hundredths.unsigned_abs() / 100,
                hundredths.unsigned_abs() % 100,
            );
            let sign = if hundredths < 0 { "-" } else { "" };
            let _ = match scale {
                0 | 1 if rest.is_multiple_of(10) => {
                    write!(self.out, "\"{sign}{whole}.{}\"", rest / 10)
                }
                0..=2 => write!(self.out, "\"{sign}{whole}.{rest:02}\""),
                _ => write!(
                    self.out,
                    "\"{sign}{whole}.{rest:02}{:0<1$}\"",
                    "",
                    scale - 2
                ),
            };
        }
    }

    /// An instant with the offset a record's own users live in.
    pub(crate) fn instant(&mut self, name: &str, at: Instant) {
        if self.wants(name) {
            self.name(name);
            let _ = write!(self.out, "\"{at}\"");
        }
    }

    pub(crate) fn maybe_instant(&mut self, name: &str, at: Option<Instant>) {
        match at {
            Some(at) => self.instant(name, at),
            None => self.null(name),
        }
    }

    pub(crate) fn object(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_, 's>)) {
        if let Some(wanted) = self.within(name) {
            self.name(name);
            write_object(self.out, wanted, fill);
        }
    }

    /// An object whose members count as the record's own attributes, such as `custom-fields`.
    pub(crate) fn attributes(&mut self, name: &str, fill: impl FnOnce(&mut Object<'_, 's>)) {
        let wanted = match self.wanted {
            Wanted::All | Wanted::Shallow => Wanted::All,
            Wanted::Keys => return,
            Wanted::Only(selection) => match selection.within(name) {
                Some(wanted) => wanted,
                None => return,
            },
        };
        self.name(name);
        write_object(self.out, wanted, fill);
    }

    pub(crate) fn list(
        &mut self,
        name: &str,
        count: u64,
        mut fill: impl FnMut(u64, &mut Object<'_, 's>),
    ) {
        if let Some(wanted) = self.within(name) {
            self.name(name);
            self.out.push(b'[');
            for index in 0..count {
                if index > 0 {
                    self.out.push(b',');
                }
                write_object(self.out, wanted, |object| fill(index, object));
            }
            self.out.push(b']');
        }
    }

    pub(crate) fn empty_lists(&mut self, names: &[&str]) {
        for name in names {
            self.list(name, 0, |_, _| {});
        }
    }
}

fn write_escaped(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    if bytes
        .iter()
        .all(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\')
    {
        out.extend_from_slice(bytes);
        return;
    }
    for &byte in bytes {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                let _ = write!(out, "\\u{byte:04x}");
            }
            _ => out.push(byte),
        }
    }
}

struct Escaping<'b>(&'b mut Vec<u8>);

impl fmt::Write for Escaping<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        write_escaped(self.0, text);
        Ok(())
    }
}

/// An instant and the offset it is written in, `2026-09-22T20:42:57-07:00`.
///
/// Written by hand: a whole invoice holds some sixty of them, and jiff's printer took a third of its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant {
    pub(crate) unix_seconds: i64,
    pub(crate) offset_minutes: i64,
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = self.unix_seconds + self.offset_minutes * 60;
        let (days, seconds) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        // Days since 0000-03-01 in 400-year eras; Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms*.
        let z = days + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.abs();
        write!(f, "{sign}{:02}:{:02}", offset / 60, offset % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_agree_with_jiff() {
        for step in 0..4_000_i64 {
            let at = Instant {
                unix_seconds: step * 500_009 - 100_000,
                offset_minutes: if step % 2 == 0 { -420 } else { 120 },
            };
            let parsed: jiff::Timestamp = at.to_string().parse().unwrap_or_default();
            assert_eq!(parsed.as_second(), at.unix_seconds, "{at}");
        }
    }

    #[test]
    fn money_keeps_the_scale_asked_for_and_loses_nothing() {
        let shown = |hundredths, scale| {
            let mut out = Vec::new();
            write_object(&mut out, Wanted::All, |object| {
                object.money("m", hundredths, scale);
            });
            String::from_utf8(out).unwrap_or_default()
        };
        assert_eq!(shown(25_500, 1), r#"{"m":"255.0"}"#);
        assert_eq!(shown(25_507, 1), r#"{"m":"255.07"}"#);
        assert_eq!(shown(105_000, 2), r#"{"m":"1050.00"}"#);
        assert_eq!(shown(-105_050, 4), r#"{"m":"-1050.5000"}"#);
    }

    #[test]
    fn text_is_escaped() {
        let mut out = Vec::new();
        write_object(&mut out, Wanted::All, |object| {
            object.text("t", "a\"b\\c\n\u{1}é");
        });
        assert_eq!(
            String::from_utf8(out).unwrap_or_default(),
            "{\"t\":\"a\\\"b\\\\c\\n\\u0001é\"}"
        );
    }
}
