//! A provider's own words, made fit to be shown.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use crosswalk_connector::query_string;
use crosswalk_vault::{Secret, Zeroizing};
use serde_json::Value;

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

/// Secrets are looked for in so much of a text of which only the beginning is shown.
const LOOKED_AT: usize = 64 * 1024;

/// The first `characters` of `text` on one line, with secrets replaced by `…` before it is cut: half a secret is one too.
pub(crate) fn beginning(text: &str, characters: usize, secrets: &[&Secret]) -> String {
    let clean = without(&text[..text.floor_char_boundary(LOOKED_AT)], secrets);
    fit(&clean.chars().take(characters).collect::<String>(), &[])
}

/// A shorter secret, such as the `x` some providers take for a password, would turn a text into dots and protects nothing.
const SHORTEST: usize = 6;

/// Digits of base64 that are looked for at least: six bytes of a secret.
const SHORTEST_BASE64: usize = 8;

/// `text` with secrets replaced by `…`, in each form they are sent or told in: as they are, percent-encoded,
/// form-encoded, inside a JSON text, and in base64, alone or behind a client id.
pub(crate) fn without(text: &str, secrets: &[&Secret]) -> String {
    let mut clean = text.to_owned();
    for secret in secrets.iter().filter(|secret| secret.len() >= SHORTEST) {
        for written in forms(secret.expose()) {
            if clean.contains(written.as_str()) {
                clean = clean.replace(written.as_str(), "…");
            }
        }
        for digits in base64_cores(secret.expose()) {
            clean = without_base64(clean, &digits);
        }
    }
    clean
}

/// `value` with secrets replaced in every text and every name of a member.
pub(crate) fn json_without(value: Value, secrets: &[&Secret]) -> Value {
    match value {
        Value::String(text) => Value::String(without(&text, secrets)),
        Value::Array(items) => items
            .into_iter()
            .map(|item| json_without(item, secrets))
            .collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, inner)| (without(&name, secrets), json_without(inner, secrets)))
            .collect(),
        other => other,
    }
}

fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent = query_string([("", secret)]);
    let quoted = Value::from(secret).to_string();
    let inner = quoted.trim_start_matches('"');
    let inner = inner.strip_suffix('"').unwrap_or(inner).to_owned();
    let slashes = inner.replace('/', "\\/");
    let mut forms: Vec<String> = vec![
        secret.to_owned(),
        form,
        percent.trim_start_matches('=').to_owned(),
        inner,
        slashes,
    ];
    forms.dedup();
    forms.into_iter().map(Zeroizing::new).collect()
}

/// The digits that a secret gives in base64 wherever it stands in what was encoded: without the digits it shares with
/// its neighbours, at each of the three alignments, in both alphabets.
fn base64_cores(secret: &str) -> Vec<Zeroizing<String>> {
    let mut cores = Vec::new();
    for skip in 0..3 {
        let bytes = secret.as_bytes().get(skip..).unwrap_or_default();
        let whole = bytes.len() - bytes.len() % 3;
        let digits = STANDARD_NO_PAD.encode(bytes.get(..whole).unwrap_or_default());
        if digits.len() < SHORTEST_BASE64 {
            continue;
        }
        let url_safe = digits.replace('+', "-").replace('/', "_");
        if url_safe != digits {
            cores.push(Zeroizing::new(url_safe));
        }
        cores.push(Zeroizing::new(digits));
    }
    cores
}

fn is_base64(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '/' | '-' | '_' | '=')
}

/// Takes out every run of base64 digits that holds these.
fn without_base64(text: String, digits: &str) -> String {
    if !text.contains(digits) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(digits) {
        let (before, found) = rest.split_at(at);
        clean.push_str(before.trim_end_matches(is_base64));
        clean.push('…');
        rest = found.trim_start_matches(is_base64);
    }
    clean.push_str(rest);
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
pub(crate) fn of_json(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Array(items) => joined(items.iter().map(of_json), "; "),
        Value::Object(members) => joined(
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

    #[test]
    fn half_a_secret_is_not_shown_either() {
        let secret = Secret::from("s3cret-value".to_owned());
        let text = format!("{{\"a\":\"{} s3cret-value", "x".repeat(60));
        let shown = beginning(&text, 72, &[&secret]);
        assert!(shown.ends_with("x …") && !shown.contains("s3c"), "{shown}");
        assert_eq!(beginning("é\nb", 9, &[]), "é b");
    }

    #[test]
    fn a_secret_is_found_in_every_form_it_is_told_in() {
        let secret = Secret::from("p\"s/ecret\\word é".to_owned());
        let base64 = |text: &str| STANDARD_NO_PAD.encode(text);
        for told in [
            Value::from(secret.expose()).to_string(),
            Value::from(secret.expose()).to_string().replace('/', "\\/"),
            format!("Basic {}", base64(&format!("id:{}", secret.expose()))),
            format!("Basic {}=", base64(&format!("a:{}", secret.expose()))),
            base64(secret.expose()).replace('+', "-").replace('/', "_"),
        ] {
            let clean = without(&format!("you sent {told} to us"), &[&secret]);
            assert!(clean.contains('…'), "{told}: {clean}");
            assert!(
                clean.starts_with("you sent ") && clean.ends_with(" to us"),
                "{clean}"
            );
            for part in ["ecret", &base64("s/ecret")[..8], "word"] {
                assert!(!clean.contains(part), "{part}: {clean}");
            }
        }
        let told = serde_json::json!({"a": ["x p\"s/ecret\\word é y"], "p\"s/ecret\\word é": 1.50});
        assert_eq!(
            json_without(told, &[&secret]),
            serde_json::json!({"a": ["x … y"], "…": 1.50})
        );
    }

    proptest::proptest! {
        #[test]
        fn no_form_of_a_secret_stays(secret in "[!-~]{8,40}", before in "[ -~]{0,12}", after in "[ -~]{0,12}") {
            let held = Secret::from(secret.clone());
            for told in [
                format!("{before}{secret}{after}"),
                format!("{before} {} {after}", STANDARD_NO_PAD.encode(format!("{before}{secret}{after}"))),
            ] {
                let clean = without(&told, &[&held]);
                proptest::prop_assert!(!clean.contains(&secret), "{}", clean);
                for core in base64_cores(&secret) {
                    proptest::prop_assert!(!clean.contains(core.as_str()), "{}", clean);
                }
            }
        }
    }
}
