//! What the workspace itself remembers of its audit's anchor, which is kept elsewhere. No change of configuration: the
//! audit has no row of it.

use serde_json::{Value, json};

use super::chain::Head;
use super::row::{change, head, holds};
use crate::column::Count;
use crate::error::Result;
use crate::setting::{self, Level};
use crate::tx::{ReadTx, WriteTx};

/// Set once an anchor was kept.
const KEPT: &str = "audit_anchored";

/// The row that says that a backup was restored, until the chain is anchored after it.
const RESTORED: &str = "audit_restored";

/// The kind of that row.
const RESTORED_KIND: &str = "workspace:restored";

/// What is known of the anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchoring {
    /// Whether one was ever kept.
    pub kept: bool,
    /// Whether a backup was restored since: an anchor from before speaks of another chain.
    pub restored: bool,
}

/// What is known of the anchor. That a backup was restored counts only with the row of the chain that says so.
pub fn anchoring(tx: &ReadTx<'_>) -> Result<Anchoring> {
    let remembered = |name| setting::get(tx, &Level::Workspace, name);
    let row = remembered(RESTORED)?.and_then(|row| serde_json::from_value::<Head>(row).ok());
    let restored = match row {
        Some(row) => {
            let kind = tx.row(
                "SELECT kind FROM audit WHERE seq = ?1",
                [Count(row.seq)],
                |found| found.get::<_, String>(0),
            )?;
            kind.as_deref() == Some(RESTORED_KIND) && holds(tx, &row)?
        }
        None => false,
    };
    Ok(Anchoring {
        kept: remembered(KEPT)?.is_some(),
        restored,
    })
}

/// Remembers that the chain was anchored as it is now.
pub fn anchored(tx: &WriteTx<'_>) -> Result<()> {
    setting::remember(tx, KEPT, Some(&Value::Bool(true)))?;
    setting::remember(tx, RESTORED, None)
}

/// Writes that the anchor was not there any more. Said once, until one is kept again.
pub fn anchor_gone(tx: &WriteTx<'_>) -> Result<()> {
    setting::remember(tx, KEPT, None)?;
    change(tx, "audit:anchor_gone", None, &json!({}))
}

/// Writes that a backup was restored, and that the chain is to be anchored anew.
pub(crate) fn restored(tx: &WriteTx<'_>, detail: &Value) -> Result<()> {
    change(tx, RESTORED_KIND, None, detail)?;
    let row = head(tx)?.map(|head| json!(head));
    setting::remember(tx, RESTORED, row.as_ref())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::workspace::{OpenOptions, Workspace};

    fn known(workspace: &Workspace) -> (bool, bool) {
        let known = workspace.read_blocking(anchoring).unwrap();
        (known.kept, known.restored)
    }

    #[test]
    fn what_is_remembered_leaves_no_row() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path(), &OpenOptions::new("1.0.0")).unwrap();
        assert_eq!(known(&workspace), (false, false));
        let before = workspace.read_blocking(head).unwrap();
        workspace.write_blocking(anchored).unwrap();
        assert_eq!(known(&workspace), (true, false));
        assert_eq!(workspace.read_blocking(head).unwrap(), before);

        workspace
            .write_blocking(|tx| restored(tx, &json!({})))
            .unwrap();
        assert_eq!(known(&workspace), (true, true));
        workspace.write_blocking(anchored).unwrap();
        assert_eq!(known(&workspace), (true, false), "it counts once");

        workspace.write_blocking(anchor_gone).unwrap();
        assert_eq!(known(&workspace), (false, false));
    }

    #[test]
    fn a_restore_that_no_row_of_the_chain_tells_of_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path(), &OpenOptions::new("1.0.0")).unwrap();
        workspace
            .write_blocking(|tx| {
                change(tx, "something:else", None, &json!({}))?;
                let last = head(tx)?.map(|head| json!(head));
                setting::remember(tx, RESTORED, last.as_ref())
            })
            .unwrap();
        assert_eq!(known(&workspace), (false, false), "another kind of row");
        workspace
            .write_blocking(|tx| {
                restored(tx, &json!({}))?;
                let mut last = head(tx)?;
                if let Some(last) = &mut last {
                    last.hash = "00".repeat(32);
                }
                setting::remember(tx, RESTORED, Some(&json!(last)))
            })
            .unwrap();
        assert_eq!(known(&workspace), (false, false), "another hash");
        workspace
            .write_blocking(|tx| setting::remember(tx, RESTORED, Some(&json!("rubbish"))))
            .unwrap();
        assert_eq!(known(&workspace), (false, false), "no row at all");
    }
}
