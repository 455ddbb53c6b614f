//! Tells one state of an effective mapping from another.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crosswalk_mapping::EffectiveMapping;

/// The same for mappings that give the same results: expressions, levels, tables and known fields are.
pub(crate) fn version_of(mapping: &EffectiveMapping) -> String {
    let mut hasher = DefaultHasher::new();
    mapping.model.hash(&mut hasher);
    mapping.resource.hash(&mut hasher);
    for field in &mapping.fields {
        field.name.hash(&mut hasher);
        field.expression.hash(&mut hasher);
        field.version.hash(&mut hasher);
        field.required.hash(&mut hasher);
        format!("{:?}", field.shape).hash(&mut hasher);
    }
    mapping.known_fields.hash(&mut hasher);
    // The order of a hash map differs from one to the next: each entry counts for itself.
    let entries = mapping.tables.iter().flat_map(|(name, table)| {
        table.iter().map(move |entry| {
            let mut hasher = DefaultHasher::new();
            (name, entry).hash(&mut hasher);
            hasher.finish()
        })
    });
    entries.fold(0_u64, u64::wrapping_add).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
