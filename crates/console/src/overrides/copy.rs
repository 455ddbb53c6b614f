//! Overrides on their way: to other accounts, up to the environment, over to the twin.

use crosswalk_workspace::account::{self, Account};
use crosswalk_workspace::mapping_override::{self, Action, Version};
use crosswalk_workspace::table;

use crate::mapping::bundle::misfit;
use crate::mapping::levels::Holder;
use crate::mapping::views::{ChangeReport, Choice, Unfit};
use crate::overrides::apply::Wanted;
use crate::{Console, Fault};

/// Where overrides go.
#[derive(Clone, Debug)]
pub enum Destination {
    /// These accounts.
    Accounts(Vec<String>),
    /// The environment the account is in.
    Environment,
    /// The same tenant's account of the other kind.
    Twin,
}

/// Overrides to be copied or promoted.
#[derive(Clone, Debug)]
pub struct CopyInput {
    pub account: String,
    pub to: Destination,
    pub choice: Choice,
    pub dry_run: bool,
    pub note: Option<String>,
}

impl Console {
    /// The same tenant's account of the other kind, of the same connector.
    ///
    /// # Errors
    /// `not_found`; `no_twin`; `several_twins`, which has to be named.
    pub async fn twin(&self, account: &str) -> Result<String, Fault> {
        let account = self.find_account(account).await?;
        Ok(self.twin_of(&account).await?.slug)
    }

    pub(crate) async fn twin_of(&self, account: &Account) -> Result<Account, Fault> {
        let held = account.clone();
        let twins = self
            .workspace()
            .read(move |tx| account::twins(tx, &held))
            .await?;
        match twins.as_slice() {
            [] => Err(Fault::invalid(
                "no_twin",
                format!(
                    "{} has no twin: {} has no account of the other kind.",
                    account.slug, account.tenant
                ),
                "Add it: xwalk account add ID --tenant T --connector C --kind sandbox|production.",
            )),
            [twin] => Ok(twin.clone()),
            several => {
                let names: Vec<&str> = several.iter().map(|twin| twin.slug.as_str()).collect();
                Err(Fault::invalid(
                    "several_twins",
                    format!("{} has several twins: {}.", account.slug, names.join(", ")),
                    "Name the one that is meant: xwalk map copy ACCOUNT --to TWIN.",
                ))
            }
        }
    }

    async fn destinations(
        &self,
        account: &Account,
        to: &Destination,
    ) -> Result<Vec<Holder>, Fault> {
        let mut holders = Vec::new();
        match to {
            Destination::Accounts(ids) => {
                for id in ids {
                    holders.push(self.holder("account", id).await?);
                }
            }
            Destination::Environment => {
                let environment = account.environment.as_deref().ok_or_else(|| {
                    Fault::invalid(
                        "no_environment",
                        format!("{} is in no environment.", account.slug),
                        "Copy to accounts instead: xwalk map copy ACCOUNT --to OTHER.",
                    )
                })?;
                holders.push(self.holder("environment", environment).await?);
            }
            Destination::Twin => {
                let twin = self.twin_of(account).await?;
                holders.push(self.holder("account", &twin.slug).await?);
            }
        }
        if holders
            .iter()
            .any(|holder| holder.slug == account.slug && holder.level() == "account")
        {
            return Err(Fault::invalid(
                "same_account",
                format!("{} cannot be copied to itself.", account.slug),
                "Name another account.",
            ));
        }
        Ok(holders)
    }

    /// Copies or promotes an account's own overrides, and its tables if chosen: a version where something changes, or
    /// with a dry run only what would change, for which accounts and how many of their records.
    ///
    /// # Errors
    /// `not_found`, `no_environment`, `no_twin`, `several_twins`, `same_account`, `nothing_to_copy`,
    /// `tables_stay_with_tenant`.
    pub async fn copy_overrides(&self, input: CopyInput) -> Result<ChangeReport, Fault> {
        let account = self.find_account(&input.account).await?;
        let from = self.holder("account", &account.slug).await?;
        let scope = from.scope;
        let (versions, tables) = self
            .workspace()
            .read(move |tx| {
                Ok((
                    mapping_override::of_scope(tx, scope)?,
                    table::list(tx, scope)?,
                ))
            })
            .await?;
        let chosen = |version: &&Version| {
            let of = |wanted: &Option<String>, held: &str| {
                wanted.as_ref().is_none_or(|wanted| wanted == held)
            };
            version.action != Action::Inherit
                && of(&input.choice.model, &version.target.model)
                && of(&input.choice.field, &version.target.field)
        };
        let versions: Vec<&Version> = versions.iter().filter(chosen).collect();
        let carries_tables = input.choice.tables && !tables.is_empty();
        if versions.is_empty() && !carries_tables {
            return Err(Fault::invalid(
                "nothing_to_copy",
                format!("{} overrides nothing of what was chosen.", account.slug),
                "`xwalk map show` tells the level of each field.",
            ));
        }
        let holders = self.destinations(&account, &input.to).await?;
        // Expressions may be shared; what came from one customer's records may not, nor who that customer is.
        let leaves_tenant = holders
            .iter()
            .flat_map(|holder| &holder.accounts)
            .any(|other| other.tenant != account.tenant);
        if leaves_tenant && carries_tables {
            return Err(Fault::invalid(
                "tables_stay_with_tenant",
                format!(
                    "The tables of {} may hold values of its tenant's records, and other tenants would see them.",
                    account.slug
                ),
                "Copy without tables; a table meant for everybody is imported at the environment.",
            ));
        }
        let mut wanted = Wanted::default();
        let mut unfit = Vec::new();
        for holder in &holders {
            let definition = self.definition_of(holder)?;
            for version in &versions {
                match misfit(&definition, version) {
                    Some(reason) => unfit.push(Unfit {
                        model: version.target.model.clone(),
                        field: version.target.field.clone(),
                        reason: format!("{}: {reason}", holder.slug),
                    }),
                    None => wanted.versions.push(Version {
                        scope: holder.scope,
                        ..(*version).clone()
                    }),
                }
            }
            if input.choice.tables {
                for held in &tables {
                    let entries = self
                        .table_entries(scope, Some(&account), &held.name, held.version)
                        .await?;
                    wanted
                        .tables
                        .push((holder.clone(), held.name.clone(), (*entries).clone()));
                }
            }
        }
        let note = input.note.unwrap_or_else(|| {
            if leaves_tenant {
                "from another account".to_owned()
            } else {
                format!("from {}", account.slug)
            }
        });
        let mut report = self
            .apply(holders, wanted, input.dry_run, Some(&note))
            .await?;
        report.unfit = unfit;
        Ok(report)
    }
}
