//! Certificates and proxies: what a connection fails on, and how it is said.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crosswalk_client::{HttpSettings, ListRequest, ProxySetting, Step};
use crosswalk_connector::GrantKind;
use crosswalk_vault::Secret;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::rig::{Rig, definition};

/// An authority of the test's own.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    fn acceptor(&self, host: &str, years: std::ops::Range<i32>) -> tokio_rustls::TlsAcceptor {
        let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
        params
            .distinguished_name
            .push(DnType::CommonName, "The Server");
        (params.not_before, params.not_after) = (
            rcgen::date_time_ymd(years.start, 1, 1),
            rcgen::date_time_ymd(years.end, 1, 1),
        );
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
        tokio_rustls::TlsAcceptor::from(Arc::new(config))
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Answers an empty list over TLS.
async fn serve_tls(acceptor: tokio_rustls::TlsAcceptor) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    return;
                };
                let mut request = [0_u8; 4096];
                if stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n[]";
                    let _ = stream.write_all(answer).await;
                    let _ = stream.shutdown().await;
                }
            });
        }
    });
    address
}

fn rig(url: &str, settings: HttpSettings) -> Rig {
    let resources = json!({"list": {"label": "L", "id": "id", "operations": {"list": {"path": "/list"}}, "pagination": {"kind": "none"}}});
    let retry = json!({"transient": {"attempts": 0, "first": "1ms", "max": "1ms"}, "rate_limited": {"attempts": 0, "first": "1ms", "max": "1ms"}});
    let members = json!({"resources": resources, "retry": retry, "hosts": ["far.away.example", "*.nowhere.invalid"]});
    let mut rig = Rig::new(definition(members), GrantKind::None, url);
    rig.settings = settings;
    rig
}

fn trusting(authority: &Authority) -> HttpSettings {
    HttpSettings {
        extra_ca_pem: Some(authority.pem.clone()),
        ..HttpSettings::default()
    }
}

async fn call(rig: &Rig) -> Result<(), String> {
    let page = rig
        .client()
        .list_page("list", &ListRequest::default(), &rig.context())
        .await;
    page.map(drop)
        .map_err(|error| format!("{} {error} {}", error.code(), error.hint()))
}

fn failed(steps: &[Step]) -> (&str, &str, &str) {
    let last = steps.last().unwrap();
    assert!(
        !last.ok && steps[..steps.len() - 1].iter().all(|step| step.ok),
        "{steps:?}"
    );
    (
        last.name.as_str(),
        last.code.unwrap(),
        last.message.as_str(),
    )
}

#[tokio::test]
async fn a_certificate_of_a_local_authority_is_accepted_once_that_is_trusted() {
    let authority = Authority::new("Local Authority");
    let address = serve_tls(authority.acceptor("localhost", 2020..2099)).await;
    let rig = rig(
        &format!("https://localhost:{}", address.port()),
        trusting(&authority),
    );
    call(&rig).await.unwrap();
    let steps = rig.client().diagnose().await;
    assert_eq!(
        steps
            .iter()
            .map(|step| step.name.as_str())
            .collect::<Vec<_>>(),
        ["dns", "tcp", "tls"]
    );
    assert_eq!(
        steps[2].message,
        "certificate of The Server, issued by Local Authority, valid until 2099-01-01 00:00 UTC"
    );
}

#[tokio::test]
async fn certificates_are_refused_for_the_right_reason() {
    let (known, unknown) = (
        Authority::new("Known Authority"),
        Authority::new("Company Proxy"),
    );
    let table = [
        (&known, "localhost", 2001..2002, "has expired", "renew"),
        (&known, "localhost", 2098..2099, "not valid yet", "clock"),
        (
            &known,
            "other.example",
            2020..2099,
            "another name",
            "spelling",
        ),
        (
            &unknown,
            "localhost",
            2020..2099,
            "does not trust",
            "CA certificate",
        ),
    ];
    for (authority, host, years, problem, hint) in table {
        let address = serve_tls(authority.acceptor(host, years)).await;
        let rig = rig(
            &format!("https://localhost:{}", address.port()),
            trusting(&known),
        );
        let error = call(&rig).await.unwrap_err();
        assert!(
            error.starts_with("tls_certificate ")
                && error.contains(problem)
                && error.contains(hint),
            "{error}"
        );
        let steps = rig.client().diagnose().await;
        let (name, code, message) = failed(&steps);
        assert_eq!((name, code), ("tls", "tls_certificate"));
        let issuer = if std::ptr::eq(authority, &raw const known) {
            "Known Authority"
        } else {
            "Company Proxy"
        };
        assert!(
            message.contains(problem) && message.contains(&format!("issued by {issuer}")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_reached_is_told_apart() {
    let (listener, address) = listen().await;
    drop(listener);
    let closed = rig(
        &format!("https://127.0.0.1:{}", address.port()),
        HttpSettings::default(),
    );
    assert!(call(&closed).await.unwrap_err().starts_with("tcp_refused "));
    assert_eq!(failed(&closed.client().diagnose().await).1, "tcp_refused");

    let unknown = rig("https://acme.nowhere.invalid", HttpSettings::default());
    assert!(call(&unknown).await.unwrap_err().starts_with("dns_failed "));
    assert_eq!(failed(&unknown.client().diagnose().await).0, "dns");

    // A port that speaks HTTP where TLS was due.
    let plain = crate::rig::serve(axum::Router::new()).await;
    let plain = rig(&plain.replace("http:", "https:"), HttpSettings::default());
    let error = call(&plain).await.unwrap_err();
    assert!(error.starts_with("tls_failed "), "{error}");
    assert_eq!(failed(&plain.client().diagnose().await).1, "tls_failed");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let mut settings = HttpSettings::default();
    settings.timeouts.read = std::time::Duration::from_millis(50);
    let silent = rig(&format!("http://{address}"), settings);
    assert!(call(&silent).await.unwrap_err().starts_with("timeout "));
}

/// A proxy that knows one way: `target` for whatever is asked.
async fn proxy(
    target: Option<SocketAddr>,
    login: Option<&'static str>,
    passed: Arc<AtomicUsize>,
) -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let passed = passed.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let let_in = login.is_none_or(|login| {
                    head.to_lowercase()
                        .contains(&format!("proxy-authorization: basic {login}").to_lowercase())
                });
                let answer = match target {
                    _ if !let_in => "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n",
                    None => "HTTP/1.1 403 Forbidden\r\n\r\n",
                    Some(_) => "HTTP/1.1 200 Connection established\r\n\r\n",
                };
                stream.write_all(answer.as_bytes()).await.unwrap();
                if let (Some(target), true) = (target, let_in) {
                    passed.fetch_add(1, Ordering::SeqCst);
                    let mut onward = TcpStream::connect(target).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut stream, &mut onward).await;
                }
            });
        }
    });
    address
}

fn through(proxy: SocketAddr, login: Option<(&str, &str)>, settings: HttpSettings) -> HttpSettings {
    let login = login.map(|(user, password)| (user.to_owned(), Secret::from(password.to_owned())));
    let url = url::Url::parse(&format!("http://{proxy}")).unwrap();
    HttpSettings {
        proxy: Some(ProxySetting {
            url,
            login,
            except: Vec::new(),
        }),
        ..settings
    }
}

#[tokio::test]
async fn calls_go_through_the_proxy_and_its_refusals_are_named() {
    let authority = Authority::new("Local Authority");
    let target = serve_tls(authority.acceptor("far.away.example", 2020..2099)).await;
    let passed = Arc::new(AtomicUsize::new(0));
    // `user:pass`
    let way = proxy(Some(target), Some("dXNlcjpwYXNz"), passed.clone()).await;
    let open = rig(
        "https://far.away.example",
        through(way, Some(("user", "pass")), trusting(&authority)),
    );
    call(&open).await.unwrap();
    let steps = open.client().diagnose().await;
    assert_eq!(
        steps
            .iter()
            .map(|step| (step.name.as_str(), step.ok))
            .collect::<Vec<_>>(),
        [("proxy", true), ("tls", true)]
    );
    assert_eq!(passed.load(Ordering::SeqCst), 2);

    let locked = rig(
        "https://far.away.example",
        through(way, Some(("user", "wrong-canary")), trusting(&authority)),
    );
    let error = call(&locked).await.unwrap_err();
    assert!(
        error.starts_with("proxy_refused ") && !error.contains("canary"),
        "{error}"
    );
    let steps = locked.client().diagnose().await;
    assert!(
        failed(&steps).1 == "proxy_refused" && failed(&steps).2.contains("407"),
        "{steps:?}"
    );

    let refusing = proxy(None, None, passed.clone()).await;
    let refused = rig(
        "https://far.away.example",
        through(refusing, None, trusting(&authority)),
    );
    let error = call(&refused).await.unwrap_err();
    assert!(error.starts_with("proxy_refused "), "{error}");
    assert!(failed(&refused.client().diagnose().await).2.contains("403"));

    let (listener, gone) = listen().await;
    drop(listener);
    let lost = rig(
        "https://far.away.example",
        through(gone, None, trusting(&authority)),
    );
    let error = call(&lost).await.unwrap_err();
    assert!(error.starts_with("proxy_unreachable "), "{error}");
    assert_eq!(
        failed(&lost.client().diagnose().await).1,
        "proxy_unreachable"
    );
    assert!(!format!("{:?}", lost.settings).contains("canary"));
}

#[tokio::test]
async fn loopback_never_goes_through_the_proxy() {
    let (listener, gone) = listen().await;
    drop(listener);
    let url = crate::rig::serve(
        axum::Router::new().route("/list", axum::routing::get(|| async { "[]" })),
    )
    .await;
    call(&rig(&url, through(gone, None, HttpSettings::default())))
        .await
        .unwrap();
}
