use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crosswalk_connector::{Mapping, Model, ScalarType, SharedTypes};

use crate::engine::ExpressionError;
use crate::level::{Level, Override, Overrides};
use crate::lineage::{Lineage, spelled};
use crate::shape::{Shape, ShapeError};
use crate::syntax;
use crate::tables::Tables;

/// The model's field that holds what a tenant has beyond the model. `custom_fields.NAME` may be mapped without
/// being declared by the model. Where the field is a map, NAME is a key of it; where it is a list, an element with
/// NAME as its `key`, the value as its `value` and, if elements have such a member, the `namespace` `mapped`.
pub const CUSTOM_FIELDS: &str = "custom_fields";

/// The mapping of one resource to one model that is in force for an account: for every field the expression that
/// won, the level it came from and what it reads.
#[derive(Debug, Clone)]
pub struct EffectiveMapping {
    /// The model, with its category.
    pub model: String,
    /// The resource it reads.
    pub resource: String,
    /// Every field of the model in the model's order, then custom unified fields and fields the user added, in the
    /// order of their names.
    pub fields: Vec<EffectiveField>,
    /// Fields some level maps that neither the model has nor a user added, with the level. They are not evaluated.
    pub unknown: Vec<(String, Level)>,
    /// What `$table` reads.
    pub tables: Arc<Tables>,
    /// The keys at a record's root that the provider documents: what `$unknown_fields` leaves out. `None`: it finds
    /// nothing.
    pub known_fields: Option<Arc<BTreeSet<String>>>,
    /// Tells this mapping from every other one in this process.
    pub(crate) id: u64,
}

/// One field of an [`EffectiveMapping`].
#[derive(Debug, Clone)]
pub struct EffectiveField {
    /// The unified field: `total_amount`, `custom_fields.cost_center_owner`.
    pub name: String,
    /// The expression in force; `None` if no level maps the field or the winning one removes it.
    pub expression: Option<String>,
    /// The level that won; `None` if no level says anything of the field.
    pub level: Option<Level>,
    /// The version of the winning level's entry.
    pub version: Option<String>,
    /// What the model wants.
    pub shape: Shape,
    /// Whether the model requires a value.
    pub required: bool,
    /// What the expression reads of a raw record.
    pub lineage: Lineage,
    /// Why the expression cannot be evaluated at all.
    pub problem: Option<ExpressionError>,
    /// Whether the user added the field to the model.
    pub added: bool,
    /// Every level that says something of the field, the winning one last: what would be in force without it.
    pub levels: Vec<(Level, Override)>,
}

impl EffectiveMapping {
    /// Merges the levels field by field: `account` over `environment` over the connector's own mapping, whose
    /// `version` is given beside it. An entry without expression removes the field; an absent one inherits.
    ///
    /// # Errors
    /// If the model uses a shared type that is missing or endless.
    pub fn merge(
        model: &Model,
        shared: &SharedTypes,
        connector: &Mapping,
        version: &str,
        environment: &Overrides,
        account: &Overrides,
    ) -> Result<Self, ShapeError> {
        let own: Overrides = connector
            .fields
            .iter()
            .map(|(field, expression)| {
                (
                    field.clone(),
                    Override::new(Some(expression.clone()), version),
                )
            })
            .collect();
        let levels = [
            (Level::Connector, &own),
            (Level::Environment, environment),
            (Level::Account, account),
        ];
        let said_of = |field: &str| -> Vec<(Level, Override)> {
            levels
                .iter()
                .filter_map(|(level, overrides)| Some((*level, overrides.get(field)?.clone())))
                .collect()
        };
        let mut fields = Vec::with_capacity(model.fields.len());
        let mut custom_shape = Shape::Scalar(ScalarType::Any);
        for (name, field) in &model.fields {
            let shape = Shape::of(&field.field_type, shared)?;
            if let (CUSTOM_FIELDS, Shape::Map(values)) = (name.as_str(), &shape) {
                custom_shape = (**values).clone();
            }
            fields.push(EffectiveField::new(
                name,
                shape,
                field.required,
                said_of(name),
            ));
        }
        let mut beyond: BTreeMap<&str, Level> = BTreeMap::new();
        for (level, overrides) in levels {
            for field in overrides
                .keys()
                .filter(|field| !model.fields.contains_key(*field))
            {
                beyond.insert(field, level);
            }
        }
        let mut unknown = Vec::new();
        for (field, level) in beyond {
            let said = said_of(field);
            let added = said
                .iter()
                .rev()
                .find_map(|(_, entry)| entry.field_type.as_ref());
            if custom_name(field).is_some() {
                let shape = match added {
                    Some(added) => Shape::of(added, shared)?,
                    None => custom_shape.clone(),
                };
                fields.push(EffectiveField::new(field, shape, false, said));
            } else if let Some(added) = added {
                let shape = Shape::of(added, shared)?;
                fields.push(EffectiveField {
                    added: true,
                    ..EffectiveField::new(field, shape, false, said)
                });
            } else {
                unknown.push((field.to_owned(), level));
            }
        }
        Ok(Self {
            model: model.model.clone(),
            resource: connector.resource.clone(),
            fields,
            unknown,
            tables: Arc::new(Tables::new()),
            known_fields: None,
            id: next_id(),
        })
    }

    /// This mapping with the root keys that the provider documents (a resource's `known_fields`), so that
    /// `$unknown_fields` finds the others.
    #[must_use]
    pub fn with_known_fields<S: Into<String>>(self, known: impl IntoIterator<Item = S>) -> Self {
        Self {
            known_fields: Some(Arc::new(known.into_iter().map(Into::into).collect())),
            id: next_id(),
            ..self
        }
    }

    /// This mapping with these tables behind `$table`.
    #[must_use]
    pub fn with_tables(self, tables: Arc<Tables>) -> Self {
        Self {
            tables,
            id: next_id(),
            ..self
        }
    }

    /// This mapping with one field's expression replaced at `level`, as if it had been saved: a draft.
    /// `None` if the model has no such field and it is no custom one.
    #[must_use]
    pub fn with_draft(&self, field: &str, expression: Option<&str>, level: Level) -> Option<Self> {
        let mut draft = Self {
            id: next_id(),
            ..self.clone()
        };
        let entry = Override::new(expression.map(str::to_owned), "draft");
        if let Some(known) = draft.fields.iter_mut().find(|known| known.name == field) {
            let mut levels: Vec<_> = known
                .levels
                .iter()
                .filter(|(other, _)| *other != level)
                .cloned()
                .collect();
            let place = levels.partition_point(|(other, _)| *other < level);
            levels.insert(place, (level, entry));
            *known = EffectiveField {
                added: known.added,
                ..EffectiveField::new(field, known.shape.clone(), known.required, levels)
            };
        } else {
            custom_name(field)?;
            draft.fields.push(EffectiveField::new(
                field,
                Shape::Scalar(ScalarType::Any),
                false,
                vec![(level, entry)],
            ));
        }
        Some(draft)
    }

    /// This mapping with these fields alone.
    pub(crate) fn only(&self, fields: Vec<EffectiveField>) -> Self {
        Self {
            fields,
            unknown: Vec::new(),
            id: next_id(),
            ..self.clone()
        }
    }

    /// This mapping with only those fields that may read tables; `None` if no field does.
    pub fn reading_tables(&self) -> Option<Self> {
        self.keeping(|field| field.expression.as_deref().is_some_and(may_read_tables))
    }

    /// This mapping with only the fields that `holds` says of; `None` if it says so of no field.
    pub fn keeping(&self, holds: impl Fn(&EffectiveField) -> bool) -> Option<Self> {
        let fields: Vec<EffectiveField> = self
            .fields
            .iter()
            .filter(|field| holds(field))
            .cloned()
            .collect();
        (!fields.is_empty()).then(|| self.only(fields))
    }

    /// Whether an expression may call `$table`, itself or through `$eval`.
    pub(crate) fn may_read_tables(&self) -> bool {
        self.fields
            .iter()
            .filter_map(|field| field.expression.as_deref())
            .any(may_read_tables)
    }

    /// The raw paths `field` reads of this record, spelled as they lie in it; `*` is the whole record.
    pub fn reads(&self, field: &EffectiveField, raw: &serde_json::Value) -> Vec<String> {
        let lineage = &field.lineage;
        if lineage.is_whole_record() {
            return vec!["*".to_owned()];
        }
        let mut reads: Vec<String> = lineage.paths().map(|keys| spelled(keys, raw)).collect();
        if let Some(known) = self.known_fields.as_deref()
            && lineage.reads_unknown_fields()
        {
            let members = raw.as_object().into_iter().flatten();
            reads.extend(
                members
                    .filter(|(key, _)| !known.contains(key.as_str()))
                    .map(|(key, _)| spelled(std::slice::from_ref(key), raw)),
            );
        }
        reads
    }

    /// The field of this name.
    pub fn field(&self, name: &str) -> Option<&EffectiveField> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// What the mapping as a whole reads of a raw record.
    pub fn lineage(&self) -> Lineage {
        self.fields
            .iter()
            .fold(Lineage::default(), |all, field| all.union(&field.lineage))
    }

    /// What the fields read that take something out of a record by its name: all but `custom_fields`, which passes on
    /// whatever there is. A custom field that only it lists still counts as read by nobody.
    pub fn lineage_by_name(&self) -> Lineage {
        self.fields
            .iter()
            .filter(|field| field.name != CUSTOM_FIELDS)
            .fold(Lineage::default(), |all, field| all.union(&field.lineage))
    }
}

impl EffectiveField {
    /// This field as if no level said anything of it.
    pub(crate) fn unmapped(&self) -> Self {
        Self::new(&self.name, self.shape.clone(), self.required, Vec::new())
    }

    fn new(name: &str, shape: Shape, required: bool, levels: Vec<(Level, Override)>) -> Self {
        let (level, winner) = levels
            .last()
            .map_or((None, None), |(level, entry)| (Some(*level), Some(entry)));
        let expression = winner.and_then(|entry| entry.expression.clone());
        let (lineage, problem) = match expression.as_deref().map(syntax::parse) {
            None => (Lineage::default(), None),
            Some(Ok(ast)) => (Lineage::of_tree(&ast), None),
            Some(Err(problem)) => (Lineage::default(), Some(problem)),
        };
        Self {
            name: name.to_owned(),
            version: winner.map(|entry| entry.version.clone()),
            expression,
            level,
            shape,
            required,
            lineage,
            problem,
            added: false,
            levels,
        }
    }
}

fn may_read_tables(expression: &str) -> bool {
    expression.contains("table") || expression.contains("eval")
}

/// The name after `custom_fields.`, if there is one.
pub(crate) fn custom_name(field: &str) -> Option<&str> {
    field
        .strip_prefix(CUSTOM_FIELDS)?
        .strip_prefix('.')
        .filter(|name| !name.is_empty())
}

fn next_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[cfg(test)]
mod tests;
