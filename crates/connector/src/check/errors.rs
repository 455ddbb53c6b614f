//! Error rules.

use super::Check;
use crate::problem::{ProblemCode, suggestion};
use crate::{ErrorClass, ErrorRule};

impl Check<'_> {
    pub(super) fn errors(&mut self) {
        for (index, rule) in self.connector.errors.iter().enumerate() {
            self.error_rule(&format!("/errors/{index}"), rule);
        }
    }

    fn error_rule(&mut self, pointer: &str, rule: &ErrorRule) {
        if rule.status.is_empty() && rule.header.is_none() && rule.body.is_none() {
            self.contradiction(
                pointer,
                "the rule has no condition and would match every answer",
                "add `status`, `header` or `body`",
            );
        }
        if let Some(header) = &rule.header {
            self.header_name(&format!("{pointer}/header/name"), &header.name);
        }
        if let Some(body) = &rule.body {
            let pointer = format!("{pointer}/body");
            if body.equals.is_none() && body.contains.is_none() && body.exists.is_none() {
                self.contradiction(
                    &pointer,
                    "the condition asks nothing of the body",
                    "add `equals`, `contains` or `exists`",
                );
            }
            if body.pointer.is_none() && (body.equals.is_some() || body.exists.is_some()) {
                self.contradiction(
                    &pointer,
                    "`equals` and `exists` need a `pointer`",
                    "say where in the body",
                );
            }
        }
        if let Some(scope) = &rule.scope {
            let pointer = format!("{pointer}/scope");
            let catalogue = &self.connector.scopes.catalogue;
            if rule.class != ErrorClass::Forbidden {
                self.contradiction(
                    &pointer,
                    "only `class: forbidden` names a scope",
                    "remove `scope`, or change the class",
                );
            }
            if !catalogue.contains_key(scope) {
                let hint = suggestion(scope, catalogue.keys().map(String::as_str));
                self.report(
                    &pointer,
                    ProblemCode::UnknownScope,
                    format!("`{scope}` is not in the scope catalogue"),
                    hint,
                );
            }
        }
    }
}
