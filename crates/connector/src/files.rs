//! The files of a folder of connectors, from the binary or from disk.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::problem::{Problem, ProblemCode};

static BUILTIN: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../connectors");

/// The most files read from a folder: 100 connectors with 100 files each.
const MAX_FILES: usize = 10_000;

/// The largest file read; samples are the largest.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Contents by path, with `/` between its parts.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The files in the binary.
pub(crate) fn builtin() -> Files {
    let mut files = Files::new();
    let mut folders = vec![&BUILTIN];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        for file in folder.files() {
            if let Some(path) = file.path().to_str() {
                files.insert(path.replace('\\', "/"), file.contents().to_vec());
            }
        }
    }
    files
}

/// The files below a folder; an absent folder has none. Symbolic links are not followed, so that a folder holds all it means. Hidden files
/// and editors' backups (`~`) are left out.
pub(crate) fn on_disk(folder: &Path) -> (Files, Vec<Problem>) {
    let mut files = Files::new();
    let mut problems = Vec::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if prefix.is_empty() && error.kind() == io::ErrorKind::NotFound => break,
            Err(error) => {
                problems.push(unreadable(&prefix, &error.to_string()));
                continue;
            }
        };
        for entry in entries.flatten() {
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            if name.starts_with('.') || name.ends_with('~') {
                continue;
            }
            let path = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}/{name}")
            };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && path.matches('/').count() < 6 => {
                    folders.push((entry.path(), path));
                }
                Ok(kind) if kind.is_file() && files.len() < MAX_FILES => {
                    match read(&entry.path()) {
                        Ok(bytes) => {
                            files.insert(path, bytes);
                        }
                        Err(error) => problems.push(unreadable(&path, &error.to_string())),
                    }
                }
                Ok(kind) if kind.is_symlink() => {
                    problems.push(unreadable(&path, "it is a symbolic link"));
                }
                Ok(_) => problems.push(unreadable(
                    &path,
                    "there are too many files, or they lie too deep",
                )),
                Err(error) => problems.push(unreadable(&path, &error.to_string())),
            }
        }
    }
    (files, problems)
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let length = fs::metadata(path)?.len();
    if length > MAX_BYTES {
        return Err(io::Error::other(format!(
            "it has {length} bytes; at most {MAX_BYTES} are read"
        )));
    }
    fs::read(path)
}

pub(crate) fn unreadable(path: &str, reason: &str) -> Problem {
    Problem {
        file: path.to_owned(),
        line: 0,
        column: 0,
        code: ProblemCode::Unreadable,
        message: format!("this cannot be read: {reason}"),
        hint: None,
    }
}
