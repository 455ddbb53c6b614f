use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;

use crate::effective::EffectiveMapping;
use crate::result::RecordResult;
use crate::status::Status;

/// How a mapping's fields came out over many records. Add results as they come; it stays small.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    records: u64,
    unreadable: u64,
    fields: Vec<Counts>,
}

/// How one field came out over many records.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    /// Records in which what the field reads was fetched.
    pub records: u64,
    /// Of these, how many came out as what.
    pub statuses: BTreeMap<Status, u64>,
    /// Records left out because what the field reads was not fetched.
    pub not_fetched: u64,
    /// The first record that did not come out well, and what was the matter.
    pub first_fault: Option<(String, String)>,
}

impl Counts {
    /// The share of records with a value that fits, from 0 to 1; `None` without records.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share shown with two digits; counts stay far below 2^52"
    )]
    pub fn filled(&self) -> Option<f64> {
        let ok = self.statuses.get(&Status::Ok).copied().unwrap_or(0);
        (self.records > 0).then(|| ok as f64 / self.records as f64)
    }

    /// Records in which the field is wrong: an error, a wrong type, an unknown text, a required value missing.
    pub fn faults(&self) -> u64 {
        self.statuses
            .iter()
            .filter(|(status, _)| !matches!(status, Status::Ok | Status::Empty))
            .map(|(_, count)| count)
            .sum()
    }
}

impl Coverage {
    /// Counts one record.
    pub fn add(&mut self, result: &RecordResult) {
        self.records += 1;
        if result.error.is_some() {
            self.unreadable += 1;
            return;
        }
        if self.fields.len() < result.fields.len() {
            self.fields.resize(result.fields.len(), Counts::default());
        }
        for (counts, field) in self.fields.iter_mut().zip(&result.fields) {
            if field.status == Status::NotFetched {
                counts.not_fetched += 1;
                continue;
            }
            counts.records += 1;
            *counts.statuses.entry(field.status).or_insert(0) += 1;
            if let (None, Some(message)) = (&counts.first_fault, &field.message) {
                counts.first_fault = Some((result.key.clone(), message.clone()));
            }
        }
    }

    /// Records counted.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Of these, how many could not be read at all.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The counts by field, for the fields some level maps or the model requires, in the mapping's order. `mapping` is
    /// the one the results were made with.
    pub fn by_field<'a>(&'a self, mapping: &'a EffectiveMapping) -> IndexMap<&'a str, &'a Counts> {
        mapping
            .fields
            .iter()
            .zip(&self.fields)
            .filter(|(field, _)| field.level.is_some() || field.required)
            .map(|(field, counts)| (field.name.as_str(), counts))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::FieldResult;
    use crate::tables::Misses;

    #[test]
    fn counts_leave_out_what_was_not_fetched() {
        let result = |key: &str, status| RecordResult {
            key: key.to_owned(),
            unified: None,
            fields: vec![FieldResult {
                status,
                code: None,
                message: (status > Status::Empty).then(|| "bad".to_owned()),
            }],
            misses: Misses::new(),
            error: None,
        };
        let mut coverage = Coverage::default();
        for (key, status) in [
            ("1", Status::Ok),
            ("2", Status::NotFetched),
            ("3", Status::WrongType),
            ("4", Status::Ok),
            ("5", Status::Empty),
        ] {
            coverage.add(&result(key, status));
        }
        let counts = &coverage.fields[0];
        assert_eq!(
            (counts.records, counts.not_fetched, counts.faults()),
            (4, 1, 1)
        );
        assert_eq!(counts.filled(), Some(0.5));
        assert_eq!(counts.first_fault, Some(("3".to_owned(), "bad".to_owned())));
        assert_eq!(coverage.records(), 5);
    }
}
