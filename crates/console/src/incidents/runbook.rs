//! What is done in an incident, step by step: the checklist of docs/runbook.md, of which the console ticks off by itself
//! what it can see.

/// What the console can see for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sees {
    /// Every account in question is forgotten here.
    Forgotten,
    /// Every account in question has a secret that is newer than the incident.
    Rotated,
    /// The audit was exported since.
    AuditExported,
    /// The audit chain is unbroken.
    AuditSound,
    /// The custody list was written since.
    CustodyWritten,
    /// The security report was written since.
    ReportWritten,
    /// No record of the accounts in question is stored.
    RecordsGone,
    /// The tenant is no longer in the workspace.
    TenantRemoved,
}

/// A step. Without `sees` a person ticks it off.
pub(super) struct Step {
    pub(super) id: &'static str,
    pub(super) text: &'static str,
    pub(super) sees: Option<Sees>,
}

/// A kind of incident.
pub(super) struct Kind {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// Whether it is about one customer.
    pub(super) of_tenant: bool,
    pub(super) steps: &'static [Step],
}

const fn hand(id: &'static str, text: &'static str) -> Step {
    Step {
        id,
        text,
        sees: None,
    }
}

const fn seen(id: &'static str, text: &'static str, sees: Sees) -> Step {
    Step {
        id,
        text,
        sees: Some(sees),
    }
}

/// The runbook, in the order of docs/runbook.md.
pub(super) const RUNBOOK: &[Kind] = &[
    Kind {
        id: "machine_lost",
        title: "The machine is lost or stolen",
        of_tenant: false,
        steps: &[
            hand(
                "list",
                "Take the custody list that is kept away from the machine.",
            ),
            hand(
                "call",
                "Call each contact on it, production first, and have the client named deactivated.",
            ),
            seen(
                "forget",
                "Where this workspace is open on another machine: revoke and forget every account.",
                Sees::Forgotten,
            ),
            seen(
                "report",
                "Write the security report of each customer: it says what was on the machine.",
                Sees::ReportWritten,
            ),
            hand(
                "head",
                "Keep the newest audit export or report: its head dates what was done before the loss.",
            ),
            hand(
                "anew",
                "Connect on the new machine with new clients, never with the old secrets.",
            ),
        ],
    },
    Kind {
        id: "secret_leaked",
        title: "A secret has leaked",
        of_tenant: true,
        steps: &[
            seen(
                "audit",
                "Export the audit: it holds what was called with the secret from here.",
                Sees::AuditExported,
            ),
            seen(
                "rotate",
                "Ask the administrator for a new secret and rotate it.",
                Sees::Rotated,
            ),
            hand(
                "end",
                "Have the administrator end the old secret, or the client if it cannot be ended alone.",
            ),
            hand(
                "calls",
                "Ask the administrator for the provider's log since the leak, and hold it against the calls here.",
            ),
            hand(
                "tell",
                "Tell the customer's security contact what leaked, when, and what was done.",
            ),
        ],
    },
    Kind {
        id: "deletion_asked",
        title: "A customer asks for deletion",
        of_tenant: true,
        steps: &[
            seen(
                "report",
                "Write the security report: it says what is held.",
                Sees::ReportWritten,
            ),
            seen(
                "forget",
                "Revoke and forget every account of the customer.",
                Sees::Forgotten,
            ),
            seen("gone", "No record is stored any more.", Sees::RecordsGone),
            seen("remove", "Remove the customer.", Sees::TenantRemoved),
            hand(
                "copies",
                "Delete exports and reports of the customer; records in backups cannot be read without the keys.",
            ),
            hand(
                "confirm",
                "Confirm the deletion to the customer in writing.",
            ),
        ],
    },
    Kind {
        id: "wrong_eyes",
        title: "Somebody saw another customer's data",
        of_tenant: true,
        steps: &[
            hand("stop", "End the sharing of the screen and lock the window."),
            seen(
                "audit",
                "Export the audit: it holds what was opened and revealed.",
                Sees::AuditExported,
            ),
            seen(
                "report",
                "Write the security report of the customer whose data was seen.",
                Sees::ReportWritten,
            ),
            hand(
                "tell",
                "Tell the security contacts of both customers what was seen, by whom and for how long.",
            ),
            hand(
                "call_mode",
                "Share the screen only in a customer call (Ctrl-Shift-L) from now on.",
            ),
        ],
    },
    Kind {
        id: "audit_broken",
        title: "The audit is broken",
        of_tenant: false,
        steps: &[
            hand(
                "aside",
                "Quit the window and the daemon, and copy the workspace's folder aside: it is the evidence.",
            ),
            seen("export", "Export the audit as it is.", Sees::AuditExported),
            hand(
                "against",
                "Check it against the newest earlier export or report: xwalk audit verify --against FILE.",
            ),
            hand(
                "restore",
                "Restore a backup from before the break, if the rows matter more than what came after.",
            ),
            seen("sound", "The chain is unbroken.", Sees::AuditSound),
            hand(
                "tell",
                "If nothing explains it, treat every secret as leaked and tell the customers.",
            ),
        ],
    },
    Kind {
        id: "engineer_leaves",
        title: "An engineer leaves",
        of_tenant: false,
        steps: &[
            seen(
                "list",
                "Write the custody list: it is what is handed over.",
                Sees::CustodyWritten,
            ),
            hand(
                "mappings",
                "Export the mappings of each account as a bundle for the successor.",
            ),
            seen(
                "audit",
                "Export the audit and keep it.",
                Sees::AuditExported,
            ),
            seen(
                "forget",
                "Revoke and forget every account.",
                Sees::Forgotten,
            ),
            hand(
                "clients",
                "Have each client deactivated, or given a new secret that only the successor gets.",
            ),
            hand(
                "folder",
                "Delete the workspace's folder and its backups from the machine.",
            ),
        ],
    },
];

/// The kind with an id.
pub(super) fn kind(id: &str) -> Option<&'static Kind> {
    RUNBOOK.iter().find(|kind| kind.id == id)
}
