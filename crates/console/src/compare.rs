//! A record beside what its model makes of it, field by field.

use std::collections::HashMap;
use std::sync::Arc;

use crosswalk_connector::{Definition, Mapping};
use crosswalk_mapping::{
    EffectiveField, EffectiveMapping, FieldResult, Lineage, RecordResult, Status,
};
use crosswalk_workspace::account::Account;
use serde_json::value::RawValue;

use crate::console::blocking;
use crate::mapping::version::version_of;
use crate::raw::marks::{Marks, Rules};
use crate::raw::open_record::{OpenRecord, unreadable};
use crate::raw::path::push_key;
use crate::raw::tree::{Kind, RawTree};
use crate::views::{Compared, ComparedField, ExpressionPosition};
use crate::{Console, Fault};

/// Bytes of a unified value that cross to a face.
const MOST_OF_A_VALUE: usize = 4 * 1024;

/// Whether a field came out wrong.
pub(crate) fn fails(status: Status) -> bool {
    matches!(
        status,
        Status::Error | Status::WrongType | Status::UnknownValue | Status::Missing
    )
}

/// The line and column, both from 1, of the last of the first `read` characters.
fn position(expression: &str, read: usize) -> ExpressionPosition {
    let mut place = ExpressionPosition { line: 1, column: 0 };
    let mut line_ended = false;
    for character in expression.chars().take(read.max(1)) {
        if line_ended {
            place.line += 1;
            place.column = 0;
        }
        line_ended = character == '\n';
        place.column += 1;
    }
    place.column = place.column.max(1);
    place
}

/// At most [`MOST_OF_A_VALUE`] bytes of a JSON text, and whether it goes on.
fn cut(text: &str) -> (String, bool) {
    if text.len() <= MOST_OF_A_VALUE {
        return (text.to_owned(), false);
    }
    let end = text.floor_char_boundary(MOST_OF_A_VALUE);
    (text[..end].to_owned(), true)
}

/// The paths a field reads, spelled as they lie in the record: `[]` after every key that holds a list there.
fn reads(mapping: &EffectiveMapping, field: &EffectiveField, raw: &OpenRecord) -> Vec<String> {
    let lineage = &field.lineage;
    if lineage.is_whole_record() {
        return vec!["*".to_owned()];
    }
    let (tree, bytes) = (&raw.tree, raw.raw.as_slice());
    let mut reads: Vec<String> = lineage
        .paths()
        .map(|keys| spelled_in(tree, bytes, keys))
        .collect();
    if let Some(known) = mapping.known_fields.as_deref()
        && lineage.reads_unknown_fields()
    {
        let unknown = tree
            .children(0)
            .filter_map(|child| tree.key(bytes, child))
            .filter(|key| !known.contains(key.as_ref()));
        reads.extend(unknown.map(|key| spelled_in(tree, bytes, &[key.into_owned()])));
    }
    reads
}

fn spelled_in(tree: &RawTree, bytes: &[u8], keys: &[String]) -> String {
    let mut path = String::new();
    let mut at = Some(0);
    for key in keys {
        push_key(&mut path, key);
        at = at.and_then(|node| tree.member(bytes, node, key));
        while let Some(list) = at.filter(|node| is(tree, *node, Kind::Array)) {
            path.push_str("[]");
            // Elements may differ; the first object tells how the path goes on.
            at = tree
                .children(list)
                .find(|element| is(tree, *element, Kind::Object))
                .or_else(|| tree.children(list).next());
        }
    }
    path
}

fn is(tree: &RawTree, node: usize, kind: Kind) -> bool {
    tree.node(node).is_some_and(|node| node.kind == kind)
}

/// The values of a unified object by field, `custom_fields.NAME` included.
pub(crate) struct Unified<'r> {
    members: HashMap<String, &'r RawValue>,
    custom: serde_json::Value,
}

impl<'r> Unified<'r> {
    pub(crate) fn read(result: &'r RecordResult) -> Result<Self, Fault> {
        let members: HashMap<String, &'r RawValue> = match &result.unified {
            Some(text) => serde_json::from_str(text).map_err(unreadable)?,
            None => HashMap::new(),
        };
        let custom = members
            .get(crosswalk_mapping::CUSTOM_FIELDS)
            .and_then(|custom| serde_json::from_str(custom.get()).ok())
            .unwrap_or_default();
        Ok(Self { members, custom })
    }

    /// The JSON text of a field; none where it has no value.
    pub(crate) fn value(&self, field: &str) -> Option<String> {
        if let Some(member) = self.members.get(field) {
            return Some(member.get().to_owned()).filter(|text| text != "null");
        }
        let name = field
            .strip_prefix(crosswalk_mapping::CUSTOM_FIELDS)?
            .strip_prefix('.')?;
        let value = match &self.custom {
            serde_json::Value::Object(members) => members.get(name),
            serde_json::Value::Array(items) => items
                .iter()
                .find(|item| item["key"] == name)
                .map(|item| &item["value"]),
            _ => None,
        };
        value
            .filter(|value| !value.is_null())
            .map(ToString::to_string)
    }
}

fn compared(
    mapping: &EffectiveMapping,
    field: &EffectiveField,
    result: &FieldResult,
    unified: &Unified<'_>,
    record: &OpenRecord,
    rules: &Rules<'_>,
) -> ComparedField {
    let masked = rules.shows_masked(&field.lineage);
    let (value, is_cut) = match unified.value(&field.name).filter(|_| !masked) {
        Some(text) => {
            let (text, is_cut) = cut(&text);
            (Some(text), is_cut)
        }
        None => (None, false),
    };
    let read = field
        .problem
        .as_ref()
        .and_then(crosswalk_mapping::ExpressionError::position);
    let message = match (&result.message, masked) {
        (Some(_), true) => Some("What is wrong would quote a masked value.".to_owned()),
        (message, _) => message.clone(),
    };
    ComparedField {
        field: field.name.clone(),
        value,
        cut: is_cut,
        status: result.status.as_str().to_owned(),
        level: field.level.map(|level| level.to_string()),
        expression: field.expression.clone(),
        reads: reads(mapping, field, record),
        message,
        position: read
            .zip(field.expression.as_deref())
            .map(|(read, expression)| position(expression, read)),
        masked,
    }
}

/// Everything there is to say about a record under a mapping.
fn comparison(
    record: &OpenRecord,
    result: &RecordResult,
    mapping: &EffectiveMapping,
    rules: &Rules<'_>,
    read: Option<&Lineage>,
) -> Result<Compared, Fault> {
    let unified = Unified::read(result)?;
    let fields = mapping
        .fields
        .iter()
        .zip(&result.fields)
        .filter(|(field, _)| field.level.is_some() || field.required)
        .map(|(field, result)| compared(mapping, field, result, &unified, record, rules))
        .collect();
    let marks = Marks::new(&record.tree, rules, read);
    let (unread, unread_custom) = marks.unread(&record.tree);
    Ok(Compared {
        id: result.key.clone(),
        model: mapping.model.clone(),
        resource: mapping.resource.clone(),
        fields,
        unread,
        unread_custom,
        version: Some(version_of(mapping)),
    })
}

impl Console {
    /// A stored record as a model sees it: each field with its value, what is the matter, the level that won and what
    /// it reads.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `worker_…`, and what keeps the vault from opening.
    pub async fn compare_record(
        &self,
        account: &str,
        resource: &str,
        id: &str,
        model: &str,
    ) -> Result<Compared, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, Some(resource))?;
        self.compare(&account, &definition, mapping, id).await
    }

    pub(crate) async fn compare(
        &self,
        account: &Account,
        definition: &Arc<Definition>,
        mapping: &Mapping,
        id: &str,
    ) -> Result<Compared, Fault> {
        let resource = mapping.resource.clone();
        let record = self.open_record(account, &resource, id).await?;
        let effective = self.effective(account, definition, mapping).await?;
        let read = self.read_by_name(account, definition, &resource).await?;
        let results = self
            .pool()?
            .evaluate(vec![record.to_map()], &effective)
            .await?;
        let definition = Arc::clone(definition);
        blocking(move || {
            let result = results
                .first()
                .ok_or_else(|| unreadable("the worker gave no answer"))?;
            let rules = Rules::of(definition.connector.resources.get(&resource));
            comparison(&record, result, &effective, &rules, read.as_ref())
        })
        .await?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_points_at_line_and_column() {
        for (expression, read, expected) in [
            ("a +", 3, (1, 3)),
            ("a\n+ b", 3, (2, 1)),
            ("a\n\nbc", 5, (3, 2)),
            ("", 0, (1, 1)),
        ] {
            let found = position(expression, read);
            assert_eq!(
                (found.line, found.column),
                expected,
                "{expression:?} {read}"
            );
        }
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(cut("\"short\""), ("\"short\"".to_owned(), false));
        let long = "é".repeat(MOST_OF_A_VALUE);
        let (text, is_cut) = cut(&long);
        assert!(is_cut && text.len() <= MOST_OF_A_VALUE && long.starts_with(&text));
    }

    #[test]
    fn reads_are_spelled_as_they_lie_in_the_record() {
        let bytes = br#"{"lines":[1,{"acc":{"co.de":"x"}}],"plain":{"b":1}}"#;
        let Ok(tree) = RawTree::read(bytes) else {
            return assert_eq!("a tree", "none");
        };
        for (keys, expected) in [
            (vec!["lines", "acc", "co.de"], "lines[].acc.`co.de`"),
            (vec!["plain", "b"], "plain.b"),
            (vec!["gone", "b"], "gone.b"),
        ] {
            let keys: Vec<String> = keys.into_iter().map(str::to_owned).collect();
            assert_eq!(spelled_in(&tree, bytes, &keys), expected);
        }
    }
}
