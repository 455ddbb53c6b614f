//! A length of time as definitions write it.

use std::time::Duration;

use crate::text_type::{TextError, text_type};

/// A length of time: a whole number and one unit of `ms`, `s`, `m`, `h`, `d`, such as `20h`. A day is 24 hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    text: String,
    duration: Duration,
}

text_type!(
    Period,
    "period",
    "A length of time: a whole number and one unit of ms, s, m, h, d, such as `20h`."
);

impl Period {
    /// Reads `5s`, `250ms`, `20h`, `90d`.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let wrong = || {
            TextError::new(
                format!("`{text}` is not a length of time"),
                "write a whole number and one unit: 250ms, 5s, 10m, 20h or 90d",
            )
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        let duration = Duration::from_millis(number.checked_mul(millis).ok_or_else(wrong)?);
        Ok(Self {
            text: text.to_owned(),
            duration,
        })
    }

    /// A period of whole seconds.
    pub fn from_secs(seconds: u64) -> Self {
        Self {
            text: format!("{seconds}s"),
            duration: Duration::from_secs(seconds),
        }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The length of time.
    pub fn duration(&self) -> Duration {
        self.duration
    }
}
