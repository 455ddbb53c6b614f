//! Projections: the chosen columns of a resource's records, decrypted once in the background and held in memory, so
//! that sorting and filtering read no sealed record again. Never on disk; what is used least goes first.

mod extract;
mod table;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crosswalk_connector::RawPath;
use crosswalk_vault::AccountKeys;
use crosswalk_workspace::AccountId;
use crosswalk_workspace::record::{self, NativeId, Shown};

use crate::console::Shared;
use crate::mapping::in_force::require_resource;
use crate::raw::marks::Rules;
use crate::raw::path::keys_of;
use crate::views::{ProjectionOpened, ProjectionPage, ProjectionQuery, ProjectionRow};
use crate::{Console, Fault};

use extract::Wanted;
use table::{Table, sort_of};

/// Memory all projections take together.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Records decrypted at once: some 20 ms of work.
const BATCH: u32 = 512;
/// Rows in one answer.
const MOST_ROWS: usize = 1_000;
/// Columns of one projection.
const MOST_COLUMNS: usize = 40;

/// Every projection that is open, the one used last at the end.
#[derive(Debug, Default)]
pub(crate) struct Projections(Mutex<Opened>);

#[derive(Debug, Default)]
struct Opened {
    count: u64,
    open: Vec<(String, Arc<Projection>)>,
}

#[derive(Debug)]
struct Projection {
    account: AccountId,
    slug: String,
    columns: Vec<String>,
    masked: Vec<bool>,
    total: AtomicUsize,
    filling: Mutex<Filling>,
}

#[derive(Debug)]
struct Filling {
    table: Table,
    complete: bool,
    stopped: Option<String>,
}

impl Projection {
    fn filling(&self) -> MutexGuard<'_, Filling> {
        self.filling.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which projections to let go of so that all fit, least recently used first; false: not even the growing one does.
/// `weights` stand in the order of their last use.
fn make_room(weights: &[(&str, usize)], growing: &str, most: usize) -> (Vec<String>, bool) {
    let mut total: usize = weights.iter().map(|(_, weight)| weight).sum();
    let mut gone = Vec::new();
    for (id, weight) in weights.iter().filter(|(id, _)| *id != growing) {
        if total <= most {
            break;
        }
        gone.push((*id).to_owned());
        total -= weight;
    }
    (gone, total <= most)
}

impl Projections {
    fn opened(&self) -> MutexGuard<'_, Opened> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, projection: Arc<Projection>) -> String {
        let mut opened = self.opened();
        opened.count += 1;
        let id = format!("projection-{}", opened.count);
        opened.open.push((id.clone(), projection));
        id
    }

    /// A projection, which becomes the one used last.
    fn get(&self, id: &str) -> Result<Arc<Projection>, Fault> {
        let mut opened = self.opened();
        let at = opened.open.iter().position(|(open, _)| open == id);
        let at = at.ok_or_else(|| {
            Fault::invalid(
                "projection_gone",
                "These records are no longer held in memory.",
                "Open the resource again.",
            )
        })?;
        let found = opened.open.remove(at);
        let projection = Arc::clone(&found.1);
        opened.open.push(found);
        Ok(projection)
    }

    fn close(&self, id: &str) {
        self.opened().open.retain(|(open, _)| open != id);
    }

    /// Makes room for a projection that grew; false: it does not fit at all.
    fn make_room(&self, growing: &str) -> bool {
        let mut opened = self.opened();
        let weights: Vec<(&str, usize)> = opened
            .open
            .iter()
            .map(|(id, projection)| (id.as_str(), projection.filling().table.weight()))
            .collect();
        let (gone, fits) = make_room(&weights, growing, MOST_BYTES);
        opened.open.retain(|(id, _)| !gone.contains(id));
        fits
    }

    /// Forgets an account's records.
    pub(crate) fn forget(&self, account: AccountId) {
        self.opened()
            .open
            .retain(|(_, projection)| projection.account != account);
    }
}

/// What fills a projection needs; it holds on to neither the console nor the projection, so that closing either ends it.
struct Filler {
    console: Weak<Shared>,
    projection: Weak<Projection>,
    id: String,
    account: AccountId,
    resource: String,
    keys: Arc<AccountKeys>,
    wanted: Arc<Wanted>,
    columns: usize,
}

impl Filler {
    async fn fill(self) {
        let stopped = self.read().await.err().map(|fault| fault.message);
        if let Some(projection) = self.projection.upgrade() {
            let mut filling = projection.filling();
            filling.complete = stopped.is_none();
            filling.stopped = stopped;
        }
    }

    async fn read(&self) -> Result<(), Fault> {
        let mut after: Option<NativeId> = None;
        loop {
            let Some(shared) = self.console.upgrade() else {
                return Ok(());
            };
            let (account, resource, from) = (self.account, self.resource.clone(), after.clone());
            let (keys, wanted, columns) = (
                Arc::clone(&self.keys),
                Arc::clone(&self.wanted),
                self.columns,
            );
            let rows = shared
                .workspace
                .read(move |tx| {
                    let page =
                        record::page(tx, account, &resource, Shown::Present, from.as_ref(), BATCH)?;
                    let mut rows = Vec::with_capacity(page.len());
                    for record in page {
                        let Some(raw) = record.open(&keys, account, &resource)? else {
                            continue;
                        };
                        // A record that is no JSON is a row without cells: its own page says what is wrong.
                        let cells = wanted
                            .cells(&raw, columns)
                            .unwrap_or_else(|_| vec![None; columns]);
                        rows.push((record.native_id, cells));
                    }
                    Ok(rows)
                })
                .await?;
            let Some((last, _)) = rows.last() else {
                return Ok(());
            };
            after = Some(last.clone());
            let Some(projection) = self.projection.upgrade() else {
                return Ok(());
            };
            {
                let mut filling = projection.filling();
                for (id, cells) in &rows {
                    filling.table.push(id.to_string(), cells);
                }
                let indexed = filling.table.rows();
                projection.total.fetch_max(indexed, Ordering::Relaxed);
            }
            drop(projection);
            if !shared.projections.make_room(&self.id) {
                return Err(Fault::failed(
                    "projection_too_large",
                    "These columns need more than the 64 MiB there are for them. Choose fewer columns.",
                    "Choose fewer columns.",
                ));
            }
        }
    }
}

impl Console {
    /// Begins to decrypt columns of a resource's records in the background.
    ///
    /// # Errors
    /// `not_found`, `bad_column`, and what keeps the vault from opening.
    pub async fn open_projection(
        &self,
        account: &str,
        resource: &str,
        columns: Vec<String>,
    ) -> Result<ProjectionOpened, Fault> {
        let account = self.find_account(account).await?;
        let definition = self.definition(&account.connector)?;
        require_resource(&definition, resource)?;
        if columns.len() > MOST_COLUMNS {
            return Err(Fault::invalid(
                "too_many_columns",
                format!("{} columns are more than are shown.", columns.len()),
                format!("Choose at most {MOST_COLUMNS}."),
            ));
        }
        let rules = Rules::of(definition.connector.resources.get(resource));
        let mut wanted = Wanted::default();
        let mut masked = Vec::with_capacity(columns.len());
        for (index, column) in columns.iter().enumerate() {
            let path = RawPath::parse(column).map_err(|error| {
                Fault::invalid(
                    "bad_column",
                    format!("{error}."),
                    "Choose a column from the list.",
                )
            })?;
            let keys = keys_of(&path);
            let hidden = rules.masks(&keys) || rules.masks_below(&keys);
            // What is masked is not even held: a filter must not find it.
            if !hidden {
                wanted.add(&keys, index);
            }
            masked.push(hidden);
        }
        let keys = Arc::new(self.entry(&account).await?.keys);
        let (uuid, name) = (account.uuid, resource.to_owned());
        let total = self
            .workspace()
            .read(move |tx| Ok(record::place(tx, uuid, &name, None)?.total))
            .await?;
        let projection = Arc::new(Projection {
            account: account.uuid,
            slug: account.slug.clone(),
            masked,
            total: AtomicUsize::new(usize::try_from(total).unwrap_or(usize::MAX)),
            filling: Mutex::new(Filling {
                table: Table::new(columns.len()),
                complete: false,
                stopped: None,
            }),
            columns,
        });
        let id = self.shared.projections.add(Arc::clone(&projection));
        let filler = Filler {
            console: Arc::downgrade(&self.shared),
            projection: Arc::downgrade(&projection),
            id: id.clone(),
            account: account.uuid,
            resource: resource.to_owned(),
            keys,
            wanted: Arc::new(wanted),
            columns: projection.columns.len(),
        };
        tokio::spawn(filler.fill());
        Ok(ProjectionOpened { projection: id })
    }

    /// Some rows of a projection, of what is decrypted so far.
    ///
    /// # Errors
    /// `projection_gone` for one that was closed, or let go of to make room for another.
    pub fn projection_page(
        &self,
        id: &str,
        query: &ProjectionQuery,
    ) -> Result<ProjectionPage, Fault> {
        let projection = self.shared.projections.get(id)?;
        let sort = sort_of(&projection.columns, query.sort.as_ref());
        let mut filling = projection.filling();
        let (matching, rows) = filling.table.page(
            sort,
            &query.filter,
            query.offset,
            query.limit.min(MOST_ROWS),
        );
        let table = &filling.table;
        let rows = rows.into_iter().map(|row| {
            let row = row as usize;
            ProjectionRow {
                id: table.id(row).to_owned(),
                cells: (0..projection.columns.len())
                    .map(|column| table.cell(row, column).map(str::to_owned))
                    .collect(),
                masked: projection.masked.clone(),
            }
        });
        let rows = rows.collect();
        let indexed = table.rows();
        Ok(ProjectionPage {
            indexed,
            total: if filling.complete {
                indexed
            } else {
                projection.total.load(Ordering::Relaxed)
            },
            matching,
            complete: filling.complete,
            stopped: filling.stopped.clone(),
            rows,
        })
    }

    /// The account a projection is of.
    ///
    /// # Errors
    /// `projection_gone`.
    pub fn account_of_projection(&self, id: &str) -> Result<String, Fault> {
        Ok(self.shared.projections.get(id)?.slug.clone())
    }

    /// Lets go of a projection. One that is gone already is no error.
    pub fn close_projection(&self, id: &str) {
        self.shared.projections.close(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_made_by_what_was_used_least_recently() {
        let weights = [("a", 30), ("b", 20), ("c", 25)];
        for (growing, most, gone, fits) in [
            ("c", 100, vec![], true),
            ("c", 75, vec![], true),
            ("c", 74, vec!["a"], true),
            ("c", 44, vec!["a", "b"], true),
            ("c", 25, vec!["a", "b"], true),
            ("c", 24, vec!["a", "b"], false),
            ("a", 60, vec!["b"], true),
            ("a", 30, vec!["b", "c"], true),
        ] {
            let found = make_room(&weights, growing, most);
            let gone: Vec<String> = gone.into_iter().map(str::to_owned).collect();
            assert_eq!(found, (gone, fits), "{growing} {most}");
        }
    }
}
