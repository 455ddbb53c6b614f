//! The cells of a projection, packed, and the rows of them that pass a filter in the order of a column.

use std::cmp::Ordering;

use crate::views::ProjectionSort;

/// Marks a cell that holds nothing.
const NOTHING: u32 = 1 << 31;

/// Rows in the order they were added, their cells one after the other in one text.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: usize,
    ids: Vec<String>,
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<u32>,
    /// What a filter looks through: each row's id and cells in lower case, a separator between them.
    folded: String,
    folded_ends: Vec<u32>,
    /// By column, whether every cell that holds something is a number.
    numeric: Vec<bool>,
    /// The rows shown last, so that the next page of them is only cut out.
    shown: Option<Shown>,
}

#[derive(Debug)]
struct Shown {
    sort: Option<(usize, bool)>,
    filter: String,
    of: usize,
    rows: Vec<u32>,
}

const SEPARATOR: char = '\u{1f}';

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(NOTHING - 1)
}

impl Table {
    pub(super) fn new(columns: usize) -> Self {
        Self {
            columns,
            numeric: vec![true; columns],
            ..Self::default()
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn id(&self, row: usize) -> &str {
        self.ids.get(row).map_or("", String::as_str)
    }

    /// Memory it takes, in bytes.
    pub(super) fn weight(&self) -> usize {
        self.text.capacity()
            + self.folded.capacity()
            + 4 * (self.ends.capacity() + self.folded_ends.capacity())
            + self.ids.capacity() * (size_of::<String>() + 16)
    }

    pub(super) fn push(&mut self, id: String, cells: &[Option<String>]) {
        self.folded.push_str(&id.to_lowercase());
        for (column, cell) in cells.iter().enumerate() {
            match cell {
                Some(cell) => {
                    self.text.push_str(cell);
                    self.ends.push(index(self.text.len()));
                    self.folded.push(SEPARATOR);
                    self.folded.push_str(&cell.to_lowercase());
                    if !cell.is_empty()
                        && number(cell).is_none()
                        && let Some(numeric) = self.numeric.get_mut(column)
                    {
                        *numeric = false;
                    }
                }
                None => self.ends.push(index(self.text.len()) | NOTHING),
            }
        }
        self.folded_ends.push(index(self.folded.len()));
        self.ids.push(id);
    }

    pub(super) fn cell(&self, row: usize, column: usize) -> Option<&str> {
        let at = row * self.columns + column;
        let end = *self.ends.get(at)?;
        if end & NOTHING != 0 {
            return None;
        }
        let start = match at.checked_sub(1) {
            Some(before) => *self.ends.get(before)? & !NOTHING,
            None => 0,
        };
        self.text.get(start as usize..end as usize)
    }

    fn folded(&self, row: usize) -> &str {
        let end = self.folded_ends.get(row).copied().unwrap_or(0) as usize;
        let start = row
            .checked_sub(1)
            .and_then(|before| self.folded_ends.get(before))
            .copied()
            .unwrap_or(0) as usize;
        self.folded.get(start..end).unwrap_or_default()
    }

    /// The rows that pass, in order: how many there are, and some of them.
    pub(super) fn page(
        &mut self,
        sort: Option<(usize, bool)>,
        filter: &str,
        offset: usize,
        limit: usize,
    ) -> (usize, Vec<u32>) {
        let filter = filter.trim().to_lowercase();
        let kept = self.shown.as_ref().is_some_and(|shown| {
            shown.sort == sort && shown.filter == filter && shown.of == self.rows()
        });
        if !kept {
            let mut rows: Vec<u32> = (0..index(self.rows()))
                .filter(|row| filter.is_empty() || self.folded(*row as usize).contains(&filter))
                .collect();
            if let Some((column, descending)) = sort {
                self.order(&mut rows, column, descending);
            }
            self.shown = Some(Shown {
                sort,
                filter,
                of: self.rows(),
                rows,
            });
        }
        let rows = self
            .shown
            .as_ref()
            .map_or(&[][..], |shown| shown.rows.as_slice());
        let page = rows.iter().skip(offset).take(limit).copied().collect();
        (rows.len(), page)
    }

    /// Orders rows by a column: as numbers where all of it are, else as texts in any case; what holds nothing last.
    fn order(&self, rows: &mut Vec<u32>, column: usize, descending: bool) {
        let (mut full, empty): (Vec<u32>, Vec<u32>) = rows.iter().partition(|row| {
            self.cell(**row as usize, column)
                .is_some_and(|cell| !cell.is_empty())
        });
        let cell = |row: &u32| self.cell(*row as usize, column).unwrap_or_default();
        let directed = |order: Ordering| if descending { order.reverse() } else { order };
        if self.numeric.get(column).copied().unwrap_or(false) {
            let mut keyed: Vec<(f64, u32)> = full
                .iter()
                .map(|row| (number(cell(row)).unwrap_or(0.0), *row))
                .collect();
            keyed.sort_by(|left, right| directed(left.0.total_cmp(&right.0)));
            full = keyed.into_iter().map(|(_, row)| row).collect();
        } else {
            let mut keyed: Vec<(String, u32)> = full
                .iter()
                .map(|row| (cell(row).to_lowercase(), *row))
                .collect();
            keyed.sort_by(|left, right| directed(left.0.cmp(&right.0)));
            full = keyed.into_iter().map(|(_, row)| row).collect();
        }
        full.extend(empty);
        *rows = full;
    }
}

/// A cell as a number; texts such as `nan` and `inf` are none.
fn number(cell: &str) -> Option<f64> {
    let cell = cell.trim();
    if !cell.ends_with(|last: char| last.is_ascii_digit()) {
        return None;
    }
    cell.parse().ok()
}

/// Which column a sort is by.
pub(super) fn sort_of(columns: &[String], sort: Option<&ProjectionSort>) -> Option<(usize, bool)> {
    let sort = sort?;
    let column = columns.iter().position(|column| *column == sort.column)?;
    Some((column, sort.descending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[(&str, &[Option<&str>])]) -> Table {
        let mut table = Table::new(rows.first().map_or(0, |row| row.1.len()));
        for (id, cells) in rows {
            let cells: Vec<Option<String>> =
                cells.iter().map(|cell| cell.map(str::to_owned)).collect();
            table.push((*id).to_owned(), &cells);
        }
        table
    }

    fn ids(table: &mut Table, sort: Option<(usize, bool)>, filter: &str) -> Vec<String> {
        let (matching, rows) = table.page(sort, filter, 0, 100);
        assert_eq!(matching, rows.len());
        rows.iter()
            .map(|row| table.id(*row as usize).to_owned())
            .collect()
    }

    #[test]
    fn rows_are_ordered_as_what_their_column_holds() {
        let mut table = table(&[
            ("1", &[Some("10.5"), Some("Émile")]),
            ("2", &[None, Some("zoe")]),
            ("3", &[Some("9"), Some("Anna")]),
            ("4", &[Some("-1e2"), None]),
            ("5", &[Some(""), Some("anna")]),
        ]);
        for (sort, expected) in [
            (None, ["1", "2", "3", "4", "5"]),
            (Some((0, false)), ["4", "3", "1", "2", "5"]),
            (Some((0, true)), ["1", "3", "4", "2", "5"]),
            (Some((1, false)), ["3", "5", "2", "1", "4"]),
            (Some((1, true)), ["1", "2", "3", "5", "4"]),
        ] {
            assert_eq!(ids(&mut table, sort, ""), expected, "{sort:?}");
        }
    }

    #[test]
    fn a_filter_looks_through_every_shown_cell_in_any_case() {
        let mut table = table(&[
            ("INV-1", &[Some("Paper"), Some("7")]),
            ("INV-2", &[Some("pens"), None]),
            ("INV-3", &[None, Some("70")]),
        ]);
        for (filter, expected) in [
            ("", vec!["INV-1", "INV-2", "INV-3"]),
            ("p", vec!["INV-1", "INV-2"]),
            ("PAPER", vec!["INV-1"]),
            ("7", vec!["INV-1", "INV-3"]),
            (" inv-3 ", vec!["INV-3"]),
            ("paper7", vec![]),
            ("x", vec![]),
        ] {
            assert_eq!(ids(&mut table, None, filter), expected, "{filter}");
        }
        // Rows that come later are looked through too.
        assert_eq!(ids(&mut table, None, "late"), Vec::<String>::new());
        table.push("late".to_owned(), &[None, None]);
        assert_eq!(ids(&mut table, None, "late"), ["late"]);
        assert_eq!(table.page(None, "", 3, 10), (4, vec![3]));
        assert_eq!(table.page(None, "", 9, 10), (4, vec![]));
    }

    #[test]
    fn cells_come_back_as_they_were_put() {
        let table = table(&[
            ("a", &[None, Some("x"), Some("")]),
            ("b", &[Some("é"), None, None]),
        ]);
        let cells: Vec<Option<&str>> = (0..2)
            .flat_map(|row| (0..3).map(move |column| (row, column)))
            .map(|(row, column)| table.cell(row, column))
            .collect();
        assert_eq!(cells, [None, Some("x"), Some(""), Some("é"), None, None]);
        assert_eq!(number("nan"), None);
        assert_eq!(number("1,5"), None);
        assert_eq!(number("1.50"), Some(1.5));
    }
}
