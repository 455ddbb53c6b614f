//! The keyset walk: which stretch of ids is asked for next, and what an answer settles.
//!
//! A pure state machine. It holds no clock and sends nothing: the engine asks [`Walk::next`] for work while it has workers free, and tells
//! [`Walk::answer`] what came back. What was *committed* is kept apart, in [`Remaining`], so a crash between an answer and its commit loses nothing.
//!
//! How the ids are shared out decides the speed. At 25 requests a second every page that comes back half empty costs 40 ms, and a stretch cut at a
//! guessed id ends in such a page. So, where the provider can skip records, a stretch is cut by a *landmark*: a page asked for whole pages ahead. It is
//! data like any other page, and what lies before it is a whole number of full pages, however the ids are scattered.

use std::ops::Range;

use crate::lane::{Landmark, Lane};
use crate::span::{Remaining, Span};

/// Names one request of a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AskId(u64);

/// A page to fetch: the lowest ids of `span`, ascending, without the first `skip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Names the request when its answer is handed in.
    pub id: AskId,
    /// The ids to ask for.
    pub span: Span,
    /// How many records of the span to leave out.
    pub skip: usize,
}

/// What an answered page settles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// Which ids of the page are this page's to store. The others belong to a lane that fetches them itself.
    pub keep: Range<usize>,
    /// The ids that need not be asked for again once those records are committed.
    pub covered: Span,
}

/// What a walk may rely on.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Records a page holds.
    pub page_size: usize,
    /// Whether records can be skipped, so that landmarks can be asked for.
    pub can_skip: bool,
}

/// The walk over the ids of one resource.
#[derive(Debug, Clone)]
pub struct Walk {
    /// Ascending and disjoint.
    lanes: Vec<Lane>,
    rules: Rules,
    /// The highest and lowest ids met or heard of.
    top: Option<i64>,
    bottom: Option<i64>,
    counted: f64,
    spanned: f64,
    next_ask: u64,
}

/// A lane is cut only where this many pages lie between the two cuts around: below it, the half-filled page that may end the new lane costs as much of
/// the budget as the wait it saves.
const WORTH_CUTTING: f64 = 2.0;
/// Records spared from each page before a landmark.
const SPARED_PER_PAGE: f64 = 1.0 / 3.0;
/// Landmarks lie at most this many pages ahead: providers skip records by reading them, so that deep skips get slow. Longer lanes are cut at a guessed id.
const DEEPEST_LANDMARK: f64 = 200.0;

impl Walk {
    /// A walk over what is left.
    pub fn new(remaining: &Remaining, rules: Rules) -> Self {
        let rules = Rules {
            page_size: rules.page_size.max(1),
            ..rules
        };
        let lanes = remaining.spans().iter().copied().map(Lane::new).collect();
        Self {
            lanes,
            rules,
            top: None,
            bottom: None,
            counted: 0.0,
            spanned: 0.0,
            next_ask: 0,
        }
    }

    /// Hands in ids known from elsewhere, such as the newest page: they tell where the ids end and how dense they lie. Only a hint; a wrong one costs
    /// requests, never records, since the last lane stays open-ended.
    pub fn hint(&mut self, ids: &[i64]) {
        if let (Some(low), Some(high)) = (ids.iter().min(), ids.iter().max()) {
            self.top = Some(self.top.map_or(*high, |top| top.max(*high)));
            self.counted += count(ids.len());
            self.spanned += distance(*low, *high) + 1.0;
        }
    }

    /// Leaves out ids that were fetched another way. Pages in flight that reach into them are cut when they land.
    pub fn exclude(&mut self, covered: Span) {
        let mut lanes = Vec::with_capacity(self.lanes.len() + 1);
        for mut lane in self.lanes.drain(..) {
            if covered.le <= lane.left.gt || covered.gt >= lane.left.le {
                lanes.push(lane);
                continue;
            }
            let above = Span {
                gt: covered.le,
                le: lane.left.le,
            };
            lane.shorten(covered.gt.max(lane.left.gt));
            if lane.is_busy() || !lane.left.is_empty() {
                lanes.push(lane);
            }
            if !above.is_empty() {
                lanes.push(Lane::new(above));
            }
        }
        self.lanes = lanes;
    }

    /// Takes note that the provider gives fewer records a page than it was asked for.
    pub fn set_page_size(&mut self, page_size: usize) {
        self.rules.page_size = page_size.max(1);
    }

    /// Takes note that the provider does not skip records. Ranges are cut at ids from now on.
    pub fn stop_skipping(&mut self) {
        self.rules.can_skip = false;
    }

    /// Whether everything was answered.
    pub fn is_done(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Requests out.
    pub fn in_flight(&self) -> usize {
        self.lanes.iter().map(Lane::in_flight).sum()
    }

    /// How many records are probably still to come; absent until something is known about the ids.
    pub fn records_left(&self) -> Option<u64> {
        let records: f64 = self
            .lanes
            .iter()
            .map(|lane| self.records_in(lane))
            .sum::<Option<f64>>()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an estimate shown to people; casts of floats saturate"
        )]
        Some(records.ceil() as u64)
    }

    /// The next page to fetch while fewer than `wanted` are out, or none for now.
    pub fn next(&mut self, wanted: usize) -> Option<Ask> {
        if self.in_flight() >= wanted {
            return None;
        }
        // An open-ended lane whose end is near is best asked last, when it also brings what was added meanwhile.
        let idle = self.largest_idle();
        if let Some((index, pages)) = idle
            && (pages >= 1.0 || self.lanes[index].left.upper().is_some())
        {
            return Some(self.ask(index));
        }
        self.cut()
            .or_else(|| idle.map(|(index, _)| self.ask(index)))
    }

    /// Settles an answer. `ids` are those of the page in order, accepted by [`crate::acceptance`]; `full` says that more may follow the last of them,
    /// and without it the page is proof that nothing does. An ask that is not out, or whose lane was finished by others, settles nothing.
    pub fn answer(&mut self, ask: AskId, ids: &[i64], full: bool) -> Option<Landed> {
        if let Some(index) = self
            .lanes
            .iter()
            .position(|lane| lane.asked.is_some_and(|asked| asked.id == ask))
        {
            return self.walked(index, ids, full);
        }
        let (index, landmark) = self
            .lanes
            .iter_mut()
            .enumerate()
            .find_map(|(index, lane)| lane.take_landmark(ask).map(|landmark| (index, landmark)))?;
        Some(self.landmark(index, landmark, ids, full))
    }

    /// Gives an ask back that got no answer.
    pub fn give_back(&mut self, ask: AskId) {
        for lane in &mut self.lanes {
            lane.take_landmark(ask);
            if lane.asked.is_some_and(|asked| asked.id == ask) {
                lane.asked = None;
            }
        }
        self.tidy();
    }

    /// A lane's own page came.
    fn walked(&mut self, index: usize, ids: &[i64], full: bool) -> Option<Landed> {
        let asked = self.lanes.get_mut(index)?.asked.take()?;
        let reach = match ids.last() {
            Some(last) if full => *last,
            _ => asked.span.le,
        };
        self.absorb(index, reach);
        let lane = &mut self.lanes[index];
        if let Some(&first) = ids.first() {
            self.bottom = Some(self.bottom.map_or(first, |bottom| bottom.min(first)));
        }
        let covered = Span {
            gt: lane.left.gt,
            le: reach.min(lane.left.le).max(lane.left.gt),
        };
        let keep = ids.partition_point(|id| *id <= covered.le);
        if lane
            .exact
            .is_some_and(|exact| keep * 2 < exact.min(self.rules.page_size))
        {
            // A landmark was nearer than asked for: the provider does not skip, or records went. Landmarks would cost requests from here on.
            self.rules.can_skip = false;
        }
        if let Some((counted, spanned)) = lane.advance(covered, &ids[..keep]) {
            self.counted += counted;
            self.spanned += spanned;
        }
        self.tidy();
        Some(Landed {
            keep: 0..keep,
            covered,
        })
    }

    /// A page from further on in a lane came: what lies before it and what lies behind are lanes of their own from now on.
    fn landmark(&mut self, index: usize, landmark: Landmark, ids: &[i64], full: bool) -> Landed {
        let nothing = Landed {
            keep: 0..0,
            covered: Span { gt: 0, le: 0 },
        };
        let lane = &mut self.lanes[index];
        let before = landmark.records_before(lane);
        let (Some(&first), Some(&last)) = (ids.first(), ids.last()) else {
            // Not even one record lies that far ahead.
            lane.exact = None;
            lane.at_most = Some(lane.at_most.map_or(before, |most| most.min(before)));
            return nothing;
        };
        // The first record is left to the lane before, whose last page then ends exactly at that lane's end and needs no further request to prove it.
        let reach = if full { last } else { landmark.ask.span.le };
        let covered = Span {
            gt: first.max(lane.left.gt),
            le: reach.min(lane.left.le),
        };
        if covered.is_empty() {
            return nothing;
        }
        let keep = ids.partition_point(|id| *id <= covered.gt)
            ..ids.partition_point(|id| *id <= covered.le);
        let mut behind = Lane::new(Span {
            gt: covered.le,
            le: lane.left.le,
        });
        behind.density = lane.density;
        behind.exact = lane
            .exact
            .map(|exact| exact.saturating_sub(before + keep.len()));
        behind.at_most = lane
            .at_most
            .map(|most| most.saturating_sub(before + keep.len()));
        behind.landmarks = lane.split_landmarks(before + keep.len());
        lane.shorten(covered.gt);
        lane.exact = Some(before);
        lane.at_most = None;
        self.counted += count(keep.len());
        self.spanned += distance(covered.gt, if full { covered.le } else { last });
        self.lanes.insert(index + 1, behind);
        self.tidy();
        Landed { keep, covered }
    }

    /// A page may reach past its lane's end when the lane was cut while the page was on its way. Where the neighbour has not begun, its part is taken
    /// back and a request saved.
    fn absorb(&mut self, index: usize, reach: i64) {
        while self.lanes[index].left.le < reach {
            let end = self.lanes[index].left.le;
            match self.lanes.get_mut(index + 1) {
                Some(next) if next.left.gt == end && !next.is_busy() => {
                    if reach >= next.left.le {
                        self.lanes[index].left.le = next.left.le;
                        self.lanes.remove(index + 1);
                    } else {
                        next.left.gt = reach;
                        next.exact = None;
                        self.lanes[index].left.le = reach;
                    }
                }
                _ => return,
            }
        }
    }

    fn tidy(&mut self) {
        self.lanes
            .retain(|lane| lane.asked.is_some() || !lane.left.is_empty());
    }

    fn ask_id(&mut self) -> AskId {
        self.next_ask += 1;
        AskId(self.next_ask)
    }

    fn ask(&mut self, index: usize) -> Ask {
        let ask = Ask {
            id: self.ask_id(),
            span: self.lanes[index].left,
            skip: 0,
        };
        self.lanes[index].asked = Some(ask);
        ask
    }

    fn pages_in(&self, lane: &Lane) -> f64 {
        self.records_in(lane).unwrap_or(0.0) / count(self.rules.page_size)
    }

    fn largest_idle(&self) -> Option<(usize, f64)> {
        self.lanes
            .iter()
            .enumerate()
            .filter(|(_, lane)| lane.asked.is_none())
            .map(|(index, lane)| (index, self.pages_in(lane)))
            .max_by(|one, other| one.1.total_cmp(&other.1))
    }

    /// Shares the longest stretch that a lane in flight has left.
    fn cut(&mut self) -> Option<Ask> {
        let (index, from, to) = self
            .lanes
            .iter()
            .enumerate()
            .filter(|(_, lane)| lane.asked.is_some())
            .filter_map(|(index, lane)| {
                let pages = self.pages_in(lane);
                let believed = if self.by_landmark(pages) {
                    pages * self.trust(lane)
                } else {
                    pages
                };
                let (from, to) = lane.widest_gap(believed, self.rules.page_size);
                (to - from >= WORTH_CUTTING).then_some((index, from, to))
            })
            .max_by(|one, other| (one.2 - one.1).total_cmp(&(other.2 - other.1)))?;
        let pages = (from + (to - from) / 2.0).ceil();
        if self.by_landmark(self.pages_in(&self.lanes[index])) {
            return Some(self.ask_landmark(index, pages));
        }
        let added = self.cut_at_id(index, pages)?;
        Some(self.ask(added))
    }

    fn by_landmark(&self, pages: f64) -> bool {
        self.rules.can_skip && pages <= DEEPEST_LANDMARK
    }

    /// Asks for the page that lies so many pages ahead. A landmark gives one record less than a page, so a lane cut into full pages would have a record
    /// too many behind it, and that costs a request: records are spared from every page up to it.
    fn ask_landmark(&mut self, index: usize, pages: f64) -> Ask {
        let id = self.ask_id();
        let page = count(self.rules.page_size);
        let lane = &mut self.lanes[index];
        let spare = match lane.exact.map(count) {
            Some(left) => ((left / page).ceil() * page - left) * pages / (left / page).ceil(),
            None => pages * SPARED_PER_PAGE,
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most DEEPEST_LANDMARK pages; casts of floats saturate"
        )]
        let at = ((pages * page - spare.ceil()) as usize).max(1);
        let ask = Ask {
            id,
            span: lane.left,
            skip: at - 1,
        };
        lane.landmarks.push(Landmark {
            ask,
            at,
            given: lane.given,
        });
        ask
    }

    /// Cuts a lane whole pages ahead by the density of its ids: ids without gaps then give full pages only.
    fn cut_at_id(&mut self, index: usize, pages: f64) -> Option<usize> {
        let density = self.density(&self.lanes[index])?;
        let from = self.lanes[index].begin(self.top);
        let kept_ids = pages * count(self.rules.page_size) / density;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "an estimate; casts of floats saturate"
        )]
        let cut = from.saturating_add(kept_ids.round() as i64);
        let lane = &mut self.lanes[index];
        if cut <= lane.left.gt || cut >= lane.left.le {
            return None;
        }
        let upper = Lane::new(Span {
            gt: cut,
            le: lane.left.le,
        });
        lane.shorten(cut);
        self.lanes.insert(index + 1, upper);
        Some(index + 1)
    }

    fn density(&self, lane: &Lane) -> Option<f64> {
        lane.density.or_else(|| {
            (self.spanned > 0.0 && self.counted > 0.0).then(|| self.counted / self.spanned)
        })
    }

    /// How much of a lane's estimated length is believed: a landmark beyond the end is a request for nothing. All of it where the length is known; else
    /// the more, the more of the ids was seen and the more the lane's own lie like all others.
    fn trust(&self, lane: &Lane) -> f64 {
        let (Some(here), Some(top)) = (lane.density, self.top) else {
            return if lane.exact.is_some() { 1.0 } else { 0.5 };
        };
        let everywhere = self.counted / self.spanned;
        if lane.exact.is_some() || everywhere <= 0.0 {
            return 1.0;
        }
        let bottom = self.bottom.unwrap_or(top.min(0));
        let seen = (self.spanned / distance(bottom, top).max(1.0)).min(1.0);
        let alike = (here / everywhere).min(everywhere / here);
        (0.5 + 0.5 * alike * seen).min(0.95)
    }

    fn records_in(&self, lane: &Lane) -> Option<f64> {
        if let Some(exact) = lane.exact {
            return Some(count(exact));
        }
        let density = self.density(lane)?;
        let from = lane.begin(self.top);
        let to = match (lane.left.le, self.top) {
            (i64::MAX, Some(top)) => top,
            // Nobody knows the end: as much again as was given so far.
            (i64::MAX, None) => return Some(count(lane.given)),
            (le, _) => le,
        };
        let estimate = if to > from {
            distance(from, to) * density
        } else {
            0.0
        };
        Some(
            lane.at_most
                .map_or(estimate, |most| estimate.min(count(most))),
        )
    }
}

#[expect(clippy::cast_precision_loss, reason = "page counts are far below 2^52")]
pub(crate) fn count(number: usize) -> f64 {
    number as f64
}

#[expect(clippy::cast_precision_loss, reason = "distances only feed estimates")]
pub(crate) fn distance(from: i64, to: i64) -> f64 {
    to as f64 - from as f64
}
