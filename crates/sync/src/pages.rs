//! The walk page after page, and the few pages of a test run.

use std::collections::BTreeSet;
use std::sync::Arc;

use crosswalk_client::{Cursor, Page, Position};
use crosswalk_workspace::run::{RunFault, Severity};

use crate::checkpoint::{Stage, Step};
use crate::engine::{Engine, Got, Stopped};
use crate::overlap::{Follow, Overlap};
use crate::plan;
use crate::source::{Part, Source};
use crate::store::Batch;
use crate::verdict;

impl<S: Source> Engine<S> {
    /// Reads a list in its own order from where it stands. The place that a run taken up again was left may be known at the provider no more; then the
    /// list is read from its beginning.
    pub(crate) async fn pages(
        &mut self,
        sampled: bool,
        mut next: Option<Cursor>,
        mut overlap: Option<Overlap>,
        resumed: bool,
    ) -> Result<(), Stopped> {
        if !sampled {
            let wanted = self.wanted_whole(Part::Newest(None), self.plan.page_size);
            let step = Step::Sampled {
                covered: None,
                page_size: None,
            };
            let batch = match self.try_for(wanted, "the page of newest records").await? {
                Some(newest) => newest.into_batch(self.whole_selection, step),
                None => Batch {
                    step,
                    ..Batch::of_calls(self.selection, Vec::new())
                },
            };
            self.commit(Batch {
                whole: true,
                sample: true,
                ..batch
            })
            .await?;
        }
        let start = plan::first_place(&self.resource).unwrap_or(0);
        let mut kept = resumed && overlap.is_none() && next.as_ref().is_some_and(may_expire);
        let mut waiting: Option<Batch> = None;
        loop {
            let cursor = overlap
                .as_ref()
                .map(|overlap| Cursor::at(plan::place(&self.resource, overlap.offset)))
                .or(next.take());
            let wanted = self.wanted(Part::List(cursor), self.plan.page_size);
            // The page before is stored while this one is on its way.
            let storing = waiting
                .take()
                .map(|batch| tokio::spawn(Arc::clone(&self.store).store(batch)));
            let got = self.insist(wanted).await;
            if let Some(storing) = storing {
                let committed = storing
                    .await
                    .unwrap_or(Err(crosswalk_workspace::Error::Abandoned))?;
                self.report(&committed, None);
            }
            let got = match got {
                Err(Stopped::Client(error, _)) if kept && verdict::refuses_place(&error) => {
                    kept = false;
                    self.log.push((
                        Severity::Warning,
                        "The provider does not know any more where the run stood, so the list is read from its beginning. What was stored before is met again and counted as duplicates.".to_owned(),
                    ));
                    continue;
                }
                got => got?,
            };
            kept = false;
            let follow = follow(&got, overlap.as_mut(), start);
            next.clone_from(&got.page.next);
            let done = follow == Follow::End;
            let step = Step::Stage(Stage::Pages {
                sampled: true,
                next: next.clone(),
                done,
                overlap: overlap.clone(),
            });
            let mut batch = got.into_batch(self.selection, step);
            batch.whole = self.asked.is_whole();
            let batch = self.furnish(batch);
            match follow {
                Follow::Next | Follow::Back => waiting = Some(batch),
                Follow::End => return self.commit(batch).await,
                Follow::Stuck => {
                    self.commit(batch).await?;
                    return Err(Stopped::Fault(RunFault {
                        code: "loop_detected".to_owned(),
                        message: "the provider sends the same page whatever the offset".to_owned(),
                        hint: Some(
                            "Check the connector's pagination for this resource.".to_owned(),
                        ),
                    }));
                }
            }
        }
    }

    /// A few pages of whole objects: the newest, then those of kinds not met yet.
    pub(crate) async fn test_pages(
        &mut self,
        most: u32,
        mut done: u32,
        mut next: Option<Cursor>,
        mut met: BTreeSet<String>,
        mut all: bool,
        resumed: bool,
    ) -> Result<(), Stopped> {
        let mut kept = resumed && next.as_ref().is_some_and(may_expire);
        while done < most && !all {
            let unmet = self
                .resource
                .sample_by
                .as_ref()
                .and_then(|by| by.values.iter().find(|value| !met.contains(*value)))
                .cloned();
            let newest_first = self.resource.newest_first.is_some();
            let part = match (done, unmet, next.clone()) {
                (0, _, _) if newest_first => Part::Newest(None),
                (0, _, _) => Part::List(None),
                (_, Some(value), _) => Part::Like(value),
                (_, None, Some(cursor)) if newest_first => Part::Newest(Some(cursor)),
                (_, None, Some(cursor)) => Part::List(Some(cursor)),
                (_, None, None) => break,
            };
            let wanted = self.wanted_whole(part.clone(), self.plan.page_size);
            let got = match part.clone() {
                Part::Like(value) => {
                    let what = format!("records like {value}");
                    let Some(got) = self.try_for(wanted, &what).await? else {
                        met.insert(value);
                        continue;
                    };
                    got
                }
                _ => match self.insist(wanted).await {
                    Err(Stopped::Client(error, _)) if kept && verdict::refuses_place(&error) => {
                        self.log.push((
                            Severity::Warning,
                            "The provider does not know any more where the test stood, so it ends with the pages it has.".to_owned(),
                        ));
                        (kept, next) = (false, None);
                        continue;
                    }
                    got => got?,
                },
            };
            met.extend(self.kinds(&got.page));
            if let Part::Like(value) = part {
                met.insert(value);
            } else {
                kept = false;
                next.clone_from(&got.page.next);
                all = done == 0 && next.is_none();
            }
            done += 1;
            let step = Step::Stage(Stage::Test {
                done,
                next: next.clone(),
                met: met.clone(),
                all,
            });
            let batch = got.into_batch(self.whole_selection, step);
            self.commit(Batch {
                whole: true,
                ..batch
            })
            .await?;
        }
        Ok(())
    }

    /// The values of the sampling field in a page. They are words of the provider's own, such as a status; only those the connector names are kept.
    fn kinds(&self, page: &Page) -> BTreeSet<String> {
        let Some(by) = &self.resource.sample_by else {
            return BTreeSet::new();
        };
        page.records
            .iter()
            .filter_map(|record| record.scalar(&by.field))
            .filter(|value| by.values.contains(value))
            .collect()
    }
}

/// Whether a place is the provider's own words, which it may forget.
fn may_expire(cursor: &Cursor) -> bool {
    matches!(
        cursor.position,
        Position::Token(Some(_)) | Position::Url(Some(_))
    )
}

/// What follows a page of a list.
fn follow(got: &Got, overlap: Option<&mut Overlap>, start: u64) -> Follow {
    let last = got.page.next.is_none();
    match overlap {
        Some(overlap) => {
            let ids: Vec<String> = got
                .page
                .records
                .iter()
                .map(|record| record.id.clone())
                .collect();
            overlap.take(&ids, got.received() as u64, last, start)
        }
        None if last => Follow::End,
        None => Follow::Next,
    }
}
