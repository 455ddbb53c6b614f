//! The levels of a mapping: whose overrides hold for an account, and what the mapping comes to with them, or with a
//! draft among them.

use std::sync::Arc;

use crosswalk_connector::{Definition, FieldType, Mapping};
use crosswalk_mapping::{EffectiveMapping, Override, Overrides, Tables};
use crosswalk_workspace::account::{self, Account};
use crosswalk_workspace::audit::Subject;
use crosswalk_workspace::environment;
use crosswalk_workspace::mapping_override::{self, Action, Scope, Side, Version};

use crate::{Console, Fault};

/// What an account's levels say of one model, lowest first, and the tables they read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Levels {
    /// Overrides of responses and requests.
    pub(crate) versions: Vec<Version>,
    /// Tables of all levels, merged.
    pub(crate) tables: Arc<Tables>,
}

/// An environment or an account, with the accounts it is about.
#[derive(Clone, Debug)]
pub(crate) struct Holder {
    pub(crate) scope: Scope,
    /// The environment's or account's id outside.
    pub(crate) slug: String,
    pub(crate) accounts: Vec<Account>,
}

impl Holder {
    pub(crate) fn level(&self) -> &'static str {
        self.scope.level()
    }

    /// Whom a row of the audit about it is about; nobody for an environment, which accounts of several tenants may be in.
    pub(crate) fn subject(&self) -> Option<Subject> {
        match self.scope {
            Scope::Account(_) => self.accounts.first().map(Subject::from),
            Scope::Environment(_) => None,
        }
    }
}

/// What one level says of fields (or, for [`Side::Request`], of filters), of those versions that hold for `resource`.
/// A version for the resource wins over one for every resource of the model.
pub(crate) fn overrides<'v>(
    versions: impl Iterator<Item = &'v Version>,
    resource: &str,
    side: Side,
) -> Overrides {
    let holds = |version: &&Version| {
        let of = version.target.resource.as_deref();
        version.target.side == side && of.is_none_or(|of| of == resource)
    };
    let mut versions: Vec<&Version> = versions.filter(holds).collect();
    versions.sort_by_key(|version| version.target.resource.is_some());
    let mut overrides = Overrides::new();
    for version in versions {
        let field = version.target.field.clone();
        let expression = match &version.action {
            Action::Set(expression) => Some(expression.clone()),
            Action::Remove => None,
            Action::Inherit => {
                // Says nothing for the resource: what is said for every resource holds.
                continue;
            }
        };
        let field_type: Option<FieldType> = version
            .added_type
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok());
        overrides.insert(
            field,
            Override {
                expression,
                version: version.version.to_string(),
                field_type,
            },
        );
    }
    overrides
}

impl Levels {
    /// These levels with another version of one override, as if it had been saved.
    pub(crate) fn with(mut self, version: Version) -> Self {
        self.versions
            .retain(|held| held.scope != version.scope || held.target != version.target);
        self.versions.push(version);
        self
    }

    /// These levels over other tables.
    pub(crate) fn with_tables(mut self, tables: Arc<Tables>) -> Self {
        self.tables = tables;
        self
    }

    /// What the environment, or the account, says.
    pub(crate) fn at(&self, environment: bool, resource: &str, side: Side) -> Overrides {
        let versions = self
            .versions
            .iter()
            .filter(|version| matches!(version.scope, Scope::Environment(_)) == environment);
        overrides(versions, resource, side)
    }

    /// The mapping with these levels over it.
    ///
    /// # Errors
    /// `mapping_broken` where the connector's model is missing or endless, or a field was added with such a type.
    pub(crate) fn merged(
        &self,
        definition: &Definition,
        mapping: &Mapping,
    ) -> Result<EffectiveMapping, Fault> {
        let broken = |why: String| {
            Fault::failed(
                "mapping_broken",
                why,
                "Check the connector: xwalk connector check PATH.",
            )
        };
        let model = definition
            .models
            .get(&mapping.model)
            .ok_or_else(|| broken(format!("The model {} is missing.", mapping.model)))?;
        let merged = EffectiveMapping::merge(
            model,
            &definition.models.shared_types(),
            mapping,
            &definition.connector.version.to_string(),
            &self.at(true, &mapping.resource, Side::Response),
            &self.at(false, &mapping.resource, Side::Response),
        )
        .map_err(|error| {
            if self.versions.iter().any(|held| held.added_type.is_some()) {
                Fault::invalid(
                    "invalid_type",
                    format!("A field was added with a type nobody knows: {error}."),
                    "Use string, decimal, date…, or a shared type of the models.",
                )
            } else {
                broken(error.to_string())
            }
        })?
        .with_tables(Arc::clone(&self.tables));
        // Where unknown root keys are custom fields, the mapping has to know which are known.
        let resource = definition.connector.resources.get(&mapping.resource);
        let known = resource.filter(|resource| {
            let custom = resource.custom_fields.as_ref();
            custom.is_some_and(|custom| custom.unknown_root_keys)
        });
        Ok(match known {
            Some(resource) => merged.with_known_fields(&resource.known_fields),
            None => merged,
        })
    }
}

impl Console {
    /// What an account's levels say of a model.
    ///
    /// # Errors
    /// What keeps the vault from opening, where the account has tables of its own.
    pub(crate) async fn levels(&self, account: &Account, model: &str) -> Result<Levels, Fault> {
        let (held, model) = (account.clone(), model.to_owned());
        let versions = self
            .workspace()
            .read(move |tx| mapping_override::latest(tx, &held, &model))
            .await?;
        Ok(Levels {
            versions,
            tables: self.tables_of(account).await?,
        })
    }

    /// The environment or account a level's overrides belong to.
    ///
    /// # Errors
    /// `unknown_level`, `not_found`.
    pub(crate) async fn holder(&self, level: &str, id: &str) -> Result<Holder, Fault> {
        match level {
            "account" => {
                let account = self.find_account(id).await?;
                Ok(Holder {
                    scope: Scope::Account(account.uuid),
                    slug: account.slug.clone(),
                    accounts: vec![account],
                })
            }
            "environment" => {
                let wanted = id.to_owned();
                let (found, known, accounts) = self
                    .workspace()
                    .read(move |tx| {
                        let found = environment::find(tx, &wanted)?;
                        Ok((found, environment::list(tx)?, account::list(tx)?))
                    })
                    .await?;
                let Some(environment) = found else {
                    let known: Vec<&str> = known.iter().map(|one| one.slug.as_str()).collect();
                    return Err(Fault::invalid(
                        "not_found",
                        format!("There is no environment {id}."),
                        if known.is_empty() {
                            "An account is put into one when it is added: --environment E."
                                .to_owned()
                        } else {
                            format!("There are: {}.", known.join(", "))
                        },
                    ));
                };
                Ok(Holder {
                    scope: Scope::Environment(environment.uuid),
                    slug: environment.slug,
                    accounts: accounts
                        .into_iter()
                        .filter(|account| account.environment_uuid == Some(environment.uuid))
                        .collect(),
                })
            }
            other => Err(Fault::invalid(
                "unknown_level",
                format!("{other} is no level overrides are kept at."),
                "Use environment or account; the connector's own mapping is part of its definition.",
            )),
        }
    }

    /// Every environment and every account.
    pub(crate) async fn holders(&self) -> Result<Vec<Holder>, Fault> {
        let (environments, accounts) = self
            .workspace()
            .read(|tx| Ok((environment::list(tx)?, account::list(tx)?)))
            .await?;
        let mut holders: Vec<Holder> = environments
            .into_iter()
            .map(|environment| Holder {
                scope: Scope::Environment(environment.uuid),
                slug: environment.slug,
                accounts: accounts
                    .iter()
                    .filter(|account| account.environment_uuid == Some(environment.uuid))
                    .cloned()
                    .collect(),
            })
            .collect();
        holders.extend(accounts.into_iter().map(|account| Holder {
            scope: Scope::Account(account.uuid),
            slug: account.slug.clone(),
            accounts: vec![account],
        }));
        Ok(holders)
    }
}
