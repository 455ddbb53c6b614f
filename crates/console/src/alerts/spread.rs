//! Renewals spread out, so that a machine that wakes after a week-end does not fall upon anybody.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

/// A token that fell due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// The account's id outside.
    pub(crate) account: String,
    /// Which instance answers: renewals of one instance come after each other.
    pub(crate) instance: String,
    /// When the token dies, if that is known.
    pub(crate) expires_at: Option<Timestamp>,
}

/// How far renewals are kept apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// At one instance. Token endpoints are guarded more closely than lists.
    pub(crate) at_one_instance: Duration,
    /// At all: 500 take under two minutes.
    pub(crate) at_all: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            at_one_instance: Duration::from_secs(1),
            at_all: Duration::from_millis(200),
        }
    }
}

/// When each is to be renewed, counted from now, in the order of these times. Tokens that are still alive and die
/// first come first; those that are dead already have nothing to lose by waiting.
pub(crate) fn spread(mut due: Vec<Due>, now: Timestamp, pace: Pace) -> Vec<(Duration, Due)> {
    due.sort_by_key(|due| {
        let dead = due.expires_at.is_some_and(|end| end <= now);
        (
            dead,
            due.expires_at.is_none(),
            due.expires_at,
            due.account.clone(),
        )
    });
    let mut free: BTreeMap<String, Duration> = BTreeMap::new();
    let mut next = Duration::ZERO;
    let mut planned: Vec<(Duration, Due)> = due
        .into_iter()
        .map(|due| {
            let instance = free.entry(due.instance.clone()).or_default();
            let at = next.max(*instance);
            *instance = at + pace.at_one_instance;
            // One that waits for its instance does not keep the others waiting.
            next += pace.at_all;
            (at, due)
        })
        .collect();
    planned.sort_by_key(|(at, _)| *at);
    planned
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn due(account: &str, instance: &str, expires_at: Option<&str>) -> Due {
        Due {
            account: account.into(),
            instance: instance.into(),
            expires_at: expires_at.map(|text| text.parse().unwrap()),
        }
    }

    fn now() -> Timestamp {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn the_next_to_die_comes_first_and_an_instance_gets_a_second_between_two() {
        let planned = spread(
            vec![
                due("dead", "a", Some("2026-11-20T12:00:00Z")),
                due("unknown", "b", None),
                due("late", "a", Some("2026-11-21T16:00:00Z")),
                due("soon", "a", Some("2026-11-21T13:00:00Z")),
            ],
            now(),
            Pace::default(),
        );
        let order: Vec<(u128, &str)> = planned
            .iter()
            .map(|(at, due)| (at.as_millis(), due.account.as_str()))
            .collect();
        assert_eq!(
            order,
            [
                (0, "soon"),
                (400, "unknown"),
                (1000, "late"),
                (2000, "dead")
            ]
        );
    }

    #[test]
    fn five_hundred_at_as_many_instances_take_under_two_minutes() {
        let many = (0..500)
            .map(|number| due(&format!("a{number:03}"), &format!("i{number}"), None))
            .collect();
        let planned = spread(many, now(), Pace::default());
        assert_eq!(planned.len(), 500);
        assert!(planned.last().unwrap().0 < Duration::from_mins(2));
        for pair in planned.windows(2) {
            assert!(pair[1].0.checked_sub(pair[0].0).unwrap() >= Pace::default().at_all);
        }
    }

    #[test]
    fn five_hundred_at_one_instance_are_a_second_apart_and_keep_no_other_waiting() {
        let many = (0..500)
            .map(|number| due(&format!("a{number:03}"), "one", None))
            .chain([due("other", "two", None)])
            .collect();
        let planned = spread(many, now(), Pace::default());
        let at_one: Vec<Duration> = planned
            .iter()
            .filter(|(_, due)| due.instance == "one")
            .map(|(at, _)| *at)
            .collect();
        assert_eq!(at_one.len(), 500);
        for pair in at_one.windows(2) {
            assert_eq!(pair[1].checked_sub(pair[0]), Some(Duration::from_secs(1)));
        }
        let other = planned
            .iter()
            .find(|(_, due)| due.instance == "two")
            .unwrap();
        assert!(other.0 < Duration::from_mins(2), "{:?}", other.0);
    }
}
