//! The real window on a display of its own, driven through WebDriver.
//!
//! Ignored by default: it needs the program built with the UI inside. `cargo xtask test` builds it and
//! runs this with `--ignored`; it says `skipped:` where Xvfb or WebKitWebDriver is missing.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crosswalk_console::{Console, Options};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::json;

/// A child process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A display of our own; its number is chosen by the server, so that tests can run side by side.
fn display() -> (Running, String) {
    let mut server = Command::new("Xvfb")
        .args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1280x800x24",
            "-nolisten",
            "tcp",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut number = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut number)
        .unwrap();
    (Running(server), format!(":{}", number.trim()))
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

/// WebKitWebDriver on `display`; it starts the window with what is in its own environment.
fn driver(display: &str, workspace: &Path) -> (Running, u16) {
    let port = free_port();
    let driver = Command::new("WebKitWebDriver")
        .args(["--host=127.0.0.1", &format!("--port={port}")])
        .env("DISPLAY", display)
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("XWALK_WORKSPACE", workspace)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "WebKitWebDriver does not answer"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    (Running(driver), port)
}

async fn open(port: u16) -> Client {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_crosswalk"));
    let capabilities = json!({ "webkitgtk:browserOptions": { "binary": program, "args": [] } });
    ClientBuilder::new(hyper_util_connector())
        .capabilities(capabilities.as_object().unwrap().clone())
        .connect(&format!("http://127.0.0.1:{port}"))
        .await
        .expect("a WebDriver session")
}

fn hyper_util_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

fn have(program: &str) -> bool {
    std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
        .any(|folder| folder.join(program).is_file())
}

#[tokio::test]
#[ignore = "needs the program built with the UI inside; cargo xtask test runs it"]
async fn the_window_shows_the_workspace() {
    if !have("Xvfb") || !have("WebKitWebDriver") {
        println!("skipped: Xvfb or WebKitWebDriver is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let console = Console::open(Options::new(folder.path().to_path_buf())).unwrap();
    console
        .add_tenant("acme", Some("Acme Manufacturing"), Some("EU"))
        .await
        .unwrap();
    drop(console);

    let (_server, display) = display();
    let (_driver, port) = driver(&display, folder.path());
    let client = open(port).await;
    client
        .wait()
        .at_most(Duration::from_secs(10))
        .for_element(Locator::XPath("//th[contains(., 'Acme Manufacturing')]"))
        .await
        .expect("the tenant's row");
    let text = client
        .find(Locator::Css("main"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(text.contains("No accounts yet"), "{text}");
    client.close().await.unwrap();
}
