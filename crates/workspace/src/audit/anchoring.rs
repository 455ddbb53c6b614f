//! What the workspace itself remembers of its audit's anchor, which is kept elsewhere. No change of configuration: the
//! audit has no row of it.

use rusqlite::params;
use serde_json::{Value, json};

use super::chain::{self, Head};
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

/// The kind of the row that names an anchor the chain did not hold when it was anchored anew.
const ABANDONED_KIND: &str = "audit:anchor_abandoned";

/// What is known of the anchor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchoring {
    /// Whether one was ever kept.
    pub kept: bool,
    /// The row that says that a backup was restored since: an anchor from before speaks of another chain.
    pub restored: Option<Head>,
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
            let told = kind.as_deref() == Some(RESTORED_KIND) && holds(tx, &row)?;
            told.then_some(row)
        }
        None => None,
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

/// Writes that the chain is anchored anew, past an anchor it does not hold. Said once of each.
pub fn anchor_abandoned(tx: &WriteTx<'_>, anchor: &Head) -> Result<()> {
    let detail = json!(anchor);
    let told = tx.row(
        "SELECT 1 FROM audit WHERE kind = ?1 AND detail = ?2",
        [ABANDONED_KIND, detail.to_string().as_str()],
        |_| Ok(()),
    )?;
    match told {
        Some(()) => Ok(()),
        None => change(tx, ABANDONED_KIND, None, &detail),
    }
}

/// The hashes of the last rows that say that a backup was restored, the newest first.
pub fn restores(tx: &ReadTx<'_>, most: u32) -> Result<Vec<String>> {
    tx.rows(
        "SELECT hash FROM audit WHERE kind = ?1 ORDER BY seq DESC LIMIT ?2",
        params![RESTORED_KIND, most],
        |row| {
            row.get_ref(0)?
                .as_blob()
                .map(chain::hex)
                .map_err(rusqlite::Error::from)
        },
    )
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
        (known.kept, known.restored.is_some())
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
    fn the_rows_of_restores_are_found_and_an_abandoned_anchor_is_told_of_once() {
        let folder = tempfile::tempdir().unwrap();
        let workspace = Workspace::open(folder.path(), &OpenOptions::new("1.0.0")).unwrap();
        let mut rows = Vec::new();
        for number in 0..3 {
            workspace
                .write_blocking(move |tx| restored(tx, &json!({ "number": number })))
                .unwrap();
            rows.insert(0, workspace.read_blocking(head).unwrap().unwrap().hash);
        }
        let found = workspace.read_blocking(|tx| restores(tx, 2)).unwrap();
        assert_eq!(found, rows[..2]);

        let lost = Head {
            seq: 70,
            hash: "00".repeat(32),
        };
        let mut heads = Vec::new();
        for _ in 0..2 {
            let lost = lost.clone();
            workspace
                .write_blocking(move |tx| anchor_abandoned(tx, &lost))
                .unwrap();
            heads.push(workspace.read_blocking(head).unwrap().unwrap());
        }
        assert_eq!(heads[0], heads[1]);
        assert_ne!(heads[0].hash, rows[0]);
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
