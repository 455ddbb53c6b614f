//! The window as a user meets it: what can be read, pressed and typed.

use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

/// How long something may take before a story gives up; two windows share two cores in a debug build.
const PATIENCE: Duration = Duration::from_secs(30);

/// No screen holds as many elements: WebKitGTK lags at about twice as many.
pub(crate) const MOST_NODES: u64 = 1_500;

/// An open window.
#[derive(Clone)]
pub(crate) struct Window(Client);

/// `text` as an XPath literal; there is no escape in XPath 1.
fn literal(text: &str) -> String {
    if text.contains('"') {
        format!("'{text}'")
    } else {
        format!("\"{text}\"")
    }
}

/// Where the field with this label is.
fn field(label: &str) -> String {
    let label = literal(label);
    format!(
        "//*[self::input or self::textarea][@id=//label[contains(normalize-space(.), {label})]/@for \
         or @aria-label={label} or @placeholder={label} or ancestor::label[contains(normalize-space(.), {label})]]"
    )
}

impl Window {
    pub(crate) fn new(client: Client) -> Self {
        Self(client)
    }

    pub(crate) async fn close(self) {
        // A window that has already gone needs no closing.
        let _ = self.0.close().await;
    }

    /// What a script in the page returns.
    pub(crate) async fn script(&self, text: &str, arguments: Vec<Value>) -> Value {
        self.0.execute(text, arguments).await.unwrap()
    }

    /// What a script hands to its callback, `arguments[0]`.
    pub(crate) async fn answer(&self, text: &str) -> Value {
        self.0.execute_async(text, Vec::new()).await.unwrap()
    }

    /// All that can be read.
    pub(crate) async fn text(&self) -> String {
        let read = self.0.execute("return document.body.innerText", Vec::new());
        read.await
            .ok()
            .and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// A picture of the page.
    pub(crate) async fn picture(&self) -> Option<Vec<u8>> {
        self.0.screenshot().await.ok()
    }

    /// Waits until `what` holds of the text on screen.
    async fn until(&self, what: &str, holds: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let text = self.text().await;
            if holds(&text) {
                self.holds_few_elements().await;
                return text;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{what} did not happen; the window shows:\n{text}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Whatever a story looks at holds few elements; a page that is being left answers nothing.
    async fn holds_few_elements(&self) {
        let counted = self
            .0
            .execute("return document.querySelectorAll('*').length", Vec::new());
        let elements = counted.await.ok().and_then(|count| count.as_u64());
        if let Some(elements) = elements {
            assert!(
                elements < MOST_NODES,
                "{} holds {elements} elements",
                self.place().await
            );
        }
    }

    /// Waits until `text` can be read.
    pub(crate) async fn sees(&self, text: &str) -> String {
        self.until(&format!("seeing {text:?}"), |shown| shown.contains(text))
            .await
    }

    /// Waits until `text` can no longer be read.
    pub(crate) async fn misses(&self, text: &str) -> String {
        self.until(&format!("{text:?} going away"), |shown| {
            !shown.contains(text)
        })
        .await
    }

    async fn element(&self, path: &str) -> Element {
        self.0
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(path))
            .await
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Presses the button, link, tab or choice of this name, once it can be pressed.
    pub(crate) async fn press(&self, name: &str) {
        let name = literal(name);
        let path = format!(
            "//*[self::button or self::a or self::summary or @role='tab' or @role='option' or \
             @role='menuitem' or @role='checkbox' or @role='radio' or @role='row'][not(@disabled)]\
             [normalize-space(.)={name} or @aria-label={name} or (@role='option' or \
             @role='row') and contains(normalize-space(.), {name})]"
        );
        self.click(&path).await;
    }

    /// Clicks what an XPath finds, again where the page drew it anew meanwhile.
    pub(crate) async fn click(&self, path: &str) {
        let started = Instant::now();
        loop {
            let clicked = self.element(path).await.click().await;
            match clicked {
                Ok(()) => return,
                Err(error) if started.elapsed() > PATIENCE => panic!("{path}: {error}"),
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Types into the field with this label, in place of what it holds.
    pub(crate) async fn fill(&self, label: &str, text: &str) {
        let field = self.element(&field(label)).await;
        // WebDriver's own clearing is not seen by React.
        field.click().await.unwrap();
        self.chord("Ctrl+A").await;
        field.send_keys(text).await.unwrap();
    }

    /// Presses keys together, as in `Ctrl+K`, on whatever has the focus.
    pub(crate) async fn chord(&self, chord: &str) {
        let keys: Vec<char> = chord.split('+').map(key).collect();
        let mut actions = KeyActions::new("keyboard".into());
        for value in &keys {
            actions = actions.then(KeyAction::Down { value: *value });
        }
        for value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *value });
        }
        self.0.perform_actions(actions).await.unwrap();
    }

    /// Types text on whatever has the focus.
    pub(crate) async fn types(&self, text: &str) {
        let mut actions = KeyActions::new("keyboard".into());
        for value in text.chars() {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.0.perform_actions(actions).await.unwrap();
    }

    /// Goes to a place of the window by its address: `/accounts/x/explore`.
    pub(crate) async fn go(&self, place: &str) {
        self.script(
            "window.location.hash = arguments[0]",
            vec![json!(format!("#{place}"))],
        )
        .await;
    }

    /// The address of the place shown.
    pub(crate) async fn place(&self) -> String {
        let hash = self
            .script(
                "return decodeURIComponent(window.location.hash)",
                Vec::new(),
            )
            .await;
        hash.as_str()
            .unwrap_or_default()
            .trim_start_matches('#')
            .to_owned()
    }

    /// Waits until a script returns true.
    pub(crate) async fn wait(&self, what: &str, script: &str, arguments: Vec<Value>) {
        let started = Instant::now();
        while self.script(script, arguments.clone()).await != json!(true) {
            assert!(
                started.elapsed() < PATIENCE,
                "{what} did not happen at {}; the window shows:\n{}",
                self.place().await,
                self.text().await
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.holds_few_elements().await;
    }

    /// Waits until the address of the place shown begins so.
    pub(crate) async fn arrives(&self, place: &str) {
        self.wait(
            &format!("coming to {place}"),
            "return decodeURIComponent(location.hash).startsWith('#' + arguments[0])",
            vec![json!(place)],
        )
        .await;
    }

    /// Waits until another place than this is shown.
    pub(crate) async fn leaves(&self, place: &str) {
        self.wait(
            &format!("leaving {place}"),
            "return decodeURIComponent(location.hash) !== '#' + arguments[0]",
            vec![json!(place)],
        )
        .await;
    }

    /// Waits until a row of a table holds `text`.
    pub(crate) async fn lists(&self, text: &str) {
        self.wait(
            &format!("a row with {text:?}"),
            "return [...document.querySelectorAll('[role=grid] [role=row]')]\
             .some(row => row.innerText.includes(arguments[0]))",
            vec![json!(text)],
        )
        .await;
    }

    /// Waits until a CSS selector finds something.
    pub(crate) async fn finds(&self, selector: &str) {
        self.wait(
            &format!("finding {selector}"),
            "return document.querySelector(arguments[0]) !== null",
            vec![json!(selector)],
        )
        .await;
    }

    /// Waits until what has the focus fits a CSS selector.
    pub(crate) async fn has_focus(&self, selector: &str) {
        self.wait(
            &format!("the focus in {selector}"),
            "return document.activeElement.matches(arguments[0])",
            vec![json!(selector)],
        )
        .await;
    }

    /// Presses Tab until the focus is on what a CSS selector finds.
    pub(crate) async fn tab_to(&self, selector: &str) {
        self.finds(selector).await;
        let mut passed = Vec::new();
        for _ in 0..80 {
            self.chord("Tab").await;
            let focus = self
                .script(
                    "const at = document.activeElement; \
                     return [at.matches(arguments[0]), at.outerHTML.slice(0, 80)]",
                    vec![json!(selector)],
                )
                .await;
            if focus[0] == json!(true) {
                return;
            }
            passed.push(focus[1].to_string());
        }
        panic!("Tab does not reach {selector}, only\n{}", passed.join("\n"));
    }

    /// Pages down in what `list` finds until the XPath finds something.
    pub(crate) async fn scrolls_to(&self, path: &str, list: &str) {
        self.script(
            "document.querySelector(arguments[0]).focus()",
            vec![json!(list)],
        )
        .await;
        for _ in 0..40 {
            if self.0.find(Locator::XPath(path)).await.is_ok() {
                return;
            }
            self.chord("PageDown").await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} is not in {list}");
    }

    /// Presses End in what `list` finds; what stands in its `last` row, once that is read and in sight.
    pub(crate) async fn ends_at(&self, list: &str, last: &str) -> String {
        let both = vec![json!(list), json!(format!("{list} {last}"))];
        self.script("document.querySelector(arguments[0]).focus()", both.clone())
            .await;
        self.chord("End").await;
        self.wait(
            &format!("the end of {list}"),
            "const row = document.querySelector(arguments[1]); \
             if (row === null || row.innerText.trim() === '') return false; \
             const all = document.querySelector(arguments[0]).getBoundingClientRect(); \
             const at = row.getBoundingClientRect(); \
             return at.top >= all.top && at.bottom <= all.bottom + 1",
            both.clone(),
        )
        .await;
        let row = self.script(
            "return document.querySelector(arguments[1]).innerText",
            both,
        );
        row.await.as_str().unwrap().to_owned()
    }

    /// How many elements a CSS selector finds.
    pub(crate) async fn count(&self, selector: &str) -> u64 {
        self.script(
            "return document.querySelectorAll(arguments[0]).length",
            vec![json!(selector)],
        )
        .await
        .as_u64()
        .unwrap()
    }

    /// Waits until the page has nothing more to load: no skeletons, and the same text twice.
    pub(crate) async fn settles(&self) {
        let started = Instant::now();
        let mut before = String::new();
        while started.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(150)).await;
            let text = self.text().await;
            let loading = self.count("[aria-label='Loading'], .animate-pulse").await;
            if loading == 0 && text == before {
                return;
            }
            before = text;
        }
    }

    /// Waits until what the window remembers of itself holds `text`.
    pub(crate) async fn remembers(&self, text: &str) {
        let started = Instant::now();
        loop {
            let kept = self
                .answer("window.__TAURI_INTERNALS__.invoke('ui_state').then(arguments[0])")
                .await;
            if kept.as_str().is_some_and(|kept| kept.contains(text)) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "not remembered: {kept}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the field with this label holds `text`.
    pub(crate) async fn holds(&self, label: &str, text: &str) {
        let started = Instant::now();
        loop {
            let field = self.element(&field(label)).await;
            let held = field.prop("value").await.unwrap().unwrap_or_default();
            if held == text {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "{label} holds {held:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Counts from now on how often a mouse is pressed.
    pub(crate) async fn watches_the_mouse(&self) {
        self.script(
            "window.presses = 0; for (const kind of ['mousedown', 'pointerdown', 'touchstart']) \
             window.addEventListener(kind, () => { window.presses += 1; }, true)",
            Vec::new(),
        )
        .await;
    }

    /// Notes from now on whatever the window says to be wrong, be it for a moment.
    pub(crate) async fn watches_for_errors(&self) {
        self.script(
            "window.errors = new Set(); \
             const look = () => document.querySelectorAll('[role=alert], [role=alertdialog]').forEach(one => { \
             const said = one.textContent.trim(); if (said !== '') window.errors.add(said); }); \
             new MutationObserver(look).observe(document.documentElement, \
             { attributes: true, characterData: true, childList: true, subtree: true }); look();",
            Vec::new(),
        )
        .await;
    }

    /// What the window said to be wrong since it is watched.
    pub(crate) async fn errors(&self) -> Vec<String> {
        let errors = self.script("return [...window.errors]", Vec::new()).await;
        serde_json::from_value(errors).unwrap()
    }

    /// How often a mouse was pressed.
    pub(crate) async fn mouse(&self) -> u64 {
        let presses = self.script("return window.presses", Vec::new()).await;
        presses.as_u64().unwrap()
    }

    /// Makes the window so large.
    pub(crate) async fn resizes(&self, width: u32, height: u32) {
        self.0.set_window_size(width, height).await.unwrap();
        self.wait(
            &format!("a window {width} wide"),
            "return Math.abs(window.innerWidth - arguments[0]) < 40",
            vec![json!(width)],
        )
        .await;
    }

    /// How many elements the page holds.
    pub(crate) async fn nodes(&self) -> u64 {
        self.script(
            "return document.getElementsByTagName('*').length",
            Vec::new(),
        )
        .await
        .as_u64()
        .unwrap()
    }

    /// Every text and attribute of the page, shown or not.
    pub(crate) async fn everything(&self) -> String {
        self.script("return document.documentElement.outerHTML", Vec::new())
            .await
            .as_str()
            .unwrap()
            .to_owned()
    }
}

fn key(name: &str) -> char {
    match name {
        "Ctrl" => Key::Control.into(),
        "Shift" => Key::Shift.into(),
        "Enter" => Key::Enter.into(),
        "Escape" => Key::Escape.into(),
        "Tab" => Key::Tab.into(),
        "Down" => Key::Down.into(),
        "PageDown" => Key::PageDown.into(),
        "Up" => Key::Up.into(),
        "End" => Key::End.into(),
        other => other.to_lowercase().chars().next().unwrap(),
    }
}
