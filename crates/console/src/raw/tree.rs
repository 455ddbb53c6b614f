//! A record's bytes as a tree: where each value lies, so that a page of a record of any size is cut out of the bytes.

use std::borrow::Cow;
use std::collections::HashMap;

/// What a value is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Object => "object",
            Self::Array => "array",
            Self::String => "string",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Null => "null",
        }
    }

    pub(crate) fn is_container(self) -> bool {
        matches!(self, Self::Object | Self::Array)
    }
}

/// One value. Nodes stand in the order of the text, so the first child follows its parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// Where its text begins and ends.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Where its key begins, at the quote; of an element of a list: its place.
    key: u32,
    /// How many nodes it is with everything below it.
    size: u32,
    /// How many members it has.
    pub(crate) members: u32,
    /// The shape it is an instance of.
    pub(crate) shape: u32,
    pub(crate) kind: Kind,
    /// Whether it is an element of a list.
    element: bool,
}

/// A path by its keys alone: every element of a list has the shape of the list.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) parent: u32,
    pub(crate) key: String,
    /// Whether some leaf of this shape holds something.
    pub(crate) filled: bool,
}

/// Why bytes cannot be shown as a tree: they are no JSON from here on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NoTree {
    pub(crate) offset: usize,
}

/// The tree of one record; node 0 is the record, shape 0 its root.
#[derive(Debug)]
pub(crate) struct RawTree {
    nodes: Vec<Node>,
    shapes: Vec<Shape>,
}

impl RawTree {
    /// Reads a record. Bytes that nest deeply cost no stack.
    ///
    /// # Errors
    /// [`NoTree`] with the place where reading stopped.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, NoTree> {
        let text = std::str::from_utf8(bytes).map_err(|error| NoTree {
            offset: error.valid_up_to(),
        })?;
        if u32::try_from(text.len()).is_err() {
            return Err(NoTree { offset: 0 });
        }
        Scanner {
            bytes,
            at: 0,
            nodes: Vec::with_capacity(bytes.len() / 24),
            shapes: vec![Shape {
                parent: 0,
                key: String::new(),
                filled: false,
            }],
            known: HashMap::new(),
        }
        .read()
    }

    pub(crate) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    pub(crate) fn shapes(&self) -> &[Shape] {
        &self.shapes
    }

    /// Memory it takes, in bytes.
    pub(crate) fn weight(&self) -> usize {
        self.nodes.len() * size_of::<Node>() + self.shapes.len() * (size_of::<Shape>() + 24)
    }

    /// The members of a container, in their order.
    pub(crate) fn children(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let (mut next, end) = self
            .node(of)
            .map_or((0, 0), |node| (of + 1, of + node.size as usize));
        std::iter::from_fn(move || {
            if next >= end {
                return None;
            }
            let child = next;
            next += self.node(child).map_or(1, |node| node.size.max(1) as usize);
            Some(child)
        })
    }

    /// The member of an object with this key; the last, where there are several.
    pub(crate) fn member(&self, bytes: &[u8], of: usize, key: &str) -> Option<usize> {
        if self.node(of)?.kind != Kind::Object {
            return None;
        }
        self.children(of)
            .filter(|child| self.key(bytes, *child).is_some_and(|own| own == key))
            .last()
    }

    /// The key of a member of an object; none for an element of a list and for the record.
    pub(crate) fn key<'b>(&self, bytes: &'b [u8], of: usize) -> Option<Cow<'b, str>> {
        let node = self.node(of).filter(|node| !node.element && of > 0)?;
        let end = string_end(bytes, node.key as usize)?;
        Some(decoded(bytes.get(node.key as usize..end)?))
    }

    /// The place of an element of a list.
    pub(crate) fn index(&self, of: usize) -> Option<u32> {
        self.node(of)
            .filter(|node| node.element)
            .map(|node| node.key)
    }

    /// The text of a value, as received.
    pub(crate) fn text<'b>(&self, bytes: &'b [u8], of: usize) -> &'b str {
        let range = self
            .node(of)
            .map_or(0..0, |node| node.start as usize..node.end as usize);
        bytes
            .get(range)
            .and_then(|part| std::str::from_utf8(part).ok())
            .unwrap_or_default()
    }

    /// A value as people read it: texts without quotes and escapes, everything else as received.
    pub(crate) fn plain<'b>(&self, bytes: &'b [u8], of: usize) -> Cow<'b, str> {
        let text = self.text(bytes, of);
        if self.node(of).is_some_and(|node| node.kind == Kind::String) {
            decoded(text.as_bytes())
        } else {
            Cow::Borrowed(text)
        }
    }

    /// The keys of a shape, from the root.
    pub(crate) fn keys(&self, shape: usize) -> Vec<&str> {
        let mut keys = Vec::new();
        let mut at = shape;
        while at > 0
            && let Some(shape) = self.shapes.get(at)
        {
            keys.push(shape.key.as_str());
            at = shape.parent as usize;
        }
        keys.reverse();
        keys
    }
}

/// A JSON text literal without its quotes and escapes.
pub(crate) fn decoded(literal: &[u8]) -> Cow<'_, str> {
    let inner = literal
        .get(1..literal.len().saturating_sub(1))
        .unwrap_or_default();
    if !inner.contains(&b'\\') {
        return String::from_utf8_lossy(inner);
    }
    match serde_json::from_slice::<String>(literal) {
        Ok(text) => Cow::Owned(text),
        // A lone surrogate: better shown as written than not at all.
        Err(_) => String::from_utf8_lossy(inner),
    }
}

/// The place after a text literal that begins at `start`.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

struct Scanner<'b> {
    bytes: &'b [u8],
    at: usize,
    nodes: Vec<Node>,
    shapes: Vec<Shape>,
    known: HashMap<(u32, &'b [u8]), u32>,
}

/// What a value is the value of.
#[derive(Clone, Copy)]
struct Place {
    key: u32,
    element: bool,
    shape: u32,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the text is shorter than 4 GiB, and so is everything counted in it"
)]
impl<'b> Scanner<'b> {
    fn fault<T>(&self) -> Result<T, NoTree> {
        Err(NoTree { offset: self.at })
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn read(mut self) -> Result<RawTree, NoTree> {
        let mut open: Vec<usize> = Vec::new();
        self.space();
        let root = Place {
            key: 0,
            element: false,
            shape: 0,
        };
        self.value(root, &mut open)?;
        while let Some(&container) = open.last() {
            self.space();
            let (first, object) = self.nodes.get(container).map_or((true, false), |node| {
                (node.members == 0, node.kind == Kind::Object)
            });
            let close = if object { b'}' } else { b']' };
            match self.bytes.get(self.at) {
                Some(byte) if *byte == close => {
                    self.at += 1;
                    let (end, count) = (self.at as u32, self.nodes.len() - container);
                    if let Some(node) = self.nodes.get_mut(container) {
                        node.end = end;
                        node.size = count as u32;
                    }
                    open.pop();
                    continue;
                }
                Some(b',') if !first => {
                    self.at += 1;
                    self.space();
                }
                Some(_) if first => {}
                _ => return self.fault(),
            }
            let place = if object {
                self.member(container)?
            } else {
                let node = self.nodes.get(container);
                Place {
                    key: node.map_or(0, |node| node.members),
                    element: true,
                    shape: node.map_or(0, |node| node.shape),
                }
            };
            if let Some(node) = self.nodes.get_mut(container) {
                node.members += 1;
            }
            self.value(place, &mut open)?;
        }
        self.space();
        if self.at < self.bytes.len() {
            return self.fault();
        }
        Ok(RawTree {
            nodes: self.nodes,
            shapes: self.shapes,
        })
    }

    /// Reads a key and its colon.
    fn member(&mut self, container: usize) -> Result<Place, NoTree> {
        let key = self.at;
        let literal = self.string()?;
        self.space();
        if self.bytes.get(self.at) != Some(&b':') {
            return self.fault();
        }
        self.at += 1;
        self.space();
        let parent = self.nodes.get(container).map_or(0, |node| node.shape);
        let shapes = &mut self.shapes;
        let shape = *self.known.entry((parent, literal)).or_insert_with(|| {
            shapes.push(Shape {
                parent,
                key: decoded(literal).into_owned(),
                filled: false,
            });
            (shapes.len() - 1) as u32
        });
        Ok(Place {
            key: key as u32,
            element: false,
            shape,
        })
    }

    fn string(&mut self) -> Result<&'b [u8], NoTree> {
        let start = self.at;
        if self.bytes.get(start) != Some(&b'"') {
            return self.fault();
        }
        match string_end(self.bytes, start) {
            Some(end) => {
                self.at = end;
                self.bytes.get(start..end).ok_or(NoTree { offset: start })
            }
            None => self.fault(),
        }
    }

    fn word(&mut self, word: &str) -> Result<(), NoTree> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(())
        } else {
            self.fault()
        }
    }

    fn value(&mut self, place: Place, open: &mut Vec<usize>) -> Result<(), NoTree> {
        let start = self.at;
        let (kind, filled) = match self.bytes.get(start) {
            Some(b'{') => (Kind::Object, false),
            Some(b'[') => (Kind::Array, false),
            Some(b'"') => {
                let literal = self.string()?;
                (Kind::String, literal.len() > 2)
            }
            Some(b'-' | b'0'..=b'9') => {
                while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') =
                    self.bytes.get(self.at)
                {
                    self.at += 1;
                }
                (Kind::Number, true)
            }
            Some(b't') => {
                self.word("true")?;
                (Kind::Boolean, true)
            }
            Some(b'f') => {
                self.word("false")?;
                (Kind::Boolean, true)
            }
            Some(b'n') => {
                self.word("null")?;
                (Kind::Null, false)
            }
            _ => return self.fault(),
        };
        if kind.is_container() {
            self.at += 1;
            open.push(self.nodes.len());
        }
        if filled && let Some(shape) = self.shapes.get_mut(place.shape as usize) {
            shape.filled = true;
        }
        self.nodes.push(Node {
            start: start as u32,
            end: self.at as u32,
            key: place.key,
            size: 1,
            members: 0,
            shape: place.shape,
            kind,
            element: place.element,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn values_lie_where_the_bytes_have_them() {
        let bytes = br#" {"id": 7, "a.b": {"x": [1.10, "t\u00e9", null, {"y": true}], "x2": {}}, "e": ""} "#;
        let tree = RawTree::read(bytes).unwrap();
        let children: Vec<usize> = tree.children(0).collect();
        assert_eq!(children.len(), 3);
        assert_eq!(tree.key(bytes, children[1]).unwrap(), "a.b");
        let list = tree.member(bytes, children[1], "x").unwrap();
        let items: Vec<usize> = tree.children(list).collect();
        assert_eq!(tree.text(bytes, items[0]), "1.10");
        assert_eq!(tree.plain(bytes, items[1]), "té");
        assert_eq!(tree.index(items[3]), Some(3));
        assert_eq!(tree.node(list).unwrap().members, 4);
        let deepest = tree.member(bytes, items[3], "y").unwrap();
        let shape = tree.node(deepest).unwrap().shape as usize;
        assert_eq!(tree.keys(shape), ["a.b", "x", "y"]);
        let filled: Vec<Vec<&str>> = (0..tree.shapes().len())
            .filter(|shape| tree.shapes()[*shape].filled)
            .map(|shape| tree.keys(shape))
            .collect();
        assert_eq!(
            filled,
            [vec!["id"], vec!["a.b", "x"], vec!["a.b", "x", "y"]]
        );
    }

    #[test]
    fn what_is_no_json_is_refused_where_it_ends_to_be() {
        for (text, offset) in [
            ("", 0),
            ("{", 1),
            ("{\"a\"}", 4),
            ("{\"a\":1,}", 7),
            ("[1 2]", 3),
            ("[1]]", 3),
            ("\"abc", 0),
            ("truth", 0),
            ("[,1]", 1),
        ] {
            assert_eq!(
                RawTree::read(text.as_bytes()).err(),
                Some(NoTree { offset }),
                "{text}"
            );
        }
        assert!(RawTree::read(b"{\"a\":\xff}").is_err());
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert!(RawTree::read(deep.as_bytes()).is_ok());
    }
}
