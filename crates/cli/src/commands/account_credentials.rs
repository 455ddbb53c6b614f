//! `xwalk account connect`, `rotate` and `revoke`.

use std::process::ExitCode;

use clap::Args;
use crosswalk_console::{Fault, Tested};

use super::Context;
use super::account::{report, show};
use super::tenant::confirm;
use crate::output::{exit_code, or_dash, table};
use crate::passphrase;

/// What `account connect` takes.
#[derive(Debug, Args)]
pub(crate) struct ConnectArgs {
    id: String,
    /// Sign in with a code on another device
    #[arg(long, conflicts_with = "paste")]
    device: bool,
    /// Paste the address the browser comes back to, instead of listening for it
    #[arg(long)]
    paste: bool,
}

/// What `account rotate` takes.
#[derive(Debug, Args)]
pub(crate) struct RotateArgs {
    id: String,
    /// The new client's id, where it changes too
    #[arg(long, value_name = "X")]
    client_id: Option<String>,
    /// Read the new secret from stdin (without it, a terminal asks; it is never an argument)
    #[arg(long)]
    client_secret_stdin: bool,
}

/// What `account revoke` takes.
#[derive(Debug, Args)]
pub(crate) struct RevokeArgs {
    id: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

fn tested(context: &Context, tested: &Tested) -> Result<ExitCode, Fault> {
    context.output.result(&tested.report, report)?;
    Ok(tested
        .failure
        .map_or(ExitCode::SUCCESS, |class| ExitCode::from(exit_code(class))))
}

pub(super) async fn connect(context: &Context, args: ConnectArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    if args.device {
        let show = |device: &crosswalk_console::DeviceView| {
            eprintln!(
                "Open {} on any device and type {}.",
                device.verification_uri, device.user_code
            );
        };
        let ended = console
            .sign_in_on_device(&args.id, show, &context.interrupted)
            .await?;
        return tested(context, &ended);
    }
    let begun = console.begin_sign_in(&args.id).await?;
    eprintln!(
        "Open this address in your browser and sign in:\n{}",
        begun.url
    );
    if args.paste || !begun.listening {
        let question = "Paste the address the browser came back to: ";
        let pasted = passphrase::line(question).ok_or_else(|| {
            Fault::invalid(
                "nobody_to_ask",
                "This needs an address that is pasted, and nobody can be asked.",
                "Run it on a terminal.",
            )
        })?;
        console.paste_redirect(&args.id, &pasted)?;
    }
    let ended = console
        .await_sign_in(&args.id, &context.interrupted)
        .await?;
    tested(context, &ended)
}

pub(super) async fn rotate(context: &Context, args: RotateArgs) -> Result<ExitCode, Fault> {
    let prompt = Some("New secret: ");
    let secret = passphrase::client_secret(args.client_secret_stdin, prompt)?.ok_or_else(|| {
        Fault::invalid(
            "missing_credential",
            "There is no new secret.",
            "Give it on stdin with --client-secret-stdin.",
        )
    })?;
    let account = context
        .console()?
        .rotate_secret(&args.id, args.client_id, &secret, &context.interrupted)
        .await?;
    context.output.result(&account, show)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn rotate_key(context: &Context, id: &str) -> Result<ExitCode, Fault> {
    let account = context.console()?.rotate_keys(id).await?;
    context.output.result(&account, show)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn history(context: &Context, id: &str, limit: u32) -> Result<ExitCode, Fault> {
    let events = context.console()?.credential_history(id, limit).await?;
    context.output.result(&events, |events| {
        let rows = events.iter().map(|event| {
            vec![
                event.at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
                event.kind.clone(),
                event.actor.clone(),
                or_dash(event.message.as_deref()),
            ]
        });
        table(&["when (UTC)", "what", "who", "more"], rows)
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn revoke(context: &Context, args: RevokeArgs) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    console.account(&args.id).await?;
    confirm(
        args.yes,
        &args.id,
        &format!(
            "This ends the tokens of {} at the provider where it can, and destroys its keys: its secrets and records \
             cannot be read any more, from no backup either.",
            args.id
        ),
    )?;
    let forgotten = console.revoke_and_forget(&args.id).await?;
    if context.output.is_json() {
        let mut account =
            serde_json::to_value(console.account(&args.id).await?).unwrap_or_default();
        account["revoked"] = forgotten.revoked.into();
        account["valid_until"] = serde_json::json!(forgotten.valid_until);
        account["message"] = forgotten.message.into();
        account["admin_message"] = forgotten.admin_message.into();
        context.output.result(&account, |_| String::new())?;
    } else {
        context.output.result(&forgotten, |forgotten| {
            format!(
                "{}\n\nFor the administrator:\n\n{}",
                forgotten.message, forgotten.admin_message
            )
        })?;
    }
    Ok(ExitCode::SUCCESS)
}
