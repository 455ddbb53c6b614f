//! Search over tenants, accounts, connectors, resources and unified fields. Every word typed must be found; words that
//! name an account narrow where resources and fields are looked for: `acme invoices`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crosswalk_connector::{Definition, Mapping};
use crosswalk_workspace::account::{self, Account};
use crosswalk_workspace::mapping_override::{self, Action, Scope, Side, Version};
use crosswalk_workspace::tenant;

use crate::views::Hit;
use crate::{Console, Fault};

/// Hits shown at most: more than anybody reads.
const MOST: usize = 50;

/// Accounts a resource or field is offered for when no word names one.
const ACCOUNTS_OFFERED: usize = 5;

/// How well a word fits a text: the whole of it, its beginning, the beginning of a word in it, or somewhere within.
fn fits(text: &str, word: &str) -> Option<u32> {
    let text = text.to_lowercase();
    if text == word {
        return Some(100);
    }
    let at = text.find(word)?;
    let starts_word = |at: usize| {
        text.get(..at)
            .and_then(|before| before.chars().next_back())
            .is_none_or(|before| !before.is_alphanumeric())
    };
    Some(if at == 0 {
        60
    } else if starts_word(at) || text.match_indices(word).any(|(at, _)| starts_word(at)) {
        40
    } else {
        20
    })
}

/// The best any of `texts` fits a word.
fn best(texts: &[&str], word: &str) -> Option<u32> {
    texts.iter().filter_map(|text| fits(text, word)).max()
}

/// The score when every word is found.
fn all(texts: &[&str], words: &[&str]) -> Option<u32> {
    words.iter().map(|word| best(texts, word)).sum()
}

/// What is searched.
struct Grounds {
    tenants: Vec<(String, String, Option<String>)>,
    accounts: Vec<Place>,
    definitions: Vec<Arc<Definition>>,
}

/// An account as a place where resources and fields are.
struct Place {
    id: String,
    tenant: String,
    tenant_name: String,
    connector: String,
    kind: String,
    environment: Option<String>,
    added: Vec<Added>,
}

/// A unified field that an override of the account or of its environment maps.
struct Added {
    model: String,
    /// None: of every resource of the model.
    resource: Option<String>,
    field: String,
}

/// What the levels of an account map by overrides, its own word over its environment's.
fn added(overrides: &HashMap<Scope, Vec<Version>>, account: &Account) -> Vec<Added> {
    let environment = account.environment_uuid.map(Scope::Environment);
    let levels = environment
        .into_iter()
        .chain([Scope::Account(account.uuid)]);
    let mut said: BTreeMap<(&str, &str, Option<&str>), bool> = BTreeMap::new();
    for version in levels.filter_map(|scope| overrides.get(&scope)).flatten() {
        let target = &version.target;
        let set = match &version.action {
            Action::Set(_) => true,
            Action::Remove => false,
            Action::Inherit => continue,
        };
        let key = (
            target.model.as_str(),
            target.field.as_str(),
            target.resource.as_deref(),
        );
        said.insert(key, set);
    }
    said.into_iter()
        .filter(|(_, set)| *set)
        .map(|((model, field, resource), _)| Added {
            model: model.to_owned(),
            resource: resource.map(str::to_owned),
            field: field.to_owned(),
        })
        .collect()
}

/// A resource or a unified field of a connector.
struct Named<'d> {
    resource: &'d str,
    field: Option<&'d str>,
    label: String,
    score: u32,
}

/// The resources and fields of a connector in which every word is found.
fn named<'d>(definition: &'d Definition, words: &[&str]) -> Vec<Named<'d>> {
    let connector = &definition.connector;
    let mut found = Vec::new();
    for (key, resource) in &connector.resources {
        if let Some(score) = all(&[key.as_str(), resource.label.as_str()], words) {
            found.push(Named {
                resource: key,
                field: None,
                label: resource.label.clone(),
                score: score + 2,
            });
        }
    }
    for mapping in &definition.mappings {
        for field in mapping.fields.keys() {
            found.extend(named_field(definition, mapping, field, words));
        }
    }
    found
}

/// A unified field of a mapping, where every word is found in it.
fn named_field<'d>(
    definition: &'d Definition,
    mapping: &'d Mapping,
    field: &'d str,
    words: &[&str],
) -> Option<Named<'d>> {
    let resource = definition.connector.resources.get(&mapping.resource);
    let label = resource.map_or(mapping.resource.as_str(), |resource| {
        resource.label.as_str()
    });
    // A word that fits the resource alone finds the resource, not each of its fields.
    let names_field = words.iter().any(|word| fits(field, word).is_some());
    let score = all(&[field, label], words).filter(|_| names_field)?;
    Some(Named {
        resource: &mapping.resource,
        field: Some(field),
        label: format!("{label}: {field}"),
        score,
    })
}

/// The fields that overrides add to a connector's mappings and in which every word is found.
fn named_added<'d>(
    definition: &'d Definition,
    added: &'d [Added],
    words: &[&str],
) -> Vec<Named<'d>> {
    let mut found: Vec<Named<'d>> = Vec::new();
    for one in added {
        let field = one.field.as_str();
        for mapping in definition.mappings_to(&one.model) {
            let holds = one
                .resource
                .as_ref()
                .is_none_or(|of| *of == mapping.resource);
            let known = found
                .iter()
                .any(|other| other.resource == mapping.resource && other.field == Some(field));
            if holds && !known && !mapping.fields.contains_key(field) {
                found.extend(named_field(definition, mapping, field, words));
            }
        }
    }
    found
}

fn blank(kind: &str, label: &str, detail: String) -> Hit {
    Hit {
        kind: kind.to_owned(),
        label: label.to_owned(),
        detail,
        account: None,
        tenant: None,
        resource: None,
        field: None,
        connector: None,
    }
}

fn rank(grounds: &Grounds, text: &str) -> Vec<Hit> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut hits: Vec<(u32, Hit)> = Vec::new();
    for (id, name, region) in &grounds.tenants {
        if let Some(score) = all(&[id.as_str(), name.as_str()], &words) {
            let mut hit = blank("tenant", name, region.clone().unwrap_or_else(|| id.clone()));
            hit.tenant = Some(id.clone());
            hits.push((score + 5, hit));
        }
    }
    for definition in &grounds.definitions {
        let connector = &definition.connector;
        if let Some(score) = all(&[connector.name.as_str(), connector.label.as_str()], &words) {
            let mut hit = blank("connector", &connector.label, connector.category.clone());
            hit.connector = Some(connector.name.clone());
            hits.push((score + 3, hit));
        }
    }
    hits.extend(in_accounts(grounds, &words));
    hits.sort_by(|(one, a), (other, b)| {
        (Reverse(one), &a.label, &a.account).cmp(&(Reverse(other), &b.label, &b.account))
    });
    hits.truncate(MOST);
    hits.into_iter().map(|(_, hit)| hit).collect()
}

/// The accounts the words name, and the resources and fields in those they narrow it to.
fn in_accounts(grounds: &Grounds, words: &[&str]) -> Vec<(u32, Hit)> {
    let mut hits: Vec<(u32, Hit)> = Vec::new();
    let mut within: HashMap<(&str, Vec<&str>), Vec<Named<'_>>> = HashMap::new();
    let mut offered: HashMap<&str, usize> = HashMap::new();
    let mut offered_added: HashMap<(&str, &str, Option<&str>), usize> = HashMap::new();
    for place in &grounds.accounts {
        let own = [
            place.id.as_str(),
            place.tenant.as_str(),
            place.tenant_name.as_str(),
            place.environment.as_deref().unwrap_or_default(),
            place.kind.as_str(),
        ];
        let detail = format!("{}, {}", place.tenant_name, place.kind);
        let rest: Vec<&str> = words
            .iter()
            .copied()
            .filter(|word| best(&own, word).is_none())
            .collect();
        let narrowed: u32 = words.iter().filter_map(|word| best(&own, word)).sum();
        if rest.is_empty() {
            let mut hit = blank("account", &place.id, detail);
            hit.account = Some(place.id.clone());
            hit.tenant = Some(place.tenant.clone());
            hit.connector = Some(place.connector.clone());
            hits.push((narrowed + 4, hit));
            continue;
        }
        let Some(definition) = grounds
            .definitions
            .iter()
            .find(|one| one.connector.name == place.connector)
        else {
            continue;
        };
        let connector = place.connector.as_str();
        let named_none = rest.len() == words.len();
        let count = offered.entry(connector).or_default();
        *count += usize::from(named_none);
        let enough = *count > ACCOUNTS_OFFERED && named_none;
        let mut extra = named_added(definition, &place.added, &rest);
        extra.retain(|one| {
            let count = offered_added
                .entry((connector, one.resource, one.field))
                .or_default();
            *count += usize::from(named_none);
            *count <= ACCOUNTS_OFFERED || !named_none
        });
        let found = within
            .entry((connector, rest.clone()))
            .or_insert_with(|| named(definition, &rest));
        let shown = if enough { 0 } else { found.len() };
        for one in found.iter().take(shown).chain(&extra) {
            let kind = if one.field.is_some() {
                "field"
            } else {
                "resource"
            };
            let mut hit = blank(kind, &one.label, format!("{}, {detail}", place.id));
            hit.account = Some(place.id.clone());
            hit.tenant = Some(place.tenant.clone());
            hit.connector = Some(place.connector.clone());
            hit.resource = Some(one.resource.to_owned());
            hit.field = one.field.map(str::to_owned);
            hits.push((narrowed + one.score, hit));
        }
    }
    hits
}

impl Console {
    /// What fits the text best, best first; of one tenant, where one is named: nothing of another is looked at.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn search(&self, text: &str, only: Option<&str>) -> Result<Vec<Hit>, Fault> {
        let (tenants, accounts, versions) = self
            .workspace()
            .read(|tx| {
                let versions = mapping_override::every(tx, Side::Response)?;
                Ok((tenant::list(tx)?, account::list(tx)?, versions))
            })
            .await?;
        let mut overrides: HashMap<Scope, Vec<Version>> = HashMap::new();
        for version in versions {
            overrides.entry(version.scope).or_default().push(version);
        }
        let seen = |slug: &str| only.is_none_or(|only| only.eq_ignore_ascii_case(slug));
        let names: HashMap<&str, &str> = tenants
            .iter()
            .map(|tenant| (tenant.slug.as_str(), tenant.name.as_str()))
            .collect();
        let grounds = Grounds {
            accounts: accounts
                .into_iter()
                .filter(|account| seen(&account.tenant))
                .map(|account| Place {
                    added: added(&overrides, &account),
                    tenant_name: names
                        .get(account.tenant.as_str())
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    id: account.slug,
                    tenant: account.tenant,
                    connector: account.connector,
                    kind: account.kind.to_string(),
                    environment: account.environment,
                })
                .collect(),
            definitions: self.loaded().catalogue.iter().cloned().collect(),
            tenants: tenants
                .iter()
                .filter(|tenant| seen(&tenant.slug))
                .map(|tenant| {
                    (
                        tenant.slug.clone(),
                        tenant.name.clone(),
                        tenant.region.clone(),
                    )
                })
                .collect(),
        };
        Ok(rank(&grounds, text))
    }
}

#[cfg(test)]
mod tests;
