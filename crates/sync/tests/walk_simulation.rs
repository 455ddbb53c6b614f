//! The keyset walk against simulated providers: answers in any order, ids that come and go, crashes at any point.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

use crosswalk_sync::acceptance::{Order, accept};
use crosswalk_sync::{Ask, Remaining, Rules, Span, Walk};
use proptest::prelude::*;

fn page(ids: &BTreeSet<i64>, ask: Ask, limit: usize, skips: bool) -> Vec<i64> {
    use std::ops::Bound::{Excluded, Included};
    let skip = if skips { ask.skip } else { 0 };
    ids.range((Excluded(ask.span.gt), Included(ask.span.le)))
        .skip(skip)
        .take(limit)
        .copied()
        .collect()
}

#[derive(Debug, Clone)]
enum Event {
    /// Ask for as many pages as this many workers may have out.
    Ask(usize),
    /// The provider evaluates the nth request out.
    Evaluate(usize),
    /// The nth evaluated answer arrives.
    Arrive(usize),
    /// The nth request out fails.
    Fail(usize),
    /// The oldest answered page commits.
    Commit,
    Insert(i64),
    Delete(usize),
    /// Everything but the committed is gone; the run resumes from the serialised checkpoint.
    Crash,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => (1usize..9).prop_map(Event::Ask),
        8 => (0usize..8).prop_map(Event::Evaluate),
        8 => (0usize..8).prop_map(Event::Arrive),
        1 => (0usize..8).prop_map(Event::Fail),
        6 => Just(Event::Commit),
        2 => (-60i64..3000).prop_map(Event::Insert),
        2 => (0usize..400).prop_map(Event::Delete),
        1 => Just(Event::Crash),
    ]
}

struct Simulation {
    there: BTreeSet<i64>,
    walk: Walk,
    out: Vec<Ask>,
    evaluated: Vec<(Ask, Vec<i64>)>,
    queue: VecDeque<(Vec<i64>, Span)>,
    committed: String,
    stored: BTreeMap<i64, u32>,
    rules: Rules,
    /// Whether a short page is proof of the end, or only an empty one.
    short_page_ends: bool,
    /// Whether the provider does skip when asked to.
    skips: bool,
}

impl Simulation {
    fn new(
        there: BTreeSet<i64>,
        rules: Rules,
        short_page_ends: bool,
        skips: bool,
        newest: bool,
    ) -> Self {
        let mut simulation = Self {
            walk: Walk::new(&Remaining::default(), rules),
            out: Vec::new(),
            evaluated: Vec::new(),
            queue: VecDeque::new(),
            committed: serde_json::to_string(&Remaining::default()).unwrap(),
            stored: BTreeMap::new(),
            rules,
            short_page_ends,
            skips,
            there,
        };
        if newest && !simulation.there.is_empty() {
            let ids: Vec<i64> = simulation
                .there
                .iter()
                .rev()
                .take(rules.page_size)
                .copied()
                .collect();
            let covered = Span {
                gt: ids.last().unwrap() - 1,
                le: ids[0],
            };
            simulation.walk.hint(&ids);
            simulation.walk.exclude(covered);
            simulation.queue.push_back((ids, covered));
        }
        simulation
    }

    fn step(&mut self, event: &Event) {
        match event {
            Event::Ask(wanted) => {
                while let Some(ask) = self.walk.next(*wanted) {
                    self.out.push(ask);
                }
            }
            Event::Evaluate(at) if *at < self.out.len() => {
                let ask = self.out.remove(*at);
                self.evaluated.push((
                    ask,
                    page(&self.there, ask, self.rules.page_size, self.skips),
                ));
            }
            Event::Arrive(at) if *at < self.evaluated.len() => {
                let (ask, ids) = self.evaluated.remove(*at);
                let read: Vec<_> = ids.iter().copied().map(Some).collect();
                let ids = accept(&read, ask.span, Order::Ascending).unwrap();
                let full = if self.short_page_ends {
                    ids.len() >= self.rules.page_size
                } else {
                    !ids.is_empty()
                };
                if let Some(landed) = self.walk.answer(ask.id, &ids, full) {
                    self.queue
                        .push_back((ids[landed.keep].to_vec(), landed.covered));
                }
            }
            Event::Fail(at) if *at < self.out.len() => {
                let ask = self.out.remove(*at);
                self.walk.give_back(ask.id);
            }
            Event::Commit => {
                if let Some((ids, covered)) = self.queue.pop_front() {
                    let mut remaining: Remaining = serde_json::from_str(&self.committed).unwrap();
                    remaining.cover(covered);
                    self.committed = serde_json::to_string(&remaining).unwrap();
                    for id in ids {
                        *self.stored.entry(id).or_default() += 1;
                    }
                }
            }
            Event::Insert(id) => {
                self.there.insert(*id);
            }
            Event::Delete(nth) => {
                if let Some(id) = self.there.iter().nth(*nth).copied() {
                    self.there.remove(&id);
                }
            }
            Event::Crash => {
                let remaining: Remaining = serde_json::from_str(&self.committed).unwrap();
                self.walk = Walk::new(&remaining, self.rules);
                self.out.clear();
                self.evaluated.clear();
                self.queue.clear();
            }
            _ => {}
        }
    }

    fn finish(&mut self) {
        for _ in 0..100_000 {
            self.step(&Event::Ask(4));
            if self.out.is_empty() && self.evaluated.is_empty() && self.queue.is_empty() {
                assert!(self.walk.is_done(), "stuck with {:?}", self.walk);
                return;
            }
            self.step(&Event::Evaluate(0));
            self.step(&Event::Arrive(0));
            self.step(&Event::Commit);
        }
        panic!("the walk does not end: {:?}", self.walk);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn what_was_there_throughout_is_stored_and_nothing_twice(
        ids in prop::collection::btree_set(-50i64..2500, 0..400),
        events in prop::collection::vec(event(), 0..250),
        page_size in 1usize..20,
        short_page_ends in any::<bool>(),
        can_skip in any::<bool>(),
        skips in prop::bool::weighted(0.8),
        newest in any::<bool>(),
    ) {
        let mut lasting = ids.clone();
        let mut ever = ids.clone();
        let mut simulation = Simulation::new(ids, Rules { page_size, can_skip }, short_page_ends, skips, newest);
        for event in &events {
            simulation.step(event);
            lasting.retain(|id| simulation.there.contains(id));
            ever.extend(&simulation.there);
        }
        simulation.finish();
        for id in &lasting {
            prop_assert_eq!(simulation.stored.get(id), Some(&1), "id {}", id);
        }
        for (id, times) in &simulation.stored {
            prop_assert!(ever.contains(id));
            prop_assert_eq!(*times, 1, "id {} was stored more than once", id);
        }
        let remaining: Remaining = serde_json::from_str(&simulation.committed).unwrap();
        prop_assert!(remaining.is_done());
    }
}

/// Requests and milliseconds of a full walk at 200 ms latency, the newest page and the first asked together. The budget is what a client may use of 25
/// requests/s with a burst of 20 and never see a refusal: a request every 40.4 ms, 18 at once.
fn rehearse(ids: &BTreeSet<i64>, workers: usize, can_skip: bool) -> (usize, u64) {
    const LATENCY: u64 = 200_000;
    const EVERY: u64 = 40_400;
    const BURST: u64 = 18 * EVERY;
    let mut walk = Walk::new(
        &Remaining::default(),
        Rules {
            page_size: 50,
            can_skip,
        },
    );
    let first = walk.next(1).unwrap();
    let mut tokens: u64 = BURST - 2 * EVERY;
    let mut now = LATENCY;
    tokens = (tokens + now).min(BURST);
    let mut requests = 2;

    let newest: Vec<i64> = ids.iter().rev().take(50).copied().collect();
    walk.hint(&newest);
    walk.exclude(Span {
        gt: newest.last().unwrap() - 1,
        le: newest[0],
    });
    let mut stored = newest.len();
    let answer = page(ids, first, 50, true);
    stored += walk
        .answer(first.id, &answer, answer.len() >= 50)
        .unwrap()
        .keep
        .len();

    let mut arrivals: BinaryHeap<Reverse<(u64, usize)>> = BinaryHeap::new();
    let mut asks = Vec::new();
    loop {
        while let Some(ask) = walk.next(workers) {
            // A worker that was given its page waits for the budget; the order of waiting does not matter to the sum.
            let wait = EVERY.saturating_sub(tokens);
            now += wait;
            tokens = (tokens + wait).min(BURST) - EVERY;
            requests += 1;
            arrivals.push(Reverse((now + LATENCY, asks.len())));
            asks.push(ask);
        }
        let Some(Reverse((at, index))) = arrivals.pop() else {
            break;
        };
        if at > now {
            tokens = (tokens + at - now).min(BURST);
            now = at;
        }
        let answer = page(ids, asks[index], 50, true);
        stored += walk
            .answer(asks[index].id, &answer, answer.len() >= 50)
            .map_or(0, |landed| landed.keep.len());
    }
    assert!(walk.is_done());
    assert_eq!(stored, ids.len());
    (requests, now / 1000)
}

#[test]
fn five_thousand_records_cost_hardly_more_requests_than_pages() {
    let scatter = |seed: u64, at: u64| (seed ^ at).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    let dense: BTreeSet<i64> = (1..=5000).collect();
    let high: BTreeSet<i64> = (1_000_001..=1_005_000).collect();
    let every_third: BTreeSet<i64> = (1..=5000).map(|n| n * 3).collect();
    let tenth_gone: BTreeSet<i64> = (1..)
        .filter(|n| scatter(7, u64::try_from(*n).unwrap()) % 10 != 0)
        .take(5000)
        .collect();
    let half_gone: BTreeSet<i64> = (1..)
        .filter(|n| scatter(7, u64::try_from(*n).unwrap()) % 2 == 0)
        .take(5000)
        .collect();
    let clustered: BTreeSet<i64> = (0..5000).map(|n| n + (n / 700) * 20_000).collect();
    let blocks: BTreeSet<i64> = (0..5000)
        .map(|n| {
            700 + 3 * n
                + i64::try_from(scatter(3, u64::try_from(n).unwrap()) % 3).unwrap()
                + n / 1000 * 5000
        })
        .collect();
    let thin_then_thick: BTreeSet<i64> = (0..1000)
        .map(|n| n * 40)
        .chain((0..4000).map(|n| 40_000 + n))
        .collect();
    let thick_then_thin: BTreeSet<i64> =
        (0..4000).chain((0..1000).map(|n| 4000 + n * 40)).collect();
    for (name, ids, most_requests, most_ms) in [
        ("dense", dense, 104, 3800),
        ("high", high, 104, 3800),
        ("every third", every_third, 104, 3800),
        ("a tenth gone", tenth_gone, 105, 3850),
        ("half gone", half_gone, 105, 3850),
        ("blocks with gaps between", blocks, 105, 3850),
        ("thick, then thin", thick_then_thin, 110, 4000),
        ("thin, then thick", thin_then_thick, 115, 4500),
        ("clustered", clustered, 135, 5000),
    ] {
        let (requests, ms) = rehearse(&ids, 7, true);
        assert!(
            requests <= most_requests,
            "{name}: {requests} requests, {ms} ms"
        );
        assert!(ms <= most_ms, "{name}: {requests} requests, {ms} ms");
    }
}
