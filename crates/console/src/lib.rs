//! The use cases: one function for each thing a user can do, and what they answer with. The only crate a face may call.
//!
//! What lives here: checking what was typed, opening vaults, bringing the client, the sync engine, the mapping workers
//! and the workspace together. What must not live here: how something is shown, SQL, HTTP, a provider's name.

mod accounts;
mod alerts;
mod audit;
mod authorize;
mod background;
mod backups;
mod calls;
mod columns;
mod compare;
mod connect;
mod connectors;
mod console;
mod credentials;
mod custody;
mod daemon;
mod demo;
mod diagnostics;
mod doctor;
mod drift;
mod fault;
mod incidents;
mod mapping;
mod options;
mod overrides;
mod overview;
mod presence;
mod projection;
mod pulse;
mod query;
mod raw;
mod records;
mod retention;
mod reveal;
mod sandboxes;
mod schedule;
mod security_report;
mod settings;
mod sync;
mod tables;
mod tenants;
#[cfg(feature = "test-clock")]
mod test_clock;
mod text;
mod views;

pub use accounts::form::{AccountInput, NewAccountInput};
pub use accounts::side_by_side::{
    AccountComparison, CoverageRow, CustomFieldRow, EntryRow, FieldRow, Filled, ScopeRow,
    TableRowPair,
};
pub use accounts::{ConnectionInput, NewAccount};
pub use alerts::{AlertView, ClockReading, Jump, Notice, NoticeAction, jump};
pub use audit::check::{AuditHead, AuditVerdict};
pub use audit::{AuditFilter, AuditFormat};
pub use authorize::{DeviceView, SignInView};
pub use backups::{RestoredBackup, restore_backup};
pub use connect::Tested;
pub use connect::steps::StepListener;
pub use connectors::{
    ConnectorCheck, ConnectorDetail, ExpressionProblem, check_connector, connector_schema,
};
pub use console::Console;
pub use credentials::{ConnectorChange, CredentialEvent, CredentialView, Forgotten, ScopeView};
pub use crosswalk_mapping::{CountingAllocator, WorkerCommand, worker};
pub use crosswalk_sync::counted;
pub use crosswalk_vault::{ProcessGuard, Secret, VaultKind};
pub use crosswalk_workspace::Clock;
pub use custody::{CustodyAccount, CustodyList, CustodyTenant};
pub use daemon::Runner;
pub use demo::{Demo, DemoOptions, DemoOverride, DemoRecord, DemoStep, demo};
pub use doctor::{NOTIFICATIONS_STEP, doctor};
pub use fault::sides::{FaultSide, fault_sides};
pub use fault::{Fault, FaultClass};
pub use incidents::{IncidentStep, IncidentView};
pub use mapping::bundle::ImportInput;
pub use mapping::hints::{Completions, EnumHint, FunctionHint, Lint, LintFix, PathHint};
pub use mapping::jsonata::{Batch, Evaluation, evaluate_jsonata, evaluate_jsonata_batch};
pub use mapping::preview::PreviewInput;
pub use mapping::studio::DraftInput;
pub use mapping::unread::{UnreadFields, UnreadRow};
pub use mapping::views::*;
pub use options::{Options, PassphraseSource};
pub use overrides::copy::{CopyInput, Destination};
pub use overrides::{OverrideChange, OverrideInput, OverrideTarget};
pub use pulse::{AccountNews, News, Pulse};
pub use query::filter_trial::FilterDraft;
pub use query::unified::UnifiedQuery;
pub use records::{RecordFormat, RecordQuery, RecordStream, Sensitive};
pub use retention::RetentionView;
pub use sandboxes::{SandboxInput, StandIn, start_sandbox};
pub use schedule::{ScheduleInput, ScheduleView};
pub use settings::close_choice::CloseChoice;
pub use sync::live::{ProgressListener, RunListener};
pub use sync::{SyncInput, Synced};
pub use tables::csv::read as read_table;
pub use tables::rows::{EffectiveRow, EffectiveRows, TablePreviewInput, TableRow, TableRows};
pub use tables::seed::{SeedInput, SeededTable};
pub use tables::unmapped::UnmappedKey;
pub use tables::{TableChange, TableEdit, TableInput, TableVersion, TableView};
#[cfg(feature = "test-clock")]
pub use test_clock::clock_of_environment;
pub use text::export_file::{ExportedFile, ExportedText, private_file};
pub use text::moment::{Edge, moment, moment_ago};
pub use views::*;
