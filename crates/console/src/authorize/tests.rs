//! Sign-ins over a listener that runs, with the stand-in instance for the provider.

#![allow(clippy::unwrap_used, reason = "tests")]

use crosswalk_sandbox::{RunningSandbox, Sandbox, SandboxConfig};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use url::Url;

use super::*;
use crate::accounts::test_account::{ACCOUNT, with_account_coming_back_to};

struct Bench {
    sandbox: RunningSandbox,
    console: Console,
    never: CancellationToken,
    _home: TempDir,
}

impl Bench {
    async fn new(port: Option<u16>) -> Self {
        let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
        let home = TempDir::new().unwrap();
        let client = (sandbox.client_id(), sandbox.client_secret());
        let console = with_account_coming_back_to(home.path(), port, sandbox.url(), client).await;
        Self {
            sandbox,
            console,
            never: CancellationToken::new(),
            _home: home,
        }
    }

    async fn begin(&self) -> SignInView {
        self.console.begin_sign_in(ACCOUNT).await.unwrap()
    }

    async fn ended(&self) -> Result<Tested, Fault> {
        self.console.await_sign_in(ACCOUNT, &self.never).await
    }

    async fn is_signed_in(&self) -> bool {
        let account = self.console.account(ACCOUNT).await.unwrap();
        account.token.is_some()
    }
}

/// A port nobody listens on, since whoever did has gone.
async fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}

/// What is answered to an address, head and body.
async fn get(address: &str) -> std::io::Result<String> {
    let url = Url::parse(address).unwrap();
    let (host, port) = (url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect((host, port)).await?;
    let (path, query) = (url.path(), url.query().unwrap_or_default());
    let request =
        format!("GET {path}?{query} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// Where the provider sends the browser once the person has said yes.
async fn said_yes(view: &SignInView) -> String {
    let answer = get(&view.url).await.unwrap();
    let location = answer
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("location"));
    location.unwrap().1.to_owned()
}

fn state(view: &SignInView) -> String {
    let url = Url::parse(&view.url).unwrap();
    let (_, state) = url.query_pairs().find(|(name, _)| name == "state").unwrap();
    state.into_owned()
}

#[tokio::test]
async fn an_answer_that_names_its_provider_names_the_one_that_was_asked() {
    let bench = Bench::new(None).await;
    let state = state(&bench.begin().await);
    let read = |query: String| {
        let sign_ins = &bench.console.shared.sign_ins;
        let read = sign_ins.reach(ACCOUNT, |reachable| {
            accept(
                &reachable.authorization,
                &reachable.authorize_origin,
                &query,
            )
        });
        read.unwrap().map(|_| ()).map_err(|fault| fault.code)
    };
    assert!(read(format!("code=x&state={state}")).is_ok());
    for ours in [
        bench.sandbox.url(),
        format!("{}/tenant", bench.sandbox.url()),
    ] {
        assert!(
            read(format!("code=x&state={state}&iss={ours}")).is_ok(),
            "{ours}"
        );
    }
    for other in [
        "https://elsewhere.example",
        "http://127.0.0.1",
        "elsewhere",
        "data:x",
        "",
    ] {
        let refused = read(format!("code=x&state={state}&iss={other}"));
        assert_eq!(refused.unwrap_err(), "issuer_mismatch", "{other:?}");
    }
}

#[tokio::test]
async fn foreign_answers_do_not_end_a_sign_in_and_its_own_ends_it_once() {
    let bench = Bench::new(None).await;
    let view = bench.begin().await;
    assert!(view.listening);
    let state = state(&view);
    let browser = async {
        for foreign in [
            "a=1&a=2".to_owned(),
            "code=x".to_owned(),
            "code=x&state=another".to_owned(),
            "error=access_denied&state=another".to_owned(),
            format!("code=x&state={state}&state={state}"),
            format!("code=x&state=another&state={state}"),
        ] {
            let page = get(&format!("{}?{foreign}", view.redirect_uri)).await;
            let page = page.unwrap();
            assert!(page.contains("does not belong"), "{foreign}: {page}");
        }
        let back = said_yes(&view).await;
        let page = get(&back).await.unwrap();
        assert!(page.contains("You are signed in"), "{page}");
        // Nobody is there any more for the second one.
        let again = get(&back).await.unwrap_or_default();
        assert!(!again.contains("You are signed in"), "{again}");
    };
    let (ended, ()) = tokio::join!(bench.ended(), browser);
    assert!(ended.unwrap().failure.is_none());
    assert!(bench.is_signed_in().await);
}

#[tokio::test]
async fn nothing_of_a_sign_in_is_in_the_diagnostics() {
    let bench = Bench::new(None).await;
    let view = bench.begin().await;
    let back = said_yes(&view).await;
    let (ended, _) = tokio::join!(bench.ended(), get(&back));
    ended.unwrap();
    let account = bench.console.find_account(ACCOUNT).await.unwrap();
    let grant = GrantKind::AuthorizationCode;
    let (client, _) = bench.console.client_as(&account, grant).await.unwrap();
    let token = client.tokens().peek().await.unwrap().unwrap();
    let back = Url::parse(&back).unwrap();
    let mut secrets: Vec<String> = back.query_pairs().map(|(_, value)| value.into()).collect();
    assert_eq!(secrets.len(), 2);
    secrets.push(token.access_token.expose().to_owned());
    let refresh = token.refresh.as_ref().map(|refresh| &refresh.token);
    secrets.extend(refresh.map(|token| token.expose().to_owned()));
    let written = bench.console.diagnostics_bundle().await.unwrap();
    let file = std::fs::File::open(written.path).unwrap();
    let mut bundle = zip::ZipArchive::new(file).unwrap();
    let names: Vec<String> = bundle
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert!(names.len() >= 2);
    for name in names {
        let mut text = String::new();
        let mut part = bundle.by_name(&name).unwrap();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        for secret in &secrets {
            assert!(!text.contains(secret), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn an_answer_of_the_provider_that_says_no_ends_it() {
    let bench = Bench::new(None).await;
    let view = bench.begin().await;
    let no = format!("error=access_denied&state={}", state(&view));
    let address = format!("{}?{no}", view.redirect_uri);
    let (ended, page) = tokio::join!(bench.ended(), get(&address));
    assert!(page.unwrap().contains("The provider refused"));
    assert_eq!(ended.unwrap_err().code, "auth_refused");
    assert!(!bench.is_signed_in().await);
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_ten_minutes() {
    let bench = Bench::new(None).await;
    let view = bench.begin().await;
    assert_eq!(u64::from(view.seconds_left), PATIENCE.as_secs());
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    assert_eq!(bench.ended().await.unwrap_err().code, "sign_in_timeout");
    let took = begun.elapsed();
    assert!(took >= PATIENCE && took < PATIENCE * 2, "{took:?}");
    // What comes later finds nothing.
    let late = bench.console.paste_redirect(ACCOUNT, "code=x");
    assert_eq!(late.unwrap_err().code, "no_sign_in");
    assert!(get(&view.redirect_uri).await.is_err());
}

#[tokio::test]
async fn where_the_port_is_taken_the_address_is_pasted() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let bench = Bench::new(Some(port)).await;
    let view = bench.begin().await;
    assert!(!view.listening);
    assert_eq!(
        view.redirect_uri,
        format!("http://127.0.0.1:{port}/callback")
    );
    let foreign = bench
        .console
        .paste_redirect(ACCOUNT, "code=x&state=another");
    assert_eq!(foreign.unwrap_err().code, "auth_refused");
    let back = said_yes(&view).await;
    bench.console.paste_redirect(ACCOUNT, &back).unwrap();
    assert!(bench.ended().await.unwrap().failure.is_none());
    assert!(bench.is_signed_in().await);
}

#[tokio::test]
async fn a_sign_in_begun_again_takes_the_port_of_the_one_it_ends() {
    let bench = Bench::new(Some(free_port().await)).await;
    assert!(bench.begin().await.listening);
    // The first one waits when the second begins.
    let (first, second) = tokio::join!(bench.ended(), bench.begin());
    assert_eq!(first.unwrap_err().code, "interrupted");
    assert!(second.listening);
    bench.console.cancel_sign_in(ACCOUNT);
}
