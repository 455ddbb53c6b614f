//! What every story stands on: a stage to play it on, the window, and what is in the workspace beforehand.

mod child;
mod crowd;
#[path = "../../support/dunst.rs"]
mod dunst;
mod seed;
pub(crate) mod stage;
mod window;
mod xwalk;

pub(crate) use dunst::Dunst;
pub(crate) use seed::{Customer, PASSPHRASE, Seed};
pub(crate) use stage::{Stage, Theme, play, play_in};
pub(crate) use window::{MOST_NODES, Window};
pub(crate) use xwalk::Xwalk;
