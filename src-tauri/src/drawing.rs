//! How the window is drawn on a machine without a graphics card.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Where Linux lists its graphics cards.
const CARDS: &str = "/dev/dri";

/// Has `WebKitGTK` draw through shared memory instead of buffers of the graphics card.
const WITHOUT_CARD: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Whether `devices`, the names in [`CARDS`], hold no card that draws for programs.
fn without_card<Name: AsRef<str>>(devices: impl IntoIterator<Item = Name>) -> bool {
    !devices
        .into_iter()
        .any(|name| name.as_ref().starts_with("renderD"))
}

fn devices(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// Starts this program anew, in its own place, with [`WITHOUT_CARD`] set where there is no graphics card and nothing was
/// said about it. A virtual machine, a remote desktop and a server have none; `WebKitGTK` then emulates one, which
/// takes half as long again until the first screen. Call it before anything else: it does not come back if it did so.
pub fn adapt() {
    if std::env::var_os(WITHOUT_CARD).is_some() || !without_card(devices(Path::new(CARDS))) {
        return;
    }
    // It comes back only where it could not be done; the window is drawn the slower way then.
    if let Ok(own) = std::env::current_exe() {
        let _ = Command::new(own)
            .args(std::env::args_os().skip(1))
            .env(WITHOUT_CARD, "1")
            .exec();
    }
}

#[cfg(test)]
mod tests {
    use super::without_card;

    #[test]
    fn a_card_is_a_render_node() {
        for (devices, without) in [
            (&[][..], true),
            (&["by-path", "card0"], true),
            (&["card0", "renderD128"], false),
        ] {
            assert_eq!(without_card(devices), without, "{devices:?}");
        }
    }
}
