//! All unified models, with the types they share.

use indexmap::IndexMap;

use crate::{CompoundType, Field, FieldType, Model, SharedTypes};

/// All unified models, with the types they share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Models {
    pub(crate) models: IndexMap<String, Model>,
    pub(crate) shared: IndexMap<String, IndexMap<String, Field>>,
}

impl Models {
    /// The model of this name, such as `procurement/invoice`.
    pub fn get(&self, name: &str) -> Option<&Model> {
        self.models.get(name)
    }

    /// Every model, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Model)> {
        self.models
            .iter()
            .map(|(name, model)| (name.as_str(), model))
    }

    /// The fields of a shared type such as `Address`.
    pub fn shared_type(&self, name: &str) -> Option<&IndexMap<String, Field>> {
        self.shared.get(name)
    }

    /// All shared types, in the form of the file that holds them.
    pub fn shared_types(&self) -> SharedTypes {
        SharedTypes {
            format: 1,
            types: self.shared.clone(),
        }
    }

    /// The fields of an object, whether it is shared or written out; nothing for other types.
    pub fn object_fields<'m>(
        &'m self,
        field_type: &'m FieldType,
    ) -> Option<&'m IndexMap<String, Field>> {
        match field_type {
            FieldType::Named(name) => self.shared_type(name),
            FieldType::Compound(CompoundType::Object(fields)) => Some(fields),
            _ => None,
        }
    }

    /// The shared types that `fields` name, directly or through others.
    pub(crate) fn used_by(&self, fields: &IndexMap<String, Field>) -> Vec<&str> {
        let mut used: Vec<&str> = Vec::new();
        let mut todo: Vec<&IndexMap<String, Field>> = vec![fields];
        while let Some(fields) = todo.pop() {
            for name in fields.values().flat_map(|field| field.field_type.parts().1) {
                if let Some((name, fields)) = self.shared.get_key_value(name)
                    && !used.contains(&name.as_str())
                {
                    used.push(name);
                    todo.push(fields);
                }
            }
            todo.extend(fields.values().flat_map(|field| field.field_type.parts().0));
        }
        used
    }
}

impl FieldType {
    /// The objects written out directly inside this type, and the names it uses.
    pub(crate) fn parts(&self) -> (Vec<&IndexMap<String, Field>>, Vec<&str>) {
        let mut inner = self;
        loop {
            match inner {
                Self::Compound(CompoundType::List(item) | CompoundType::Map(item)) => inner = item,
                Self::Compound(CompoundType::Object(fields)) => return (vec![fields], Vec::new()),
                Self::Named(name) => return (Vec::new(), vec![name]),
                Self::Scalar(_) | Self::Compound(CompoundType::Enum(_)) => {
                    return (Vec::new(), Vec::new());
                }
            }
        }
    }
}
