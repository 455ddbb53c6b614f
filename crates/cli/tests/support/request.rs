//! A request as the instance received it.

use std::time::Instant;

use axum::http::HeaderMap;

/// A request as the instance received it.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    /// Decoded, in the order sent.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: String,
    pub at: Instant,
    /// Which request of this path it is, from 1.
    pub nth: usize,
}

impl Request {
    /// The value of a parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of a header, empty if absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The parameters of the form in the body.
    pub fn form(&self) -> Vec<(String, String)> {
        decode(&self.body)
    }

    /// Whether it reads a list or a record, other than the token endpoint.
    pub fn is_read(&self) -> bool {
        self.method == "GET" && self.path.starts_with("/api/")
    }
}

/// Decodes `a=b&c=d`; `+` is a space.
pub fn decode(text: &str) -> Vec<(String, String)> {
    let part = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            match byte {
                b'+' => bytes.push(b' '),
                b'%' => {
                    let hex: String = rest.by_ref().take(2).map(char::from).collect();
                    bytes.push(u8::from_str_radix(&hex, 16).unwrap());
                }
                other => bytes.push(other),
            }
        }
        String::from_utf8(bytes).unwrap()
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(key, value)| (part(key), part(value)))
        .collect()
}
