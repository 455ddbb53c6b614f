//! One value of a record as a model sees it, whole, to be copied.

use crate::compare::Unified;
use crate::raw::marks::Rules;
use crate::raw::open_record::unreadable;
use crate::raw::rows::MASK;
use crate::{Console, Fault};

/// A value as it is copied: a text as it reads, everything else as JSON.
fn as_copied(json: String) -> String {
    serde_json::from_str::<String>(&json).unwrap_or(json)
}

impl Console {
    /// What a mapping makes of one field of a stored record, of any length. What comes from masked values is replaced.
    ///
    /// # Errors
    /// `not_found`, `no_model`, `no_value` where the field has none, `worker_…`, and what keeps the vault from opening.
    pub async fn unified_value(
        &self,
        account: &str,
        resource: &str,
        id: &str,
        model: &str,
        field: &str,
    ) -> Result<String, Fault> {
        let none = || {
            Fault::invalid(
                "no_value",
                format!("{field} has no value in this record."),
                "The record or its mapping may have changed; open it again.",
            )
        };
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        let mapping = Self::choose_mapping(&definition, model, Some(resource))?;
        let record = self.open_record(&account, resource, id).await?;
        let effective = self.effective(&account, &definition, mapping).await?;
        let wanted = effective.field(field).ok_or_else(none)?;
        let rules = Rules::of(definition.connector.resources.get(resource));
        if rules.shows_masked(&wanted.lineage) {
            return Ok(MASK.to_owned());
        }
        let results = self
            .pool()?
            .evaluate(vec![record.to_map()], &effective)
            .await?;
        let result = results
            .first()
            .ok_or_else(|| unreadable("the worker gave no answer"))?;
        let value = Unified::read(result)?.value(field);
        value.map(as_copied).ok_or_else(none)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_copied_as_they_read() {
        for (json, copied) in [
            (
                r#""a \"quoted\" text\nin two lines""#,
                "a \"quoted\" text\nin two lines",
            ),
            (r#""18.50""#, "18.50"),
            ("18.50", "18.50"),
            (r#"["a","b"]"#, r#"["a","b"]"#),
            (r#"{"id":"7"}"#, r#"{"id":"7"}"#),
            ("true", "true"),
        ] {
            assert_eq!(as_copied(json.to_owned()), copied);
        }
    }
}
