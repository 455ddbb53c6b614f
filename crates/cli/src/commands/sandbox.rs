//! `xwalk sandbox`.

use std::process::ExitCode;

use crosswalk_console::{Fault, SandboxInput, start_sandbox};
use serde_json::json;

use super::Context;
use crate::args::{ProfileArg, SandboxArgs};
use crate::output::write_out;

/// Serves until interrupted. The first line says where it is and what lets a client in.
pub(super) async fn run(context: &Context, args: SandboxArgs) -> Result<ExitCode, Fault> {
    let sandbox = start_sandbox(SandboxInput {
        port: args.port,
        profile: match args.profile {
            ProfileArg::Smooth => "smooth",
            ProfileArg::Busy => "busy",
            ProfileArg::Hostile => "hostile",
        },
        seed: args.seed,
        counts: [
            ("invoices", args.invoices),
            ("purchase_orders", args.purchase_orders),
            ("suppliers", args.suppliers),
        ]
        .into_iter()
        .filter_map(|(name, count)| Some((name, count?)))
        .collect(),
        latency_millis: args.latency,
        no_limit: args.no_limit,
        settle_seconds: args.settle,
        scopes: args.scope,
    })
    .await?;
    let first = json!({
        "url": sandbox.url(),
        "client_id": sandbox.client_id(),
        "client_secret": sandbox.client_secret().expose(),
        "scopes": sandbox.scopes(),
    });
    write_out(format!("{first}\n").as_bytes())?;
    context.output.note("Serving until interrupted (Ctrl-C).");
    context.interrupted.cancelled().await;
    Ok(ExitCode::SUCCESS)
}
