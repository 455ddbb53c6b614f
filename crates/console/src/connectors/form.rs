//! Connectors as one chooses and connects them: the catalogue's cards and the connection form.

use std::collections::BTreeMap;

use crosswalk_connector::{
    ConfigField, ConfigKind, Connector, Definition, Grant, GrantKind, Pagination, RateLimit,
    Resource,
};

use crate::views::{
    ConfigFieldView, ConfigOptionView, ConnectorCard, ConnectorForm, ConnectorResource,
    CredentialFieldView, DocsView, GrantView, ScopeHelp,
};
use crate::{Console, Fault, counted};

/// How lists are paged, in words.
fn paging(connector: &Connector) -> String {
    let word = |pagination: &Pagination| match pagination {
        Pagination::Offset(_) => "by offset",
        Pagination::Page(_) => "by page number",
        Pagination::Cursor(_) => "by cursor",
        Pagination::NextUrl(_) => "by the address of the next page",
        Pagination::LinkHeader(_) => "by Link header",
        Pagination::QueryLanguage(_) => "in the query's own language",
        Pagination::Keyset(_) => "by key",
        Pagination::None(_) => "in one answer",
    };
    let mut used: Vec<&str> = Vec::new();
    let mut largest = None;
    for pagination in connector
        .resources
        .values()
        .filter_map(|resource| resource.pagination.as_ref())
    {
        if !used.contains(&word(pagination)) {
            used.push(word(pagination));
        }
        largest = largest.max(pagination.page().map(|page| page.size));
    }
    match largest {
        Some(size) if !used.is_empty() => format!("{}, up to {size} a page", used.join(" or ")),
        _ if used.is_empty() => "in one answer".to_owned(),
        _ => used.join(" or "),
    }
}

/// What the provider allows, in words.
fn limit(connector: &Connector) -> String {
    let RateLimit::Limited(limits) = &connector.rate_limit else {
        return "no limit is known".to_owned();
    };
    let windows: Vec<String> = limits
        .windows
        .iter()
        .map(|window| {
            let burst = window
                .burst
                .map_or_else(String::new, |burst| format!(", {burst} at once"));
            let requests = counted(window.requests, "request", "requests");
            format!("{requests} in {}{burst}", window.per)
        })
        .collect();
    windows.join("; ")
}

fn grant_label(kind: GrantKind) -> &'static str {
    match kind {
        GrantKind::ClientCredentials => "Client credentials (a machine of its own)",
        GrantKind::AuthorizationCode => "Sign-in in the browser (authorization code)",
        GrantKind::DeviceCode => "Sign-in with a code on another device",
        GrantKind::ApiKey => "API key",
        GrantKind::Basic => "User and password",
        GrantKind::None => "Without credentials",
    }
}

fn grant_view(connector: &Connector, grant: &Grant) -> GrantView {
    let credential = connector
        .auth
        .credential_fields(grant)
        .into_iter()
        .map(|field| CredentialFieldView {
            key: field.key.clone(),
            label: field.label.clone(),
            secret: field.secret,
            required: field.required,
            help: field.help.clone(),
        })
        .collect();
    GrantView {
        grant: grant.kind().as_str().to_owned(),
        label: grant_label(grant.kind()).to_owned(),
        refresh_scope: connector
            .auth
            .refresh_scope(grant.kind())
            .map(str::to_owned),
        credential,
    }
}

/// Every part of a credential any grant needs, once.
fn all_parts(connector: &Connector) -> Vec<CredentialFieldView> {
    let mut parts: Vec<CredentialFieldView> = Vec::new();
    for grant in &connector.auth.grants {
        for part in grant_view(connector, grant).credential {
            if !parts.iter().any(|known| known.key == part.key) {
                parts.push(part);
            }
        }
    }
    parts
}

fn config_field(field: &ConfigField) -> ConfigFieldView {
    let kind = match field.kind {
        ConfigKind::Url => "url",
        ConfigKind::Host => "host",
        ConfigKind::Text => "text",
        ConfigKind::Integer => "integer",
        ConfigKind::Boolean => "boolean",
        ConfigKind::Select => "select",
    };
    ConfigFieldView {
        key: field.key.clone(),
        label: field.label.clone(),
        help: field.help.clone(),
        placeholder: field.example.clone(),
        required: field.required,
        pattern: field.pattern.clone(),
        kind: kind.to_owned(),
        default: field.default.clone(),
        options: field
            .options
            .iter()
            .map(|option| ConfigOptionView {
                value: option.value.clone(),
                label: option.label.clone(),
            })
            .collect(),
    }
}

/// The sync modes a resource knows; a test needs nothing but its list.
fn modes(resource: &Resource) -> Vec<String> {
    let mut modes = vec!["test", "full"];
    if resource.watermark.is_some() {
        modes.push("incremental");
    }
    if resource.exported.is_some() {
        modes.push("unexported");
    }
    modes.into_iter().map(str::to_owned).collect()
}

fn form(definition: &Definition, approved: bool) -> ConnectorForm {
    let connector = &definition.connector;
    ConnectorForm {
        name: connector.name.clone(),
        label: connector.label.clone(),
        version: connector.version.to_string(),
        category: connector.category.clone(),
        docs: connector
            .docs
            .iter()
            .map(|page| DocsView {
                label: page.label.clone(),
                url: page.url.clone(),
            })
            .collect(),
        approved,
        config: connector.config.iter().map(config_field).collect(),
        grants: connector
            .auth
            .grants
            .iter()
            .map(|grant| grant_view(connector, grant))
            .collect(),
        credential: all_parts(connector),
        resources: connector
            .resources
            .iter()
            .filter(|(_, resource)| resource.operations.list.is_some())
            .map(|(key, resource)| ConnectorResource {
                key: key.clone(),
                label: resource.label.clone(),
                scope: resource.scopes.first().cloned(),
                scopes: resource.scopes.clone(),
                models: definition
                    .mappings
                    .iter()
                    .filter(|mapping| mapping.resource == *key)
                    .map(|mapping| mapping.model.clone())
                    .collect(),
                modes: modes(resource),
            })
            .collect(),
        default_scopes: connector.scopes.default_scopes().to_vec(),
        scope_help: connector
            .scopes
            .catalogue
            .iter()
            .map(|(name, scope)| ScopeHelp {
                scope: name.clone(),
                opens: if scope.opens.is_empty() {
                    scope.description.clone()
                } else {
                    scope.opens.join(", ")
                },
                writes: scope.writes,
            })
            .collect(),
    }
}

impl Console {
    /// The catalogue, with how many accounts use each connector.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn connector_cards(&self) -> Result<Vec<ConnectorCard>, Fault> {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        for account in self.account_summaries().await? {
            *used.entry(account.connector).or_default() += 1;
        }
        let loaded = self.loaded();
        let cards = self.connectors()?.into_iter().map(|view| {
            let accounts = used.get(&view.name).copied().unwrap_or(0);
            let known = loaded
                .catalogue
                .get(&view.name)
                .map(|definition| &definition.connector);
            ConnectorCard {
                auth_kinds: known.map_or_else(Vec::new, |connector| {
                    let kinds = connector.auth.grants.iter().map(Grant::kind);
                    kinds.map(|kind| kind.as_str().to_owned()).collect()
                }),
                syncs: known.map_or_else(Vec::new, |connector| {
                    let listed = connector
                        .resources
                        .values()
                        .filter(|resource| resource.operations.list.is_some());
                    listed.map(|resource| resource.label.clone()).collect()
                }),
                paging: known.map(paging).unwrap_or_default(),
                limit: known.map(limit).unwrap_or_default(),
                accounts,
                docs: known
                    .and_then(|connector| connector.docs.first())
                    .map(|page| page.url.clone()),
                connector: view,
            }
        });
        Ok(cards.collect())
    }

    /// What connecting an account of a connector asks for.
    ///
    /// # Errors
    /// `not_found`.
    pub fn connector_form(&self, name: &str) -> Result<ConnectorForm, Fault> {
        let definition = self.definition(name)?;
        let waits = self
            .loaded()
            .shadowing
            .iter()
            .any(|waiting| waiting.name == name);
        Ok(form(&definition, !waits))
    }
}

impl Console {
    /// A page of documentation by its address.
    ///
    /// # Errors
    /// `not_found` for an address no connector names.
    pub fn documentation_page(&self, url: &str) -> Result<String, Fault> {
        let loaded = self.loaded();
        let mut pages = loaded.catalogue.iter().flat_map(|one| &one.connector.docs);
        pages
            .find(|page| page.url == url)
            .map(|page| page.url.clone())
            .ok_or_else(|| {
                Fault::invalid(
                    "not_found",
                    "No connector names this address.",
                    "Only documentation a connector names is opened.",
                )
            })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_connector::Catalogue;

    use super::*;

    #[test]
    fn every_built_in_connector_can_be_shown_and_filled_in() {
        for definition in Catalogue::builtin().catalogue.iter() {
            let connector = &definition.connector;
            assert!(!paging(connector).is_empty());
            assert!(!limit(connector).is_empty());
            let form = form(definition, true);
            assert!(!form.grants.is_empty());
            assert!(form.resources.iter().all(|one| one.modes.len() >= 2));
            let known = |scope: &String| form.scope_help.iter().any(|help| help.scope == *scope);
            assert!(form.default_scopes.iter().all(known));
        }
    }
}
