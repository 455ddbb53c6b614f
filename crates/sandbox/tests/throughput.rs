//! How many invoices an instance gives per second of its own CPU time, through sockets: run it with
//! `cargo test --release -p crosswalk-sandbox --test throughput -- --ignored --nocapture`.
//!
//! The callers speak HTTP by hand, so that what is measured is the instance and not a client; its threads' CPU time is
//! read from /proc, so that a busy machine does not change the figure much.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]
#![cfg(target_os = "linux")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Instant;

use crosswalk_sandbox::{Resource, Sandbox, SandboxConfig};

/// Seconds of CPU time the sandbox's threads have used.
fn sandbox_cpu() -> f64 {
    let mut ticks = 0.0;
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let Ok(stat) = std::fs::read_to_string(task.path().join("stat")) else {
            continue;
        };
        let (name, rest) = stat.rsplit_once(')').unwrap();
        if name.contains("(sandbox") {
            ticks += rest
                .split_whitespace()
                .skip(11)
                .take(2)
                .map(|part| part.parse::<f64>().unwrap())
                .sum::<f64>();
        }
    }
    ticks / 100.0
}

/// One request over a kept connection; the body.
fn exchange(stream: &mut BufReader<TcpStream>, request: &str) -> Vec<u8> {
    stream.get_mut().write_all(request.as_bytes()).unwrap();
    let (mut line, mut length, mut status) = (String::new(), 0, String::new());
    loop {
        line.clear();
        stream.read_line(&mut line).unwrap();
        if status.is_empty() {
            status.clone_from(&line);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    assert!(
        status.contains(" 200 "),
        "{status} {}",
        String::from_utf8_lossy(&body)
    );
    body
}

fn measure(label: &str, fields: &str, pages: u64, callers: u64) {
    let config = SandboxConfig::for_tests().with(Resource::Invoices, pages * 50);
    let sandbox = Sandbox::start_on_thread(config).unwrap();
    let host = sandbox.url().replace("http://", "");
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        sandbox.client_id(),
        sandbox.client_secret()
    );
    let mut stream = BufReader::new(TcpStream::connect(&host).unwrap());
    let body = exchange(
        &mut stream,
        &format!(
            "POST /oauth2/token HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\n\r\n{form}",
            form.len()
        ),
    );
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    let token = body["access_token"].as_str().unwrap();
    let ids = sandbox.truth(Resource::Invoices).throughout;
    let (began, cpu) = (Instant::now(), sandbox_cpu());
    let bytes: usize = std::thread::scope(|scope| {
        let walks: Vec<_> = (0..callers)
            .map(|caller| {
                let (host, ids) = (&host, &ids);
                scope.spawn(move || {
                    let mut stream = BufReader::new(TcpStream::connect(host).unwrap());
                    let mut bytes = 0;
                    for page in (caller..pages).step_by(usize::try_from(callers).unwrap()) {
                        let first = usize::try_from(page * 50).unwrap();
                        let (above, up_to) = (ids[first] - 1, ids[first + 49]);
                        let body = exchange(
                            &mut stream,
                            &format!(
                                "GET /api/invoices?id[gt]={above}&id[lt_or_eq]={up_to}&order_by=id&dir=asc&limit=50{fields} \
                                 HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n\r\n"
                            ),
                        );
                        bytes += body.len();
                    }
                    bytes
                })
            })
            .collect();
        walks.into_iter().map(|walk| walk.join().unwrap()).sum()
    });
    let (wall, cpu) = (began.elapsed().as_secs_f64(), sandbox_cpu() - cpu);
    let records = f64::from(u32::try_from(pages * 50).unwrap());
    assert_eq!(sandbox.stats().records_served, pages * 50);
    eprintln!(
        "{label}: {:.0} records/s of wall time, {:.0} per second of the instance's CPU time, {} bytes a record",
        records / wall,
        records / cpu,
        bytes / usize::try_from(pages * 50).unwrap()
    );
}

const NARROW: &str = "&fields=%5B%22id%22,%22invoice_number%22,%22status%22,%22updated_at%22,%22gross_total%22,\
                      %7B%22supplier%22:%5B%22id%22,%22name%22%5D%7D,%7B%22currency%22:%5B%22code%22%5D%7D,\
                      %7B%22custom_fields%22:%7B%7D%7D%5D";
const MAPPED: &str = "&fields=%5B%22id%22,%22invoice_number%22,%22status%22,%22updated_at%22,%22gross_total%22,\
                      %22invoice_date%22,%22net_due_date%22,%22paid%22,%22exported%22,\
                      %7B%22supplier%22:%5B%22id%22,%22name%22,%22number%22%5D%7D,%7B%22currency%22:%5B%22code%22%5D%7D,\
                      %7B%22invoice_lines%22:%5B%22id%22,%22line_num%22,%22description%22,%22quantity%22,%22price%22,\
                      %22total%22,%22po_number%22,%7B%22account%22:%5B%22id%22,%22code%22,%22name%22%5D%7D%5D%7D,\
                      %7B%22custom_fields%22:%7B%7D%7D%5D";

#[test]
#[ignore = "a measurement; means nothing in a debug build"]
fn throughput() {
    measure("narrow", NARROW, 2_000, 4);
    measure("mapped", MAPPED, 2_000, 4);
    measure("whole", "", 200, 4);
}
