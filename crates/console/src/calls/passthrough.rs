//! Reading a path of the account's instance, through its credentials and rate budget.

use std::collections::BTreeMap;

use crosswalk_client::{CallBuffer, CallContext};
use tokio_util::sync::CancellationToken;

use crate::views::PassThrough;
use crate::{Console, Fault, FaultClass};

impl Console {
    /// A read of any path below the account's base address. Whatever the status, it is an answer; the account's secrets
    /// are taken out of it, should the provider repeat them.
    ///
    /// # Errors
    /// `not_found`, `origin_not_approved` for a path that leads elsewhere, and what keeps the provider from answering.
    pub async fn pass_through(
        &self,
        id: &str,
        path: &str,
        query: &[(String, String)],
        interrupted: &CancellationToken,
    ) -> Result<PassThrough, Fault> {
        let account = self.find_account(id).await?;
        let (client, _) = self.client(&account, None).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone()).keeping_answers();
        let answer = tokio::select! {
            answer = client.pass_through(path, query, &context) => answer.map_err(Fault::from),
            () = interrupted.cancelled() => Err(Fault::new(FaultClass::Interrupted, "interrupted", "The read was stopped.", "Run it again when you like.")),
        };
        self.record_calls(&account, calls.take()).await?;
        let answer = answer?;
        let headers: BTreeMap<String, String> = answer.headers.into_iter().collect();
        let body = serde_json::from_slice(&answer.body).unwrap_or_else(|_| {
            serde_json::Value::String(String::from_utf8_lossy(&answer.body).into_owned())
        });
        let body = client.json_without_secrets(body).await?;
        Ok(PassThrough {
            status: answer.status,
            headers,
            body,
        })
    }
}
