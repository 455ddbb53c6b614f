//! The scope catalogue, and that every scope named is in it.

use std::collections::HashMap;

use super::{Check, under};
use crate::problem::{ProblemCode, suggestion};

impl Check<'_> {
    pub(super) fn scopes(&mut self) {
        let scopes = &self.connector.scopes;
        let mut aliases: HashMap<&str, &str> = HashMap::new();
        for (name, scope) in &scopes.catalogue {
            let pointer = under("/scopes/catalogue", name);
            if name.is_empty()
                || name.contains(char::is_whitespace)
                || (scopes.separator != " " && name.contains(&scopes.separator))
            {
                let hint = "a scope holds no white space and no separator".to_owned();
                self.report(
                    &pointer,
                    ProblemCode::Malformed,
                    format!("`{name}` cannot be a scope"),
                    hint,
                );
            }
            for (index, alias) in scope.aliases.iter().enumerate() {
                let pointer = format!("{pointer}/aliases/{index}");
                if scopes.catalogue.contains_key(alias) {
                    self.contradiction(
                        &pointer,
                        format!("`{alias}` is a scope itself"),
                        "an alias is a name that does not exist",
                    );
                } else if let Some(other) = aliases.insert(alias, name) {
                    self.contradiction(
                        &pointer,
                        format!("`{alias}` is an alias of `{other}` too"),
                        "leave it at one of them",
                    );
                }
            }
        }
        for (name, set) in &scopes.sets {
            self.known_scopes(
                &format!("{}/scopes", under("/scopes/sets", name)),
                &set.scopes,
            );
        }
        let Some(name) = &scopes.default_set else {
            return;
        };
        match scopes.sets.get(name) {
            None => {
                let hint = suggestion(name, scopes.sets.keys().map(String::as_str));
                self.report(
                    "/scopes/default_set",
                    ProblemCode::UnknownScope,
                    format!("there is no set `{name}`"),
                    hint,
                );
            }
            Some(set) => {
                let writing = set.scopes.iter().find(|scope| {
                    scopes
                        .catalogue
                        .get(*scope)
                        .is_some_and(|scope| scope.writes)
                });
                if let Some(scope) = writing {
                    let message =
                        format!("the default set holds `{scope}`, which can change something");
                    self.contradiction(
                        "/scopes/default_set",
                        message,
                        "what is asked for unasked has to be read-only",
                    );
                }
            }
        }
    }

    pub(super) fn known_scopes(&mut self, pointer: &str, named: &[String]) {
        let catalogue = &self.connector.scopes.catalogue;
        for (index, scope) in named.iter().enumerate() {
            if catalogue.contains_key(scope) {
                continue;
            }
            let hint = match catalogue
                .iter()
                .find(|(_, known)| known.aliases.contains(scope))
            {
                Some((correct, _)) => Some(format!("write `{correct}`")),
                None => suggestion(scope, catalogue.keys().map(String::as_str)),
            };
            let message = format!("`{scope}` is not in the scope catalogue");
            self.report(
                &format!("{pointer}/{index}"),
                ProblemCode::UnknownScope,
                message,
                hint,
            );
        }
    }
}
