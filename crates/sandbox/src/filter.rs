use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::Value;

use crate::selection::hyphenated;
use crate::world::Row;

/// One condition on one field, such as `supplier[name][contains]=fjord`. All conditions of a request must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    /// Kebab-case, through associations.
    pub(crate) path: Vec<String>,
    operator: Operator,
    operand: String,
    /// The operand as an instant, read once.
    instant: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    NotEquals,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    In,
    NotIn,
    Contains,
    StartsWith,
    EndsWith,
    Blank,
}

impl Operator {
    /// The operators the provider documents (Compass, *Query Parameters*).
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gt" => Self::Greater,
            "gt-or-eq" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "lt-or-eq" => Self::LessOrEqual,
            "not-eq" => Self::NotEquals,
            "in" => Self::In,
            "not-in" => Self::NotIn,
            "contains" => Self::Contains,
            "starts-with" => Self::StartsWith,
            "ends-with" => Self::EndsWith,
            "blank" => Self::Blank,
            _ => return None,
        })
    }

    fn compares_text(self) -> bool {
        matches!(self, Self::Contains | Self::StartsWith | Self::EndsWith)
    }
}

impl Filter {
    /// Reads `field[association][operator]`; the error is a sentence for the answer.
    pub(crate) fn parse(key: &str, operand: &str) -> Result<Self, String> {
        let (head, rest) = key
            .split_once('[')
            .map_or((key, None), |(head, rest)| (head, Some(rest)));
        let mut path = vec![hyphenated(head)];
        if let Some(rest) = rest {
            let inner = rest
                .strip_suffix(']')
                .ok_or_else(|| format!("{key} misses a closing bracket."))?;
            path.extend(inner.split("][").map(hyphenated));
        }
        if path.iter().any(String::is_empty) {
            return Err(format!("{key} names no field."));
        }
        let operator = match path.last().and_then(|last| Operator::named(last)) {
            Some(operator) if path.len() > 1 => {
                path.pop();
                operator
            }
            _ => Operator::Equals,
        };
        let instant = operand.parse().ok();
        let filter = Self {
            path,
            operator,
            operand: operand.to_owned(),
            instant,
        };
        filter.check(key)?;
        Ok(filter)
    }

    fn check(&self, key: &str) -> Result<(), String> {
        let field = self.path.last().map_or("", String::as_str);
        let is_date = field.ends_with("-at") || field.ends_with("-date");
        if is_date && self.operator.compares_text() {
            return Err(format!("{key}: dates cannot be compared as text."));
        }
        if self.operator == Operator::Blank && !matches!(self.operand.as_str(), "true" | "false") {
            return Err(format!("{key}: blank takes true or false."));
        }
        let needs_instant = is_date
            && !matches!(
                self.operator,
                Operator::Blank | Operator::In | Operator::NotIn
            );
        if needs_instant && self.instant.is_none() && civil_date(&self.operand).is_none() {
            return Err(format!(
                "{key}: {} is not a date; a + in an offset must be written %2B, else it is read as a space.",
                self.operand
            ));
        }
        Ok(())
    }

    /// Whether the condition can be judged from the row alone, without building its record.
    pub(crate) fn needs_only_the_row(&self) -> bool {
        matches!(self.path.as_slice(), [field] if matches!(field.as_str(), "id" | "created-at" | "updated-at" | "status" | "exported"))
    }

    /// An id below which, or from which on, nothing can match: `(at least, at most)`.
    pub(crate) fn id_range(&self) -> Option<(u64, u64)> {
        if self.path != ["id"] {
            return None;
        }
        if self.operator == Operator::In {
            let ids: Option<Vec<u64>> = self
                .operand
                .split(',')
                .map(|id| id.trim().parse().ok())
                .collect();
            return ids.and_then(|ids| Some((*ids.iter().min()?, *ids.iter().max()?)));
        }
        let id: u64 = self.operand.trim().parse().ok()?;
        match self.operator {
            Operator::Equals => Some((id, id)),
            Operator::Greater => Some((id.saturating_add(1), u64::MAX)),
            Operator::GreaterOrEqual => Some((id, u64::MAX)),
            Operator::Less => Some((0, id.saturating_sub(1))),
            Operator::LessOrEqual => Some((0, id)),
            _ => None,
        }
    }

    /// Judges a condition for which [`Self::needs_only_the_row`] holds.
    pub(crate) fn holds_for_row(&self, row: &Row) -> bool {
        match self.path.first().map(String::as_str) {
            Some("id") => self.holds_for(&Value::from(row.id)),
            Some("created-at") => self.holds_at(row.created),
            Some("updated-at") => self.holds_at(row.updated),
            Some("status") if row.status.is_empty() => self.holds_for(&Value::Null),
            Some("status") => self.holds_for(&Value::from(row.status)),
            Some("exported") => self.holds_for(
                &row.exported
                    .map_or(Value::Null, |(flag, _)| Value::from(flag)),
            ),
            _ => false,
        }
    }

    fn holds_at(&self, unix_seconds: i64) -> bool {
        match self.operand_instant() {
            Some(instant) => self.judge(Some(unix_seconds.cmp(&instant))),
            None => self.operator == Operator::Blank && self.operand == "false",
        }
    }

    /// A date alone is midnight UTC (Compass, *Query Parameters*).
    fn operand_instant(&self) -> Option<i64> {
        self.instant
            .map(Timestamp::as_second)
            .or_else(|| civil_date(&self.operand))
    }

    /// Judges the condition against the record's value at [`Self::path`]; lists match when one entry does.
    pub(crate) fn holds_in(&self, record: &Value) -> bool {
        let mut found = Vec::new();
        collect(record, &self.path, &mut found);
        match self.operator {
            Operator::Blank => {
                found.iter().all(|value| is_blank(value)) == (self.operand == "true")
            }
            Operator::NotEquals | Operator::NotIn => {
                found.iter().all(|value| self.holds_for(value))
            }
            _ => found.iter().any(|value| self.holds_for(value)),
        }
    }

    fn holds_for(&self, value: &Value) -> bool {
        match self.operator {
            Operator::Blank => is_blank(value) == (self.operand == "true"),
            Operator::In => self
                .operand
                .split(',')
                .any(|one| compare(value, one.trim()) == Some(Ordering::Equal)),
            Operator::NotIn => !self
                .operand
                .split(',')
                .any(|one| compare(value, one.trim()) == Some(Ordering::Equal)),
            Operator::Contains => {
                lower(value).is_some_and(|text| text.contains(&self.operand.to_lowercase()))
            }
            Operator::StartsWith => {
                lower(value).is_some_and(|text| text.starts_with(&self.operand.to_lowercase()))
            }
            Operator::EndsWith => {
                lower(value).is_some_and(|text| text.ends_with(&self.operand.to_lowercase()))
            }
            _ => self.judge(compare(value, &self.operand)),
        }
    }

    fn judge(&self, ordering: Option<Ordering>) -> bool {
        match self.operator {
            Operator::Equals => ordering == Some(Ordering::Equal),
            Operator::NotEquals => ordering != Some(Ordering::Equal),
            Operator::Greater => ordering == Some(Ordering::Greater),
            Operator::GreaterOrEqual => ordering.is_some_and(Ordering::is_ge),
            Operator::Less => ordering == Some(Ordering::Less),
            Operator::LessOrEqual => ordering.is_some_and(Ordering::is_le),
            Operator::Blank => self.operand == "false",
            _ => false,
        }
    }
}

fn civil_date(text: &str) -> Option<i64> {
    let date: jiff::civil::Date = text.parse().ok()?;
    date.to_zoned(jiff::tz::TimeZone::UTC)
        .ok()
        .map(|zoned| zoned.timestamp().as_second())
}

fn collect<'v>(value: &'v Value, path: &[String], found: &mut Vec<&'v Value>) {
    if let Value::Array(items) = value {
        for item in items {
            collect(item, path, found);
        }
        return;
    }
    match path.split_first() {
        None => found.push(value),
        Some((name, rest)) => {
            if let Some(inner) = value.as_object().and_then(|object| {
                object
                    .iter()
                    .find(|(key, _)| hyphenated(key) == *name)
                    .map(|(_, inner)| inner)
            }) {
                collect(inner, rest, found);
            }
        }
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn lower(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_lowercase()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// By kind: instants, numbers (decimals are strings here), booleans, else text.
pub(crate) fn compare(value: &Value, operand: &str) -> Option<Ordering> {
    match value {
        Value::Bool(flag) => operand.parse::<bool>().ok().map(|wanted| flag.cmp(&wanted)),
        Value::Number(number) => compare_decimals(&number.to_string(), operand),
        Value::String(text) => {
            if let (Ok(ours), Ok(theirs)) =
                (text.parse::<Timestamp>(), operand.parse::<Timestamp>())
            {
                return Some(ours.cmp(&theirs));
            }
            if let (Ok(ours), Some(theirs)) = (text.parse::<Timestamp>(), civil_date(operand)) {
                return Some(ours.as_second().cmp(&theirs));
            }
            compare_decimals(text, operand)
                .or_else(|| Some(text.to_lowercase().cmp(&operand.to_lowercase())))
        }
        _ => None,
    }
}

/// Exact, whatever the scale.
fn compare_decimals(left: &str, right: &str) -> Option<Ordering> {
    let ((left_negative, left_whole, left_rest), (right_negative, right_whole, right_rest)) =
        (decimal(left)?, decimal(right)?);
    if left_negative != right_negative {
        return Some(if left_negative {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    let size = left_whole
        .len()
        .cmp(&right_whole.len())
        .then_with(|| left_whole.cmp(right_whole))
        .then_with(|| left_rest.cmp(right_rest));
    Some(if left_negative { size.reverse() } else { size })
}

/// Sign, digits before the point without leading zeros, digits after it without trailing ones.
fn decimal(text: &str) -> Option<(bool, &str, &str)> {
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(rest) {
        return None;
    }
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    Some((
        negative && !(whole.is_empty() && rest.is_empty()),
        whole,
        rest,
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use serde_json::json;

    fn holds(key: &str, operand: &str, record: &Value) -> bool {
        Filter::parse(key, operand).unwrap().holds_in(record)
    }

    #[test]
    fn every_operator() {
        let record = json!({
            "id": 12, "total": "100.50", "status": "approved", "note": "", "paid": false, "gone": null,
            "updated-at": "2026-03-01T00:00:00-07:00",
            "supplier": {"name": "Fjord & Sons"},
            "order-lines": [{"account": {"code": "a-b"}}, {"account": {"code": "a-c"}}]
        });
        for (key, operand, expected) in [
            ("id", "12", true),
            ("id[gt]", "11", true),
            ("id[lt]", "12", false),
            ("id[lt_or_eq]", "12", true),
            ("id[gt-or-eq]", "13", false),
            ("id[in]", "1, 12", true),
            ("total[gt]", "99.9", true),
            ("total", "100.5", true),
            ("total[lt]", "1000", true),
            ("status[not_eq]", "draft", true),
            ("status[not_in]", "draft,approved", false),
            ("status[in]", "draft,approved", true),
            ("paid", "false", true),
            ("note[blank]", "true", true),
            ("gone[blank]", "true", true),
            ("never_there[blank]", "true", true),
            ("status[blank]", "false", true),
            ("updated_at[gt]", "2026-03-01T06:59:59Z", true),
            ("updated-at[gt]", "2026-03-01T08:00:00+01:00", false),
            ("updated-at[lt]", "2026-03-02", true),
            ("supplier[name][contains]", "fjord", true),
            ("supplier[name][starts_with]", "Sons", false),
            ("supplier[name][ends-with]", "sons", true),
            ("order_lines[account][code]", "a-c", true),
            ("order-lines[account][code][in]", "x,a-b", true),
            ("order-lines[account][code]", "x", false),
        ] {
            assert_eq!(holds(key, operand, &record), expected, "{key}={operand}");
        }
    }

    #[test]
    fn what_cannot_be_asked_is_refused() {
        for (key, operand) in [
            ("updated-at[contains]", "2026"),
            ("updated-at[gt]", "2026-03-01T00:00:00 02:00"),
            ("note[blank]", "perhaps"),
            ("supplier[name", "x"),
            ("supplier[]", "x"),
        ] {
            assert!(Filter::parse(key, operand).is_err(), "{key}={operand}");
        }
    }
}
