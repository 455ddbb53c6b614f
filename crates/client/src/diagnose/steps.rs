use std::future::Future;

use tokio::time::Instant;

use crate::error::ClientError;

/// One step of a connection, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Step {
    /// `dns`, `tcp`, `proxy`, `tls`.
    pub name: String,
    /// Whether it went well.
    pub ok: bool,
    /// How long it took.
    pub ms: u64,
    /// What was found, or what went wrong and what to do next.
    pub message: String,
    /// The error's code, when it went wrong.
    pub code: Option<&'static str>,
    /// The next step, when it went wrong; part of the message too.
    pub hint: Option<String>,
}

#[derive(Default)]
pub(super) struct Steps(Vec<Step>);

impl Steps {
    /// Carries out a step and writes down how it went. The future gives its result and what to say about it.
    pub(super) async fn take<T>(
        &mut self,
        name: &str,
        step: impl Future<Output = Result<(T, String), ClientError>>,
    ) -> Result<T, ClientError> {
        let started = Instant::now();
        let result = step.await;
        let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let (ok, message, code, hint) = match &result {
            Ok((_, message)) => (true, message.clone(), None, None),
            Err(error) => (
                false,
                format!("{error}. {}", error.hint()),
                Some(error.code()),
                Some(error.hint()),
            ),
        };
        self.0.push(Step {
            name: name.to_owned(),
            ok,
            ms,
            message,
            code,
            hint,
        });
        result.map(|(value, _)| value)
    }

    pub(super) fn done(self) -> Vec<Step> {
        self.0
    }
}
