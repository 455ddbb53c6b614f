//! A provider's own words, made fit to be shown.

use crosswalk_connector::query_string;
use crosswalk_vault::Secret;

/// Long enough for a list of validation messages, short enough for a dialog.
const LONGEST: usize = 400;

/// `text` on one line, shortened, with secrets replaced by `…`: a server may echo what it was sent.
pub(crate) fn fit(text: &str, secrets: &[&Secret]) -> String {
    let clean = without(text, secrets);
    let line = clean.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// `text` with secrets replaced by `…`, in each form they are sent in: as they are, percent-encoded, form-encoded.
pub(crate) fn without(text: &str, secrets: &[&Secret]) -> String {
    let mut clean = text.to_owned();
    // A short secret, such as the `x` some providers take for a password, would turn the text into dots and protects nothing.
    for secret in secrets.iter().filter(|secret| secret.len() >= 6) {
        let form: String =
            url::form_urlencoded::byte_serialize(secret.expose().as_bytes()).collect();
        let percent = query_string([("", secret.expose())]);
        for written in [secret.expose(), &form, percent.trim_start_matches('=')] {
            if clean.contains(written) {
                clean = clean.replace(written, "…");
            }
        }
    }
    clean
}

/// What a web page says: its title, else its text, without tags.
pub(crate) fn of_html(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let title = lower.find("<title").and_then(|start| {
        let open = start + lower[start..].find('>')? + 1;
        let close = open + lower[open..].find("</title")?;
        html.get(open..close)
    });
    title.map_or_else(|| without_tags(html), |title| title.trim().to_owned())
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for character in html.chars().take(4_000) {
        match character {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            other if !inside => text.push(other),
            _ => {}
        }
    }
    text
}

/// The texts inside any JSON value, joined: providers hold their words in objects, lists and lists of objects.
pub(crate) fn of_json(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => String::new(),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Bool(_) | serde_json::Value::Number(_) => value.to_string(),
        serde_json::Value::Array(items) => joined(items.iter().map(of_json), "; "),
        serde_json::Value::Object(members) => joined(
            members.iter().map(|(key, inner)| {
                let words = of_json(inner);
                if words.is_empty() {
                    String::new()
                } else {
                    format!("{key}: {words}")
                }
            }),
            "; ",
        ),
    }
}

fn joined(parts: impl Iterator<Item = String>, separator: &str) -> String {
    parts
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_and_cleaned() {
        let json =
            serde_json::json!({"errors": {"account": ["Cost Center can't be blank", "too old"]}});
        assert_eq!(
            of_json(&json),
            "errors: account: Cost Center can't be blank; too old"
        );
        assert_eq!(
            of_html("<html><head><TITLE>Down for\nmaintenance</TITLE>"),
            "Down for\nmaintenance"
        );
        assert_eq!(of_html("<p>Sorry</p>").trim(), "Sorry");
        let secret = Secret::from("s3cret-value".to_owned());
        assert_eq!(fit("you sent\n s3cret-value", &[&secret]), "you sent …");
        let spaced = Secret::from("a b/c d".to_owned());
        assert_eq!(
            without("a b/c d a+b%2Fc+d a%20b%2Fc%20d", &[&spaced]),
            "… … …"
        );
        assert_eq!(fit(&"é".repeat(500), &[]).chars().count(), 401);
    }
}
