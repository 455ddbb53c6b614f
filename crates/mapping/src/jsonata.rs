use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::time::Duration;

use jsonata_core::Expression;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;

use crate::corrected::{self, CORRECTED};
use crate::deadline::Deadline;
use crate::engine::{Engine, ExpressionError, Value};
use crate::functions::{self, Host};
use crate::lineage::Lineage;
use crate::raw::{self, RecordError};
use crate::syntax;
use crate::tables::{Misses, Tables};
use crate::wanted::Wanted;

/// Compiled expressions kept per engine. A mapping has 30 to 60; a preview session types a few hundred.
const CACHE_ENTRIES: usize = 4096;

/// The longest sequence an expression may build, as in the reference: its range operator refuses more than ten
/// million items (D2014).
const LONGEST_SEQUENCE: usize = 10_000_000;

/// JSONata by `jsonata-core`, with Crosswalk's functions, guards and corrections.
///
/// One engine belongs to one thread. It keeps what it compiled (56 µs an expression).
pub struct Jsonata {
    evaluator: Evaluator,
    options: EvaluatorOptions,
    cache: HashMap<Box<str>, Result<Compiled, ExpressionError>>,
    host: Rc<Host>,
    deadline: Deadline,
}

/// A compiled expression.
#[derive(Clone)]
pub struct Compiled(Rc<Program>);

struct Program {
    expression: Expression,
    /// Whether it must run where Crosswalk's functions are known; the bytecode machine does not know them.
    needs_functions: bool,
}

impl std::fmt::Debug for Jsonata {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Jsonata")
            .field("compiled", &self.cache.len())
            .finish_non_exhaustive()
    }
}

impl Compiled {
    pub(crate) fn ast(&self) -> &AstNode {
        self.0.expression.ast()
    }
}

impl Jsonata {
    /// A new engine with an empty cache.
    ///
    /// # Errors
    /// If no thread can be started to watch the clock.
    pub fn new() -> Result<Self, std::io::Error> {
        Self::telling_when_stuck(|| ())
    }

    /// As [`Jsonata::new`]; `stuck` is called, from another thread, when an evaluation goes on although its time is
    /// up, which a single built-in over a large input does.
    pub(crate) fn telling_when_stuck(stuck: fn()) -> Result<Self, std::io::Error> {
        let deadline = Deadline::new(stuck)?;
        let options = EvaluatorOptions {
            cancel: Some(deadline.token()),
            max_sequence_length: Some(LONGEST_SEQUENCE),
            ..EvaluatorOptions::default()
        };
        let host = Rc::new(Host::default());
        Ok(Self {
            evaluator: evaluator(Context::new(), options.clone(), &host)?,
            options,
            cache: HashMap::new(),
            host,
            deadline,
        })
    }

    /// Runs `work` with at most `limit` for everything it evaluates; what is then unfinished ends with
    /// [`ExpressionError::Time`]. A single built-in over a large input cannot be interrupted; the parent process
    /// ends the worker in that case.
    pub fn within<T>(&mut self, limit: Duration, work: impl FnOnce(&mut Self) -> T) -> T {
        self.deadline.set(limit);
        self.until_cleared(work)
    }

    /// As [`Jsonata::within`], with at most `effort` of this thread's work; `limit` by the clock is the last resort.
    pub(crate) fn within_work<T>(
        &mut self,
        effort: Duration,
        limit: Duration,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.deadline.set_work(effort, limit);
        self.until_cleared(work)
    }

    fn until_cleared<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let result = work(self);
        if let Some(token) = self.deadline.clear() {
            self.options.cancel = Some(token);
            // Registration failed for none of these names in `new`, so it cannot fail now.
            if let Ok(fresh) = evaluator(Context::new(), self.options.clone(), &self.host) {
                self.evaluator = fresh;
            }
        }
        result
    }

    /// Reads of a record only what an expression with this lineage looks at; the rest is checked and left out.
    pub fn read_for(&self, record: &[u8], lineage: &Lineage) -> Result<Value, RecordError> {
        let known = self.host.known.borrow();
        raw::read(record, &Wanted::of(lineage, known.as_ref())).map(Value)
    }

    /// The tables `$table` reads from now on.
    pub fn set_tables(&mut self, tables: Rc<Tables>) {
        *self.host.tables.borrow_mut() = tables;
    }

    /// The keys at a record's root that the provider documents: what `$unknown_fields` leaves out from now on.
    pub fn set_known_fields(&mut self, known: Option<BTreeSet<String>>) {
        *self.host.known.borrow_mut() = known;
    }

    /// The keys `$table` was asked for in vain since the last call.
    pub fn take_misses(&mut self) -> Misses {
        self.host.misses.take()
    }

    /// Evaluates with variables bound, as `$name`, and at most `depth` levels of nesting.
    pub fn evaluate_with(
        &mut self,
        expression: &Compiled,
        input: Option<&Value>,
        bindings: Option<&Value>,
        depth: Option<usize>,
    ) -> Result<Option<Value>, ExpressionError> {
        let mut context = Context::new();
        if let Some(entries) = bindings.and_then(|value| value.0.as_object()) {
            for (name, value) in entries {
                context.bind(name.clone(), value.clone());
            }
        }
        let options = EvaluatorOptions {
            max_stack_depth: depth,
            ..self.options.clone()
        };
        let mut evaluator =
            evaluator(context, options, &self.host).map_err(|error| failure(&error.to_string()))?;
        let undefined = JValue::Undefined;
        let input = input.map_or(&undefined, |value| &value.0);
        outcome(evaluator.evaluate(expression.ast(), input))
    }

    fn compiled(expression: &str) -> Result<Compiled, ExpressionError> {
        let ast = syntax::parse(expression)?;
        Ok(Compiled(Rc::new(Program {
            needs_functions: syntax::names_any(&ast, |name| {
                name == "eval" || functions::ADDED.contains(&name) || CORRECTED.contains(&name)
            }),
            expression: Expression::from_ast(ast),
        })))
    }
}

impl Engine for Jsonata {
    type Compiled = Compiled;

    fn compile(&mut self, expression: &str) -> Result<Compiled, ExpressionError> {
        if let Some(known) = self.cache.get(expression) {
            return known.clone();
        }
        if self.cache.len() >= CACHE_ENTRIES {
            self.cache.clear();
        }
        let compiled = Self::compiled(expression);
        self.cache.insert(expression.into(), compiled.clone());
        compiled
    }

    fn read(&self, record: &[u8]) -> Result<Value, RecordError> {
        raw::read(record, &Wanted::default()).map(Value)
    }

    fn evaluate(
        &mut self,
        expression: &Compiled,
        input: &Value,
    ) -> Result<Option<Value>, ExpressionError> {
        outcome(if expression.0.needs_functions {
            *self.host.record.borrow_mut() = Some(input.0.clone());
            self.evaluator.evaluate(expression.ast(), &input.0)
        } else {
            expression
                .0
                .expression
                .evaluate_with_options(&input.0, self.options.clone())
        })
    }
}

fn evaluator(
    context: Context,
    options: EvaluatorOptions,
    host: &Rc<Host>,
) -> Result<Evaluator, std::io::Error> {
    let mut evaluator = Evaluator::with_options(context, options);
    functions::register(&mut evaluator, host)
        .and_then(|()| corrected::register(&mut evaluator))
        .map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(evaluator)
}

fn outcome(result: Result<JValue, EvaluatorError>) -> Result<Option<Value>, ExpressionError> {
    match result {
        Ok(JValue::Undefined) => Ok(None),
        Ok(value) => Ok(Some(Value(value))),
        Err(error) => Err(failure(error.message())),
    }
}

/// The engine's message as one of ours.
fn failure(message: &str) -> ExpressionError {
    let (code, message) = syntax::split_code(message);
    match code {
        // U1003: cancelled by the deadline; D1012: the engine's own clock.
        Some("U1003" | "D1012") => ExpressionError::Time,
        Some("U1001" | "D1011") => ExpressionError::Depth,
        _ => ExpressionError::Failed {
            code: code.map(str::to_owned),
            message: message.to_owned(),
        },
    }
}
