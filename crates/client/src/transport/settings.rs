use std::time::Duration;

use crosswalk_vault::Secret;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use url::Url;

use crate::ClientError;

/// How this machine reaches the outside.
#[derive(Debug, Clone, Default)]
pub struct HttpSettings {
    /// The proxy every call but those to loopback goes through.
    pub proxy: Option<ProxySetting>,
    /// Certificates in PEM form that are trusted besides the system's, such as that of a company's inspecting proxy.
    pub extra_ca_pem: Option<String>,
    /// What we call ourselves; empty for the product's own name and version.
    pub user_agent: String,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

/// A proxy that is asked to `CONNECT`.
#[derive(Debug, Clone)]
pub struct ProxySetting {
    /// Its address, without user and password: `http://proxy.corp.example:3128`.
    pub url: Url,
    /// User name and password, if it wants them.
    pub login: Option<(String, Secret)>,
    /// Hosts reached without it: `corp.example` stands for itself and every name below it.
    pub except: Vec<String>,
}

/// How long to wait for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection, TLS included.
    pub connect: Duration,
    /// For the first byte of an answer, and between any two of its parts.
    pub read: Duration,
    /// For everything.
    pub total: Duration,
}

impl Default for Timeouts {
    /// A report over large objects takes a provider half a minute; a stuck one must not hold a run for longer than five.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_mins(1),
            total: Duration::from_mins(5),
        }
    }
}

impl HttpSettings {
    pub(super) fn agent(&self) -> String {
        if self.user_agent.is_empty() {
            concat!("Crosswalk/", env!("CARGO_PKG_VERSION")).to_owned()
        } else {
            self.user_agent.clone()
        }
    }

    pub(super) fn proxy_host(&self) -> Option<String> {
        self.proxy
            .as_ref()
            .and_then(|proxy| proxy.url.host_str())
            .map(str::to_ascii_lowercase)
    }

    /// The proxy that calls to `host` go through, if any. Loopback is always reached directly.
    pub(crate) fn proxy_for(&self, host: &str) -> Option<&ProxySetting> {
        self.proxy
            .as_ref()
            .filter(|proxy| !goes_direct(&proxy.except, host))
    }

    pub(super) fn reqwest_proxy(&self) -> Result<Option<reqwest::Proxy>, ClientError> {
        let Some(setting) = &self.proxy else {
            return Ok(None);
        };
        if !setting.url.username().is_empty() || setting.url.password().is_some() {
            return Err(ClientError::Settings {
                detail: "the proxy's address holds a user or password; give them apart".to_owned(),
            });
        }
        let (url, except) = (setting.url.clone(), setting.except.clone());
        let mut proxy = reqwest::Proxy::custom(move |target| {
            let direct = target
                .host_str()
                .is_none_or(|host| goes_direct(&except, host));
            (!direct).then(|| url.clone())
        });
        if let Some((user, password)) = &setting.login {
            proxy = proxy.basic_auth(user, password.expose());
        }
        Ok(Some(proxy))
    }
}

fn goes_direct(except: &[String], host: &str) -> bool {
    let bare = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase();
    let loopback = bare == "localhost" || bare.parse().is_ok_and(crosswalk_connector::is_loopback);
    loopback
        || except.iter().any(|name| {
            let name = name.trim_start_matches('.').to_ascii_lowercase();
            bare == name
                || bare
                    .strip_suffix(name.as_str())
                    .is_some_and(|rest| rest.ends_with('.'))
        })
}

/// The extra certificates, parsed.
pub(crate) fn extra_certificates(
    settings: &HttpSettings,
) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let Some(pem) = &settings.extra_ca_pem else {
        return Ok(Vec::new());
    };
    let unreadable = |detail: &str| ClientError::Settings {
        detail: format!("the extra CA certificate: {detail}"),
    };
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let certificates = certificates.map_err(|error| unreadable(&error.to_string()))?;
    if certificates.is_empty() {
        Err(unreadable("no certificate in PEM form"))
    } else {
        Ok(certificates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_past_the_proxy() {
        let except = ["corp.example".to_owned()];
        for host in [
            "localhost",
            "127.0.0.1",
            "[::1]",
            "corp.example",
            "api.Corp.example",
        ] {
            assert!(goes_direct(&except, host), "{host}");
        }
        for host in ["example", "notcorp.example", "api.example.com"] {
            assert!(!goes_direct(&except, host), "{host}");
        }
    }

    #[test]
    fn a_ca_that_is_no_certificate_is_refused() {
        let settings = HttpSettings {
            extra_ca_pem: Some("not a certificate".to_owned()),
            ..HttpSettings::default()
        };
        assert!(
            extra_certificates(&settings).is_err_and(|error| error.code() == "network_settings")
        );
    }
}
