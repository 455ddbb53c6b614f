//! XML, the provider's base format, made from the JSON of a record.

use std::fmt::Write as _;

use serde_json::Value;

/// A document of one element.
pub(crate) fn document(element: &str, value: &Value) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    write(&mut out, element, value);
    out
}

/// A list of records under their plural name.
pub(crate) fn list(singular: &str, plural: &str, values: &[Value]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = write!(out, "<{plural} type=\"array\">");
    for value in values {
        write(&mut out, singular, value);
    }
    let _ = write!(out, "</{plural}>");
    out
}

/// `<errors><error>…</error></errors>` (Compass, *Differences Between XML and JSON*).
pub(crate) fn errors<'e>(messages: impl IntoIterator<Item = &'e str>) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<errors>");
    for message in messages {
        let _ = write!(out, "<error>{}</error>", escaped(message));
    }
    out.push_str("</errors>");
    out
}

fn write(out: &mut String, element: &str, value: &Value) {
    let _ = match value {
        Value::Null => write!(out, "<{element} nil=\"true\"/>"),
        Value::Bool(flag) => write!(out, "<{element} type=\"boolean\">{flag}</{element}>"),
        Value::Number(number) => write!(out, "<{element} type=\"integer\">{number}</{element}>"),
        Value::String(text) => match kind_of(text) {
            Some(kind) => write!(out, "<{element} type=\"{kind}\">{text}</{element}>"),
            None => write!(out, "<{element}>{}</{element}>", escaped(text)),
        },
        Value::Array(items) => {
            let _ = write!(out, "<{element} type=\"array\">");
            for item in items {
                write(out, &singular(element), item);
            }
            write!(out, "</{element}>")
        }
        Value::Object(members) => {
            let _ = write!(out, "<{element}>");
            for (name, member) in members {
                write(out, name, member);
            }
            write!(out, "</{element}>")
        }
    };
}

/// JSON carries decimals and instants as strings; XML marks them.
fn kind_of(text: &str) -> Option<&'static str> {
    let decimal = text
        .strip_prefix('-')
        .unwrap_or(text)
        .split_once('.')
        .is_some_and(|(whole, rest)| {
            let digits =
                |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits(whole) && digits(rest)
        });
    if decimal {
        return Some("decimal");
    }
    let instant = text.len() == 25 && text.as_bytes().get(10) == Some(&b'T');
    (instant && text.parse::<jiff::Timestamp>().is_ok()).then_some("dateTime")
}

fn singular(plural: &str) -> String {
    if let Some(stem) = plural.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if let Some(stem) = plural.strip_suffix("sses") {
        return format!("{stem}ss");
    }
    plural.strip_suffix('s').unwrap_or(plural).to_owned()
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_carry_their_kind() {
        let value = json!({"id": 1, "paid": false, "note": null, "total": "12.50", "name": "A & <B>",
            "created-at": "2026-01-02T03:04:05-07:00", "order-lines": [{"id": 2}], "addresses": []});
        assert_eq!(
            document("order-header", &value),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<order-header><id type=\"integer\">1</id>\
             <paid type=\"boolean\">false</paid><note nil=\"true\"/><total type=\"decimal\">12.50</total>\
             <name>A &amp; &lt;B&gt;</name><created-at type=\"dateTime\">2026-01-02T03:04:05-07:00</created-at>\
             <order-lines type=\"array\"><order-line><id type=\"integer\">2</id></order-line></order-lines>\
             <addresses type=\"array\"></addresses></order-header>"
        );
    }
}
