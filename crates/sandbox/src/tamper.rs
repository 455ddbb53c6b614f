//! Answers that arrive and are wrong.

use serde_json::value::RawValue;

use crate::answer::Answer;
use crate::fault::Fault;

/// Spoils a JSON list the way `fault` says; other answers stay as they are.
pub(crate) fn spoil(mut answer: Answer, fault: &Fault) -> Answer {
    if !answer.body.starts_with(b"[") {
        return answer;
    }
    match fault {
        Fault::NotAnObject => {
            let separator: &[u8] = if answer.body == b"[]" { b"" } else { b"," };
            let mut body = b"[\"not a record\"".to_vec();
            body.extend_from_slice(separator);
            body.extend_from_slice(&answer.body[1..]);
            answer.body = body;
        }
        Fault::MissingId => answer.body = replaced(&answer.body, b"\"id\":", b"\"no-id\":"),
        Fault::InvalidUtf8 => {
            answer.body = replaced(&answer.body, b"[{", b"[{\"note\":\"\xc3\x28\xff\",");
        }
        Fault::HugeField(bytes) => {
            let mut start = b"[{\"huge\":\"".to_vec();
            start.resize(start.len() + bytes, b'x');
            start.extend_from_slice(b"\",");
            answer.body = replaced(&answer.body, b"[{", &start);
        }
        Fault::DuplicateId => {
            if let Some(body) = with_first_twice(&answer.body) {
                answer.body = body;
            }
        }
        _ => {}
    }
    answer
}

fn replaced(body: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let Some(at) = body.windows(what.len()).position(|window| window == what) else {
        return body.to_vec();
    };
    [&body[..at], with, &body[at + what.len()..]].concat()
}

fn with_first_twice(body: &[u8]) -> Option<Vec<u8>> {
    let records: Vec<&RawValue> = serde_json::from_slice(body).ok()?;
    let first = records.first()?.get().as_bytes();
    Some([b"[", first, b",", &body[1..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::StatusCode;

    #[test]
    fn lists_are_spoilt_and_stay_json() {
        let spoilt = |body: &str, fault: &Fault| {
            let answer = Answer::new(StatusCode::OK, "application/json", body.as_bytes().to_vec());
            String::from_utf8_lossy(&spoil(answer, fault).body).into_owned()
        };
        assert_eq!(
            spoilt(r#"[{"id":1}]"#, &Fault::NotAnObject),
            r#"["not a record",{"id":1}]"#
        );
        assert_eq!(spoilt("[]", &Fault::NotAnObject), r#"["not a record"]"#);
        assert_eq!(
            spoilt(r#"[{"id":1},{"id":2}]"#, &Fault::MissingId),
            r#"[{"no-id":1},{"id":2}]"#
        );
        assert_eq!(
            spoilt(r#"[{"id":1},{"id":2}]"#, &Fault::DuplicateId),
            r#"[{"id":1},{"id":1},{"id":2}]"#
        );
        assert_eq!(
            spoilt(r#"[{"id":1}]"#, &Fault::HugeField(3)),
            r#"[{"huge":"xxx","id":1}]"#
        );
        assert_eq!(spoilt(r#"{"id":1}"#, &Fault::HugeField(3)), r#"{"id":1}"#);
    }
}
