use std::collections::{BTreeMap, BTreeSet};

use jsonata_core::ast::AstNode;

/// How deep a constructed value may nest before giving up on it; every walk over one recurses.
const DEEPEST: usize = 40;

/// Where a value may come from in the raw record.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// Keys from the root.
    pub(super) path: Vec<String>,
    /// The value lies somewhere below the path, not known where.
    pub(super) below: bool,
}

/// All that is known of a value without a record: where it may come from, what it may hold, what it may do.
#[derive(Debug, Clone, Default)]
pub(super) struct Abstract<'a> {
    pub(super) origins: BTreeSet<Origin>,
    /// Members an object constructor gave it.
    pub(super) members: BTreeMap<String, Abstract<'a>>,
    /// What may stand at any key.
    pub(super) any: Option<Box<Abstract<'a>>>,
    pub(super) functions: Vec<Function<'a>>,
}

/// The number of a frame of variables in the walk.
pub(super) type FrameId = usize;

#[derive(Debug, Clone)]
pub(super) enum Function<'a> {
    Lambda {
        params: &'a [String],
        /// The types it wants its arguments to have.
        signature: Option<&'a str>,
        body: &'a AstNode,
        frame: FrameId,
        context: Box<Abstract<'a>>,
    },
    Builtin(&'a str),
    Partial {
        function: Box<Function<'a>>,
        arguments: Vec<Option<Abstract<'a>>>,
    },
    Transform {
        location: &'a AstNode,
        update: &'a AstNode,
        delete: Option<&'a AstNode>,
        frame: FrameId,
    },
    Composed(Box<Function<'a>>, Box<Function<'a>>),
}

impl<'a> Abstract<'a> {
    /// The record itself.
    pub(super) fn root() -> Self {
        Self {
            origins: BTreeSet::from([Origin {
                path: Vec::new(),
                below: false,
            }]),
            ..Self::default()
        }
    }

    pub(super) fn function(function: Function<'a>) -> Self {
        Self {
            functions: vec![function],
            ..Self::default()
        }
    }

    /// Either of the two.
    #[must_use]
    pub(super) fn or(mut self, other: Self) -> Self {
        self.origins.extend(other.origins);
        for (name, member) in other.members {
            let known = self.members.remove(&name).unwrap_or_default();
            self.members.insert(name, known.or(member));
        }
        self.any = match (self.any, other.any) {
            (Some(left), Some(right)) => Some(Box::new(left.or(*right))),
            (left, right) => left.or(right),
        };
        self.functions.extend(other.functions);
        self
    }

    /// What `.name` gives.
    pub(super) fn member(&self, name: &str) -> Self {
        let mut found = Self {
            origins: self
                .origins
                .iter()
                .map(|origin| {
                    let mut origin = origin.clone();
                    if !origin.below {
                        origin.path.push(name.to_owned());
                    }
                    origin
                })
                .collect(),
            ..Self::default()
        };
        if let Some(member) = self.members.get(name) {
            found = found.or(member.clone());
        }
        if let Some(any) = &self.any {
            found = found.or((**any).clone());
        }
        found
    }

    /// Some part of the value, not known which.
    pub(super) fn part(&self) -> Self {
        let mut found = Self {
            origins: self
                .origins
                .iter()
                .map(|origin| Origin {
                    below: true,
                    ..origin.clone()
                })
                .collect(),
            functions: self.functions.clone(),
            ..Self::default()
        };
        for member in self.members.values().chain(self.any.as_deref()) {
            found = found.or(member.part()).or(member.clone());
        }
        found
    }

    /// Whether it can be nothing but the record itself.
    pub(super) fn is_root(&self) -> bool {
        self.members.is_empty()
            && self.any.is_none()
            && self
                .origins
                .iter()
                .all(|origin| origin.path.is_empty() && !origin.below)
    }

    /// How much is known; without bound if it is nested deeper than [`DEEPEST`].
    pub(super) fn size(&self) -> usize {
        self.size_within(DEEPEST)
    }

    fn size_within(&self, depth: usize) -> usize {
        let parts = self.members.values().chain(self.any.as_deref());
        let own = self.origins.len() + self.functions.len();
        match depth.checked_sub(1) {
            Some(depth) => parts.fold(own, |size, part| {
                size.saturating_add(part.size_within(depth))
                    .saturating_add(1)
            }),
            None => usize::MAX,
        }
    }

    /// Whether nothing is known to be in it but, perhaps, functions.
    pub(super) fn holds_no_data(&self) -> bool {
        self.origins.is_empty() && self.members.is_empty() && self.any.is_none()
    }
}
