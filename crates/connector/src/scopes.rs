//! The scopes a provider knows.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The scopes a provider knows and the sets worth asking for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeCatalogue {
    /// What stands between scopes in a request.
    #[serde(default = "space")]
    pub separator: String,
    /// Every scope by its exact name.
    #[serde(default)]
    pub catalogue: IndexMap<String, Scope>,
    /// Least-privilege sets, one for each use.
    #[serde(default)]
    pub sets: IndexMap<String, ScopeSet>,
    /// The set asked for when the user names none; it must be read-only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_set: Option<String>,
}

fn space() -> String {
    " ".to_owned()
}

impl Default for ScopeCatalogue {
    fn default() -> Self {
        Self {
            separator: space(),
            catalogue: IndexMap::new(),
            sets: IndexMap::new(),
            default_set: None,
        }
    }
}

/// One scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// What it is for, in one line.
    pub description: String,
    /// What it opens, in the provider's words.
    #[serde(default)]
    pub opens: Vec<String>,
    /// Whether it lets its holder change something.
    #[serde(default)]
    pub writes: bool,
    /// Misspelt, plural or former names that people paste; they are corrected to this one.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether the provider advises against it; the text says what to use instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deprecated: Option<String>,
}

/// Scopes that belong together for a use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScopeSet {
    /// What the set is for.
    pub label: String,
    /// Its scopes, all from the catalogue.
    pub scopes: Vec<String>,
}

/// Scopes as somebody typed or pasted them, put in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ScopeList {
    /// Each once, in the order given, corrected where an alias was used.
    pub scopes: Vec<String>,
    /// What was corrected: as given, and what it became.
    pub corrected: Vec<(String, String)>,
    /// Scopes the catalogue does not have, with the nearest it has. They stay in `scopes`: a provider may know more than its documentation.
    pub unknown: Vec<(String, Option<String>)>,
}

impl ScopeCatalogue {
    /// Reads scopes separated by white space, commas, semicolons or the provider's own separator, in quotes or not.
    pub fn read(&self, text: &str) -> ScopeList {
        let mut list = ScopeList::default();
        let separator = self.separator.chars().next().unwrap_or(' ');
        let is_separator = |c: char| c.is_whitespace() || matches!(c, ',' | ';') || c == separator;
        for given in text
            .split(is_separator)
            .map(|word| word.trim_matches(['"', '\'']))
        {
            if given.is_empty() {
                continue;
            }
            let scope = self.correct(given);
            if scope != given {
                list.corrected.push((given.to_owned(), scope.to_owned()));
            } else if !self.catalogue.is_empty() && !self.catalogue.contains_key(scope) {
                let near =
                    crate::problem::nearest(scope, self.catalogue.keys().map(String::as_str));
                list.unknown
                    .push((scope.to_owned(), near.map(str::to_owned)));
            }
            if !list.scopes.iter().any(|known| known == scope) {
                list.scopes.push(scope.to_owned());
            }
        }
        list
    }

    /// The scope meant by an alias or by another use of capitals; any other word as it is.
    fn correct<'t>(&'t self, given: &'t str) -> &'t str {
        if self.catalogue.contains_key(given) {
            return given;
        }
        let meant = |(name, scope): &(&String, &Scope)| {
            scope.aliases.iter().any(|alias| alias == given) || name.eq_ignore_ascii_case(given)
        };
        self.catalogue
            .iter()
            .find(meant)
            .map_or(given, |(name, _)| name)
    }

    /// The scopes asked for when the user names none.
    pub fn default_scopes(&self) -> &[String] {
        let set = self
            .default_set
            .as_ref()
            .and_then(|name| self.sets.get(name));
        set.map_or(&[], |set| &set.scopes)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn catalogue() -> ScopeCatalogue {
        serde_saphyr::from_str(
            "{catalogue: {order.read: {description: a, aliases: [orders.read]}, order.write: {description: b, writes: true}}, \
             sets: {reading: {label: Reading, scopes: [order.read]}}, default_set: reading}",
        )
        .unwrap()
    }

    #[test]
    fn pasted_scopes_are_put_in_order() {
        let list = catalogue().read(" orders.read, \"Order.Write\";order.read\n ordr.read openid");
        assert_eq!(
            list.scopes,
            ["order.read", "order.write", "ordr.read", "openid"]
        );
        let corrected = [
            ("orders.read", "order.read"),
            ("Order.Write", "order.write"),
        ];
        assert_eq!(
            list.corrected,
            corrected.map(|(from, to)| (from.to_owned(), to.to_owned()))
        );
        let unknown = [
            ("ordr.read".to_owned(), Some("order.read".to_owned())),
            ("openid".to_owned(), None),
        ];
        assert_eq!(list.unknown, unknown);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert_eq!(catalogue().read(" ,; "), ScopeList::default());
        assert_eq!(catalogue().default_scopes(), ["order.read"]);
        assert!(ScopeCatalogue::default().default_scopes().is_empty());
    }
}
