//! The tray icon: the worst status as a colour, how many alerts are due, open, quit.

use crosswalk_console::{Console, OverviewRow};
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItem, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Runtime};

use crate::audience::Audience;
use crate::{Shell, events};

const TRAY: &str = "main";
const SIZE: u32 = 32;

/// How things stand at worst.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Standing {
    /// Nothing is connected.
    Idle,
    /// Everything works.
    Well,
    /// Something falls due.
    Due,
    /// Something does not work.
    Broken,
}

/// How the accounts that may be seen stand at worst.
fn standing(rows: &[OverviewRow]) -> Standing {
    let one = |row: &OverviewRow| match row.status.as_str() {
        "needs_reauth" | "validation_error" | "post_install_error" => Standing::Broken,
        _ if !row.healthy => Standing::Broken,
        _ if row.due_alerts > 0 => Standing::Due,
        "active" => Standing::Well,
        _ => Standing::Idle,
    };
    rows.iter().map(one).max().unwrap_or(Standing::Idle)
}

/// A disc in the standing's colour, its rim softened.
fn icon(standing: Standing) -> Image<'static> {
    let [red, green, blue] = match standing {
        Standing::Idle => [0x8a, 0x8f, 0x98],
        Standing::Well => [0x2f, 0x9e, 0x61],
        Standing::Due => [0xd9, 0x8a, 0x1f],
        Standing::Broken => [0xd1, 0x43, 0x43],
    };
    let middle = f64::from(SIZE - 1) / 2.0;
    let radius = middle - 2.0;
    let mut pixels = Vec::with_capacity((SIZE * SIZE * 4) as usize);
    for y in 0..SIZE {
        for x in 0..SIZE {
            let distance = (f64::from(x) - middle).hypot(f64::from(y) - middle);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to 0..=255"
            )]
            let alpha = ((radius - distance + 0.5).clamp(0.0, 1.0) * 255.0) as u8;
            pixels.extend([red, green, blue, alpha]);
        }
    }
    Image::new_owned(pixels, SIZE, SIZE)
}

/// What the first line of the menu says.
fn summary(due: usize) -> String {
    match due {
        0 => "Nothing is due".to_owned(),
        1 => "1 alert is due".to_owned(),
        many => format!("{many} alerts are due"),
    }
}

/// The line that says how many alerts are due.
pub(crate) struct DueLine<R: Runtime>(MenuItem<R>);

/// Puts the icon into the tray. A desktop without one is no failure: the window works as well, and another start brings
/// a hidden one back.
pub(crate) fn build<R: Runtime>(app: &AppHandle<R>) {
    // The library that talks to the tray is loaded when first used, and its loader panics where it is missing.
    let built = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| try_build(app)));
    match built {
        Ok(Ok(line)) => {
            app.manage(DueLine(line));
        }
        Ok(Err(error)) => tracing::warn!(%error, "there is no tray here"),
        Err(_) => tracing::warn!("there is no tray here: its library is not installed"),
    }
}

/// Whether there is an icon; without the tray's library there is none.
pub(crate) fn is_built<R: Runtime>(app: &AppHandle<R>) -> bool {
    app.tray_by_id(TRAY).is_some()
}

fn try_build<R: Runtime>(app: &AppHandle<R>) -> tauri::Result<MenuItem<R>> {
    let due = MenuItemBuilder::with_id("alerts", summary(0)).build(app)?;
    let menu = MenuBuilder::new(app)
        .item(&due)
        .separator()
        .text("open", "Open Crosswalk")
        .text("quit", "Quit")
        .build()?;
    TrayIconBuilder::with_id(TRAY)
        .icon(icon(Standing::Idle))
        .tooltip("Crosswalk")
        .menu(&menu)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "alerts" => events::show(app, Some("/alerts")),
            "open" => events::show(app, None),
            "quit" => app.exit(0),
            _ => {}
        })
        .build(app)?;
    Ok(due)
}

/// What the tray shows those who look on: how things stand at worst, and how many alerts are due. `common` are due of the
/// workspace as a whole, which concern no customer.
fn shown(rows: Vec<OverviewRow>, common: usize, audience: &Audience) -> (Standing, usize) {
    let common = if audience.tenant().is_some() {
        0
    } else {
        common
    };
    let rows = audience.only(rows, |row| &row.tenant);
    let due: usize = rows.iter().map(|row| row.due_alerts).sum();
    let own = if common > 0 {
        Standing::Due
    } else {
        Standing::Idle
    };
    (standing(&rows).max(own), due + common)
}

/// Shows how things stand now, of the tenant of a running customer call alone.
pub(crate) async fn refresh<R: Runtime>(app: &AppHandle<R>, console: &Console) {
    let (Some(tray), Some(line)) = (app.tray_by_id(TRAY), app.try_state::<DueLine<R>>()) else {
        return;
    };
    let shell = app.state::<Shell>();
    loop {
        let (Ok(rows), Ok(common)) = (
            console.overview().await,
            console.workspace_alerts_due().await,
        ) else {
            return;
        };
        let audience = shell.audience();
        let (standing, due) = shown(rows, common, &audience);
        // Icons are files to the tray's library: only a change writes one.
        if shell.shown_in_tray(standing, due) {
            let told = tray
                .set_icon(Some(icon(standing)))
                .and_then(|()| line.0.set_text(summary(due)));
            if let Err(error) = told {
                tracing::debug!(%error, "the tray was not told");
            }
        }
        // A call that began or ended meanwhile was shown by whoever began it, before this: once more.
        if shell.audience() == audience {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(tenant: &str, status: &str, healthy: bool, due_alerts: usize) -> OverviewRow {
        OverviewRow {
            id: "a".into(),
            tenant: tenant.into(),
            tenant_name: "T".into(),
            connector: "c".into(),
            connector_label: "C".into(),
            kind: "sandbox".into(),
            environment: None,
            status: status.into(),
            token: None,
            refresh_token: None,
            auth: "oauth".into(),
            healthy,
            last_run: None,
            records: 0,
            headroom: Vec::new(),
            coverage: None,
            due_alerts,
        }
    }

    #[test]
    fn the_tray_shows_what_is_worst() {
        for (rows, expected) in [
            (vec![], Standing::Idle),
            (vec![("awaiting_credentials", true, 0)], Standing::Idle),
            (
                vec![("active", true, 0), ("connecting", true, 0)],
                Standing::Well,
            ),
            (
                vec![("active", true, 2), ("active", true, 0)],
                Standing::Due,
            ),
            (
                vec![("active", true, 2), ("active", false, 0)],
                Standing::Broken,
            ),
            (
                vec![("active", true, 0), ("needs_reauth", true, 0)],
                Standing::Broken,
            ),
        ] {
            let rows: Vec<OverviewRow> = rows
                .into_iter()
                .map(|(status, healthy, due)| row("t", status, healthy, due))
                .collect();
            assert_eq!(standing(&rows), expected, "{rows:?}");
        }
        assert_eq!(summary(1), "1 alert is due");
    }

    #[test]
    fn during_a_call_the_tray_counts_its_tenant_alone() {
        for (audience, expected) in [
            (Audience::default(), (Standing::Broken, 7)),
            (Audience::of("acme"), (Standing::Due, 2)),
            (Audience::of("quince"), (Standing::Idle, 0)),
        ] {
            let rows = vec![
                row("acme", "active", true, 2),
                row("globex", "active", false, 5),
            ];
            assert_eq!(shown(rows, 0, &audience), expected, "{audience:?}");
        }
    }

    #[test]
    fn what_is_due_of_the_workspace_counts_but_in_a_call() {
        let shown =
            |healthy, audience| shown(vec![row("acme", "active", healthy, 0)], 1, &audience);
        let alone = Audience::default;
        assert_eq!(shown(true, alone()), (Standing::Due, 1));
        assert_eq!(shown(false, alone()), (Standing::Broken, 1));
        assert_eq!(shown(true, Audience::of("acme")), (Standing::Well, 0));
    }

    #[test]
    fn the_icon_is_a_disc_of_the_right_size() {
        let icon = icon(Standing::Well);
        assert_eq!(icon.rgba().len(), 32 * 32 * 4);
        assert_eq!(icon.rgba()[3], 0, "its corner is clear");
        assert_eq!(icon.rgba()[(16 * 32 + 16) * 4 + 3], 255);
    }
}
