//! A stretch of ids that one worker at a time walks from its lower end.

use crate::span::Span;
use crate::walk::{Ask, AskId, count, distance};

/// A page asked for from further on in a lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Landmark {
    pub(crate) ask: Ask,
    /// Which record of the lane, counted from 1, its first one was when it was asked for.
    pub(crate) at: usize,
    /// What the lane had given by then.
    pub(crate) given: usize,
}

impl Landmark {
    /// How many records of `lane` are left up to its own first, included.
    pub(crate) fn records_before(&self, lane: &Lane) -> usize {
        self.at
            .saturating_sub(lane.given.saturating_sub(self.given))
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Lane {
    pub(crate) left: Span,
    pub(crate) asked: Option<Ask>,
    pub(crate) landmarks: Vec<Landmark>,
    /// Records per id, from this lane's own pages.
    pub(crate) density: Option<f64>,
    /// Records this lane has given so far.
    pub(crate) given: usize,
    /// Records left, where a landmark told.
    pub(crate) exact: Option<usize>,
    /// Records left at most, where a landmark lay beyond the end.
    pub(crate) at_most: Option<usize>,
}

impl Lane {
    pub(crate) fn new(left: Span) -> Self {
        Self {
            left,
            asked: None,
            landmarks: Vec::new(),
            density: None,
            given: 0,
            exact: None,
            at_most: None,
        }
    }

    pub(crate) fn in_flight(&self) -> usize {
        usize::from(self.asked.is_some()) + self.landmarks.len()
    }

    pub(crate) fn is_busy(&self) -> bool {
        self.in_flight() > 0
    }

    /// Ends the lane earlier. How many records it holds is not known any more.
    pub(crate) fn shorten(&mut self, le: i64) {
        self.left.le = le;
        self.exact = None;
    }

    /// Ids usually begin at 1; where they are negative, or the first id is unknown, that is only an estimate.
    pub(crate) fn begin(&self, top: Option<i64>) -> i64 {
        if self.left.gt == i64::MIN {
            self.left.le.min(top.unwrap_or(0)).min(0)
        } else {
            self.left.gt
        }
    }

    /// Moves the lower end up to what a page covers. Returns how many ids were met over which distance, where both are known.
    pub(crate) fn advance(&mut self, covered: Span, kept: &[i64]) -> Option<(f64, f64)> {
        self.given += kept.len();
        let less = |left: usize| left.saturating_sub(kept.len());
        self.exact = self.exact.map(less);
        self.at_most = self.at_most.map(less);
        self.left.gt = covered.le;
        let from = if covered.gt == i64::MIN {
            kept.first()?.saturating_sub(1)
        } else {
            covered.gt
        };
        let to = if covered.le == i64::MAX {
            *kept.last()?
        } else {
            covered.le
        };
        if to <= from {
            return None;
        }
        let met = (count(kept.len()), distance(from, to));
        if !kept.is_empty() {
            let density = met.0 / met.1;
            self.density = Some(
                self.density
                    .map_or(density, |before| f64::midpoint(before, density)),
            );
        }
        Some(met)
    }

    pub(crate) fn take_landmark(&mut self, ask: AskId) -> Option<Landmark> {
        let at = self
            .landmarks
            .iter()
            .position(|landmark| landmark.ask.id == ask)?;
        Some(self.landmarks.remove(at))
    }

    /// Takes the landmarks out that lie beyond `record`, as seen from there.
    pub(crate) fn split_landmarks(&mut self, record: usize) -> Vec<Landmark> {
        let given = self.given;
        let ahead = |landmark: &Landmark| {
            landmark
                .at
                .saturating_sub(given.saturating_sub(landmark.given))
        };
        let (near, far): (Vec<_>, Vec<_>) = self
            .landmarks
            .drain(..)
            .partition(|landmark| ahead(landmark) <= record);
        self.landmarks = near;
        far.into_iter()
            .map(|landmark| Landmark {
                at: ahead(&landmark) - record,
                given: 0,
                ..landmark
            })
            .collect()
    }

    /// The widest stretch between the lane's page in flight, its landmarks and its end, in pages from here.
    pub(crate) fn widest_gap(&self, end: f64, page_size: usize) -> (f64, f64) {
        let mut cuts: Vec<f64> = self
            .landmarks
            .iter()
            .map(|landmark| count(landmark.records_before(self)) / count(page_size))
            .collect();
        cuts.sort_by(f64::total_cmp);
        let mut from = 0.0;
        let mut widest = (0.0, 0.0);
        for to in cuts.into_iter().chain([end]) {
            if to - from > widest.1 - widest.0 {
                widest = (from, to);
            }
            // The landmark is a page itself.
            from = to + 1.0;
        }
        widest
    }
}
