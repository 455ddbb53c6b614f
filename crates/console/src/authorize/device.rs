//! Signing in with a code that is typed on another device (RFC 8628).

use crosswalk_client::{AccountClient, CallBuffer, CallContext};
use crosswalk_connector::GrantKind;
use serde::Serialize;
use specta::Type;
use tokio_util::sync::CancellationToken;

use super::stopped;
use crate::connect::Tested;
use crate::{Console, Fault};

/// A sign-in on another device.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DeviceView {
    /// The code to type.
    pub user_code: String,
    /// The page to type it on.
    pub verification_uri: String,
    pub seconds_left: u32,
}

/// Asks for a code, shows it, and waits until it was typed.
async fn typed(
    client: &AccountClient,
    show: impl FnOnce(&DeviceView) + Send,
    context: &CallContext,
) -> Result<(), Fault> {
    let device = client.tokens().device_code(context).await?;
    show(&DeviceView {
        user_code: device.code.user_code.clone(),
        verification_uri: device.code.verification_uri.clone(),
        seconds_left: u32::try_from(device.code.expires_in.as_secs()).unwrap_or(u32::MAX),
    });
    client.tokens().await_device(&device, context).await?;
    Ok(())
}

impl Console {
    /// Signs in with a code on another device: hands the code to `show`, waits, and tests the connection. A sign-in that
    /// was under way for the account ends; this one ends with [`Console::cancel_sign_in`], after which a code that is
    /// typed signs nobody in.
    ///
    /// # Errors
    /// As [`Console::begin_sign_in`], `interrupted`, and what the provider refuses with.
    pub async fn sign_in_on_device(
        &self,
        id: &str,
        show: impl FnOnce(&DeviceView) + Send,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        let (account, client, _) = self.interactive(id, GrantKind::DeviceCode).await?;
        let stop = self.shared.sign_ins.begin(id, None);
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone());
        let ended = tokio::select! {
            // Whoever gave up is heard before the provider is.
            biased;
            () = stop.cancelled() => Err(stopped()),
            () = interrupted.cancelled() => Err(stopped()),
            ended = typed(&client, show, &context) => ended,
        };
        self.shared.sign_ins.ended(id, &stop);
        self.record_calls(&account, calls.take()).await?;
        ended?;
        self.signed_in(&account, interrupted).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use crosswalk_sandbox::{Sandbox, SandboxConfig};
    use tokio::sync::oneshot;

    use super::*;
    use crate::accounts::test_account::{ACCOUNT, with_account};

    #[tokio::test]
    async fn a_code_typed_after_the_sign_in_was_given_up_signs_nobody_in() {
        let sandbox = Sandbox::start(SandboxConfig::for_tests()).await.unwrap();
        let home = tempfile::TempDir::new().unwrap();
        let client = (sandbox.client_id(), sandbox.client_secret());
        let console = with_account(home.path(), GrantKind::DeviceCode, sandbox.url(), client).await;
        let never = CancellationToken::new();
        let (tell, told) = oneshot::channel();
        let show = move |device: &DeviceView| {
            tell.send(device.user_code.clone()).unwrap();
        };
        let giving_up = async {
            let code = told.await.unwrap();
            console.cancel_sign_in(ACCOUNT);
            code
        };
        let (ended, code) =
            tokio::join!(console.sign_in_on_device(ACCOUNT, show, &never), giving_up);
        assert_eq!(ended.unwrap_err().code, "interrupted");
        assert!(sandbox.approve_device(&code));
        // Nothing is left that could come back for it.
        assert!(console.account(ACCOUNT).await.unwrap().token.is_none());
        assert!(console.shared.sign_ins.take_waiting(ACCOUNT).is_none());
    }
}
