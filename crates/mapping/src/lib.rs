//! Raw to unified: the JSONata engine and its worker process, models, override levels, lineage, checks.
//!
//! Nothing in here stores, fetches or knows an account: records, mappings and tables come in, results go out.
//! Nothing in here names a provider.

mod allocator;
mod batch;
mod check;
mod chunk;
mod comparison;
mod confine;
mod conform;
mod corrected;
mod coverage;
mod deadline;
mod decimal;
mod effective;
mod engine;
mod evaluation;
mod fix;
mod frame;
mod function_list;
mod functions;
mod jsonata;
mod last_words;
mod level;
mod limits;
mod lineage;
mod pool;
mod precedence;
mod process;
mod protocol;
mod raw;
mod result;
mod scalar;
mod shape;
mod status;
mod strikes;
mod syntax;
mod tables;
mod tree;
mod unread;
mod wanted;
pub mod worker;

pub use allocator::{CountingAllocator, EXIT_MEMORY};
pub use batch::{answer_line, jsonata_batch_line};
pub use check::{Finding, Severity, check_mapping, line_column};
pub use comparison::{Compared, ComparedField, Comparison, same_value};
pub use coverage::{Counts, Coverage};
pub use crosswalk_connector::Selection;
pub use decimal::{Decimal, Rounding};
pub use effective::{CUSTOM_FIELDS, EffectiveField, EffectiveMapping};
pub use engine::{Engine, ExpressionError, Value};
pub use fix::{Fix, fix_of};
pub use function_list::{FUNCTIONS, Function};
pub use functions::ADDED as ADDED_FUNCTIONS;
pub use jsonata::{Compiled, Jsonata};
pub use level::{Level, Override, Overrides};
pub use limits::{MEMORY_PER_LINE, MEMORY_PER_WORKER, TIME_BEFORE_KILL, TIME_PER_RECORD};
pub use lineage::{Lineage, spelled};
pub use pool::Pool;
pub use process::{PoolError, WorkerCommand};
pub use raw::{MAX_DEPTH, RecordError};
pub use result::{FieldReport, FieldResult, RawRecord, RecordFault, RecordResult};
pub use shape::{Member, Shape, ShapeError};
pub use status::Status;
pub use tables::{Misses, Tables, merge_tables};
pub use unread::{RawLeaves, SeenLeaf, UnreadLeaf};
