//! What changed about tenants, accounts, alerts and mappings, whoever changed it: the window, its scheduler, or `xwalk` in a terminal.

use std::collections::HashMap;

use crosswalk_workspace::standing::{self, Standing};
use crosswalk_workspace::{AccountId, Changes};

use crate::console::blocking;
use crate::{Console, Fault};

/// An account something changed about.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountNews {
    pub account: String,
    pub tenant: String,
}

/// What changed between two looks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct News {
    /// Accounts that came, went or stand otherwise.
    pub accounts: Vec<AccountNews>,
    /// Whether tenants came, went or changed.
    pub tenants: bool,
    /// Whether alerts came, went or changed.
    pub alerts: bool,
    /// Whether overrides of mappings or the tables they read came or went.
    pub mappings: bool,
}

impl News {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty() && !self.tenants && !self.alerts && !self.mappings
    }
}

/// How all of it stood when it was looked at last.
#[derive(Debug, Default)]
struct Stood {
    accounts: HashMap<AccountId, Standing>,
    tenants: String,
    alerts: String,
    mappings: String,
}

impl Stood {
    fn new(accounts: Vec<Standing>, tenants: String, alerts: String, mappings: String) -> Self {
        Self {
            accounts: accounts.into_iter().map(|one| (one.account, one)).collect(),
            tenants,
            alerts,
            mappings,
        }
    }

    /// What is otherwise than it was.
    fn news_since(&self, before: &Self) -> News {
        let news = |one: &Standing| AccountNews {
            account: one.slug.clone(),
            tenant: one.tenant.clone(),
        };
        let changed = self
            .accounts
            .values()
            .filter(|one| before.accounts.get(&one.account) != Some(one));
        let gone = before
            .accounts
            .values()
            .filter(|one| !self.accounts.contains_key(&one.account));
        let mut accounts: Vec<AccountNews> = changed.chain(gone).map(news).collect();
        accounts.sort_by(|one, other| one.account.cmp(&other.account));
        News {
            accounts,
            tenants: self.tenants != before.tenants,
            alerts: self.alerts != before.alerts,
            mappings: self.mappings != before.mappings,
        }
    }
}

/// Feels for changes. A look at a workspace nobody wrote to costs some microseconds.
#[derive(Debug)]
pub struct Pulse {
    console: Console,
    /// None while it is looked at.
    changes: Option<Changes>,
    stood: Option<Stood>,
}

impl Console {
    /// Feels for changes from now on.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn pulse(&self) -> Result<Pulse, Fault> {
        let workspace = self.workspace().clone();
        let changes = blocking(move || workspace.changes()).await??;
        let mut pulse = Pulse {
            console: self.clone(),
            changes: Some(changes),
            stood: None,
        };
        pulse.feel().await?;
        Ok(pulse)
    }
}

impl Pulse {
    /// What changed since the last look.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn feel(&mut self) -> Result<News, Fault> {
        if !self.written_to().await? {
            return Ok(News::default());
        }
        let stood = self
            .console
            .workspace()
            .read(|tx| {
                let accounts = standing::accounts(tx)?;
                Ok(Stood::new(
                    accounts,
                    standing::tenants(tx)?,
                    standing::alerts(tx)?,
                    standing::mappings(tx)?,
                ))
            })
            .await?;
        let news = match &self.stood {
            Some(before) => stood.news_since(before),
            None => News::default(),
        };
        self.stood = Some(stood);
        Ok(news)
    }

    async fn written_to(&mut self) -> Result<bool, Fault> {
        let changes = self.changes.take();
        let workspace = self.console.workspace().clone();
        let (changes, any) = blocking(move || {
            let mut changes = match changes {
                Some(changes) => changes,
                None => workspace.changes()?,
            };
            let any = changes.any()?;
            Ok::<_, crosswalk_workspace::Error>((changes, any))
        })
        .await??;
        self.changes = Some(changes);
        Ok(any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(slug: &str, text: &str) -> Standing {
        let id = slug.bytes().fold(0_u128, |id, byte| {
            id.wrapping_mul(31).wrapping_add(u128::from(byte))
        });
        Standing {
            account: AccountId::from(uuid::Uuid::from_u128(id)),
            slug: slug.to_owned(),
            tenant: "acme".to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn only_what_changed_is_news() {
        let stood = |accounts: &[(&str, &str)], tenants: &str, alerts: &str, mappings: &str| {
            let accounts = accounts
                .iter()
                .map(|(slug, text)| standing(slug, text))
                .collect();
            Stood::new(
                accounts,
                tenants.to_owned(),
                alerts.to_owned(),
                mappings.to_owned(),
            )
        };
        let three = [("a", "1"), ("b", "1"), ("c", "1")];
        let before = stood(&three, "t", "x", "m");
        let one_changed = [("a", "1"), ("b", "2"), ("c", "1")];
        let one_swapped = [("a", "1"), ("b", "1"), ("d", "1")];
        for (now, accounts, [tenants, alerts, mappings]) in [
            (stood(&three, "t", "x", "m"), vec![], [false, false, false]),
            (stood(&three, "u", "x", "m"), vec![], [true, false, false]),
            (stood(&three, "t", "x", "n"), vec![], [false, false, true]),
            (
                stood(&one_changed, "t", "x", "m"),
                vec!["b"],
                [false, false, false],
            ),
            (
                stood(&one_swapped, "t", "y", "m"),
                vec!["c", "d"],
                [false, true, false],
            ),
        ] {
            let news = now.news_since(&before);
            let named: Vec<&str> = news
                .accounts
                .iter()
                .map(|news| news.account.as_str())
                .collect();
            assert_eq!(named, accounts);
            assert_eq!(
                [news.tenants, news.alerts, news.mappings],
                [tenants, alerts, mappings]
            );
            let nothing = accounts.is_empty() && !tenants && !alerts && !mappings;
            assert_eq!(news.is_empty(), nothing);
        }
    }
}
