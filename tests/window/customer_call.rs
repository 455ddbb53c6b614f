//! A customer looks on: nothing of any other tenant is in the window, shown or not.

use serde_json::json;

use crate::support::{Stage, play};

/// What frames the whole window while somebody looks on.
const FRAME: &str = "[aria-hidden].fixed.inset-0.border-call";

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn a_customer_call_hides_every_other_tenant() {
    let Some(stage) = Stage::set("customer-call") else {
        return;
    };
    let seed = stage.seed();
    for (tenant, name) in [
        ("acme", "Acme Manufacturing"),
        ("zenith", "Zenith Insurance"),
        ("quince", "Quince Foods"),
    ] {
        seed.tenant(tenant, name).await;
        seed.waiting_account(tenant, &format!("{tenant}-test"), "sandbox")
            .await;
    }
    drop(seed);
    play(&stage, |window| async move {
        // Looked at before the call, so that it stands among the recent ones.
        window.sees("zenith-test").await;
        window.go("/accounts/zenith-test").await;
        window.sees("Zenith Insurance").await;
        window.go("/").await;
        window.sees("quince-test").await;
        assert_eq!(window.count(FRAME).await, 0);
        window.chord("Ctrl+Shift+L").await;
        window.sees("Start a customer call").await;
        window.fill("Tenant", "acme").await;
        window.chord("Enter").await;
        window.sees("Customer call: Acme Manufacturing only").await;
        let framed = window
            .script(
                "const frame = document.querySelector(arguments[0]), box = frame.getBoundingClientRect(); \
                 const page = document.documentElement, drawn = getComputedStyle(frame); \
                 return box.width >= page.clientWidth && box.height >= page.clientHeight && \
                 drawn.borderTopStyle === 'solid' && parseFloat(drawn.borderTopWidth) >= 2",
                vec![json!(FRAME)],
            )
            .await;
        assert_eq!(framed, true, "the frame is not drawn around the window");
        for place in [
            "/tenants/acme",
            "/",
            "/tenants",
            "/connectors",
            "/connect",
            "/runs",
            "/alerts",
            "/settings",
            "/accounts/zenith-test",
        ] {
            window.go(place).await;
            window.settles().await;
            assert_eq!(window.count(FRAME).await, 1, "{place} is not framed");
            let everything = window.everything().await.to_lowercase();
            for other in ["zenith insurance", "quince"] {
                assert!(!everything.contains(other), "{place} tells of {other}");
            }
        }
        window.go("/").await;
        window.chord("Ctrl+K").await;
        window.types("zenith").await;
        window.settles().await;
        let found = window.everything().await.to_lowercase();
        assert!(!found.contains("zenith insurance"), "the search finds it");
        window.chord("Escape").await;
        window.press("Leave").await;
        window.sees("zenith-test").await;
        assert_eq!(window.count(FRAME).await, 0);
    })
    .await;
}
