//! Search over tenants, accounts, connectors, resources and unified fields. Every word typed must be found; words that
//! name an account narrow where resources and fields are looked for: `acme invoices`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crosswalk_connector::Definition;
use crosswalk_workspace::{account, tenant};

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
        let label = connector
            .resources
            .get(&mapping.resource)
            .map_or(mapping.resource.as_str(), |resource| {
                resource.label.as_str()
            });
        for field in mapping.fields.keys() {
            // A word that fits the resource alone finds the resource, not each of its fields.
            let names_field = words.iter().any(|word| fits(field, word).is_some());
            if let Some(score) = all(&[field.as_str(), label], words).filter(|_| names_field) {
                found.push(Named {
                    resource: &mapping.resource,
                    field: Some(field),
                    label: format!("{label}: {field}"),
                    score,
                });
            }
        }
    }
    found
}

fn rank(grounds: &Grounds, text: &str) -> Vec<Hit> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    let mut hits: Vec<(u32, Hit)> = Vec::new();
    let blank = |kind: &str, label: &str, detail: String| Hit {
        kind: kind.to_owned(),
        label: label.to_owned(),
        detail,
        account: None,
        tenant: None,
        resource: None,
        field: None,
        connector: None,
    };
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
    let mut within: HashMap<(&str, Vec<&str>), Vec<Named<'_>>> = HashMap::new();
    let mut offered: HashMap<&str, usize> = HashMap::new();
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
        if rest.len() == words.len() {
            let count = offered.entry(place.connector.as_str()).or_default();
            *count += 1;
            if *count > ACCOUNTS_OFFERED {
                continue;
            }
        }
        let Some(definition) = grounds
            .definitions
            .iter()
            .find(|one| one.connector.name == place.connector)
        else {
            continue;
        };
        let found = within
            .entry((place.connector.as_str(), rest.clone()))
            .or_insert_with(|| named(definition, &rest));
        for one in found.iter() {
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
    hits.sort_by(|(one, a), (other, b)| {
        (Reverse(one), &a.label, &a.account).cmp(&(Reverse(other), &b.label, &b.account))
    });
    hits.truncate(MOST);
    hits.into_iter().map(|(_, hit)| hit).collect()
}

impl Console {
    /// What fits the text best, best first; of one tenant, where one is named: nothing of another is looked at.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn search(&self, text: &str, only: Option<&str>) -> Result<Vec<Hit>, Fault> {
        let (tenants, accounts) = self
            .workspace()
            .read(|tx| Ok((tenant::list(tx)?, account::list(tx)?)))
            .await?;
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
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_connector::Catalogue;

    use super::*;

    #[test]
    fn a_word_fits_better_the_nearer_it_is_to_a_beginning() {
        for (text, word, expected) in [
            ("Acme", "acme", Some(100)),
            ("Acme Foods", "acme", Some(60)),
            ("Great Acme", "acme", Some(40)),
            ("great-acme", "acme", Some(40)),
            ("Macmet", "acme", Some(20)),
            ("Globex", "acme", None),
        ] {
            assert_eq!(fits(text, word), expected, "{text}");
        }
    }

    fn grounds() -> Grounds {
        let definitions: Vec<_> = Catalogue::builtin().catalogue.iter().cloned().collect();
        let connector = definitions
            .iter()
            .find(|one| !one.mappings.is_empty())
            .unwrap()
            .connector
            .name
            .clone();
        let place = |id: &str, tenant: &str, name: &str| Place {
            id: id.into(),
            tenant: tenant.into(),
            tenant_name: name.into(),
            connector: connector.clone(),
            kind: "sandbox".into(),
            environment: None,
        };
        Grounds {
            tenants: vec![
                ("acme".into(), "Acme Foods".into(), Some("EU".into())),
                ("globex".into(), "Globex".into(), None),
            ],
            accounts: vec![
                place("acme-test", "acme", "Acme Foods"),
                place("globex-test", "globex", "Globex"),
            ],
            definitions,
        }
    }

    #[test]
    fn words_that_name_an_account_narrow_the_rest() {
        let grounds = grounds();
        let (resource, field) = {
            let definition = grounds
                .definitions
                .iter()
                .find(|one| one.connector.name == grounds.accounts[0].connector)
                .unwrap();
            let mapping = definition.mappings.first().unwrap();
            (
                mapping.resource.clone(),
                mapping.fields.keys().next().unwrap().clone(),
            )
        };
        let first = rank(&grounds, "acme").remove(0);
        assert_eq!(
            (first.kind.as_str(), first.tenant.as_deref()),
            ("tenant", Some("acme"))
        );
        assert!(
            rank(&grounds, "acme")
                .iter()
                .any(|hit| hit.kind == "account")
        );

        let hits = rank(&grounds, &format!("globex-test {resource}"));
        assert_eq!(hits[0].resource.as_deref(), Some(resource.as_str()));
        assert!(
            hits.iter()
                .all(|hit| hit.account.as_deref() == Some("globex-test"))
        );
        let hits = rank(&grounds, &field);
        assert!(
            hits.iter()
                .any(|hit| hit.field.as_deref() == Some(field.as_str()))
        );
        assert_eq!(rank(&grounds, "   "), Vec::new());
        assert_eq!(rank(&grounds, "nothing-of-the-kind"), Vec::new());
    }
}
