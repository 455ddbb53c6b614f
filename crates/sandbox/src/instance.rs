use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Instant;

use crate::bucket::Bucket;
use crate::clock::Clock;
use crate::collection::Collection;
use crate::config::{Latency, SandboxConfig};
use crate::fault::{FaultRates, Faults};
use crate::oauth::authority::Authority;
use crate::resource::Resource;
use crate::stats::Stats;
use crate::world::World;

/// Everything one running instance holds. Each part has its own lock, held only while it is read or changed.
pub(crate) struct Instance {
    pub(crate) config: SandboxConfig,
    pub(crate) world: World,
    pub(crate) clock: Clock,
    pub(crate) in_flight: AtomicU64,
    pub(crate) served: AtomicU64,
    authority: Mutex<Authority>,
    bucket: Mutex<Option<Bucket>>,
    latency: Mutex<Latency>,
    faults: Mutex<Faults>,
    stats: Mutex<Stats>,
    collections: Vec<RwLock<Collection>>,
    url: OnceLock<String>,
}

impl Instance {
    pub(crate) fn new(config: SandboxConfig, authority: Authority) -> Self {
        let world = World::new(&config);
        let collections = Resource::ALL
            .into_iter()
            .map(|resource| RwLock::new(Collection::new(&world, resource)))
            .collect();
        let rates = config
            .faults
            .unwrap_or_else(|| FaultRates::of(config.profile));
        Self {
            clock: Clock::new(config.now),
            in_flight: AtomicU64::new(0),
            served: AtomicU64::new(0),
            authority: Mutex::new(authority),
            bucket: Mutex::new(config.limit.map(|limit| Bucket::new(limit, Instant::now()))),
            latency: Mutex::new(config.latency.unwrap_or_else(|| config.profile.latency())),
            faults: Mutex::new(Faults::new(rates, config.seed)),
            stats: Mutex::new(Stats::default()),
            collections,
            url: OnceLock::new(),
            world,
            config,
        }
    }

    pub(crate) fn url(&self) -> String {
        self.url.get().cloned().unwrap_or_default()
    }

    pub(crate) fn set_url(&self, url: String) {
        let _ = self.url.set(url);
    }

    /// The `Date` header: the instance's own time, which a fixed clock keeps from the machine's.
    pub(crate) fn date(&self) -> String {
        self.clock
            .now()
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    }

    pub(crate) fn authority(&self) -> MutexGuard<'_, Authority> {
        locked(&self.authority)
    }

    pub(crate) fn bucket(&self) -> MutexGuard<'_, Option<Bucket>> {
        locked(&self.bucket)
    }

    pub(crate) fn latency(&self) -> MutexGuard<'_, Latency> {
        locked(&self.latency)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Faults> {
        locked(&self.faults)
    }

    pub(crate) fn stats(&self) -> MutexGuard<'_, Stats> {
        locked(&self.stats)
    }

    /// Reads a resource's collection; requests for the same resource read side by side.
    pub(crate) fn read<T>(
        &self,
        resource: Resource,
        with: impl FnOnce(&Collection) -> T,
    ) -> Option<T> {
        let collection = self.collections.get(resource.index())?;
        Some(with(
            &collection.read().unwrap_or_else(PoisonError::into_inner),
        ))
    }

    /// Changes a resource's collection.
    pub(crate) fn change<T>(
        &self,
        resource: Resource,
        with: impl FnOnce(&mut Collection) -> T,
    ) -> Option<T> {
        let collection = self.collections.get(resource.index())?;
        Some(with(
            &mut collection.write().unwrap_or_else(PoisonError::into_inner),
        ))
    }
}

/// A panic elsewhere must not take the instance down with it; what the lock guards is changed in single steps.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
