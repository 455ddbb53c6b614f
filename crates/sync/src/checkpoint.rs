//! Where a run stands, as it is stored with every page.

use std::collections::BTreeSet;

use crosswalk_client::Cursor;
use serde::{Deserialize, Serialize};

use crate::overlap::Overlap;
use crate::span::{Remaining, Span};
use crate::terms::Terms;

/// Where a run stands. Small: a few spans or one cursor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The version of this shape; another one is not resumed from.
    pub version: u32,
    /// What is left.
    pub stage: Stage,
    /// Root keys met in whole objects that the connector does not know, told to the workspace when the run ends: told earlier, they would change what a resumed run asks for.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub root_keys: BTreeSet<String>,
    /// Pages stored.
    pub pages: u64,
    /// How the run was asked for; none where it was stored before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
}

/// What is left of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "walk", rename_all = "snake_case")]
pub enum Stage {
    /// Pages of a test run.
    Test {
        /// Pages asked for so far.
        done: u32,
        /// Where the newest records go on.
        next: Option<Cursor>,
        /// Values of the sampling field met or asked for.
        met: BTreeSet<String>,
        /// Whether the newest page held everything there is.
        #[serde(default)]
        all: bool,
    },
    /// Ranges of ids.
    Ranges {
        /// Whether the page of newest records was taken.
        sampled: bool,
        /// Records a page holds here.
        page_size: u32,
        /// Ids not fetched yet.
        remaining: Remaining,
    },
    /// Page after page.
    Pages {
        /// Whether the page of newest records was taken.
        sampled: bool,
        /// The next page; none is the first.
        next: Option<Cursor>,
        /// Whether the last page was stored.
        #[serde(default)]
        done: bool,
        /// What proves that no record slipped between two pages, where the list is paged by offset.
        overlap: Option<Overlap>,
    },
    /// Every page is stored; records are marked as exported.
    Marking {
        /// The last record marked.
        after: Option<String>,
        /// The record that was being marked.
        in_doubt: Option<String>,
    },
}

/// What a stored page changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing but the calls it took.
    Nothing,
    /// The page of newest records was taken.
    Sampled {
        /// The ids it covers, if it was accepted.
        covered: Option<Span>,
        /// Records a page holds, where the provider turned out to give fewer than asked for.
        page_size: Option<u32>,
    },
    /// These ids are fetched.
    Covered(Span),
    /// The walk goes on from here.
    Stage(Stage),
}

impl Checkpoint {
    /// The version written now.
    pub const VERSION: u32 = 1;

    /// The beginning of a run.
    pub fn new(stage: Stage) -> Self {
        Self {
            version: Self::VERSION,
            stage,
            root_keys: BTreeSet::new(),
            pages: 0,
            terms: None,
        }
    }

    /// Reads a stored one. One of another version, or that cannot be read, is none.
    pub fn read(value: &serde_json::Value) -> Option<Self> {
        let version = value.get("version")?.as_u64()?;
        if version != u64::from(Self::VERSION) {
            return None;
        }
        serde_json::from_value(value.clone()).ok()
    }

    /// Takes a page's step.
    pub fn take(&mut self, step: &Step, root_keys: &BTreeSet<String>) {
        if *step != Step::Nothing {
            self.pages += 1;
        }
        self.root_keys.extend(root_keys.iter().cloned());
        match (step, &mut self.stage) {
            (
                Step::Sampled {
                    covered,
                    page_size: given,
                },
                Stage::Ranges {
                    sampled,
                    remaining,
                    page_size,
                },
            ) => {
                *sampled = true;
                *page_size = given.unwrap_or(*page_size);
                if let Some(covered) = covered {
                    remaining.cover(*covered);
                }
            }
            (Step::Sampled { .. }, Stage::Pages { sampled, .. }) => *sampled = true,
            (Step::Covered(covered), Stage::Ranges { remaining, .. }) => remaining.cover(*covered),
            (Step::Stage(stage), now) => *now = stage.clone(),
            // A page of a walk that was given up meanwhile: its records are stored, and the other walk meets them again.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_checkpoint_is_read_as_it_was_written_and_no_other_version_is() {
        let mut checkpoint = Checkpoint::new(Stage::Ranges {
            sampled: false,
            page_size: 50,
            remaining: Remaining::default(),
        });
        checkpoint.take(
            &Step::Sampled {
                covered: Some(Span { gt: 900, le: 1000 }),
                page_size: None,
            },
            &BTreeSet::from(["seg3".to_owned()]),
        );
        checkpoint.take(
            &Step::Covered(Span {
                gt: i64::MIN,
                le: 50,
            }),
            &BTreeSet::new(),
        );
        let mut written = serde_json::to_value(&checkpoint).unwrap();
        assert_eq!(
            written.to_string(),
            r#"{"version":1,"stage":{"walk":"ranges","sampled":true,"page_size":50,"remaining":[{"gt":50,"le":900},{"gt":1000,"le":9223372036854775807}]},"root_keys":["seg3"],"pages":2}"#
        );
        assert_eq!(Checkpoint::read(&written), Some(checkpoint));
        written["version"] = 2.into();
        assert_eq!(Checkpoint::read(&written), None);
        assert_eq!(Checkpoint::read(&serde_json::Value::Null), None);
    }

    #[test]
    fn a_page_of_a_walk_given_up_changes_nothing() {
        let stage = Stage::Pages {
            sampled: true,
            next: None,
            done: false,
            overlap: None,
        };
        let mut checkpoint = Checkpoint::new(stage.clone());
        checkpoint.take(&Step::Covered(Span::ALL), &BTreeSet::new());
        assert_eq!(checkpoint.stage, stage);
    }
}
