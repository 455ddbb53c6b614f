//! What may be typed: every command, argument and option of `xwalk`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod account;
mod map;
mod table;

pub(crate) use account::{
    AccountAddArgs, AccountCommand, ConnectionArgs, GrantArg, KindArg, PurposeArg,
};
pub(crate) use map::{ChoiceArgs, CompareArgs, FieldArgs, MapCommand, PinCommand, ScopeArgs};
pub(crate) use table::TableCommand;

use crate::commands::alerts::AlertsArgs;
use crate::commands::audit::{ExportArgs, VerifyArgs};
use crate::commands::daemon::{DaemonArgs, ScheduleCommand};

/// The console without a window: customer tenants, their connections, test syncs, mappings.
#[derive(Debug, Parser)]
#[command(
    name = "xwalk",
    version,
    about,
    disable_help_subcommand = true,
    after_help = "Start with `xwalk demo`: it needs no account and ends in under 30 seconds.\n\
                  Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 refused by the provider,\n\
                  4 workspace or vault cannot be opened, 130 interrupted (the checkpoint is kept)."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// The workspace folder; created on first use [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = "XWALK_WORKSPACE")]
    pub(crate) workspace: Option<PathBuf>,
    /// Where secrets are kept; a workspace remembers which it uses [default: keyring]
    #[arg(long, global = true, value_enum, env = "XWALK_VAULT")]
    pub(crate) vault: Option<VaultArg>,
    /// Read the vault's passphrase from this open file descriptor
    #[arg(long, global = true, value_name = "N")]
    pub(crate) passphrase_fd: Option<i32>,
    /// Print one JSON document on stdout (JSON Lines where a command says so)
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say more on stderr (-v info, -vv debug)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum VaultArg {
    /// The operating system's keyring
    Keyring,
    /// A file sealed under a passphrase, for servers and CI
    Passphrase,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Customer tenants
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Tenants' connections to their systems
    #[command(subcommand)]
    Account(AccountCommand),
    /// Bring one resource's records into the workspace
    Sync(SyncArgs),
    /// The runs of an account, newest first
    Runs {
        account: String,
        /// Only this resource's runs
        resource: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// One run, its errors grouped by cause
    Run {
        /// The run's id, as `xwalk runs` lists it
        id: String,
    },
    /// Stored records as JSON Lines, by native id
    Records(RecordsArgs),
    /// Read a path of the account's instance, through its credentials and rate budget
    Get(GetArgs),
    /// What changed in the shape of an account's records with the last run: paths, types, enum values
    Drift {
        account: String,
        /// Only this resource, and all its paths
        resource: Option<String>,
    },
    /// Ask the provider for unified records that match, as JSON Lines
    Query(QueryArgs),
    /// Mappings: raw fields to unified ones
    #[command(subcommand)]
    Map(MapCommand),
    /// Key-to-value tables that mappings use
    #[command(subcommand)]
    Table(TableCommand),
    /// Two accounts side by side
    Compare(CompareArgs),
    /// What is due, active or to come
    Alerts(AlertsArgs),
    /// Renew tokens, run scheduled syncs, keep house: what the window does, without a window
    Daemon(DaemonArgs),
    /// When resources are synced by themselves
    #[command(subcommand)]
    Schedule(ScheduleCommand),
    /// Every call and every change of configuration
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Whose credentials this machine holds, without secrets, for the day it is gone
    #[command(subcommand)]
    Custody(CustodyCommand),
    /// The providers this console knows
    #[command(subcommand)]
    Connector(ConnectorCommand),
    /// Evaluate a JSONata expression on the JSON read from stdin
    Jsonata(JsonataArgs),
    /// Serve a stand-in instance until interrupted
    Sandbox(SandboxArgs),
    /// See the main job done end to end on a stand-in instance and a throw-away workspace
    Demo(DemoArgs),
    /// Copies of the workspace
    #[command(subcommand)]
    Backup(BackupCommand),
    /// What works here: workspace, keyring, vault, mapping worker, connectors, notifications, network settings
    Doctor,
    /// Settings of this workspace, such as proxy, idle_lock_minutes and mask_exports
    #[command(subcommand)]
    Setting(SettingCommand),
    /// Print a shell's completion script
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, with every command on it
    Man {
        /// Write a page for each command into this folder instead
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum TenantCommand {
    /// Add a customer
    Add {
        /// Lower-case letters, digits and dashes
        id: String,
        /// The name people know [default: the id]
        #[arg(long)]
        name: Option<String>,
        /// Where the customer's data must stay, a label shown wherever data leaves this machine
        #[arg(long)]
        region: Option<String>,
    },
    /// All customers
    List,
    /// Remove a customer that has no accounts (any more)
    Remove { id: String },
    /// A page of HTML that answers an InfoSec questionnaire from what the workspace knows
    SecurityReport {
        id: String,
        /// Write it to this file instead of stdout
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CustodyCommand {
    /// Every tenant, instance, client id, scope and contact; keep it away from this machine
    Export {
        /// Write it to this file instead of stdout
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ModeArg {
    /// A few pages of whole objects; never writes
    Test,
    /// Every record, at the rate budget
    Full,
    /// What changed since the last completed run
    Incremental,
    /// What the provider's queue holds as not yet exported
    Unexported,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FieldsArg {
    /// What the effective mapping reads, ids, watermark and custom fields
    Mapped,
    /// Whole objects
    All,
}

#[derive(Debug, Args)]
pub(crate) struct SyncArgs {
    pub(crate) account: String,
    /// The connector's key, such as purchase_orders
    pub(crate) resource: String,
    /// Which records to read
    #[arg(long, value_enum, default_value = "test")]
    pub(crate) mode: ModeArg,
    /// In a test, at most this many pages [default: 4]
    #[arg(long, value_name = "N")]
    pub(crate) pages: Option<u32>,
    /// Share of the provider's rate limit to use, in percent [default: 80 sandbox, 25 production]
    #[arg(long, value_name = "PCT", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) budget: Option<u8>,
    /// What to ask for; a test always takes whole objects [default: mapped]
    #[arg(long, value_enum)]
    pub(crate) fields: Option<FieldsArg>,
    /// Begin anew instead of resuming a paused run
    #[arg(long)]
    pub(crate) restart: bool,
    /// After storing, mark records exported at the provider (asks for the tenant's id)
    #[arg(long)]
    pub(crate) mark_exported: bool,
    /// The tenant's id, typed to confirm --mark-exported where nobody can be asked
    #[arg(long, value_name = "TENANT", requires = "mark_exported")]
    pub(crate) confirm: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FormatArg {
    /// As received
    Raw,
    /// The model's object
    Unified,
    /// Both, and for each field its status, level, expression and the raw paths it read
    Both,
}

#[derive(Debug, Args)]
pub(crate) struct RecordsArgs {
    pub(crate) account: String,
    /// The connector's key, such as purchase_orders
    pub(crate) resource: String,
    /// How each record is printed
    #[arg(long, value_enum, default_value = "raw")]
    pub(crate) format: FormatArg,
    /// Only this record
    #[arg(long, value_name = "NATIVE_ID")]
    pub(crate) id: Option<String>,
    /// At most this many records
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<u64>,
    #[command(flatten)]
    pub(crate) sensitive: SensitiveArgs,
}

/// What becomes of sensitive values in records that are printed; as the setting mask_exports says where neither is given.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct SensitiveArgs {
    /// Replace values the connector says are sensitive, and what is computed from them
    #[arg(long)]
    pub(crate) masked: bool,
    /// Show them, where the setting mask_exports hides them; the audit notes it
    #[arg(long, conflicts_with = "masked")]
    pub(crate) reveal: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GetArgs {
    pub(crate) account: String,
    /// A path below the account's base URL, such as /api/invoices
    pub(crate) path: String,
    /// A query parameter, not encoded; may be given several times
    #[arg(long, value_name = "K=V")]
    pub(crate) query: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    pub(crate) account: String,
    /// The unified model, such as procurement/invoice
    pub(crate) model: String,
    /// A filter of the model: updated_after=2026-01-31, status=approved, vendor=ID
    #[arg(long = "filter", value_name = "K=V")]
    pub(crate) filters: Vec<String>,
    /// Which of the model's resources, where it has several
    #[arg(long, value_name = "R")]
    pub(crate) resource: Option<String>,
    /// At most this many records
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    #[command(flatten)]
    pub(crate) sensitive: SensitiveArgs,
    /// Only list the filters there are
    #[arg(long, conflicts_with_all = ["filters", "masked", "reveal"])]
    pub(crate) list: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// The newest rows
    List {
        /// Only this account's rows
        #[arg(long, value_name = "A")]
        account: Option<String>,
        /// Only this tenant's rows
        #[arg(long, value_name = "T")]
        tenant: Option<String>,
        /// At most this many
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Check every row, the anchor, and an earlier export
    Verify(VerifyArgs),
    /// Rows as JSON Lines or CSV, oldest first
    Export(ExportArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectorCommand {
    /// All connectors
    List,
    /// One connector: settings, scopes, resources, models
    Show { name: String },
    /// Let a workspace connector take the place of the built-in one of its name, as it is now
    Approve { name: String },
    /// Check a connector folder or file; errors carry file, line and column
    Check { path: PathBuf },
    /// Print the format's JSON Schema
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct JsonataArgs {
    /// The expression
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    pub(crate) expr: Option<String>,
    /// Each stdin line is {"expr","data","bindings"} and gives a line
    #[arg(long)]
    pub(crate) batch: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProfileArg {
    /// Answers at once, never fails
    Smooth,
    /// Latency 150 to 600 ms, some 429s
    Busy,
    /// Server errors, resets, truncated bodies, records changing mid-run
    Hostile,
}

#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// Port on 127.0.0.1; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// How it behaves
    #[arg(long, value_enum, default_value = "smooth")]
    pub(crate) profile: ProfileArg,
    /// The same seed gives the same records
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many invoices it holds
    #[arg(long)]
    pub(crate) invoices: Option<u64>,
    /// How many purchase orders it holds
    #[arg(long)]
    pub(crate) purchase_orders: Option<u64>,
    /// How many suppliers it holds
    #[arg(long)]
    pub(crate) suppliers: Option<u64>,
    /// Answer each request after this many milliseconds
    #[arg(long, value_name = "MS")]
    pub(crate) latency: Option<u64>,
    /// No rate limit
    #[arg(long)]
    pub(crate) no_limit: bool,
    /// Refuse a token until it is this many seconds old [default: 5]
    #[arg(long, value_name = "S")]
    pub(crate) settle: Option<u64>,
    /// Grant only these scopes [default: what its resources need, and offline_access]
    #[arg(long, value_name = "\"a b\"")]
    pub(crate) scope: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// Keep the demo's workspace in this folder instead of throwing it away
    #[arg(long, value_name = "DIR")]
    pub(crate) keep: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// A verified copy of the workspace now
    Create,
    /// All copies
    List,
    /// Put a copy in the workspace's place; the present one is backed up first
    Restore {
        name: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SettingCommand {
    /// All settings and their values
    List,
    /// Set one; `xwalk setting list` says which there are and what each takes
    Set { key: String, value: String },
    /// Back to the default
    Unset { key: String },
}
