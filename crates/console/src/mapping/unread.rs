//! What records hold and no expression takes out of them: where the mapping of one customer begins.

use crosswalk_connector::Resource;
use crosswalk_mapping::{Lineage, RawLeaves, Selection, UnreadLeaf};
use serde::Serialize;
use specta::Type;

use crate::mapping::hints::{expression_of, is_masked};
use crate::mapping::views::count;
use crate::{Console, Fault};

/// Unread fields listed; a record with ids as keys would list without end.
const MOST: usize = 2_000;

/// A raw field no expression reads.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UnreadRow {
    pub path: String,
    /// Its last key.
    pub key: String,
    /// How an expression names it.
    pub expression: String,
    /// JSON, cut; null where it is masked.
    pub example: Option<String>,
    pub masked: bool,
    /// Whether it is the customer's own.
    pub custom: bool,
    /// Records in which it holds something.
    pub filled: u32,
}

/// The raw fields no expression reads, the customer's own first, each group by how often it is filled.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UnreadFields {
    /// Records looked at: those fetched whole. What was not asked for is not there to be missed.
    pub records: u32,
    /// Records passed over, since only a part of each was fetched.
    pub partial: u32,
    pub fields: Vec<UnreadRow>,
    /// How many more there are than are listed.
    pub more: u32,
}

/// What `leaves` hold beyond `read`, the customer's own first.
pub(crate) fn unread_of(
    leaves: &RawLeaves,
    read: &Lineage,
    resource: Option<&Resource>,
) -> Vec<UnreadLeaf> {
    let custom = resource.and_then(|resource| resource.custom_fields.as_ref());
    let containers = custom
        .map(|custom| custom.containers.clone())
        .unwrap_or_default();
    let known = |root: &str| {
        let unknown_are_custom = custom.is_some_and(|custom| custom.unknown_root_keys);
        !unknown_are_custom
            || resource
                .is_some_and(|resource| resource.known_fields.iter().any(|field| field == root))
    };
    leaves.unread(read, &containers, known)
}

fn row(leaf: UnreadLeaf, resource: Option<&Resource>) -> UnreadRow {
    let masked = is_masked(resource, &leaf.keys);
    UnreadRow {
        key: leaf.keys.last().cloned().unwrap_or_default(),
        expression: expression_of(&leaf.keys),
        example: (!masked).then_some(leaf.example),
        masked,
        custom: leaf.custom,
        filled: count(leaf.filled),
        path: leaf.path,
    }
}

impl Console {
    /// What all stored records of a model's resource hold and no expression reads.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `ambiguous_resource`, and what keeps the vault from opening.
    pub async fn unread_fields(
        &self,
        account: &str,
        model: &str,
        resource: Option<&str>,
    ) -> Result<UnreadFields, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, resource)?;
        let effective = self.effective(&account, &definition, mapping).await?;
        let mut leaves = RawLeaves::default();
        let mut partial = 0_u64;
        let mut records = self.stored_records(&account, &mapping.resource).await?;
        while let Some(batch) = records.next().await? {
            for record in batch {
                let selection = record.selection.as_deref();
                if selection.is_some_and(|selection| *selection != Selection::Whole) {
                    partial += 1;
                } else if let Ok(value) = serde_json::from_slice(&record.raw) {
                    leaves.add(&value);
                }
            }
        }
        let known = definition.connector.resources.get(&mapping.resource);
        let unread = unread_of(&leaves, &effective.lineage_by_name(), known);
        Ok(UnreadFields {
            records: count(leaves.records()),
            partial: count(partial),
            more: count(unread.len().saturating_sub(MOST)),
            fields: unread
                .into_iter()
                .take(MOST)
                .map(|leaf| row(leaf, known))
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_how_an_expression_names_it() {
        let leaf = UnreadLeaf {
            keys: vec!["invoice-lines".to_owned(), "bay".to_owned()],
            path: "invoice-lines[].bay".to_owned(),
            custom: true,
            filled: 3,
            records: 4,
            example: "\"B 7\"".to_owned(),
        };
        let row = row(leaf, None);
        assert_eq!(row.key, "bay");
        assert_eq!(row.expression, "`invoice-lines`.bay");
        assert_eq!(row.example.as_deref(), Some("\"B 7\""));
    }
}
