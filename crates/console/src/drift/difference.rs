//! What changed between what runs showed of a resource. Pure: snapshots in, newest first; differences out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::shape::{SeenPath, Snapshot};

/// A path counts as gone where records without it would come about by chance less often than this.
const CHANCE: f64 = 0.001;
/// A path holds an enum where each of its words was met so many times on average.
const TIMES_A_WORD: u64 = 8;

/// What kind of difference it is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Kind {
    /// The path is no longer there.
    Gone,
    /// It holds another type.
    Retyped,
    /// It has a word it did not have.
    NewWords,
    /// It was never there before.
    New,
    /// It was gone and is there again.
    Back,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Retyped => "type",
            Self::NewWords => "words",
            Self::New => "new",
            Self::Back => "back",
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) kind: Kind,
    pub(crate) keys: Vec<String>,
    pub(crate) path: String,
    /// Types or words before, and those that came.
    pub(crate) before: Vec<String>,
    pub(crate) after: Vec<String>,
    /// Records of the newest run that have it, of those that were asked for it.
    pub(crate) present: u64,
    pub(crate) of: u64,
}

/// A path that records had and no longer have.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vanished {
    pub(crate) keys: Vec<String>,
    pub(crate) path: String,
    /// The first run without it.
    pub(crate) since: Timestamp,
    /// How many records had it, of how many, when it was last seen.
    pub(crate) present: u64,
    pub(crate) of: u64,
}

/// Whether records without a path tell that it is gone: it was in `present` of `of`, and in none of `without`.
fn is_gone(present: u64, of: u64, without: u64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "counts of records")]
    let share = (present as f64 + 1.0) / (of as f64 + 2.0);
    #[expect(clippy::cast_precision_loss, reason = "counts of records")]
    let chance = (1.0 - share).powf(without as f64);
    chance < CHANCE
}

/// The paths that are gone by the newest snapshot, each where the one that holds it is there still.
pub(crate) fn vanished(snapshots: &[Snapshot]) -> Vec<Vanished> {
    let mut known: BTreeMap<&[String], &SeenPath> = BTreeMap::new();
    for snapshot in snapshots {
        for path in &snapshot.shape.paths {
            known.entry(&path.keys).or_insert(path);
        }
    }
    let gone = known.into_values().filter_map(|path| {
        let (mut without, mut since) = (0, None);
        for snapshot in snapshots {
            let held = snapshot.shape.chances(&path.keys);
            if let Some(seen) = snapshot.shape.path(&path.keys) {
                return is_gone(seen.present, held, without).then(|| Vanished {
                    keys: path.keys.clone(),
                    path: path.path.clone(),
                    since: since.unwrap_or(snapshot.at),
                    present: seen.present,
                    of: held,
                });
            }
            without += held;
            since = if held > 0 { Some(snapshot.at) } else { since };
        }
        None
    });
    let gone: Vec<Vanished> = gone.collect();
    let heads: BTreeSet<Vec<String>> = gone.iter().map(|one| one.keys.clone()).collect();
    gone.into_iter()
        .filter(|one| !below_one_of(&one.keys, &heads))
        .collect()
}

fn below_one_of(keys: &[String], heads: &BTreeSet<Vec<String>>) -> bool {
    (1..keys.len()).any(|length| heads.contains(&keys[..length]))
}

/// What the newest snapshot shows otherwise than those before it. Nothing without one before it.
pub(crate) fn differences(snapshots: &[Snapshot]) -> Vec<Difference> {
    let Some((newest, earlier)) = snapshots.split_first() else {
        return Vec::new();
    };
    let before: BTreeSet<Vec<String>> = keys_of(&vanished(earlier));
    let mut found = Vec::new();
    for one in vanished(snapshots) {
        if !before.contains(&one.keys) && !below_one_of(&one.keys, &before) {
            found.push(Difference {
                kind: Kind::Gone,
                of: newest.shape.chances(&one.keys),
                keys: one.keys,
                path: one.path,
                before: Vec::new(),
                after: Vec::new(),
                present: 0,
            });
        }
    }
    for path in &newest.shape.paths {
        let of = newest.shape.held(&path.keys);
        let of_kind = |kind, before, after| Difference {
            kind,
            keys: path.keys.clone(),
            path: path.path.clone(),
            before,
            after,
            present: path.present,
            of,
        };
        // The last run whose records were asked for it is what it is compared with.
        let mut holding = earlier
            .iter()
            .filter(|snapshot| snapshot.shape.held(&path.keys) > 0);
        let Some(last) = holding.next() else { continue };
        if let Some(held) = last.shape.path(&path.keys) {
            let changed = changed(held, path).into_iter();
            found.extend(changed.map(|(kind, before, after)| of_kind(kind, before, after)));
            continue;
        }
        let known = holding.any(|snapshot| snapshot.shape.path(&path.keys).is_some());
        let gone = before.contains(&path.keys) || below_one_of(&path.keys, &before);
        match (known, gone) {
            (false, _) => found.push(of_kind(Kind::New, Vec::new(), Vec::new())),
            (true, true) => found.push(of_kind(Kind::Back, Vec::new(), Vec::new())),
            // Rare, and met now and then.
            (true, false) => {}
        }
    }
    let heads = |kind| -> BTreeSet<Vec<String>> {
        let of_kind = found.iter().filter(|one: &&Difference| one.kind == kind);
        of_kind.map(|one| one.keys.clone()).collect()
    };
    let (new, back) = (heads(Kind::New), heads(Kind::Back));
    found.retain(|one| match one.kind {
        Kind::New => !below_one_of(&one.keys, &new),
        Kind::Back => !below_one_of(&one.keys, &back),
        _ => true,
    });
    found.sort_by(|a, b| (a.kind, &a.keys).cmp(&(b.kind, &b.keys)));
    found
}

fn keys_of(vanished: &[Vanished]) -> BTreeSet<Vec<String>> {
    vanished.iter().map(|one| one.keys.clone()).collect()
}

/// What a path that is still there shows otherwise: other types, other words.
fn changed(held: &SeenPath, now: &SeenPath) -> Option<(Kind, Vec<String>, Vec<String>)> {
    let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>();
    if !held.types.is_empty() && !now.types.is_subset(&held.types) {
        return Some((Kind::Retyped, list(&held.types), list(&now.types)));
    }
    let (Some(words), Some(after)) = (&held.words, &now.words) else {
        return None;
    };
    let is_enum = |path: &SeenPath, words: &BTreeSet<String>| {
        path.filled >= TIMES_A_WORD * words.len() as u64
    };
    let came: Vec<String> = after.difference(words).cloned().collect();
    (is_enum(held, words) && !came.is_empty()).then(|| (Kind::NewWords, list(words), came))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crosswalk_connector::Selection;
    use serde_json::{Value, json};

    use super::super::shape::Counter;
    use super::*;

    fn snapshot(hour: i64, selection: &Selection, records: &[Value]) -> Snapshot {
        let mut counter = Counter::new(&[], true);
        for record in records {
            counter.add(record, selection);
        }
        let (records, shape) = counter.finish();
        Snapshot {
            at: Timestamp::from_second(hour * 3_600).unwrap(),
            records,
            shape,
        }
    }

    fn many(count: usize, record: impl Fn(usize) -> Value) -> Vec<Value> {
        (0..count).map(record).collect()
    }

    fn shown(snapshots: &[Snapshot]) -> Vec<String> {
        let differences = differences(snapshots).into_iter();
        differences
            .map(|one| format!("{} {}", one.kind.as_str(), one.path))
            .collect()
    }

    #[test]
    fn chance_is_told_from_loss() {
        for (present, of, without, gone) in [
            (50, 50, 1, false),
            (50, 50, 2, true),
            (3, 3, 3, false),
            (3, 3, 5, true),
            // One in fifty is missed by fifty records more often than not.
            (1, 50, 50, false),
            (1, 50, 200, true),
            (50, 50, 0, false),
        ] {
            assert_eq!(
                is_gone(present, of, without),
                gone,
                "{present}/{of} {without}"
            );
        }
    }

    #[test]
    fn what_is_new_gone_retyped_or_said_anew() {
        let whole = Selection::Whole;
        let old = snapshot(
            1,
            &whole,
            &many(40, |n| {
                json!({"id": n, "status": if n % 2 == 0 { "open" } else { "paid" }, "total": "1.50",
                    "supplier": {"name": "x", "number": "1"}, "memo": format!("memo {n}")})
            }),
        );
        let new = snapshot(
            2,
            &whole,
            &many(40, |n| {
                json!({"id": n, "status": if n == 3 { "disputed" } else { "paid" }, "total": 1.5,
                    "memo": format!("other memo {n}"), "seg": {"a": 1, "b": 2}})
            }),
        );
        assert_eq!(
            shown(&[new.clone(), old.clone()]),
            ["gone supplier", "type total", "words status", "new seg"]
        );
        let words = differences(&[new.clone(), old.clone()]);
        assert_eq!(words[2].after, ["disputed"]);
        assert_eq!(words[2].before, ["open", "paid"]);
        // What was told once is not told again, and what comes back is.
        let same = Snapshot {
            at: Timestamp::from_second(10_800).unwrap(),
            ..new.clone()
        };
        assert!(shown(&[same.clone(), new.clone(), old.clone()]).is_empty());
        let gone = vanished(&[same.clone(), new.clone(), old.clone()]);
        assert_eq!(gone.len(), 1);
        assert_eq!((gone[0].path.as_str(), gone[0].since), ("supplier", new.at));
        let back = Snapshot {
            at: Timestamp::from_second(14_400).unwrap(),
            ..old.clone()
        };
        let all = [back, same, new, old];
        assert!(
            shown(&all).contains(&"back supplier".to_owned()),
            "{:?}",
            shown(&all)
        );
        assert!(vanished(&all).iter().all(|one| one.path != "supplier"));
        assert!(differences(&all[..1]).is_empty());
    }

    #[test]
    fn what_was_not_asked_for_is_not_gone() {
        let mut narrow = Selection::empty();
        narrow.add(&["id"]);
        let whole = Selection::Whole;
        let old = snapshot(1, &whole, &many(50, |n| json!({"id": n, "memo": "m"})));
        let narrow_run = snapshot(2, &narrow, &many(500, |n| json!({"id": n})));
        assert!(shown(&[narrow_run.clone(), old.clone()]).is_empty());
        // Asked for again it is compared with the last run that asked for it.
        let again = snapshot(3, &whole, &many(50, |n| json!({"id": n, "memo": "m"})));
        assert!(shown(&[again, narrow_run.clone(), old.clone()]).is_empty());
        // Few records at a time tell it together.
        let few = |hour| snapshot(hour, &whole, &many(1, |n| json!({"id": n})));
        assert!(shown(&[few(3), old.clone()]).is_empty());
        let gone = shown(&[few(5), few(4), narrow_run.clone(), old.clone()]);
        assert_eq!(gone, ["gone memo"]);
        let since = vanished(&[few(5), few(4), narrow_run, old])[0].since;
        assert_eq!(since, Timestamp::from_second(4 * 3_600).unwrap());
    }

    #[test]
    fn what_lies_in_an_object_that_is_empty_is_not_gone() {
        let whole = Selection::Whole;
        let supplier = |n: usize, rated: bool| match (n % 2, rated) {
            (0, true) => json!({"id": n, "supplier": {"name": "x", "rating": 1}}),
            (0, false) => json!({"id": n, "supplier": {"name": "x"}}),
            _ => json!({"id": n, "supplier": null}),
        };
        let rated = snapshot(1, &whole, &many(40, |n| supplier(n, true)));
        let none = snapshot(2, &whole, &many(40, |n| json!({"id": n, "supplier": null})));
        assert!(shown(&[none.clone(), rated.clone()]).is_empty());
        let unrated = snapshot(3, &whole, &many(40, |n| supplier(n, false)));
        let gone = vanished(&[unrated, none, rated]);
        assert_eq!(gone.len(), 1);
        assert_eq!(gone[0].path, "supplier.rating");
        assert_eq!((gone[0].present, gone[0].of), (20, 20));
    }

    #[test]
    fn what_is_rare_comes_and_goes_without_a_word() {
        let whole = Selection::Whole;
        let rare = |hour, with: usize| {
            snapshot(
                hour,
                &whole,
                &many(50, |n| {
                    if n < with {
                        json!({"id": n, "r": 1})
                    } else {
                        json!({"id": n})
                    }
                }),
            )
        };
        assert!(shown(&[rare(3, 1), rare(2, 0), rare(1, 1)]).is_empty());
    }
}
