#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crosswalk_client::{ClientError, Side};
use crosswalk_sync::SyncError;
use crosswalk_vault::VaultError;
use crosswalk_workspace::Error as WorkspaceError;
use regex::Regex;

use super::*;

/// Whose failures can reach the window.
const SOURCES: [&str; 8] = [
    "crates/client/src",
    "crates/connector/src",
    "crates/console/src",
    "crates/mapping/src",
    "crates/sync/src",
    "crates/vault/src",
    "crates/workspace/src",
    "src-tauri/src",
];

fn sources_of(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources_of(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("tests.rs")
            && !path.ends_with("fault/sides.rs")
        {
            found.push(path);
        }
    }
}

/// The product's own code, without the tests in its files.
fn product() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = Vec::new();
    for folder in SOURCES {
        sources_of(&root.join(folder), &mut files);
    }
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let product = text.split("#[cfg(test)]\nmod tests {").next();
            product.unwrap_or_default().to_owned()
        })
        .collect()
}

/// The codes of failures: what faults are made with, what kept errors hold, and what the crates' errors say.
fn codes_of(product: &str) -> BTreeSet<String> {
    let made = [
        r#"Fault::(?:invalid|locked|failed)\(\s*"([a-z0-9_]+)""#,
        r#"Fault::new\(\s*(?:crate::)?FaultClass::\w+,\s*"([a-z0-9_]+)""#,
        r#"\bcode: "([a-z0-9_]+)""#,
    ];
    let mut codes = BTreeSet::new();
    for pattern in made {
        let pattern = Regex::new(pattern).unwrap();
        codes.extend(pattern.captures_iter(product).map(|one| one[1].to_owned()));
    }
    let said = Regex::new(r"(?s)pub fn code\(&?self\).*?\n    \}\n").unwrap();
    let code = Regex::new(r#"=> "([a-z0-9_]+)""#).unwrap();
    for body in said.find_iter(product) {
        codes.extend(
            code.captures_iter(body.as_str())
                .map(|one| one[1].to_owned()),
        );
    }
    codes
}

#[test]
fn every_code_the_crates_can_say_has_a_side() {
    let codes = codes_of(&product());
    assert!(codes.len() > 180, "{} codes were found", codes.len());
    let sides = fault_sides();
    let without: Vec<&String> = codes
        .iter()
        .filter(|code| !sides.contains_key(code.as_str()))
        .collect();
    assert!(without.is_empty(), "without a side: {without:?}");
}

#[test]
fn no_side_is_given_to_a_code_nobody_says_and_none_gets_two() {
    let product = product();
    let sides = fault_sides();
    let listed: usize = SIDES.iter().map(|(_, codes)| codes.len()).sum();
    assert_eq!(listed, sides.len(), "a code is listed twice");
    for code in sides.keys() {
        assert!(
            product.contains(&format!("\"{code}\"")),
            "nobody says {code}"
        );
    }
}

#[test]
fn the_side_is_that_of_who_can_act() {
    let sides = fault_sides();
    let text = String::new;
    for (code, side) in [
        (
            ClientError::AuthRefused {
                error: text(),
                detail: text(),
            }
            .code(),
            Customer,
        ),
        (
            ClientError::ScopeRefused { detail: text() }.code(),
            Customer,
        ),
        (ClientError::TokenAnswer { detail: text() }.code(), Provider),
        (
            ClientError::RateLimited { retry_after: None }.code(),
            Provider,
        ),
        (
            ClientError::DnsFailed {
                host: text(),
                detail: text(),
            }
            .code(),
            Network,
        ),
        (
            SyncError::UnknownResource { resource: text() }.code(),
            Input,
        ),
        (WorkspaceError::DiskFull.code(), Machine),
        (WorkspaceError::Busy.code(), Workspace),
        (VaultError::WrongPassphrase.code(), Workspace),
    ] {
        assert_eq!(sides.get(code), Some(&side), "{code}");
    }
}

#[test]
fn the_client_and_the_table_agree_on_what_lies_between() {
    let sides = fault_sides();
    let text = String::new;
    for error in [
        ClientError::ConnectionReset {
            host: text(),
            detail: text(),
        },
        ClientError::ProxyRefused {
            proxy: text(),
            host: text(),
            detail: text(),
        },
        ClientError::Truncated {
            host: text(),
            detail: text(),
        },
        ClientError::RedirectRefused {
            host: text(),
            status: 302,
            target: text(),
        },
        ClientError::Settings { detail: text() },
    ] {
        let network = sides.get(error.code()) == Some(&Network);
        assert_eq!(network, error.side() == Side::Network, "{error}");
    }
}
