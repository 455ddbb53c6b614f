use crosswalk_connector::{MoreFlag, PageRules, Pagination, StopRule};
use serde::{Deserialize, Serialize};

/// Where in a list a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// After so many records.
    Offset(u64),
    /// The page with this number.
    Number(u64),
    /// The record with this number, in a query language.
    Start(u64),
    /// At a token; `None` is the first page of a list that sends none for it.
    Token(Option<String>),
    /// At an address; `None` is the list's own.
    Url(Option<String>),
    /// After this key; `None` is the beginning of the list or range.
    Key(Option<String>),
    /// A list of one page.
    Whole,
}

/// A place in a list that can be kept and taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Where the page begins.
    pub position: Position,
    /// Pages read before it.
    pub pages: u32,
    /// The fingerprint of the page before it, for the loop guard.
    pub previous: Option<u64>,
}

impl Cursor {
    /// The place at `position`, with nothing known of what came before.
    pub fn at(position: Position) -> Self {
        Self {
            position,
            pages: 0,
            previous: None,
        }
    }
}

/// What decides whether another page follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFacts {
    /// The place the page was asked at.
    pub cursor: Cursor,
    /// Records asked for.
    pub asked: u32,
    /// Records received, those that cannot be kept included.
    pub received: u32,
    /// Whether the definition's flag says there is more; `None` if there is no flag or it is not in the body.
    pub more: Option<bool>,
    /// The token or address named for the next page; `None` if absent, null or empty.
    pub token: Option<String>,
    /// The key of the last record.
    pub last_key: Option<String>,
    /// A number that stands for the ids in the page, in order; `None` for an empty page.
    pub fingerprint: Option<u64>,
}

/// What follows a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Continue {
    /// Another page.
    Next(Cursor),
    /// Nothing.
    End,
    /// The provider goes round in circles.
    Loop(String),
    /// More pages than the definition thinks possible.
    TooMany,
}

/// Where a list begins.
pub fn first_position(pagination: &Pagination) -> Position {
    match pagination {
        Pagination::Offset(kind) => Position::Offset(u64::from(kind.start)),
        Pagination::Page(kind) => Position::Number(u64::from(kind.start)),
        Pagination::QueryLanguage(kind) => Position::Start(u64::from(kind.start)),
        Pagination::Cursor(kind) => Position::Token(kind.first.clone()),
        Pagination::NextUrl(_) | Pagination::LinkHeader(_) => Position::Url(None),
        Pagination::Keyset(_) => Position::Key(None),
        Pagination::None(_) => Position::Whole,
    }
}

/// Decides what follows a page. The position decides the kind of step, so that a key range of a list paged by offset is walked by key.
///
/// What ends a list unless the definition says otherwise: a short or an empty page, or where it names a flag, that or an empty page; for
/// tokens and addresses, their absence or the flag.
pub fn next_page(pagination: &Pagination, facts: &PageFacts) -> Continue {
    let Some(rules) = pagination.page() else {
        return Continue::End;
    };
    if facts.cursor.position == Position::Whole || ends(pagination, rules, facts) {
        return Continue::End;
    }
    let repeated = facts.fingerprint.is_some() && facts.fingerprint == facts.cursor.previous;
    if repeated {
        return Continue::Loop("two pages in a row hold the same records".to_owned());
    }
    let pages = facts.cursor.pages.saturating_add(1);
    if pages >= rules.max_pages {
        return Continue::TooMany;
    }
    let received = u64::from(facts.received);
    let position = match &facts.cursor.position {
        Position::Offset(offset) => Position::Offset(offset + received),
        Position::Start(start) => Position::Start(start + received),
        Position::Number(number) => Position::Number(number + 1),
        Position::Token(_) => Position::Token(facts.token.clone()),
        Position::Url(_) => Position::Url(facts.token.clone()),
        Position::Key(_) => Position::Key(facts.last_key.clone()),
        Position::Whole => return Continue::End,
    };
    if position == facts.cursor.position {
        return Continue::Loop("the next page is the page itself".to_owned());
    }
    if matches!(position, Position::Token(None) | Position::Url(None)) {
        return Continue::End;
    }
    if position == Position::Key(None) {
        return Continue::Loop("the page's last record has no key".to_owned());
    }
    Continue::Next(Cursor {
        position,
        pages,
        previous: facts.fingerprint,
    })
}

fn ends(pagination: &Pagination, rules: &PageRules, facts: &PageFacts) -> bool {
    let by_key = matches!(facts.cursor.position, Position::Key(_));
    // A range walked by key does not page as the definition says, so of its stop rules one holds: what a short page proves.
    if by_key && !matches!(pagination, Pagination::Keyset(_)) {
        let short_page_ends = pagination.stop_rules().contains(&StopRule::ShortPage);
        return facts.received == 0 || (short_page_ends && facts.received < facts.asked);
    }
    let own: &[StopRule] = match &facts.cursor.position {
        Position::Token(_) | Position::Url(_) | Position::Whole => {
            &[StopRule::MissingToken, StopRule::Flag]
        }
        // Where a flag speaks, a short page says nothing: some providers filter after they have counted.
        _ if more_flag(pagination).is_some() => &[StopRule::Flag, StopRule::EmptyPage],
        _ => &[StopRule::ShortPage, StopRule::EmptyPage],
    };
    let stop = rules.stop.as_deref().unwrap_or(own);
    stop.iter().any(|rule| match rule {
        StopRule::ShortPage => facts.received < facts.asked,
        StopRule::EmptyPage => facts.received == 0,
        StopRule::MissingToken => facts.token.is_none(),
        StopRule::Flag => facts.more == Some(false),
    })
}

/// The flag that says whether there is more, where the definition names one.
pub(crate) fn more_flag(pagination: &Pagination) -> Option<&MoreFlag> {
    match pagination {
        Pagination::Offset(kind) => kind.more.as_ref(),
        Pagination::Page(kind) => kind.more.as_ref(),
        Pagination::Cursor(kind) => kind.more.as_ref(),
        Pagination::NextUrl(kind) => kind.more.as_ref(),
        Pagination::QueryLanguage(kind) => kind.more.as_ref(),
        Pagination::LinkHeader(_) | Pagination::Keyset(_) | Pagination::None(_) => None,
    }
}

#[cfg(test)]
mod tests;
