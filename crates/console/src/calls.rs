//! Calls as they were audited: searched, shown as a request, and sent again where that is a read.

pub(crate) mod answer;
pub(crate) mod passthrough;
pub(crate) mod shell_words;

use std::collections::BTreeMap;

use crosswalk_client::{CallBuffer, CallContext, KeptAnswer};
use crosswalk_connector::{ApiKeyGrant, Definition, Grant};
use crosswalk_workspace::RunId;
use crosswalk_workspace::account::Account;
use crosswalk_workspace::audit::{self, AuditRow, CallFilter};
use crosswalk_workspace::call_answer;
use tokio_util::sync::CancellationToken;

use crate::calls::answer::{opened, shown_body, shown_kept};
use crate::calls::shell_words::quoted;
use crate::connect::connection::choose_grant;
use crate::sync::runs::run_id;
use crate::views::{CallDetail, CallPage, CallQuery, CallRow};
use crate::{Console, Fault, FaultClass};

/// Rows in one answer.
const MOST_ROWS: u32 = 1_000;
/// What stands in an address for a secret that was taken out.
const TAKEN_OUT: char = '…';
/// What stands for the secret in a shell command.
const PLACEHOLDER: &str = "<TOKEN>";

fn row(row: AuditRow) -> CallRow {
    CallRow {
        seq: row.seq,
        at: row.at,
        account: row.account,
        resource: row.resource,
        method: row.method.unwrap_or_default(),
        endpoint: row.endpoint.unwrap_or_default(),
        status: row.status,
        duration_ms: row.duration.map(|micros| micros / 1_000),
        bytes: row.bytes,
        records: row.records,
        run: row.run.map(|run| run.to_string()),
        error: row.detail.filter(|detail| detail != "endofresults"),
    }
}

/// Whether a call can be sent again as it was: a read of an address from which no secret was taken out.
fn replayable(row: &CallRow) -> bool {
    row.method == "GET" && !row.endpoint.contains(TAKEN_OUT)
}

/// Why there is no answer of a call to show.
fn not_kept(row: &CallRow) -> &'static str {
    match (row.status, row.records) {
        (None, _) => "No answer came.",
        (Some(_), Some(1..)) => {
            "This page's records are stored, so the page itself is not kept a second time."
        }
        (Some(_), _) if row.method == "POST" => "What brings a token is never kept.",
        (Some(_), _) => "This answer is not kept, or no longer. Send the request again to see one.",
    }
}

/// The headers a call is authorised with, a placeholder in place of each secret.
fn authorisation(definition: &Definition, account: &Account) -> Vec<(String, String)> {
    let auth = &definition.connector.auth;
    let hidden = |template: &str| {
        let mut text = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            text.push_str(before);
            text.push_str(PLACEHOLDER);
            rest = after.split_once("}}").map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        text
    };
    let mut headers = Vec::new();
    match choose_grant(definition, Some(&account.grant)) {
        Ok(Grant::ClientCredentials(_) | Grant::AuthorizationCode(_) | Grant::DeviceCode(_)) => {
            headers.push((
                auth.access.header.clone(),
                hidden(auth.access.value.as_str()),
            ));
        }
        Ok(Grant::ApiKey(ApiKeyGrant {
            header: Some(name),
            value,
            ..
        })) => headers.push((name.clone(), hidden(value.as_str()))),
        Ok(Grant::Basic(_)) => {
            headers.push(("Authorization".to_owned(), format!("Basic {PLACEHOLDER}")));
        }
        Ok(Grant::ApiKey(_) | Grant::None(_)) | Err(_) => {}
    }
    for (name, template) in &auth.headers {
        headers.push((name.clone(), hidden(template.as_str())));
    }
    headers
}

/// A request as a shell command.
fn curl(method: &str, endpoint: &str, headers: &BTreeMap<String, String>) -> String {
    let mut command = "curl -sS".to_owned();
    if method != "GET" {
        command.push_str(&format!(" -X {}", quoted(method)));
    }
    for (name, value) in headers {
        command.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
    }
    command.push(' ');
    command.push_str(&quoted(endpoint));
    command
}

impl Console {
    /// Audited calls, newest first: only an account's, or a tenant's, where one is named.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn calls(
        &self,
        account: Option<&str>,
        tenant: Option<&str>,
        query: CallQuery,
    ) -> Result<CallPage, Fault> {
        let account = match account {
            Some(account) => Some(self.find_account(account).await?.slug),
            None => None,
        };
        let filter = CallFilter {
            tenant: tenant.map(str::to_owned),
            account,
            text: Some(query.text),
            ..CallFilter::default()
        };
        self.call_page(filter, query.offset, query.limit).await
    }

    /// The calls of a run, newest first.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn run_calls(&self, run: &str, offset: u64, limit: u32) -> Result<CallPage, Fault> {
        self.account_of_run(run).await?;
        let run: RunId = run_id(run)?;
        let filter = CallFilter {
            run: Some(run),
            ..CallFilter::default()
        };
        self.call_page(filter, offset, limit).await
    }

    async fn call_page(
        &self,
        filter: CallFilter,
        offset: u64,
        limit: u32,
    ) -> Result<CallPage, Fault> {
        let limit = limit.min(MOST_ROWS);
        let (total, rows) = self
            .workspace()
            .read(move |tx| audit::calls(tx, &filter, offset, limit))
            .await?;
        Ok(CallPage {
            total,
            rows: rows.into_iter().map(row).collect(),
        })
    }

    async fn audited_call(&self, seq: u64) -> Result<AuditRow, Fault> {
        Ok(self
            .workspace()
            .read(move |tx| audit::call(tx, seq))
            .await?)
    }

    /// The tenant a call concerned, by its id at the time.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn tenant_of_call(&self, seq: u64) -> Result<Option<String>, Fault> {
        Ok(self.audited_call(seq).await?.tenant)
    }

    /// A call as it was audited, with what it was answered where that is kept: refusals, single reads and connection
    /// tests. Pages of records are stored as records, not twice.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn call(&self, seq: u64) -> Result<CallDetail, Fault> {
        let row = row(self.audited_call(seq).await?);
        let account = match &row.account {
            Some(account) => self.find_account(account).await.ok(),
            None => None,
        };
        let mut headers = BTreeMap::new();
        let mut response_headers = BTreeMap::new();
        let (mut response, mut response_note) = (None, Some(not_kept(&row).to_owned()));
        if let Some(account) = account
            && let Ok(definition) = self.definition(&account.connector)
        {
            let accept = definition.connector.formats.accept.clone();
            headers.insert("Accept".to_owned(), accept);
            headers.extend(authorisation(&definition, &account));
            match self.kept_answer(&account, seq).await {
                Ok(Some(answer)) => {
                    (response, response_note) = shown_kept(&definition, &answer.body, row.status);
                    response_headers.extend(answer.headers);
                }
                Ok(None) => {}
                // The request is shown all the same: it stands in the audit, in clear.
                Err(fault) => response_note = Some(fault.message),
            }
        }
        Ok(CallDetail {
            curl: curl(&row.method, &row.endpoint, &headers),
            request_headers: headers,
            request_body: None,
            response_headers,
            response,
            response_note,
            response_bytes: row.bytes.unwrap_or(0),
            replayable: replayable(&row),
            row,
        })
    }

    /// What a call was answered with, where that is kept and the account's keys are there.
    async fn kept_answer(&self, account: &Account, seq: u64) -> Result<Option<KeptAnswer>, Fault> {
        let uuid = account.uuid;
        let kept = self
            .workspace()
            .read(move |tx| call_answer::get(tx, uuid, seq))
            .await?;
        match kept {
            Some(kept) => opened(&kept, &self.entry(account).await?.keys, uuid).map(Some),
            None => Ok(None),
        }
    }

    /// Sends a read again, to the account's own origins alone, and shows what came.
    ///
    /// # Errors
    /// `not_found`, `call_not_replayable`, and what keeps the provider from answering.
    pub async fn replay_call(
        &self,
        seq: u64,
        interrupted: &CancellationToken,
    ) -> Result<CallDetail, Fault> {
        let detail = self.call(seq).await?;
        let refused = |why: &str| {
            Fault::invalid(
                "call_not_replayable",
                why,
                "Copy it as a command and send it by hand if it must be.",
            )
        };
        if detail.row.method != "GET" {
            return Err(refused("Only reads are sent again."));
        }
        if !detail.replayable {
            return Err(refused("A secret was taken out of its address."));
        }
        let account = detail
            .row
            .account
            .as_deref()
            .ok_or_else(|| refused("The call belongs to no account."))?;
        let account = self.find_account(account).await?;
        let (client, definition) = self.client(&account, None).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone()).keeping_answers();
        let endpoint = detail.row.endpoint.clone();
        let answer = tokio::select! {
            answer = client.pass_through(&endpoint, &[], &context) => answer.map_err(Fault::from),
            () = interrupted.cancelled() => Err(Fault::new(FaultClass::Interrupted, "interrupted", "The read was stopped.", "Send it again when you like.")),
        };
        let rows = self.record_calls(&account, calls.take()).await?;
        let answer = answer?;
        let newest = rows.last().copied().unwrap_or(seq);
        let (response, response_note) =
            shown_body(&definition, &answer.body, answer.status, |text| {
                client.without_secrets(text)
            })
            .await?;
        Ok(CallDetail {
            row: row(self.audited_call(newest).await?),
            response_headers: answer.headers.into_iter().collect(),
            response,
            response_note,
            response_bytes: answer.body.len() as u64,
            ..detail
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_safe_to_paste() {
        let headers =
            BTreeMap::from([("Authorization".to_owned(), format!("Bearer {PLACEHOLDER}"))]);
        for (method, endpoint, expected) in [
            (
                "GET",
                "https://x.example.com/a?b=c&d=$(rm)",
                "curl -sS -H 'Authorization: Bearer <TOKEN>' 'https://x.example.com/a?b=c&d=$(rm)'",
            ),
            (
                "PUT",
                "https://x.example.com/it's",
                r"curl -sS -X PUT -H 'Authorization: Bearer <TOKEN>' 'https://x.example.com/it'\''s'",
            ),
        ] {
            assert_eq!(curl(method, endpoint, &headers), expected);
        }
    }

    #[test]
    fn only_reads_without_secrets_are_sent_again() {
        for (method, endpoint, expected) in [
            ("GET", "https://x.example.com/a", true),
            ("GET", "https://x.example.com/a?key=…", false),
            ("POST", "https://x.example.com/token", false),
            ("PUT", "https://x.example.com/a/1", false),
        ] {
            let row = CallRow {
                seq: 1,
                at: jiff::Timestamp::UNIX_EPOCH,
                account: None,
                resource: None,
                method: method.to_owned(),
                endpoint: endpoint.to_owned(),
                status: None,
                duration_ms: None,
                bytes: None,
                records: None,
                run: None,
                error: None,
            };
            assert_eq!(replayable(&row), expected, "{method} {endpoint}");
        }
    }
}
