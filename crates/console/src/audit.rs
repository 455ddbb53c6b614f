//! The audit: every call and every change of configuration.

pub(crate) mod anchor;
pub(crate) mod check;

use crosswalk_workspace::audit::{self, AuditRow, Filter, Subject};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::audit::check::AuditHead;
use crate::text::csv;
use crate::text::export_file::{Export, ExportedFile, stamp};
use crate::views::AuditView;
use crate::{Console, Fault};

impl Console {
    /// The newest rows, oldest of them first.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn audit(
        &self,
        account: Option<&str>,
        tenant: Option<&str>,
        limit: usize,
    ) -> Result<Vec<AuditView>, Fault> {
        let filter = Filter {
            account: account.map(str::to_owned),
            tenant: tenant.map(str::to_owned),
            ..Filter::default()
        };
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let mut rows = self
            .workspace()
            .read(move |tx| audit::list(tx, &filter, limit))
            .await?;
        rows.sort_by_key(|row| row.seq);
        Ok(rows.into_iter().map(view).collect())
    }

    /// Hands the rows that pass a filter to `write`, oldest first, and gives the chain's head they go up to. That there
    /// was an export is the last row of it.
    ///
    /// # Errors
    /// What `write` fails with, and when the workspace cannot be read.
    pub async fn export_audit(
        &self,
        filter: AuditFilter,
        mut write: impl FnMut(&AuditView) -> Result<(), Fault>,
    ) -> Result<Option<AuditHead>, Fault> {
        let detail = serde_json::to_value(&filter).unwrap_or_default();
        let subject = match (&filter.account, &filter.tenant) {
            (Some(account), _) => Some(Subject::from(&self.find_account(account).await?)),
            (None, Some(tenant)) => Some(Subject::tenant(tenant.clone())),
            (None, None) => None,
        };
        let head = self
            .workspace()
            .write(move |tx| {
                audit::change(tx, "audit:exported", subject.as_ref(), &detail)?;
                audit::head(tx)
            })
            .await?;
        let end = head.as_ref().map_or(0, |head| head.seq);
        let rows = Filter {
            account: filter.account.clone(),
            tenant: filter.tenant.clone(),
            kind: filter.kind.clone(),
            before: Some(end + 1),
            ..Filter::default()
        };
        let mut from = 1;
        loop {
            let page = rows.clone();
            let read = self
                .workspace()
                .read(move |tx| audit::list_from(tx, &page, from, EXPORTED_AT_ONCE))
                .await?;
            let Some(last) = read.last().map(|row| row.seq) else {
                break;
            };
            for row in read {
                let wanted = filter.since.is_none_or(|since| row.at >= since)
                    && filter.until.is_none_or(|until| row.at <= until);
                if wanted {
                    write(&view(row))?;
                }
            }
            from = last + 1;
        }
        Ok(head.map(AuditHead::from))
    }

    /// Writes the rows that pass a filter into a file of the folder `exports`, whose name carries the chain's head.
    ///
    /// # Errors
    /// `export_failed`, `not_found` for an account there is none of, and when the workspace cannot be read.
    pub async fn export_audit_file(
        &self,
        filter: AuditFilter,
        format: AuditFormat,
    ) -> Result<ExportedFile, Fault> {
        let region = match &filter.tenant {
            Some(tenant) => self.tenant_region(tenant).await?,
            None => None,
        };
        let mut export = Export::begin(&self.exports_folder())?;
        if format == AuditFormat::Csv {
            export.write(AuditView::csv_names().as_bytes())?;
        }
        let head = self
            .export_audit(filter, |row| match format {
                AuditFormat::Csv => export.write(row.csv_line().as_bytes()),
                AuditFormat::Jsonl => export.write(&row.json_line()?),
            })
            .await?;
        let named = head.as_ref().map_or_else(String::new, |head| {
            let hash: String = head.hash.chars().take(12).collect();
            format!("-head-{}-{hash}", head.seq)
        });
        let stem = format!("audit-{}{named}", stamp(self.now()));
        let extension = match format {
            AuditFormat::Csv => "csv",
            AuditFormat::Jsonl => "jsonl",
        };
        let (path, bytes) = export.finish(&stem, extension)?;
        Ok(ExportedFile {
            path: path.display().to_string(),
            bytes,
            head,
            region,
        })
    }

    /// The audit's head now: what a report prints.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn audit_head(&self) -> Result<Option<AuditHead>, Fault> {
        let head = self.workspace().read(audit::head).await?;
        Ok(head.map(AuditHead::from))
    }
}

/// Rows of an export.
#[derive(Clone, Debug, Default, Deserialize, Serialize, Type)]
pub struct AuditFilter {
    pub tenant: Option<String>,
    pub account: Option<String>,
    /// `call`, `account:active`…
    pub kind: Option<String>,
    #[specta(type = Option<String>)]
    pub since: Option<Timestamp>,
    #[specta(type = Option<String>)]
    pub until: Option<Timestamp>,
}

/// How an export of the audit is written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum AuditFormat {
    /// JSON Lines.
    Jsonl,
    /// For spreadsheets; what looks like a formula is made plain text.
    Csv,
}

const EXPORTED_AT_ONCE: u32 = 1_000;

pub(crate) fn view(row: AuditRow) -> AuditView {
    AuditView {
        seq: row.seq,
        at: row.at,
        kind: row.kind,
        actor: row.actor,
        tenant: row.tenant,
        account: row.account,
        method: row.method,
        endpoint: row.endpoint,
        status: row.status,
        records: row.records,
        duration_ms: row.duration.map(|micros| micros / 1_000),
        bytes: row.bytes,
        detail: row.detail,
        previous: row.previous,
        hash: row.hash,
    }
}

impl AuditView {
    /// The names of the columns of an export as comma-separated text.
    pub fn csv_names() -> String {
        csv::line([
            "seq",
            "at",
            "kind",
            "actor",
            "tenant",
            "account",
            "method",
            "endpoint",
            "status",
            "records",
            "duration_ms",
            "bytes",
            "detail",
            "previous",
            "hash",
        ])
    }

    /// The row as a line of JSON.
    fn json_line(&self) -> Result<Vec<u8>, Fault> {
        let mut line = serde_json::to_vec(self).map_err(|error| {
            Fault::failed(
                "export_failed",
                format!("A row of the audit cannot be written: {error}."),
                "Please report this.",
            )
        })?;
        line.push(b'\n');
        Ok(line)
    }

    /// The row as a line of comma-separated text, safe for spreadsheets.
    pub fn csv_line(&self) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = |value: Option<u64>| value.map(|value| value.to_string()).unwrap_or_default();
        let cells = [
            self.seq.to_string(),
            self.at.to_string(),
            self.kind.clone(),
            self.actor.clone(),
            text(&self.tenant),
            text(&self.account),
            text(&self.method),
            text(&self.endpoint),
            number(self.status.map(u64::from)),
            number(self.records),
            number(self.duration_ms),
            number(self.bytes),
            text(&self.detail),
            self.previous.clone(),
            self.hash.clone(),
        ];
        csv::line(cells.iter().map(String::as_str))
    }
}
