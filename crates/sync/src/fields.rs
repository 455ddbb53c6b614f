//! What is asked for of each record.

use std::collections::BTreeSet;

use crosswalk_connector::{RawPath, Resource, Selection};
use crosswalk_mapping::Lineage;
use serde::{Deserialize, Serialize};

/// How much of each record a run asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fields {
    /// What the effective mapping reads and what discovery needs.
    #[default]
    Mapped,
    /// Whole objects.
    All,
}

/// What is asked for of each record, as the provider is asked and as the workspace remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The paths asked for; none asks for whole objects.
    pub paths: Option<Vec<RawPath>>,
    /// The same as a tree: what a record fetched this way holds.
    pub selection: Selection,
}

impl Asked {
    /// Whole objects.
    pub fn whole() -> Self {
        Self {
            paths: None,
            selection: Selection::Whole,
        }
    }

    /// Whether whole objects are asked for.
    pub fn is_whole(&self) -> bool {
        self.paths.is_none()
    }

    /// What a full, incremental or unexported run asks for: what the mapping reads, the id, the watermark, the exported flag, custom fields, root keys
    /// met in whole objects that the connector does not know, and configured extras.
    ///
    /// Whole objects where the provider cannot select, no mapping reads the resource, or an expression may read anything.
    pub fn by_mapping(
        resource: &Resource,
        reads: Option<&Lineage>,
        root_keys: &[String],
        extras: &[RawPath],
    ) -> Self {
        let (Some(select), Some(reads)) = (&resource.selection, reads) else {
            return Self::whole();
        };
        if reads.is_whole_record() {
            return Self::whole();
        }
        let mut paths: Vec<RawPath> = Vec::new();
        paths.extend(resource.id.clone());
        paths.extend(resource.keyset.as_ref().map(|keyset| keyset.field.clone()));
        paths.extend(
            resource
                .watermark
                .as_ref()
                .map(|watermark| watermark.field.clone()),
        );
        paths.extend(
            resource
                .exported
                .as_ref()
                .map(|exported| exported.field.clone()),
        );
        paths.extend(reads.raw_paths());
        paths.extend(select.always.iter().cloned());
        if let Some(custom) = &resource.custom_fields {
            paths.extend(custom.containers.iter().cloned());
        }
        let known: BTreeSet<&str> = resource.known_fields.iter().map(String::as_str).collect();
        if !known.is_empty() {
            let unknown = root_keys
                .iter()
                .filter(|key| !key.is_empty() && !known.contains(key.as_str()));
            paths.extend(unknown.map(|key| RawPath::of_key(key)));
        }
        paths.extend(extras.iter().cloned());
        let mut met = BTreeSet::new();
        paths.retain(|path| met.insert(path.keys().join("\0")));
        let mut selection = Selection::empty();
        for path in &paths {
            selection.add(&path.keys());
        }
        Self {
            paths: Some(paths),
            selection,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn resource() -> Resource {
        serde_json::from_value(serde_json::json!({
            "label": "Invoices",
            "operations": {"list": {"path": "/invoices"}},
            "id": "id",
            "watermark": {"field": "updated-at", "format": "rfc3339"},
            "exported": {"field": "exported", "params": {"exported": "false"}},
            "selection": {"param": "fields", "style": "json_tree", "always": ["status"]},
            "custom_fields": {"containers": ["custom-fields", "lines[].custom-fields"]},
            "known_fields": ["id", "status", "notes"],
        }))
        .unwrap()
    }

    #[test]
    fn what_the_mapping_reads_and_what_discovery_needs_is_asked_for() {
        let reads = Lineage::of("supplier.name & lines[0].amount & id").unwrap();
        let root_keys = ["id", "notes", "seg3", "odd.key"].map(str::to_owned);
        let asked = Asked::by_mapping(
            &resource(),
            Some(&reads),
            &root_keys,
            &[RawPath::parse("notes").unwrap()],
        );
        let paths: Vec<String> = asked
            .paths
            .unwrap()
            .iter()
            .map(|path| path.as_str().to_owned())
            .collect();
        assert_eq!(
            paths,
            [
                "id",
                "updated-at",
                "exported",
                "lines.amount",
                "supplier.name",
                "status",
                "custom-fields",
                "lines[].custom-fields",
                "seg3",
                "`odd.key`",
                "notes"
            ]
        );
        assert!(asked.selection.covers_path(&["supplier", "name"]));
        assert!(asked.selection.covers_path(&["odd.key"]));
        assert!(
            asked
                .selection
                .covers_path(&["lines", "custom-fields", "anything"])
        );
        assert!(!asked.selection.covers_path(&["lines"]));
    }

    #[test]
    fn whole_objects_where_less_cannot_be_said() {
        let reads = Lineage::of("id").unwrap();
        assert!(Asked::by_mapping(&resource(), None, &[], &[]).is_whole());
        assert!(
            Asked::by_mapping(&resource(), Some(&Lineage::whole_record()), &[], &[]).is_whole()
        );
        let unable = Resource {
            selection: None,
            ..resource()
        };
        assert!(Asked::by_mapping(&unable, Some(&reads), &[], &[]).is_whole());
    }
}
