//! Settings of the workspace.

pub(crate) mod close_choice;
pub(crate) mod ui_state;

use std::path::Path;

use crosswalk_client::{HttpSettings, ProxySetting};
use crosswalk_vault::Secret;
use crosswalk_workspace::setting;
use url::Url;

use crate::views::{SettingKind, SettingView};
use crate::{Console, Fault};

const PROXY: &str = "proxy";
const CA_FILE: &str = "ca_file";
/// `on` or `off`: native notifications; on unless said otherwise.
pub(crate) const NOTIFICATIONS: &str = "notifications";
/// `on` or `off`: tenants and accounts named in them; off unless said otherwise.
pub(crate) const NOTIFY_NAMES: &str = "notify_names";
/// `on` or `off`: tokens renewed at their threshold without asking; on unless said otherwise.
pub(crate) const AUTO_RENEW: &str = "auto_renew";
/// `22:00-07:00`: when nothing is told.
pub(crate) const QUIET_HOURS: &str = "quiet_hours";
/// Days after which a client secret is old; no reminder unless set.
pub(crate) const CLIENT_SECRET_REMINDER: &str = "client_secret_reminder_days";
/// Minutes without input after which the window locks.
pub(crate) const IDLE_LOCK: &str = "idle_lock_minutes";
/// `on` or `off`: sensitive values masked in records that are printed; off unless said otherwise.
pub(crate) const MASK_EXPORTS: &str = "mask_exports";
/// Days after which an account's key is retired, or `off`; 90 unless said otherwise.
pub(crate) const KEY_ROTATION: &str = "key_rotation_days";
const APPROVED_CONNECTORS: &str = "approved_connectors";

/// The settings a user can change, and what each does.
const KNOWN: &[(&str, &str)] = &[
    (
        PROXY,
        "address of the proxy every call but those to this machine goes through, without user or password",
    ),
    (
        CA_FILE,
        "PEM file of certificates to trust besides the system's, such as a company's inspecting proxy's",
    ),
    (
        NOTIFICATIONS,
        "on or off: native notifications when something falls due [on]",
    ),
    (
        NOTIFY_NAMES,
        "on or off: name tenants and accounts in notifications, which show on lock screens [off]",
    ),
    (
        AUTO_RENEW,
        "on or off: renew tokens at their threshold while the app or xwalk daemon runs [on]",
    ),
    (
        QUIET_HOURS,
        "hours without notifications, in this machine's time zone, such as 22:00-07:00",
    ),
    (
        CLIENT_SECRET_REMINDER,
        "days after which a client secret counts as old and a reminder falls due [no reminder]",
    ),
    (
        IDLE_LOCK,
        "minutes without input after which the window asks who is there before it reveals, exports, revokes or \
         writes; off: never [15]",
    ),
    (
        MASK_EXPORTS,
        "on or off: records printed by xwalk have sensitive values masked unless --reveal is said [off]",
    ),
    (
        KEY_ROTATION,
        "days after which the key that seals an account's values is replaced by a new one, or off [90]",
    ),
];

/// What a setting's value is, for a form.
fn kind(key: &str) -> SettingKind {
    match key {
        NOTIFICATIONS | AUTO_RENEW => SettingKind::OnUnlessOff,
        NOTIFY_NAMES | MASK_EXPORTS => SettingKind::OffUnlessOn,
        CLIENT_SECRET_REMINDER => SettingKind::Number,
        _ => SettingKind::Text,
    }
}

fn checked(key: &str, value: &str) -> Result<String, Fault> {
    let wrong = |hint: &str| {
        Fault::invalid(
            "invalid_setting",
            format!("{key} cannot be {value:?}."),
            hint,
        )
    };
    match key {
        _ if kind(key).is_switch() => {
            return match value {
                "on" | "off" => Ok(value.to_owned()),
                _ => Err(wrong("Say on or off.")),
            };
        }
        QUIET_HOURS => {
            return match value.parse::<crate::alerts::QuietHours>() {
                Ok(_) => Ok(value.to_owned()),
                Err(_) => Err(wrong("For example 22:00-07:00.")),
            };
        }
        CLIENT_SECRET_REMINDER => {
            return match value.parse::<u16>() {
                Ok(days) if days > 0 => Ok(days.to_string()),
                _ => Err(wrong("A number of days, for example 365.")),
            };
        }
        IDLE_LOCK => {
            return match value {
                "off" => Ok(value.to_owned()),
                _ => match value.parse::<u32>() {
                    Ok(minutes @ 1..=1440) => Ok(minutes.to_string()),
                    _ => Err(wrong("A number of minutes up to 1440, or off.")),
                },
            };
        }
        KEY_ROTATION => {
            return match value.parse::<u16>() {
                Ok(days) if days > 0 => Ok(days.to_string()),
                _ if value == "off" => Ok(value.to_owned()),
                _ => Err(wrong("A number of days, for example 90, or off.")),
            };
        }
        _ => {}
    }
    if key == CA_FILE {
        let path = std::fs::canonicalize(value).map_err(|error| {
            Fault::invalid(
                "invalid_setting",
                format!("{value} cannot be read: {error}."),
                "Name a PEM file.",
            )
        })?;
        return Ok(path.display().to_string());
    }
    let url = Url::parse(value).map_err(|_| {
        Fault::invalid(
            "invalid_setting",
            format!("proxy is not an address: {value:?}."),
            "For example http://proxy.corp.example:3128.",
        )
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Fault::invalid(
            "invalid_setting",
            "The proxy's address holds a user or a password.",
            "Leave them out; they would be stored in clear. Set XWALK_PROXY_LOGIN=USER:PASSWORD when you run.",
        ));
    }
    Ok(url.to_string())
}

fn known(key: &str) -> Result<(), Fault> {
    if KNOWN.iter().any(|(name, _)| *name == key) {
        return Ok(());
    }
    let names: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    Err(Fault::invalid(
        "not_found",
        format!("There is no setting {key}."),
        format!("There are: {}.", names.join(", ")),
    ))
}

impl Console {
    /// Every setting with its value.
    ///
    /// # Errors
    /// When the workspace cannot be read.
    pub async fn settings(&self) -> Result<Vec<SettingView>, Fault> {
        let views = self
            .workspace()
            .read(|tx| {
                KNOWN
                    .iter()
                    .map(|(key, help)| {
                        let value = setting::get(tx, &setting::Level::Workspace, key)?;
                        let value = value.and_then(|value| value.as_str().map(str::to_owned));
                        Ok(SettingView {
                            key: (*key).to_owned(),
                            value,
                            help,
                            kind: kind(key),
                        })
                    })
                    .collect()
            })
            .await?;
        Ok(views)
    }

    /// Changes a setting; none: back to the default.
    ///
    /// # Errors
    /// `not_found`, `invalid_setting`.
    pub async fn set_setting(&self, key: &str, value: Option<&str>) -> Result<(), Fault> {
        known(key)?;
        let value = value
            .map(|value| checked(key, value))
            .transpose()?
            .map(serde_json::Value::String);
        let name = key.to_owned();
        self.workspace()
            .write(move |tx| setting::set(tx, &setting::Level::Workspace, &name, value.as_ref()))
            .await?;
        if key == CLIENT_SECRET_REMINDER {
            self.plan_reminders().await?;
        }
        Ok(())
    }

    /// How this machine reaches the outside.
    ///
    /// # Errors
    /// `invalid_setting` where the file of certificates can no longer be read.
    pub(crate) async fn http_settings(&self) -> Result<HttpSettings, Fault> {
        let settings = self.settings().await?;
        let value = |key: &str| {
            settings
                .iter()
                .find(|setting| setting.key == key)
                .and_then(|setting| setting.value.clone())
        };
        let proxy = match value(PROXY) {
            Some(text) => Some(proxy(&text)?),
            None => None,
        };
        let extra_ca_pem = match value(CA_FILE) {
            Some(path) => Some(read_pem(Path::new(&path))?),
            None => None,
        };
        Ok(HttpSettings {
            proxy,
            extra_ca_pem,
            ..HttpSettings::default()
        })
    }

    /// Digests of workspace connectors approved to take a built-in one's place.
    pub(crate) fn approved_digests(&self) -> Vec<String> {
        let stored = self
            .workspace()
            .read_blocking(|tx| setting::get(tx, &setting::Level::Workspace, APPROVED_CONNECTORS));
        stored
            .ok()
            .flatten()
            .and_then(|value| serde_json::from_value(value).ok())
            .unwrap_or_default()
    }

    /// Approves a workspace connector that would take a built-in one's place.
    ///
    /// # Errors
    /// `not_found` where none waits by that name.
    pub async fn approve_connector(&self, name: &str) -> Result<(), Fault> {
        let loaded = self.loaded();
        let waiting = loaded
            .shadowing
            .iter()
            .find(|waiting| waiting.name == name)
            .ok_or_else(|| {
                Fault::invalid(
                    "not_found",
                    format!("No workspace connector {name} waits for approval."),
                    "`xwalk connector list` shows those that do.",
                )
            })?;
        let mut digests = self.approved_digests();
        digests.push(waiting.workspace_digest.as_str().to_owned());
        let value = serde_json::Value::from(digests);
        self.workspace()
            .write(move |tx| {
                setting::set(
                    tx,
                    &setting::Level::Workspace,
                    APPROVED_CONNECTORS,
                    Some(&value),
                )
            })
            .await?;
        self.reload_connectors();
        Ok(())
    }
}

fn proxy(text: &str) -> Result<ProxySetting, Fault> {
    let url = Url::parse(text).map_err(|_| {
        Fault::invalid(
            "invalid_setting",
            format!("proxy is not an address: {text:?}."),
            "Set it again: xwalk setting set proxy URL.",
        )
    })?;
    let login = std::env::var("XWALK_PROXY_LOGIN").ok();
    let login = login.and_then(|login| {
        login
            .split_once(':')
            .map(|(user, password)| (user.to_owned(), Secret::from(password.to_owned())))
    });
    Ok(ProxySetting {
        url,
        login,
        except: Vec::new(),
    })
}

fn read_pem(path: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(path).map_err(|error| {
        Fault::invalid(
            "invalid_setting",
            format!(
                "The certificates in {} cannot be read: {error}.",
                path.display()
            ),
            "Set it again: xwalk setting set ca_file PATH, or xwalk setting unset ca_file.",
        )
    })
}
