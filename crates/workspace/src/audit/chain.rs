use std::fmt::Write as _;
use std::ops::{Bound, RangeBounds};

use jiff::Timestamp;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::row::Subject;
use crate::error::{Error, Result};
use crate::id::RunId;
use crate::origin::Origin;
use crate::tx::ReadTx;

/// SHA-256.
type Hash = [u8; 32];

/// Begins what is hashed, so that the hash of an audit row is never that of anything else.
const DOMAIN: &[u8] = b"crosswalk audit row 1";

/// The chain up to a row: what is anchored outside the workspace, and printed in reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The row's place.
    pub seq: u64,
    /// Its hash, in hexadecimal.
    pub hash: String,
}

/// What a check of the chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Whether the rows checked are as they were written.
    pub ok: bool,
    /// How many rows were checked, up to the first that is not.
    pub rows: u64,
    /// The place of the first row that is not as it was written, or is not there.
    pub broken_at: Option<u64>,
    /// In what way.
    pub fault: Option<Break>,
    /// The last row, sound or not.
    pub head: Option<Head>,
}

/// The ways in which a chain can be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Break {
    /// A row's content does not give its hash.
    Edited,
    /// A row is not there, although later ones are.
    Missing,
    /// A row does not follow from the one before: moved, exchanged, or written by another hand.
    Unlinked,
    /// The chain ends before the anchor, or differs from it there.
    BelowAnchor,
}

/// A row as it is hashed, without its place and its author.
#[derive(Debug)]
pub(super) struct Link<'a> {
    pub at: Timestamp,
    pub kind: &'a str,
    pub tenant: Option<&'a str>,
    pub account: Option<&'a str>,
    pub run: Option<RunId>,
    pub resource: Option<&'a str>,
    pub method: Option<&'a str>,
    pub endpoint: Option<&'a str>,
    pub status: Option<i64>,
    pub records: Option<i64>,
    pub duration: Option<i64>,
    pub bytes: Option<i64>,
    pub detail: Option<&'a str>,
}

impl<'a> Link<'a> {
    pub(super) fn new(at: Timestamp, subject: Option<&'a Subject>) -> Self {
        Self {
            at,
            kind: "",
            tenant: subject.and_then(|subject| subject.tenant.as_deref()),
            account: subject.and_then(|subject| subject.account.as_deref()),
            run: None,
            resource: None,
            method: None,
            endpoint: None,
            status: None,
            records: None,
            duration: None,
            bytes: None,
            detail: None,
        }
    }

    pub(super) fn hash(&self, seq: i64, origin: &Origin, previous: &Hash) -> Hash {
        let mut hasher = Fields::new();
        hasher.number(Some(seq));
        hasher.number(Some(self.at.as_microsecond()));
        for text in [
            self.kind,
            &origin.actor,
            &origin.machine,
            &origin.app_version,
        ] {
            hasher.text(Some(text));
        }
        hasher.text(self.tenant);
        hasher.text(self.account);
        hasher.bytes(
            self.run
                .map(|run| *run.uuid().as_bytes())
                .as_ref()
                .map(<[u8; 16]>::as_slice),
        );
        for text in [self.resource, self.method, self.endpoint] {
            hasher.text(text);
        }
        for number in [self.status, self.records, self.duration, self.bytes] {
            hasher.number(number);
        }
        hasher.text(self.detail);
        hasher.bytes(Some(previous));
        hasher.finish()
    }
}

/// Feeds fields to the hash, each behind its type and length, so that no two rows give the same bytes.
struct Fields(Sha256);

impl Fields {
    fn new() -> Self {
        Self(Sha256::new_with_prefix(DOMAIN))
    }

    fn field(&mut self, tag: u8, bytes: &[u8]) {
        self.0.update([tag]);
        self.0.update((bytes.len() as u64).to_le_bytes());
        self.0.update(bytes);
    }

    fn number(&mut self, number: Option<i64>) {
        match number {
            None => self.field(0, &[]),
            Some(number) => self.field(1, &number.to_le_bytes()),
        }
    }

    fn text(&mut self, text: Option<&str>) {
        match text {
            None => self.field(0, &[]),
            Some(text) => self.field(2, text.as_bytes()),
        }
    }

    fn bytes(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            None => self.field(0, &[]),
            Some(bytes) => self.field(3, bytes),
        }
    }

    fn finish(self) -> Hash {
        self.0.finalize().into()
    }
}

/// Where the next row is to be hung.
pub(super) struct Tail {
    pub seq: i64,
    pub hash: Hash,
}

/// Where the next row is to be hung: the last row, or the root that the first row hangs on, the hash of the workspace's
/// own id, so that no row fits into another workspace's chain.
///
/// # Errors
/// [`Error::Corrupt`] where the last row's hash is none: nothing is hung on it.
pub(super) fn tail(tx: &ReadTx<'_>) -> Result<Tail> {
    let last = tx.row(
        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
        [],
        |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)),
    )?;
    match last {
        Some((seq, hash)) => {
            let hash = Hash::try_from(hash.as_slice()).map_err(|_| {
                Error::Corrupt(format!("row {seq} of the audit is not as it was written"))
            })?;
            Ok(Tail { seq, hash })
        }
        None => Ok(Tail {
            seq: 0,
            hash: root(tx)?,
        }),
    }
}

/// The last row as it stands, sound or not.
pub(super) fn last(tx: &ReadTx<'_>) -> Result<Option<Head>> {
    tx.row(
        "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
        [],
        |row| {
            Ok(Head {
                seq: row.get::<_, i64>(0)?.unsigned_abs(),
                hash: hex(row.get_ref(1)?.as_blob()?),
            })
        },
    )
}

fn root(tx: &ReadTx<'_>) -> Result<Hash> {
    let id = tx
        .row("SELECT uuid FROM workspace", [], |row| {
            row.get::<_, Vec<u8>>(0)
        })?
        .unwrap_or_default();
    Ok(Sha256::new_with_prefix(DOMAIN)
        .chain_update(id)
        .finalize()
        .into())
}

/// Checks the rows of a range of places, and that the chain still holds `anchor`, a head that was kept elsewhere.
///
/// An edit, a removal, an exchange and a row slipped in are found wherever they are in the range; rows cut off at the
/// end only with an anchor, since a shorter chain is a sound one.
pub fn verify(
    tx: &ReadTx<'_>,
    range: impl RangeBounds<u64>,
    anchor: Option<&Head>,
) -> Result<Verdict> {
    let from = match range.start_bound() {
        Bound::Included(&from) => from.max(1),
        Bound::Excluded(&from) => from.saturating_add(1),
        Bound::Unbounded => 1,
    };
    let to = match range.end_bound() {
        Bound::Included(&to) => to,
        Bound::Excluded(&to) => to.saturating_sub(1),
        Bound::Unbounded => u64::MAX,
    };
    let (from, to) = (
        i64::try_from(from).unwrap_or(i64::MAX),
        i64::try_from(to).unwrap_or(i64::MAX),
    );
    let end = last(tx)?;
    let mut before = Some(root(tx)?);
    if from > 1 {
        // One that is none belongs to a row before the range.
        before = tx
            .row("SELECT hash FROM audit WHERE seq = ?1", [from - 1], |row| {
                row.get::<_, Vec<u8>>(0)
            })?
            .and_then(|hash| Hash::try_from(hash.as_slice()).ok());
    }
    let mut walk = Walk {
        next: from,
        before,
        rows: 0,
        anchor,
    };
    let mut fault = walk.run(tx, to)?;
    let reaches = end.as_ref().map_or(0, |end| end.seq.cast_signed());
    if fault.is_none() && walk.next <= to.min(reaches) {
        fault = Some(Break::Missing);
    }
    if fault.is_none()
        && let Some(anchor) = anchor
    {
        fault = walk.at_anchor(tx, anchor)?;
    }
    Ok(Verdict {
        ok: fault.is_none(),
        rows: walk.rows,
        broken_at: fault.map(|_| walk.next.unsigned_abs()),
        fault,
        head: end,
    })
}

struct Walk<'a> {
    next: i64,
    before: Option<Hash>,
    rows: u64,
    anchor: Option<&'a Head>,
}

impl Walk<'_> {
    fn run(&mut self, tx: &ReadTx<'_>, to: i64) -> Result<Option<Break>> {
        let mut statement = tx.prepare(
            "SELECT seq, at, kind, actor, machine, app_version, tenant, account, run, resource, method, endpoint, \
             status, records, duration, bytes, detail, previous, hash FROM audit \
             WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq",
        )?;
        let mut rows = statement.query(params![self.next, to])?;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if seq != self.next {
                return Ok(Some(Break::Missing));
            }
            // A value that cannot even be read back was not written by us.
            let Ok((previous, hash, computed)) = read(row, seq) else {
                return Ok(Some(Break::Edited));
            };
            if self.before.is_none_or(|before| before != previous) {
                return Ok(Some(Break::Unlinked));
            }
            if computed != hash {
                return Ok(Some(Break::Edited));
            }
            if self
                .anchor
                .is_some_and(|anchor| anchor.seq == seq.unsigned_abs() && anchor.hash != hex(&hash))
            {
                return Ok(Some(Break::BelowAnchor));
            }
            self.before = Some(hash);
            self.next += 1;
            self.rows += 1;
        }
        Ok(None)
    }

    fn at_anchor(&mut self, tx: &ReadTx<'_>, anchor: &Head) -> Result<Option<Break>> {
        let seq = i64::try_from(anchor.seq).unwrap_or(i64::MAX);
        let held = tx.row("SELECT hash FROM audit WHERE seq = ?1", [seq], |row| {
            Ok(hex(row.get_ref(0)?.as_blob()?))
        })?;
        if held.as_ref() == Some(&anchor.hash) {
            return Ok(None);
        }
        if held.is_some() {
            self.next = seq;
        }
        Ok(Some(Break::BelowAnchor))
    }
}

/// The hash the row hangs on, its own, and the one its content gives.
fn read(row: &rusqlite::Row<'_>, seq: i64) -> rusqlite::Result<(Hash, Hash, Hash)> {
    let text = |at: usize| {
        row.get_ref(at)?
            .as_str_or_null()
            .map_err(rusqlite::Error::from)
    };
    let at: i64 = row.get(1)?;
    let at = Timestamp::from_microsecond(at)
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(1, at))?;
    let origin = Origin {
        actor: row.get(3)?,
        machine: row.get(4)?,
        app_version: row.get(5)?,
    };
    let link = Link {
        at,
        kind: text(2)?.unwrap_or_default(),
        tenant: text(6)?,
        account: text(7)?,
        run: row.get(8)?,
        resource: text(9)?,
        method: text(10)?,
        endpoint: text(11)?,
        status: row.get(12)?,
        records: row.get(13)?,
        duration: row.get(14)?,
        bytes: row.get(15)?,
        detail: text(16)?,
    };
    let previous: Hash = row.get(17)?;
    let computed = link.hash(seq, &origin, &previous);
    Ok((previous, row.get(18)?, computed))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
