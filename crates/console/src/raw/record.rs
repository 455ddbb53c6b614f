//! A record as received: pages of its rows, single values, the whole.

use crosswalk_connector::Definition;
use crosswalk_mapping::Lineage;
use crosswalk_workspace::account::Account;
use serde_json::json;

use crate::console::blocking;
use crate::mapping::in_force::require_resource;
use crate::raw::marks::{Marks, Rules};
use crate::raw::rows::{RawView, Window};
use crate::views::{RawPage, RawQuery};
use crate::{Console, Fault};

impl Console {
    /// What the mappings of a resource read by name, all together; none where it has no mapping.
    pub(crate) async fn read_by_name(
        &self,
        account: &Account,
        definition: &Definition,
        resource: &str,
    ) -> Result<Option<Lineage>, Fault> {
        let mut reads: Option<Lineage> = None;
        for mapping in definition
            .mappings
            .iter()
            .filter(|mapping| mapping.resource == resource)
        {
            let effective = self.effective(account, definition, mapping).await?;
            let lineage = effective.lineage_by_name();
            reads = Some(match reads {
                Some(known) => known.union(&lineage),
                None => lineage,
            });
        }
        Ok(reads)
    }

    /// Some rows of a stored record with some of its containers open.
    ///
    /// # Errors
    /// `not_found`, `record_unreadable`, and what keeps the vault from opening.
    pub async fn raw_page(
        &self,
        account: &str,
        resource: &str,
        id: &str,
        query: RawQuery,
    ) -> Result<RawPage, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        let record = self.open_record(&account, resource, id).await?;
        let reads = self.read_by_name(&account, &definition, resource).await?;
        let resource = resource.to_owned();
        blocking(move || {
            let rules = Rules::of(definition.connector.resources.get(&resource));
            let marks = Marks::new(&record.tree, &rules, reads.as_ref());
            let view = RawView {
                bytes: &record.raw,
                tree: &record.tree,
                marks: &marks,
            };
            let mut open = match &query.expanded {
                Some(paths) => view.open(paths),
                None => view.open_by_default(),
            };
            let found = query.locate.as_deref().and_then(|path| view.find(path));
            let locate = found.map(|(node, above)| {
                open.add(above);
                node
            });
            let Window {
                rows,
                total,
                located,
            } = view.window(&open, query.offset, query.limit, locate);
            RawPage {
                total,
                bytes: record.raw.len() as u64,
                fetched_at: record.fetched_at,
                expanded: view.paths(&open),
                located,
                rows,
            }
        })
        .await
    }

    /// A value of a stored record: texts as they read, everything else as received. What is masked is replaced unless
    /// it is revealed, and revealing is audited.
    ///
    /// # Errors
    /// `not_found`, `no_value` for a path the record does not have, and what keeps the vault from opening.
    pub async fn raw_value(
        &self,
        account: &str,
        resource: &str,
        id: &str,
        path: &str,
        reveal: bool,
    ) -> Result<String, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        let record = self.open_record(&account, resource, id).await?;
        let rules = Rules::of(definition.connector.resources.get(resource));
        let marks = Marks::new(&record.tree, &rules, None);
        let view = RawView {
            bytes: &record.raw,
            tree: &record.tree,
            marks: &marks,
        };
        let node = view.at(path).ok_or_else(|| {
            Fault::invalid(
                "no_value",
                format!("The record holds nothing at {path}."),
                "It may have been fetched anew; open it again.",
            )
        })?;
        let value = view.shown(node, reveal);
        if reveal {
            let detail = json!({ "resource": resource, "record": id, "path": path });
            self.note_reveal(&account, detail).await?;
        }
        Ok(value)
    }

    /// A stored record as received, with what is masked replaced.
    ///
    /// # Errors
    /// `not_found`, and what keeps the vault from opening.
    pub async fn raw_body(
        &self,
        account: &str,
        resource: &str,
        id: &str,
    ) -> Result<Vec<u8>, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        let record = self.open_record(&account, resource, id).await?;
        let resource = resource.to_owned();
        blocking(move || {
            let rules = Rules::of(definition.connector.resources.get(&resource));
            let marks = Marks::new(&record.tree, &rules, None);
            let view = RawView {
                bytes: &record.raw,
                tree: &record.tree,
                marks: &marks,
            };
            view.shown(0, false).into_bytes()
        })
        .await
    }
}
