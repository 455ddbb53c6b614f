//! Every command of the window with its types; the source of `ui/src/backend/bindings.ts`.

use crosswalk_console::RunProgress;
use tauri::Runtime;
use tauri_specta::{collect_commands, collect_events};

use crate::commands::{
    accounts, alerts, calls, compare, connectors, desktop, explore, frame, overview, sandbox,
    settings, sync, tenants,
};
use crate::events::{AlertsChanged, CloseAsked, ConnectorsChanged, HealthChanged, Navigate};

/// Every command of the window. A line for each noun, so that two people who add commands meet less often.
pub fn ipc<R: Runtime>() -> tauri_specta::Builder<R> {
    tauri_specta::Builder::<R>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            frame::workspace_info,
            frame::call_mode,
            frame::enter_call,
            frame::leave_call,
            frame::ui_state,
            frame::save_ui_state,
            frame::search,
            frame::open_external,
            overview::overview,
            overview::overview_totals,
            tenants::list_tenants,
            tenants::add_tenant,
            tenants::remove_tenant,
            tenants::restore_tenant,
            tenants::update_tenant,
            tenants::tenant,
            tenants::mark_step,
            tenants::tenant_report,
            connectors::list_connectors,
            connectors::connector,
            connectors::admin_message,
            connectors::admin_message_draft,
            connectors::approve_connector,
            connectors::scope_advice,
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
            alerts::alerts,
            alerts::ack_alert,
            alerts::snooze_alert,
            alerts::test_notification,
            desktop::autostart::<tauri::Wry>,
            desktop::set_autostart::<tauri::Wry>,
            desktop::close_choice,
            desktop::set_close_choice,
            desktop::hide_window::<tauri::Wry>,
            desktop::quit::<tauri::Wry>,
            desktop::diagnostics_bundle,
            sandbox::start_demo_sandbox,
            sandbox::demo_sandbox,
            explore::resources,
            explore::columns,
            explore::open_projection,
            explore::projection_page,
            explore::close_projection,
            explore::record_ids,
            explore::field_totals,
            explore::query_provider,
            explore::fetch_missing,
            compare::raw_page,
            compare::raw_value,
            compare::compare_record,
            sync::start_sync,
            sync::pause_sync,
            sync::cancel_sync,
            sync::runs,
            sync::run,
            sync::run_calls,
            calls::calls,
            calls::call,
            calls::replay_call,
        ])
        .events(collect_events![
            HealthChanged,
            AlertsChanged,
            ConnectorsChanged,
            Navigate,
            CloseAsked,
        ])
        .typ::<RunProgress>()
}
