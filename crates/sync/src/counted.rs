//! Counts as people read them.

/// A word with its count: `1 record`, `12 records`.
pub fn counted(count: impl TryInto<u64>, one: &str, many: &str) -> String {
    match count.try_into().unwrap_or(u64::MAX) {
        1 => format!("1 {one}"),
        count => format!("{count} {many}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_apart() {
        for (count, text) in [(0, "0 entries"), (1, "1 entry"), (12, "12 entries")] {
            assert_eq!(counted(count, "entry", "entries"), text);
        }
        assert_eq!(counted(1_usize, "pin holds", "pins hold"), "1 pin holds");
    }
}
