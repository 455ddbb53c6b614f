//! The cells of one record, read out of its bytes in one pass that builds nothing else.

use std::collections::HashMap;
use std::fmt;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::raw::rows::cut;

/// Characters of a cell.
const MOST_OF_A_CELL: usize = 200;
/// Values of one list that are shown in a cell.
const MOST_VALUES: usize = 5;

/// The paths that are columns, as a tree of keys; lists are passed through.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    columns: Vec<usize>,
    below: HashMap<String, Wanted>,
}

impl Wanted {
    /// Wants the value at these keys for a column.
    pub(super) fn add(&mut self, keys: &[&str], column: usize) {
        match keys.split_first() {
            None => self.columns.push(column),
            Some((key, rest)) => self
                .below
                .entry((*key).to_owned())
                .or_default()
                .add(rest, column),
        }
    }

    /// The cells of a record; none where it holds nothing.
    ///
    /// # Errors
    /// When the bytes are no JSON.
    pub(super) fn cells(
        &self,
        raw: &[u8],
        columns: usize,
    ) -> Result<Vec<Option<String>>, serde_json::Error> {
        let mut cells = Cells(vec![Cell::default(); columns]);
        let mut reader = serde_json::Deserializer::from_slice(raw);
        Seed {
            wanted: self,
            cells: &mut cells,
        }
        .deserialize(&mut reader)?;
        reader.end()?;
        Ok(cells
            .0
            .into_iter()
            .map(|cell| cell.text.map(|text| cut(&text, MOST_OF_A_CELL)))
            .collect())
    }
}

#[derive(Clone, Debug, Default)]
struct Cell {
    text: Option<String>,
    values: usize,
}

struct Cells(Vec<Cell>);

impl Cells {
    fn put(&mut self, columns: &[usize], value: &str) {
        let Some(value) = shown(value) else { return };
        for column in columns {
            let Some(cell) = self.0.get_mut(*column) else {
                continue;
            };
            cell.values += 1;
            match &mut cell.text {
                None => cell.text = Some(value.clone()),
                Some(text) if cell.values <= MOST_VALUES => {
                    text.push_str(", ");
                    text.push_str(&value);
                }
                Some(text) if cell.values == MOST_VALUES + 1 => text.push('…'),
                Some(_) => {}
            }
        }
    }
}

/// A value as a cell shows it: a text as it reads, everything else as received; nothing for `null`.
fn shown(value: &str) -> Option<String> {
    if value == "null" {
        return None;
    }
    if value.starts_with('"') {
        return Some(crate::raw::tree::decoded(value.as_bytes()).into_owned());
    }
    Some(cut(value, MOST_OF_A_CELL))
}

struct Seed<'w, 'c> {
    wanted: &'w Wanted,
    cells: &'c mut Cells,
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.wanted.columns.is_empty() {
            return deserializer.deserialize_any(self);
        }
        let value = <&RawValue>::deserialize(deserializer)?;
        self.cells.put(&self.wanted.columns, value.get());
        if self.wanted.below.is_empty() {
            return Ok(());
        }
        let mut reader = serde_json::Deserializer::from_str(value.get());
        Deserializer::deserialize_any(&mut reader, self).map_err(serde::de::Error::custom)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(below) = map.next_key_seed(Key(self.wanted))? {
            match below {
                Some(wanted) => map.next_value_seed(Seed {
                    wanted,
                    cells: self.cells,
                })?,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        // Below a list the wanted keys are those of its elements.
        while seq
            .next_element_seed(Element {
                wanted: self.wanted,
                cells: self.cells,
            })?
            .is_some()
        {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// One element: what is wanted of the list's own column was taken already.
struct Element<'w, 'c> {
    wanted: &'w Wanted,
    cells: &'c mut Cells,
}

impl<'de> DeserializeSeed<'de> for Element<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(Seed {
            wanted: self.wanted,
            cells: self.cells,
        })
    }
}

/// Looks a key up without keeping it.
struct Key<'w>(&'w Wanted);

impl<'de, 'w> DeserializeSeed<'de> for Key<'w> {
    type Value = Option<&'w Wanted>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'w> Visitor<'_> for Key<'w> {
    type Value = Option<&'w Wanted>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.below.get(key))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn cells_are_read_out_of_the_bytes() {
        let record = r#"{"id":7,"total":"10.50","rate":1.10,"none":null,"flag":false,"po":{"no":"A\u00e9","x":{"y":1}},
            "lines":[{"n":1,"tags":["a","b"]},{"n":2,"tags":[]},3,{"n":4},{"n":5},{"n":6},{"n":7},{"n":8}]}"#;
        for (keys, cell) in [
            (vec!["id"], Some("7")),
            (vec!["total"], Some("10.50")),
            (vec!["rate"], Some("1.10")),
            (vec!["none"], None),
            (vec!["gone"], None),
            (vec!["flag"], Some("false")),
            (vec!["po", "no"], Some("Aé")),
            (vec!["po", "x"], Some(r#"{"y":1}"#)),
            (vec!["lines", "n"], Some("1, 2, 4, 5, 6…")),
            (vec!["total", "deeper"], None),
        ] {
            let mut wanted = Wanted::default();
            wanted.add(&keys, 0);
            // A column above and one below each other do not get in each other's way.
            wanted.add(&keys[..1], 1);
            let cells = wanted.cells(record.as_bytes(), 2).unwrap();
            assert_eq!(cells[0].as_deref(), cell, "{keys:?}");
        }
        assert!(Wanted::default().cells(b"{\"a\":", 0).is_err());
        assert!(Wanted::default().cells(b"{} x", 0).is_err());
    }

    #[test]
    fn long_cells_are_cut() {
        let mut wanted = Wanted::default();
        wanted.add(&["a"], 0);
        let record = format!(r#"{{"a":"{}"}}"#, "é".repeat(1_000));
        let cells = wanted.cells(record.as_bytes(), 1).unwrap();
        assert_eq!(
            cells[0].as_ref().map(|cell| cell.chars().count()),
            Some(MOST_OF_A_CELL + 1)
        );
    }
}
