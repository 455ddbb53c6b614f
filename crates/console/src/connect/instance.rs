//! An instance address that comes with the token: approved when the connection is first tested, and held to from then on.

use crosswalk_client::AccountClient;
use crosswalk_workspace::account::{self, Account};

use crate::connect::steps::Steps;
use crate::views::StepView;
use crate::{Console, Fault};

impl Console {
    /// Approves the origin that came with the token where none that did was approved before, and tells so as a step. The way to the provider
    /// with that approval; nothing where there is nothing to approve, or somebody changed the approval meanwhile.
    pub(crate) async fn approve_instance(
        &self,
        account: &Account,
        client: &AccountClient,
        steps: &mut Steps<'_>,
    ) -> Result<Option<AccountClient>, Fault> {
        // An address that may not be approved is refused, and named, by the reads that follow.
        let Ok(Some(origin)) = client.unapproved_instance().await else {
            return Ok(None);
        };
        let (uuid, before, added) = (account.uuid, account.trust.clone(), origin.to_string());
        let approved = self
            .workspace()
            .write(move |tx| {
                let mut trust = account::by_id(tx, uuid)?.trust;
                if trust != before {
                    return Ok(None);
                }
                trust.origins.push(added);
                account::set_trust(tx, uuid, &trust)?;
                Ok(Some(trust))
            })
            .await?;
        let Some(trust) = approved else {
            return Ok(None);
        };
        steps.done(StepView {
            name: "instance".into(),
            ok: true,
            ms: 0,
            message: format!(
                "{origin} came with the token; from now on the account speaks to no other instance"
            ),
        });
        let account = Account {
            trust,
            ..account.clone()
        };
        let (client, _) = self.client(&account, None).await?;
        Ok(Some(client))
    }
}
