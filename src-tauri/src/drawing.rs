//! How the window is drawn on a machine without a graphics card.

use std::path::Path;

/// Where Linux lists its graphics cards.
const CARDS: &str = "/dev/dri";

/// Has `WebKitGTK` draw through shared memory instead of buffers of the graphics card, and GTK without one.
const WITHOUT_CARD: [(&str, &str); 2] = [
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    ("GDK_GL", "disable"),
];

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

/// Says in this program's environment, where nothing was said about it, that there is no graphics card. A virtual machine,
/// a remote desktop and a server have none; `WebKitGTK` then emulates one, which takes half as long again until the first
/// screen. Call it before anything else.
///
/// # Safety
/// No other thread may run yet: the environment is shared by all.
pub unsafe fn adapt() {
    let said = |(variable, _): &(&str, &str)| std::env::var_os(variable).is_some();
    if WITHOUT_CARD.iter().any(said) || !without_card(devices(Path::new(CARDS))) {
        return;
    }
    for (variable, value) in WITHOUT_CARD {
        #[expect(clippy::disallowed_methods, reason = "no other thread runs yet")]
        // SAFETY: the caller says that nobody reads it meanwhile.
        unsafe {
            std::env::set_var(variable, value);
        }
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
