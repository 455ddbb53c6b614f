use crate::filter::Filter;
use crate::object::Wanted;
use crate::selection::{Selection, hyphenated};

/// What a list or get request asks for, read from its query string.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pub(crate) filters: Vec<Filter>,
    pub(crate) offset: u64,
    pub(crate) limit: u64,
    /// Kebab-case.
    pub(crate) order_by: Option<String>,
    pub(crate) descending: bool,
    selection: Option<Selection>,
    shallow: bool,
}

/// Query parameters that are none of ours to filter by.
const RESERVED: [&str; 7] = [
    "limit",
    "offset",
    "order-by",
    "dir",
    "fields",
    "return-object",
    "filter",
];

impl Query {
    /// Reads the decoded pairs of a query string; the error is a sentence for the answer.
    pub(crate) fn parse(pairs: &[(String, String)], page_ceiling: u64) -> Result<Self, String> {
        let mut query = Self {
            limit: page_ceiling,
            ..Self::default()
        };
        for (key, value) in pairs {
            match hyphenated(key).as_str() {
                "limit" => {
                    let asked = whole(key, value)?;
                    if asked == 0 {
                        return Err("limit must be at least 1.".to_owned());
                    }
                    query.limit = asked.min(page_ceiling);
                }
                "offset" => query.offset = whole(key, value)?,
                "order-by" => query.order_by = Some(hyphenated(value)),
                "dir" => {
                    query.descending = match value.as_str() {
                        "asc" => false,
                        "desc" => true,
                        _ => return Err(format!("dir must be asc or desc, not {value}.")),
                    }
                }
                "fields" => query.selection = Some(Selection::parse(value)?),
                "return-object" => match value.as_str() {
                    "limited" => query.selection = Some(Selection::only("id")),
                    "shallow" => query.shallow = true,
                    _ => return Err(format!("return_object={value} is not available for a GET.")),
                },
                "filter" => {
                    return Err(format!(
                        "There is no API filter named {value}; filter by fields instead."
                    ));
                }
                _ => query.filters.push(Filter::parse(key, value)?),
            }
        }
        Ok(query)
    }

    pub(crate) fn wanted(&self) -> Wanted<'_> {
        match &self.selection {
            Some(selection) => Wanted::Only(selection),
            None if self.shallow => Wanted::Shallow,
            None => Wanted::All,
        }
    }
}

/// Whether a parameter steers the answer rather than names a field.
pub(crate) fn is_reserved(key: &str) -> bool {
    RESERVED.contains(&hyphenated(key).as_str())
}

fn whole(key: &str, value: &str) -> Result<u64, String> {
    value
        .parse()
        .map_err(|_| format!("{key} must be a whole number, not {value}."))
}

/// The pairs of a raw query string, percent-decoded, `+` read as a space.
pub(crate) fn pairs(raw: Option<&str>) -> Vec<(String, String)> {
    url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes())
        .into_owned()
        .collect()
}
