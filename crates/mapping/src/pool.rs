use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::batch;
use crate::chunk::Chunk;
use crate::effective::EffectiveMapping;
use crate::engine::ExpressionError;
use crate::limits::{MEMORY_PER_LINE, TIME_BEFORE_KILL, TIME_PER_LINE, TIME_PER_RECORD};
use crate::process::{Death, PoolError, Process, WorkerCommand};
use crate::protocol::{Answer, Reason, Request};
use crate::result::{RawRecord, RecordResult};
use crate::strikes::Strikes;

const MEBIBYTE: usize = 1024 * 1024;

/// Records sent to one worker in one go. Large enough that the pipes never run dry, small enough that a batch of a
/// few hundred is spread over all workers and that results flow early.
const CHUNK: usize = 32;

/// A few workers, started when needed, that evaluate expressions for this process.
///
/// Cheap to clone; clones share the workers. Nothing runs and nothing polls while nothing is asked. A future that is
/// dropped half-way ends the worker it was using; the next call starts another (2 ms).
#[derive(Clone)]
pub struct Pool {
    inner: Arc<Inner>,
}

struct Inner {
    command: WorkerCommand,
    size: usize,
    permits: Semaphore,
    idle: Mutex<Vec<Process>>,
    /// Workers with more memory, for batch lines.
    roomy: OnceLock<Pool>,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool")
            .field("command", &self.inner.command)
            .field("size", &self.inner.size)
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// At most `size` workers (at least one), none of which is started yet.
    pub fn new(command: WorkerCommand, size: usize) -> Self {
        let size = size.max(1);
        Self {
            inner: Arc::new(Inner {
                command,
                size,
                permits: Semaphore::new(size),
                idle: Mutex::new(Vec::new()),
                roomy: OnceLock::new(),
            }),
        }
    }

    /// Maps records; results come in the records' order.
    ///
    /// # Errors
    /// Only if no worker can be had. Whatever is wrong with a record or an expression is in that record's result.
    pub async fn evaluate(
        &self,
        records: Vec<RawRecord>,
        mapping: &Arc<EffectiveMapping>,
    ) -> Result<Vec<RecordResult>, PoolError> {
        self.evaluate_stream(stream::iter(records), mapping)
            .try_concat()
            .await
    }

    /// Maps records as they come, up to as many chunks at once as there are workers; results come in the records'
    /// order, a chunk at a time.
    pub fn evaluate_stream(
        &self,
        records: impl Stream<Item = RawRecord>,
        mapping: &Arc<EffectiveMapping>,
    ) -> impl Stream<Item = Result<Vec<RecordResult>, PoolError>> {
        let strikes = Arc::new(Strikes::default());
        let mapping = Arc::clone(mapping);
        let pool = self.clone();
        records
            .chunks(CHUNK)
            .map(move |records| {
                let (pool, mapping, strikes) =
                    (pool.clone(), Arc::clone(&mapping), Arc::clone(&strikes));
                async move { pool.chunk(records, &mapping, &strikes).await }
            })
            .buffered(self.inner.size)
    }

    async fn chunk(
        &self,
        records: Vec<RawRecord>,
        mapping: &EffectiveMapping,
        strikes: &Strikes,
    ) -> Result<Vec<RecordResult>, PoolError> {
        let mut chunk = Chunk::new(records, mapping, strikes);
        while !chunk.is_done() {
            let mut lease = self.lease().await?;
            // A worker that answered everything is used again; any other is ended by dropping the lease.
            if chunk.run(lease.process()).await {
                lease.give_back();
            }
        }
        Ok(chunk.into_results())
    }

    /// Evaluates one expression on one record; the value is JSON text, `None` is undefined.
    ///
    /// # Errors
    /// The outer error if no worker can be had, the inner one if the expression fails.
    pub async fn evaluate_expr(
        &self,
        expression: &str,
        raw: &[u8],
    ) -> Result<Result<Option<String>, ExpressionError>, PoolError> {
        let request = Request::Expression {
            expression: expression.to_owned(),
        };
        let answer = self.ask(&request, raw, TIME_BEFORE_KILL).await?;
        Ok(match answer {
            Ok((Answer::Value { defined }, body)) => {
                Ok(defined.then(|| String::from_utf8_lossy(&body).into_owned()))
            }
            Ok((Answer::Fault(fault), _)) => Err(fault.into()),
            Ok(_) => Err(unexpected()),
            Err(death) => Err(death.into()),
        })
    }

    /// Answers one line of `xwalk jsonata --batch`, see [`answer_line`](crate::answer_line). Lines get workers with
    /// [`MEMORY_PER_LINE`] each.
    ///
    /// # Errors
    /// Only if no worker can be had.
    pub async fn answer_line(&self, line: &str) -> Result<String, PoolError> {
        let roomy = self.inner.roomy.get_or_init(|| {
            let command = self.inner.command.clone();
            Self::new(
                command.with_memory(MEMORY_PER_LINE / MEBIBYTE),
                self.inner.size,
            )
        });
        let limit = TIME_PER_LINE + TIME_BEFORE_KILL.saturating_sub(TIME_PER_RECORD);
        Ok(
            match roomy.ask(&Request::Line, line.as_bytes(), limit).await? {
                Ok((Answer::Line, body)) => String::from_utf8_lossy(&body).into_owned(),
                Ok(_) => batch::expression_fault(&unexpected()),
                Err(death) => batch::expression_fault(&death.into()),
            },
        )
    }

    async fn ask(
        &self,
        request: &Request,
        body: &[u8],
        limit: std::time::Duration,
    ) -> Result<Result<(Answer, Vec<u8>), Death>, PoolError> {
        let mut lease = self.lease().await?;
        let process = lease.process();
        // A worker that is gone shows when its answer is read.
        let sent = process.send(request, body).await;
        let answer = match (process.answer(limit).await, sent) {
            (Err(Death::Crash(_)), Err(error)) => Err(process.cause(&error).await),
            (answer, _) => answer,
        };
        if answer.is_ok() {
            lease.give_back();
        }
        Ok(answer)
    }

    async fn lease(&self) -> Result<Lease<'_>, PoolError> {
        let inner = &*self.inner;
        // The semaphore is never closed.
        let permit = inner.permits.acquire().await.ok();
        let idle = inner
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let process = match idle {
            Some(process) => process,
            None => Process::start(&inner.command).await?,
        };
        Ok(Lease {
            inner,
            process,
            _permit: permit,
        })
    }
}

/// A worker in use. Dropped without [`Lease::give_back`], it is ended: nobody knows what it still has to say.
struct Lease<'a> {
    inner: &'a Inner,
    process: Process,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Lease<'_> {
    fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    fn give_back(self) {
        self.inner
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(self.process);
    }
}

impl From<Death> for ExpressionError {
    fn from(death: Death) -> Self {
        match death {
            Death::Limit(Reason::Memory, _) => Self::Memory,
            Death::Limit(Reason::Time, _) => Self::Time,
            Death::Crash(how) => Self::Failed {
                code: None,
                message: format!("the worker ended unexpectedly ({how})"),
            },
        }
    }
}

fn unexpected() -> ExpressionError {
    ExpressionError::Failed {
        code: None,
        message: "the worker gave an answer nobody asked for".to_owned(),
    }
}
