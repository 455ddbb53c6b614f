#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]
use super::*;
use proptest::prelude::*;

fn json(text: &str) -> String {
    read(text.as_bytes(), &Wanted::default())
        .unwrap()
        .to_json_string()
        .unwrap()
}

#[test]
fn numbers_an_f64_cannot_hold_keep_every_digit_as_a_string() {
    for (literal, read) in [
        ("1", "1"),
        ("-12.5", "-12.5"),
        ("0.1", "0.1"),
        ("1e3", "1000"),
        // Zeros at the end are no part of the value: a number stays one, so that it can be compared and added.
        ("567.070", "567.07"),
        ("123456789012345", "123456789012345"),
        ("9007199254740993", "\"9007199254740993\""),
        ("9007199254740992", "9007199254740992"),
        ("12345678901234567.89", "\"12345678901234567.89\""),
        ("1e400", "\"1e400\""),
        ("1e-400", "\"1e-400\""),
        ("0.30000000000000004", "0.30000000000000004"),
        ("0.0000000000000000000", "0"),
        ("-0", "0"),
    ] {
        assert_eq!(json(literal), read, "{literal}");
    }
}

#[test]
fn malformed_text_is_refused_with_its_offset() {
    for (text, offset) in [
        ("", 0),
        ("{", 1),
        ("[1,]", 3),
        ("{\"a\" 1}", 5),
        ("nul", 0),
        ("01", 2),
        ("1 2", 2),
        ("\"a", 2),
        ("\"\u{1}\"", 1),
        ("\"\\x\"", 3),
        ("1.", 2),
        ("{\"a\":1,}", 7),
    ] {
        match read(text.as_bytes(), &Wanted::default()).unwrap_err() {
            RecordError::Syntax { offset: found, .. } => assert_eq!(found, offset, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert_eq!(
        read(b"\"a\xff\"", &Wanted::default()).unwrap_err(),
        RecordError::Encoding { offset: 2 }
    );
}

#[test]
fn nesting_is_bounded() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(deep(MAX_DEPTH).as_bytes(), &Wanted::default()).is_ok());
    assert!(matches!(
        read(deep(100_000).as_bytes(), &Wanted::default()),
        Err(RecordError::Depth { .. })
    ));
}

#[test]
fn only_what_is_wanted_is_built_and_all_of_it_is_checked() {
    let lineage =
        crate::Lineage::of("a & $string(lines.b.c) & $string($unknown_fields())").unwrap();
    let documented = ["a", "lines", "gone"].map(str::to_owned).into();
    let wanted = Wanted::of(&lineage, Some(&documented));
    let built =
        |text: &str| read(text.as_bytes(), &wanted).map(|value| value.to_json_string().unwrap());
    assert_eq!(
        built(r#"{"a":1,"gone":{"x":[1,2.5e3,"\n",null,{}]},"lines":[{"b":{"c":1,"d":2},"e":3},7,[{"b":5}]],"own":{"k":[1]}}"#).unwrap(),
        r#"{"a":1,"lines":[{"b":{"c":1}},7,[{"b":5}]],"own":{"k":[1]}}"#
    );
    for text in [
        r#"{"gone":{"x":1,}}"#,
        r#"{"gone":[1 2]}"#,
        r#"{"gone":"\x"}"#,
        r#"{"gone":01}"#,
        r#"{"gone":nul}"#,
        r#"{"gone":{"x" 1}}"#,
    ] {
        assert!(
            matches!(built(text), Err(RecordError::Syntax { .. })),
            "{text}"
        );
    }
    let deep = format!("{{\"gone\":{}}}", "[".repeat(100_000));
    assert!(matches!(built(&deep), Err(RecordError::Depth { .. })));
}

#[test]
fn escapes_and_surrogates_are_decoded() {
    assert_eq!(
        json(r#""a\u0041\n\ud83d\ude00\ud800x\/""#),
        "\"aA\\n😀\u{FFFD}x/\""
    );
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i32>().prop_map(Into::into),
        (-1.0e6..1.0e6).prop_map(|n: f64| serde_json::json!((n * 100.0).round() / 100.0)),
        ".*".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(".{0,6}", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_a_plain_reader_reads(value in any_json(), pretty in any::<bool>()) {
        let text = if pretty {
            serde_json::to_string_pretty(&value).unwrap()
        } else {
            value.to_string()
        };
        let read: serde_json::Value = serde_json::from_str(&json(&text)).unwrap();
        let plain = JValue::from_json_str(&text).unwrap().to_json_string().unwrap();
        let plain: serde_json::Value = serde_json::from_str(&plain).unwrap();
        prop_assert_eq!(read, plain);
    }

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = read(&bytes, &Wanted::default());
    }
}
