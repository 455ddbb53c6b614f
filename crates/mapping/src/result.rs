use indexmap::IndexMap;
use serde::Serialize;

use crate::effective::EffectiveMapping;
use crate::level::Level;
use crate::status::Status;
use crate::tables::Misses;

/// A raw record to be mapped.
#[derive(Debug, Clone)]
pub struct RawRecord {
    /// The caller's name for it, such as the native id; comes back with the result.
    pub key: String,
    /// The bytes exactly as received.
    pub raw: Vec<u8>,
    /// What of the record was fetched; `None`: the whole object.
    pub selection: Option<std::sync::Arc<crate::Selection>>,
}

/// What became of one record.
#[derive(Debug, Clone)]
pub struct RecordResult {
    /// The caller's name for it.
    pub key: String,
    /// The unified object as JSON text; `null` for every field without a value. `None` if the record could not be
    /// read at all.
    pub unified: Option<String>,
    /// One for each of the mapping's `fields`, in the same order.
    pub fields: Vec<FieldResult>,
    /// Keys `$table` was asked for in vain.
    pub misses: Misses,
    /// Why the record could not be read at all. Its fields then carry the same error.
    pub error: Option<RecordFault>,
}

/// What became of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldResult {
    /// How it came out.
    pub status: Status,
    /// For `error`: a stable name for the kind of error, such as `expression_time`.
    pub code: Option<String>,
    /// What is the matter, in plain words; may quote the record.
    pub message: Option<String>,
}

/// Why a record could not be read at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFault {
    /// A stable name for the kind of error: `record_encoding`, `record_syntax`, `record_depth`, `worker_crash`…
    pub code: String,
    /// What is the matter, in plain words.
    pub message: String,
}

/// One field of one record with all there is to say about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldReport {
    /// How it came out.
    pub status: Status,
    /// The level whose expression it is.
    pub level: Option<Level>,
    /// The expression.
    pub expression: Option<String>,
    /// The raw paths it read, spelled as they lie in the record; `*` is the whole record.
    pub reads: Vec<String>,
    /// What is the matter.
    pub message: Option<String>,
}

impl FieldResult {
    pub(crate) fn of(status: Status) -> Self {
        Self {
            status,
            code: None,
            message: None,
        }
    }

    pub(crate) fn error(code: &str, message: impl Into<String>) -> Self {
        Self {
            status: Status::Error,
            code: Some(code.to_owned()),
            message: Some(message.into()),
        }
    }
}

impl RecordResult {
    /// The result of the field with this name.
    pub fn field(&self, mapping: &EffectiveMapping, name: &str) -> Option<&FieldResult> {
        let index = mapping.fields.iter().position(|field| field.name == name)?;
        self.fields.get(index)
    }

    /// Every field that some level maps, or that the model requires, with level, expression and the raw paths it
    /// read, in the mapping's order. `raw` is the record, to spell the paths as they lie in it.
    pub fn report(
        &self,
        mapping: &EffectiveMapping,
        raw: &serde_json::Value,
    ) -> IndexMap<String, FieldReport> {
        mapping
            .fields
            .iter()
            .zip(&self.fields)
            .filter(|(field, _)| field.level.is_some() || field.required)
            .map(|(field, result)| {
                let report = FieldReport {
                    status: result.status,
                    level: field.level,
                    expression: field.expression.clone(),
                    reads: mapping.reads(field, raw),
                    message: result.message.clone(),
                };
                (field.name.clone(), report)
            })
            .collect()
    }
}
