//! `xwalk account`.

use std::process::ExitCode;

use crosswalk_console::{AccountView, ConnectionInput, Fault, NewAccount, TestReport, counted};

use super::tenant::confirm;
use super::{Context, account_credentials};
use crate::args::{AccountAddArgs, AccountCommand, ConnectionArgs, GrantArg, KindArg, PurposeArg};
use crate::output::{exit_code, or_dash, pairs, table};
use crate::passphrase;

fn key_values(words: &[String]) -> Result<Vec<(String, String)>, Fault> {
    words
        .iter()
        .map(|word| {
            word.split_once('=')
                .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
                .ok_or_else(|| {
                    Fault::invalid(
                        "invalid_setting",
                        format!("{word:?} is not KEY=VALUE."),
                        "Write --set KEY=VALUE, such as --set instance_url=https://….",
                    )
                })
        })
        .collect()
}

/// How a terminal is asked: a key stands alone, a secret belongs to a client.
fn prompt(has_client_id: bool, grant: Option<GrantArg>) -> Option<&'static str> {
    match grant {
        Some(GrantArg::ApiKey) => Some("API key (empty: add it later): "),
        _ => has_client_id.then_some("Client secret (empty: add it later): "),
    }
}

fn connection(args: ConnectionArgs, grant: Option<GrantArg>) -> Result<ConnectionInput, Fault> {
    let prompt = prompt(args.client_id.is_some(), grant);
    let secret = passphrase::client_secret(args.client_secret_stdin, prompt)?;
    Ok(ConnectionInput {
        config: key_values(&args.set)?,
        client_id: args.client_id,
        client_secret: secret,
        scopes: args.scope,
        allowed_hosts: args.allow_host,
    })
}

fn new_account(args: AccountAddArgs) -> Result<NewAccount, Fault> {
    Ok(NewAccount {
        id: args.id,
        tenant: args.tenant,
        connector: args.connector,
        kind: match args.kind {
            KindArg::Sandbox => "sandbox",
            KindArg::Production => "production",
        },
        environment: args.environment,
        grant: args.grant.map(|grant| {
            let word = match grant {
                GrantArg::ClientCredentials => "client_credentials",
                GrantArg::AuthorizationCode => "authorization_code",
                GrantArg::DeviceCode => "device_code",
                GrantArg::ApiKey => "api_key",
                GrantArg::Basic => "basic",
            };
            word.to_owned()
        }),
        purpose: match args.purpose {
            PurposeArg::Read => "read",
            PurposeArg::Write => "write",
        },
        connection: connection(args.connection, args.grant)?,
    })
}

pub(super) fn show(account: &AccountView) -> String {
    let time = |time: Option<jiff::Timestamp>| {
        time.map_or_else(
            || "-".to_owned(),
            |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        )
    };
    let mut rows = vec![
        ("account", account.id.clone()),
        ("tenant", account.tenant.clone()),
        ("connector", account.connector.clone()),
        ("kind", account.kind.clone()),
        ("environment", or_dash(account.environment.as_deref())),
        ("status", account.status.clone()),
        ("purpose", account.purpose.clone()),
        ("grant", account.grant.clone()),
        ("client id", or_dash(account.client_id.as_deref())),
        ("scopes", account.scopes.join(" ")),
    ];
    for (key, value) in &account.config {
        rows.push((key.as_str(), value.clone()));
    }
    if let Some(token) = &account.token {
        rows.push(("token obtained", time(Some(token.obtained_at))));
        rows.push(("token renews", time(token.renew_at)));
        rows.push(("token expires", time(token.expires_at)));
    }
    if let Some(token) = &account.refresh_token {
        rows.push(("refresh renews", time(token.renew_at)));
        rows.push(("refresh expires", time(token.expires_at)));
    }
    if !account.health.healthy {
        rows.push((
            "health",
            format!(
                "{} in a row",
                counted(account.health.failed_runs, "failed run", "failed runs")
            ),
        ));
    }
    if let Some(error) = &account.health.last_error {
        rows.push(("last error", error.message.clone()));
    }
    let mut text = pairs(&rows);
    for note in &account.notes {
        text.push_str(&format!("\nNote: {note}\n"));
    }
    text
}

pub(super) fn report(report: &TestReport) -> String {
    let rows = report.steps.iter().map(|step| {
        vec![
            if step.ok { "ok" } else { "FAILED" }.to_owned(),
            step.name.clone(),
            format!("{} ms", step.ms),
            step.message.clone(),
        ]
    });
    let mut text = table(&["", "step", "time", ""], rows);
    text.push_str(&format!("\n\nStatus: {}\n", report.status));
    if !report.missing_scopes.is_empty() {
        text.push_str(&format!(
            "Missing scopes: {}\nAsk the administrator to add them to the client: xwalk account request ACCOUNT prints the message.\n",
            report.missing_scopes.join(" ")
        ));
    }
    if let Some(error) = &report.error {
        text.push_str(&format!("{}\n", error.message));
        if let Some(hint) = &error.hint {
            text.push_str(&format!("  {hint}\n"));
        }
    }
    text
}

pub(super) async fn run(context: &Context, command: AccountCommand) -> Result<ExitCode, Fault> {
    let output = context.output;
    match command {
        AccountCommand::Add(args) => {
            let input = new_account(*args)?;
            let account = context.console()?.add_account(input).await?;
            output.result(&account, |account| {
                let next = if account.status == "awaiting_credentials" {
                    "account request"
                } else {
                    "account test"
                };
                format!("{}\nNext: xwalk {next} {}\n", show(account), account.id)
            })?;
        }
        AccountCommand::Update {
            id,
            connection: args,
            approve_connector,
        } => {
            let input = connection(args, None)?;
            let account = context
                .console()?
                .update_account(&id, input, approve_connector)
                .await?;
            output.result(&account, show)?;
        }
        AccountCommand::List => {
            let accounts = context.console()?.accounts().await?;
            output.result(&accounts, |accounts| {
                if accounts.is_empty() {
                    return "No accounts yet. Add one: xwalk account add ID --tenant T --connector C …".into();
                }
                let rows = accounts.iter().map(|account| {
                    vec![
                        account.id.clone(),
                        account.tenant.clone(),
                        account.connector.clone(),
                        account.kind.clone(),
                        or_dash(account.environment.as_deref()),
                        account.status.clone(),
                    ]
                });
                table(&["id", "tenant", "connector", "kind", "environment", "status"], rows)
            })?;
        }
        AccountCommand::Show { id } => {
            let account = context.console()?.account(&id).await?;
            output.result(&account, show)?;
        }
        AccountCommand::Request { id } => {
            let text = context.console()?.admin_request(&id).await?;
            output.result(&serde_json::json!({ "text": text }), |_| text.clone())?;
        }
        AccountCommand::Test { id } => {
            let console = context.console()?;
            let tested = console.test_account(&id, &context.interrupted).await?;
            output.result(&tested.report, report)?;
            return Ok(tested
                .failure
                .map_or(ExitCode::SUCCESS, |class| ExitCode::from(exit_code(class))));
        }
        AccountCommand::Renew { id } => {
            let account = context
                .console()?
                .renew_token(&id, &context.interrupted)
                .await?;
            output.result(&account, show)?;
        }
        AccountCommand::Remove { id, yes } => {
            let console = context.console()?;
            confirm(
                yes,
                &id,
                &format!("This removes account {id}, its records and its secrets."),
            )?;
            let account = console.remove_account(&id).await?;
            output.result(&account, |account| {
                format!("Removed account {}.", account.id)
            })?;
        }
        AccountCommand::Retention(args) => return super::retention::run(context, args).await,
        AccountCommand::Connect(args) => return account_credentials::connect(context, args).await,
        AccountCommand::Rotate(args) => return account_credentials::rotate(context, args).await,
        AccountCommand::Revoke(args) => return account_credentials::revoke(context, args).await,
        AccountCommand::RotateKey { id } => {
            return account_credentials::rotate_key(context, &id).await;
        }
        AccountCommand::History { id, limit } => {
            return account_credentials::history(context, &id, limit).await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_asked_for_without_a_client() {
        for (has_client_id, grant, asked) in [
            (false, None, ""),
            (true, None, "Client secret"),
            (false, Some(GrantArg::ApiKey), "API key"),
            (true, Some(GrantArg::ApiKey), "API key"),
            (false, Some(GrantArg::ClientCredentials), ""),
            (true, Some(GrantArg::Basic), "Client secret"),
        ] {
            let prompt = prompt(has_client_id, grant).unwrap_or_default();
            assert_eq!(prompt.split(" (").next(), Some(asked), "{grant:?}");
        }
    }
}
