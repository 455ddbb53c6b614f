use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// After so many records on which a field ran out of time or memory it is not tried on further records of the same
/// call: at over a second each, 10,000 records would take three hours to say the same.
const MOST: usize = 3;

/// Counts, for one call, the records on which a field ran out of time or memory.
#[derive(Debug, Default)]
pub(crate) struct Strikes {
    fields: Mutex<HashMap<usize, (usize, String)>>,
}

impl Strikes {
    /// One more, for the reason of this code. Returns whether the field is out from now on.
    pub(crate) fn add(&self, field: usize, code: &str) -> bool {
        let mut fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, _) = fields.entry(field).or_insert_with(|| (0, code.to_owned()));
        *count += 1;
        *count == MOST
    }

    /// The fields that are out, with the code of what they ran out of first.
    pub(crate) fn out(&self) -> Vec<(usize, String)> {
        let fields = self.fields.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out: Vec<(usize, String)> = fields
            .iter()
            .filter(|(_, (count, _))| *count >= MOST)
            .map(|(field, (_, code))| (*field, code.clone()))
            .collect();
        out.sort_unstable();
        out
    }
}
