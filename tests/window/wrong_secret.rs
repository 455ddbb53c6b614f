//! A secret that is wrong: what happened and what to do is said, and the right one then connects.

use crosswalk_sandbox::{Sandbox, SandboxConfig};

use crate::support::{Stage, play};

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_wrong_secret_is_explained_and_put_right() {
    let Some(stage) = Stage::set("wrong-secret") else {
        return;
    };
    stage.seed().tenant("acme", "Acme Manufacturing").await;
    let instance = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
    let (url, client, secret) = (
        instance.url(),
        instance.client_id().to_owned(),
        instance.client_secret().to_owned(),
    );
    play(&stage, |window| async move {
        window.go("/connect?connector=coupa&tenant=acme&kind=sandbox").await;
        window.fill("Instance URL", &url).await;
        window.fill("Client ID", &client).await;
        window.fill("Client secret", "not the secret").await;
        window.press("Connect").await;
        window.sees("Not connected yet").await;
        let told = window.sees("Try again").await;
        assert!(
            !told.contains("not the secret"),
            "the secret is never shown"
        );
        let hint = window
            .script(
                "const said = document.querySelector('#outcome').parentElement.querySelector('[role=alert]'); \
                 return [said.innerText, said.querySelectorAll('button').length]",
                Vec::new(),
            )
            .await;
        let words = hint[0].as_str().unwrap();
        assert!(words.contains("secret"), "{words}");
        assert!(words.contains("Customer's side"), "{words}");
        assert!(words.contains("auth_refused"), "{words}");
        assert!(hint[1].as_u64() >= Some(1), "no next step: {words}");

        window.fill("Client secret", &secret).await;
        window.press("Try again").await;
        window.sees("Connected").await;
        window.press("Open acme-coupa-test").await;
        window.sees("acme-coupa-test").await;
    })
    .await;
    drop(instance);
}
