//! What a schema cannot say: that the parts of a definition fit together.

mod auth;
mod config;
mod errors;
mod hosts;
mod limits;
pub(crate) mod mapping;
pub(crate) mod model;
mod pages;
mod resource;
mod scopes;
mod templates;

use crate::Connector;
use crate::document::Document;
use crate::load::Parsed;
use crate::problem::{Problem, ProblemCode};

/// Everything that does not fit together in a connector.
pub(crate) fn connector(parsed: &Parsed<Connector>, problems: &mut Vec<Problem>) {
    let mut check = Check {
        document: &parsed.document,
        connector: &parsed.value,
        problems,
    };
    check.config();
    check.auth();
    check.hosts();
    check.limits();
    check.errors();
    check.scopes();
    check.resources();
    check.general_templates();
}

/// A connector under examination.
pub(crate) struct Check<'a> {
    document: &'a Document,
    connector: &'a Connector,
    problems: &'a mut Vec<Problem>,
}

impl Check<'_> {
    fn report(
        &mut self,
        pointer: &str,
        code: ProblemCode,
        message: impl Into<String>,
        hint: impl Into<Option<String>>,
    ) {
        self.problems.push(
            self.document
                .problem(pointer, code, message.into(), hint.into()),
        );
    }

    fn contradiction(&mut self, pointer: &str, message: impl Into<String>, hint: &str) {
        self.report(
            pointer,
            ProblemCode::Contradiction,
            message,
            Some(hint.to_owned()),
        );
    }
}

/// Appends a key to a pointer.
fn under(pointer: &str, key: &str) -> String {
    let mut pointer = pointer.to_owned();
    crate::document::push(&mut pointer, key);
    pointer
}
