//! The connection form: what was typed becomes the values templates name, or the sentence that says what is wrong.

use crosswalk_connector::{ConfigField, ConfigKind};
use regex::Regex;
use serde_json::{Map, Value};
use url::Url;

use crate::Fault;

/// An origin without path, query or trailing slash. A bare host is taken as `https://` and that host.
fn origin(field: &ConfigField, typed: &str) -> Result<String, Fault> {
    let with_scheme = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    let wrong = |what: &str| {
        Fault::invalid(
            "invalid_setting",
            format!("{} is {what}: {typed:?}.", field.key),
            format!(
                "Write the address alone, such as {}.",
                field
                    .example
                    .as_deref()
                    .unwrap_or("https://acme.example.com")
            ),
        )
    };
    let url = Url::parse(&with_scheme).map_err(|_| wrong("not an address"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("an address with a user name in it"));
    }
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("more than an origin"));
    }
    let origin = crosswalk_connector::Origin::of(&url).map_err(|error| {
        Fault::invalid(
            error.code(),
            format!("{}: {error}.", field.key),
            error.hint(),
        )
    })?;
    if !origin.is_secure() && !origin.names_loopback() {
        return Err(Fault::invalid(
            "not_https",
            format!("{} is not encrypted: {typed:?}.", field.key),
            "Use https; http is for a sandbox on this machine (127.0.0.1) only.",
        ));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// The value as it is stored and filled in.
fn value(field: &ConfigField, typed: &str) -> Result<String, Fault> {
    let wrong = |what: String| {
        let example = field.example.as_ref();
        let hint = field
            .help
            .clone()
            .or_else(|| example.map(|example| format!("For example: {example}")))
            .unwrap_or_else(|| format!("Correct the setting {}.", field.label));
        Fault::invalid("invalid_setting", what, hint)
    };
    let typed = typed.trim();
    let value = match field.kind {
        ConfigKind::Url => origin(field, typed)?,
        ConfigKind::Integer if typed.parse::<i64>().is_err() => {
            return Err(wrong(format!(
                "{} is not a whole number: {typed:?}.",
                field.key
            )));
        }
        ConfigKind::Boolean if !matches!(typed, "true" | "false") => {
            return Err(wrong(format!(
                "{} is neither true nor false: {typed:?}.",
                field.key
            )));
        }
        ConfigKind::Select if !field.options.iter().any(|option| option.value == typed) => {
            let options: Vec<&str> = field
                .options
                .iter()
                .map(|option| option.value.as_str())
                .collect();
            return Err(wrong(format!(
                "{} is one of {}; {typed:?} is none of them.",
                field.key,
                options.join(", ")
            )));
        }
        ConfigKind::Host
        | ConfigKind::Text
        | ConfigKind::Integer
        | ConfigKind::Boolean
        | ConfigKind::Select => typed.to_owned(),
    };
    if let Some(pattern) = &field.pattern {
        // The loader refuses definitions whose patterns do not compile.
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        if whole.is_ok_and(|whole| !whole.is_match(&value)) {
            return Err(wrong(format!(
                "{} does not look right: {typed:?}.",
                field.key
            )));
        }
    }
    Ok(value)
}

/// Puts what was typed over what is there, field by field; a field typed empty is taken away.
///
/// # Errors
/// `invalid_setting` for a field the connector does not have or a value that does not fit, `missing_setting` for a
/// required field without one.
pub(crate) fn fill(
    fields: &[ConfigField],
    present: &Map<String, Value>,
    typed: &[(String, String)],
) -> Result<Map<String, Value>, Fault> {
    let mut filled = present.clone();
    for (key, text) in typed {
        let Some(field) = fields.iter().find(|field| field.key == *key) else {
            let known: Vec<&str> = fields.iter().map(|field| field.key.as_str()).collect();
            return Err(Fault::invalid(
                "invalid_setting",
                format!("This connector has no setting {key:?}."),
                format!("It has: {}.", known.join(", ")),
            ));
        };
        if text.trim().is_empty() {
            filled.remove(key);
        } else {
            filled.insert(key.clone(), Value::String(value(field, text)?));
        }
    }
    for field in fields {
        if filled.contains_key(&field.key) {
            continue;
        }
        if let Some(default) = &field.default {
            filled.insert(field.key.clone(), Value::String(default.clone()));
        } else if field.required {
            return Err(Fault::invalid(
                "missing_setting",
                format!("The setting {} ({}) is missing.", field.key, field.label),
                format!(
                    "Add --set {}={}.",
                    field.key,
                    field.example.as_deref().unwrap_or("VALUE")
                ),
            ));
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn field(key: &str, kind: ConfigKind) -> ConfigField {
        ConfigField {
            key: key.into(),
            label: key.into(),
            help: None,
            kind,
            pattern: None,
            example: Some("https://acme.example.com".into()),
            required: true,
            default: None,
            options: Vec::new(),
        }
    }

    fn filled(field: ConfigField, text: &str) -> Result<String, String> {
        let key = field.key.clone();
        fill(&[field], &Map::new(), &[(key.clone(), text.into())])
            .map(|values| values[&key].as_str().unwrap().to_owned())
            .map_err(|fault| fault.code)
    }

    #[test]
    fn addresses_become_origins_or_say_what_is_wrong() {
        for (typed, expected) in [
            ("https://acme.example.com", Ok("https://acme.example.com")),
            ("https://acme.example.com/", Ok("https://acme.example.com")),
            ("acme.example.com", Ok("https://acme.example.com")),
            (" HTTPS://Acme.Example.com ", Ok("https://acme.example.com")),
            ("http://127.0.0.1:8080", Ok("http://127.0.0.1:8080")),
            ("http://localhost:8080/", Ok("http://localhost:8080")),
            ("http://acme.example.com", Err("not_https")),
            ("https://user:word@acme.example.com", Err("invalid_setting")),
            ("https://acme.example.com/api", Err("invalid_setting")),
            ("https://acme.example.com?x=1", Err("invalid_setting")),
            ("ftp://acme.example.com", Err("not_https")),
            ("", Err("missing_setting")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(
                filled(field("instance_url", ConfigKind::Url), typed),
                expected,
                "{typed}"
            );
        }
    }

    #[test]
    fn a_pattern_must_fit_the_whole_value() {
        let mut host = field("realm", ConfigKind::Text);
        host.pattern = Some("[a-z]+".into());
        assert_eq!(filled(host.clone(), "acme"), Ok("acme".into()));
        assert_eq!(filled(host, "acme 1"), Err("invalid_setting".into()));
    }

    #[test]
    fn what_does_not_fit_says_the_next_step_whatever_the_connector_tells() {
        let hint = |field: &ConfigField| {
            let typed = [(field.key.clone(), "x".to_owned())];
            let fault = fill(std::slice::from_ref(field), &Map::new(), &typed).unwrap_err();
            fault.hint.unwrap()
        };
        let mut object = field("object", ConfigKind::Integer);
        object.help = Some("Found in its address.".into());
        object.example = Some("12".into());
        assert_eq!(hint(&object), "Found in its address.");
        object.help = None;
        assert_eq!(hint(&object), "For example: 12");
        object.example = None;
        assert_eq!(hint(&object), "Correct the setting object.");
    }

    #[test]
    fn unknown_and_missing_settings_are_named() {
        let fields = [field("instance_url", ConfigKind::Url)];
        let unknown = fill(&fields, &Map::new(), &[("instance".into(), "x".into())]).unwrap_err();
        assert_eq!(unknown.hint.as_deref(), Some("It has: instance_url."));
        let missing = fill(&fields, &Map::new(), &[]).unwrap_err();
        assert_eq!(missing.code, "missing_setting");
    }

    #[test]
    fn a_setting_typed_empty_is_taken_away_unless_it_is_needed() {
        let mut optional = field("object", ConfigKind::Integer);
        optional.required = false;
        let mut defaulted = field("region", ConfigKind::Text);
        defaulted.default = Some("eu".into());
        let fields = [field("instance_url", ConfigKind::Url), optional, defaulted];
        let typed = |key: &str, text: &str| vec![(key.to_owned(), text.to_owned())];
        let present: Map<String, Value> = [
            ("instance_url", "https://a.example"),
            ("object", "12"),
            ("region", "us"),
        ]
        .into_iter()
        .map(|(key, text)| (key.to_owned(), Value::from(text)))
        .collect();
        let without = fill(&fields, &present, &typed("object", " ")).unwrap();
        assert_eq!(without.get("object"), None);
        assert_eq!(without["region"], "us");
        let back = fill(&fields, &present, &typed("region", "")).unwrap();
        assert_eq!(back["region"], "eu");
        let needed = fill(&fields, &present, &typed("instance_url", "")).unwrap_err();
        assert_eq!(needed.code, "missing_setting");
    }

    #[test]
    fn what_is_there_stays_unless_it_is_typed_anew() {
        let fields = [field("instance_url", ConfigKind::Url)];
        let present = fill(
            &fields,
            &Map::new(),
            &[("instance_url".into(), "https://a.example".into())],
        )
        .unwrap();
        assert_eq!(fill(&fields, &present, &[]).unwrap(), present);
        let changed = fill(
            &fields,
            &present,
            &[("instance_url".into(), "https://b.example".into())],
        )
        .unwrap();
        assert_eq!(changed["instance_url"], "https://b.example");
    }
}
