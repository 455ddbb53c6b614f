//! What to ask the customer's administrator for.

use std::borrow::Cow;
use std::fmt::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{GrantKind, Place, Reference, RenderError, ScopeCatalogue, Template};

/// What to ask the customer's administrator for, rendered to a text with the account's values. Templates may name `config.*`,
/// `request.scopes`, `request.redirect_uri`, `request.egress_ips`, `request.tenant` and `request.account`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdminRequest {
    /// The subject line.
    pub title: Template,
    /// What comes before the steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduction: Option<Template>,
    /// The steps, in order.
    pub steps: Vec<AdminStep>,
    /// What comes after the steps, such as what to send back and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closing: Option<Template>,
}

/// One step for the administrator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdminStep {
    /// The menu entries to click, one after the other.
    #[serde(default)]
    pub menu: Vec<String>,
    /// What to do there.
    pub text: Template,
    /// The grants the step is for; empty: all.
    #[serde(default)]
    pub grants: Vec<GrantKind>,
    /// A list shown below the text, one scope on each line with its description.
    #[serde(default)]
    pub list_scopes: bool,
}

/// The text for the customer's administrator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AdminLetter {
    /// The subject line.
    pub title: String,
    /// The body in plain text: introduction, numbered steps, closing.
    pub text: String,
}

impl AdminRequest {
    /// Writes the text for an account that uses `grant` and asks for `scopes`. `lookup` gives the account's values; what it does not give shows as
    /// `<name>`, for the reader to fill in. Errors: none of a plain text's.
    pub fn render<'v>(
        &self,
        grant: GrantKind,
        scopes: &[String],
        catalogue: &ScopeCatalogue,
        lookup: impl Fn(&Reference) -> Option<Cow<'v, str>>,
    ) -> Result<AdminLetter, RenderError> {
        let fill =
            |template: &Template| {
                template.render(Place::Text, |reference| {
                    Some(lookup(reference).unwrap_or_else(|| {
                        format!("<{}>", reference.name.replace('_', " ")).into()
                    }))
                })
            };
        let mut text = String::new();
        if let Some(introduction) = &self.introduction {
            text.push_str(fill(introduction)?.trim());
            text.push_str("\n\n");
        }
        let steps = self
            .steps
            .iter()
            .filter(|step| step.grants.is_empty() || step.grants.contains(&grant));
        for (index, step) in steps.enumerate() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{}. ", index + 1);
            if !step.menu.is_empty() {
                let _ = write!(text, "{}\n   ", step.menu.join(" > "));
            }
            let _ = writeln!(text, "{}", fill(&step.text)?.trim().replace('\n', "\n   "));
            if step.list_scopes {
                for scope in scopes {
                    let _ = match catalogue.catalogue.get(scope) {
                        Some(known) => writeln!(text, "   - {scope}: {}", known.description),
                        None => writeln!(text, "   - {scope}"),
                    };
                }
            }
        }
        if let Some(closing) = &self.closing {
            text.push('\n');
            text.push_str(fill(closing)?.trim());
            text.push('\n');
        }
        Ok(AdminLetter {
            title: fill(&self.title)?.trim().to_owned(),
            text,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_letter_holds_the_steps_of_the_grant() {
        let request: AdminRequest = serde_saphyr::from_str(
            r#"
title: "Access for {{request.tenant}}"
introduction: "Hello,"
steps:
  - menu: [Setup, OAuth]
    text: "Open {{config.instance_url}}."
    list_scopes: true
  - text: "Enter {{request.redirect_uri}}."
    grants: [authorization_code]
  - text: |
      Send us the ID.
      Never the secret by mail; {{request.egress_ips}}
closing: Thank you.
"#,
        )
        .unwrap();
        let catalogue: ScopeCatalogue =
            serde_saphyr::from_str("{catalogue: {order.read: {description: Orders}}}").unwrap();
        let scopes = ["order.read".to_owned(), "other".to_owned()];
        let lookup = |reference: &Reference| match reference.name.as_str() {
            "tenant" => Some(Cow::from("Acme")),
            "instance_url" => Some(Cow::from("https://acme.example.com")),
            _ => None,
        };
        let letter = request
            .render(GrantKind::ClientCredentials, &scopes, &catalogue, lookup)
            .unwrap();
        assert_eq!(letter.title, "Access for Acme");
        assert_eq!(
            letter.text,
            "Hello,\n\n1. Setup > OAuth\n   Open https://acme.example.com.\n   - order.read: Orders\n   - other\n\
             2. Send us the ID.\n   Never the secret by mail; <egress ips>\n\nThank you.\n"
        );
    }
}
