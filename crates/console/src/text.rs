//! Text as people and other programs read it: times, CSV, HTML, and the files it is handed out in.

pub(crate) mod csv;
pub(crate) mod export_file;
pub(crate) mod html;
pub(crate) mod moment;
