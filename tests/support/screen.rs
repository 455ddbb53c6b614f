//! What a display shows, and what was drawn on it since.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where pictures are kept that somebody wants to look at.
const PICTURES: &str = "CROSSWALK_SCREENSHOTS";

/// A picture of a whole display: a portable pixmap with a byte for each of red, green and blue.
pub(crate) struct Screen {
    width: usize,
    file: Vec<u8>,
    header: usize,
}

/// The part of a display that changed.
#[derive(Debug)]
pub(crate) struct Drawn {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
    colours: usize,
}

impl Drawn {
    /// A box large enough to be read, with more in it than one colour and its border: letters have smooth edges.
    pub(crate) fn shows_text(&self) -> bool {
        self.width >= 100 && self.height >= 20 && self.colours >= 8
    }
}

impl Screen {
    pub(crate) fn read(file: &[u8]) -> Self {
        // "P6", width, height and 255, with one blank after each.
        let mut words = file.split_inclusive(u8::is_ascii_whitespace);
        let head: Vec<&[u8]> = words.by_ref().take(4).collect();
        let number = |at: usize| -> usize {
            let text = std::str::from_utf8(head[at]).unwrap();
            text.trim().parse().unwrap()
        };
        assert_eq!(head[0].trim_ascii(), b"P6");
        assert_eq!(number(3), 255);
        let header = head.iter().map(|word| word.len()).sum();
        assert_eq!(file.len() - header, number(1) * number(2) * 3);
        Self {
            width: number(1),
            file: file.to_vec(),
            header,
        }
    }

    fn pixels(&self) -> impl Iterator<Item = &[u8]> {
        self.file[self.header..].chunks_exact(3)
    }

    /// Keeps a part of the picture, for whoever asked for pictures.
    pub(crate) fn keep(&self, part: &Drawn, name: &str) {
        let Some(folder) = std::env::var_os(PICTURES).map(PathBuf::from) else {
            return;
        };
        let whole = folder.join("whole.ppm");
        std::fs::write(&whole, &self.file).unwrap();
        crop(&whole, part, &folder.join(name));
        std::fs::remove_file(&whole).unwrap();
    }
}

fn crop(whole: &Path, part: &Drawn, to: &Path) {
    let place = format!("{}x{}+{}+{}", part.width, part.height, part.left, part.top);
    let done = Command::new("convert")
        .arg(whole)
        .args(["-crop", &place, "+repage"])
        .arg(to)
        .status()
        .unwrap();
    assert!(done.success());
}

/// The smallest box around what differs; `None` where nothing does.
pub(crate) fn drawn(before: &Screen, after: &Screen) -> Option<Drawn> {
    let changed: Vec<(usize, &[u8])> = before
        .pixels()
        .zip(after.pixels())
        .enumerate()
        .filter(|(_, (old, new))| old != new)
        .map(|(at, (_, new))| (at, new))
        .collect();
    let rows = changed.iter().map(|(at, _)| at / after.width);
    let columns = changed.iter().map(|(at, _)| at % after.width);
    let (top, bottom) = (rows.clone().min()?, rows.max()?);
    let (left, right) = (columns.clone().min()?, columns.max()?);
    let colours: BTreeSet<&[u8]> = changed.iter().map(|(_, colour)| *colour).collect();
    Some(Drawn {
        left,
        top,
        width: right - left + 1,
        height: bottom - top + 1,
        colours: colours.len(),
    })
}
