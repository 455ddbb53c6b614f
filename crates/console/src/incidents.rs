//! Incidents: a checklist for each kind, begun, ticked off and ended, with what the console sees for itself.

mod runbook;

use std::collections::BTreeMap;

use crosswalk_workspace::account::{self, Account, Status};
use crosswalk_workspace::audit::{self, Filter};
use crosswalk_workspace::{ReadTx, credential, record, setting, tenant};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use self::runbook::{Kind, RUNBOOK, Sees, kind};
use crate::{Console, Fault, counted};

/// The incidents that are open: `{KIND: Open}`.
const INCIDENTS: &str = "incidents";

/// A kind of incident, and how far it is.
#[derive(Clone, Debug, Serialize, Type)]
pub struct IncidentView {
    pub id: String,
    pub title: String,
    /// Whether it is about one customer.
    pub of_tenant: bool,
    /// The customer it was begun for.
    pub tenant: Option<String>,
    /// Null: it is not going on.
    #[specta(type = Option<String>)]
    pub started_at: Option<Timestamp>,
    pub steps: Vec<IncidentStep>,
}

/// A step of a checklist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct IncidentStep {
    pub id: String,
    pub text: String,
    pub done: bool,
    /// Whether a person ticks it off.
    pub by_hand: bool,
    /// What the console sees; null where it cannot.
    pub evidence: Option<String>,
}

/// An incident that goes on.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Open {
    started_at: Timestamp,
    tenant: Option<String>,
    #[serde(default)]
    ticked: Vec<String>,
}

/// What the console sees of an incident.
#[derive(Clone, Debug, Default)]
struct Seen {
    accounts: usize,
    forgotten: usize,
    rotated: usize,
    holding_records: usize,
    audit_exported: Option<u64>,
    report_written: Option<u64>,
    custody_written: Option<u64>,
    tenant_there: bool,
    /// Whether the chain is sound, and in words.
    audit: (bool, String),
}

/// Whether a step is done, and what shows it. Pure.
fn judge(sees: Sees, seen: &Seen) -> (bool, String) {
    let row = |row: Option<u64>, none: &str| {
        row.map_or_else(
            || (false, none.to_owned()),
            |seq| (true, format!("Audit row {seq}.")),
        )
    };
    let all = |done: usize, one: &str, many: &str| {
        (
            done == seen.accounts,
            format!("{done} of {}.", counted(seen.accounts, one, many)),
        )
    };
    match sees {
        Sees::Forgotten => all(seen.forgotten, "account forgotten", "accounts forgotten"),
        Sees::Rotated => {
            let (done, said) = all(
                seen.rotated,
                "account has a newer secret",
                "accounts have a newer secret",
            );
            (done && seen.accounts > 0, said)
        }
        Sees::AuditExported => row(seen.audit_exported, "Not exported since."),
        Sees::ReportWritten => row(seen.report_written, "Not written since."),
        Sees::CustodyWritten => row(seen.custody_written, "Not written since."),
        Sees::AuditSound => seen.audit.clone(),
        Sees::RecordsGone => (
            seen.holding_records == 0,
            format!(
                "{}.",
                counted(
                    seen.holding_records,
                    "account holds records",
                    "accounts hold records"
                )
            ),
        ),
        Sees::TenantRemoved => (
            !seen.tenant_there,
            if seen.tenant_there {
                "It is still there."
            } else {
                "It is gone."
            }
            .to_owned(),
        ),
    }
}

fn view(kind: &Kind, open: Option<(&Open, &Seen)>) -> IncidentView {
    let steps = kind.steps.iter().map(|step| {
        let (done, evidence) = match (step.sees, open) {
            (Some(sees), Some((_, seen))) => {
                let (done, evidence) = judge(sees, seen);
                (done, Some(evidence))
            }
            (None, Some((open, _))) => (open.ticked.iter().any(|id| id == step.id), None),
            (_, None) => (false, None),
        };
        IncidentStep {
            id: step.id.to_owned(),
            text: step.text.to_owned(),
            done,
            by_hand: step.sees.is_none(),
            evidence,
        }
    });
    IncidentView {
        id: kind.id.to_owned(),
        title: kind.title.to_owned(),
        of_tenant: kind.of_tenant,
        tenant: open.and_then(|(open, _)| open.tenant.clone()),
        started_at: open.map(|(open, _)| open.started_at),
        steps: steps.collect(),
    }
}

fn held(tx: &ReadTx<'_>) -> crosswalk_workspace::Result<BTreeMap<String, Open>> {
    let value = setting::get(tx, &setting::Level::Workspace, INCIDENTS)?;
    Ok(value
        .and_then(|value| serde_json::from_value(value).ok())
        .unwrap_or_default())
}

/// The newest row of a kind since a time.
fn newest(
    tx: &ReadTx<'_>,
    kind: &str,
    tenant: Option<&str>,
    since: Timestamp,
) -> crosswalk_workspace::Result<Option<u64>> {
    let filter = Filter {
        kind: Some(kind.to_owned()),
        tenant: tenant.map(str::to_owned),
        ..Filter::default()
    };
    let newest = audit::list(tx, &filter, 1)?.into_iter().next();
    Ok(newest.filter(|row| row.at >= since).map(|row| row.seq))
}

fn look(tx: &ReadTx<'_>, open: &Open) -> crosswalk_workspace::Result<Seen> {
    let since = open.started_at;
    let tenant = open.tenant.as_deref();
    let of_it =
        |account: &Account| tenant.is_none_or(|tenant| account.tenant.eq_ignore_ascii_case(tenant));
    let accounts: Vec<Account> = account::list(tx)?.into_iter().filter(of_it).collect();
    let mut seen = Seen {
        accounts: accounts.len(),
        audit_exported: newest(tx, "audit:exported", None, since)?,
        report_written: newest(tx, "report:written", tenant, since)?,
        custody_written: newest(tx, "custody:exported", None, since)?,
        tenant_there: match tenant {
            Some(tenant) => tenant::find(tx, tenant)?.is_some(),
            None => false,
        },
        ..Seen::default()
    };
    for account in &accounts {
        let newest_secret = credential::list(tx, account.uuid)?
            .into_iter()
            .map(|part| part.created_at)
            .max();
        seen.rotated += usize::from(newest_secret.is_some_and(|at| at >= since));
        seen.forgotten +=
            usize::from(account.status == Status::AwaitingCredentials && newest_secret.is_none());
        seen.holding_records += usize::from(record::oldest_body(tx, account.uuid)?.is_some());
    }
    Ok(seen)
}

fn no_incident(id: &str) -> Fault {
    Fault::invalid(
        "not_found",
        format!("No incident {id} is going on."),
        "Begin it first.",
    )
}

impl Console {
    /// Every kind of incident with its checklist, and how far those are that go on.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn incidents(&self) -> Result<Vec<IncidentView>, Fault> {
        let mut seen: Vec<(String, Open, Seen)> = self
            .workspace()
            .read(|tx| {
                held(tx)?
                    .into_iter()
                    .map(|(id, open)| {
                        let seen = look(tx, &open)?;
                        Ok((id, open, seen))
                    })
                    .collect()
            })
            .await?;
        if !seen.is_empty() {
            let verdict = self.verify_audit(None).await?;
            let words = match verdict.broken_at {
                Some(row) => format!("Broken at row {row}."),
                None => format!("{} checked.", counted(verdict.rows, "row", "rows")),
            };
            for (_, _, seen) in &mut seen {
                seen.audit = (verdict.ok, words.clone());
            }
        }
        Ok(RUNBOOK
            .iter()
            .map(|kind| {
                let going_on = seen.iter().find(|(id, ..)| id == kind.id);
                view(kind, going_on.map(|(_, open, seen)| (open, seen)))
            })
            .collect())
    }

    /// Begins an incident; one of the kind that goes on already begins anew.
    ///
    /// # Errors
    /// `not_found` for a kind or a tenant there is none of, `invalid_input` where the tenant is missing.
    pub async fn begin_incident(&self, id: &str, of: Option<&str>) -> Result<(), Fault> {
        let kind = kind(id).ok_or_else(|| no_incident(id))?;
        if kind.of_tenant && of.is_none() {
            return Err(Fault::invalid(
                "invalid_input",
                "This is about one customer.",
                "Choose which.",
            ));
        }
        let open = Open {
            started_at: self.now(),
            tenant: of.filter(|_| kind.of_tenant).map(str::to_owned),
            ticked: Vec::new(),
        };
        self.change_incidents(id, move |tx, all, id| {
            if let Some(slug) = &open.tenant {
                tenant::get(tx, slug)?;
            }
            all.insert(id.to_owned(), open);
            Ok(true)
        })
        .await
    }

    /// Ticks a step off by hand, or takes that back.
    ///
    /// # Errors
    /// `not_found`, also for a step that ticks itself.
    pub async fn tick_incident(&self, id: &str, step: &str, done: bool) -> Result<(), Fault> {
        let by_hand = kind(id).is_some_and(|kind| {
            kind.steps
                .iter()
                .any(|known| known.id == step && known.sees.is_none())
        });
        if !by_hand {
            return Err(Fault::invalid(
                "not_found",
                format!("The step {step} is not ticked off by hand."),
                "It ticks itself when the workspace sees it done.",
            ));
        }
        let step = step.to_owned();
        self.change_incidents(id, move |_, all, id| {
            let Some(open) = all.get_mut(id) else {
                return Ok(false);
            };
            open.ticked.retain(|ticked| *ticked != step);
            if done {
                open.ticked.push(step);
            }
            Ok(true)
        })
        .await
    }

    /// Ends an incident. What was done stays in the audit.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn end_incident(&self, id: &str) -> Result<(), Fault> {
        self.change_incidents(id, |_, all, id| Ok(all.remove(id).is_some()))
            .await
    }

    /// Changes what goes on in one transaction; `change` says whether there was something to change.
    async fn change_incidents(
        &self,
        id: &str,
        change: impl FnOnce(
            &ReadTx<'_>,
            &mut BTreeMap<String, Open>,
            &str,
        ) -> crosswalk_workspace::Result<bool>
        + Send
        + 'static,
    ) -> Result<(), Fault> {
        let key = id.to_owned();
        let found = self
            .workspace()
            .write(move |tx| {
                let mut all = held(tx)?;
                let found = change(tx, &mut all, &key)?;
                let value = serde_json::to_value(&all).unwrap_or_default();
                let value = Some(&value).filter(|_| !all.is_empty());
                setting::set(tx, &setting::Level::Workspace, INCIDENTS, value)?;
                Ok(found)
            })
            .await?;
        if found { Ok(()) } else { Err(no_incident(id)) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_step_is_done_when_all_of_it_is() {
        let seen = |forgotten, rotated| Seen {
            accounts: 2,
            forgotten,
            rotated,
            audit: (false, "Broken at row 3.".into()),
            tenant_there: true,
            ..Seen::default()
        };
        for (sees, seen, done, said) in [
            (
                Sees::Forgotten,
                seen(1, 0),
                false,
                "1 of 2 accounts forgotten.",
            ),
            (
                Sees::Forgotten,
                seen(2, 0),
                true,
                "2 of 2 accounts forgotten.",
            ),
            (
                Sees::Forgotten,
                Seen::default(),
                true,
                "0 of 0 accounts forgotten.",
            ),
            (
                Sees::Rotated,
                Seen::default(),
                false,
                "0 of 0 accounts have a newer secret.",
            ),
            (Sees::AuditSound, seen(0, 0), false, "Broken at row 3."),
            (
                Sees::AuditExported,
                seen(0, 0),
                false,
                "Not exported since.",
            ),
            (Sees::TenantRemoved, seen(0, 0), false, "It is still there."),
            (
                Sees::RecordsGone,
                seen(0, 0),
                true,
                "0 accounts hold records.",
            ),
        ] {
            assert_eq!(judge(sees, &seen), (done, said.to_owned()), "{sees:?}");
        }
    }

    #[test]
    fn every_kind_and_every_step_has_a_name_of_its_own_and_stands_in_the_runbook() {
        let runbook = include_str!("../../../docs/runbook.md");
        let mut ids: Vec<&str> = RUNBOOK.iter().map(|kind| kind.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RUNBOOK.len());
        for kind in RUNBOOK {
            assert!(
                runbook.contains(&format!("## {}", kind.title)),
                "{}",
                kind.title
            );
            let mut steps: Vec<&str> = kind.steps.iter().map(|step| step.id).collect();
            steps.sort_unstable();
            steps.dedup();
            assert_eq!(steps.len(), kind.steps.len(), "{}", kind.id);
        }
    }
}
