//! What a change of a table comes to, decided from the entries there are.

use std::collections::BTreeMap;

use crosswalk_workspace::table::{Changes, Tally};

use crate::Fault;

/// The longest name of a table, and the longest key or value, in bytes.
const LONGEST_NAME: usize = 64;
const LONGEST_CELL: usize = 4_096;

/// What changes, and what that comes to.
pub(crate) fn difference(before: &BTreeMap<String, String>, edit: &Changes) -> (Changes, Tally) {
    let mut tally = Tally::default();
    let mut entries = before.len();
    let mut changes = Changes::new();
    for (key, value) in edit {
        match (before.get(key), value) {
            (None, Some(_)) => {
                tally.added += 1;
                entries += 1;
            }
            (Some(_), None) => {
                tally.removed += 1;
                entries -= 1;
            }
            (Some(held), Some(value)) if held != value => tally.changed += 1,
            _ => continue,
        }
        changes.insert(key.clone(), value.clone());
    }
    tally.entries = entries as u64;
    (changes, tally)
}

/// The changes that make `after` of `before`.
pub(crate) fn towards(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Changes {
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    gone.map(|key| (key.clone(), None))
        .chain(
            after
                .iter()
                .map(|(key, value)| (key.clone(), Some(value.clone()))),
        )
        .collect()
}

pub(crate) fn check_name(name: &str) -> Result<(), Fault> {
    let fits = !name.is_empty()
        && name.len() <= LONGEST_NAME
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if fits {
        return Ok(());
    }
    Err(Fault::invalid(
        "invalid_name",
        format!("{name:?} cannot be a table's name."),
        "Use letters, digits, dots, dashes and underscores, at most 64 characters.",
    ))
}

pub(crate) fn check_cells(changes: &Changes) -> Result<(), Fault> {
    let long = changes.iter().find(|(key, value)| {
        key.is_empty()
            || key.len() > LONGEST_CELL
            || value
                .as_ref()
                .is_some_and(|value| value.len() > LONGEST_CELL)
    });
    match long {
        None => Ok(()),
        Some(_) => Err(Fault::invalid(
            "invalid_entry",
            "An entry has no key, or one of more than 4,096 bytes.",
            "Keys and values are short texts.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_edit_comes_to_what_it_changes() {
        let before = table(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let after = table(&[("a", "1"), ("b", "9"), ("d", "4")]);
        let (changes, tally) = difference(&before, &towards(&before, &after));
        assert_eq!(changes.len(), 3);
        assert_eq!(
            (tally.entries, tally.added, tally.changed, tally.removed),
            (3, 1, 1, 1)
        );
        let (none, tally) = difference(&before, &towards(&before, &before));
        assert!(none.is_empty());
        assert_eq!(tally.entries, 3);
    }
}
