//! `xwalk account …`.

use clap::{Args, Subcommand, ValueEnum};

use crate::commands::account_credentials::{ConnectArgs, RevokeArgs, RotateArgs};
use crate::commands::retention::RetentionArgs;

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindArg {
    Sandbox,
    Production,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum GrantArg {
    ClientCredentials,
    AuthorizationCode,
    DeviceCode,
    ApiKey,
    Basic,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PurposeArg {
    Read,
    Write,
}

/// What connects an account; shared by `account add` and `account update`.
#[derive(Debug, Args)]
pub(crate) struct ConnectionArgs {
    /// A connection setting of the connector, such as instance_url=https://acme.example.com
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// The OAuth client's id
    #[arg(long, value_name = "X")]
    pub(crate) client_id: Option<String>,
    /// Read the secret from stdin (without it, a terminal asks; it is never an argument)
    #[arg(long)]
    pub(crate) client_secret_stdin: bool,
    /// Scopes to ask for, in any separator [default: the connector's read-only set]
    #[arg(long, value_name = "\"a b\"")]
    pub(crate) scope: Option<String>,
    /// Allow a host the connector does not declare; you confirm that the secret may go there
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AccountAddArgs {
    /// Lower-case letters, digits and dashes
    pub(crate) id: String,
    /// The tenant it belongs to
    #[arg(long, value_name = "T")]
    pub(crate) tenant: String,
    /// The provider it connects to, as `xwalk connector list` names it
    #[arg(long, value_name = "C")]
    pub(crate) connector: String,
    /// Unknown counts as production: guards and the rate share hang on it
    #[arg(long, value_enum, default_value = "production")]
    pub(crate) kind: KindArg,
    /// The named set of accounts it shares overrides with
    #[arg(long, value_name = "E")]
    pub(crate) environment: Option<String>,
    /// How it signs in [default: the connector's first]
    #[arg(long, value_enum)]
    pub(crate) grant: Option<GrantArg>,
    /// What its credentials may do; write is for marking records as exported
    #[arg(long, value_enum, default_value = "read")]
    pub(crate) purpose: PurposeArg,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AccountCommand {
    /// Add a tenant's connection
    Add(Box<AccountAddArgs>),
    /// Change an account's settings, scopes or credentials
    Update {
        id: String,
        #[command(flatten)]
        connection: ConnectionArgs,
        /// Approve the connector's changed addresses or sign-in, so that secrets may go there
        #[arg(long)]
        approve_connector: bool,
    },
    /// All accounts
    List,
    /// One account, without secrets
    Show { id: String },
    /// The text to send to the customer's administrator
    Request { id: String },
    /// Try the connection: reachability, token, one read per resource
    Test { id: String },
    /// Fetch a new access token now
    Renew { id: String },
    /// How long its records are kept, and changing that
    Retention(RetentionArgs),
    /// Remove an account, its records and its secrets
    Remove {
        id: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Sign in as a person, in the browser or on another device, then test the connection
    #[command(alias = "authorize")]
    Connect(ConnectArgs),
    /// Put a new secret in the old one's place, once the provider has taken it
    Rotate(RotateArgs),
    /// Seal what comes from now on under a new key; what the old one sealed is sealed anew in the background
    RotateKey { id: String },
    /// What happened to it and its credentials, newest first
    History {
        id: String,
        /// At most this many
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
    /// End its tokens at the provider, and destroy its keys, secrets and records here
    Revoke(RevokeArgs),
}
