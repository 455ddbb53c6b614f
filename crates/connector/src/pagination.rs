//! How a list is read page by page.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Pointer;

/// How a list is read page by page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Pagination {
    /// So many records are skipped.
    Offset(OffsetPagination),
    /// Pages have numbers.
    Page(PageNumberPagination),
    /// Each page names a token for the next.
    Cursor(CursorPagination),
    /// Each page holds the address of the next in its body. Only addresses on approved origins are followed.
    NextUrl(NextUrlPagination),
    /// Each page names the address of the next in a `Link` header (RFC 8288). Only addresses on approved origins are followed.
    LinkHeader(LinkHeaderPagination),
    /// The query text itself says which page: `{{page.start}}`, `{{page.size}}`, in the list operation's params or body.
    QueryLanguage(QueryLanguagePagination),
    /// Each page asks for what comes after the last key of the one before; the resource's `keyset` says how.
    Keyset(KeysetPagination),
    /// One answer holds everything.
    None(NoPagination),
}

impl Pagination {
    /// Page size, stop rules and guard; none for a list without pages.
    pub fn page(&self) -> Option<&PageRules> {
        match self {
            Self::Offset(kind) => Some(&kind.page),
            Self::Page(kind) => Some(&kind.page),
            Self::Cursor(kind) => Some(&kind.page),
            Self::NextUrl(kind) => Some(&kind.page),
            Self::LinkHeader(kind) => Some(&kind.page),
            Self::QueryLanguage(kind) => Some(&kind.page),
            Self::Keyset(kind) => Some(&kind.page),
            Self::None(_) => None,
        }
    }

    /// The query parameter that carries the page size.
    pub fn size_param(&self) -> Option<&str> {
        match self {
            Self::Offset(kind) => Some(&kind.limit_param),
            Self::Keyset(kind) => Some(&kind.limit_param),
            Self::Page(kind) => kind.size_param.as_deref(),
            Self::Cursor(kind) => kind.size_param.as_deref(),
            Self::NextUrl(kind) => kind.size_param.as_deref(),
            Self::LinkHeader(kind) => kind.size_param.as_deref(),
            Self::QueryLanguage(_) | Self::None(_) => None,
        }
    }

    /// The flag in the body that says whether there is more.
    pub fn more(&self) -> Option<&MoreFlag> {
        match self {
            Self::Offset(kind) => kind.more.as_ref(),
            Self::Page(kind) => kind.more.as_ref(),
            Self::Cursor(kind) => kind.more.as_ref(),
            Self::NextUrl(kind) => kind.more.as_ref(),
            Self::QueryLanguage(kind) => kind.more.as_ref(),
            Self::LinkHeader(_) | Self::Keyset(_) | Self::None(_) => None,
        }
    }

    /// What ends the list: the rules given, or the kind's own. With a token: that it is missing. Without: a short or an empty page, or, where there
    /// is a flag, the flag or an empty page (a provider with a flag may give short pages in between).
    pub fn stop_rules(&self) -> Vec<StopRule> {
        if let Some(given) = self.page().and_then(|page| page.stop.clone()) {
            return given;
        }
        let mut rules = match self {
            Self::Cursor(_) | Self::NextUrl(_) | Self::LinkHeader(_) => {
                vec![StopRule::MissingToken]
            }
            Self::None(_) => Vec::new(),
            _ if self.more().is_some() => vec![StopRule::EmptyPage],
            _ => vec![StopRule::ShortPage, StopRule::EmptyPage],
        };
        if self.more().is_some() {
            rules.push(StopRule::Flag);
        }
        rules
    }
}

/// What all kinds of paging have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageRules {
    /// The page size asked for.
    #[schemars(range(min = 1))]
    pub size: u32,
    /// The most the provider gives, whatever is asked for.
    #[schemars(range(min = 1))]
    pub max_size: u32,
    /// What ends the list; any one of them does. Absent: the kind's own (see `Pagination` in the reference).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<Vec<StopRule>>,
    /// The most pages of one list; beyond it the run stops and says so. A page that equals the one before always stops it.
    #[serde(default = "max_pages")]
    #[schemars(range(min = 1))]
    pub max_pages: u32,
}

/// A million pages: far above any real list, and below an endless one.
fn max_pages() -> u32 {
    1_000_000
}

/// What ends a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopRule {
    /// Fewer records than asked for.
    ShortPage,
    /// No records.
    EmptyPage,
    /// No token or address for the next page: absent, null or empty.
    MissingToken,
    /// The `more` flag says so.
    Flag,
}

/// A member of the body that says whether there is more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoreFlag {
    /// Where it is.
    pub pointer: Pointer,
    /// The value that means there is more: `true`, or `false` for a flag that means done.
    pub more_when: bool,
}

/// Paging by offset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OffsetPagination {
    /// The parameter that says how many records to skip.
    pub offset_param: String,
    /// The parameter that says how many to return.
    pub limit_param: String,
    /// The first record's offset.
    #[serde(default)]
    pub start: u32,
    /// A flag in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreFlag>,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

/// Paging by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageNumberPagination {
    /// The parameter that says which page.
    pub page_param: String,
    /// The parameter that says how many records to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_param: Option<String>,
    /// The first page's number.
    #[serde(default = "one")]
    pub start: u32,
    /// A flag in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreFlag>,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

fn one() -> u32 {
    1
}

/// Paging by token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CursorPagination {
    /// The parameter that carries the token.
    pub param: String,
    /// Where the next token is in the body.
    pub token: Pointer,
    /// The token of the first page; absent: none is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<String>,
    /// The parameter that says how many records to return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_param: Option<String>,
    /// A flag in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreFlag>,
    /// Whether pages after the first carry the token alone, without filters and size.
    #[serde(default)]
    pub drop_other_params: bool,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

/// Paging by an address in the body; it may be absolute or relative to the page's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NextUrlPagination {
    /// Where the address is in the body.
    pub url: Pointer,
    /// The parameter that says how many records to return, on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_param: Option<String>,
    /// A flag in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreFlag>,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

/// Paging by `Link` header.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkHeaderPagination {
    /// The relation of the next page.
    #[serde(default = "next")]
    pub rel: String,
    /// The parameter that says how many records to return, on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_param: Option<String>,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

fn next() -> String {
    "next".to_owned()
}

/// Paging inside a query text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryLanguagePagination {
    /// The `{{page.start}}` of the first record.
    #[serde(default = "one")]
    pub start: u32,
    /// A flag in the body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<MoreFlag>,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

/// Paging by key alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeysetPagination {
    /// The parameter that says how many records to return.
    pub limit_param: String,
    /// Page size, stop rules and guard.
    pub page: PageRules,
}

/// No paging.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoPagination {}
