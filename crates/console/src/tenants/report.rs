//! The report of a tenant: one page of HTML to print or hand over. Everything in it is escaped, and nothing of it comes
//! from a record.

use std::fmt::Write as _;

use crosswalk_workspace::audit::Subject;
use jiff::Timestamp;
use serde_json::json;

use crate::audit::check::AuditHead;
use crate::text::html::{begin, end, escaped, time};
use crate::views::{AccountCoverage, AccountView, OverviewRow, TenantDetail};
use crate::{Console, Fault, counted};

fn paragraphs(page: &mut String, title: &str, text: &str) {
    if text.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "<h2>{title}</h2><p>{}</p>",
        escaped(text).replace('\n', "<br>")
    );
}

fn account_row(row: &OverviewRow) -> String {
    let run = row.last_run.as_ref().map_or_else(
        || "–".to_owned(),
        |run| {
            format!(
                "{} {}, {}, {}, {}",
                run.resource,
                run.status,
                counted(run.stored, "record", "records"),
                counted(run.errors, "error", "errors"),
                time(run.ended_at)
            )
        },
    );
    let token = row.token.as_ref().and_then(|token| token.expires_at);
    let coverage = row.coverage.map_or_else(|| "–".to_owned(), covered);
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=n>{}</td><td>{}</td></tr>",
        escaped(&row.id),
        escaped(&row.connector_label),
        escaped(&row.kind),
        escaped(&row.status.replace('_', " ")),
        time(token),
        escaped(&run),
        row.records,
        escaped(&coverage),
    )
}

/// How much of what is mapped is filled, and over how many records that was counted.
fn covered(coverage: AccountCoverage) -> String {
    format!(
        "{} % of {} in {}, {}",
        percent(coverage.filled, coverage.of),
        counted(coverage.of, "value", "values"),
        counted(coverage.records, "record", "records"),
        time(Some(coverage.at))
    )
}

/// A whole percentage that says 100 only when nothing is missing and 0 only when nothing is there, as the window's.
fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 || part == 0 {
        return 0;
    }
    if part >= whole {
        return 100;
    }
    let rounded = (part.saturating_mul(200) / whole).div_ceil(2);
    rounded.clamp(1, 99)
}

/// The page. `scopes` are the accounts in full, for what each asks for.
fn page(
    tenant: &TenantDetail,
    accounts: &[AccountView],
    now: Timestamp,
    head: Option<&AuditHead>,
) -> String {
    let mut page = format!(
        "{begin}<h1>{name}</h1><p><small>{id}{region} · {at}</small></p>",
        begin = begin(&tenant.name, head),
        name = escaped(&tenant.name),
        id = escaped(&tenant.id),
        region = tenant
            .region
            .as_deref()
            .map_or_else(String::new, |region| format!(
                " · data stays in {}",
                escaped(region)
            )),
        at = time(Some(now)),
    );
    page.push_str("<h2>Onboarding</h2><table>");
    for step in &tenant.checklist {
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            if step.done { "✓" } else { "–" },
            escaped(&step.label),
            escaped(&step.detail)
        );
    }
    page.push_str(
        "</table><h2>Accounts</h2><table><tr><th>Account<th>Connector<th>Kind<th>Status<th>Token until<th>Last run\
         <th>Records<th>Mapped values filled</tr>",
    );
    for row in &tenant.accounts {
        page.push_str(&account_row(row));
    }
    page.push_str(
        "</table><h2>Scopes</h2><table><tr><th>Account<th>Purpose<th>Asked for<th>Granted</tr>",
    );
    for account in accounts {
        let granted = account.scopes_granted.as_ref();
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&account.id),
            escaped(&account.purpose),
            escaped(&account.scopes.join(" ")),
            granted.map_or_else(|| "–".to_owned(), |granted| escaped(&granted.join(" "))),
        );
    }
    page.push_str("</table>");
    paragraphs(&mut page, "Contacts", &tenant.contacts);
    paragraphs(&mut page, "Notes", &tenant.notes);
    page.push_str(&end(head));
    page
}

impl Console {
    /// The tenant's report: a page of HTML without scripts. That it was handed out is audited.
    ///
    /// # Errors
    /// `not_found`, and when the workspace cannot be written.
    pub async fn tenant_report(&self, id: &str) -> Result<String, Fault> {
        let tenant = self.tenant(id).await?;
        let mut accounts = self.accounts().await?;
        accounts.retain(|account| account.tenant == tenant.id);
        let subject = Subject::tenant(tenant.id.clone());
        let head = self
            .note_export("tenant:reported", Some(subject), json!({}))
            .await?;
        Ok(page(&tenant, &accounts, self.now(), head.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_text_and_never_markup() {
        let tenant = TenantDetail {
            id: "acme".into(),
            name: "<script>alert(1)</script> & Co".into(),
            region: Some("EU".into()),
            contacts: "Ann <ann@acme.example>\nBob".into(),
            notes: String::new(),
            accounts: Vec::new(),
            checklist: Vec::new(),
        };
        let page = page(&tenant, &[], Timestamp::UNIX_EPOCH, None);
        assert!(!page.contains("<script"));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; Co"));
        assert!(page.contains("Ann &lt;ann@acme.example&gt;<br>Bob"));
        assert!(!page.contains("<h2>Notes"));
    }

    #[test]
    fn coverage_says_what_it_was_counted_over() {
        let coverage = |filled, of| AccountCoverage {
            filled,
            of,
            records: 40,
            at: Timestamp::UNIX_EPOCH,
        };
        for (filled, of, expected) in [
            (999, 1_000, "99 %"),
            (835, 1_000, "84 %"),
            (834, 1_000, "83 %"),
            (1, 1_000, "1 %"),
            (7, 7, "100 %"),
            (0, 7, "0 %"),
        ] {
            let text = covered(coverage(filled, of));
            assert!(text.starts_with(expected), "{text}");
            assert!(text.contains("in 40 records, 1970-01-01"), "{text}");
        }
    }
}
