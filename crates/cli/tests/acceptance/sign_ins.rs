//! `xwalk account connect --paste`: signing in where the browser cannot come back to this machine.

use crate::support::instance::Instance;
use crate::support::workspace::ACCOUNT;

use crate::renewals::{any_port, with_person};

const PASTE: [&str; 4] = ["account", "connect", ACCOUNT, "--paste"];

#[cfg(target_os = "linux")]
#[test]
fn the_address_the_browser_came_back_to_is_pasted() {
    use std::io::Write as _;

    use crate::support::browser::Browser;
    use crate::support::running::Running;

    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    let connect = || {
        let args = [&PASTE[..], &["--json"]].concat();
        let (mut running, terminal) =
            Running::start_at_terminal(args.join(" "), workspace.command(&args));
        let address = running.line_with("http://");
        (running, terminal, address)
    };
    let (running, mut terminal, _) = connect();
    terminal
        .write_all(b"http://127.0.0.1/callback?code=x&state=another\n")
        .unwrap();
    assert_eq!(running.outcome().fails(3)["code"], "auth_refused");

    let (running, mut terminal, address) = connect();
    let back = Browser::default().sent_to(&address);
    terminal.write_all(format!("{back}\n").as_bytes()).unwrap();
    let tested = running.outcome().done();
    assert_eq!(tested["status"], "active", "{tested:#}");
    // Of the two answers, one was worth a token.
    assert_eq!(instance.tokens_issued(), 1);
}

#[test]
fn an_address_is_not_waited_for_where_nobody_can_be_asked() {
    let instance = Instance::start();
    let workspace = with_person(&instance, &any_port());
    let refused = workspace.json(&PASTE).fails(2);
    assert_eq!(refused["code"], "nobody_to_ask");
}
