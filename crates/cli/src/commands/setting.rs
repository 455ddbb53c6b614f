//! `xwalk setting`.

use std::process::ExitCode;

use crosswalk_console::Fault;

use super::Context;
use crate::args::SettingCommand;
use crate::output::{or_dash, table};

pub(super) async fn run(context: &Context, command: SettingCommand) -> Result<ExitCode, Fault> {
    let console = context.console()?;
    match command {
        SettingCommand::List => {}
        SettingCommand::Set { key, value } => console.set_setting(&key, Some(&value)).await?,
        SettingCommand::Unset { key } => console.set_setting(&key, None).await?,
    }
    let settings = console.settings().await?;
    context.output.result(&settings, |settings| {
        let rows = settings.iter().map(|setting| {
            vec![
                setting.key.clone(),
                or_dash(setting.value.as_deref()),
                setting.help.to_owned(),
            ]
        });
        table(&["key", "value", "what it does"], rows)
    })?;
    Ok(ExitCode::SUCCESS)
}
