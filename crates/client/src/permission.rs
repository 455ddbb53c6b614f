//! What a refused request says of the token's scopes.

use std::fmt;

/// What is known of the permission a provider refused for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Permission {
    /// The token does not hold this scope, which the resource needs.
    Lacks(String),
    /// The token holds this scope, which opens the resource: something else keeps the caller out.
    Holds(String),
    /// Nothing says which scope it is about: the path is no resource's, or the connector has no scopes.
    #[default]
    Unknown,
}

impl Permission {
    /// Judges a refusal. `named`: the scope the connector's error rule names; `needed`: the resource's scopes;
    /// `held`: what the token was granted, or what was asked for where the provider does not say (RFC 6749, 5.1: it
    /// may leave the scopes out if they are those asked for).
    pub fn judge(named: Option<&str>, needed: &[String], held: &[String]) -> Self {
        let holds = |scope: &str| held.iter().any(|one| one == scope);
        let needed = || named.into_iter().chain(needed.iter().map(String::as_str));
        match needed().find(|scope| !holds(scope)) {
            Some(scope) => Self::Lacks(scope.to_owned()),
            None => needed()
                .next()
                .map_or(Self::Unknown, |scope| Self::Holds(scope.to_owned())),
        }
    }

    /// The scope it is about. An administrator looks at it first, also where the token is said to hold it.
    pub fn scope(&self) -> Option<&str> {
        match self {
            Self::Lacks(scope) | Self::Holds(scope) => Some(scope),
            Self::Unknown => None,
        }
    }

    /// The next step.
    pub fn hint(&self) -> String {
        match self {
            Self::Lacks(scope) => format!(
                "Ask the customer's administrator to add the scope {scope} to the client, add it to the account's scopes and renew the token."
            ),
            Self::Holds(_) => {
                "Suspect an IP allow-list that keeps this machine out, or a licence or permission that is off for this module; ask the customer's administrator.".to_owned()
            }
            Self::Unknown => {
                "Ask the customer's administrator whether the client may read this, and whether an IP allow-list keeps this machine out.".to_owned()
            }
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(scope) => write!(f, "the scope {scope} is missing"),
            Self::Holds(scope) => write!(f, "although the token holds the scope {scope}"),
            Self::Unknown => f.write_str("which permission is missing is not known"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Permission::{self, Holds, Lacks, Unknown};

    #[test]
    fn a_refusal_names_the_scope_or_says_that_it_is_held() {
        let lacks = |scope: &str| Lacks(scope.to_owned());
        let holds = |scope: &str| Holds(scope.to_owned());
        // What the rule names; what the resource needs; what the token holds.
        let table = [
            (None, "order.read", "invoice.read", lacks("order.read")),
            (None, "order.read", "", lacks("order.read")),
            (None, "order.read", "order.read", holds("order.read")),
            (None, "a b", "a", lacks("b")),
            (None, "a b", "b a", holds("a")),
            (Some("admin"), "a", "a", lacks("admin")),
            (Some("admin"), "", "admin", holds("admin")),
            (None, "", "a", Unknown),
        ];
        let owned = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        for (named, needed, held, expected) in table {
            let judged = Permission::judge(named, &owned(needed), &owned(held));
            assert_eq!(judged, expected, "{named:?} {needed} {held}");
            assert!(judged.hint().ends_with('.'));
            assert_eq!(
                judged.hint().contains("allow-list"),
                !matches!(judged, Lacks(_))
            );
        }
    }
}
