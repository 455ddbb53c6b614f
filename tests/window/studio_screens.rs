//! The mapping studio with something in it, at the usual size and at the smallest, light and dark: axe finds nothing,
//! nothing is wider than the window, few elements are drawn.

use std::path::PathBuf;

use crosswalk_sandbox::{Resource, RunningSandbox, SandboxConfig};

use crate::screens::{PICTURES, violations};
use crate::support::{Customer, MOST_NODES, Stage, Theme, Window, play_in};

const ACCOUNT: &str = "basalt-test";

/// A tenant with a twin, overrides, a pin that no longer holds and a table that lacks a key.
async fn furnish(stage: &Stage) -> Vec<RunningSandbox> {
    let seed = stage.seed();
    let instance = |seed, fields: &[(&str, &str)]| {
        SandboxConfig {
            seed,
            extra_custom_fields: fields
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            ..SandboxConfig::for_tests()
        }
        .with(Resource::Invoices, 60)
    };
    let customer = |account, kind, instance| Customer {
        tenant: "basalt",
        name: "Basalt Works",
        account,
        kind,
        instance,
    };
    let fields = [("charge-to-project", "PX-4471"), ("plant", "Köln 2")];
    let running = vec![
        seed.customer(customer(ACCOUNT, "sandbox", instance(2, &fields)))
            .await,
        seed.connects(customer(
            "basalt-prod",
            "production",
            instance(5, &[("charge-to-project", "PX-1")]),
        ))
        .await,
    ];
    for account in [ACCOUNT, "basalt-prod"] {
        seed.sync(account, "invoices", "test").await;
    }
    let project = "`custom-fields`.`charge-to-project`";
    let name = format!("$table('projects', {project})");
    seed.table(
        ACCOUNT,
        "projects",
        &[("PX-1", "Depot North"), ("PX-2", "Fleet")],
    )
    .await;
    seed.table("basalt-prod", "projects", &[("PX-1", "Depot South")])
        .await;
    seed.maps(ACCOUNT, "custom_fields.project", project, "asked for by AP")
        .await;
    seed.maps(ACCOUNT, "custom_fields.project_name", &name, "")
        .await;
    seed.maps(
        ACCOUNT,
        "sub_total",
        "$string($sum(`invoice-lines`.$number(total)))",
        "as the old platform did",
    )
    .await;
    seed.pins_first(ACCOUNT).await;
    seed.maps(
        ACCOUNT,
        "number",
        "`invoice-number` & '/B'",
        "with the branch",
    )
    .await;
    running
}

/// A state of the studio: its name, its place and what is pressed there.
const STATES: [(&str, &str, &[Press]); 10] = [
    ("mapping", "mapping", &[]),
    (
        "editor",
        "mapping?field=sub_total",
        &[Press::Sees("Use $decimal_sum")],
    ),
    (
        "history",
        "mapping?field=number",
        &[
            Press::Sees("fits text"),
            Press::Keys("Ctrl+Shift+H"),
            Press::Sees("with the branch"),
        ],
    ),
    (
        "unread",
        "mapping",
        &[Press::Keys("U"), Press::Sees("custom-fields.plant")],
    ),
    (
        "add-field",
        "mapping",
        &[Press::Keys("A"), Press::Sees("Where it stands")],
    ),
    (
        "filters",
        "mapping",
        &[Press::Keys("F"), Press::Sees("Choose a filter")],
    ),
    (
        "pins",
        "mapping",
        &[Press::Named("Pins"), Press::Sees("broken")],
    ),
    (
        "side-by-side",
        "mapping",
        &[
            Press::Named("Move"),
            Press::Named("Compare with another account…"),
            Press::Sees("Depot South"),
        ],
    ),
    ("tables", "tables", &[Press::Sees("PX-4471")]),
    ("compare", "compare", &[Press::Sees("unread")]),
];

#[derive(Clone, Copy)]
enum Press {
    Keys(&'static str),
    Named(&'static str),
    Sees(&'static str),
}

async fn look(window: Window, theme: &'static str) -> Vec<String> {
    window.sees("Basalt Works").await;
    let pictures = std::env::var_os(PICTURES).map(PathBuf::from);
    let mut faults = Vec::new();
    for (width, height) in [(1_280, 800), (1_024, 700)] {
        window.resizes(width, height).await;
        for (name, place, presses) in STATES {
            // Afresh, so that nothing of the state before is open.
            window.go("/alerts").await;
            window.settles().await;
            window.go(&format!("/accounts/{ACCOUNT}/{place}")).await;
            window.settles().await;
            for press in presses {
                match press {
                    Press::Keys(keys) => window.chord(keys).await,
                    Press::Named(name) => window.press(name).await,
                    Press::Sees(text) => drop(window.sees(text).await),
                }
            }
            window.settles().await;
            let here = format!("{name}, {theme}, {width}");
            if let Some(folder) = &pictures {
                let picture = window.picture().await.unwrap();
                let file = format!("studio-{name}-{theme}-{width}.png");
                std::fs::write(folder.join(file), picture).unwrap();
            }
            let nodes = window.nodes().await;
            if nodes >= MOST_NODES {
                faults.push(format!("{here}: {nodes} elements"));
            }
            let wide = window
                .script(
                    "return document.documentElement.scrollWidth > window.innerWidth",
                    Vec::new(),
                )
                .await;
            if wide == serde_json::json!(true) {
                faults.push(format!("{here}: wider than the window"));
            }
            for fault in violations(&window).await {
                faults.push(format!("{here}: {fault}"));
            }
            window.chord("Escape").await;
        }
    }
    faults
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn the_studio_is_fit_to_be_seen_in_both_sizes_and_themes() {
    let Some(stage) = Stage::set("studio-screens") else {
        return;
    };
    let _instances = furnish(&stage).await;
    let mut faults = Vec::new();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        faults.extend(play_in(&stage, theme, |window| look(window, name)).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
