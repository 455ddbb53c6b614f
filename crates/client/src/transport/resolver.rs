use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use crosswalk_connector::{is_loopback, is_private_address};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names through the operating system and refuses those that lead into private networks, unless the user confirmed the host. The
/// addresses checked are the ones connected to, so a name cannot change its mind in between.
#[derive(Debug, Clone)]
pub(super) struct GuardedResolver {
    confirmed: Arc<[String]>,
    proxy: Option<String>,
}

/// A name without an address.
#[derive(Debug, thiserror::Error)]
#[error("{detail}")]
pub(super) struct NotResolved {
    detail: String,
}

/// A public name with a private address.
#[derive(Debug, thiserror::Error)]
#[error("{host} resolves to the private address {address}")]
pub(super) struct LeadsInside {
    pub(super) host: String,
    pub(super) address: IpAddr,
}

impl GuardedResolver {
    pub(super) fn new(confirmed: Vec<String>, proxy: Option<String>) -> Self {
        Self {
            confirmed: confirmed.into(),
            proxy,
        }
    }

    pub(super) fn check(&self, host: &str, addresses: &[SocketAddr]) -> Result<(), LeadsInside> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let trusted =
            self.confirmed.contains(&host) || self.proxy.as_deref() == Some(host.as_str());
        let wrong = |address: &IpAddr| {
            if host == "localhost" {
                !is_loopback(*address)
            } else {
                is_private_address(*address)
            }
        };
        match addresses.iter().map(SocketAddr::ip).find(wrong) {
            Some(address) if !trusted => Err(LeadsInside { host, address }),
            _ => Ok(()),
        }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found = tokio::net::lookup_host((host.as_str(), 0)).await;
            let addresses: Vec<SocketAddr> = found
                .map_err(|error| NotResolved {
                    detail: error.to_string(),
                })?
                .collect();
            if addresses.is_empty() {
                return Err(NotResolved {
                    detail: "the name has no address".to_owned(),
                }
                .into());
            }
            guard.check(&host, &addresses)?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The name in a confirmed `host` or `host:port`.
pub(super) fn name_of(confirmed: &str) -> String {
    let confirmed = confirmed.trim().trim_end_matches('.').to_ascii_lowercase();
    match confirmed.rsplit_once(':') {
        Some((name, port)) if port.parse::<u16>().is_ok() && !name.ends_with(':') => {
            name.to_owned()
        }
        _ => confirmed,
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        reason = "tests"
    )]
    use super::*;

    #[test]
    fn a_public_name_with_a_private_address_is_refused() {
        let resolver = GuardedResolver::new(
            vec!["inside.example".to_owned()],
            Some("proxy.example".to_owned()),
        );
        let at = |address: &str| [SocketAddr::new(address.parse().unwrap(), 0)];
        let table = [
            ("api.example", "93.184.215.14", true),
            ("api.example", "10.0.0.7", false),
            ("api.example", "127.0.0.1", false),
            ("api.example", "169.254.169.254", false),
            ("api.example", "::ffff:192.168.1.1", false),
            ("Inside.example.", "10.0.0.7", true),
            ("proxy.example", "10.0.0.8", true),
            ("localhost", "127.0.0.1", true),
            ("localhost", "10.0.0.8", false),
        ];
        for (host, address, allowed) in table {
            assert_eq!(
                resolver.check(host, &at(address)).is_ok(),
                allowed,
                "{host} at {address}"
            );
        }
        let mixed = ["93.184.215.14", "10.0.0.1"]
            .map(|address| SocketAddr::new(address.parse().unwrap(), 0));
        assert!(resolver.check("api.example", &mixed).is_err());
    }

    #[test]
    fn names_in_confirmations() {
        assert_eq!(name_of("Inside.Example:8443"), "inside.example");
        assert_eq!(name_of("inside.example."), "inside.example");
    }
}
