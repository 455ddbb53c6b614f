//! HTTP from this machine to a provider: TLS, proxy, name resolution, size limits. Knows nothing of accounts.

mod failure;
mod resolver;
mod route;
mod settings;

pub(crate) use failure::tls_failure;
pub use route::{Answer, Outgoing, Route};
pub(crate) use settings::extra_certificates;
pub use settings::{HttpSettings, ProxySetting, Timeouts};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ClientError;
use crate::token::{Unfinished, Unsaved};
use resolver::GuardedResolver;

/// The machine's way to the outside, with its proxy and certificates. One for each process; cheap to clone.
#[derive(Clone)]
pub struct Transport(Arc<Inner>);

struct Inner {
    settings: HttpSettings,
    /// By the hosts a user confirmed: those may lead to private addresses, others may not, so the two share no connections.
    routes: Mutex<HashMap<Vec<String>, Route>>,
    unfinished: Unfinished,
    unsaved: Unsaved,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Transport")
            .field("settings", &self.0.settings)
            .finish_non_exhaustive()
    }
}

impl Transport {
    /// A transport with these settings.
    ///
    /// # Errors
    ///
    /// [`ClientError::Settings`] if the proxy's address or a certificate cannot be read.
    pub fn new(settings: HttpSettings) -> Result<Self, ClientError> {
        let transport = Self(Arc::new(Inner {
            settings,
            routes: Mutex::default(),
            unfinished: Unfinished::default(),
            unsaved: Unsaved::default(),
        }));
        transport.route(&[])?;
        Ok(transport)
    }

    /// Waits for requests for tokens whose callers gave up: what they bring is kept nowhere else. To be called before the program ends.
    pub async fn settle(&self) {
        self.0.unfinished.wait().await;
    }

    pub(crate) fn unfinished(&self) -> Unfinished {
        self.0.unfinished.clone()
    }

    pub(crate) fn unsaved(&self) -> Unsaved {
        self.0.unsaved.clone()
    }

    /// The settings in force.
    pub fn settings(&self) -> &HttpSettings {
        &self.0.settings
    }

    /// A route for an account whose user confirmed `hosts`: these alone may lead to private addresses.
    pub fn route(&self, hosts: &[String]) -> Result<Route, ClientError> {
        let mut confirmed: Vec<String> = hosts.iter().map(|host| resolver::name_of(host)).collect();
        confirmed.sort_unstable();
        confirmed.dedup();
        let mut routes = self.0.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(route) = routes.get(&confirmed) {
            return Ok(route.clone());
        }
        let resolver = GuardedResolver::new(confirmed.clone(), self.0.settings.proxy_host());
        let route = Route::build(&self.0.settings, resolver)?;
        routes.insert(confirmed, route.clone());
        Ok(route)
    }
}
