//! A YAML file as JSON, with the place of every key and value.

use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::{DuplicateKeyPolicy, Error, Location, MergeKeyPolicy, Options, Spanned};

use crate::problem::{Problem, ProblemCode};

/// The largest definition file read: the longest connector so far has 100 KB.
pub(crate) const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A line and a column, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Place {
    pub line: u64,
    pub column: u64,
}

/// A YAML file as JSON; places are looked up by JSON pointer.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub file: String,
    pub value: Value,
    values: HashMap<String, Place>,
    keys: HashMap<String, Place>,
}

impl Document {
    /// Reads a file. Aliases are expanded within the parser's budget; merge keys, duplicate keys and several documents are refused.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let whole = |code, message: String, hint: &str| Problem {
            file: file.to_owned(),
            line: 0,
            column: 0,
            code,
            message,
            hint: Some(hint.to_owned()),
        };
        if bytes.len() > MAX_BYTES {
            let message = format!(
                "the file has {} bytes; at most {MAX_BYTES} are read",
                bytes.len()
            );
            return Err(whole(
                ProblemCode::Yaml,
                message,
                "split it, or remove what does not belong there",
            ));
        }
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let message = format!("the file is not UTF-8 from byte {} on", error.valid_up_to());
            whole(ProblemCode::Yaml, message, "save it as UTF-8")
        })?;
        let root: Spanned<Node> = serde_saphyr::from_str_with_options(text, options())
            .map_err(|error| problem(file, &error))?;
        let mut document = Self {
            file: file.to_owned(),
            value: Value::Null,
            values: HashMap::new(),
            keys: HashMap::new(),
        };
        document.value = document.place(root, &mut String::new());
        Ok(document)
    }

    fn place(&mut self, node: Spanned<Node>, pointer: &mut String) -> Value {
        self.values.insert(pointer.clone(), place(&node.referenced));
        let length = pointer.len();
        match node.value {
            Node::Value(value) => value,
            Node::List(items) => {
                let mut list = Vec::with_capacity(items.len());
                for (index, item) in items.into_iter().enumerate() {
                    push(pointer, &index.to_string());
                    list.push(self.place(item, pointer));
                    pointer.truncate(length);
                }
                Value::Array(list)
            }
            Node::Map(members) => {
                let mut map = Map::new();
                for (key, value) in members {
                    push(pointer, &key.value);
                    self.keys.insert(pointer.clone(), place(&key.referenced));
                    let value = self.place(value, pointer);
                    map.insert(key.value, value);
                    pointer.truncate(length);
                }
                Value::Object(map)
            }
        }
    }

    /// A problem with the value at `pointer`, or with the nearest one around it.
    pub fn problem(
        &self,
        pointer: &str,
        code: ProblemCode,
        message: String,
        hint: Option<String>,
    ) -> Problem {
        self.problem_at(self.find(&self.values, pointer), code, message, hint)
    }

    /// A problem with the key at `pointer`.
    pub fn key_problem(
        &self,
        pointer: &str,
        code: ProblemCode,
        message: String,
        hint: Option<String>,
    ) -> Problem {
        self.problem_at(self.find(&self.keys, pointer), code, message, hint)
    }

    fn problem_at(
        &self,
        place: Place,
        code: ProblemCode,
        message: String,
        hint: Option<String>,
    ) -> Problem {
        Problem {
            file: self.file.clone(),
            line: place.line,
            column: place.column,
            code,
            message,
            hint,
        }
    }

    fn find(&self, places: &HashMap<String, Place>, pointer: &str) -> Place {
        if let Some(place) = places.get(pointer) {
            return *place;
        }
        let mut rest = pointer;
        loop {
            if let Some(place) = self.values.get(rest) {
                return *place;
            }
            match rest.rfind('/') {
                Some(end) => rest = &rest[..end],
                None => return Place::default(),
            }
        }
    }
}

/// Appends a key to a JSON pointer.
pub(crate) fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

/// Twelve times what the longest definition so far needs (4,173 nodes), so that a file made to exhaust memory ends within a tenth of a second.
fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: 48,
            max_nodes: 50_000,
            max_events: 150_000,
            max_aliases: 500,
            max_documents: 1,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: 10_000,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

fn place(location: &Location) -> Place {
    Place {
        line: location.line(),
        column: location.column(),
    }
}

fn problem(file: &str, error: &Error) -> Problem {
    let place = error
        .location()
        .map(|location| place(&location))
        .unwrap_or_default();
    let (code, message, hint) = match error.without_snippet() {
        Error::DuplicateMappingKey { key, .. } => {
            let key = key.as_deref().unwrap_or("?");
            (
                ProblemCode::DuplicateKey,
                format!("`{key}` stands here twice"),
                Some("remove one of the two".to_owned()),
            )
        }
        Error::MergeKeyNotAllowed { .. } => (
            ProblemCode::Yaml,
            "merge keys (`<<`) are not part of the format".to_owned(),
            Some("write the members out, or use `defaults`".to_owned()),
        ),
        other => (ProblemCode::Yaml, one_line(&other.to_string()), None),
    };
    Problem {
        file: file.to_owned(),
        line: place.line,
        column: place.column,
        code,
        message,
        hint,
    }
}

fn one_line(text: &str) -> String {
    let first = text.lines().next().unwrap_or_default();
    first.chars().take(300).collect()
}

/// A value with the places of its parts.
enum Node {
    Value(Value),
    List(Vec<Spanned<Node>>),
    Map(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Value(Value::Bool(value)))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Value(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        Number::from_f64(value)
            .map(|number| Node::Value(Value::Number(number)))
            .ok_or_else(|| E::custom("a number has to be finite"))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Value(Value::String(value.to_owned())))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Node, E> {
        Ok(Node::Value(Value::Null))
    }

    fn visit_none<E: de::Error>(self) -> Result<Node, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Node::Map(members))
    }
}
