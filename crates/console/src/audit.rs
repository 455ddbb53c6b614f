//! The audit: every call and every change of configuration.

use crosswalk_workspace::audit::{self, Filter};

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
        Ok(rows
            .into_iter()
            .map(|row| AuditView {
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
            })
            .collect())
    }
}
