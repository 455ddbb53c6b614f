use std::str::FromStr;

use bigdecimal::{BigDecimal, RoundingMode, Zero};

/// The longest decimal accepted, in characters. Sums of money fit in 40; the bound keeps a hostile literal
/// (`1e1000000000`) from becoming a gigabyte of zeros.
const LONGEST: usize = 200;

/// The largest scale `$decimal_round` accepts.
const LARGEST_SCALE: i64 = 100;

/// An exact decimal number that remembers its scale: `12.50` stays `12.50`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(BigDecimal);

/// How a half is rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Away from zero, the habit of invoices: 0.125 becomes 0.13.
    HalfUp,
    /// To the even neighbour, the habit of statistics: 0.125 becomes 0.12.
    HalfEven,
}

impl Decimal {
    /// Zero with no decimals.
    pub fn zero() -> Self {
        Self(BigDecimal::zero())
    }

    /// Reads digits with an optional sign and fraction (`-12.50`); no exponent, no thousands separators.
    /// `None` if the text is anything else, or longer than 200 characters.
    pub fn parse(text: &str) -> Option<Self> {
        Self::is_decimal(text)
            .then(|| BigDecimal::from_str(text).ok())
            .flatten()
            .map(Self)
    }

    /// Whether [`Decimal::parse`] would read this text; cheaper.
    pub fn is_decimal(text: &str) -> bool {
        if text.len() > LONGEST {
            return false;
        }
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (unsigned, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        digits(whole) && fraction.is_none_or(digits)
    }

    /// The exact sum; its scale is the larger of the two.
    #[must_use]
    pub fn add(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }

    /// The exact product; its scale is the sum of the two.
    #[must_use]
    pub fn mul(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0)
    }

    /// This number with `scale` decimals. `None` if `scale` is negative or above 100.
    pub fn round(&self, scale: i64, rounding: Rounding) -> Option<Self> {
        let mode = match rounding {
            Rounding::HalfUp => RoundingMode::HalfUp,
            Rounding::HalfEven => RoundingMode::HalfEven,
        };
        (0..=LARGEST_SCALE)
            .contains(&scale)
            .then(|| Self(self.0.with_scale_round(scale, mode)))
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_plain_string())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn reads_plain_decimals_only() {
        for text in ["0", "-1", "12.50", "00.10", "12345678901234567.89"] {
            assert!(Decimal::parse(text).is_some(), "{text}");
        }
        for text in [
            "", "-", ".5", "5.", "+1", "1e3", "1,000", " 1", "NaN", "1.2.3", "--1", "1.-2",
        ] {
            assert!(Decimal::parse(text).is_none(), "{text}");
        }
        assert!(Decimal::parse(&"9".repeat(201)).is_none());
    }

    #[test]
    fn keeps_the_scale() {
        assert_eq!(decimal("12.50").to_string(), "12.50");
        assert_eq!(decimal("12.50").add(&decimal("1")).to_string(), "13.50");
        assert_eq!(decimal("1.10").mul(&decimal("2.0")).to_string(), "2.200");
        assert_eq!(decimal("0.1").add(&decimal("0.2")).to_string(), "0.3");
    }

    #[test]
    fn ten_thousand_amounts_sum_exactly() {
        let sum = (0..10_000).fold(Decimal::zero(), |sum, _| sum.add(&decimal("0.10")));
        assert_eq!(sum.to_string(), "1000.00");
        let large = (0..10_000).fold(Decimal::zero(), |sum, _| {
            sum.add(&decimal("12345678901234567.89"))
        });
        assert_eq!(large.to_string(), "123456789012345678900.00");
    }

    #[test]
    fn rounds_halves_as_asked() {
        for (text, scale, up, even) in [
            ("0.125", 2, "0.13", "0.12"),
            ("-0.125", 2, "-0.13", "-0.12"),
            ("0.135", 2, "0.14", "0.14"),
            ("1", 2, "1.00", "1.00"),
            ("1.5", 0, "2", "2"),
            ("2.5", 0, "3", "2"),
        ] {
            let round = |rounding| decimal(text).round(scale, rounding).unwrap().to_string();
            assert_eq!(round(Rounding::HalfUp), up, "{text}");
            assert_eq!(round(Rounding::HalfEven), even, "{text}");
        }
        assert!(decimal("1").round(-1, Rounding::HalfUp).is_none());
        assert!(decimal("1").round(101, Rounding::HalfUp).is_none());
    }
}
