//! Connecting: reachability, token, one read per resource whose scope was asked, and what that makes of the account.

pub(crate) mod admin_letter;
pub(crate) mod connection;
pub(crate) mod instance;
pub(crate) mod probe;
pub(crate) mod settings_form;
mod standing;
pub(crate) mod steps;

use std::time::{Duration, Instant};

use crosswalk_client::{AccountClient, CallBuffer, CallContext, ClientError, Step};
use crosswalk_connector::{Definition, GrantKind};
use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::run::RunFault;
use tokio_util::sync::CancellationToken;

use crate::connect::probe::{Probe, probe};
use crate::connect::standing::Ending;
use crate::connect::steps::{StepListener, Steps};
use crate::views::{ErrorView, StepView, TestReport};
use crate::{Console, Fault, FaultClass};

/// How a connection test ended.
#[derive(Debug)]
pub struct Tested {
    pub report: TestReport,
    /// What kind of failure it was; `None` when the account is connected.
    pub failure: Option<FaultClass>,
}

/// Why a test did not pass.
struct Failure {
    /// As it is shown now, the provider's own words among it.
    shown: ErrorView,
    /// In words that may be kept in clear.
    kept: RunFault,
    class: FaultClass,
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let mut kept = crosswalk_sync::verdict::fault(&error);
        if matches!(error, ClientError::AuthRefused { .. }) {
            // To a run it means that they were taken before; a test may be the first to use them.
            error.code().clone_into(&mut kept.code);
            "the provider refused the credentials".clone_into(&mut kept.message);
        }
        let fault = Fault::from(error);
        Self {
            shown: view(&fault),
            kept,
            class: fault.class,
        }
    }
}

pub(crate) fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

/// Whether a test asks for a token of its own, which tries the credentials too. Where a person signs in it does so only
/// if the token is in doubt: a refresh token is not used up for a test, and some providers give none.
fn asks_anew(grant: GrantKind, status: Status, signed_in: bool) -> bool {
    match grant {
        GrantKind::AuthorizationCode | GrantKind::DeviceCode => {
            !signed_in && status == Status::NeedsReauth
        }
        _ => true,
    }
}

impl Console {
    /// Tries an account's connection and says where it stands.
    ///
    /// # Errors
    /// `not_found`, `missing_credential`, and what keeps the vault from opening. What the provider or the network says is
    /// in the report.
    pub async fn test_account(
        &self,
        id: &str,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        self.test_account_telling(id, &|_| (), interrupted).await
    }

    /// As [`Console::test_account`], right after somebody signed in: with the token that brought.
    pub(crate) async fn test_signed_in(
        &self,
        id: &str,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        self.test(id, true, &|_| (), interrupted).await
    }

    /// As [`Console::test_account`], telling each step as it begins and as it is done.
    ///
    /// # Errors
    /// As [`Console::test_account`].
    pub async fn test_account_telling(
        &self,
        id: &str,
        tell: StepListener<'_>,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        self.test(id, false, tell, interrupted).await
    }

    async fn test(
        &self,
        id: &str,
        signed_in: bool,
        tell: StepListener<'_>,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        let account = self.find_account(id).await?;
        if account.status == Status::AwaitingCredentials {
            return Err(Fault::invalid(
                "awaiting_credentials",
                format!("Account {id} has no credentials yet."),
                format!(
                    "Send the administrator the message of `xwalk account request {id}`, then: xwalk account update {id} --client-id X --client-secret-stdin"
                ),
            ));
        }
        let (client, definition) = self.client(&account, None).await?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone()).keeping_answers();
        let tested = tokio::select! {
            tested = self.run_test(&account, &client, &definition, signed_in, &context, tell) => tested,
            () = interrupted.cancelled() => {
                Err(Fault::new(FaultClass::Interrupted, "interrupted", "The test was stopped.", "Run it again when you like."))
            }
        };
        self.record_calls(&account, calls.take()).await?;
        tested
    }

    async fn run_test(
        &self,
        account: &Account,
        client: &AccountClient,
        definition: &Definition,
        signed_in: bool,
        context: &CallContext,
        tell: StepListener<'_>,
    ) -> Result<Tested, Fault> {
        let mut steps = Steps::new(tell);
        steps.begin("network");
        let taken = client.diagnose().await;
        let failed = taken.iter().find(|step| !step.ok).cloned();
        for taken in taken {
            steps.done(step(taken));
        }
        if let Some(failed) = failed {
            // Nothing can be said about the token while its address cannot be reached.
            let failure = unreachable(failed);
            return self
                .conclude(
                    account,
                    Ending::Unreached,
                    steps.into_taken(),
                    Vec::new(),
                    Some(failure),
                )
                .await;
        }
        let grant = definition.connector.auth.grant(client.profile().grant);
        let grant = grant.filter(|grant| grant.uses_tokens());
        if let Some(grant) = grant {
            steps.begin("token");
            let started = Instant::now();
            let token = if asks_anew(grant.kind(), account.status, signed_in) {
                client.tokens().renew(context).await.map(Some)
            } else {
                client.tokens().current(context).await
            };
            let token = match token {
                Ok(token) => token,
                Err(error) => {
                    steps.done(StepView {
                        name: "token".into(),
                        ok: false,
                        ms: millis(started.elapsed()),
                        message: error.to_string(),
                    });
                    let ending = Ending::of(false, Some(&error));
                    return self
                        .conclude(
                            account,
                            ending,
                            steps.into_taken(),
                            Vec::new(),
                            Some(error.into()),
                        )
                        .await;
                }
            };
            let lives = token.and_then(|token| token.expires_at).map_or_else(
                || "the provider did not say how long it lives".to_owned(),
                |end| format!("valid until {}", end.strftime("%Y-%m-%d %H:%M UTC")),
            );
            steps.done(StepView {
                name: "token".into(),
                ok: true,
                ms: millis(started.elapsed()),
                message: lives,
            });
            let settle = definition
                .connector
                .auth
                .token
                .as_ref()
                .and_then(|token| token.settle.as_ref())
                .filter(|settle| !settle.duration().is_zero());
            if settle.is_some() {
                steps.begin("settle");
            }
            let started = Instant::now();
            // A token is handed out only when it has rested.
            client.tokens().current(context).await?;
            if let Some(settle) = settle {
                steps.done(StepView {
                    name: "settle".into(),
                    ok: true,
                    ms: millis(started.elapsed()),
                    message: format!(
                        "a new token rests {} s before its first use",
                        settle.duration().as_secs()
                    ),
                });
            }
        }
        let approved = self.approve_instance(account, client, &mut steps).await?;
        let client = approved.as_ref().unwrap_or(client);
        let probes = probe(account, client, definition, context, &steps).await;
        self.judge(account, steps, probes, grant.is_some()).await
    }

    async fn judge(
        &self,
        account: &Account,
        mut steps: Steps<'_>,
        probes: Vec<Probe>,
        token_given: bool,
    ) -> Result<Tested, Fault> {
        let mut missing = Vec::new();
        let mut forbidden = None;
        let mut first_error = None;
        let mut passed = 0;
        for probe in probes {
            steps.keep(probe.step);
            match probe.outcome {
                Ok(()) => passed += 1,
                Err(error) => {
                    if let ClientError::Forbidden { permission, .. } = &error {
                        let scope = permission.scope().map(str::to_owned);
                        if let Some(scope) = &scope
                            && !missing.contains(scope)
                        {
                            missing.push(scope.clone());
                        }
                        forbidden.get_or_insert((scope, probe.resource));
                    }
                    first_error.get_or_insert(error);
                }
            }
        }
        let uuid = account.uuid;
        if let Some((scope, resource)) = forbidden {
            self.workspace()
                .write(move |tx| {
                    account::record_forbidden(tx, uuid, scope.as_deref(), Some(&resource))
                })
                .await?;
        } else if first_error.is_none() && account.health.last_forbidden.is_some() {
            // Whatever was refused is allowed now, or not asked for any more.
            self.workspace()
                .write(move |tx| account::forget_forbidden(tx, uuid, None))
                .await?;
        }
        // A connector none of whose resources was asked for has nothing to fail.
        let failure = if passed > 0 { None } else { first_error };
        let ending = Ending::of(token_given, failure.as_ref());
        let failure = failure.map(Failure::from);
        self.conclude(account, ending, steps.into_taken(), missing, failure)
            .await
    }

    /// Writes down how a test ended, which may have taken minutes. An account whose credentials were forgotten meanwhile
    /// stays as it is.
    async fn conclude(
        &self,
        account: &Account,
        ending: Ending,
        steps: Vec<StepView>,
        missing_scopes: Vec<String>,
        failure: Option<Failure>,
    ) -> Result<Tested, Fault> {
        let uuid = account.uuid;
        let reason = failure.as_ref().map(|failure| failure.shown.code.clone());
        let (error, kept, class) = failure.map_or((None, None, None), |failure| {
            (Some(failure.shown), Some(failure.kept), Some(failure.class))
        });
        let status = self
            .workspace()
            .write(move |tx| {
                let held = account::by_id(tx, uuid)?;
                if held.status == Status::AwaitingCredentials {
                    return Ok(held.status);
                }
                let status = ending.status(held.status, held.health.last_success_at.is_some());
                account::set_status(tx, uuid, status, reason.as_deref())?;
                match kept {
                    None => account::record_success(tx, uuid)?,
                    Some(RunFault {
                        code,
                        message,
                        hint,
                    }) => account::record_error(tx, uuid, &code, &message, hint.as_deref())?,
                }
                Ok(status)
            })
            .await?;
        Ok(Tested {
            report: TestReport {
                status: status.to_string(),
                steps,
                missing_scopes,
                error,
            },
            failure: class,
        })
    }
}

fn view(fault: &Fault) -> ErrorView {
    ErrorView {
        code: fault.code.clone(),
        message: fault.message.clone(),
        hint: fault.hint.clone(),
        at: None,
    }
}

/// The step on the way to the provider that failed.
fn unreachable(failed: Step) -> Failure {
    let said = failed
        .hint
        .as_deref()
        .and_then(|hint| failed.message.strip_suffix(hint));
    let shown = ErrorView {
        code: failed
            .code
            .map_or_else(|| format!("{}_failed", failed.name), str::to_owned),
        message: said.unwrap_or(&failed.message).trim().to_owned(),
        hint: failed.hint,
        at: None,
    };
    Failure {
        kept: RunFault {
            code: shown.code.clone(),
            message: shown.message.clone(),
            hint: shown.hint.clone(),
        },
        shown,
        class: FaultClass::Failed,
    }
}

fn step(step: Step) -> StepView {
    StepView {
        name: step.name,
        ok: step.ok,
        ms: step.ms,
        message: step.message,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::accounts::test_account::{ACCOUNT, with_account};

    #[test]
    fn a_refresh_token_is_not_used_up_for_a_test() {
        use GrantKind::{AuthorizationCode, ClientCredentials, DeviceCode};
        for (grant, status, signed_in, expected) in [
            (ClientCredentials, Status::Active, false, true),
            (AuthorizationCode, Status::Connecting, true, false),
            (AuthorizationCode, Status::NeedsReauth, true, false),
            (AuthorizationCode, Status::Active, false, false),
            (AuthorizationCode, Status::NeedsReauth, false, true),
            (DeviceCode, Status::Active, false, false),
        ] {
            assert_eq!(
                asks_anew(grant, status, signed_in),
                expected,
                "{grant:?} {status} {signed_in}"
            );
        }
    }

    #[test]
    fn what_a_provider_said_is_shown_and_not_kept() {
        let failure = Failure::from(ClientError::AuthRefused {
            error: "invalid_client".into(),
            detail: "no client of Jane Doe's".into(),
        });
        assert!(failure.shown.message.contains("Jane Doe"));
        assert!(!failure.kept.message.contains("Jane Doe"));
        assert_eq!(failure.kept.hint, failure.shown.hint);
        assert!(failure.kept.hint.is_some());
    }

    #[tokio::test]
    async fn a_test_concludes_from_where_the_account_stands_when_it_ends() {
        use Status::{Active, AwaitingCredentials, Connecting, ValidationError};
        let home = tempfile::tempdir().unwrap();
        let (grant, nowhere) = (GrantKind::ClientCredentials, "http://127.0.0.1:9");
        let client = ("client", "secret");
        let console = with_account(home.path(), grant, nowhere.to_owned(), client).await;
        let begun = console.find_account(ACCOUNT).await.unwrap();
        let uuid = begun.uuid;
        for (meanwhile, ending, expected) in [
            (AwaitingCredentials, Ending::Refused, AwaitingCredentials),
            (AwaitingCredentials, Ending::Unreached, AwaitingCredentials),
            (Active, Ending::Unreached, Active),
            (Connecting, Ending::Unreached, ValidationError),
        ] {
            console
                .workspace()
                .write(move |tx| account::set_status(tx, uuid, meanwhile, None))
                .await
                .unwrap();
            let failure = Failure::from(ClientError::DnsFailed {
                host: "acme".into(),
                detail: String::new(),
            });
            let told = console
                .conclude(&begun, ending, Vec::new(), Vec::new(), Some(failure))
                .await
                .unwrap();
            let held = console.find_account(ACCOUNT).await.unwrap();
            assert_eq!(held.status, expected, "{meanwhile} {ending:?}");
            assert_eq!(told.report.status, expected.to_string());
            let noted = expected != AwaitingCredentials;
            assert_eq!(held.health.last_error.is_some(), noted, "{meanwhile}");
        }
    }
}
