//! The process in which expressions run.
//!
//! A worker reads frames from standard input and answers each on standard output, one record at a time. It has no
//! environment, no files and, where the system can forbid it, no network; it ends when its parent does, when it
//! asks for more memory than it may, and when its parent thinks that it takes too long.

use std::io::{self, Write};
use std::thread;

use crate::allocator;
use crate::batch;
use crate::confine;
use crate::engine::{Engine, ExpressionError, Value};
use crate::evaluation::Prepared;
use crate::frame;
use crate::jsonata::Jsonata;
use crate::last_words;
use crate::limits::{MEMORY_PER_WORKER, TIME_PER_LINE, TIME_PER_RECORD, WORK_PER_LINE};
use crate::protocol::{Answer, Fault, Plan, Request, VERSION};

/// The argument that says how many MiB a worker may hold: `--memory-mib=1024`.
pub const MEMORY_ARGUMENT: &str = "--memory-mib=";

/// The stack of the thread that evaluates; deeper recursion continues on segments of its own.
const STACK: usize = 16 * 1024 * 1024;

/// Serves until standard input ends. Call it first thing in `main`: before other threads, before anything is opened.
///
/// The binary must have [`CountingAllocator`](crate::CountingAllocator) as its global allocator; without it only the
/// operating system's limit is kept. Arguments are the process's own, without its name.
///
/// # Errors
/// If the other end does not speak the protocol, or a pipe breaks.
pub fn main_loop(arguments: impl IntoIterator<Item = String>) -> io::Result<()> {
    let memory = arguments
        .into_iter()
        .filter_map(|argument| {
            argument
                .strip_prefix(MEMORY_ARGUMENT)?
                .parse::<usize>()
                .ok()
        })
        .last()
        .map_or(MEMORY_PER_WORKER, |mebibytes| {
            mebibytes.saturating_mul(1024 * 1024)
        });
    // On a thread of our own. The engine asks how much stack is left, which for a process's first thread is read from
    // a file that a confined process may not open; not knowing, it took a fresh 8 MiB segment for every expression,
    // and half of the time went into mapping memory.
    thread::Builder::new()
        .name("worker".into())
        .stack_size(STACK)
        .spawn(move || serve(memory))?
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the worker ended unexpectedly")))
}

fn serve(memory: usize) -> io::Result<()> {
    let engine = Jsonata::telling_when_stuck(last_words::stuck)?;
    confine::this_process(memory);
    allocator::arm(memory);
    let mut worker = Worker {
        engine,
        plan: None,
        header: Vec::new(),
        body: Vec::new(),
        frame: Vec::new(),
    };
    worker.answer(&Answer::Hello { version: VERSION })?;
    let mut source = io::stdin().lock();
    let (mut header, mut body) = (Vec::new(), Vec::new());
    while frame::read(&mut source, &mut header, &mut body)? {
        worker.serve(&header, &body)?;
    }
    Ok(())
}

struct Worker {
    engine: Jsonata,
    plan: Option<Prepared>,
    /// Buffers kept between answers.
    header: Vec<u8>,
    body: Vec<u8>,
    frame: Vec<u8>,
}

impl Worker {
    fn serve(&mut self, header: &[u8], body: &[u8]) -> io::Result<()> {
        self.body.clear();
        let answer = match serde_json::from_slice(header)? {
            Request::Plan => {
                let plan: Plan = serde_json::from_slice(body)?;
                self.plan = Some(Prepared::new(&mut self.engine, plan));
                return Ok(());
            }
            Request::Record { skip } => match &self.plan {
                None => return Err(io::Error::other("a record came before its plan")),
                Some(plan) => plan
                    .map(&mut self.engine, body, &skip, &mut self.body)
                    .unwrap_or_else(|error| Answer::Unreadable {
                        code: error.code().to_owned(),
                        message: error.to_string(),
                    }),
            },
            Request::Expression { expression } => self.expression(&expression, body),
            Request::Line => {
                last_words::evaluating(Some(0));
                let line = std::str::from_utf8(body).unwrap_or_default();
                let answer = batch::answer_line_at_work(
                    &mut self.engine,
                    line,
                    WORK_PER_LINE,
                    TIME_PER_LINE,
                );
                self.body.extend_from_slice(answer.as_bytes());
                Answer::Line
            }
        };
        self.answer(&answer)
    }

    fn expression(&mut self, expression: &str, record: &[u8]) -> Answer {
        last_words::evaluating(Some(0));
        let record = match self.engine.read(record) {
            Ok(record) => record,
            Err(error) => return Answer::Fault(Fault::from(&error)),
        };
        let result = self.engine.within(TIME_PER_RECORD, |engine| {
            let compiled = engine.compile(expression)?;
            engine.evaluate(&compiled, &record)
        });
        let written = result.and_then(|value| match value {
            None => Ok(false),
            Some(value) => self.write(&value).map(|()| true),
        });
        match written {
            Ok(defined) => Answer::Value { defined },
            Err(error) => Answer::Fault(Fault::from(&error)),
        }
    }

    fn write(&mut self, value: &Value) -> Result<(), ExpressionError> {
        self.body.extend_from_slice(value.to_json()?.as_bytes());
        Ok(())
    }

    /// Writes the answer with what is in the body buffer, in one go: whatever happens later, the parent has it.
    fn answer(&mut self, answer: &Answer) -> io::Result<()> {
        self.header.clear();
        serde_json::to_writer(&mut self.header, answer)?;
        self.frame.clear();
        frame::append(&mut self.frame, &self.header, &self.body)?;
        let output = last_words::output();
        last_words::evaluating(None);
        let mut sink = io::stdout().lock();
        sink.write_all(&self.frame)?;
        sink.flush()?;
        drop(output);
        Ok(())
    }
}
