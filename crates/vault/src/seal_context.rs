use uuid::Uuid;

/// Where a sealed value belongs. It is authenticated with the value, so a value copied to another row, table or
/// account no longer opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealContext<'a> {
    /// The account under whose key the value is sealed.
    pub account: Uuid,
    /// The table, or another stable name of the place.
    pub table: &'a str,
    /// A key of the row that never changes while the value lives: not a rowid that `VACUUM` may renumber.
    pub row: &'a [u8],
}

impl SealContext<'_> {
    /// Appends the context to `out`, each part of variable length behind its length (u64, little-endian), so that no
    /// two contexts give the same bytes.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.account.as_bytes());
        out.extend_from_slice(&(self.table.len() as u64).to_le_bytes());
        out.extend_from_slice(self.table.as_bytes());
        out.extend_from_slice(&(self.row.len() as u64).to_le_bytes());
        out.extend_from_slice(self.row);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bytes(table: &str, row: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        SealContext {
            account: Uuid::nil(),
            table,
            row,
        }
        .write(&mut out);
        out
    }

    proptest! {
        #[test]
        fn two_contexts_never_give_the_same_bytes(
            a in "[a-c]{0,4}", b in prop::collection::vec(0_u8..3, 0..4),
            c in "[a-c]{0,4}", d in prop::collection::vec(0_u8..3, 0..4),
        ) {
            prop_assert_eq!(bytes(&a, &b) == bytes(&c, &d), a == c && b == d);
        }
    }

    #[test]
    fn a_byte_moved_from_table_to_row_shows() {
        assert_ne!(bytes("records1", b"2"), bytes("records", b"12"));
    }
}
