use std::collections::VecDeque;
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::time::timeout;

use crate::effective::EffectiveMapping;
use crate::engine::ExpressionError;
use crate::limits::TIME_BEFORE_KILL;
use crate::process::{self, Death, Output, Process};
use crate::protocol::{Answer, Plan, PlanField, Reason, Request};
use crate::result::{FieldResult, RawRecord, RecordFault, RecordResult};
use crate::status::Status;
use crate::strikes::Strikes;
use crate::tables::Misses;
use crosswalk_connector::Selection;

/// How often one record is sent again, without the field that ended its worker, before it is given up.
const MOST_RETRIES: usize = 3;

/// The longest record that is mapped, in bytes. Answers are capped at as much on their way in.
const LONGEST_RECORD: usize = 64 * 1024 * 1024;

/// What is written to a worker at once.
const WRITE_SIZE: usize = 256 * 1024;

/// Fields that are not to be evaluated, by index, with their results.
type Decided = Vec<(usize, FieldResult)>;

/// A few records on their way through workers, usually one; another for what is left when one dies.
pub(crate) struct Chunk<'a> {
    mapping: &'a EffectiveMapping,
    strikes: &'a Strikes,
    pending: VecDeque<Pending>,
    results: Vec<RecordResult>,
    /// What the last selection seen leaves out, since most records of a chunk share one.
    left_out: Option<(Arc<Selection>, Decided)>,
}

struct Pending {
    record: RawRecord,
    decided: Decided,
    retries: usize,
}

impl Pending {
    fn is_too_long(&self) -> bool {
        self.record.raw.len() > LONGEST_RECORD
    }
}

/// What ends a run over a worker before all is answered.
enum Stop {
    /// The worker is dead or has to be.
    Died(Death),
    /// A field is not to be tried any more, and records that are on their way would.
    FieldOut,
}

impl<'a> Chunk<'a> {
    pub(crate) fn new(
        records: Vec<RawRecord>,
        mapping: &'a EffectiveMapping,
        strikes: &'a Strikes,
    ) -> Self {
        let mut chunk = Self {
            mapping,
            strikes,
            pending: VecDeque::with_capacity(records.len()),
            results: Vec::with_capacity(records.len()),
            left_out: None,
        };
        for record in records {
            let decided = chunk.not_fetched(record.selection.as_ref());
            chunk.pending.push_back(Pending {
                record,
                decided,
                retries: 0,
            });
        }
        chunk
    }

    pub(crate) fn is_done(&self) -> bool {
        self.pending.is_empty()
    }

    pub(crate) fn into_results(self) -> Vec<RecordResult> {
        self.results
    }

    /// Sends what is pending and takes the answers. Returns whether the worker can be used again.
    pub(crate) async fn run(&mut self, process: &mut Process) -> bool {
        for (field, code) in self.strikes.out() {
            let result = given_up(&code);
            for pending in &mut self.pending {
                if !pending.decided.iter().any(|(index, _)| *index == field) {
                    pending.decided.push((field, result.clone()));
                }
            }
        }
        let frames = match self.frames(process.plan != Some(self.mapping.id)) {
            Ok(frames) => frames,
            Err(error) => {
                self.fail(RecordFault {
                    code: "worker_request".to_owned(),
                    message: format!("the record cannot be handed to a worker: {error}"),
                });
                return true;
            }
        };
        process.plan = Some(self.mapping.id);
        let stop = {
            let input = &mut process.input;
            let writing = async {
                for frame in &frames {
                    input.write_all(frame).await?;
                }
                input.flush().await
            };
            let reading = self.take_answers(&mut process.output);
            tokio::pin!(writing, reading);
            let mut written = false;
            loop {
                tokio::select! {
                    biased;
                    stop = &mut reading => break stop,
                    // A pipe that breaks while writing shows in reading, with all that was answered before.
                    _ = &mut writing, if !written => written = true,
                }
            }
        };
        match stop {
            Ok(()) => true,
            Err(Stop::FieldOut) => false,
            Err(Stop::Died(Death::Crash(how))) => {
                let death = process.cause(&std::io::Error::other(how)).await;
                self.blame(death);
                false
            }
            Err(Stop::Died(death)) => {
                self.blame(death);
                false
            }
        }
    }

    /// The frames for everything pending, several in a buffer.
    fn frames(&self, with_plan: bool) -> std::io::Result<Vec<Vec<u8>>> {
        let mut frames = vec![Vec::with_capacity(WRITE_SIZE)];
        let mut append = |request: &Request, body: &[u8]| {
            if frames
                .last()
                .is_none_or(|buffer| buffer.len() >= WRITE_SIZE)
            {
                frames.push(Vec::with_capacity(WRITE_SIZE));
            }
            match frames.last_mut() {
                Some(buffer) => process::append(buffer, request, body),
                None => Ok(()),
            }
        };
        if with_plan {
            append(&Request::Plan, &serde_json::to_vec(&plan(self.mapping))?)?;
        }
        for pending in &self.pending {
            let skip = pending.decided.iter().map(|(index, _)| *index).collect();
            // One that is too long is answered as unreadable, in its turn.
            let body = if pending.is_too_long() {
                &[]
            } else {
                pending.record.raw.as_slice()
            };
            append(&Request::Record { skip }, body)?;
        }
        Ok(frames)
    }

    async fn take_answers(&mut self, output: &mut Output) -> Result<(), Stop> {
        while !self.pending.is_empty() {
            let (answer, body) = match timeout(TIME_BEFORE_KILL, output.read()).await {
                Err(_) => return Err(Stop::Died(Death::Limit(Reason::Time, None))),
                Ok(Err(error)) => return Err(Stop::Died(Death::Crash(error.to_string()))),
                Ok(Ok(answer)) => answer,
            };
            let out = match answer {
                Answer::LastWords { reason, field } => {
                    return Err(Stop::Died(Death::Limit(reason, field)));
                }
                Answer::Record {
                    statuses,
                    messages,
                    misses,
                } => {
                    let mut fields: Vec<FieldResult> =
                        statuses.into_iter().map(FieldResult::of).collect();
                    for (index, note) in messages {
                        if let Some(field) = fields.get_mut(index) {
                            field.code = note.code;
                            field.message = Some(note.message);
                        }
                    }
                    self.finish(fields, Some(body), misses, None)
                }
                Answer::Unreadable { code, message } => {
                    self.fail(match self.pending.front() {
                        Some(pending) if pending.is_too_long() => too_long(),
                        _ => RecordFault { code, message },
                    });
                    false
                }
                _ => {
                    let how = "it gave an answer nobody asked for".to_owned();
                    return Err(Stop::Died(Death::Crash(how)));
                }
            };
            if out && !self.pending.is_empty() {
                return Err(Stop::FieldOut);
            }
        }
        Ok(())
    }

    /// The first pending record has its result. Returns whether it put a field out.
    fn finish(
        &mut self,
        mut fields: Vec<FieldResult>,
        unified: Option<Vec<u8>>,
        misses: Misses,
        error: Option<RecordFault>,
    ) -> bool {
        let Some(pending) = self.pending.pop_front() else {
            return false;
        };
        let mut out = false;
        for (index, field) in fields.iter().enumerate() {
            if field.code.as_deref() == Some(ExpressionError::Time.code()) {
                out |= self.strikes.add(index, ExpressionError::Time.code());
            }
        }
        for (index, result) in pending.decided {
            if let Some(field) = fields.get_mut(index) {
                *field = result;
            }
        }
        self.results.push(RecordResult {
            key: pending.record.key,
            unified: unified.and_then(|bytes| String::from_utf8(bytes).ok()),
            fields,
            misses,
            error,
        });
        out
    }

    /// The first pending record cannot be mapped at all.
    fn fail(&mut self, fault: RecordFault) {
        let field = FieldResult::error(&fault.code, fault.message.clone());
        let fields = vec![field; self.mapping.fields.len()];
        self.finish(fields, None, Misses::new(), Some(fault));
    }

    /// The worker died over the first pending record.
    fn blame(&mut self, death: Death) {
        let field = match &death {
            Death::Limit(_, field) => *field,
            Death::Crash(_) => None,
        };
        let code = match &death {
            Death::Crash(_) => "worker_crash",
            Death::Limit(Reason::Time, _) => ExpressionError::Time.code(),
            Death::Limit(Reason::Memory, _) => ExpressionError::Memory.code(),
        };
        // Nothing of the record: only that it happened, and how.
        tracing::warn!(code, ?field, ?death, "a mapping worker ended over a record");
        let message = ExpressionError::from(death).to_string();
        let Some(pending) = self.pending.front_mut() else {
            return;
        };
        pending.retries += 1;
        match field {
            // Once more without the field, so that the error stays in it.
            Some(index) if pending.retries <= MOST_RETRIES && index < self.mapping.fields.len() => {
                pending
                    .decided
                    .push((index, FieldResult::error(code, message)));
                self.strikes.add(index, code);
            }
            _ => self.fail(RecordFault {
                code: code.to_owned(),
                message,
            }),
        }
    }

    /// The fields that read what was not fetched, with their results.
    fn not_fetched(&mut self, selection: Option<&Arc<Selection>>) -> Decided {
        let Some(selection) = selection.filter(|selection| ***selection != Selection::Whole) else {
            return Vec::new();
        };
        if let Some((known, fields)) = &self.left_out
            && (Arc::ptr_eq(known, selection) || known == selection)
        {
            return fields.clone();
        }
        let fields: Decided = self
            .mapping
            .fields
            .iter()
            .enumerate()
            .filter_map(|(index, field)| {
                let missing = field.lineage.missing_from(selection)?;
                let mut result = FieldResult::of(Status::NotFetched);
                result.message = Some(format!(
                    "{missing} was not fetched with this record; fetch it to see the value"
                ));
                Some((index, result))
            })
            .collect();
        self.left_out = Some((Arc::clone(selection), fields.clone()));
        fields
    }
}

fn too_long() -> RecordFault {
    RecordFault {
        code: "record_size".to_owned(),
        message: "the record is longer than 64 MiB".to_owned(),
    }
}

fn given_up(code: &str) -> FieldResult {
    let what = if code == ExpressionError::Memory.code() {
        ExpressionError::Memory
    } else {
        ExpressionError::Time
    };
    FieldResult::error(
        code,
        format!("{what}; after failing so on three records it was not tried on this one"),
    )
}

fn plan(mapping: &EffectiveMapping) -> Plan {
    Plan {
        fields: mapping
            .fields
            .iter()
            .map(|field| PlanField {
                name: field.name.clone(),
                expression: field.expression.clone(),
                shape: field.shape.clone(),
                required: field.required,
            })
            .collect(),
        // Fifty thousand entries take longer to send than a field takes to evaluate.
        tables: if mapping.may_read_tables() {
            (*mapping.tables).clone()
        } else {
            crate::tables::Tables::new()
        },
        known: mapping.known_fields.as_deref().cloned(),
    }
}
