use crate::config::{Profile, SandboxConfig};
use crate::error::SandboxError;
use crate::resource::Resource;
use crate::sandbox::{RunningSandbox, Sandbox};

/// One customer of the demonstration, with an instance of its own.
#[derive(Debug)]
pub struct DemoInstance {
    /// Fit for a tenant's id.
    pub key: &'static str,
    pub label: &'static str,
    /// What there is to see, in one sentence.
    pub note: &'static str,
    pub sandbox: RunningSandbox,
}

/// The three customers of the first run: one in order, one busy, one broken in a way worth looking at.
pub fn demo_configs(seed: u64) -> [(&'static str, &'static str, &'static str, SandboxConfig); 3] {
    let base = |salt: u64| SandboxConfig {
        seed: seed.wrapping_mul(31).wrapping_add(salt),
        ..SandboxConfig::default()
    };
    let busy = SandboxConfig {
        profile: Profile::Busy,
        ..base(2)
    }
    .with(Resource::Invoices, 1_200);
    let broken = SandboxConfig {
        narrow_scopes: true,
        extra_custom_fields: vec![
            ("charge-to-project".to_owned(), "PX-4471".to_owned()),
            ("plant".to_owned(), "Köln 2".to_owned()),
        ],
        ..base(3)
    }
    .without_scope("core.contract.read");
    [
        (
            "alder",
            "Alder Foods",
            "Everything as it should be.",
            base(1),
        ),
        (
            "basalt",
            "Basalt Works",
            "Slow, and refuses requests now and then.",
            busy,
        ),
        (
            "cobalt",
            "Cobalt Health",
            "Its administrator left out a scope, and its invoices carry custom fields no mapping reads.",
            broken,
        ),
    ]
}

impl Sandbox {
    /// Starts [`demo_configs`], each on a free port with credentials of its own.
    pub async fn start_demo(seed: u64) -> Result<Vec<DemoInstance>, SandboxError> {
        let mut instances = Vec::new();
        for (key, label, note, config) in demo_configs(seed) {
            let sandbox = Self::start(config).await?;
            instances.push(DemoInstance {
                key,
                label,
                note,
                sandbox,
            });
        }
        Ok(instances)
    }
}
