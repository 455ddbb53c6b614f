use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a client of the instance signs in with. The secret does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub client_id: String,
    pub client_secret: String,
}

impl Credentials {
    /// Random ones; `None` if the system has no randomness to give.
    pub(crate) fn random() -> Option<Self> {
        Some(Self {
            client_id: random_hex(16)?,
            client_secret: random_text(32)?,
        })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

pub(crate) fn random_hex(bytes: usize) -> Option<String> {
    let mut text = String::new();
    for byte in random_bytes(bytes)? {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Some(text)
}

pub(crate) fn random_text(bytes: usize) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(random_bytes(bytes)?))
}

fn random_bytes(count: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}
