#![allow(clippy::unwrap_used, reason = "tests")]

use crosswalk_connector::Catalogue;
use crosswalk_vault::{Secret, VaultKind};

use super::*;
use crate::{ConnectionInput, NewAccount, Options, OverrideChange, OverrideInput, OverrideTarget};

#[test]
fn a_word_fits_better_the_nearer_it_is_to_a_beginning() {
    for (text, word, expected) in [
        ("Acme", "acme", Some(100)),
        ("Acme Foods", "acme", Some(60)),
        ("Great Acme", "acme", Some(40)),
        ("great-acme", "acme", Some(40)),
        ("Macmet", "acme", Some(20)),
        ("Globex", "acme", None),
    ] {
        assert_eq!(fits(text, word), expected, "{text}");
    }
}

fn grounds() -> Grounds {
    let definitions: Vec<_> = Catalogue::builtin().catalogue.iter().cloned().collect();
    let connector = definitions
        .iter()
        .find(|one| !one.mappings.is_empty())
        .unwrap()
        .connector
        .name
        .clone();
    let place = |id: &str, tenant: &str, name: &str| Place {
        id: id.into(),
        tenant: tenant.into(),
        tenant_name: name.into(),
        connector: connector.clone(),
        kind: "sandbox".into(),
        environment: None,
        added: Vec::new(),
    };
    Grounds {
        tenants: vec![
            ("acme".into(), "Acme Foods".into(), Some("EU".into())),
            ("globex".into(), "Globex".into(), None),
        ],
        accounts: vec![
            place("acme-test", "acme", "Acme Foods"),
            place("globex-test", "globex", "Globex"),
        ],
        definitions,
    }
}

#[test]
fn words_that_name_an_account_narrow_the_rest() {
    let grounds = grounds();
    let (resource, field) = {
        let definition = grounds
            .definitions
            .iter()
            .find(|one| one.connector.name == grounds.accounts[0].connector)
            .unwrap();
        let mapping = definition.mappings.first().unwrap();
        (
            mapping.resource.clone(),
            mapping.fields.keys().next().unwrap().clone(),
        )
    };
    let first = rank(&grounds, "acme").remove(0);
    assert_eq!(
        (first.kind.as_str(), first.tenant.as_deref()),
        ("tenant", Some("acme"))
    );
    assert!(
        rank(&grounds, "acme")
            .iter()
            .any(|hit| hit.kind == "account")
    );

    let hits = rank(&grounds, &format!("globex-test {resource}"));
    assert_eq!(hits[0].resource.as_deref(), Some(resource.as_str()));
    assert!(
        hits.iter()
            .all(|hit| hit.account.as_deref() == Some("globex-test"))
    );
    let hits = rank(&grounds, &field);
    assert!(
        hits.iter()
            .any(|hit| hit.field.as_deref() == Some(field.as_str()))
    );
    assert_eq!(rank(&grounds, "   "), Vec::new());
    assert_eq!(rank(&grounds, "nothing-of-the-kind"), Vec::new());
}

async fn adds(console: &Console, level: &str, scope: &str, (model, field): (&str, &str)) {
    let input = OverrideInput {
        target: OverrideTarget {
            level: level.to_owned(),
            scope: scope.to_owned(),
            model: model.to_owned(),
            resource: None,
            field: field.to_owned(),
            request: false,
        },
        change: OverrideChange::Set {
            expression: "id".to_owned(),
            field_type: Some("string".to_owned()),
        },
        note: None,
        force: true,
    };
    console.override_field(input).await.unwrap();
}

async fn connects(console: &Console, id: &str, tenant: &str, connector: &str) {
    let new = NewAccount {
        id: id.to_owned(),
        tenant: tenant.to_owned(),
        connector: connector.to_owned(),
        kind: "sandbox",
        environment: Some("shared".to_owned()),
        grant: Some("client_credentials".to_owned()),
        purpose: "read",
        connection: ConnectionInput {
            config: vec![("instance_url".to_owned(), "http://127.0.0.1:9".to_owned())],
            client_id: Some("5f2c".to_owned()),
            client_secret: Some(Secret::from("s3cret".to_owned())),
            scopes: Some("core.common.read".to_owned()),
            allowed_hosts: Vec::new(),
        },
    };
    console.add_account(new).await.unwrap();
}

#[tokio::test]
async fn fields_that_overrides_add_are_found_where_they_hold() {
    let home = tempfile::TempDir::new().unwrap();
    let mut options = Options::new(home.path().join("workspace"));
    options.vault = Some(VaultKind::Passphrase);
    options.passphrase = Some(Arc::new(|_| Ok(Secret::from("a passphrase".to_owned()))));
    let console = Console::open(options).unwrap();
    let (connector, model) = {
        let loaded = console.loaded();
        let definition = loaded
            .catalogue
            .iter()
            .find(|one| !one.mappings.is_empty())
            .unwrap();
        let mapping = definition.mappings.first().unwrap();
        (definition.connector.name.clone(), mapping.model.clone())
    };
    for tenant in ["acme", "globex"] {
        console.add_tenant(tenant, None, None).await.unwrap();
        connects(&console, &format!("{tenant}-test"), tenant, &connector).await;
    }
    let (own, shared) = ("zz_own", "zz_shared");
    adds(&console, "account", "globex-test", (model.as_str(), own)).await;
    adds(&console, "environment", "shared", (model.as_str(), shared)).await;
    let found = async |text: &str, only: Option<&str>| -> Vec<(String, Option<String>)> {
        let hits = console.search(text, only).await.unwrap();
        let mut found: Vec<_> = hits
            .into_iter()
            .filter_map(|hit| Some((hit.account?, hit.field)))
            .collect();
        found.sort();
        found.dedup();
        found
    };
    let at = |account: &str, field: &str| (account.to_owned(), Some(field.to_owned()));
    assert_eq!(found("zz_own", None).await, [at("globex-test", own)]);
    assert_eq!(
        found("zz_shared", None).await,
        [at("acme-test", shared), at("globex-test", shared)]
    );
    assert_eq!(
        found("acme zz", None).await,
        [at("acme-test", shared)],
        "another account's field is none of this one's"
    );
    // With a customer looking on, nothing of another one.
    assert!(found("zz_own", Some("acme")).await.is_empty());
    assert_eq!(
        found("zz_shared", Some("acme")).await,
        [at("acme-test", shared)]
    );
    let which = OverrideTarget {
        level: "account".to_owned(),
        scope: "globex-test".to_owned(),
        model,
        resource: None,
        field: own.to_owned(),
        request: false,
    };
    console
        .override_field(OverrideInput {
            target: which,
            change: OverrideChange::Inherit,
            note: None,
            force: true,
        })
        .await
        .unwrap();
    assert!(
        found("zz_own", None).await.is_empty(),
        "it is not there any more"
    );
}
