//! Which hosts a connector may speak to.

use crate::text_type::{TextError, text_type};

/// A host a connector may speak to: `api.example.com`, or `*.example.com` for every name below it; `:8443` at the end allows that port
/// instead of 443. Compared in lower case, in its ASCII (IDNA) form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HostPattern {
    text: String,
    /// The ASCII name without `*.`.
    name: String,
    wildcard: bool,
    port: u16,
}

text_type!(
    HostPattern,
    "host-pattern",
    "A host name, or `*.` and a name for every name below it; `:8443` at the end allows that port instead of 443."
);

impl HostPattern {
    /// Reads a pattern. A bare `*`, a wildcard over a top-level domain (`*.com`) and an IP address are refused.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let wrong = |what: &str| {
            TextError::new(
                format!("`{text}` {what}"),
                "write a full host name or `*.` and at least two labels, such as `*.example.com`",
            )
        };
        let (wildcard, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (name, port) = match rest.split_once(':') {
            Some((name, port)) => {
                let port = port.parse::<u16>().ok().filter(|port| *port > 0);
                (name, port.ok_or_else(|| wrong("has no valid port"))?)
            }
            None => (rest, 443),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.contains('*') {
            return Err(wrong("has a `*` that is not a whole first label"));
        }
        match url::Host::parse(name) {
            Ok(url::Host::Domain(ascii)) if is_name(&ascii) => {
                if !ascii.contains('.') && wildcard {
                    return Err(wrong("opens a whole top-level domain"));
                }
                Ok(Self {
                    text: text.to_owned(),
                    name: ascii,
                    wildcard,
                    port,
                })
            }
            Ok(url::Host::Domain(_)) | Err(_) => Err(wrong("is not a host name")),
            Ok(_) => Err(wrong("is an address, not a host name")),
        }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `host` (ASCII, lower case) at `port` is one of these.
    pub fn matches(&self, host: &str, port: u16) -> bool {
        if port != self.port {
            return false;
        }
        if self.wildcard {
            host.strip_suffix(self.name.as_str())
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|labels| !labels.is_empty())
        } else {
            host == self.name
        }
    }
}

fn is_name(ascii: &str) -> bool {
    ascii.len() <= 253
        && ascii.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        })
}
