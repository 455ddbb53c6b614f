//! The first run: from an empty workspace over the sandbox to an account of one's own and a custom field that no mapping
//! reads.

use crosswalk_sandbox::{Resource, Sandbox, SandboxConfig};

use crate::support::{Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn the_sandbox_leads_to_an_account_of_ones_own_and_an_unmapped_custom_field() {
    let Some(stage) = Stage::set("first-run") else {
        return;
    };
    let config = SandboxConfig {
        extra_custom_fields: vec![("charge-to-project".to_owned(), "PX-4471".to_owned())],
        ..SandboxConfig::for_tests()
    };
    let instance = Sandbox::start(config.with(Resource::Invoices, 60))
        .await
        .unwrap();
    let (url, client, secret) = (
        instance.url(),
        instance.client_id().to_owned(),
        instance.client_secret().to_owned(),
    );
    play(&stage, |window| async move {
        window.sees("Try it with the sandbox").await;
        window.sees("Add your first tenant").await;
        window.press("Start the sandbox").await;
        window.sees("Get to know it with the sandbox").await;
        for tenant in ["Alder Foods", "Basalt Works", "Cobalt Health"] {
            window.sees(tenant).await;
        }
        // The one that is broken is active all the same: of many scopes it lacks one.
        window
            .press("Find out what is wrong with Cobalt Health")
            .await;
        window.arrives("/accounts/cobalt-sandbox/credentials").await;
        window.finds("section[aria-label='What is wrong']").await;
        let told = window
            .script(
                "return document.querySelector(\"section[aria-label='What is wrong']\").innerText",
                Vec::new(),
            )
            .await;
        let told = told.as_str().unwrap();
        for words in [
            "core.contract.read",
            "Customer's side",
            "Test the connection",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }

        window
            .go("/connect?connector=coupa&tenant=cobalt&kind=sandbox")
            .await;
        window.fill("Instance URL", &url).await;
        window.fill("Client ID", &client).await;
        window.fill("Client secret", &secret).await;
        window.press("Connect").await;
        window.press("Open cobalt-coupa-test").await;
        window.arrives("/accounts/cobalt-coupa-test").await;
        window
            .go("/accounts/cobalt-coupa-test/sync?resource=invoices")
            .await;
        window
            .click("//button[starts-with(normalize-space(.), 'Start test sync')]")
            .await;
        window.lists("completed").await;
        window.press("Compare").await;
        window.arrives("/accounts/cobalt-coupa-test/compare").await;
        window.sees("custom field").await;
        window.sees("PX-4471").await;
        window
            .click(
                "//*[@role='treeitem'][contains(., 'charge-to-project') and contains(., 'unread')]",
            )
            .await;
    })
    .await;
    drop(instance);
}
