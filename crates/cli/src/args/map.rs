//! `xwalk map` and `xwalk compare`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LevelArg {
    /// All accounts of an environment
    Environment,
    /// One account
    Account,
}

impl LevelArg {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Account => "account",
        }
    }
}

/// Whose overrides or tables.
#[derive(Debug, Args)]
pub(crate) struct ScopeArgs {
    #[arg(long, value_enum)]
    pub(crate) level: LevelArg,
    /// The environment's or account's id
    #[arg(long, value_name = "ID")]
    pub(crate) scope: String,
}

/// Which override.
#[derive(Debug, Args)]
pub(crate) struct FieldArgs {
    /// The unified model, such as procurement/invoice
    pub(crate) model: String,
    /// A field of the model, or custom_fields.NAME
    pub(crate) field: String,
    #[command(flatten)]
    pub(crate) holder: ScopeArgs,
    /// Only where the model comes from this resource [default: every resource of the model]
    #[arg(long, value_name = "R")]
    pub(crate) resource: Option<String>,
    /// FIELD is a filter: what it asks the provider for
    #[arg(long)]
    pub(crate) request: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum MapCommand {
    /// The effective mapping: per field its expression and the level that won
    Show {
        account: String,
        model: String,
        /// Which of the model's resources, where it has several
        #[arg(long, value_name = "R")]
        resource: Option<String>,
        /// The filters instead, and what each asks the provider for
        #[arg(long)]
        request: bool,
    },
    /// Compile, types, enums, required fields, pins, unread custom fields, coverage over stored records
    Check {
        account: String,
        model: Option<String>,
    },
    /// Override a field: a new version
    Set {
        model: String,
        /// A field of the model, or custom_fields.NAME
        field: String,
        /// A JSONata expression; `-` reads it from stdin, `null` takes the field away
        #[arg(allow_hyphen_values = true)]
        expr: String,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Only where the model comes from this resource [default: every resource of the model]
        #[arg(long, value_name = "R")]
        resource: Option<String>,
        /// Add the field to the model: decimal, string, date… or JSON such as {"list":"string"}
        #[arg(long = "type", value_name = "TYPE")]
        field_type: Option<String>,
        /// FIELD is a filter such as updated_after: what it asks the provider for,
        /// { "updated-at": { "gt": updated_after } }
        #[arg(long)]
        request: bool,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
        /// Although a required field fails with it
        #[arg(long)]
        force: bool,
    },
    /// Take an override back, so that the levels below hold: a new version
    Unset {
        #[command(flatten)]
        which: FieldArgs,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
        /// Although a required field fails then
        #[arg(long)]
        force: bool,
    },
    /// Every version of an override, the newest first
    History {
        #[command(flatten)]
        which: FieldArgs,
    },
    /// Bring a version back: a new version that says the same
    Restore {
        #[command(flatten)]
        which: FieldArgs,
        /// The version, as `map history` counts it [default: the one before the latest]
        version: Option<u64>,
        /// The same as an option
        #[arg(long = "version", value_name = "N", conflicts_with = "version")]
        to: Option<u64>,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
        /// Although a required field fails then
        #[arg(long)]
        force: bool,
    },
    /// What a draft would change over all stored records; saves nothing
    Preview {
        account: String,
        model: String,
        field: String,
        /// A JSONata expression; `-` reads it from stdin, `null` takes the field away
        #[arg(allow_hyphen_values = true)]
        expr: String,
        /// Where it would be saved
        #[arg(long, value_enum, default_value = "account")]
        level: LevelArg,
        /// Only records of this resource [default: every resource of the model]
        #[arg(long, value_name = "R")]
        resource: Option<String>,
        /// The field's type, where it is to be added to the model
        #[arg(long = "type", value_name = "TYPE")]
        field_type: Option<String>,
        /// Try it on this file's raw records instead of the stored ones: one, a list, or JSON Lines; `-` reads stdin
        #[arg(long, value_name = "FILE")]
        sample: Option<PathBuf>,
        /// At most this many examples
        #[arg(long, value_name = "N", default_value_t = 20)]
        examples: usize,
    },
    /// Results that later mappings are held against
    #[command(subcommand)]
    Pin(PinCommand),
    /// Overrides as YAML, or the effective mapping as one JSONata document
    Export {
        /// The account (short for --level account --scope ACCOUNT)
        #[arg(required_unless_present = "scope", conflicts_with = "scope")]
        account: Option<String>,
        #[arg(long, value_enum, default_value = "account")]
        level: LevelArg,
        /// The environment's or account's id
        #[arg(long, value_name = "ID")]
        scope: Option<String>,
        /// The account's effective mapping as one JSONata document per model
        #[arg(long)]
        jsonata: bool,
        /// Only this model
        #[arg(long, value_name = "MODEL")]
        model: Option<String>,
        /// Only the document of this resource
        #[arg(long, value_name = "R", requires = "jsonata")]
        resource: Option<String>,
        /// Write to this file instead of stdout
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Overrides from YAML
    Import {
        /// A bundle that `map export` wrote; `-` reads stdin
        file: PathBuf,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Only say what would change, for which accounts and records
        #[arg(long)]
        dry_run: bool,
        /// Bring in what fits although something does not
        #[arg(long)]
        partial: bool,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
        /// Do not ask, although records newly fail or pins no longer hold
        #[arg(long)]
        yes: bool,
    },
    /// An account's overrides into other accounts
    Copy {
        account: String,
        /// The accounts they go to
        #[arg(long, value_name = "ACCOUNT", required = true, value_delimiter = ',')]
        to: Vec<String>,
        #[command(flatten)]
        choice: ChoiceArgs,
    },
    /// An account's overrides up to its environment, or over to its twin
    Promote {
        account: String,
        /// To the same tenant's account of the other kind
        #[arg(long)]
        twin: bool,
        #[command(flatten)]
        choice: ChoiceArgs,
    },
}

/// What is copied or promoted.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArgs {
    /// Only this model's overrides
    #[arg(long, value_name = "MODEL")]
    pub(crate) model: Option<String>,
    /// Only this field's
    #[arg(long, value_name = "FIELD")]
    pub(crate) field: Option<String>,
    /// Tables too
    #[arg(long)]
    pub(crate) tables: bool,
    /// Only say what would change, for which accounts and records
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why, kept with the version
    #[arg(long, value_name = "N")]
    pub(crate) note: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PinCommand {
    /// Pin what the mapping makes of a stored record now
    Add {
        account: String,
        model: String,
        /// The record's native id
        id: String,
        /// Which of the model's resources, where it has several
        #[arg(long, value_name = "R")]
        resource: Option<String>,
        /// Why, kept with the pin
        #[arg(long, value_name = "N")]
        note: Option<String>,
    },
    /// Take a pin away
    Remove {
        account: String,
        model: String,
        id: String,
        /// Which of the model's resources, where it has several
        #[arg(long, value_name = "R")]
        resource: Option<String>,
    },
    /// All pins
    List {
        account: String,
        model: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CompareArgs {
    pub(crate) a: String,
    pub(crate) b: String,
}
