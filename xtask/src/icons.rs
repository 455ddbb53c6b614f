//! `cargo xtask icons`: every size of the mark, from its one source.

use std::path::Path;

use crate::step::{output, tauri};

/// The mark.
const SOURCE: &str = "icons/crosswalk.svg";

/// The icon files that the bundle configuration names.
fn named(config: &str) -> Vec<&str> {
    config
        .split('"')
        .filter_map(|word| word.strip_prefix("icons/"))
        .collect()
}

/// Draws the icons that `tauri.conf.json` names into `icons/`; what else the Tauri CLI draws is left out.
///
/// # Errors
/// What the Tauri CLI printed, or the file that it does not know how to draw.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    let drawn = root.join("target/icons");
    let mut draw = tauri(root, "icon --output");
    output(draw.arg(&drawn).arg(root.join(SOURCE)))?;
    let config = root.join("tauri.conf.json");
    let config = std::fs::read_to_string(&config)
        .map_err(|error| format!("{}: {error}", config.display()))?;
    let names = named(&config);
    for name in &names {
        let to = root.join("icons").join(name);
        std::fs::copy(drawn.join(name), &to)
            .map_err(|error| format!("{}: {error}", to.display()))?;
    }
    println!("Drew {} from {SOURCE}.", names.join(", "));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn takes_the_icons_of_the_bundle() {
        let config = r#"{"bundle":{"icon":["icons/32x32.png","icons/icon.ico"]},"x":"a/icons/b"}"#;
        assert_eq!(named(config), ["32x32.png", "icon.ico"]);
    }
}
