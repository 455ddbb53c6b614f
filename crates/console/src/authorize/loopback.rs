//! What the browser asks on this machine's loopback address.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The most a request's head may be. Codes and states are a few hundred bytes.
const MAX_HEAD: usize = 16 * 1024;

/// The most headers of a request.
const MAX_HEADERS: usize = 64;

/// How long the whole head of a request may take to arrive. Browsers open connections ahead of need and leave them
/// silent.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections are served at once.
const AT_ONCE: usize = 16;

/// After a connection that could not be taken.
const RESTS: Duration = Duration::from_millis(50);

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

async fn head(stream: &mut (impl AsyncRead + Unpin)) -> Option<Vec<u8>> {
    let arrives = async {
        let mut head = Vec::new();
        let mut chunk = [0_u8; 2048];
        while !head.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut chunk).await.ok()?;
            if read == 0 || head.len() + read > MAX_HEAD {
                return None;
            }
            head.extend_from_slice(&chunk[..read]);
        }
        Some(head)
    };
    tokio::time::timeout(PATIENCE, arrives).await.ok()?
}

/// What the connections of one sign-in have in common.
struct Door<'a> {
    path: &'a str,
    port: u16,
    judge: &'a (dyn Fn(&str) -> Page + Sync),
    /// One answer ends the sign-in; another one that came beside it is a stranger's.
    ended: AtomicBool,
}

impl Door<'_> {
    fn judged(&self, query: &str) -> Page {
        match (self.judge)(query) {
            Page::Done | Page::Refused if self.ended.swap(true, Ordering::SeqCst) => Page::Stranger,
            page => page,
        }
    }

    /// Serves one connection, and gives the query if it ends the sign-in.
    async fn serve(&self, mut stream: TcpStream) -> Option<String> {
        let head = head(&mut stream).await?;
        let query = meant(&head, self.path, self.port);
        let page = query
            .as_deref()
            .map_or(Page::NotHere, |query| self.judged(query));
        // Whether the browser still listens does not matter.
        let _ = stream.write_all(page.response().as_bytes()).await;
        let _ = stream.shutdown().await;
        query.filter(|_| matches!(page, Page::Done | Page::Refused))
    }
}

/// Serves connections beside each other, shows each the page `judge` chooses, and gives the first query that ends the
/// sign-in.
pub(super) async fn answer(
    listener: &TcpListener,
    path: &str,
    port: u16,
    judge: &(dyn Fn(&str) -> Page + Sync),
) -> String {
    let door = Door {
        path,
        port,
        judge,
        ended: AtomicBool::new(false),
    };
    let mut served = FuturesUnordered::new();
    loop {
        tokio::select! {
            Some(ended) = served.next() => {
                if let Some(query) = ended {
                    return query;
                }
            }
            came = listener.accept(), if served.len() < AT_ONCE => match came {
                Ok((stream, peer)) if peer.ip().is_loopback() => served.push(door.serve(stream)),
                Ok(_) => {}
                Err(_) => tokio::time::sleep(RESTS).await,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

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

    const ASKED: &[u8] = b"GET /callback?code=1 HTTP/1.1\r\nHost: 127.0.0.1:4000\r\n\r\n";

    #[tokio::test]
    async fn a_silent_connection_and_a_dripping_one_hold_nobody_up() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let _silent = TcpStream::connect(address).await.unwrap();
        let mut dripping = TcpStream::connect(address).await.unwrap();
        dripping.write_all(b"GET /call").await.unwrap();
        let mut browser = TcpStream::connect(address).await.unwrap();
        browser.write_all(ASKED).await.unwrap();
        let answered = answer(&listener, "/callback", 4000, &|_: &str| Page::Done);
        let query = tokio::time::timeout(PATIENCE / 2, answered).await.unwrap();
        assert_eq!(query, "code=1");
        let mut page = String::new();
        browser.read_to_string(&mut page).await.unwrap();
        assert!(page.contains("You are signed in"), "{page}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_whole_head_has_one_limit() {
        let (mut ours, mut theirs) = tokio::io::duplex(64);
        let dripping = tokio::spawn(async move {
            while theirs.write_all(b"x").await.is_ok() {
                tokio::time::sleep(PATIENCE / 4).await;
            }
        });
        let begun = tokio::time::Instant::now();
        assert_eq!(head(&mut ours).await, None);
        assert_eq!(begun.elapsed().as_secs(), PATIENCE.as_secs());
        drop(ours);
        dripping.await.unwrap();
    }

    #[test]
    fn one_answer_ends_it() {
        let door = Door {
            path: "/callback",
            port: 4000,
            judge: &|query: &str| match query {
                "code=1" => Page::Done,
                _ => Page::Stranger,
            },
            ended: AtomicBool::new(false),
        };
        assert_eq!(door.judged("code=2"), Page::Stranger);
        assert_eq!(door.judged("code=1"), Page::Done);
        assert_eq!(door.judged("code=1"), Page::Stranger);
    }

    proptest::proptest! {
        #[test]
        fn no_request_makes_it_stumble(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
            let _ = meant(&bytes, "/callback", 4000);
        }
    }
}
