/// Who writes, from which machine, with which version: three columns of every audit row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The person, as the operating system names them.
    pub actor: String,
    /// The machine's name.
    pub machine: String,
    /// The version of this program.
    pub app_version: String,
}

impl Origin {
    /// The user and machine this process runs as. What the system does not tell is `unknown`.
    pub fn of_this_process(app_version: impl Into<String>) -> Self {
        Self {
            actor: variable(&["USER", "USERNAME", "LOGNAME"]).unwrap_or_else(unknown),
            machine: machine().unwrap_or_else(unknown),
            app_version: app_version.into(),
        }
    }
}

fn machine() -> Option<String> {
    // Linux tells it in a file, Windows in the environment; shells export HOSTNAME elsewhere.
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .or_else(|| variable(&["COMPUTERNAME", "HOSTNAME"]))
}

fn variable(names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
}

fn unknown() -> String {
    "unknown".to_owned()
}
