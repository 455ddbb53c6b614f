//! Signing in as a person: over the browser and a redirect to this machine (RFC 8252), by pasting what the browser
//! shows, or with a code on another device.

mod device;
mod loopback;
#[cfg(test)]
mod tests;
mod under_way;

use std::time::Duration;

use crosswalk_client::{AccountClient, Authorization, CallBuffer, CallContext, Redirected};
use crosswalk_connector::{Definition, Grant, GrantKind};
use crosswalk_workspace::account::{self, Account, Status};
use serde::Serialize;
use specta::Type;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

pub use device::DeviceView;
pub(crate) use under_way::SignIns;

use crate::connect::Tested;
use crate::connect::connection::grant_kind;
use crate::{Console, Fault, FaultClass};

/// How long a sign-in may take. A person may have to ask for a second factor.
const PATIENCE: Duration = Duration::from_mins(10);

/// How often a fixed port is tried, and the rest in between: a sign-in that was ended a moment ago may still hold it.
const TRIES: u32 = 10;
const RESTS: Duration = Duration::from_millis(20);

/// A sign-in that waits for the browser.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SignInView {
    /// The address to open in the browser.
    pub url: String,
    /// Where the browser comes back to.
    pub redirect_uri: String,
    /// Whether this machine listens there; else the address it comes back to is pasted.
    pub listening: bool,
    pub seconds_left: u32,
}

/// What waits for a redirect.
pub(crate) struct Waiting {
    account: Account,
    client: AccountClient,
    authorization: Authorization,
    authorize_origin: String,
    listener: Option<TcpListener>,
    pasted: mpsc::Receiver<Redirected>,
}

/// What of it others may reach while it waits.
struct Reachable {
    authorization: Authorization,
    authorize_origin: String,
    paste: mpsc::Sender<Redirected>,
    waiting: Option<Waiting>,
}

fn none_under_way(id: &str) -> Fault {
    Fault::invalid(
        "no_sign_in",
        format!("No sign-in of {id} is under way."),
        "Begin one: xwalk account connect ID.",
    )
}

fn wrong_grant(definition: &Definition, wanted: &str) -> Fault {
    Fault::invalid(
        "unknown_grant",
        format!(
            "{} offers no sign-in by {wanted} to this account.",
            definition.connector.label
        ),
        "Add the account with --grant authorization_code.",
    )
}

/// Reads what came back, and holds what it says of its sender against where the browser was sent (RFC 9207).
fn accept(
    authorization: &Authorization,
    authorize_origin: &str,
    query: &str,
) -> Result<Redirected, Fault> {
    let back = authorization.read(query)?;
    let asked = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "iss")
        // What is no address is not the provider's either.
        .is_none_or(|(_, issuer)| {
            url::Url::parse(&issuer)
                .is_ok_and(|issuer| issuer.origin().ascii_serialization() == authorize_origin)
        });
    if !asked {
        return Err(Fault::new(
            FaultClass::Refused,
            "issuer_mismatch",
            "The answer comes from another provider than the one that was asked.",
            "Begin the sign-in anew, and close other sign-in pages first.",
        ));
    }
    Ok(back)
}

/// Listens on this machine; `None` where the port is taken by somebody else.
async fn listen(port: Option<u16>) -> Option<TcpListener> {
    for _ in 0..TRIES {
        // Literally this machine, whatever `localhost` is made to mean (RFC 8252, 8.3).
        match TcpListener::bind(("127.0.0.1", port.unwrap_or(0))).await {
            Ok(listener) => return Some(listener),
            Err(_) => tokio::time::sleep(RESTS).await,
        }
    }
    None
}

impl Console {
    async fn interactive(
        &self,
        id: &str,
        grant: GrantKind,
    ) -> Result<(Account, AccountClient, std::sync::Arc<Definition>), Fault> {
        let account = self.find_account(id).await?;
        let definition = self.definition(&account.connector)?;
        let own = grant_kind(&definition, &account)?;
        let signs_in = matches!(own, GrantKind::AuthorizationCode | GrantKind::DeviceCode);
        if !signs_in || definition.connector.auth.grant(grant).is_none() {
            return Err(wrong_grant(&definition, grant.as_str()));
        }
        if account.client_id.is_none() {
            return Err(Fault::invalid(
                "awaiting_credentials",
                format!("Account {id} has no client id yet."),
                format!("xwalk account update {id} --client-id X --client-secret-stdin"),
            ));
        }
        // One that was forgotten gets keys of its own again with the sign-in, where there is no secret to bring them.
        self.entry_or_new(&account).await?;
        let (client, definition) = self.client_as(&account, grant).await?;
        Ok((account, client, definition))
    }

    /// Begins a sign-in in the browser and listens for its end. One that was under way for the account ends. Where the
    /// provider's fixed port is taken, the address is pasted instead.
    ///
    /// # Errors
    /// `not_found`, `unknown_grant`, `awaiting_credentials`, `definition_changed`.
    pub async fn begin_sign_in(&self, id: &str) -> Result<SignInView, Fault> {
        let (account, client, definition) =
            self.interactive(id, GrantKind::AuthorizationCode).await?;
        let Some(Grant::AuthorizationCode(code)) = definition
            .connector
            .auth
            .grant(GrantKind::AuthorizationCode)
        else {
            return Err(wrong_grant(&definition, "authorization_code"));
        };
        self.cancel_sign_in(id);
        let fixed = code.redirect.port;
        let listener = listen(fixed).await;
        let port = listener
            .as_ref()
            .and_then(|listener| listener.local_addr().ok())
            .map_or(fixed.unwrap_or(0), |address| address.port());
        let authorization = client.tokens().authorize(port)?;
        let authorize_origin = authorization.url.origin().ascii_serialization();
        let view = SignInView {
            url: authorization.url.to_string(),
            redirect_uri: authorization.redirect_uri.to_string(),
            listening: listener.is_some(),
            seconds_left: u32::try_from(PATIENCE.as_secs()).unwrap_or(u32::MAX),
        };
        let (paste, pasted) = mpsc::channel(1);
        let reachable = Reachable {
            authorization: authorization.clone(),
            authorize_origin: authorize_origin.clone(),
            paste,
            waiting: Some(Waiting {
                account,
                client,
                authorization,
                authorize_origin,
                listener,
                pasted,
            }),
        };
        self.shared.sign_ins.begin(id, Some(reachable));
        Ok(view)
    }

    /// Ends a sign-in that is under way, in the browser or on another device.
    pub fn cancel_sign_in(&self, id: &str) {
        self.shared.sign_ins.cancel(id);
    }

    /// Takes the address the browser came back to, or its query, where this machine could not be reached.
    ///
    /// # Errors
    /// `no_sign_in`; `auth_refused` where it does not belong to this sign-in or the provider refused.
    pub fn paste_redirect(&self, id: &str, text: &str) -> Result<(), Fault> {
        let text = text.trim();
        let query = text.split_once('?').map_or(text, |(_, query)| query);
        let query = query.split('#').next().unwrap_or_default();
        let pasted = self.shared.sign_ins.reach(id, |reachable| {
            let back = accept(&reachable.authorization, &reachable.authorize_origin, query)?;
            reachable
                .paste
                .try_send(back)
                .map_err(|_| none_under_way(id))
        });
        pasted.unwrap_or_else(|| Err(none_under_way(id)))
    }

    /// Waits for the end of a sign-in that was begun, keeps its tokens, and tests the connection.
    ///
    /// # Errors
    /// `no_sign_in`, `sign_in_timeout`, `interrupted`, and what the provider refuses with.
    pub async fn await_sign_in(
        &self,
        id: &str,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        let found = self.shared.sign_ins.take_waiting(id);
        let (mut waiting, stop) = found.ok_or_else(|| none_under_way(id))?;
        let answered = tokio::select! {
            back = waiting.redirected() => back,
            () = tokio::time::sleep(PATIENCE) => Err(Fault::failed(
                "sign_in_timeout",
                "Nobody signed in within ten minutes.",
                "Begin the sign-in anew.",
            )),
            () = stop.cancelled() => Err(stopped()),
            () = interrupted.cancelled() => Err(stopped()),
        };
        self.shared.sign_ins.ended(id, &stop);
        let back = answered?;
        let calls = CallBuffer::new();
        let context = CallContext::new(calls.clone());
        let exchanged = waiting
            .client
            .tokens()
            .exchange(&waiting.authorization, back, &context)
            .await;
        self.record_calls(&waiting.account, calls.take()).await?;
        exchanged?;
        self.signed_in(&waiting.account, interrupted).await
    }

    async fn signed_in(
        &self,
        account: &Account,
        interrupted: &CancellationToken,
    ) -> Result<Tested, Fault> {
        let uuid = account.uuid;
        self.workspace()
            .write(move |tx| {
                if account::by_id(tx, uuid)?.status == Status::AwaitingCredentials {
                    account::set_status(tx, uuid, Status::Connecting, Some("signed in"))?;
                }
                Ok(())
            })
            .await?;
        self.test_signed_in(&account.slug, interrupted).await
    }
}

fn stopped() -> Fault {
    Fault::new(
        FaultClass::Interrupted,
        "interrupted",
        "The sign-in was stopped.",
        "Begin it anew when you like.",
    )
}

impl Waiting {
    /// The first answer that belongs to this sign-in, from the browser or pasted.
    async fn redirected(&mut self) -> Result<Redirected, Fault> {
        // Given up with the answer: nobody listens to another one.
        let Some(listener) = self.listener.take() else {
            return self.pasted.recv().await.ok_or_else(stopped);
        };
        let path = self.authorization.redirect_uri.path();
        let port = self.authorization.redirect_uri.port().unwrap_or_default();
        let judge = |query: &str| {
            if !self.authorization.is_answered_by(query) {
                // Another page's answer, or an attacker's: it must not end this sign-in.
                loopback::Page::Stranger
            } else if accept(&self.authorization, &self.authorize_origin, query).is_ok() {
                loopback::Page::Done
            } else {
                loopback::Page::Refused
            }
        };
        tokio::select! {
            back = self.pasted.recv() => back.ok_or_else(stopped),
            query = loopback::answer(&listener, path, port, &judge) => {
                accept(&self.authorization, &self.authorize_origin, &query)
            }
        }
    }
}
