//! Values that may be one of several things.

use serde_json::{Map, Value};

use super::{Walk, accepts, found, in_words, types_of};
use crate::document::push;
use crate::problem::{Problem, ProblemCode, suggestion};

impl<'d> Walk<'d> {
    /// Picks the branch the author meant, so that its mistakes are named and not the choice as a whole.
    pub(super) fn branches(&mut self, value: &Value, branches: &'d [Value], pointer: &mut String) {
        if let Some(tag) = self.tag_of(branches) {
            return self.tagged(value, &tag, branches, pointer);
        }
        if let (Value::String(word), Some(words)) = (value, self.words(branches)) {
            if !words.contains(&word.as_str()) {
                self.unknown_word(word, &words, pointer);
            }
            return;
        }
        if let (Value::Object(members), true) = (
            value,
            branches
                .iter()
                .all(|branch| self.single_key(branch).is_some()),
        ) {
            return self.single_keyed(members, branches, pointer);
        }
        let mut best: Option<Vec<Problem>> = None;
        let fitting = branches.iter().filter(|branch| self.fits(value, branch));
        for branch in fitting.collect::<Vec<_>>() {
            let mut attempt = Walk {
                document: self.document,
                root: self.root,
                problems: Vec::new(),
            };
            attempt.value(value, branch, pointer);
            if attempt.problems.is_empty() {
                return;
            }
            if best
                .as_ref()
                .is_none_or(|best| attempt.problems.len() < best.len())
            {
                best = Some(attempt.problems);
            }
        }
        if let Some(problems) = best {
            self.problems.extend(problems);
            return;
        }
        let wanted = self.wanted(branches);
        let message = format!("{wanted} is due here, not {}", found(value));
        self.report(pointer, ProblemCode::WrongType, message, None);
    }

    /// The key that tells the branches apart, if each has one with a fixed word.
    fn tag_of(&self, branches: &'d [Value]) -> Option<String> {
        let properties = |branch: &'d Value| {
            self.resolve(branch)
                .get("properties")
                .and_then(Value::as_object)
        };
        let is_tag = |branch: &'d Value, key: &str| {
            properties(branch)
                .and_then(|all| all.get(key))
                .is_some_and(|property| property.get("const").is_some())
        };
        let first = properties(branches.first()?)?;
        first
            .keys()
            .find(|key| branches.iter().all(|branch| is_tag(branch, key)))
            .cloned()
    }

    fn tagged(&mut self, value: &Value, tag: &str, branches: &'d [Value], pointer: &mut String) {
        let word_of = |branch: &'d Value| {
            self.resolve(branch)
                .pointer(&format!("/properties/{tag}/const"))
                .and_then(Value::as_str)
        };
        let words: Vec<&str> = branches.iter().filter_map(word_of).collect();
        let Value::Object(members) = value else {
            let message = format!("a map with `{tag}` is due here, not {}", found(value));
            return self.report(pointer, ProblemCode::WrongType, message, None);
        };
        match members.get(tag) {
            Some(Value::String(word)) => {
                if let Some(branch) = branches.iter().find(|branch| word_of(branch) == Some(word)) {
                    self.value(value, branch, pointer);
                } else {
                    let length = pointer.len();
                    push(pointer, tag);
                    self.unknown_word(word, &words, pointer);
                    pointer.truncate(length);
                }
            }
            Some(other) => {
                let message = format!(
                    "`{tag}` is one of {}, not {}",
                    words.join(", "),
                    found(other)
                );
                self.report(pointer, ProblemCode::WrongType, message, None);
            }
            None => {
                let hint = Some(format!("one of {}", words.join(", ")));
                self.report(
                    pointer,
                    ProblemCode::MissingKey,
                    format!("`{tag}` is missing here"),
                    hint,
                );
            }
        }
    }

    /// The words allowed, if every branch is a word.
    fn words(&self, branches: &'d [Value]) -> Option<Vec<&'d str>> {
        let mut words = Vec::new();
        for branch in branches {
            let branch = self.resolve(branch);
            if let Some(word) = branch.get("const").and_then(Value::as_str) {
                words.push(word);
            } else if let Some(more) = branch.get("enum").and_then(Value::as_array) {
                words.extend(more.iter().filter_map(Value::as_str));
            } else if let Some(inner) = branch.get("oneOf").and_then(Value::as_array) {
                words.extend(self.words(inner)?);
            } else if types_of(branch) != ["null"] {
                return None;
            }
        }
        Some(words)
    }

    fn single_key(&self, branch: &'d Value) -> Option<&'d str> {
        match self
            .resolve(branch)
            .get("required")
            .and_then(Value::as_array)?
            .as_slice()
        {
            [Value::String(key)] => Some(key),
            _ => None,
        }
    }

    fn single_keyed(
        &mut self,
        members: &Map<String, Value>,
        branches: &'d [Value],
        pointer: &mut String,
    ) {
        let keys: Vec<&str> = branches
            .iter()
            .filter_map(|branch| self.single_key(branch))
            .collect();
        let chosen = branches.iter().find(|branch| {
            self.single_key(branch)
                .is_some_and(|key| members.contains_key(key))
        });
        match (chosen, members.keys().next()) {
            (Some(branch), _) => self.value(&Value::Object(members.clone()), branch, pointer),
            (None, Some(key)) => {
                let length = pointer.len();
                push(pointer, key);
                let message = format!("`{key}` is not a key that can stand here");
                let hint = suggestion(key, keys.iter().copied());
                let problem =
                    self.document
                        .key_problem(pointer, ProblemCode::UnknownKey, message, hint);
                self.problems.push(problem);
                pointer.truncate(length);
            }
            (None, None) => {
                let message = format!("one of {} is missing here", keys.join(", "));
                self.report(pointer, ProblemCode::MissingKey, message, None);
            }
        }
    }

    /// Whether `value` has a type that `branch` takes.
    fn fits(&self, value: &Value, branch: &'d Value) -> bool {
        let branch = self.resolve(branch);
        if let Some(inner) = branch
            .get("oneOf")
            .or_else(|| branch.get("anyOf"))
            .and_then(Value::as_array)
        {
            return inner.iter().any(|inner| self.fits(value, inner));
        }
        if let Some(word) = branch.get("const") {
            return word.is_string() == value.is_string();
        }
        let types = types_of(branch);
        types.is_empty() || types.iter().any(|name| accepts(name, value))
    }

    fn wanted(&self, branches: &'d [Value]) -> String {
        let mut wanted: Vec<&str> = Vec::new();
        let mut todo: Vec<&'d Value> = branches.iter().rev().collect();
        while let Some(branch) = todo.pop() {
            let branch = self.resolve(branch);
            if let Some(inner) = branch
                .get("oneOf")
                .or_else(|| branch.get("anyOf"))
                .and_then(Value::as_array)
            {
                todo.extend(inner.iter().rev());
                continue;
            }
            for name in types_of(branch) {
                if name != "null" && !wanted.contains(&in_words(name)) {
                    wanted.push(in_words(name));
                }
            }
        }
        if wanted.is_empty() {
            "another value".to_owned()
        } else {
            wanted.join(" or ")
        }
    }
}
