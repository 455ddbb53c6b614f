//! Whatever bytes stand in a folder, loading it ends, and ends in problems, never in a panic.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;
#[path = "../../../tests/support/mutation.rs"]
mod mutation;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crosswalk_connector::{Catalogue, HostPattern, Period, Pointer, ProblemCode, RawPath};
use fixture::{copy, shapes};
use mutation::{bounded, mutated};
use proptest::prelude::*;

/// Puts `bytes` in the place of a file of a shape and loads the folder.
fn load_with(file: &str, bytes: &[u8]) -> Vec<ProblemCode> {
    let folder = copy("offset_keyset");
    fs::write(folder.path().join(file), bytes).unwrap();
    Catalogue::check(folder.path())
        .problems
        .iter()
        .map(|problem| problem.code)
        .collect()
}

const FILES: [&str; 5] = [
    "offset_keyset/connector.yaml",
    "offset_keyset/mappings/crm/order.orders.yaml",
    "offset_keyset/samples/orders.json",
    "models/crm/order.yaml",
    "models/shared.yaml",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes(file in prop::sample::select(&FILES[..]), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        load_with(file, &bytes);
    }

    #[test]
    fn any_text_of_yaml(file in prop::sample::select(&FILES[..]), text in "[\\[\\]{}:,&*!|>'\"%@`a-z0-9# \n\t-]{0,200}") {
        load_with(file, text.as_bytes());
    }

    /// A well-formed file with a byte changed, taken out, or a line moved.
    #[test]
    fn mutated_files(
        shape in prop::sample::select(&["offset_keyset", "jwt_ids_only", "error_in_200", "two_keys"][..]),
        at in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        kind in 0..4,
    ) {
        let file = shapes().join(shape).join("connector.yaml");
        let mut bytes = fs::read(&file).unwrap();
        match kind {
            0 => { let at = at.index(bytes.len()); bytes[at] = byte; }
            1 => { bytes.remove(at.index(bytes.len())); }
            2 => bytes.truncate(at.index(bytes.len())),
            _ => {
                let text = String::from_utf8(bytes).unwrap();
                let mut lines: Vec<&str> = text.lines().collect();
                let line = lines.remove(at.index(lines.len()));
                lines.insert(to.index(lines.len()), line);
                bytes = lines.join("\n").into_bytes();
            }
        }
        let folder = copy(shape);
        fs::write(folder.path().join(shape).join("connector.yaml"), &bytes).unwrap();
        let loaded = Catalogue::check(folder.path());
        prop_assert!(loaded.catalogue.get(shape).is_some() != loaded.problems.iter().any(|one| one.file.starts_with(shape)));
    }

    /// A file from the corpus, broken in several places at once.
    #[test]
    fn files_of_the_corpus(bytes in mutated(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/connectors"))) {
        bounded(|| load_with(FILES[0], &bytes));
    }

    #[test]
    fn any_text_of_a_type(text in "\\PC{0,60}") {
        let _ = (Period::parse(&text).is_ok(), Pointer::parse(&text).is_ok(), HostPattern::parse(&text).is_ok());
        if let Ok(path) = RawPath::parse(&text) {
            prop_assert_eq!(path.as_str(), &text);
            let _ = path.find(&serde_json::json!({"a": [{"b": 1}]}));
        }
    }
}

#[test]
fn bombs_end_at_once() {
    let mut aliases = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let _ = writeln!(
            aliases,
            "a{level}: &a{level} [{}]",
            vec![format!("*a{}", level - 1); 10].join(",")
        );
    }
    let wide: Vec<String> = (0..60_000).map(|n| format!("k{n}: 1")).collect();
    let steps: Vec<String> = (0..2_000).map(|n| format!("{}a:", " ".repeat(n))).collect();
    let cases = [
        ("aliases", aliases),
        ("flow depth", "[".repeat(100_000)),
        (
            "block depth",
            steps.join(
                "
",
            ),
        ),
        ("maps", "{a: ".repeat(50_000)),
        ("too long", "# x\n".repeat(2_000_000)),
        ("wide", wide.join("\n")),
        ("self", "a: &a [*a]".to_owned()),
        ("key depth", "? ".repeat(50_000)),
    ];
    for (name, text) in cases {
        let begun = Instant::now();
        let codes = load_with(FILES[0], text.as_bytes());
        assert_eq!(codes.first(), Some(&ProblemCode::Yaml), "{name}: {codes:?}");
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "{name} took {:?}",
            begun.elapsed()
        );
    }
    let deep = "[".repeat(100_000);
    assert_eq!(load_with(FILES[2], deep.as_bytes()), [ProblemCode::Json]);
}

#[test]
fn bytes_that_are_no_text() {
    assert_eq!(
        load_with(FILES[0], b"format: 1\nname: \xff\xfe")[0],
        ProblemCode::Yaml
    );
    assert_eq!(load_with(FILES[0], b""), [ProblemCode::WrongType]);
    assert_eq!(load_with(FILES[0], b"- a"), [ProblemCode::WrongType]);
    assert_eq!(
        load_with(FILES[0], b"\xef\xbb\xbfformat: 9"),
        [ProblemCode::OtherFormat]
    );
    assert_eq!(load_with(FILES[2], b"\xff"), [ProblemCode::Json]);
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_followed() {
    let folder = copy("offset_keyset");
    std::os::unix::fs::symlink(shapes().join("cursor"), folder.path().join("cursor")).unwrap();
    let loaded = Catalogue::check(folder.path());
    assert_eq!(loaded.problems[0].code, ProblemCode::Unreadable);
    assert!(loaded.catalogue.get("cursor").is_none());
}

#[test]
fn texts_and_their_types() {
    let seconds = |text: &str| {
        Period::parse(text)
            .ok()
            .map(|period| period.duration().as_millis())
    };
    assert_eq!(seconds("250ms"), Some(250));
    assert_eq!(seconds("0s"), Some(0));
    assert_eq!(seconds("90d"), Some(90 * 86_400_000));
    for wrong in [
        "",
        "5",
        "s",
        "-1s",
        "1.5h",
        "1 h",
        "1w",
        "99999999999999999999s",
        "18446744073709551615d",
    ] {
        assert_eq!(seconds(wrong), None, "{wrong}");
    }
    for wrong in [
        "", ".", "a.", ".a", "a..b", "[]", "a[", "a[0]", " a", "a ]", "`", "``", "`a", "a`b`",
    ] {
        assert!(RawPath::parse(wrong).is_err(), "{wrong}");
    }
    let record = serde_json::json!({"lines": [{"a.b": 1}, {"a.b": 2}, {}], "x": [[3], [4]]});
    let find = |text: &str| -> Vec<i64> {
        let path = RawPath::parse(text).unwrap();
        path.find(&record)
            .into_iter()
            .filter_map(serde_json::Value::as_i64)
            .collect()
    };
    assert_eq!(find("lines[].`a.b`"), [1, 2]);
    assert_eq!(find("x[][]"), [3, 4]);
    assert!(find("lines.a").is_empty());
    for wrong in ["a", "/~", "/~2"] {
        assert!(Pointer::parse(wrong).is_err(), "{wrong}");
    }
}
