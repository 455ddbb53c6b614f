//! Comma-separated text (RFC 4180), as spreadsheets take it in.

/// What a cell begins with that a spreadsheet takes for a formula (OWASP, *CSV Injection*).
pub(crate) const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a cell begins like a formula, behind however many apostrophes.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(FORMULA)
}

/// A text as every CSV of ours holds it: an apostrophe in front makes what looks like a formula a plain text. Numbers
/// below zero are no exception: `-2+3` and `-2` look alike to a rule that is simple enough to trust.
pub(crate) fn guarded(text: &str) -> String {
    if is_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// A cell of ours without its guard.
pub(crate) fn bare(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

/// A cell as it is written.
pub(crate) fn cell(text: &str) -> String {
    let text = guarded(text);
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

/// A line of cells.
pub(crate) fn line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

/// The records of a text. A quote that is never closed ends with the text.
pub(crate) fn records(text: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut begun) = (false, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                field.push('"');
                letters.next();
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => (quoted, begun) = (true, true),
            ',' if !quoted => {
                record.push(std::mem::take(&mut field));
                begun = true;
            }
            '\r' if !quoted && letters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                if begun || !field.is_empty() {
                    record.push(std::mem::take(&mut field));
                    records.push(std::mem::take(&mut record));
                }
                begun = false;
            }
            letter => field.push(letter),
        }
    }
    if begun || !field.is_empty() {
        record.push(field);
        records.push(record);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts() {
        for (text, expected) in [
            ("=1+2", "'=1+2"),
            ("@cmd", "'@cmd"),
            ("+49 30", "'+49 30"),
            ("-12.50", "'-12.50"),
            ("-2+3", "'-2+3"),
            (
                "=HYPERLINK(\"http://x\",\"y\")",
                "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"",
            ),
            ("\tx", "'\tx"),
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
        ] {
            assert_eq!(cell(text), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read(rows in proptest::collection::vec(proptest::collection::vec("[a-z,\"\r\n ]{0,6}", 2..4), 0..4)) {
            let text: String = rows.iter().map(|row| line(row.iter().map(String::as_str))).collect();
            // What begins like a formula is made a plain text on the way out.
            let written: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|text| {
                guarded(text)
            }).collect()).collect();
            proptest::prop_assert_eq!(records(&text), written);
        }

        #[test]
        fn nothing_makes_it_stumble(text in ".{0,200}") {
            let _ = records(&text);
        }
    }
}
