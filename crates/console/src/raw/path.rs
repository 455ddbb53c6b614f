//! Paths of one record: `lines[0].account.code`, each step a key or a place in a list.

use std::borrow::Cow;

use crosswalk_connector::{RawPath, RawStep};

/// One step of a concrete path.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Step {
    Key(String),
    Index(u32),
}

/// A key as paths spell it: between backticks where its characters need it.
pub(crate) fn spelled(key: &str) -> Cow<'_, str> {
    if key.is_empty() || key.contains(['.', '[', ']', '`']) || key.trim() != key {
        Cow::Owned(format!("`{}`", key.replace('`', "``")))
    } else {
        Cow::Borrowed(key)
    }
}

/// Adds a key to a path.
pub(crate) fn push_key(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(&spelled(key));
}

/// Adds a place in a list to a path.
pub(crate) fn push_index(path: &mut String, index: u32) {
    path.push_str(&format!("[{index}]"));
}

/// Keys alone, as a path; the keys of a list's elements follow the list's.
pub(crate) fn of_keys<S: AsRef<str>>(keys: &[S]) -> String {
    let mut path = String::new();
    for key in keys {
        push_key(&mut path, key.as_ref());
    }
    path
}

/// Reads a concrete path; none for what is no path.
pub(crate) fn parse(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path;
    loop {
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']')?;
            steps.push(Step::Index(index.parse().ok()?));
            rest = after;
        } else {
            let (key, after) = take_key(rest)?;
            steps.push(Step::Key(key));
            rest = after;
        }
        if rest.is_empty() {
            return Some(steps);
        }
        if let Some(after) = rest.strip_prefix('.') {
            // A dot is followed by a key, not by a place.
            if after.starts_with('[') {
                return None;
            }
            rest = after;
        } else if !rest.starts_with('[') {
            return None;
        }
    }
}

fn take_key(text: &str) -> Option<(String, &str)> {
    let Some(mut rest) = text.strip_prefix('`') else {
        let end = text.find(['.', '[', ']', '`']).unwrap_or(text.len());
        let (key, rest) = text.split_at(end);
        return (!key.is_empty()).then(|| (key.to_owned(), rest));
    };
    let mut key = String::new();
    loop {
        let (before, after) = rest.split_once('`')?;
        key.push_str(before);
        match after.strip_prefix('`') {
            Some(more) => {
                key.push('`');
                rest = more;
            }
            None => return Some((key, after)),
        }
    }
}

/// The keys of a path of the connector, without its `[]`.
pub(crate) fn keys_of(path: &RawPath) -> Vec<&str> {
    path.steps()
        .iter()
        .filter_map(|step| match step {
            RawStep::Key(key) => Some(key.as_str()),
            RawStep::Each => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn key(text: &str) -> Step {
        Step::Key(text.to_owned())
    }

    #[test]
    fn paths_are_read_as_they_are_spelled() {
        for (text, steps) in [
            ("id", vec![key("id")]),
            ("a.b", vec![key("a"), key("b")]),
            (
                "lines[0].account.code",
                vec![key("lines"), Step::Index(0), key("account"), key("code")],
            ),
            ("a[1][2]", vec![key("a"), Step::Index(1), Step::Index(2)]),
            ("`x.y`.`a``b`", vec![key("x.y"), key("a`b")]),
        ] {
            assert_eq!(parse(text), Some(steps.clone()), "{text}");
            let mut spelled = String::new();
            for step in &steps {
                match step {
                    Step::Key(key) => push_key(&mut spelled, key),
                    Step::Index(index) => push_index(&mut spelled, *index),
                }
            }
            assert_eq!(spelled, text);
        }
        for text in ["", ".", "a.", "a..b", "a[x]", "a[1", "a.[1]", "`a", "a]"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn keys_of_a_connectors_path_leave_lists_out() {
        let path = RawPath::parse("lines[].`a.b`").unwrap();
        assert_eq!(keys_of(&path), ["lines", "a.b"]);
        assert_eq!(of_keys(&keys_of(&path)), "lines.`a.b`");
    }
}
