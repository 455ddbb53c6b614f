//! Tables as CSV. A spreadsheet takes a cell that begins like a formula for one, so such a cell is written with an
//! apostrophe in front, and read without it.

use std::collections::BTreeMap;

use crate::text::csv::{bare, guarded};
use crate::{Fault, counted};

/// A table as CSV with the heads `key` and `value`.
///
/// # Errors
/// `table_not_written` if memory runs out on the way.
pub(crate) fn write(entries: &BTreeMap<String, String>) -> Result<String, Fault> {
    let failed = |error: String| {
        Fault::failed(
            "table_not_written",
            format!("The table could not be written as CSV: {error}."),
            "Please report this.",
        )
    };
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let mut row = |key: &str, value: &str| writer.write_record([key, value]);
    row("key", "value").map_err(|error| failed(error.to_string()))?;
    for (key, value) in entries {
        row(&guarded(key), &guarded(value)).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// The table a CSV text holds: two columns, or those headed `key` and `value` among several. A key that comes twice
/// with different values is refused.
///
/// # Errors
/// `table_not_csv`, with the line.
pub fn read(text: &str) -> Result<BTreeMap<String, String>, Fault> {
    let wrong = |line: Option<u64>, what: String| {
        let place = line.map_or_else(String::new, |line| format!(" (line {line})"));
        Fault::invalid(
            "table_not_csv",
            format!("The file is not a table{place}: {what}."),
            "Write two columns, key and value, separated by commas; a first line `key,value` is welcome.",
        )
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let mut columns: Option<(usize, usize)> = None;
    let mut entries = BTreeMap::new();
    for row in reader.records() {
        let row = row
            .map_err(|error| wrong(error.position().map(csv::Position::line), error.to_string()))?;
        let line = row.position().map(csv::Position::line);
        if row.iter().all(str::is_empty) {
            continue;
        }
        let Some((key_at, value_at)) = columns else {
            let head = |name: &str| {
                row.iter()
                    .position(|cell| cell.trim().eq_ignore_ascii_case(name))
            };
            match (head("key"), head("value")) {
                (Some(key), Some(value)) => {
                    columns = Some((key, value));
                    continue;
                }
                _ if row.len() == 2 => columns = Some((0, 1)),
                _ => {
                    return Err(wrong(
                        line,
                        format!(
                            "it has {} and none headed key and value",
                            counted(row.len(), "column", "columns")
                        ),
                    ));
                }
            }
            insert(&mut entries, &row, 0, 1, line, &wrong)?;
            continue;
        };
        insert(&mut entries, &row, key_at, value_at, line, &wrong)?;
    }
    Ok(entries)
}

fn insert(
    entries: &mut BTreeMap<String, String>,
    row: &csv::StringRecord,
    key_at: usize,
    value_at: usize,
    line: Option<u64>,
    wrong: &impl Fn(Option<u64>, String) -> Fault,
) -> Result<(), Fault> {
    let (Some(key), Some(value)) = (row.get(key_at), row.get(value_at)) else {
        return Err(wrong(line, "a column is missing".to_owned()));
    };
    let (key, value) = (bare(key).to_owned(), bare(value).to_owned());
    if key.is_empty() {
        return Err(wrong(line, "the key is empty".to_owned()));
    }
    match entries.insert(key.clone(), value.clone()) {
        Some(before) if before != value => Err(wrong(
            line,
            format!("the key {key} stands there twice, with different values"),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::text::csv::FORMULA;

    fn table(rows: &[(&str, &str)]) -> BTreeMap<String, String> {
        rows.iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn what_is_written_is_read_back_and_no_cell_is_a_formula() {
        let entries = table(&[
            ("=1+1", "@x"),
            ("-5", "'=y"),
            ("'", "it's"),
            ("a,b", "say \"x\"\nand y"),
            ("é", ""),
        ]);
        let text = write(&entries).unwrap();
        assert_eq!(read(&text).unwrap(), entries);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        for row in reader.records() {
            assert!(row.unwrap().iter().all(|cell| !cell.starts_with(FORMULA)));
        }
    }

    #[test]
    fn heads_columns_and_faults() {
        for (text, rows) in [
            ("a,1\nb,2\n", &[("a", "1"), ("b", "2")][..]),
            ("\u{feff}Key,Value\r\na,1\r\n\r\n", &[("a", "1")]),
            ("id,value,key\n7,one,a\n", &[("a", "one")]),
            ("", &[]),
        ] {
            assert_eq!(read(text).unwrap(), table(rows), "{text}");
        }
        for (text, line) in [
            ("a,b,c\n", "line 1"),
            ("key,value\na,1\na,2\n", "line 3"),
            ("key,value\n,1\n", "line 2"),
            ("key,value\nonly\n", "line 2"),
        ] {
            let fault = read(text).unwrap_err();
            assert_eq!(fault.code, "table_not_csv");
            assert!(fault.message.contains(line), "{text}: {fault}");
        }
    }
}
