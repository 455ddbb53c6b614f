//! Seeds from a folder, changed as a fuzzer changes them, and the bounds that whatever reads them has to keep.
//! Included by the tests of several crates.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::sample::Index;

/// Longer than anything takes that ends by itself, on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(20);

/// What a reader may take of memory, in MiB, the test itself included.
const MOST_MEMORY: u64 = 1_024;

/// Pieces that break readers.
const PIECES: [&[u8]; 24] = [
    b"null",
    b"true",
    b"-0",
    b"1e999",
    b"99999999999999999999999",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "\u{202e}\u{2028}é".as_bytes(),
    b"[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":",
    b"\"",
    b"'",
    b"\\u12",
    b"\\",
    b"\r\n",
    b"\t",
    b"=cmd|' /C calc'!A0",
    b"../../../etc/passwd",
    b"&a [*a]",
    b"*a",
    b"!!binary ",
    b"<<: ",
    b"---\n",
];

/// One change. Places are relative to the length at the time.
#[derive(Debug, Clone)]
enum Change {
    Replace(Index, u8),
    Remove(Index, usize),
    Insert(Index, usize),
    Repeat(Index, usize, usize),
    Splice(Index, Index, Index, usize),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), 1..40_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (at(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (at(), 1..40_usize, 2..300_usize)
            .prop_map(|(at, length, times)| Change::Repeat(at, length, times)),
        (at(), at(), at(), 1..200_usize)
            .prop_map(|(at, seed, from, length)| Change::Splice(at, seed, from, length)),
        at().prop_map(Change::Cut),
    ]
}

fn made(bytes: &mut Vec<u8>, change: &Change, seeds: &[Vec<u8>]) {
    let end = bytes.len();
    let place = |at: &Index| at.index(end + 1);
    match change {
        Change::Replace(at, byte) => {
            if let Some(there) = bytes.get_mut(place(at)) {
                *there = *byte;
            }
        }
        Change::Remove(at, length) => {
            let at = place(at);
            bytes.drain(at..(at + length).min(end));
        }
        Change::Insert(at, piece) => {
            let at = place(at);
            bytes.splice(at..at, PIECES[*piece].iter().copied());
        }
        Change::Repeat(at, length, times) => {
            let at = place(at);
            let part = bytes[at..(at + length).min(end)].repeat(*times);
            bytes.splice(at..at, part);
        }
        Change::Splice(at, seed, from, length) => {
            let other = &seeds[seed.index(seeds.len())];
            let from = from.index(other.len() + 1);
            let part = other[from..(from + length).min(other.len())].to_vec();
            let at = place(at);
            bytes.splice(at..at, part);
        }
        Change::Cut(at) => bytes.truncate(place(at)),
    }
}

/// The files of a folder of seeds, by name.
pub fn seeds(folder: &Path) -> Vec<Vec<u8>> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no seeds in {}", folder.display());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// A seed with up to six changes; now and then as it is.
pub fn mutated(folder: &Path) -> impl Strategy<Value = Vec<u8>> + use<> {
    let seeds = seeds(folder);
    let (count, changes) = (seeds.len(), prop::collection::vec(change(), 0..6));
    (0..count, changes).prop_map(move |(seed, changes)| {
        let mut bytes = seeds[seed].clone();
        for change in &changes {
            made(&mut bytes, change, &seeds);
        }
        bytes
    })
}

/// What reads hostile input ends within its time and memory.
#[track_caller]
pub fn bounded<T>(read: impl FnOnce() -> T) -> T {
    let begun = Instant::now();
    let done = read();
    assert!(begun.elapsed() < LONGEST, "took {:?}", begun.elapsed());
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|text| text.trim().trim_end_matches(" kB").parse().ok())
        .unwrap_or_default();
    assert!(peak < MOST_MEMORY * 1_024, "took {peak} kB of memory");
    done
}
