//! Keys that stored records meet and no table has.

use std::collections::HashMap;
use std::sync::Arc;

use crosswalk_connector::Resource;
use crosswalk_mapping::{EffectiveField, EffectiveMapping, Misses};
use serde::Serialize;
use specta::Type;
use tokio_util::sync::CancellationToken;

use crate::mapping::impact::{MASKED, reads_masked, stopped};
use crate::{Console, Fault};

/// A key that stored records meet and no table has.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Type)]
pub struct UnmappedKey {
    pub table: String,
    /// Dots where it is masked.
    pub key: String,
    /// Records that meet it.
    pub records: u32,
    /// Whether only fields met it that read what the connector masks.
    pub masked: bool,
}

/// Keys met in vain, each with its table and how many records met it.
#[derive(Debug, Default)]
struct Met {
    shown: HashMap<(String, String), u32>,
    /// Those that fields met which read what is masked.
    masked: HashMap<(String, String), u32>,
}

impl Met {
    /// Adds what one record met; `of` is the only table asked about.
    fn add(&mut self, misses: Misses, of: Option<&str>, masked: bool) {
        let met = if masked {
            &mut self.masked
        } else {
            &mut self.shown
        };
        for (table, keys) in misses {
            if of.is_some_and(|of| of != table) {
                continue;
            }
            for key in keys.into_keys() {
                *met.entry((table.clone(), key)).or_insert(0) += 1;
            }
        }
    }

    /// By table, the most frequent first. A key that stands in clear elsewhere is not told again as a masked one.
    fn listed(mut self) -> Vec<UnmappedKey> {
        self.masked.retain(|met, _| !self.shown.contains_key(met));
        let masked = self.masked.into_iter().map(|((table, _), records)| {
            let key = MASKED.to_owned();
            (table, key, records, true)
        });
        let shown = self.shown.into_iter();
        let shown = shown.map(|((table, key), records)| (table, key, records, false));
        let mut keys: Vec<UnmappedKey> = shown
            .chain(masked)
            .map(|(table, key, records, masked)| UnmappedKey {
                table,
                key,
                records,
                masked,
            })
            .collect();
        keys.sort_by(|left, right| {
            (&left.table, right.records, &left.key).cmp(&(&right.table, left.records, &right.key))
        });
        keys
    }
}

/// The fields that may read tables: those that read nothing masked, and apart from them, marked, those that do.
fn readers(
    mapping: &EffectiveMapping,
    resource: Option<&Resource>,
) -> Vec<(bool, Arc<EffectiveMapping>)> {
    let Some(reading) = mapping.reading_tables() else {
        return Vec::new();
    };
    let masked = |field: &EffectiveField| {
        resource.is_some_and(|resource| reads_masked(resource, &reading, &field.name))
    };
    [false, true]
        .into_iter()
        .filter_map(|wanted| {
            let part = reading.keeping(|field| masked(field) == wanted)?;
            Some((wanted, Arc::new(part)))
        })
        .collect()
}

impl Console {
    /// The keys that an account's stored records meet and no table has, the most frequent first. Keys that come from
    /// what the connector masks are counted and not shown.
    ///
    /// # Errors
    /// `not_found`, `cancelled`, and what keeps the vault from opening.
    pub async fn unmapped_keys(
        &self,
        account: &str,
        name: Option<&str>,
        cancelled: &CancellationToken,
    ) -> Result<Vec<UnmappedKey>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let pool = self.pool()?.clone();
        let mut met = Met::default();
        for mapping in &definition.mappings {
            let effective = self.effective(&account, &definition, mapping).await?;
            let resource = definition.connector.resources.get(&mapping.resource);
            let readers = readers(&effective, resource);
            if readers.is_empty() {
                continue;
            }
            let mut records = self.stored_records(&account, &mapping.resource).await?;
            while let Some(mut batch) = records.next().await? {
                for (at, (masked, reading)) in readers.iter().enumerate() {
                    let asked = if at + 1 == readers.len() {
                        std::mem::take(&mut batch)
                    } else {
                        batch.clone()
                    };
                    let results = tokio::select! {
                        results = pool.evaluate(asked, reading) => results?,
                        () = cancelled.cancelled() => return Err(stopped()),
                    };
                    for result in results {
                        met.add(result.misses, name, *masked);
                    }
                }
            }
        }
        Ok(met.listed())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crosswalk_connector::{Mapping, Model, SharedTypes};
    use crosswalk_mapping::Overrides;
    use serde_json::json;

    use super::*;

    fn misses(keys: &[(&str, &str)]) -> Misses {
        let mut misses = Misses::new();
        for (table, key) in keys {
            let table = misses.entry((*table).to_owned()).or_default();
            table.insert((*key).to_owned(), 1);
        }
        misses
    }

    #[test]
    fn keys_from_masked_values_are_counted_and_not_shown() {
        let mut met = Met::default();
        for _ in 0..2 {
            met.add(misses(&[("codes", "A"), ("banks", "B")]), None, false);
            met.add(misses(&[("codes", "DE1")]), None, true);
        }
        met.add(misses(&[("codes", "A"), ("codes", "DE2")]), None, true);
        met.add(misses(&[("others", "X")]), Some("codes"), false);
        let listed = met.listed();
        let told: Vec<(&str, &str, u32, bool)> = listed
            .iter()
            .map(|one| (&*one.table, &*one.key, one.records, one.masked))
            .collect();
        assert_eq!(
            told,
            [
                ("banks", "B", 2, false),
                ("codes", "A", 2, false),
                ("codes", MASKED, 2, true),
                ("codes", MASKED, 1, true),
            ]
        );
    }

    #[test]
    fn fields_that_read_what_is_masked_are_asked_apart() {
        let model: Model = serde_json::from_value(json!({
            "format": 1, "model": "m/x", "label": "X", "description": "x", "fields": {
                "plain": {"type": "string"}, "bank": {"type": "string"}, "other": {"type": "string"}
            }
        }))
        .unwrap();
        let mapping: Mapping = serde_json::from_value(json!({
            "format": 1, "model": "m/x", "resource": "xs", "fields": {
                "plain": "$table('t', code)", "bank": "$table('t', bank.iban)", "other": "bank.iban"
            }
        }))
        .unwrap();
        let shared: SharedTypes =
            serde_json::from_value(json!({ "format": 1, "types": {} })).unwrap();
        let none = Overrides::new();
        let effective =
            EffectiveMapping::merge(&model, &shared, &mapping, "1", &none, &none).unwrap();
        let resource: Resource = serde_json::from_value(json!({
            "label": "Xs", "operations": {}, "mask": ["bank.iban"]
        }))
        .unwrap();
        let named = |resource: Option<&Resource>| -> Vec<(bool, Vec<String>)> {
            readers(&effective, resource)
                .into_iter()
                .map(|(masked, part)| {
                    let names = part.fields.iter().map(|field| field.name.clone());
                    (masked, names.collect())
                })
                .collect()
        };
        assert_eq!(
            named(Some(&resource)),
            [
                (false, vec!["plain".to_owned()]),
                (true, vec!["bank".to_owned()])
            ]
        );
        assert_eq!(
            named(None),
            [(false, vec!["plain".to_owned(), "bank".to_owned()])]
        );
    }
}
