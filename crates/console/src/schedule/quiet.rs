//! When customers want quiet: scheduled syncs wait then, and a manual one warns.

use crosswalk_workspace::setting::{self, Level};
use crosswalk_workspace::{ReadTx, TenantId, tenant};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::quiet_window::{Quiet, QuietWindows, text_of};
use crate::views::{QuietNow, QuietView, QuietWindowView};
use crate::{Console, Fault};

const QUIET_WINDOWS: &str = "quiet_windows";

fn typed(tx: &ReadTx<'_>, tenant: TenantId) -> crosswalk_workspace::Result<Option<String>> {
    let value = setting::get(tx, &Level::Tenant(tenant), QUIET_WINDOWS)?;
    Ok(value.and_then(|value| value.as_str().map(str::to_owned)))
}

/// How long a tenant wants quiet from an instant on; none: it does not.
pub(super) fn quiet_at(
    tx: &ReadTx<'_>,
    tenant: TenantId,
    at: Timestamp,
) -> crosswalk_workspace::Result<Option<Quiet>> {
    let windows = typed(tx, tenant)?.and_then(|text| text.parse::<QuietWindows>().ok());
    Ok(windows.and_then(|windows| windows.quiet(at, &TimeZone::system())))
}

impl Console {
    /// A tenant's quiet windows as they were typed; none: scheduled syncs run at any time.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn quiet_windows(&self, id: &str) -> Result<Option<String>, Fault> {
        let id = id.to_owned();
        Ok(self
            .workspace()
            .read(move |tx| typed(tx, tenant::get(tx, &id)?.uuid))
            .await?)
    }

    /// Sets when scheduled syncs of a tenant wait: `22:00-06:00`, `mon-fri 08:00-18:00`, `month-end 3`, in a list
    /// separated by commas, each in the time zone of this machine or in one it names: `mon-fri 08:00-18:00 Asia/Tokyo`.
    ///
    /// # Errors
    /// `not_found`, `invalid_setting`.
    pub async fn set_quiet_windows(&self, id: &str, windows: Option<&str>) -> Result<(), Fault> {
        if let Some(text) = windows {
            text.parse::<QuietWindows>().map_err(|wrong| {
                Fault::invalid(
                    "invalid_setting",
                    format!("{wrong}."),
                    "For example: 22:00-06:00, mon-fri 08:00-18:00 Europe/Berlin, month-end 3.",
                )
            })?;
        }
        let value = windows.map(|text| serde_json::Value::from(text.to_owned()));
        let id = id.to_owned();
        self.workspace()
            .write(move |tx| {
                let level = Level::Tenant(tenant::get(tx, &id)?.uuid);
                setting::set(tx, &level, QUIET_WINDOWS, value.as_ref())
            })
            .await?;
        Ok(())
    }

    /// When a tenant wants quiet, window by window, and whether it does now.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn quiet(&self, id: &str) -> Result<QuietView, Fault> {
        let text = self.quiet_windows(id).await?;
        let read = text
            .as_deref()
            .and_then(|text| text.parse::<QuietWindows>().ok());
        let machine = TimeZone::system();
        let quiet = read
            .as_ref()
            .and_then(|windows| windows.quiet(self.now(), &machine));
        Ok(QuietView {
            tenant: id.to_owned(),
            windows: read.map(|windows| windows.views()).unwrap_or_default(),
            now: text.zip(quiet).map(|(windows, quiet)| QuietNow {
                windows,
                until: quiet.until(),
            }),
            zone: machine.iana_name().map(str::to_owned),
        })
    }

    /// [`Console::set_quiet_windows`], window by window; none of them: scheduled syncs run at any time.
    ///
    /// # Errors
    /// `not_found`, `invalid_setting`.
    pub async fn set_quiet(
        &self,
        id: &str,
        windows: &[QuietWindowView],
    ) -> Result<QuietView, Fault> {
        self.set_quiet_windows(id, text_of(windows).as_deref())
            .await?;
        self.quiet(id).await
    }

    /// Whether a tenant wants quiet now, and until when; what a manual sync warns of.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn quiet_now(&self, id: &str) -> Result<Option<QuietNow>, Fault> {
        Ok(self.quiet(id).await?.now)
    }
}
