//! `xwalk table`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::map::{LevelArg, ScopeArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum TableCommand {
    /// All tables, or those of one level
    List {
        #[arg(long, value_enum, requires = "scope")]
        level: Option<LevelArg>,
        /// The environment's or account's id
        #[arg(long, value_name = "ID", requires = "level")]
        scope: Option<String>,
    },
    /// Entries from CSV: a new version
    Import {
        name: String,
        /// Two columns, key and value; `-` reads stdin
        file: PathBuf,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Take away what the file does not have
        #[arg(long)]
        replace: bool,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
    },
    /// A table as CSV; cells that a spreadsheet would run begin with an apostrophe
    Export {
        name: String,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Write to this file instead of stdout
        #[arg(short, long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Set one entry: a new version
    Set {
        name: String,
        key: String,
        value: String,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
    },
    /// Take one entry away, so that the levels below hold: a new version
    Unset {
        name: String,
        key: String,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
    },
    /// Keys that stored records meet and no table has, with how many records meet them; masked ones as dots
    Unmapped {
        account: String,
        /// Only this table
        name: Option<String>,
    },
    /// Entries from stored records, such as lookup values; those there are stay
    Seed(SeedArgs),
    /// What a file would change over all stored records of an account; saves nothing
    Preview {
        account: String,
        name: String,
        file: PathBuf,
        #[arg(long, value_enum, default_value = "account")]
        level: LevelArg,
        /// Take away what the file does not have
        #[arg(long)]
        replace: bool,
    },
    /// Every version of a table, the newest first
    History {
        name: String,
        #[command(flatten)]
        holder: ScopeArgs,
    },
    /// Bring a version back: a new version that says the same
    Restore {
        name: String,
        /// The version, as `table history` counts it
        version: u64,
        #[command(flatten)]
        holder: ScopeArgs,
        /// Why, kept with the version
        #[arg(long, value_name = "N")]
        note: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SeedArgs {
    pub(crate) account: String,
    pub(crate) name: String,
    /// The resource whose stored records hold the entries
    pub(crate) resource: String,
    /// The raw path of the key
    #[arg(long, value_name = "PATH")]
    pub(crate) key: String,
    /// The raw path of the value, which stands beside the key [default: the key's own]
    #[arg(long, value_name = "PATH")]
    pub(crate) value: Option<String>,
    /// Only keys that stored records meet and no table has
    #[arg(long)]
    pub(crate) unmapped: bool,
    /// Only say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Why, kept with the version
    #[arg(long, value_name = "N")]
    pub(crate) note: Option<String>,
}
