//! How often the window is told how a run gets on.

use std::time::{Duration, Instant};

use crate::stage::Stage;

/// Eleven that are a tenth of a second apart take a second; a little less, for one that is held up on its way.
const ALMOST_A_SECOND: Duration = Duration::from_millis(900);

#[test]
fn a_run_is_told_of_ten_times_a_second_at_most_and_always_how_it_ended() {
    let stage = Stage::new(600);
    let heard = stage.hear("run-progress");
    let ended = stage.sync("full");
    assert_eq!(ended["status"], "completed", "{ended}");
    // Of two who listen one hears first.
    let until = Instant::now() + Duration::from_secs(10);
    while heard
        .lock()
        .unwrap()
        .last()
        .is_none_or(|(_, last)| *last != ended)
    {
        assert!(Instant::now() < until, "the end is not told");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut heard = heard.lock().unwrap();
    heard.pop();
    assert!(heard.len() > 1, "{heard:?}");
    for (at, (first, _)) in heard.iter().enumerate() {
        let close = heard[at..]
            .iter()
            .filter(|(when, _)| when.duration_since(*first) < ALMOST_A_SECOND);
        assert!(close.count() <= 10, "{heard:?}");
    }
    for pair in heard.windows(2) {
        assert!(
            pair[0].1["fetched"].as_u64() <= pair[1].1["fetched"].as_u64(),
            "{pair:?}"
        );
    }
}
