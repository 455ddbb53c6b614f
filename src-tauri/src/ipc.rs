//! Every command of the window with its types; the source of `ui/src/backend/bindings.ts`.

use tauri::Runtime;
use tauri_specta::collect_commands;

use crate::commands::{accounts, connectors, frame, settings, tenants};

/// Every command of the window. A line for each noun, so that two people who add commands meet less often.
pub fn ipc<R: Runtime>() -> tauri_specta::Builder<R> {
    tauri_specta::Builder::<R>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            frame::workspace_info,
            frame::call_mode,
            frame::enter_call,
            frame::leave_call,
            tenants::list_tenants,
            tenants::add_tenant,
            tenants::remove_tenant,
            connectors::list_connectors,
            connectors::connector,
            connectors::admin_message,
            connectors::admin_message_draft,
            connectors::approve_connector,
            accounts::list_accounts,
            accounts::account,
            accounts::add_account,
            accounts::update_account,
            accounts::remove_account,
            accounts::connect,
            accounts::renew_token,
            settings::settings,
            settings::set_setting,
            settings::doctor,
            settings::create_backup,
            settings::backups,
        ])
}
