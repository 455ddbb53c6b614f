#![allow(clippy::unwrap_used, reason = "tests")]
use super::*;

fn model() -> Model {
    serde_json::from_str(
        r#"{"format":1,"model":"procurement/invoice","label":"Invoice","description":"d","fields":{
            "id":{"type":"id","required":true},
            "number":{"type":"string"},
            "total":{"type":"decimal"},
            "custom_fields":{"type":{"map":"any"}}}}"#,
    )
    .unwrap()
}

fn shared() -> SharedTypes {
    serde_json::from_str(r#"{"format":1,"types":{}}"#).unwrap()
}

fn own() -> Mapping {
    serde_json::from_str(
        r#"{"format":1,"model":"procurement/invoice","resource":"invoices","fields":{
            "id":"$string(id)","number":"`invoice-number`"}}"#,
    )
    .unwrap()
}

fn level(entries: &[(&str, Option<&str>)]) -> Overrides {
    entries
        .iter()
        .map(|(field, expression)| {
            (
                (*field).to_owned(),
                Override::new(expression.map(str::to_owned), "7"),
            )
        })
        .collect()
}

fn merged(
    environment: &[(&str, Option<&str>)],
    account: &[(&str, Option<&str>)],
) -> EffectiveMapping {
    EffectiveMapping::merge(
        &model(),
        &shared(),
        &own(),
        "1.2.0",
        &level(environment),
        &level(account),
    )
    .unwrap()
}

#[test]
fn the_last_level_that_says_something_wins() {
    use Level::{Account, Connector, Environment};
    type Said<'a> = &'a [(&'a str, Option<&'a str>)];
    let cases: [(Said, Said, Option<&str>, Option<Level>); 7] = [
        (&[], &[], Some("`invoice-number`"), Some(Connector)),
        (&[("number", Some("e"))], &[], Some("e"), Some(Environment)),
        (&[], &[("number", Some("a"))], Some("a"), Some(Account)),
        (
            &[("number", Some("e"))],
            &[("number", Some("a"))],
            Some("a"),
            Some(Account),
        ),
        (&[("number", None)], &[], None, Some(Environment)),
        (
            &[("number", None)],
            &[("number", Some("a"))],
            Some("a"),
            Some(Account),
        ),
        (
            &[("number", Some("e"))],
            &[("number", None)],
            None,
            Some(Account),
        ),
    ];
    for (environment, account, expression, level) in cases {
        let mapping = merged(environment, account);
        let number = mapping.field("number").unwrap();
        assert_eq!(number.expression.as_deref(), expression);
        assert_eq!(number.level, level);
        assert_eq!(number.levels.len(), 1 + environment.len() + account.len());
    }
}

#[test]
fn every_model_field_is_there_and_custom_ones_follow() {
    let mapping = merged(
        &[("custom_fields.b", Some("x"))],
        &[("custom_fields.a", Some("y"))],
    );
    let names: Vec<&str> = mapping
        .fields
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "id",
            "number",
            "total",
            "custom_fields",
            "custom_fields.a",
            "custom_fields.b"
        ]
    );
    assert_eq!(mapping.field("total").unwrap().level, None);
    assert_eq!(
        mapping.field("id").unwrap().version.as_deref(),
        Some("1.2.0")
    );
}

#[test]
fn a_field_the_model_does_not_have_is_reported_and_not_evaluated() {
    let mapping = merged(&[], &[("totl", Some("x"))]);
    assert_eq!(mapping.unknown, [("totl".to_owned(), Level::Account)]);
    assert!(mapping.field("totl").is_none());
}

#[test]
fn a_field_the_user_added_is_what_the_user_said() {
    let mut account = level(&[("score", Some("x"))]);
    account["score"].field_type = Some(serde_json::from_str(r#"{"list":"decimal"}"#).unwrap());
    let mapping = EffectiveMapping::merge(
        &model(),
        &shared(),
        &own(),
        "1.2.0",
        &Overrides::new(),
        &account,
    )
    .unwrap();
    let score = mapping.field("score").unwrap();
    assert!(score.added && !score.required);
    assert_eq!(score.shape.name(), "list of decimal");
    assert!(mapping.unknown.is_empty());
}

#[test]
fn a_draft_stands_at_its_level_and_a_later_level_still_wins() {
    let mapping = merged(&[], &[("number", Some("a"))]);
    let draft = mapping
        .with_draft("number", Some("e"), Level::Environment)
        .unwrap();
    assert_eq!(
        draft.field("number").unwrap().expression.as_deref(),
        Some("a")
    );
    let draft = mapping
        .with_draft("number", Some("b"), Level::Account)
        .unwrap();
    assert_eq!(
        draft.field("number").unwrap().expression.as_deref(),
        Some("b")
    );
    assert_ne!(draft.id, mapping.id);
    assert!(
        mapping
            .with_draft("nothing", Some("b"), Level::Account)
            .is_none()
    );
    assert!(
        mapping
            .with_draft("custom_fields.x", Some("b"), Level::Account)
            .is_some()
    );
}

#[test]
fn an_expression_that_does_not_compile_is_the_fields_problem() {
    let mapping = merged(&[], &[("number", Some("a +"))]);
    assert!(mapping.field("number").unwrap().problem.is_some());
    assert!(mapping.field("id").unwrap().problem.is_none());
}
