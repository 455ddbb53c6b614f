//! `cargo xtask screenshots`: every screen of the real window over a demonstration workspace, light and dark, and a
//! notification as a desktop shows it.

use std::path::Path;
use std::process::Command;

use crate::setup;
use crate::step::{command, have, output};

/// Where the pictures are kept.
const FOLDER: &str = "docs/screenshots";

/// The story that goes through every screen. The one of the studio takes pictures too, which are for looking at alone.
const STORY: &str = "screens::every_screen_is_accessible";

/// The story in which a notification server draws what fell due.
const NOTIFICATION: &str = "what_falls_due_is_told_of";

/// Takes the colours down to 255 where that is not seen, and drops what says when a picture was made: a sixth of the
/// size.
fn shrink(picture: &Path) -> Result<(), String> {
    output(
        Command::new("convert")
            .arg(picture)
            .args(["-strip", "+dither", "-colors", "255"])
            .args(["-define", "png:compression-level=9"])
            .args(["-define", "png:exclude-chunk=date,time"])
            .arg(format!("PNG8:{}", picture.display())),
    )
    .map(|_| ())
}

/// The pictures in a folder, by name.
fn pictures(folder: &Path) -> Result<Vec<std::path::PathBuf>, String> {
    let read =
        std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found: Vec<_> = read
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "png"))
        .collect();
    found.sort();
    Ok(found)
}

/// Takes the pictures anew; those of screens that are gone go.
///
/// # Errors
/// What is missing on this machine, or what the window's tests printed.
pub(crate) fn run(root: &Path) -> Result<(), String> {
    setup::run(root, setup::Need::Test)?;
    for program in [
        "Xvfb",
        "WebKitWebDriver",
        "convert",
        "dbus-daemon",
        "dunst",
        "import",
    ] {
        if !have(program) {
            return Err(format!("{program} is needed to take pictures."));
        }
    }
    eprintln!("Building");
    output(&mut command(&root.join("ui"), "npm run --silent build"))?;
    let whole = "--workspace --features crosswalk/custom-protocol,crosswalk/test-clock";
    output(&mut command(
        root,
        &format!("cargo build --quiet {whole} --all-targets"),
    ))?;
    let folder = root.join(FOLDER);
    let taken = root.join("target/screenshots");
    let _ = std::fs::remove_dir_all(&taken);
    std::fs::create_dir_all(&taken).map_err(|error| format!("{}: {error}", taken.display()))?;
    eprintln!("Taking the pictures");
    for (test, story) in [("window", STORY), ("notifications", NOTIFICATION)] {
        output(
            command(
                root,
                &format!("cargo test --quiet {whole} --test {test} -- --ignored {story}"),
            )
            .env("CROSSWALK_SCREENSHOTS", &taken)
            // A page drawn without compositing, as the window has it where there is no graphics card, stands still
            // once WebKitWebDriver took a picture of it.
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "0"),
        )?;
    }
    let new = pictures(&taken)?;
    if new.is_empty() {
        return Err(format!(
            "No picture was taken: are there still tests {STORY} and {NOTIFICATION}?"
        ));
    }
    for old in pictures(&folder)? {
        std::fs::remove_file(&old).map_err(|error| format!("{}: {error}", old.display()))?;
    }
    for picture in &new {
        shrink(picture)?;
        let to = folder.join(picture.file_name().unwrap_or_default());
        std::fs::copy(picture, &to).map_err(|error| format!("{}: {error}", to.display()))?;
    }
    println!("{} pictures in {FOLDER}.", new.len());
    Ok(())
}
