//! Takes out of a record what must never be kept, and leaves every other byte as it came.

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use crosswalk_connector::{RawPath, RawStep};

/// The record cannot be read as JSON, so nobody can say that what must go is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the record is not valid JSON")]
pub struct Unreadable;

/// Cuts the values at `paths` out of a record, each with its key and its comma.
///
/// The rest is not parsed and written anew: numbers keep their scale and keys their order and spelling. A record that holds none of the values is given
/// back as it is. Lists on the way are passed through whether or not the path says `[]`: to cut too much is the lesser fault here.
pub fn cut(record: &Bytes, paths: &[RawPath]) -> Result<Bytes, Unreadable> {
    if paths.is_empty() {
        return Ok(record.clone());
    }
    let steps: Vec<&[RawStep]> = paths.iter().map(RawPath::steps).collect();
    scan(record, &steps, Vec::new())
}

/// As [`cut`], for a text that may hold a record somewhere inside, such as a refusal: a path begins at every object. It must be JSON as a whole, since
/// other text could hold a value without its key.
pub(crate) fn cut_anywhere(text: &Bytes, paths: &[RawPath]) -> Result<Bytes, Unreadable> {
    if paths.is_empty() {
        return Ok(text.clone());
    }
    serde_json::from_slice::<serde::de::IgnoredAny>(text).map_err(|_| Unreadable)?;
    let steps: Vec<&[RawStep]> = paths.iter().map(RawPath::steps).collect();
    scan(text, &[], steps)
}

fn scan(
    text: &Bytes,
    paths: &[&[RawStep]],
    everywhere: Vec<&[RawStep]>,
) -> Result<Bytes, Unreadable> {
    let mut scanner = Scanner {
        text,
        at: 0,
        cuts: Vec::new(),
        everywhere,
        depth: 0,
    };
    scanner.value(paths)?;
    scanner.blank();
    if scanner.at != text.len() {
        return Err(Unreadable);
    }
    if scanner.cuts.is_empty() {
        return Ok(text.clone());
    }
    let mut kept = Vec::with_capacity(text.len());
    let mut from = 0;
    scanner.cuts.sort_by_key(|cut| cut.start);
    for cut in scanner.cuts {
        if cut.start > from {
            kept.extend_from_slice(&text[from..cut.start]);
        }
        from = from.max(cut.end);
    }
    kept.extend_from_slice(&text[from..]);
    Ok(kept.into())
}

/// How deep a text may be in which paths begin everywhere. One whose paths begin at its root is looked into no deeper than these are long.
const DEEPEST: usize = 100;

struct Scanner<'r> {
    text: &'r [u8],
    at: usize,
    cuts: Vec<Range<usize>>,
    /// Paths that begin at every object.
    everywhere: Vec<&'r [RawStep]>,
    depth: usize,
}

/// A member of an object or an element of a list.
struct Part {
    place: Range<usize>,
    goes: bool,
}

impl<'r> Scanner<'r> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Unreadable> {
        self.blank();
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(Unreadable)
        }
    }

    /// Passes over a value, noting what goes. As deep as the paths are long, and no deeper; where they begin everywhere, to the end.
    fn value(&mut self, paths: &[&[RawStep]]) -> Result<(), Unreadable> {
        self.blank();
        let looks_inside = !(paths.is_empty() && self.everywhere.is_empty());
        let opening = self.peek().filter(|_| looks_inside);
        if !matches!(opening, Some(b'{' | b'[')) {
            return self.skip();
        }
        self.depth += 1;
        if !self.everywhere.is_empty() && self.depth > DEEPEST {
            return Err(Unreadable);
        }
        if opening == Some(b'{') {
            self.object(paths)?;
        } else {
            self.list(paths)?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn object(&mut self, paths: &[&[RawStep]]) -> Result<(), Unreadable> {
        self.parts(b'{', b'}', |scanner| {
            let key = scanner.key()?;
            scanner.expect(b':')?;
            let below: Vec<&[RawStep]> = scanner
                .everywhere
                .iter()
                .chain(paths)
                .filter_map(|path| match path.split_first() {
                    Some((RawStep::Key(name), rest)) if *name == key => Some(rest),
                    _ => None,
                })
                .collect();
            scanner.value(&below)?;
            Ok(below.iter().any(|rest| rest.is_empty()))
        })
    }

    fn list(&mut self, paths: &[&[RawStep]]) -> Result<(), Unreadable> {
        let below: Vec<&[RawStep]> = paths
            .iter()
            .map(|path| match path.split_first() {
                Some((RawStep::Each, rest)) => rest,
                _ => *path,
            })
            .filter(|rest| !rest.is_empty())
            .collect();
        let all = paths.iter().any(|path| matches!(path, [RawStep::Each]));
        self.parts(b'[', b']', |scanner| {
            scanner.blank();
            // A list in a list is left only by a path that says so: paths end, so this recursion does.
            if scanner.peek() == Some(b'[') {
                let deeper: Vec<&[RawStep]> = below
                    .iter()
                    .filter(|path| path.first() == Some(&RawStep::Each))
                    .copied()
                    .collect();
                scanner.value(&deeper)?;
            } else {
                scanner.value(&below)?;
            }
            Ok(all)
        })
    }

    /// Reads what stands between brackets; `part` reads one and says whether it goes.
    fn parts(
        &mut self,
        open: u8,
        close: u8,
        mut part: impl FnMut(&mut Self) -> Result<bool, Unreadable>,
    ) -> Result<(), Unreadable> {
        self.expect(open)?;
        self.blank();
        let mut parts: Vec<Part> = Vec::new();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.blank();
            let start = self.at;
            let goes = part(self)?;
            parts.push(Part {
                place: start..self.at,
                goes,
            });
            self.blank();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => break,
                _ => return Err(Unreadable),
            }
        }
        self.at += 1;
        let mut kept_to = None;
        for (index, part) in parts.iter().enumerate() {
            if !part.goes {
                kept_to = Some(part.place.end);
            } else if let Some(next) = parts.get(index + 1) {
                self.cuts.push(part.place.start..next.place.start);
            } else {
                self.cuts
                    .push(kept_to.unwrap_or(part.place.start)..part.place.end);
            }
        }
        Ok(())
    }

    fn key(&mut self) -> Result<Cow<'r, str>, Unreadable> {
        self.blank();
        let start = self.at;
        self.string()?;
        let text: &'r [u8] = self.text;
        let quoted = std::str::from_utf8(&text[start..self.at]).map_err(|_| Unreadable)?;
        if quoted.contains('\\') {
            return serde_json::from_str::<String>(quoted)
                .map(Cow::Owned)
                .map_err(|_| Unreadable);
        }
        Ok(Cow::Borrowed(&quoted[1..quoted.len() - 1]))
    }

    fn string(&mut self) -> Result<(), Unreadable> {
        self.expect(b'"')?;
        loop {
            match self.peek().ok_or(Unreadable)? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Passes over a value of any depth without recursion.
    fn skip(&mut self) -> Result<(), Unreadable> {
        let mut depth = 0usize;
        loop {
            self.blank();
            match self.peek().ok_or(Unreadable)? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                    continue;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1).ok_or(Unreadable)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => {
                    self.at += 1;
                    continue;
                }
                b',' | b':' => return Err(Unreadable),
                _ => {
                    while self.peek().is_some_and(|byte| {
                        !matches!(
                            byte,
                            b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r'
                        )
                    }) {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, Value};

    fn paths(texts: &[&str]) -> Vec<RawPath> {
        texts
            .iter()
            .map(|text| RawPath::parse(text).unwrap())
            .collect()
    }

    fn cut_text(record: &str, texts: &[&str]) -> Result<String, Unreadable> {
        cut(&Bytes::from(record.to_owned()), &paths(texts))
            .map(|kept| String::from_utf8(kept.to_vec()).unwrap())
    }

    #[test]
    fn what_must_go_goes_and_nothing_else_changes() {
        for (record, texts, kept) in [
            (r#"{"a":1.50,"b":2}"#, &["b"][..], r#"{"a":1.50}"#),
            (r#"{"b":2,"a":1.50}"#, &["b"], r#"{"a":1.50}"#),
            (
                r#"{ "a" : 1 , "b" : 2 , "c" : 3 }"#,
                &["b"],
                r#"{ "a" : 1 , "c" : 3 }"#,
            ),
            (r#"{"a":1,"b":2,"c":3}"#, &["b", "c"], r#"{"a":1}"#),
            (r#"{"b":2}"#, &["b"], r"{}"),
            (r#"{"b":2,"b":3,"a":1}"#, &["b"], r#"{"a":1}"#),
            (r#"{"a":1}"#, &["b", "a.c"], r#"{"a":1}"#),
            (
                r#"{"s":{"iban":"x","n":"y"}}"#,
                &["s.iban"],
                r#"{"s":{"n":"y"}}"#,
            ),
            (
                r#"{"l":[{"k":1,"v":2},{"v":3},7,{"k":4}]}"#,
                &["l[].k"],
                r#"{"l":[{"v":2},{"v":3},7,{}]}"#,
            ),
            (r#"{"l":[{"k":1,"v":2}]}"#, &["l.k"], r#"{"l":[{"v":2}]}"#),
            (r#"{"l":[1,2]}"#, &["l[]"], r#"{"l":[]}"#),
            (
                r#"{"l":[[1],[{"k":2}]]}"#,
                &["l[][].k"],
                r#"{"l":[[1],[{}]]}"#,
            ),
            (r#"{"\u0062":"}],\"","a":"\\"}"#, &["b"], r#"{"a":"\\"}"#),
            (
                r#"{"a":{"b":1},"c":{"b":2}}"#,
                &["a.b"],
                r#"{"a":{},"c":{"b":2}}"#,
            ),
            (r#"{"a":{"b":1}}"#, &["a", "a.b"], r"{}"),
        ] {
            assert_eq!(
                cut_text(record, texts).as_deref(),
                Ok(kept),
                "{record} {texts:?}"
            );
        }
    }

    #[test]
    fn what_must_go_goes_wherever_a_record_begins() {
        for (text, texts, kept) in [
            (
                r#"{"error":{"record":{"iban":"x","n":1.50}}}"#,
                &["iban"][..],
                r#"{"error":{"record":{"n":1.50}}}"#,
            ),
            (
                r#"[{"supplier":{"iban":"x","n":1}},[{"supplier":{"iban":"y"}}]]"#,
                &["supplier.iban"],
                r#"[{"supplier":{"n":1}},[{"supplier":{}}]]"#,
            ),
            (
                r#"{"a":{"lines":[{"k":1,"v":2}]},"k":3}"#,
                &["lines[].k"],
                r#"{"a":{"lines":[{"v":2}]},"k":3}"#,
            ),
            (
                r#"{"iban":"x","b":[1,{"iban":[1]}]}"#,
                &["iban"],
                r#"{"b":[1,{}]}"#,
            ),
            (r#""no record""#, &["iban"], r#""no record""#),
            ("[]", &["iban"], "[]"),
        ] {
            let cut = cut_anywhere(&Bytes::from(text), &paths(texts)).unwrap();
            assert_eq!(cut, kept, "{text} {texts:?}");
        }
        let any = |text: String, texts: &[&str]| cut_anywhere(&Bytes::from(text), &paths(texts));
        for text in [
            "<error><iban>x</iban></error>".to_owned(),
            "iban: x".to_owned(),
            r#"{"iban":"x""#.to_owned(),
            String::new(),
            format!("{}{}", "[".repeat(500_000), "]".repeat(500_000)),
        ] {
            assert_eq!(any(text.clone(), &["iban"]), Err(Unreadable), "{text:.40}");
            // Where nothing has to go, everything may stay.
            assert!(any(text, &[]).is_ok());
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for record in [
            "",
            "{",
            r#"{"a"}"#,
            r#"{"a":1"#,
            r#"{"a":"1}"#,
            r#"{"a":1}x"#,
            r#"{"a":[1}"#,
            r#"{"a" 1}"#,
        ] {
            assert_eq!(cut_text(record, &["b"]), Err(Unreadable), "{record}");
        }
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = format!(
            r#"{{"a":{}{},"b":1}}"#,
            "[".repeat(500_000),
            "]".repeat(500_000)
        );
        assert!(cut_text(&deep, &["b", "a[].x"]).unwrap().ends_with("]}"));
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a-z\"\\\\{}\\[\\],:]{0,5}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[abc]", inner), 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
            ]
        })
    }

    fn remove(value: &mut Value, steps: &[RawStep]) {
        match (value, steps) {
            (Value::Object(members), [RawStep::Key(key)]) => {
                members.shift_remove(key);
            }
            (Value::Object(members), [RawStep::Key(key), rest @ ..]) => {
                if let Some(below) = members.get_mut(key) {
                    remove(below, rest);
                }
            }
            (Value::Array(items), [RawStep::Each]) => items.clear(),
            (Value::Array(items), [RawStep::Each, rest @ ..]) => {
                for item in items.iter_mut() {
                    // A list in a list is entered by a path that says so.
                    if !item.is_array() || rest.first() == Some(&RawStep::Each) {
                        remove(item, rest);
                    }
                }
            }
            (Value::Array(items), rest @ [RawStep::Key(_), ..]) => {
                for item in items.iter_mut().filter(|item| item.is_object()) {
                    remove(item, rest);
                }
            }
            _ => {}
        }
    }

    proptest! {
        #[test]
        fn the_same_values_go_as_from_a_parsed_record(
            members in prop::collection::vec(("[abc]", json()), 0..4),
            path in "[abc](\\[\\]){0,2}(\\.[abc](\\[\\]){0,1}){0,2}",
            pretty in any::<bool>(),
        ) {
            let record = Value::Object(members.into_iter().collect::<Map<_, _>>());
            let text = if pretty { serde_json::to_string_pretty(&record) } else { serde_json::to_string(&record) }.unwrap();
            let path = RawPath::parse(&path).unwrap();
            let kept = cut(&Bytes::from(text), std::slice::from_ref(&path)).unwrap();
            let mut expected = record;
            remove(&mut expected, path.steps());
            prop_assert_eq!(serde_json::from_slice::<Value>(&kept).unwrap(), expected);
        }
    }
}
