//! Where secrets may go.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::HostPattern;
use crate::address::{is_loopback, is_private_address};

/// Scheme, host and port of an address: the unit in which secrets are let out.
///
/// The host is in lower case and ASCII (IDNA), without a trailing dot; `http` exists for loopback only.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    secure: bool,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of `url`. Errors: a user or password in it, a scheme other than https (http for loopback), no host.
    pub fn of(url: &Url) -> Result<Self, OriginError> {
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::UserInfo);
        }
        let host = match url.host() {
            Some(Host::Domain(name)) => name.strip_suffix('.').unwrap_or(name).to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => format!("[{address}]"),
            None => return Err(OriginError::NoHost),
        };
        if host.is_empty() {
            return Err(OriginError::NoHost);
        }
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(OriginError::Scheme(other.to_owned())),
        };
        let origin = Self {
            secure,
            host,
            port: url.port_or_known_default().unwrap_or(443),
        };
        if !origin.secure && !origin.names_loopback() {
            return Err(OriginError::NotSecure(origin.host));
        }
        Ok(origin)
    }

    /// The origin of a text that is an absolute address.
    pub fn parse(text: &str) -> Result<Self, OriginError> {
        Self::of(&Url::parse(text).map_err(|_| OriginError::NotAnAddress)?)
    }

    /// The host: a name, an IPv4 address, or an IPv6 address in brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is `https`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The host's address, if it is one.
    pub fn address(&self) -> Option<IpAddr> {
        self.host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse()
            .ok()
    }

    /// Whether the host is `localhost` or a loopback address.
    pub fn names_loopback(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(is_loopback)
    }

    /// The host, with the port where it is not 443: what a user types to confirm it.
    pub fn host_and_port(&self) -> String {
        if self.port == 443 {
            self.host.clone()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.secure {
            ("https", 443)
        } else {
            ("http", 80)
        };
        write!(f, "{scheme}://{}", self.host)?;
        if self.port != usual {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl serde::Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Why nothing with a secret in it may be sent to an address. The messages hold hosts only, never a path or a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Not an absolute address at all.
    #[error("this is not an absolute address")]
    NotAnAddress,
    /// No host in it.
    #[error("the address has no host")]
    NoHost,
    /// A user or password in it.
    #[error("the address has a user name or a password in it")]
    UserInfo,
    /// Neither https nor http.
    #[error("the address begins with `{0}:`, not `https:`")]
    Scheme(String),
    /// `http` to another machine.
    #[error("the address of {0} is not https")]
    NotSecure(String),
    /// A host the connector does not declare.
    #[error("{0} is not one of the hosts this connector speaks to")]
    NotDeclared(String),
    /// A host that leads into a private network.
    #[error("{host} leads to the private address {address}")]
    Private {
        /// The host, with its port where that is not 443.
        host: String,
        /// What it resolved to.
        address: IpAddr,
    },
    /// Another origin than those the account was connected to.
    #[error("{0} is not an origin this account was connected to")]
    NotApproved(Origin),
}

impl OriginError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAnAddress | Self::NoHost => "invalid_address",
            Self::UserInfo => "address_with_user",
            Self::Scheme(_) | Self::NotSecure(_) => "not_https",
            Self::NotDeclared(_) => "host_not_declared",
            Self::Private { .. } => "private_address",
            Self::NotApproved(_) => "origin_not_approved",
        }
    }

    /// The next step.
    pub fn hint(&self) -> String {
        match self {
            Self::NotAnAddress | Self::NoHost => "Write the whole address, such as https://acme.example.com.".to_owned(),
            Self::UserInfo => "Leave the user name and the password out; they belong into the credential.".to_owned(),
            Self::Scheme(_) | Self::NotSecure(_) => {
                "Use https; http is for a sandbox on this machine (127.0.0.1) only.".to_owned()
            }
            Self::NotDeclared(host) | Self::Private { host, .. } => {
                format!("Check the address for a typing mistake. If it is right, allow the host {host} for this account.")
            }
            Self::NotApproved(_) => {
                "Nothing was sent there. If the provider has moved, connect the account again with the new address. One that comes with the token is approved by testing the connection the first time; later, approve the connector anew, then test the connection.".to_owned()
            }
        }
    }
}

/// Whether credentials may be sent to `origin`, before and after its name is resolved.
///
/// * `hosts`: what the connector declares.
/// * `confirmed`: hosts the user typed for this account, each as [`Origin::host_and_port`] writes it.
/// * `resolved`: the addresses the host leads to; empty before it is resolved. Ask again with them before anything is sent.
///
/// Loopback by name (`localhost`, 127.0.0.0/8, `::1`) is allowed, for a sandbox; a public name that leads there, or into any private
/// network, is not, unless confirmed.
pub fn origin_allowed(
    origin: &Origin,
    hosts: &[HostPattern],
    confirmed: &[String],
    resolved: &[IpAddr],
) -> Result<(), OriginError> {
    let host = origin.host_and_port();
    if confirmed.iter().any(|typed| {
        typed
            .trim()
            .trim_end_matches('.')
            .eq_ignore_ascii_case(&host)
    }) {
        return Ok(());
    }
    if origin.names_loopback() {
        return match resolved.iter().find(|address| !is_loopback(**address)) {
            Some(_) => Err(OriginError::NotDeclared(host)),
            None => Ok(()),
        };
    }
    if !hosts
        .iter()
        .any(|pattern| pattern.matches(origin.host(), origin.port()))
    {
        return Err(OriginError::NotDeclared(host));
    }
    match origin
        .address()
        .iter()
        .chain(resolved)
        .find(|address| is_private_address(**address))
    {
        Some(address) => Err(OriginError::Private {
            host,
            address: *address,
        }),
        None => Ok(()),
    }
}

/// The origins an account was connected to. Every call with a secret goes to one of them: tokens, pages, next-URLs, pass-through reads, and
/// an instance URL that comes with a token.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ApprovedOrigins(Vec<Origin>);

impl ApprovedOrigins {
    /// Origins the user has connected to; kept once each, in order.
    pub fn new(origins: impl IntoIterator<Item = Origin>) -> Self {
        let mut approved = Vec::new();
        for origin in origins {
            if !approved.contains(&origin) {
                approved.push(origin);
            }
        }
        Self(approved)
    }

    /// The origins, in the order approved.
    pub fn iter(&self) -> impl Iterator<Item = &Origin> {
        self.0.iter()
    }

    /// Lets `url` pass if its origin is approved.
    pub fn require(&self, url: &Url) -> Result<(), OriginError> {
        let origin = Origin::of(url)?;
        if self.0.contains(&origin) {
            Ok(())
        } else {
            Err(OriginError::NotApproved(origin))
        }
    }

    /// Resolves `next` (an address in a body or a `Link` header) against `page` and lets it pass if its origin is approved.
    pub fn follow(&self, page: &Url, next: &str) -> Result<Url, OriginError> {
        let url = page.join(next).map_err(|_| OriginError::NotAnAddress)?;
        self.require(&url)?;
        Ok(url)
    }
}
