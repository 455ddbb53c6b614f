//! Signing in at a real OpenID provider: PKCE required, refresh tokens rotated, their reuse punished, revocation, short
//! lives, device codes.

use serde_json::json;

use crate::support::connector_copy::copy;
use crate::support::openid::{self, CLIENT, OpenId};
use crate::support::workspace::{ACCOUNT, Workspace};

/// A workspace with an account at the provider, not signed in.
fn beside(provider: &OpenId) -> Workspace {
    let workspace = Workspace::bare();
    let folder = workspace.folder().join("connectors/openid");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("connector.yaml"),
        include_str!("../fixtures/openid.yaml"),
    )
    .unwrap();
    workspace.json(&["tenant", "add", "acme"]).exits(0);
    let address = format!("instance_url={}", provider.url());
    workspace
        .json(&[
            "account",
            "add",
            ACCOUNT,
            "--tenant",
            "acme",
            "--connector",
            "openid",
            "--kind",
            "sandbox",
            "--grant",
            "authorization_code",
            "--set",
            &address,
            "--client-id",
            CLIENT,
        ])
        .exits(0);
    workspace
}

#[track_caller]
fn sign_in(workspace: &Workspace, provider: &OpenId) {
    let mut running = workspace.start(&["account", "connect", ACCOUNT]);
    let address = running.line_with("http://");
    assert!(address.contains("code_challenge_method=S256"), "{address}");
    let page = provider.sign_in(&address);
    assert!(page.body.contains("You are signed in"), "{page:?}");
    let tested = running.outcome().done();
    assert_eq!(tested["status"], "active", "{tested:#}");
}

#[test]
fn a_person_signs_in_and_the_refresh_token_is_rotated_until_it_is_revoked() {
    let Some(provider) = openid::start(3600) else {
        return;
    };
    let workspace = beside(&provider);
    sign_in(&workspace, &provider);
    // The connection was tested with the token the sign-in brought.
    assert_eq!(provider.facts()["codes"], 1);
    assert_eq!(provider.facts()["refreshes"], 0);
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert!(
        account["refresh_token"]["renew_at"].is_string(),
        "{account:#}"
    );
    for refreshes in 1..=3 {
        workspace.json(&["account", "renew", ACCOUNT]).exits(0);
        assert_eq!(provider.facts()["refreshes"], refreshes);
    }
    workspace.json(&["sync", ACCOUNT, "things"]).exits(0);
    assert_eq!(workspace.records("things", "raw").len(), 1);
    assert_eq!(provider.facts()["refused"], json!([]));

    let last = workspace.json(&["account", "show", ACCOUNT]).done()["token"].clone();
    let revoked = workspace
        .json(&["account", "revoke", ACCOUNT, "--yes"])
        .done();
    assert_eq!(revoked["revoked"], true, "{revoked:#}");
    // Those that the renewals replaced are not asked for any more.
    assert_eq!(revoked["valid_until"], last["expires_at"]);
    // The refresh token and the access token.
    assert_eq!(provider.facts()["revocations"], 2);
    sign_in(&workspace, &provider);
}

#[test]
fn short_lives_are_renewed_as_they_end() {
    let Some(provider) = openid::start(1) else {
        return;
    };
    let workspace = beside(&provider);
    sign_in(&workspace, &provider);
    // Due at four fifths of a second: no longer than it takes to look at the account.
    for _ in 0..4 {
        std::thread::sleep(std::time::Duration::from_millis(800));
        workspace.json(&["sync", ACCOUNT, "things"]).exits(0);
    }
    let facts = provider.facts();
    assert!(facts["refreshes"].as_u64().unwrap() >= 4, "{facts}");
    assert_eq!(facts["reuses"], 0, "{facts}");
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "active");
}

#[test]
fn a_refresh_token_used_again_from_a_copy_of_the_workspace_ends_the_sign_in_for_both() {
    let Some(provider) = openid::start(3600) else {
        return;
    };
    let workspace = beside(&provider);
    sign_in(&workspace, &provider);
    // As a restored backup, or a second machine, would have it.
    let twin = Workspace::bare();
    copy(&workspace.folder(), &twin.folder());
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    let error = twin.json(&["account", "renew", ACCOUNT]).fails(3);
    assert_eq!(error["code"], "needs_reauth");
    assert_eq!(provider.facts()["reuses"], 1, "{}", provider.facts());
    let error = workspace.json(&["account", "renew", ACCOUNT]).fails(3);
    assert_eq!(error["code"], "needs_reauth");
    let account = workspace.json(&["account", "show", ACCOUNT]).done();
    assert_eq!(account["status"], "needs_reauth");
    sign_in(&workspace, &provider);
}

#[test]
fn a_code_is_typed_on_another_device() {
    let Some(provider) = openid::start(3600) else {
        return;
    };
    let workspace = beside(&provider);
    let mut running = workspace.start(&["account", "connect", ACCOUNT, "--device"]);
    let line = running.line_with("Open http://");
    let words: Vec<&str> = line.split_whitespace().collect();
    let (address, code) = (words[1], words.last().unwrap().trim_end_matches('.'));
    let page = provider.sign_in_device(address, code);
    assert_eq!(page.status, 200, "{page:?}");
    let tested = running.outcome().done();
    assert_eq!(tested["status"], "active", "{tested:#}");
    assert_eq!(provider.facts()["devices"], 1);
    workspace.json(&["account", "renew", ACCOUNT]).exits(0);
    assert_eq!(provider.facts()["refreshes"], 1);
}
