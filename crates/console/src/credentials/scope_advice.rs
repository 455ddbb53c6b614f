//! Least privilege worked out: which scopes a choice of resources needs, and what a pasted list has too much or too
//! little.

use crosswalk_connector::Connector;

use crate::views::{CorrectedScope, ScopeAdvice};
use crate::{Console, Fault};

fn push_new(scopes: &mut Vec<String>, more: &[String]) {
    for scope in more {
        if !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
}

/// The scopes reading `resources` needs, and with `writes` marking them as handed over.
pub(crate) fn needed(connector: &Connector, resources: &[String], writes: bool) -> Vec<String> {
    let mut scopes = Vec::new();
    for resource in resources
        .iter()
        .filter_map(|name| connector.resources.get(name))
    {
        push_new(&mut scopes, &resource.scopes);
        let mark = resource
            .exported
            .as_ref()
            .and_then(|flag| flag.mark.as_ref());
        if let Some(mark) = mark.filter(|_| writes) {
            push_new(&mut scopes, &mark.scopes);
        }
    }
    scopes
}

/// Scopes that open no resource but that signing in may need, such as the one for a refresh token: never too much.
pub(crate) fn harmless(connector: &Connector, scope: &str) -> bool {
    let refresh = connector
        .auth
        .token
        .as_ref()
        .and_then(|token| token.refresh.as_ref())
        .and_then(|refresh| refresh.scope.as_deref());
    refresh == Some(scope)
        || (connector
            .scopes
            .default_scopes()
            .iter()
            .any(|one| one == scope)
            && !connector
                .resources
                .values()
                .any(|resource| resource.scopes.iter().any(|one| one == scope)))
}

/// Those of `asked` that `resources` do not need.
fn excess(
    connector: &Connector,
    resources: &[String],
    writes: bool,
    asked: &[String],
) -> Vec<String> {
    let needed = needed(connector, resources, writes);
    asked
        .iter()
        .filter(|scope| !needed.contains(scope) && !harmless(connector, scope))
        .cloned()
        .collect()
}

fn advise(
    connector: &Connector,
    resources: &[String],
    pasted: Option<&str>,
    writes: bool,
) -> ScopeAdvice {
    let needed = needed(connector, resources, writes);
    let Some(pasted) = pasted.filter(|text| !text.trim().is_empty()) else {
        return ScopeAdvice {
            scopes: needed,
            ..ScopeAdvice::default()
        };
    };
    let list = connector.scopes.read(pasted);
    let excess = if resources.is_empty() {
        Vec::new()
    } else {
        excess(connector, resources, writes, &list.scopes)
    };
    ScopeAdvice {
        missing: needed
            .into_iter()
            .filter(|scope| !list.scopes.contains(scope))
            .collect(),
        excess,
        corrected: list
            .corrected
            .into_iter()
            .map(|(given, meant)| CorrectedScope {
                hint: format!("{} writes it {meant}.", connector.label),
                given,
                meant,
            })
            .collect(),
        unknown: list
            .unknown
            .into_iter()
            .map(|(given, near)| match near {
                Some(near) => format!("{given} (did you mean {near}?)"),
                None => given,
            })
            .collect(),
        scopes: list.scopes,
    }
}

impl Console {
    /// Which scopes to ask for to sync `resources`; a pasted list in any separator is put in order and judged.
    ///
    /// # Errors
    /// `not_found`.
    pub fn scope_advice(
        &self,
        connector: &str,
        resources: &[String],
        pasted: Option<&str>,
        purpose: &str,
    ) -> Result<ScopeAdvice, Fault> {
        let definition = self.definition(connector)?;
        Ok(advise(
            &definition.connector,
            resources,
            pasted,
            purpose == "write",
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::sync::Arc;

    use crosswalk_connector::{Catalogue, Definition};

    use super::*;

    /// A built-in connector that has scopes for several resources, whichever it is.
    fn definition() -> Arc<Definition> {
        Catalogue::builtin()
            .catalogue
            .iter()
            .find(|one| {
                let mut scoped = one.connector.resources.values();
                scoped.any(|resource| resource.exported.is_some() && !resource.scopes.is_empty())
            })
            .unwrap()
            .clone()
    }

    #[test]
    fn a_choice_needs_the_least_and_a_pasted_list_is_judged() {
        let definition = definition();
        let connector = &definition.connector;
        let (name, resource) = connector
            .resources
            .iter()
            .find(|(_, resource)| resource.exported.is_some())
            .unwrap();
        let chosen = std::slice::from_ref(name);
        let least = advise(connector, chosen, None, false);
        assert_eq!(least.scopes, resource.scopes);
        let writing = advise(connector, chosen, None, true);
        assert!(writing.scopes.len() > least.scopes.len());

        let write = writing.scopes.last().unwrap().clone();
        let pasted = format!("{}, {write}; made.up", resource.scopes.join(" "));
        let advice = advise(connector, chosen, Some(&pasted), false);
        assert_eq!(advice.missing, Vec::<String>::new());
        assert_eq!(advice.excess, [write.clone(), "made.up".to_owned()]);
        assert_eq!(advice.unknown.len(), 1);
        assert!(advice.unknown[0].starts_with("made.up"));
        let advice = advise(connector, chosen, Some(&write), true);
        assert_eq!(advice.missing, resource.scopes);
        assert_eq!(advice.excess, Vec::<String>::new());
    }

    #[test]
    fn the_default_set_is_never_too_much() {
        let definition = definition();
        let connector = &definition.connector;
        let every: Vec<String> = connector.resources.keys().cloned().collect();
        let defaults = connector.scopes.default_scopes();
        assert_eq!(
            excess(connector, &every, false, defaults),
            Vec::<String>::new()
        );
        assert_eq!(
            advise(connector, &[], Some("  "), false),
            ScopeAdvice::default()
        );
    }
}
