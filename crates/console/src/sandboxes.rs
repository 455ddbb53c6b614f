//! Stand-in instances, started from a face.

use std::time::Duration;

use crosswalk_sandbox::{Latency, Profile, Resource, RunningSandbox, Sandbox, SandboxConfig};
use crosswalk_vault::Secret;

use crate::Fault;

/// How a stand-in instance behaves.
#[derive(Clone, Debug)]
pub struct SandboxInput {
    /// 0 takes a free port.
    pub port: u16,
    /// `smooth`, `busy` or `hostile`.
    pub profile: &'static str,
    pub seed: u64,
    /// Records per resource, by the resource's name.
    pub counts: Vec<(&'static str, u64)>,
    pub latency_millis: Option<u64>,
    pub no_limit: bool,
    /// Between a token's issue and its first use.
    pub settle_seconds: Option<u64>,
    /// Grant only these.
    pub scopes: Option<String>,
}

impl Default for SandboxInput {
    fn default() -> Self {
        Self {
            port: 0,
            profile: "smooth",
            seed: 1,
            counts: Vec::new(),
            latency_millis: None,
            no_limit: false,
            settle_seconds: None,
            scopes: None,
        }
    }
}

/// A stand-in instance that serves until it is dropped.
pub struct StandIn {
    running: RunningSandbox,
    secret: Secret,
}

/// Starts a stand-in instance on this machine.
///
/// # Errors
/// `port_taken` and the like, when it cannot listen.
pub async fn start_sandbox(input: SandboxInput) -> Result<StandIn, Fault> {
    let mut config = SandboxConfig {
        seed: input.seed,
        port: input.port,
        ..SandboxConfig::default()
    };
    config.profile = Profile::named(input.profile).unwrap_or_default();
    for (name, count) in &input.counts {
        let resource = Resource::ALL
            .into_iter()
            .find(|resource| resource.path() == *name);
        let resource = resource.ok_or_else(|| {
            Fault::invalid(
                "not_found",
                format!("The sandbox has no resource {name}."),
                format!("It has: {}.", Resource::ALL.map(Resource::path).join(", ")),
            )
        })?;
        config.counts.set(resource, *count);
    }
    config.latency = input
        .latency_millis
        .map(|millis| Latency::of(Duration::from_millis(millis)));
    if input.no_limit {
        config.limit = None;
    }
    if let Some(seconds) = input.settle_seconds {
        config.settle = Duration::from_secs(seconds);
    }
    if let Some(scopes) = &input.scopes {
        config.scopes = scopes
            .split([' ', ','])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let running = Sandbox::start(config).await.map_err(|error| {
        Fault::failed(
            "sandbox_failed",
            format!("The sandbox cannot be started: {error}."),
            "Choose another port, or none.",
        )
    })?;
    let secret = Secret::from(running.client_secret().to_owned());
    Ok(StandIn { running, secret })
}

impl StandIn {
    /// Its address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.running.url()
    }

    /// What lets a client in.
    pub fn client_id(&self) -> &str {
        self.running.client_id()
    }

    /// What lets a client in.
    pub fn client_secret(&self) -> &Secret {
        &self.secret
    }

    /// The scopes its client holds.
    pub fn scopes(&self) -> &[String] {
        self.running.scopes()
    }
}

impl std::fmt::Debug for StandIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StandIn")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
