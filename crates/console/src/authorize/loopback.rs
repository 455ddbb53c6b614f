//! One request of the browser on this machine's loopback address.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The most a request's head may be. Codes and states are a few hundred bytes.
const MAX_HEAD: usize = 16 * 1024;

/// The most headers of a request.
const MAX_HEADERS: usize = 64;

/// How long one request may take to arrive. Browsers open connections ahead of need and leave them silent.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the browser is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    /// The sign-in is done.
    Done,
    /// The provider refused.
    Refused,
    /// Not an answer to this sign-in: it goes on.
    Stranger,
    /// Not an address that is served.
    NotHere,
}

impl Page {
    fn status(self) -> &'static str {
        match self {
            Self::Done | Self::Refused => "200 OK",
            Self::Stranger => "400 Bad Request",
            Self::NotHere => "404 Not Found",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Done => "You are signed in. Close this page and go back to Crosswalk.",
            Self::Refused => "The provider refused. Crosswalk says why; close this page.",
            Self::Stranger => "This page does not belong to the sign-in Crosswalk waits for.",
            Self::NotHere => "There is nothing here.",
        }
    }

    fn response(self) -> String {
        let body = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Crosswalk</title><p>{}</p></html>",
            self.words()
        );
        format!(
            "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
             Connection: close\r\n\r\n{body}",
            self.status(),
            body.len()
        )
    }
}

/// The query of a request that is meant for us: a GET of exactly the path, to this machine by its own name. Another
/// `Host` is a page that made a name of its own point here (DNS rebinding).
fn meant(head: &[u8], path: &str, port: u16) -> Option<String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut request = httparse::Request::new(&mut headers);
    if !request.parse(head).is_ok_and(|parsed| parsed.is_complete()) {
        return None;
    }
    let mut hosts = request
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("host"));
    let host = hosts
        .next()
        .and_then(|host| std::str::from_utf8(host.value).ok())?;
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    if hosts.next().is_some() || !ours.iter().any(|ours| ours == host) {
        return None;
    }
    let (asked, query) = request.path?.split_once('?')?;
    (request.method == Some("GET") && asked == path).then(|| query.to_owned())
}

async fn head(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    let mut chunk = [0_u8; 2048];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut chunk))
            .await
            .ok()?
            .ok()?;
        if read == 0 || head.len() + read > MAX_HEAD {
            return None;
        }
        head.extend_from_slice(&chunk[..read]);
    }
    Some(head)
}

/// Serves one connection, shows the page `judge` chooses, and gives the query if it ends the sign-in.
pub(super) async fn query(
    listener: &TcpListener,
    path: &str,
    port: u16,
    judge: impl Fn(&str) -> Page,
) -> Option<String> {
    let (mut stream, peer) = listener.accept().await.ok()?;
    if !peer.ip().is_loopback() {
        return None;
    }
    let head = head(&mut stream).await?;
    let query = meant(&head, path, port);
    let page = query.as_deref().map_or(Page::NotHere, judge);
    // Whether the browser still listens does not matter.
    let _ = stream.write_all(page.response().as_bytes()).await;
    let _ = stream.shutdown().await;
    query.filter(|_| matches!(page, Page::Done | Page::Refused))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_address_is_served() {
        let request = |line: &str, host: &str| {
            format!("{line} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n")
        };
        let ours = "127.0.0.1:4000";
        for (text, expected) in [
            (request("GET /callback?code=1&state=2", ours), Some("code=1&state=2")),
            (request("GET /callback?code=1", "localhost:4000"), Some("code=1")),
            (request("GET /callback?code=1", "evil.example:4000"), None),
            (request("GET /callback?code=1", "127.0.0.1:4001"), None),
            (request("GET /callback?code=1", "127.0.0.1"), None),
            (request("POST /callback?code=1", ours), None),
            (request("GET /callback/?code=1", ours), None),
            (request("GET /callback", ours), None),
            (request("GET /favicon.ico?x=1", ours), None),
            ("GET /callback?code=1 HTTP/1.1\r\nHost: 127.0.0.1:4000\r\nHost: evil.example\r\n\r\n".into(), None),
            ("GET /callback?code=1 HTTP/1.1\r\n\r\n".into(), None),
            ("nonsense".into(), None),
        ] {
            assert_eq!(meant(text.as_bytes(), "/callback", 4000).as_deref(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_request_makes_it_stumble(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let _ = meant(&bytes, "/callback", 4000);
        }
    }
}
