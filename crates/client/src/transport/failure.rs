use std::error::Error;
use std::io;

use rustls::CertificateError;

use super::resolver::{LeadsInside, NotResolved};
use super::settings::Timeouts;
use crate::error::{CertificateProblem, ClientError};

/// Where a call was when it failed.
pub(super) struct Situation<'a> {
    pub(super) host: &'a str,
    pub(super) proxy: Option<&'a str>,
    pub(super) timeouts: Timeouts,
    /// Whether the answer's head had come.
    pub(super) in_body: bool,
}

/// Says what a failure of the HTTP library was.
pub(super) fn explain(error: &reqwest::Error, situation: &Situation<'_>) -> ClientError {
    let host = situation.host.to_owned();
    let causes = chain(error);
    let detail = causes
        .last()
        .map_or_else(|| "unknown".to_owned(), ToString::to_string);
    for cause in &causes {
        if let Some(inside) = cause.downcast_ref::<LeadsInside>() {
            return ClientError::PrivateAddress {
                host: inside.host.clone(),
                address: inside.address.to_string(),
            };
        }
        if let Some(missing) = cause.downcast_ref::<NotResolved>() {
            return match situation.proxy {
                Some(proxy) => ClientError::ProxyUnreachable {
                    proxy: proxy.to_owned(),
                    detail: missing.to_string(),
                },
                None => ClientError::DnsFailed {
                    host,
                    detail: missing.to_string(),
                },
            };
        }
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            return tls_failure(host, tls);
        }
    }
    if let Some(proxy) = situation.proxy.filter(|_| error.is_connect())
        && let Some(refusal) = causes
            .iter()
            .map(ToString::to_string)
            .find(|text| is_tunnel_refusal(text))
    {
        return ClientError::ProxyRefused {
            proxy: proxy.to_owned(),
            host,
            detail: refusal,
        };
    }
    if error.is_timeout() {
        return if error.is_connect() {
            ClientError::ConnectTimeout {
                host,
                after: situation.timeouts.connect,
            }
        } else {
            ClientError::Timeout {
                host,
                after: situation.timeouts.read,
            }
        };
    }
    if error.is_connect() {
        return match situation.proxy {
            Some(proxy) => ClientError::ProxyUnreachable {
                proxy: proxy.to_owned(),
                detail,
            },
            None if broke_off(&causes) => ClientError::TlsFailed { host, detail },
            None => ClientError::TcpRefused { host, detail },
        };
    }
    if situation.in_body {
        ClientError::Truncated { host, detail }
    } else {
        ClientError::ConnectionReset { host, detail }
    }
}

/// Says why a TLS handshake failed.
pub(crate) fn tls_failure(host: String, error: &rustls::Error) -> ClientError {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return ClientError::TlsFailed {
            host,
            detail: error.to_string(),
        };
    };
    let problem = match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            CertificateProblem::Expired
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            CertificateProblem::NotYetValid
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            CertificateProblem::WrongHost
        }
        CertificateError::UnknownIssuer => CertificateProblem::UnknownIssuer,
        CertificateError::Revoked => CertificateProblem::Revoked,
        _ => CertificateProblem::Invalid,
    };
    ClientError::TlsCertificate {
        host,
        problem,
        detail: reason.to_string(),
    }
}

/// Every cause of an error, outermost first. An `io::Error` hides what it wraps from `source`, so it is opened by hand.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> Vec<&'e (dyn Error + 'static)> {
    let mut causes = Vec::new();
    let mut next = Some(error);
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn Error + 'static)),
            None => cause.source(),
        };
    }
    causes
}

/// The library's words for a proxy that answered `CONNECT` with anything but 2xx; it has no type of its own for it.
fn is_tunnel_refusal(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    text.contains("proxy auth") || text.contains("unsuccessful") || text.contains("unexpected eof")
}

/// Whether the other side was reached and hung up: a plain-text port asked for TLS.
fn broke_off(causes: &[&(dyn Error + 'static)]) -> bool {
    causes
        .iter()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::InvalidData
                    | io::ErrorKind::ConnectionReset
            )
        })
}
