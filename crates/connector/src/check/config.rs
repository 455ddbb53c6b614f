//! The connection form.

use std::collections::HashSet;

use super::Check;
use crate::ConfigKind;
use crate::problem::ProblemCode;

impl Check<'_> {
    pub(super) fn config(&mut self) {
        let mut seen = HashSet::new();
        for (index, field) in self.connector.config.iter().enumerate() {
            let pointer = format!("/config/{index}");
            if !seen.insert(&field.key) {
                let message = format!("there are two fields `{}`", field.key);
                self.report(
                    &format!("{pointer}/key"),
                    ProblemCode::NameTaken,
                    message,
                    None,
                );
            }
            match (field.kind == ConfigKind::Select, field.options.is_empty()) {
                (true, true) => self.contradiction(
                    &pointer,
                    "a `select` has no `options`",
                    "list what can be chosen",
                ),
                (false, false) => {
                    self.contradiction(
                        &format!("{pointer}/options"),
                        "only a `select` has `options`",
                        "make it `kind: select`",
                    );
                }
                _ => {}
            }
            for (key, value) in [("default", &field.default), ("example", &field.example)] {
                if let Some(value) = value
                    && let Err(error) = field.accepts(value)
                {
                    self.contradiction(
                        &format!("{pointer}/{key}"),
                        error,
                        "the form would refuse it",
                    );
                }
            }
        }
    }
}
