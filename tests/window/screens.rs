//! Every screen over a workspace with something to show, light and dark: axe finds nothing, and few elements are
//! drawn. `cargo xtask screenshots` has the pictures kept that are taken on the way, and `docs/screenshots/README.md`
//! shows them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::{MOST_NODES, Stage, Theme, Window, play_in};

/// Where pictures go; none are taken without it.
pub(crate) const PICTURES: &str = "CROSSWALK_SCREENSHOTS";

const THEMES: [(Theme, &str); 2] = [(Theme::Light, "light"), (Theme::Dark, "dark")];

/// The places of the rail and the tabs of one account, as the window links them, and what is opened from there.
async fn places(window: &Window) -> Vec<(String, String)> {
    window.go("/accounts/alder-prod").await;
    window.sees("Compare").await;
    window.settles().await;
    let links = window
        .script(
            "return [...document.querySelectorAll('nav[aria-label=Places] a[href], nav[aria-label=Account] a[href]')]\
             .map(a => [a.innerText.trim().split('\\n')[0], a.getAttribute('href').slice(1)])",
            Vec::new(),
        )
        .await;
    let mut places: Vec<(String, String)> = links
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|link| {
            Some((
                link[0].as_str()?.to_lowercase(),
                link[1].as_str()?.to_owned(),
            ))
        })
        // Recent accounts are links of the rail too.
        .filter(|(name, _)| !name.contains('/'))
        .collect();
    for (name, place) in [
        ("tenant", "/tenants/alder"),
        ("tenant-broken", "/tenants/cobalt"),
        (
            "connect",
            "/connect?connector=coupa&tenant=alder&kind=sandbox",
        ),
    ] {
        places.push((name.into(), place.into()));
    }
    places
}

/// What axe finds wrong on the screen, a line each.
pub(crate) async fn violations(window: &Window) -> Vec<String> {
    if window.script("return typeof axe", Vec::new()).await != json!("object") {
        let file =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
        window
            .script(&std::fs::read_to_string(file).unwrap(), Vec::new())
            .await;
    }
    let found = window
        .answer(
            "axe.run(document, { resultTypes: ['violations'] }).then(found => arguments[0](\
             found.violations.flatMap(one => one.nodes.map(node => \
             `${one.id}: ${node.failureSummary} ${node.html.slice(0, 200)}`))))",
        )
        .await;
    found
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// What is wrong with the screen as it stands, whose picture is kept where somebody wants it.
async fn judge(window: &Window, name: &str, theme: &str) -> Vec<String> {
    window.settles().await;
    let mut faults = Vec::new();
    let nodes = window.nodes().await;
    if nodes >= MOST_NODES {
        faults.push(format!("{name}, {theme}: {nodes} elements"));
    }
    for fault in violations(window).await {
        faults.push(format!("{name}, {theme}: {fault}"));
    }
    if let Some(folder) = std::env::var_os(PICTURES).map(PathBuf::from) {
        let picture = window.picture().await.unwrap();
        std::fs::write(folder.join(format!("{name}-{theme}.png")), picture).unwrap();
    }
    faults
}

/// Every place, and what is opened over one.
async fn look(window: Window, run: String, theme: &'static str) -> Vec<String> {
    window.sees("Alder Foods").await;
    let mut faults = Vec::new();
    let mut places = places(&window).await;
    let run = format!("/accounts/alder-prod/sync?resource=invoices&run={run}");
    places.push(("run".into(), run));
    for (name, place) in places {
        window.go(&place).await;
        faults.extend(judge(&window, &name, theme).await);
    }
    // The newest, which was refused: what it was answered is kept.
    window.go("/accounts/cobalt-prod/calls").await;
    window
        .click("//*[@role='grid'][@aria-label='Calls']//*[@role='row'][@aria-rowindex='2']")
        .await;
    window.finds("section[aria-label^='Call ']").await;
    faults.extend(judge(&window, "call", theme).await);

    window.go("/").await;
    window.settles().await;
    window.chord("Ctrl+K").await;
    window.has_focus("input").await;
    window.types("invoice").await;
    window.sees("Found").await;
    faults.extend(judge(&window, "palette", theme).await);
    window.chord("Escape").await;
    window
        .wait(
            "the palette closing",
            "return document.querySelector('[cmdk-input]') === null",
            Vec::new(),
        )
        .await;

    window.chord("Ctrl+Shift+L").await;
    window.sees("Start a customer call").await;
    window.fill("Tenant", "alder").await;
    window.chord("Enter").await;
    window.sees("Customer call: Alder Foods only").await;
    window.go("/tenants/alder").await;
    faults.extend(judge(&window, "customer-call", theme).await);
    window.press("Leave").await;
    window.misses("Customer call: Alder Foods only").await;
    window.go("/").await;
    faults
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn every_screen_is_accessible_in_light_and_dark() {
    let Some(stage) = Stage::set("screens") else {
        return;
    };
    let seed = stage.seed();
    let _customers = seed.showcase().await;
    let run = seed.runs("alder-prod", "invoices").await.remove(0).run;
    drop(seed);
    let mut faults = Vec::new();
    for (theme, name) in THEMES {
        let run = run.clone();
        faults.extend(play_in(&stage, theme, |window| look(window, run, name)).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
#[ignore = "needs the programs built with the UI inside; cargo xtask test runs it"]
async fn every_screen_is_accessible_the_first_one_too() {
    let Some(stage) = Stage::set("first-screen") else {
        return;
    };
    let mut faults = Vec::new();
    for (theme, name) in THEMES {
        let first = move |window: Window| async move {
            window.sees("Start the sandbox").await;
            judge(&window, "first-run", name).await
        };
        faults.extend(play_in(&stage, theme, first).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
