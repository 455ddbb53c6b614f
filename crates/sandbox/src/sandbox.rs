use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::bucket::Bucket;
use crate::collection::Truth;
use crate::config::{Latency, Profile, RateLimit, SandboxConfig};
use crate::credentials::Credentials;
use crate::error::SandboxError;
use crate::fault::{Fault, FaultRates};
use crate::instance::Instance;
use crate::oauth::authority::Authority;
use crate::resource::Resource;
use crate::server::router;
use crate::stats::Stats;
use crate::wire::{Cutter, Wires};

/// Starts stand-in instances.
#[derive(Debug)]
pub struct Sandbox;

impl Sandbox {
    /// Serves an instance from the current tokio runtime until the result is dropped.
    pub async fn start(config: SandboxConfig) -> Result<RunningSandbox, SandboxError> {
        let credentials = match &config.credentials {
            Some(credentials) => credentials.clone(),
            None => Credentials::random().ok_or(SandboxError::NoRandomness)?,
        };
        let port = config.port;
        let listen = |source| SandboxError::Listen { port, source };
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let mut authority = Authority::new(&config);
        authority.add_client(&credentials, config.scopes.clone());
        let instance = Arc::new(Instance::new(config, authority));
        instance.set_url(format!("http://{address}"));
        let (stop, stopped) = oneshot::channel::<()>();
        let service = router(Arc::clone(&instance)).into_make_service_with_connect_info::<Cutter>();
        let task = tokio::spawn(async move {
            let serving =
                axum::serve(Wires(listener), service).with_graceful_shutdown(async move {
                    // An error means that the handle was dropped, which is the order to stop.
                    let _ = stopped.await;
                });
            if let Err(error) = serving.await {
                tracing::warn!(%error, "the sandbox stopped");
            }
        });
        Ok(RunningSandbox {
            instance,
            credentials,
            stop: Some(stop),
            task: Some(task),
            thread: None,
        })
    }

    /// Serves an instance from a thread and runtime of its own, for callers without one and for measurements that
    /// keep the two sides apart.
    pub fn start_on_thread(config: SandboxConfig) -> Result<RunningSandbox, SandboxError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("sandbox")
            .enable_all()
            .build()
            .map_err(SandboxError::Thread)?;
        let mut running = runtime.block_on(Self::start(config))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = running.stop.replace(stop);
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    let _ = stopped.await;
                });
                drop(serving);
                runtime.shutdown_timeout(Duration::from_millis(200));
            })
            .map_err(SandboxError::Thread)?;
        running.thread = Some(thread);
        Ok(running)
    }
}

/// A running instance, and the hand on it: what it saw, and what to make go wrong. Dropping it stops it.
pub struct RunningSandbox {
    instance: Arc<Instance>,
    credentials: Credentials,
    stop: Option<oneshot::Sender<()>>,
    task: Option<tokio::task::JoinHandle<()>>,
    thread: Option<JoinHandle<()>>,
}

impl RunningSandbox {
    /// Stops, and returns when the port is free and the answers under way are given.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            // A client that never finishes reading must not hold up the stop.
            let _ = tokio::time::timeout(Duration::from_secs(2), task).await;
        }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        self.instance.url()
    }

    pub fn client_id(&self) -> &str {
        &self.credentials.client_id
    }

    /// Random, and gone with the instance.
    pub fn client_secret(&self) -> &str {
        &self.credentials.client_secret
    }

    /// What the instance's client holds.
    pub fn scopes(&self) -> &[String] {
        &self.instance.config.scopes
    }

    pub fn config(&self) -> &SandboxConfig {
        &self.instance.config
    }

    /// A further client of the same instance, such as one that may write.
    pub fn add_client(&self, scopes: &[&str]) -> Result<Credentials, SandboxError> {
        let credentials = Credentials::random().ok_or(SandboxError::NoRandomness)?;
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.instance.authority().add_client(&credentials, scopes);
        Ok(credentials)
    }

    /// The customer's administrator changes what the client holds; tokens keep what they were issued with.
    pub fn set_scopes(&self, scopes: &[&str]) {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        self.instance
            .authority()
            .set_scopes(&self.credentials.client_id, scopes);
    }

    /// The customer's administrator gives the client a new secret. The old one fails from now on.
    pub fn rotate_secret(&self) -> Result<String, SandboxError> {
        let fresh = Credentials::random().ok_or(SandboxError::NoRandomness)?;
        let rotated = Credentials {
            client_id: self.credentials.client_id.clone(),
            client_secret: fresh.client_secret,
        };
        self.instance.authority().set_secret(&rotated);
        Ok(rotated.client_secret)
    }

    /// What the instance saw so far.
    pub fn stats(&self) -> Stats {
        self.instance.stats().clone()
    }

    /// Ends every access token.
    pub fn revoke_tokens(&self) {
        self.instance.authority().revoke_access_tokens();
    }

    /// Ends every refresh token.
    pub fn revoke_refresh_tokens(&self) {
        self.instance.authority().revoke_refresh_tokens();
    }

    /// The user on the device page types this code and says yes.
    pub fn approve_device(&self, user_code: &str) -> bool {
        self.instance.authority().approve_device(user_code)
    }

    /// The next `times` API requests meet `fault`, before any of the profile's.
    pub fn fail_next(&self, times: usize, fault: &Fault) {
        self.instance.faults().queue(times, fault);
    }

    /// The next `times` token requests meet `fault`.
    pub fn fail_next_token(&self, times: usize, fault: &Fault) {
        self.instance.faults().queue_for_tokens(times, fault);
    }

    /// Behaves like another profile from now on.
    pub fn set_profile(&self, profile: Profile) {
        *self.instance.latency() = profile.latency();
        self.instance.faults().set_rates(FaultRates::of(profile));
    }

    pub fn set_faults(&self, rates: FaultRates) {
        self.instance.faults().set_rates(rates);
    }

    pub fn set_latency(&self, latency: Latency) {
        *self.instance.latency() = latency;
    }

    /// A new, empty bucket, or none.
    pub fn set_limit(&self, limit: Option<RateLimit>) {
        *self.instance.bucket() = limit.map(|limit| Bucket::new(limit, Instant::now()));
    }

    /// The instance's own time.
    pub fn now(&self) -> Timestamp {
        self.instance.clock.now()
    }

    /// Moves the instance's time forward.
    pub fn advance(&self, by: Duration) {
        self.instance.clock.advance(by);
    }

    /// A new record, updated now; its id is above all others.
    pub fn insert(&self, resource: Resource) -> u64 {
        let now = self.now().as_second();
        self.instance
            .change(resource, |collection| {
                collection.insert(&self.instance.world, now)
            })
            .unwrap_or_default()
    }

    /// A new invoice; see [`Self::insert`].
    pub fn insert_invoice(&self) -> u64 {
        self.insert(Resource::Invoices)
    }

    /// Deletes a record; false if it is not there.
    pub fn delete_record(&self, resource: Resource, id: u64) -> bool {
        let world = &self.instance.world;
        self.instance
            .change(resource, |collection| {
                collection
                    .find(world, id)
                    .map(|index| collection.delete(index))
                    .is_some()
            })
            .unwrap_or(false)
    }

    /// Marks a record updated now; false if it is not there.
    pub fn touch_record(&self, resource: Resource, id: u64) -> bool {
        let (world, now) = (&self.instance.world, self.now().as_second());
        self.instance
            .change(resource, |collection| {
                collection
                    .find(world, id)
                    .map(|index| collection.touch(world, index, now))
                    .is_some()
            })
            .unwrap_or(false)
    }

    /// Records there now.
    pub fn count(&self, resource: Resource) -> u64 {
        self.instance
            .read(resource, super::collection::Collection::len)
            .unwrap_or_default()
    }

    /// Which ids were there throughout, which came, which went.
    pub fn truth(&self, resource: Resource) -> Truth {
        self.instance
            .read(resource, |collection| {
                collection.truth(&self.instance.world)
            })
            .unwrap_or_default()
    }

    /// API requests being answered at this moment.
    pub fn in_flight(&self) -> u64 {
        self.instance.in_flight.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for RunningSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RunningSandbox")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
