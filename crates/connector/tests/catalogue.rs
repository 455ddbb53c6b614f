//! A workspace's folder adds to what came with the program and replaces nothing by itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod fixture;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use crosswalk_connector::{Catalogue, Digest, ProblemCode};
use fixture::{copy, edit};

fn none() -> BTreeSet<Digest> {
    BTreeSet::new()
}

#[test]
fn a_missing_folder_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let loaded = Catalogue::load(&folder.path().join("connectors"), &none());
    assert!(loaded.problems.is_empty() && loaded.shadowing.is_empty());
    assert_eq!(
        loaded.catalogue.iter().count(),
        Catalogue::builtin().catalogue.iter().count()
    );
}

#[test]
fn a_folder_adds_connectors_and_models() {
    let folder = copy("offset_keyset");
    let loaded = Catalogue::load(folder.path(), &none());
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let added = loaded.catalogue.get("offset_keyset").unwrap();
    assert!(!added.built_in);
    assert!(Arc::ptr_eq(
        loaded.catalogue.by_digest(&added.digest).unwrap(),
        added
    ));
    assert!(loaded.catalogue.models().get("crm/order").is_some());
    assert!(
        Catalogue::builtin()
            .catalogue
            .models()
            .get("crm/order")
            .is_none()
    );
    for present in Catalogue::builtin().catalogue.iter() {
        assert!(
            loaded
                .catalogue
                .get(&present.connector.name)
                .unwrap()
                .built_in
        );
    }
}

#[test]
fn a_changed_file_shows_when_the_folder_is_loaded_again() {
    let folder = copy("cursor");
    let digest = || {
        let loaded = Catalogue::load(folder.path(), &none());
        loaded
            .catalogue
            .get("cursor")
            .map(|definition| definition.digest.clone())
    };
    let first = digest().unwrap();
    edit(
        &folder,
        "cursor/connector.yaml",
        "label: Companies",
        "label: Firms",
    );
    assert_ne!(digest().unwrap(), first);
    edit(
        &folder,
        "cursor/connector.yaml",
        "label: Firms",
        "lable: Firms",
    );
    assert_eq!(digest(), None);
    edit(
        &folder,
        "cursor/connector.yaml",
        "lable: Firms",
        "label: Companies",
    );
    assert_eq!(digest().unwrap(), first);
}

#[test]
fn built_in_models_and_types_are_not_replaced() {
    let builtin = Catalogue::builtin().catalogue.models();
    let Some((name, model)) = builtin.iter().next() else {
        return;
    };
    let (type_name, fields) = builtin.shared_types().types.into_iter().next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("models/{name}.yaml"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let other = format!(
        "format: 1\nmodel: {name}\nlabel: Other\ndescription: Other.\nfields: {{id: {{type: string}}}}\n"
    );
    fs::write(&path, other).unwrap();
    let other = format!("format: 1\ntypes: {{{type_name}: {{only: {{type: any}}}}}}\n");
    fs::write(folder.path().join("models/shared.yaml"), other).unwrap();
    let loaded = Catalogue::load(folder.path(), &none());
    let codes: Vec<ProblemCode> = loaded.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [ProblemCode::NameTaken, ProblemCode::NameTaken]);
    assert_eq!(loaded.catalogue.models().get(name).unwrap(), model);
    assert_eq!(
        loaded.catalogue.models().shared_type(&type_name).unwrap(),
        &fields
    );
    // The same again is no conflict.
    fs::write(&path, serde_json::to_string(model).unwrap()).unwrap();
    fs::remove_file(folder.path().join("models/shared.yaml")).unwrap();
    assert!(Catalogue::load(folder.path(), &none()).problems.is_empty());
}

#[test]
fn a_built_in_connector_is_not_shadowed_unasked() {
    let Some(present) = Catalogue::builtin().catalogue.iter().next() else {
        return;
    };
    let name = &present.connector.name;
    let folder = copy("cursor");
    let (from, to) = (folder.path().join("cursor"), folder.path().join(name));
    fs::rename(from, to).unwrap();
    edit(
        &folder,
        &format!("{name}/connector.yaml"),
        "name: cursor",
        &format!("name: {name}"),
    );
    let loaded = Catalogue::load(folder.path(), &none());
    let [shadowing] = loaded.shadowing.as_slice() else {
        panic!("{:?}", loaded.problems)
    };
    assert!(shadowing.changes_trust && shadowing.builtin_digest == present.digest);
    assert_eq!(loaded.catalogue.get(name).unwrap().digest, present.digest);
    let approved = BTreeSet::from([shadowing.workspace_digest.clone()]);
    let loaded = Catalogue::load(folder.path(), &approved);
    assert!(!loaded.catalogue.get(name).unwrap().built_in);
}
