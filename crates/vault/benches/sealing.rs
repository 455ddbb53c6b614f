//! How long it takes to seal and open one record, on one core: `cargo bench -p crosswalk-vault`.
//!
//! The budget: a sync stores 15,000 records a second and may spend half a core on sealing them, 33 µs each.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark prints its result"
)]

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use crosswalk_vault::{AccountKeys, SealContext};
use uuid::Uuid;

/// The best of this many rounds counts: the others were disturbed.
const ROUNDS: usize = 15;
const ROUND: Duration = Duration::from_millis(100);

/// A record like those of a procurement system: the same keys over and over, values that differ.
fn record(bytes: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut draw = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut json = String::from("{\"id\":1,\"invoice-lines\":[");
    while json.len() < bytes {
        let (id, cents, day, code) = (
            draw(9_000_000),
            draw(99_999_999),
            1 + draw(28),
            draw(99_999),
        );
        write!(
            json,
            r#"{{"id":{id},"created-at":"2026-03-{day:02}T{:02}:{:02}:00-07:00","status":"{}","price":"{}.{:02}","uom":{{"code":"EA"}},"description":"Item {code:05} of contract {}","account":{{"code":"{}-{code}","active":true}},"custom-fields":{{"cost-centre":"CC{}"}}}},"#,
            draw(24), draw(60), ["approved", "pending", "voided"][usize::try_from(draw(3)).unwrap()],
            cents / 100, cents % 100, draw(99_999), draw(900), draw(4000),
        )
        .unwrap();
    }
    json.truncate(bytes);
    json.into_bytes()
}

/// Microseconds per call.
fn time(mut call: impl FnMut(usize)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let mut calls = 0_u32;
        while begun.elapsed() < ROUND {
            for at in 0..16 {
                call(at);
            }
            calls += 16;
        }
        best = best.min(begun.elapsed().as_secs_f64() * 1e6 / f64::from(calls));
    }
    best
}

fn main() {
    let keys = AccountKeys::generate().unwrap();
    let context = SealContext {
        account: Uuid::from_u128(1),
        table: "records",
        row: b"invoices/4211873",
    };
    println!("| record | sealed | seal | open |\n|---:|---:|---:|---:|");
    for bytes in [100, 700, 2_000, 20_000, 200_000] {
        let records: Vec<Vec<u8>> = (0..16).map(|seed| record(bytes, seed)).collect();
        let sealed: Vec<Vec<u8>> = records
            .iter()
            .map(|record| keys.seal(&context, record).unwrap())
            .collect();
        let mean = sealed.iter().map(Vec::len).sum::<usize>() / sealed.len();
        let seal = time(|at| {
            drop(black_box(
                keys.seal(&context, black_box(&records[at])).unwrap(),
            ));
        });
        let open = time(|at| {
            drop(black_box(
                keys.open(&context, black_box(&sealed[at])).unwrap(),
            ));
        });
        println!("| {bytes} B | {mean} B | {seal:.2} µs | {open:.2} µs |");
    }
}
