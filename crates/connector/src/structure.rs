//! Checks a document against the format's JSON Schema: the same one that editors use.
//!
//! serde would stop at the first mistake and loses the place inside tagged enums; this goes on and knows every place.

mod choice;

use serde_json::{Map, Value};

use crate::document::{Document, push};
use crate::problem::{Problem, ProblemCode, suggestion};
use crate::text_type::check_format;

/// Every way in which `document` is not what `schema` describes. `schema` is one this crate generates; a keyword it does not use is not
/// looked at.
pub(crate) fn check(document: &Document, schema: &Value) -> Vec<Problem> {
    let mut walk = Walk {
        document,
        root: schema,
        problems: Vec::new(),
    };
    walk.value(&document.value, schema, &mut String::new());
    walk.problems
}

struct Walk<'d> {
    document: &'d Document,
    root: &'d Value,
    problems: Vec<Problem>,
}

impl<'d> Walk<'d> {
    fn report(&mut self, pointer: &str, code: ProblemCode, message: String, hint: Option<String>) {
        self.problems
            .push(self.document.problem(pointer, code, message, hint));
    }

    fn resolve(&self, mut schema: &'d Value) -> &'d Value {
        while let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            match self.root.pointer(target.trim_start_matches('#')) {
                Some(found) => schema = found,
                None => break,
            }
        }
        schema
    }

    fn value(&mut self, value: &Value, schema: &'d Value, pointer: &mut String) {
        let schema = self.resolve(schema);
        if let Some(branches) = schema
            .get("oneOf")
            .or_else(|| schema.get("anyOf"))
            .and_then(Value::as_array)
        {
            self.branches(value, branches, pointer);
            return;
        }
        if !self.is_of_type(value, schema, pointer) {
            return;
        }
        match value {
            Value::Object(members) => self.object(members, schema, pointer),
            Value::Array(items) => {
                if let Some(item_schema) = schema.get("items") {
                    let length = pointer.len();
                    for (index, item) in items.iter().enumerate() {
                        push(pointer, &index.to_string());
                        self.value(item, item_schema, pointer);
                        pointer.truncate(length);
                    }
                }
            }
            Value::String(text) => self.text(text, schema, pointer),
            Value::Number(_) => self.range(value, schema, pointer),
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn is_of_type(&mut self, value: &Value, schema: &Value, pointer: &str) -> bool {
        let types = types_of(schema);
        if types.is_empty() || types.iter().any(|name| accepts(name, value)) {
            return true;
        }
        let wanted: Vec<&str> = types
            .iter()
            .filter(|name| **name != "null")
            .map(|name| in_words(name))
            .collect();
        let hint = match value {
            Value::Number(_) | Value::Bool(_) if types.contains(&"string") => {
                Some("put it in quotes".to_owned())
            }
            _ => None,
        };
        let message = format!("{} is due here, not {}", wanted.join(" or "), found(value));
        self.report(pointer, ProblemCode::WrongType, message, hint);
        false
    }

    fn object(&mut self, members: &Map<String, Value>, schema: &'d Value, pointer: &mut String) {
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        for key in required.filter(|key| !members.contains_key(*key)) {
            self.report(
                pointer,
                ProblemCode::MissingKey,
                format!("`{key}` is missing here"),
                None,
            );
        }
        let length = pointer.len();
        for (key, value) in members {
            push(pointer, key);
            match properties.and_then(|properties| properties.get(key)) {
                Some(property) => self.value(value, property, pointer),
                None => match schema.get("additionalProperties") {
                    Some(Value::Bool(false)) => {
                        let known = properties.unwrap_or(&empty).keys().map(String::as_str);
                        let problem = self.document.key_problem(
                            pointer,
                            ProblemCode::UnknownKey,
                            format!("`{key}` is not a key that can stand here"),
                            suggestion(key, known),
                        );
                        self.problems.push(problem);
                    }
                    Some(further) if further.is_object() => self.value(value, further, pointer),
                    _ => {}
                },
            }
            pointer.truncate(length);
        }
    }

    fn text(&mut self, text: &str, schema: &Value, pointer: &str) {
        if let Some(words) = schema.get("enum").and_then(Value::as_array) {
            let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
            if !words.contains(&text) {
                self.unknown_word(text, &words, pointer);
            }
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && regex::Regex::new(pattern).is_ok_and(|pattern| !pattern.is_match(text))
        {
            let hint = Some(format!("it has to match {pattern}"));
            self.report(
                pointer,
                ProblemCode::Malformed,
                format!("`{text}` cannot stand here"),
                hint,
            );
        }
        if let Some(format) = schema.get("format").and_then(Value::as_str)
            && let Err(error) = check_format(format, text)
        {
            self.report(
                pointer,
                ProblemCode::Malformed,
                error.message,
                Some(error.hint),
            );
        }
    }

    fn range(&mut self, value: &Value, schema: &Value, pointer: &str) {
        let number = value.as_f64().unwrap_or_default();
        let widest = (schema.get("format").and_then(Value::as_str) == Some("uint32"))
            .then_some(f64::from(u32::MAX));
        let limit = |name: &str| schema.get(name).and_then(Value::as_f64);
        let message = match (limit("minimum"), limit("maximum").or(widest)) {
            (Some(least), _) if number < least => format!("{value} is too small; at least {least}"),
            (_, Some(most)) if number > most => format!("{value} is too large; at most {most}"),
            _ => return,
        };
        self.report(pointer, ProblemCode::Malformed, message, None);
    }

    fn unknown_word(&mut self, word: &str, known: &[&str], pointer: &str) {
        let hint = suggestion(word, known.iter().copied());
        self.report(
            pointer,
            ProblemCode::UnknownValue,
            format!("`{word}` is not a word known here"),
            hint,
        );
    }
}

fn types_of(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn accepts(type_name: &str, value: &Value) -> bool {
    match type_name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => true,
    }
}

fn in_words(type_name: &str) -> &str {
    match type_name {
        "boolean" => "true or false",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        "object" => "a map",
        other => other,
    }
}

fn found(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("the boolean {value}"),
        Value::Number(value) => format!("the number {value}"),
        Value::String(value) => {
            format!("the text `{}`", value.chars().take(60).collect::<String>())
        }
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a map".to_owned(),
    }
}
