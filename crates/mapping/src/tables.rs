use std::collections::{BTreeMap, HashMap};

/// The tables an account's mapping may read, by name: key to value, read by `$table(name, key)`.
///
/// Levels are already merged (see [`merge_tables`](crate::merge_tables)).
pub type Tables = HashMap<String, HashMap<String, String>>;

/// Keys that were asked of a table and are not in it: table, key, how often.
pub type Misses = BTreeMap<String, BTreeMap<String, u64>>;

/// Tables of several levels as one: an entry at a later level replaces the same key of an earlier one, `None`
/// removes it.
pub fn merge_tables<'a>(
    levels: impl IntoIterator<Item = &'a HashMap<String, HashMap<String, Option<String>>>>,
) -> Tables {
    let mut merged = Tables::new();
    for level in levels {
        for (name, entries) in level {
            let table = merged.entry(name.clone()).or_default();
            for (key, value) in entries {
                match value {
                    Some(value) => table.insert(key.clone(), value.clone()),
                    None => table.remove(key),
                };
            }
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(entries: &[(&str, Option<&str>)]) -> HashMap<String, HashMap<String, Option<String>>> {
        let table = entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), value.map(str::to_owned)))
            .collect();
        HashMap::from([("terms".to_owned(), table)])
    }

    #[test]
    fn the_later_level_wins_and_none_removes() {
        let merged = merge_tables(&[
            level(&[
                ("N30", Some("net_30")),
                ("N45", Some("net_45")),
                ("X", Some("x")),
            ]),
            level(&[("N30", Some("net30")), ("X", None)]),
        ]);
        assert_eq!(
            merged["terms"],
            HashMap::from([
                ("N30".to_owned(), "net30".to_owned()),
                ("N45".to_owned(), "net_45".to_owned()),
            ])
        );
    }
}
