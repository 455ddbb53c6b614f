//! One account's way to its provider.

mod exchange;
mod list;
mod page;
mod read;
mod signals;
mod verdict;

pub use read::PassThrough;
pub(crate) use verdict::redirect_refused;

use std::sync::{Arc, OnceLock};

use crosswalk_connector::{LimitKey, Origin, RateLimit, Resource};
use url::Url;

use crate::budget::{Budgets, Lane, Limit, Window};
use crate::clock::Clock;
use crate::error::ClientError;
use crate::profile::Profile;
use crate::token::{TokenSource, TokenStore};
use crate::transport::{Route, Transport};
use signals::HeaderReader;

/// One account's way to its provider: every call takes its turn in the instance's budget, carries the account's token, is tried again where
/// that helps, and is recorded. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AccountClient(Arc<Inner>);

struct Inner {
    profile: Arc<Profile>,
    route: Route,
    transport: Transport,
    budgets: Budgets,
    /// Opened with the first call, since an instance's address can come with the token.
    lane: OnceLock<Lane>,
    tokens: TokenSource,
    clock: Arc<dyn Clock>,
    headers: HeaderReader,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner")
            .field("account", &self.profile.account)
            .finish_non_exhaustive()
    }
}

impl AccountClient {
    /// A client for an account.
    ///
    /// # Errors
    ///
    /// [`ClientError::DefinitionChanged`] if the definition's trust digest is not the one approved: nothing will be sent.
    pub fn new(
        profile: Profile,
        transport: &Transport,
        budgets: &Budgets,
        store: Arc<dyn TokenStore>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, ClientError> {
        let profile = Arc::new(profile.ready()?);
        let route = transport.route(&profile.trust.confirmed_hosts)?;
        let tokens = TokenSource::new(
            profile.clone(),
            route.clone(),
            clock.clone(),
            store,
            transport.unfinished(),
            transport.unsaved(),
        );
        let headers = HeaderReader::new(&profile.connector().rate_limit)?;
        let inner = Inner {
            profile,
            route,
            transport: transport.clone(),
            budgets: budgets.clone(),
            lane: OnceLock::new(),
            tokens,
            clock,
            headers,
        };
        let client = Self(Arc::new(inner));
        // Known at once unless it comes with the token.
        if let Ok(base) = client.0.profile.base_url(None) {
            client.lane(&base);
        }
        Ok(client)
    }

    /// The account's token.
    pub fn tokens(&self) -> &TokenSource {
        &self.0.tokens
    }

    /// What the client knows of the account.
    pub fn profile(&self) -> &Profile {
        &self.0.profile
    }

    /// The origin of the instance address that came with the account's token, for whoever connects the account to approve: none if the
    /// address comes otherwise, is approved, or another one was approved before, which is refused then.
    ///
    /// # Errors
    ///
    /// [`ClientError::Origin`] if it lies on no host that is declared or confirmed; what keeps the token from being read.
    pub async fn unapproved_instance(&self) -> Result<Option<Origin>, ClientError> {
        match self.0.tokens.peek().await? {
            Some(token) => self.0.profile.unapproved_instance(&token),
            None => Ok(None),
        }
    }

    /// The network settings the account is called with.
    pub fn transport(&self) -> &Transport {
        &self.0.transport
    }

    /// How many workers keep the account's share of the budget busy at the latency measured so far.
    pub fn useful_workers(&self) -> usize {
        self.0.lane.get().map_or(1, Lane::useful_workers)
    }

    /// What the instance's budget looks like now; `None` before the first call of an account whose address comes with the token.
    pub fn budget(&self) -> Option<crate::BudgetSnapshot> {
        self.0.lane.get().map(|lane| lane.budget().snapshot())
    }

    fn lane(&self, base: &Url) -> &Lane {
        self.0.lane.get_or_init(|| {
            let profile = &self.0.profile;
            let rate_limit = &profile.connector().rate_limit;
            let origin =
                Origin::of(base).map_or_else(|_| base.to_string(), |origin| origin.to_string());
            let key = match rate_limit {
                RateLimit::Limited(limits) if limits.key == LimitKey::Account => {
                    format!("{origin} {}", profile.account)
                }
                _ => origin,
            };
            self.0
                .budgets
                .budget(&key, &limit_of(rate_limit))
                .lane(&profile.account, profile.share)
        })
    }

    fn resource(&self, name: &str) -> Result<&Resource, ClientError> {
        let resource = self.0.profile.connector().resources.get(name);
        resource.ok_or_else(|| ClientError::NoOperation {
            resource: name.to_owned(),
            operation: "list",
        })
    }
}

/// What a definition says a provider allows.
fn limit_of(rate_limit: &RateLimit) -> Limit {
    let RateLimit::Limited(limits) = rate_limit else {
        return Limit::default();
    };
    let window = |window: &crosswalk_connector::RateWindow| Window {
        calls: f64::from(window.requests),
        per: window.per.duration(),
        burst: window.burst.map(f64::from),
    };
    Limit {
        windows: limits.windows.iter().map(window).collect(),
        concurrency: limits
            .concurrency
            .and_then(|most| usize::try_from(most).ok()),
    }
}
