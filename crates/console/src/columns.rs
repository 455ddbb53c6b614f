//! Which raw paths of a resource can be columns, and which are shown before anybody chose.

use std::collections::BTreeSet;

use crosswalk_connector::Definition;
use crosswalk_mapping::{EffectiveMapping, Lineage, RawLeaves, UnreadLeaf};
use crosswalk_workspace::account::Account;
use crosswalk_workspace::record::{self, Direction};

use crate::mapping::in_force::require_resource;
use crate::raw::marks::Rules;
use crate::raw::path::{keys_of, of_keys};
use crate::views::ColumnView;
use crate::{Console, Fault};

/// Records looked at: the newest.
const SAMPLE: u32 = 200;
/// Columns shown before anybody chose: what fits beside each other.
const SUGGESTED: usize = 8;
/// Columns to choose from.
const MOST: usize = 2_000;

/// What each unified field takes from one place alone, in the model's order: what people look for in a list.
fn read_alone(mapping: &EffectiveMapping) -> Vec<String> {
    mapping
        .fields
        .iter()
        .filter_map(|field| {
            let mut paths = field.lineage.paths();
            let only = paths.next()?;
            paths.next().is_none().then(|| of_keys(only))
        })
        .collect()
}

/// Puts the columns in order: suggested ones first, then the customer's own, then those filled most often.
fn choose(
    leaves: Vec<UnreadLeaf>,
    id: &str,
    read_alone: &[String],
    masked: impl Fn(&str) -> bool,
) -> Vec<ColumnView> {
    let plain = |leaf: &UnreadLeaf| leaf.path.replace("[]", "");
    let mut wanted: Vec<&str> = vec![id];
    let mut seen = BTreeSet::from([id.to_owned()]);
    for path in read_alone {
        if seen.insert(path.clone()) {
            wanted.push(path);
        }
    }
    // Values of lists are no good columns unless chosen, and what is masked shows nothing.
    let fits = |leaf: &&UnreadLeaf| !leaf.path.contains("[]") && !masked(&leaf.path);
    let mut suggested: Vec<String> = wanted
        .iter()
        .filter_map(|path| {
            leaves
                .iter()
                .filter(fits)
                .find(|leaf| plain(leaf) == **path)
        })
        .map(|leaf| leaf.path.clone())
        .take(SUGGESTED)
        .collect();
    if suggested.len() <= 1 {
        let mut filled: Vec<&UnreadLeaf> = leaves.iter().filter(fits).collect();
        filled.sort_by_key(|leaf| (u64::MAX - leaf.filled, leaf.path.clone()));
        for leaf in filled {
            if suggested.len() < SUGGESTED && !suggested.contains(&leaf.path) {
                suggested.push(leaf.path.clone());
            }
        }
    }
    let rank = |path: &str| suggested.iter().position(|known| known == path);
    let mut columns: Vec<ColumnView> = leaves
        .into_iter()
        .map(|leaf| ColumnView {
            suggested: rank(&leaf.path).is_some(),
            path: leaf.path,
            filled: leaf.filled,
            of: leaf.records,
        })
        .collect();
    // The leaves come with the customer's own first, each group by how often it is filled.
    columns.sort_by_key(|column| rank(&column.path).unwrap_or(usize::MAX));
    columns.truncate(MOST);
    columns
}

impl Console {
    /// The raw paths that can be columns, by the newest records stored.
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening.
    pub async fn columns(&self, account: &str, resource: &str) -> Result<Vec<ColumnView>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        let leaves = self.leaves(&account, resource).await?;
        let alone = match definition.mapping_of(resource) {
            Some(mapping) => {
                let effective = self.effective(&account, &definition, mapping).await?;
                read_alone(&effective)
            }
            None => Vec::new(),
        };
        Ok(of_resource(&definition, resource, &leaves, &alone))
    }

    async fn leaves(&self, account: &Account, resource: &str) -> Result<RawLeaves, Fault> {
        let keys = self.entry(account).await?.keys;
        let (uuid, resource) = (account.uuid, resource.to_owned());
        let leaves = self
            .workspace()
            .read(move |tx| {
                let mut leaves = RawLeaves::default();
                for id in record::ids(tx, uuid, &resource, Direction::Down, None, SAMPLE)? {
                    let Some(stored) = record::get(tx, uuid, &resource, &id)? else {
                        continue;
                    };
                    let Some(raw) = stored.open(&keys, uuid, &resource)? else {
                        continue;
                    };
                    if let Ok(value) = serde_json::from_slice(&raw) {
                        leaves.add(&value);
                    }
                }
                Ok(leaves)
            })
            .await?;
        Ok(leaves)
    }
}

fn of_resource(
    definition: &Definition,
    key: &str,
    leaves: &RawLeaves,
    alone: &[String],
) -> Vec<ColumnView> {
    let Some(resource) = definition.connector.resources.get(key) else {
        return Vec::new();
    };
    let containers = resource
        .custom_fields
        .as_ref()
        .map(|custom| custom.containers.clone())
        .unwrap_or_default();
    let rules = Rules::of(Some(resource));
    let all = leaves.unread(&Lineage::default(), &containers, |root| {
        !rules.custom(&[root])
    });
    let id = of_keys(&keys_of(&resource.id_path()));
    choose(all, &id, alone, |path| {
        crosswalk_connector::RawPath::parse(path).is_ok_and(|path| rules.masks(&keys_of(&path)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(path: &str, custom: bool, filled: u64) -> UnreadLeaf {
        UnreadLeaf {
            path: path.to_owned(),
            custom,
            filled,
            records: 10,
            keys: Vec::new(),
            example: String::new(),
        }
    }

    #[test]
    fn what_a_model_takes_from_one_place_is_suggested() {
        let leaves = || {
            vec![
                leaf("own.k", true, 4),
                leaf("id", false, 10),
                leaf("status", false, 10),
                leaf("total", false, 9),
                leaf("lines[].no", false, 9),
                leaf("card.number", false, 9),
            ]
        };
        let alone = ["total", "status", "lines.no", "card.number", "gone"].map(str::to_owned);
        let masked = |path: &str| path == "card.number";
        let columns = choose(leaves(), "id", &alone, masked);
        let shown: Vec<(&str, bool)> = columns
            .iter()
            .map(|column| (column.path.as_str(), column.suggested))
            .collect();
        assert_eq!(
            shown,
            [
                ("id", true),
                ("total", true),
                ("status", true),
                ("own.k", false),
                ("lines[].no", false),
                ("card.number", false),
            ]
        );
        // Without a mapping: what is filled most often.
        let suggested: Vec<String> = choose(leaves(), "id", &[], masked)
            .into_iter()
            .filter(|column| column.suggested)
            .map(|column| column.path)
            .collect();
        assert_eq!(suggested, ["id", "status", "total", "own.k"]);
    }
}
