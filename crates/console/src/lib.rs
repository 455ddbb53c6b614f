//! The use cases: one function for each thing a user can do, and what they answer with. The only crate a face may call.
//!
//! What lives here: checking what was typed, opening vaults, bringing the client, the sync engine, the mapping workers
//! and the workspace together. What must not live here: how something is shown, SQL, HTTP, a provider's name.

mod account_client;
mod account_form;
mod accounts;
mod admin_letter;
mod alerts;
mod audit;
mod audit_anchor;
mod audit_check;
mod authorize;
mod background;
mod backups;
mod bundle;
mod call_answer;
mod calls;
mod check_mapping;
mod checklist;
mod close_choice;
mod columns;
mod compare;
mod compare_accounts;
mod connect;
mod connect_probe;
mod connect_steps;
mod connection;
mod connector_form;
mod connectors;
mod console;
mod coverage;
mod credentials;
mod csv_text;
mod daemon;
mod demo;
mod demo_sandbox;
mod diagnostics;
mod doctor;
mod drift;
mod fault;
mod fault_sources;
mod jsonata;
mod live_sync;
mod mapping_document;
mod mapping_hints;
mod mapping_impact;
mod mapping_levels;
mod mapping_preview;
mod mapping_records;
mod mapping_studio;
mod mapping_unread;
mod mapping_version;
mod mapping_views;
mod mappings;
mod moment;
mod native_condition;
mod open_record;
mod options;
mod outcomes;
mod overrides;
mod overrides_apply;
mod overrides_copy;
mod overrides_decide;
mod overrides_filter;
mod overview;
mod passthrough;
mod pins;
mod projection;
mod provider_query;
mod pulse;
mod query_mapping;
mod raw_marks;
mod raw_path;
mod raw_record;
mod raw_rows;
mod raw_tree;
mod records;
mod resources;
mod retention;
mod runs;
mod samples;
mod sandboxes;
mod schedule;
mod scope_advice;
mod search;
mod settings;
mod settings_form;
mod shell_words;
mod sync;
mod tables;
mod tables_cache;
mod tables_change;
mod tables_csv;
mod tables_use;
mod tenant_detail;
mod tenant_report;
mod tenants;
#[cfg(feature = "test-clock")]
mod test_clock;
mod token_store;
mod ui_state;
mod unified_filter;
mod unified_query;
mod views;

pub use account_form::{AccountInput, NewAccountInput};
pub use accounts::{ConnectionInput, NewAccount};
pub use alerts::{AlertView, ClockReading, Jump, Notice, NoticeAction, jump};
pub use audit::AuditFilter;
pub use audit_check::{AuditHead, AuditVerdict};
pub use authorize::{DeviceView, SignInView};
pub use backups::restore_backup;
pub use bundle::ImportInput;
pub use close_choice::CloseChoice;
pub use compare_accounts::{
    AccountComparison, CoverageRow, CustomFieldRow, EntryRow, FieldRow, Filled, ScopeRow,
    TableRowPair,
};
pub use connect::Tested;
pub use connect_steps::StepListener;
pub use connectors::{
    ConnectorCheck, ConnectorDetail, ExpressionProblem, check_connector, connector_schema,
};
pub use console::Console;
pub use credentials::{CredentialEvent, CredentialView, Forgotten, ScopeView};
pub use crosswalk_mapping::{CountingAllocator, WorkerCommand, worker};
pub use crosswalk_vault::{ProcessGuard, Secret, VaultKind};
pub use crosswalk_workspace::Clock;
pub use daemon::Runner;
pub use demo::{Demo, DemoOptions, DemoOverride, DemoRecord, DemoStep, demo};
pub use doctor::doctor;
pub use fault::{Fault, FaultClass};
pub use jsonata::{Batch, Evaluation, evaluate_jsonata, evaluate_jsonata_batch};
pub use live_sync::ProgressListener;
pub use mapping_hints::{Completions, EnumHint, FunctionHint, Lint, LintFix, PathHint};
pub use mapping_preview::PreviewInput;
pub use mapping_studio::DraftInput;
pub use mapping_unread::{UnreadFields, UnreadRow};
pub use mapping_views::*;
pub use moment::moment;
pub use options::{Options, PassphraseSource};
pub use overrides::{OverrideChange, OverrideInput, OverrideTarget};
pub use overrides_copy::{CopyInput, Destination};
pub use pulse::{AccountNews, News, Pulse};
pub use records::{RecordFormat, RecordQuery, RecordStream};
pub use sandboxes::{SandboxInput, StandIn, start_sandbox};
pub use schedule::ScheduleView;
pub use sync::{SyncInput, Synced};
pub use tables::{TableChange, TableEdit, TableInput, TableVersion, TableView};
pub use tables_csv::read as read_table;
pub use tables_use::{
    EffectiveRow, EffectiveRows, SeedInput, TablePreviewInput, TableRow, TableRows, UnmappedKey,
};
#[cfg(feature = "test-clock")]
pub use test_clock::clock_of_environment;
pub use unified_query::UnifiedQuery;
pub use views::*;
