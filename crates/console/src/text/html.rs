//! Pages of HTML to print or hand over: without scripts, with nothing from elsewhere, and with every value escaped.

use jiff::Timestamp;

use crate::audit::check::AuditHead;

/// How pages look, on the screen and on paper.
pub(crate) const STYLE: &str = "body{font:13px/1.5 system-ui,sans-serif;margin:2em;color:#111}h1{font-size:20px}\
h2{font-size:15px;margin-top:1.6em}table{border-collapse:collapse;width:100%}th,td{text-align:left;\
padding:3px 10px 3px 0;border-bottom:1px solid #ddd;vertical-align:top}td.n{text-align:right}small{color:#555}\
code{font-family:ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}.evidence{color:#555;font-size:12px}\
@media print{body{margin:0}h2{break-after:avoid}tr{break-inside:avoid}}@page{margin:18mm}";

/// A value as text, never as markup.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// A time to read.
pub(crate) fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(
        || "–".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

/// The beginning of a page. The audit's head stands in it for `xwalk audit verify --against`.
pub(crate) fn begin(title: &str, head: Option<&AuditHead>) -> String {
    let head = head.map_or_else(String::new, |head| {
        format!(
            "<meta name=audit-head content=\"{} {}\">",
            head.seq,
            escaped(&head.hash)
        )
    });
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8>{head}<title>{}</title><style>{STYLE}</style>",
        escaped(title)
    )
}

/// The foot of a page: the audit's head to read.
pub(crate) fn end(head: Option<&AuditHead>) -> String {
    head.map_or_else(
        || "</html>\n".to_owned(),
        |head| {
            format!(
                "<p><small>Audit head: row {} <code>{}</code></small></p></html>\n",
                head.seq,
                escaped(&head.hash)
            )
        },
    )
}

/// The head a page of ours speaks of.
pub(crate) fn head_of(page: &str) -> Option<(u64, String)> {
    let (_, rest) = page.split_once("<meta name=audit-head content=\"")?;
    let (content, _) = rest.split_once('"')?;
    let (seq, hash) = content.split_once(' ')?;
    Some((seq.parse().ok()?, hash.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_carries_its_head_to_be_checked_later() {
        let head = AuditHead {
            seq: 41,
            hash: "ab12".into(),
        };
        let page = format!("{}{}", begin("A <b>", Some(&head)), end(Some(&head)));
        assert!(page.contains("<title>A &lt;b&gt;</title>"));
        assert!(page.contains("row 41 <code>ab12</code>"));
        assert_eq!(head_of(&page), Some((41, "ab12".to_owned())));
        assert_eq!(head_of(&begin("B", None)), None);
    }
}
