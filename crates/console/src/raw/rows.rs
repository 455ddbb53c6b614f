//! The rows of a raw record with some of its containers open: the customer's own fields first, everything else in the
//! record's order.

use std::collections::{HashMap, HashSet};

use crosswalk_connector::RawPath;

use crate::raw::marks::Marks;
use crate::raw::path::{Step, keys_of, parse, push_index, push_key};
use crate::raw::tree::{Kind, RawTree};
use crate::views::{RawLocated, RawRow};

/// Characters of a value that are shown in its row.
const PREVIEW: usize = 200;
/// Containers that are open without being asked for.
const OPEN_BY_DEFAULT: usize = 50;
/// Rows in one answer.
pub(crate) const MOST_ROWS: usize = 1_000;

/// What stands for a masked value.
pub(crate) const MASK: &str = "••••••";

/// A record with what is to say about its places.
pub(crate) struct RawView<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) tree: &'a RawTree,
    pub(crate) marks: &'a Marks,
}

/// The containers that are open.
#[derive(Debug, Default)]
pub(crate) struct Open(HashSet<usize>);

/// Some rows, how many there are, and where a node was met.
#[derive(Debug, Default)]
pub(crate) struct Window {
    pub(crate) rows: Vec<RawRow>,
    pub(crate) total: usize,
    pub(crate) located: Option<RawLocated>,
}

#[derive(Default)]
struct Wanted {
    below: HashMap<Step, Wanted>,
}

impl RawView<'_> {
    /// The members of a container in the order of their rows.
    fn ordered(&self, of: usize) -> Vec<usize> {
        let custom = |child: &usize| {
            self.tree
                .node(*child)
                .is_some_and(|node| self.marks.of(node.shape).custom)
        };
        let mut children: Vec<usize> = self.tree.children(of).collect();
        if self
            .tree
            .node(of)
            .is_some_and(|node| node.kind == Kind::Object)
        {
            // Stable: within each group the record's order stays.
            children.sort_by_key(|child| !custom(child));
        }
        children
    }

    fn is_container(&self, node: usize) -> bool {
        self.tree
            .node(node)
            .is_some_and(|node| node.kind.is_container() && node.members > 0)
    }

    /// The containers at these concrete paths with everything above them; what the record does not have is left out.
    pub(crate) fn open(&self, paths: &[String]) -> Open {
        let mut wanted = Wanted::default();
        for steps in paths.iter().filter_map(|path| parse(path)) {
            let mut at = &mut wanted;
            for step in steps {
                at = at.below.entry(step).or_default();
            }
        }
        let mut open = Open::default();
        let mut left = vec![(0, &wanted)];
        while let Some((node, wanted)) = left.pop() {
            for child in self.tree.children(node) {
                let Some(below) = wanted.below.get(&self.step(child)) else {
                    continue;
                };
                if self.is_container(child) {
                    open.0.insert(child);
                    left.push((child, below));
                }
            }
        }
        open
    }

    /// What is open when nobody chose: the customer's own fields at the root.
    pub(crate) fn open_by_default(&self) -> Open {
        let custom = self.tree.children(0).filter(|child| {
            let container = |shape| {
                let mark = self.marks.of(shape);
                mark.custom && mark.container
            };
            self.is_container(*child)
                && self
                    .tree
                    .node(*child)
                    .is_some_and(|node| container(node.shape))
        });
        Open(custom.take(OPEN_BY_DEFAULT).collect())
    }

    fn step(&self, node: usize) -> Step {
        match self.tree.index(node) {
            Some(index) => Step::Index(index),
            None => Step::Key(
                self.tree
                    .key(self.bytes, node)
                    .unwrap_or_default()
                    .into_owned(),
            ),
        }
    }

    /// The node at a concrete path.
    pub(crate) fn at(&self, path: &str) -> Option<usize> {
        let mut at = 0;
        for step in parse(path)? {
            at = match step {
                Step::Key(key) => self.tree.member(self.bytes, at, &key)?,
                Step::Index(index) => self
                    .tree
                    .node(at)
                    .filter(|node| node.kind == Kind::Array)
                    .and_then(|_| self.tree.children(at).nth(index as usize))?,
            };
        }
        Some(at)
    }

    /// The first node at a lineage path, and everything above it; lists on the way are passed through.
    pub(crate) fn find(&self, path: &str) -> Option<(usize, Vec<usize>)> {
        let path = RawPath::parse(path).ok()?;
        let keys = keys_of(&path);
        let mut above = Vec::new();
        let found = self.descend(0, &keys, &mut above)?;
        Some((found, above))
    }

    fn descend(&self, at: usize, keys: &[&str], above: &mut Vec<usize>) -> Option<usize> {
        let Some((key, rest)) = keys.split_first() else {
            return Some(at);
        };
        let length = above.len();
        above.push(at);
        let found = match self.tree.node(at)?.kind {
            Kind::Object => self
                .tree
                .member(self.bytes, at, key)
                .and_then(|member| self.descend(member, rest, above)),
            Kind::Array => self
                .tree
                .children(at)
                .find_map(|element| self.descend(element, keys, above)),
            _ => None,
        };
        if found.is_none() {
            above.truncate(length);
        }
        found
    }

    /// The rows from `offset` on, at most `limit`, and where `locate` is among all of them.
    pub(crate) fn window(
        &self,
        open: &Open,
        offset: usize,
        limit: usize,
        locate: Option<usize>,
    ) -> Window {
        let mut walk = Walk {
            view: self,
            open,
            range: offset..offset.saturating_add(limit.min(MOST_ROWS)),
            locate,
            window: Window::default(),
        };
        walk.members(0, 0, &mut String::new());
        walk.window
    }

    /// The concrete paths of what is open, in the record's order.
    pub(crate) fn paths(&self, open: &Open) -> Vec<String> {
        let mut paths = Vec::with_capacity(open.0.len());
        self.collect(0, open, &mut String::new(), &mut paths);
        paths
    }

    fn collect(&self, of: usize, open: &Open, path: &mut String, paths: &mut Vec<String>) {
        for child in self.tree.children(of) {
            if open.0.contains(&child) {
                let length = path.len();
                self.push(path, child);
                paths.push(path.clone());
                self.collect(child, open, path, paths);
                path.truncate(length);
            }
        }
    }

    fn push(&self, path: &mut String, node: usize) {
        match self.step(node) {
            Step::Key(key) => push_key(path, &key),
            Step::Index(index) => push_index(path, index),
        }
    }

    /// A value as it may be shown: what is masked is replaced, in containers too.
    pub(crate) fn shown(&self, of: usize, reveal: bool) -> String {
        let Some(node) = self.tree.node(of) else {
            return String::new();
        };
        let mark = self.marks.of(node.shape);
        if reveal || !(mark.masked || mark.holds_masked) {
            return self.tree.plain(self.bytes, of).into_owned();
        }
        if mark.masked {
            return MASK.to_owned();
        }
        let mut text = String::new();
        self.write_masked(of, &mut text);
        text
    }

    /// JSON text with masked values replaced by a text.
    fn write_masked(&self, of: usize, text: &mut String) {
        let Some(node) = self.tree.node(of) else {
            return;
        };
        let mark = self.marks.of(node.shape);
        if mark.masked {
            text.push_str(&format!("\"{MASK}\""));
            return;
        }
        if !mark.holds_masked || !node.kind.is_container() {
            text.push_str(self.tree.text(self.bytes, of));
            return;
        }
        let object = node.kind == Kind::Object;
        text.push(if object { '{' } else { '[' });
        for (index, child) in self.tree.children(of).enumerate() {
            if index > 0 {
                text.push(',');
            }
            if let Some(key) = self.tree.key(self.bytes, child) {
                text.push_str(&serde_json::Value::from(key.as_ref()).to_string());
                text.push(':');
            }
            self.write_masked(child, text);
        }
        text.push(if object { '}' } else { ']' });
    }
}

impl Open {
    /// Opens more.
    pub(crate) fn add(&mut self, nodes: impl IntoIterator<Item = usize>) {
        // The record itself has no row.
        self.0.extend(nodes.into_iter().filter(|node| *node > 0));
    }
}

struct Walk<'w, 'a> {
    view: &'w RawView<'a>,
    open: &'w Open,
    range: std::ops::Range<usize>,
    locate: Option<usize>,
    window: Window,
}

impl Walk<'_, '_> {
    fn members(&mut self, of: usize, depth: u32, path: &mut String) {
        for child in self.view.ordered(of) {
            let index = self.window.total;
            self.window.total += 1;
            let expanded = self.open.0.contains(&child);
            let located = self.locate == Some(child);
            if !expanded && !located && !self.range.contains(&index) {
                continue;
            }
            let length = path.len();
            self.view.push(path, child);
            if located {
                self.window.located = Some(RawLocated {
                    index,
                    path: path.clone(),
                });
            }
            if self.range.contains(&index)
                && let Some(row) = self.row(child, depth, path, expanded)
            {
                self.window.rows.push(row);
            }
            if expanded {
                self.members(child, depth + 1, path);
            }
            path.truncate(length);
        }
    }

    fn row(&self, of: usize, depth: u32, path: &str, expanded: bool) -> Option<RawRow> {
        let view = self.view;
        let node = view.tree.node(of)?;
        let mark = view.marks.of(node.shape);
        let container = node.kind.is_container();
        let preview = match (container, mark.masked) {
            (true, _) => String::new(),
            (false, true) => MASK.to_owned(),
            (false, false) => cut(&view.tree.plain(view.bytes, of), PREVIEW),
        };
        Some(RawRow {
            path: path.to_owned(),
            key: match view.step(of) {
                Step::Key(key) => key,
                Step::Index(index) => index.to_string(),
            },
            depth,
            kind: node.kind.as_str().to_owned(),
            preview,
            count: container.then_some(node.members),
            read: mark.read,
            custom: mark.custom,
            masked: mark.masked,
            expandable: container && node.members > 0,
            expanded,
        })
    }
}

/// At most so many characters, on one line as it is.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::raw::marks::Rules;
    use crosswalk_connector::Resource;
    use crosswalk_mapping::Lineage;

    const RECORD: &[u8] = br#"{"id":7,"lines":[{"no":1,"own":{"x":"a"}},{"no":2,"acc":{"code":"C"}}],"empty":{},"own":{"k":"v"},"card":{"number":"4111","kind":"x"}}"#;

    fn with<T>(work: impl FnOnce(&RawView<'_>) -> T) -> T {
        let resource: Resource = serde_json::from_str(
            r#"{"label":"Things","operations":{},"mask":["card.number"],
                "custom_fields":{"containers":["own","lines[].own"]}}"#,
        )
        .unwrap();
        let tree = RawTree::read(RECORD).unwrap();
        let read = Lineage::of("id & lines.acc.code").unwrap();
        let marks = Marks::new(&tree, &Rules::of(Some(&resource)), Some(&read));
        work(&RawView {
            bytes: RECORD,
            tree: &tree,
            marks: &marks,
        })
    }

    fn paths(window: &Window) -> Vec<&str> {
        window.rows.iter().map(|row| row.path.as_str()).collect()
    }

    #[test]
    fn the_customers_own_come_first_and_are_open() {
        with(|view| {
            let open = view.open_by_default();
            let window = view.window(&open, 0, 100, None);
            assert_eq!(
                paths(&window),
                ["own", "own.k", "id", "lines", "empty", "card"]
            );
            assert_eq!(view.paths(&open), ["own"]);
            let own = &window.rows[1];
            assert_eq!(
                (own.depth, own.preview.as_str(), own.read, own.custom),
                (1, "v", false, true)
            );
            assert!(!window.rows[4].expandable, "an empty object holds nothing");
            assert_eq!(window.rows[3].count, Some(2));
        });
    }

    #[test]
    fn what_is_open_shows_its_members_and_pages_cut_through() {
        with(|view| {
            for (expanded, expected) in [
                (vec![], vec!["own", "id", "lines", "empty", "card"]),
                (
                    vec!["lines[1].acc"],
                    vec![
                        "own",
                        "id",
                        "lines",
                        "lines[0]",
                        "lines[1]",
                        "lines[1].no",
                        "lines[1].acc",
                        "lines[1].acc.code",
                        "empty",
                        "card",
                    ],
                ),
                (
                    vec!["lines[0]", "no.such", "id", "empty"],
                    vec![
                        "own",
                        "id",
                        "lines",
                        "lines[0]",
                        "lines[0].own",
                        "lines[0].no",
                        "lines[1]",
                        "empty",
                        "card",
                    ],
                ),
            ] {
                let expanded: Vec<String> = expanded.into_iter().map(str::to_owned).collect();
                let open = view.open(&expanded);
                let all = view.window(&open, 0, 100, None);
                assert_eq!(paths(&all), expected);
                for offset in 0..expected.len() {
                    let page = view.window(&open, offset, 2, None);
                    assert_eq!(page.total, expected.len());
                    let end = (offset + 2).min(expected.len());
                    assert_eq!(paths(&page), expected[offset..end]);
                }
            }
        });
    }

    #[test]
    fn a_lineage_path_is_found_with_everything_above_it() {
        with(|view| {
            for (path, found) in [
                ("lines[].acc.code", Some((7, "lines[1].acc.code"))),
                ("lines.acc", Some((6, "lines[1].acc"))),
                ("own.k", Some((1, "own.k"))),
                ("lines[].own.y", None),
                ("nothing", None),
            ] {
                let mut open = Open::default();
                let node = view.find(path).map(|(node, above)| {
                    open.add(above);
                    node
                });
                let window = view.window(&open, 0, 100, node);
                let located = window
                    .located
                    .as_ref()
                    .map(|located| (located.index, located.path.as_str()));
                assert_eq!(located, found, "{path}");
            }
        });
    }

    #[test]
    fn masked_values_are_shown_only_when_revealed() {
        with(|view| {
            let number = view.at("card.number").unwrap();
            assert_eq!(view.shown(number, false), MASK);
            assert_eq!(view.shown(number, true), "4111");
            let card = view.at("card").unwrap();
            assert_eq!(
                view.shown(card, false),
                format!(r#"{{"number":"{MASK}","kind":"x"}}"#)
            );
            assert_eq!(view.shown(card, true), r#"{"number":"4111","kind":"x"}"#);
            assert_eq!(view.shown(view.at("lines[1].no").unwrap(), false), "2");
            assert_eq!(view.at("lines[9]"), None);
            assert_eq!(view.at("id[0]"), None);
        });
    }
}
