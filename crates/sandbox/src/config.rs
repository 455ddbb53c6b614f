use std::time::Duration;

use jiff::Timestamp;

use crate::credentials::Credentials;
use crate::fault::FaultRates;
use crate::records::order_line;
use crate::resource::Resource;
use crate::vocabulary;

/// Everything an instance is started with; [`SandboxConfig::default`] is a modest, well-behaved one.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// The same seed and counts give the same records, byte for byte.
    pub seed: u64,
    pub profile: Profile,
    /// Records per resource.
    pub counts: Counts,
    /// `None` answers as fast as it can. The provider publishes 25 requests per second with a burst of 20
    /// (Compass, *Exception Handling and Error Codes*).
    pub limit: Option<RateLimit>,
    /// Added to every API answer. `None` takes the profile's own.
    pub latency: Option<Latency>,
    /// A token used sooner than this after its issue is refused with 401; 5 s is what the provider asks clients to
    /// wait (Compass, *OAuth 2.0*). Tests set zero.
    pub settle: Duration,
    /// The port of 127.0.0.1 to serve on; 0 takes a free one.
    pub port: u16,
    /// 86,399 s at the provider (Compass, *OAuth 2.0 Getting Started*).
    pub access_token_lifetime: Duration,
    /// 90 days at the provider.
    pub refresh_token_lifetime: Duration,
    /// Each use of a refresh token gives a new one and ends the old. Whether the provider rotates is not documented.
    pub rotate_refresh_tokens: bool,
    /// Scopes the instance's client holds.
    pub scopes: Vec<String>,
    /// A token asked for with more scopes than the client holds is given for those it holds (RFC 6749, section 3.3)
    /// rather than refused.
    pub narrow_scopes: bool,
    /// Client id and secret to use again after a restart; `None` makes random ones.
    pub credentials: Option<Credentials>,
    /// Redirect URIs the authorization page accepts; empty accepts any on a loopback address.
    pub redirect_uris: Vec<String>,
    /// The user on the authorization page says yes.
    pub approve_authorizations: bool,
    /// Largest page; a larger `limit` is lowered to it.
    pub page_ceiling: u64,
    /// The instance's time stands still here (see [`crate::RunningSandbox::advance`]); `None` is the wall clock.
    pub now: Option<Timestamp>,
    /// The newest record of the generated data was updated shortly before this.
    pub data_until: Timestamp,
    /// `None` takes the profile's own.
    pub faults: Option<FaultRates>,
    /// Extra custom fields on every invoice that no connector knows of: key and value.
    pub extra_custom_fields: Vec<(String, String)>,
}

/// 2026-11-15T00:00:00Z; fixed, so that a seed gives the same records tomorrow.
const DATA_UNTIL: i64 = 1_794_700_800;

/// What a least-privilege, read-only procure-to-pay client holds, with the further resources served here.
pub const DEFAULT_SCOPES: [&str; 18] = [
    "core.common.read",
    "core.accounting.read",
    "core.invoice.read",
    "core.purchase_order.read",
    "core.supplier.read",
    "core.requisition.read",
    "core.expense.read",
    "core.contract.read",
    "core.user.read",
    "core.item.read",
    "core.budget.read",
    "core.inventory.receiving.read",
    "core.pay.payments.read",
    "core.project.read",
    "core.integration.read",
    "openid",
    "login",
    "offline_access",
];

impl Default for SandboxConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            profile: Profile::Smooth,
            counts: Counts::default(),
            limit: Some(RateLimit {
                per_second: 25,
                burst: 20,
            }),
            latency: None,
            settle: Duration::from_secs(5),
            port: 0,
            access_token_lifetime: Duration::from_secs(86_399),
            refresh_token_lifetime: Duration::from_hours(2160),
            rotate_refresh_tokens: true,
            scopes: DEFAULT_SCOPES.map(String::from).to_vec(),
            narrow_scopes: false,
            credentials: None,
            redirect_uris: Vec::new(),
            approve_authorizations: true,
            page_ceiling: 50,
            now: None,
            data_until: Timestamp::from_second(DATA_UNTIL).unwrap_or_default(),
            faults: None,
            extra_custom_fields: Vec::new(),
        }
    }
}

impl SandboxConfig {
    /// For tests of a client: no limit, no settling, nothing random.
    pub fn for_tests() -> Self {
        Self {
            limit: None,
            settle: Duration::ZERO,
            ..Self::default()
        }
    }

    /// Sets one resource's count of records.
    #[must_use]
    pub fn with(mut self, resource: Resource, count: u64) -> Self {
        self.counts.set(resource, count);
        self
    }

    /// Also grants `scope` to the instance's client.
    #[must_use]
    pub fn granting(mut self, scope: &str) -> Self {
        self.scopes.push(scope.to_owned());
        self
    }

    /// Takes `scope` from the instance's client.
    #[must_use]
    pub fn without_scope(mut self, scope: &str) -> Self {
        self.scopes.retain(|held| held != scope);
        self
    }
}

/// How the instance behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Answers at once and never fails.
    #[default]
    Smooth,
    /// 150 to 600 ms per answer, a 429 now and then, with and without `Retry-After`.
    Busy,
    /// 5xx, resets, truncated bodies, HTML, a token revoked and records inserted and deleted while they are read.
    Hostile,
}

impl Profile {
    /// The profile of that name, as the command line spells it.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "smooth" => Some(Self::Smooth),
            "busy" => Some(Self::Busy),
            "hostile" => Some(Self::Hostile),
            _ => None,
        }
    }

    pub(crate) fn latency(self) -> Latency {
        match self {
            Self::Smooth | Self::Hostile => Latency::NONE,
            Self::Busy => Latency {
                least: Duration::from_millis(150),
                most: Duration::from_millis(600),
            },
        }
    }
}

/// A leaky bucket: `burst` requests at once, then `per_second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    pub per_second: u32,
    pub burst: u32,
}

/// How long an answer takes, evenly spread between the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    pub least: Duration,
    pub most: Duration,
}

impl Latency {
    pub const NONE: Self = Self {
        least: Duration::ZERO,
        most: Duration::ZERO,
    };

    /// Always the same.
    pub const fn of(duration: Duration) -> Self {
        Self {
            least: duration,
            most: duration,
        }
    }
}

/// Records per resource. Purchase order lines follow from the purchase orders (three each on average).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts([u64; Resource::ALL.len()]);

/// More would let ids and amounts leave the ranges the generator was checked for.
pub const MOST_RECORDS: u64 = 1_000_000;

impl Default for Counts {
    fn default() -> Self {
        Self(Resource::ALL.map(|resource| resource.traits().default_count))
    }
}

impl Counts {
    pub fn get(&self, resource: Resource) -> u64 {
        let own = self.0.get(resource.index()).copied().unwrap_or(0);
        match resource {
            Resource::PurchaseOrderLines => {
                order_line::lines_before(self.get(Resource::PurchaseOrders))
            }
            // A payment pays an invoice; see `records::payment`.
            Resource::Payments => own.min(self.get(Resource::Invoices) / 4),
            _ => own,
        }
    }

    /// Counts above [`MOST_RECORDS`] are lowered to it, currencies to those the generator knows, payments to a
    /// quarter of the invoices. What other records refer to (users, suppliers, accounts and the like) keeps at least
    /// one record.
    pub fn set(&mut self, resource: Resource, count: u64) {
        let (least, most) = match resource {
            Resource::Currencies => (1, vocabulary::CURRENCIES.len() as u64),
            Resource::Accounts
            | Resource::Addresses
            | Resource::BusinessGroups
            | Resource::Departments
            | Resource::IntegrationRuns
            | Resource::Integrations
            | Resource::Items
            | Resource::PaymentTerms
            | Resource::PurchaseOrders
            | Resource::Suppliers
            | Resource::Users => (1, MOST_RECORDS),
            _ => (0, MOST_RECORDS),
        };
        if let Some(slot) = self.0.get_mut(resource.index()) {
            *slot = count.clamp(least, most);
        }
    }
}
