//! Checking the audit: the chain by itself, against its anchor, and against what was exported before.

use crosswalk_workspace::audit::{self, Break, Head};
use serde::{Deserialize, Serialize};
use specta::Type;
use specta_typescript::Number;

use crate::{Console, Fault};

/// The chain up to a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct AuditHead {
    #[specta(type = Number)]
    pub seq: u64,
    pub hash: String,
}

impl From<Head> for AuditHead {
    fn from(head: Head) -> Self {
        Self {
            seq: head.seq,
            hash: head.hash,
        }
    }
}

/// What a check of the audit found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AuditVerdict {
    pub ok: bool,
    /// How many rows were checked, up to the first that is not as it was written.
    #[specta(type = Number)]
    pub rows: u64,
    /// Up to where the chain is anchored outside the workspace's database; null: nowhere.
    #[specta(type = Option<Number>)]
    pub anchored_seq: Option<u64>,
    /// The first row that is not as it was written, or is not there.
    #[specta(type = Option<Number>)]
    pub broken_at: Option<u64>,
    /// `edited`, `missing`, `unlinked`, `below_anchor` or `differs_from_file`.
    pub fault: Option<String>,
    pub head: Option<AuditHead>,
    /// Rows of the earlier export that were compared; null: none was named.
    #[specta(type = Option<Number>)]
    pub compared: Option<u64>,
    /// What the user should know, such as a keyring that did not answer.
    pub notes: Vec<String>,
}

/// Said where an anchor was kept and is not there.
const GONE: &str = "The anchor is gone: one was kept, and it is not there any more. Rows cut off at the end would not be \
                    found.";

/// Said where a restore was not followed by an anchor: it was cut short, or the keyring was locked.
const RESTORED: &str = "A backup was restored, and the audit is not anchored since. Until the next command that anchors \
                        it, rows cut off at the end would not be found.";

fn word(fault: Break) -> &'static str {
    match fault {
        Break::Edited => "edited",
        Break::Missing => "missing",
        Break::Unlinked => "unlinked",
        Break::BelowAnchor => "below_anchor",
    }
}

/// The rows an earlier export or report speaks of: JSON Lines or CSV of `xwalk audit export`, any JSON document with a
/// `head`, a report as HTML, or a text with a line `Audit head: row N HASH`.
fn heads(text: &str) -> Vec<Head> {
    #[derive(Deserialize)]
    struct Holder {
        head: Option<Head>,
    }
    let mut found: Vec<Head> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<Head>(line).ok())
        .collect();
    if found.is_empty()
        && let Ok(holder) = serde_json::from_str::<Holder>(text)
    {
        found.extend(holder.head);
    }
    if found.is_empty()
        && let Some((seq, hash)) = crate::text::html::head_of(text)
    {
        found.push(Head { seq, hash });
    }
    if found.is_empty() {
        found.extend(text.lines().filter_map(|line| {
            let (seq, hash) = line.strip_prefix("Audit head: row ")?.split_once(' ')?;
            Some(Head {
                seq: seq.parse().ok()?,
                hash: hash.trim().to_owned(),
            })
        }));
    }
    if found.is_empty() {
        let mut rows = crate::text::csv::records(text).into_iter();
        let names = rows.next().unwrap_or_default();
        let at = |name: &str| names.iter().position(|column| column == name);
        if let (Some(seq), Some(hash)) = (at("seq"), at("hash")) {
            found.extend(rows.filter_map(|row| {
                Some(Head {
                    seq: row.get(seq)?.parse().ok()?,
                    hash: row.get(hash)?.clone(),
                })
            }));
        }
    }
    found
}

impl Console {
    /// Checks the whole audit chain: every row, that it still holds its anchor, and every row of an earlier export if
    /// one is given. The vault stays shut: the anchor is a note that opens nothing.
    ///
    /// # Errors
    /// `no_audit_rows` where the file named speaks of none, and when the workspace cannot be read. A broken chain is in
    /// the verdict.
    pub async fn verify_audit(&self, against: Option<&str>) -> Result<AuditVerdict, Fault> {
        let earlier = match against.map(heads) {
            Some(earlier) if earlier.is_empty() => {
                return Err(Fault::invalid(
                    "no_audit_rows",
                    "The file speaks of no audit row.",
                    "Name an export of `xwalk audit export`, or a report with a head.",
                ));
            }
            other => other.unwrap_or_default(),
        };
        let mut notes = Vec::new();
        let known = self.workspace().read(audit::anchoring).await?;
        let anchor = match self.audit_anchor().await {
            Ok(anchor) => {
                if anchor.is_none() && known.kept {
                    notes.push(GONE.to_owned());
                }
                anchor
            }
            Err(fault) => {
                notes.push(format!(
                    "{} Rows cut off at the end would not be found.",
                    fault.message
                ));
                None
            }
        };
        let compared = against.map(|_| earlier.len() as u64);
        // Once the chain was anchored after it, a restore explains nothing any more.
        let restored = known.restored.is_some_and(|row| {
            let told = anchor.as_ref().is_some_and(|anchor| anchor.knows(&row));
            !told
        });
        let anchor = anchor.map(|anchor| anchor.head);
        let (verdict, differs, anchor) = self
            .workspace()
            .read(move |tx| {
                let anchor = match anchor {
                    // It is of the chain that was replaced.
                    Some(anchor) if restored && !audit::holds(tx, &anchor)? => None,
                    other => other,
                };
                let verdict = audit::verify(tx, .., anchor.as_ref())?;
                let mut differs = None;
                for head in &earlier {
                    if !audit::holds(tx, head)? {
                        differs = Some(head.seq);
                        break;
                    }
                }
                Ok((verdict, differs, anchor))
            })
            .await?;
        if restored && anchor.is_none() && notes.is_empty() {
            notes.push(RESTORED.to_owned());
        }
        let own = verdict.fault.map(word);
        let fault = own.or(differs.map(|_| "differs_from_file"));
        Ok(AuditVerdict {
            ok: fault.is_none(),
            rows: verdict.rows,
            anchored_seq: anchor.map(|anchor| anchor.seq),
            broken_at: verdict.broken_at.or(differs),
            fault: fault.map(str::to_owned),
            head: verdict.head.map(AuditHead::from),
            compared,
            notes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_in_exports_and_reports() {
        let lines = "{\"seq\":1,\"at\":\"x\",\"hash\":\"aa\"}\n{\"seq\":2,\"hash\":\"bb\"}\n";
        let csv = "seq,at,detail,hash\r\n1,x,\"a,\"\"b\",aa\r\n2,y,,bb\r\n";
        let report = "{\n \"tenant\": \"acme\",\n \"head\": {\"seq\": 2, \"hash\": \"bb\"}\n}";
        for (text, expected) in [
            (lines, vec![1, 2]),
            (csv, vec![1, 2]),
            (report, vec![2]),
            (
                "<!doctype html><meta name=audit-head content=\"9 cc\">",
                vec![9],
            ),
            ("A list\n\nAudit head: row 12 dd\n", vec![12]),
            ("", vec![]),
        ] {
            let seqs: Vec<u64> = heads(text).iter().map(|head| head.seq).collect();
            assert_eq!(seqs, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_file_makes_it_stumble(text in ".{0,400}", rows in "(seq,hash\n)?([0-9]{1,25},\"?[a-f]*\"?\r?\n){0,5}") {
            let _ = heads(&text);
            let _ = heads(&rows);
        }
    }
}
