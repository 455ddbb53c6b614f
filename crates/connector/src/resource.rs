//! One thing a provider has lists of.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Exported, FieldSelection, Keyset, Operations, Pagination, Pointer, RawPath, SampleBy, Template,
    Watermark,
};

/// One thing a provider has lists of, such as `purchase_orders`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// What people call it.
    pub label: String,
    /// What it is, where the label is not enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The scopes a read needs, all of them.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The calls it answers.
    pub operations: Operations,
    /// Where the id is in a record. Default: the connector's, else `id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RawPath>,
    /// Where the records are in a list's response; empty: the body is the list. Default: the connector's, else empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Pointer>,
    /// How its list is paged. Default: the connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// How its list is walked by key. Default: the connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyset: Option<Keyset>,
    /// How to ask for what changed. Default: the connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<Watermark>,
    /// Its flag for records handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exported: Option<Exported>,
    /// How to ask for only some fields. Default: the connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<FieldSelection>,
    /// Parameters that put the newest records first. Default: the connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_first: Option<IndexMap<String, Template>>,
    /// How a test sync meets records of every kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample_by: Option<SampleBy>,
    /// Where custom fields are. Default: the connector's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<CustomFields>,
    /// The connector's defaults this resource does without.
    #[serde(default)]
    pub without: Vec<Inherited>,
    /// The keys at a record's root that the provider documents. Others are custom, or news.
    #[serde(default)]
    pub known_fields: Vec<String>,
    /// Values hidden on screen and in exports until revealed.
    #[serde(default)]
    pub mask: Vec<RawPath>,
    /// Values dropped before a page is stored.
    #[serde(default)]
    pub never_store: Vec<RawPath>,
}

/// What resources have in common; each is used by every resource that neither states its own nor lists it under `without`.
/// `mask` and `never_store` are added to a resource's own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceDefaults {
    /// Where the id is in a record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<RawPath>,
    /// Where the records are in a list's response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Pointer>,
    /// How lists are paged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Pagination>,
    /// How lists are walked by key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keyset: Option<Keyset>,
    /// How to ask for what changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watermark: Option<Watermark>,
    /// How to ask for only some fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<FieldSelection>,
    /// Parameters that put the newest records first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_first: Option<IndexMap<String, Template>>,
    /// Where custom fields are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_fields: Option<CustomFields>,
    /// Values hidden on screen and in exports until revealed.
    #[serde(default)]
    pub mask: Vec<RawPath>,
    /// Values dropped before a page is stored.
    #[serde(default)]
    pub never_store: Vec<RawPath>,
}

/// A default a resource can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "named as the keys of `defaults`")]
pub enum Inherited {
    Pagination,
    Keyset,
    Watermark,
    Selection,
    NewestFirst,
    CustomFields,
}

/// Where custom fields are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomFields {
    /// The objects that hold nothing else: `custom-fields`, `lines[].custom-fields`.
    #[serde(default)]
    pub containers: Vec<RawPath>,
    /// Whether root keys that are not `known_fields` are custom fields too (an older, global name space).
    #[serde(default)]
    pub unknown_root_keys: bool,
}

impl Resource {
    /// Fills in what the resource leaves to the connector.
    pub(crate) fn fill_defaults(&mut self, defaults: &ResourceDefaults) {
        fn fill<T: Clone>(own: &mut Option<T>, default: Option<&T>, without: bool) {
            if own.is_none() && !without {
                *own = default.cloned();
            }
        }
        let without = |what| self.without.contains(&what);
        let skip = [
            without(Inherited::Pagination),
            without(Inherited::Keyset),
            without(Inherited::Watermark),
            without(Inherited::Selection),
            without(Inherited::NewestFirst),
            without(Inherited::CustomFields),
        ];
        fill(&mut self.id, defaults.id.as_ref(), false);
        fill(&mut self.records, defaults.records.as_ref(), false);
        fill(&mut self.pagination, defaults.pagination.as_ref(), skip[0]);
        fill(&mut self.keyset, defaults.keyset.as_ref(), skip[1]);
        fill(&mut self.watermark, defaults.watermark.as_ref(), skip[2]);
        fill(&mut self.selection, defaults.selection.as_ref(), skip[3]);
        fill(
            &mut self.newest_first,
            defaults.newest_first.as_ref(),
            skip[4],
        );
        fill(
            &mut self.custom_fields,
            defaults.custom_fields.as_ref(),
            skip[5],
        );
        self.mask.extend(defaults.mask.iter().cloned());
        self.never_store
            .extend(defaults.never_store.iter().cloned());
    }

    /// Where the id is in a record.
    pub fn id_path(&self) -> RawPath {
        self.id.clone().unwrap_or_else(|| RawPath::of_key("id"))
    }

    /// Where the records are in a list's response.
    pub fn records_pointer(&self) -> Pointer {
        self.records.clone().unwrap_or_default()
    }
}
