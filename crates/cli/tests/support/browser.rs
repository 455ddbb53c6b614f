//! The browser of a person who signs in: it goes where it is sent, keeps cookies, and fills in nothing by itself.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A page that was shown.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    /// Where it leads, for a redirect.
    pub location: Option<String>,
    pub body: String,
}

/// A browser for plain http on loopback addresses.
#[derive(Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

/// Host with port, and the rest, of an address.
fn parts(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap();
    rest.find('/')
        .map_or((rest, "/"), |slash| rest.split_at(slash))
}

impl Browser {
    fn ask(&mut self, method: &str, url: &str, form: Option<&str>) -> Page {
        let (host, path) = parts(url);
        let mut stream = TcpStream::connect(host).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .unwrap();
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        if !cookies.is_empty() {
            request += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        if let Some(form) = form {
            request += "Content-Type: application/x-www-form-urlencoded\r\n";
            request += &format!("Content-Length: {}\r\n", form.len());
        }
        request += "\r\n";
        request += form.unwrap_or_default();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let mut page = Page {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            location: None,
            body: body.to_owned(),
        };
        for line in head.lines() {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            if name.eq_ignore_ascii_case("location") {
                let absolute = value.starts_with("http://");
                page.location = Some(if absolute {
                    value.to_owned()
                } else {
                    format!("http://{host}{value}")
                });
            }
            if name.eq_ignore_ascii_case("set-cookie") {
                let pair = value.split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }

    /// Where an address leads, without going there.
    pub fn sent_to(&mut self, url: &str) -> String {
        self.ask("GET", url, None).location.unwrap()
    }

    /// Opens an address and follows where it leads, up to a page that leads nowhere.
    pub fn open(&mut self, url: &str) -> Page {
        let mut page = self.ask("GET", url, None);
        while let Some(next) = page.location.take() {
            page = self.ask("GET", &next, None);
        }
        page
    }

    /// Sends a form and follows where that leads.
    pub fn send(&mut self, url: &str, form: &str) -> Page {
        let page = self.ask("POST", url, Some(form));
        match page.location {
            Some(next) => self.open(&next),
            None => page,
        }
    }
}
