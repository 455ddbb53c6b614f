use std::fmt::Write as _;

use crosswalk_connector::ScalarType;
use indexmap::IndexMap;
use jsonata_core::value::JValue;

use crate::scalar;
use crate::shape::{Member, Shape};
use crate::status::Status;

/// How many faults of one field are named; the rest are counted.
const NAMED_FAULTS: usize = 3;

/// What stands in the unified object for a text the model does not know, where the model has this word.
const OTHER: &str = "other";

/// What became of one value on its way into the unified object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) status: Status,
    pub(crate) message: Option<String>,
}

/// Writes `value` as the model wants it to `out` (JSON text) and says how well it fitted.
///
/// What fits is written; where a part does not, `null` stands in its place and the rest is kept, so that one bad
/// line does not cost the others.
pub(crate) fn conform(
    value: Option<&JValue>,
    shape: &Shape,
    required: bool,
    out: &mut Vec<u8>,
) -> Verdict {
    let mut writer = Writer {
        out,
        path: String::new(),
        faults: Vec::new(),
        more: 0,
        worst: Status::Ok,
    };
    let empty = value.is_none_or(is_empty);
    match value {
        Some(value) if !matches!(value, JValue::Null | JValue::Undefined) => {
            writer.value(value, shape);
        }
        _ => writer.out.extend_from_slice(b"null"),
    }
    if empty && writer.worst == Status::Ok {
        writer.worst = if required {
            Status::Missing
        } else {
            Status::Empty
        };
        if required {
            writer
                .faults
                .push("the model requires a value here".to_owned());
        }
    }
    let mut message = writer.faults.join("; ");
    if writer.more > 0 {
        let _ = write!(message, "; and {} more", writer.more);
    }
    Verdict {
        status: writer.worst,
        message: (!message.is_empty()).then_some(message),
    }
}

fn is_empty(value: &JValue) -> bool {
    match value {
        JValue::Null | JValue::Undefined => true,
        JValue::String(text) => text.is_empty(),
        JValue::Array(items) => items.is_empty(),
        _ => false,
    }
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    /// Where in the field's value we are: `[2].amount`.
    path: String,
    faults: Vec<String>,
    more: usize,
    worst: Status,
}

impl Writer<'_> {
    fn fault(&mut self, status: Status, what: &str) {
        self.worst = self.worst.max(status);
        if self.faults.len() == NAMED_FAULTS {
            self.more += 1;
            return;
        }
        let place = self.path.trim_start_matches('.');
        self.faults.push(if place.is_empty() {
            what.to_owned()
        } else {
            format!("{place}: {what}")
        });
    }

    fn misfit(&mut self, value: &JValue, wanted: &str) {
        self.fault(
            Status::WrongType,
            &format!("{} is not a {wanted}", scalar::shown(value)),
        );
        self.out.extend_from_slice(b"null");
    }

    fn value(&mut self, value: &JValue, shape: &Shape) {
        match shape {
            Shape::Scalar(kind) => self.scalar(value, *kind),
            Shape::Enum(texts) => self.one_of(value, texts),
            Shape::List(items) => self.list(value, items),
            Shape::Object(members) => self.object(value, members),
            Shape::Map(values) => self.map(value, values),
        }
    }

    fn scalar(&mut self, value: &JValue, kind: ScalarType) {
        if matches!(value, JValue::Null | JValue::Undefined) {
            self.out.extend_from_slice(b"null");
        } else if !scalar::write(value, kind, self.out) {
            self.misfit(value, crate::shape::scalar_name(kind));
        }
    }

    fn one_of(&mut self, value: &JValue, texts: &[String]) {
        match value {
            JValue::Null | JValue::Undefined => self.out.extend_from_slice(b"null"),
            JValue::String(text) => {
                if !text.is_empty() && !texts.iter().any(|known| known.as_str() == &**text) {
                    self.fault(
                        Status::UnknownValue,
                        &format!(
                            "{} is not one of {}",
                            scalar::shown(value),
                            texts.join(", ")
                        ),
                    );
                    if texts.iter().any(|known| known == OTHER) {
                        scalar::write_text(OTHER, self.out);
                        return;
                    }
                }
                scalar::write_text(text, self.out);
            }
            other => self.misfit(other, "text the model knows"),
        }
    }

    fn list(&mut self, value: &JValue, shape: &Shape) {
        let single = [value.clone()];
        // JSONata makes no difference between one value and a list of one.
        let items = match value {
            JValue::Null | JValue::Undefined => {
                self.out.extend_from_slice(b"null");
                return;
            }
            JValue::Array(items) => items.as_slice(),
            _ => &single,
        };
        self.out.push(b'[');
        let length = self.path.len();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            let _ = write!(self.path, "[{index}]");
            self.value(item, shape);
            self.path.truncate(length);
        }
        self.out.push(b']');
    }

    fn object(&mut self, value: &JValue, members: &IndexMap<String, Member>) {
        let entries = match value {
            JValue::Object(entries) => entries,
            JValue::Null | JValue::Undefined => {
                self.out.extend_from_slice(b"null");
                return;
            }
            other => return self.misfit(other, "object"),
        };
        self.out.push(b'{');
        let length = self.path.len();
        let mut written = 0_usize;
        let mut present_required = 0_usize;
        for (name, value) in entries.iter() {
            let Some(member) = members.get(name) else {
                self.fault(
                    Status::WrongType,
                    &format!("the model has no \"{}\" here", scalar::cut(name)),
                );
                continue;
            };
            if matches!(value, JValue::Undefined) {
                continue;
            }
            if member.required && !is_empty(value) {
                present_required += 1;
            }
            if written > 0 {
                self.out.push(b',');
            }
            written += 1;
            scalar::write_text(name, self.out);
            self.out.push(b':');
            self.path.push('.');
            self.path.push_str(name);
            self.value(value, &member.shape);
            self.path.truncate(length);
        }
        self.out.push(b'}');
        let required = members.iter().filter(|(_, member)| member.required);
        if present_required < required.clone().count() {
            for (name, _) in required {
                if entries.get(name).is_none_or(is_empty) {
                    self.fault(
                        Status::Missing,
                        &format!("the model requires a value for \"{name}\""),
                    );
                }
            }
        }
    }

    fn map(&mut self, value: &JValue, shape: &Shape) {
        let entries = match value {
            JValue::Object(entries) => entries,
            JValue::Null | JValue::Undefined => {
                self.out.extend_from_slice(b"null");
                return;
            }
            other => return self.misfit(other, "object"),
        };
        self.out.push(b'{');
        let length = self.path.len();
        for (index, (name, value)) in entries.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            scalar::write_text(name, self.out);
            self.out.push(b':');
            self.path.push('.');
            self.path.push_str(name);
            self.value(value, shape);
            self.path.truncate(length);
        }
        self.out.push(b'}');
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::wanted::Wanted;

    fn shape(json: &str) -> Shape {
        serde_json::from_str(json).unwrap()
    }

    fn check(value: &str, shape: &Shape) -> (String, Status, Option<String>) {
        let value = crate::raw::read(value.as_bytes(), &Wanted::default()).unwrap();
        let mut out = Vec::new();
        let verdict = conform(Some(&value), shape, false, &mut out);
        (
            String::from_utf8(out).unwrap(),
            verdict.status,
            verdict.message,
        )
    }

    fn line() -> Shape {
        shape(
            r#"{"list":{"object":{
                "number":{"shape":{"scalar":"integer"},"required":false},
                "amount":{"shape":{"scalar":"decimal"},"required":true}}}}"#,
        )
    }

    #[test]
    fn what_fits_is_written_as_the_model_wants_it() {
        assert_eq!(
            check(
                r#"[{"number":"1","amount":"12.50"},{"number":2,"amount":3}]"#,
                &line()
            ),
            (
                r#"[{"number":1,"amount":"12.50"},{"number":2,"amount":"3"}]"#.to_owned(),
                Status::Ok,
                None
            )
        );
        // One line comes out of JSONata without its list.
        assert_eq!(check(r#"{"amount":"1"}"#, &line()).0, r#"[{"amount":"1"}]"#);
    }

    #[test]
    fn one_bad_line_does_not_cost_the_others() {
        let (json, status, message) = check(
            r#"[{"amount":"1"},{"amount":"much"},{"number":1.5},{"amount":"2","x":1}]"#,
            &line(),
        );
        assert_eq!(
            json,
            r#"[{"amount":"1"},{"amount":null},{"number":null},{"amount":"2"}]"#
        );
        assert_eq!(status, Status::WrongType);
        assert_eq!(
            message.unwrap(),
            "[1].amount: \"much\" is not a decimal; [2].number: 1.5 is not a whole number; \
             [2]: the model requires a value for \"amount\"; and 1 more"
        );
    }

    #[test]
    fn an_unknown_text_is_kept_and_said() {
        let status = shape(r#"{"enum":["draft","paid"]}"#);
        assert_eq!(check("\"paid\"", &status).1, Status::Ok);
        let (json, verdict, message) = check("\"on_hold\"", &status);
        assert_eq!(
            (json.as_str(), verdict),
            ("\"on_hold\"", Status::UnknownValue)
        );
        assert_eq!(message.unwrap(), "\"on_hold\" is not one of draft, paid");
        assert_eq!(check("3", &status).1, Status::WrongType);
    }

    #[test]
    fn other_stands_for_an_unknown_text_where_the_model_has_it() {
        let status = shape(r#"{"enum":["draft","other"]}"#);
        let (json, verdict, message) = check("\"on_hold\"", &status);
        assert_eq!(
            (json.as_str(), verdict),
            ("\"other\"", Status::UnknownValue)
        );
        assert_eq!(message.unwrap(), "\"on_hold\" is not one of draft, other");
        assert_eq!(check("\"other\"", &status).1, Status::Ok);
    }

    #[test]
    fn nothing_is_empty_or_missing() {
        let text = shape(r#"{"scalar":"string"}"#);
        let mut out = Vec::new();
        assert_eq!(conform(None, &text, false, &mut out).status, Status::Empty);
        assert_eq!(conform(None, &text, true, &mut out).status, Status::Missing);
        assert_eq!(out, b"nullnull");
        assert_eq!(check("\"\"", &text).1, Status::Empty);
        assert_eq!(check("[]", &line()), ("[]".to_owned(), Status::Empty, None));
        assert_eq!(check("null", &line()).1, Status::Empty);
    }

    #[test]
    fn a_map_holds_any_keys() {
        let map = shape(r#"{"map":{"scalar":"any"}}"#);
        assert_eq!(
            check(r#"{"a":{"b":[1,null]},"c":"x"}"#, &map),
            (
                r#"{"a":{"b":[1,null]},"c":"x"}"#.to_owned(),
                Status::Ok,
                None
            )
        );
        assert_eq!(check("3", &map).1, Status::WrongType);
    }
}
