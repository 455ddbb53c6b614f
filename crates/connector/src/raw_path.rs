//! A path into a raw record.

use crate::text_type::{TextError, text_type};

/// One step of a [`RawPath`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RawStep {
    /// The member of an object with this key.
    Key(String),
    /// Every element of a list.
    Each,
}

impl RawStep {
    /// Every value that `steps` reach from `value`, one after the other; without steps the value itself.
    pub fn reach<'v>(steps: &[Self], value: &'v serde_json::Value) -> Vec<&'v serde_json::Value> {
        let mut reached = vec![value];
        for step in steps {
            reached = match step {
                Self::Key(key) => reached
                    .into_iter()
                    .filter_map(|value| value.get(key))
                    .collect(),
                Self::Each => reached
                    .into_iter()
                    .filter_map(serde_json::Value::as_array)
                    .flatten()
                    .collect(),
            };
        }
        reached
    }
}

/// A path into a raw record as the provider spells it: `supplier.number`, `invoice-lines[].account.code`. `[]` is every element of a list;
/// a key that contains `.`, `[`, `]` or a backtick stands between backticks, a backtick doubled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RawPath {
    text: String,
    steps: Vec<RawStep>,
}

text_type!(
    RawPath,
    "raw-path",
    "A path into a raw record as the provider spells it, such as `supplier.number` or `lines[].account.code`."
);

impl RawPath {
    /// Reads a path of at least one key.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let wrong = || {
            TextError::new(
                format!("`{text}` is not a path into a record"),
                "write keys joined by dots, `[]` for every element of a list: `lines[].account.code`",
            )
        };
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let (key, after) = take_key(rest).ok_or_else(wrong)?;
            steps.push(RawStep::Key(key));
            rest = after;
            while let Some(after) = rest.strip_prefix("[]") {
                steps.push(RawStep::Each);
                rest = after;
            }
            if rest.is_empty() {
                return Ok(Self {
                    text: text.to_owned(),
                    steps,
                });
            }
            rest = rest.strip_prefix('.').ok_or_else(wrong)?;
        }
    }

    /// The path of one key at a record's root, which is not empty.
    pub fn of_key(key: &str) -> Self {
        let plain = !key.is_empty() && !key.contains(['.', '[', ']', '`']) && key.trim() == key;
        let text = if plain {
            key.to_owned()
        } else {
            format!("`{}`", key.replace('`', "``"))
        };
        Self {
            text,
            steps: vec![RawStep::Key(key.to_owned())],
        }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path, step by step; the first is always a key.
    pub fn steps(&self) -> &[RawStep] {
        &self.steps
    }

    /// The keys on the way, without what says that a list lies there.
    pub fn keys(&self) -> Vec<&str> {
        self.steps
            .iter()
            .filter_map(|step| match step {
                RawStep::Key(key) => Some(key.as_str()),
                RawStep::Each => None,
            })
            .collect()
    }

    /// The key at the record's root that the path begins with.
    pub fn root(&self) -> &str {
        match self.steps.first() {
            Some(RawStep::Key(key)) => key,
            _ => "",
        }
    }

    /// Every value the path reaches in `record`.
    pub fn find<'v>(&self, record: &'v serde_json::Value) -> Vec<&'v serde_json::Value> {
        RawStep::reach(&self.steps, record)
    }
}

fn take_key(text: &str) -> Option<(String, &str)> {
    if let Some(mut rest) = text.strip_prefix('`') {
        let mut key = String::new();
        loop {
            let end = rest.find('`')?;
            key.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('`') {
                Some(after) => {
                    key.push('`');
                    rest = after;
                }
                None => return (!key.is_empty()).then_some((key, rest)),
            }
        }
    }
    let end = text.find(['.', '[', ']', '`']).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    (!key.is_empty() && key.trim() == key).then(|| (key.to_owned(), rest))
}
