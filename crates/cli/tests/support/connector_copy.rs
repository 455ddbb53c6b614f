//! The shipped connector under another name, with a time or a limit of its own.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the repository keeps its connectors.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../connectors")
}

/// The shipped connector under another name.
pub struct ConnectorCopy {
    name: String,
    text: String,
}

impl ConnectorCopy {
    /// Without the time a token takes to settle and with retries after milliseconds, since no test waits for real seconds.
    pub fn named(name: &str) -> Self {
        let text = fs::read_to_string(shipped().join("coupa/connector.yaml")).unwrap();
        Self {
            name: name.to_owned(),
            text,
        }
        .with("\nname: coupa\n", &format!("\nname: {name}\n"))
        .with("settle: 5s", "settle: 0s")
        .with(
            "attempts: 6, first: 2s, max: 60s",
            "attempts: 6, first: 20ms, max: 80ms",
        )
        .with(
            "attempts: 3, first: 1s, max: 10s",
            "attempts: 3, first: 20ms, max: 80ms",
        )
    }

    /// Replaces a text that is there exactly once.
    pub fn with(mut self, text: &str, by: &str) -> Self {
        assert_eq!(
            self.text.matches(text).count(),
            1,
            "{text:?} in the shipped connector"
        );
        self.text = self.text.replace(text, by);
        self
    }

    /// Without a rate limit.
    pub fn unlimited(self) -> Self {
        let start = self.text.find("\nrate_limit:\n").unwrap();
        let end = start + self.text[start..].find("\nretry:").unwrap();
        let text = format!(
            "{}\nrate_limit: none\n{}",
            &self.text[..start],
            &self.text[end..]
        );
        Self { text, ..self }
    }

    /// Writes it below a folder of connectors, mappings included.
    pub fn write_below(&self, connectors: &Path) {
        let folder = connectors.join(&self.name);
        copy(&shipped().join("coupa/mappings"), &folder.join("mappings"));
        fs::write(folder.join("connector.yaml"), &self.text).unwrap();
    }
}

/// Copies a folder with all below it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
        }
    }
}
