//! The page of the security report. Pure: facts in, HTML out.

use std::fmt::Write as _;

use crosswalk_vault::VaultKind;

use super::{Connection, Facts};
use crate::counted;
use crate::text::html::{begin, end, escaped, time};

/// A question, its answer, and where the answer comes from. Text and evidence are HTML of ours, their values escaped.
struct Answer {
    question: &'static str,
    text: String,
    evidence: String,
}

fn list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    if items.is_empty() {
        return "None.".to_owned();
    }
    items.join("<br>")
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

fn storage(facts: &Facts) -> Answer {
    let place = match facts.vault {
        Some(VaultKind::Keyring) => {
            "In the operating system's keyring of one machine, an entry for each connection"
        }
        Some(VaultKind::Passphrase) => {
            "In a vault file on one machine, sealed under a passphrase (Argon2id, AES-256-GCM)"
        }
        None => "No credential has been entered yet",
    };
    let set = facts.connections.iter().map(|connection| {
        let since = connection
            .credential
            .as_ref()
            .and_then(|credential| credential.secret_set_at);
        format!(
            "{}: client {}, secret since {}",
            code(&connection.account.id),
            connection
                .account
                .client_id
                .as_deref()
                .map_or_else(|| "–".to_owned(), code),
            time(since)
        )
    });
    Answer {
        question: "Where and how are credentials stored?",
        text: format!(
            "{place}. They are never in logs, exports, backups or process arguments. Tokens are sealed under the \
             connection's own key.<br>{}",
            list(set)
        ),
        evidence: format!(
            "Machine {}, program version {}, <code>xwalk doctor</code>",
            code(&facts.machine),
            facts.version
        ),
    }
}

fn access(facts: &Facts) -> Answer {
    Answer {
        question: "Who has access?",
        text: format!(
            "One engineer on one machine: a workspace is not shared, and there is no server of the software's maker and \
             no account with it. {}",
            facts.idle_lock.map_or_else(
                || "The idle lock of the window is off.".to_owned(),
                |minutes| format!(
                    "After {} without input the window refuses to reveal, export, write or revoke until somebody confirms \
                     to be there.",
                    counted(minutes, "minute", "minutes")
                )
            )
        ),
        evidence: format!(
            "User {} of {}; setting <code>idle_lock_minutes</code>",
            code(&facts.actor),
            code(&facts.machine)
        ),
    }
}

fn scopes(facts: &Facts) -> Answer {
    let rows = facts.connections.iter().map(|connection| {
        let Some(credential) = &connection.credential else {
            return format!(
                "{}: its connector is not at hand, so nothing is said",
                code(&connection.account.id)
            );
        };
        let since = time(Some(credential.scopes_observed_since));
        let scopes = credential.scopes.iter().map(|scope| {
            let granted = match scope.granted {
                Some(true) => "granted",
                Some(false) => "not granted",
                None => "grant not told by the provider",
            };
            let used = scope.used_at.map_or_else(
                || format!("not used since {since}"),
                |at| format!("last used {}", time(Some(at))),
            );
            let needed = if scope.needed { "needed" } else { "not needed" };
            format!("{} ({granted}, {needed}, {used})", code(&scope.scope))
        });
        let excess = if credential.excess.is_empty() {
            format!("None is known to be too much; their use is known since {since}.")
        } else {
            format!(
                "More than needed: {}.",
                credential
                    .excess
                    .iter()
                    .map(|scope| code(scope))
                    .collect::<Vec<_>>()
                    .join(" ")
            )
        };
        format!(
            "<b>{}</b>: {}<br>{excess}",
            escaped(&connection.account.id),
            list(scopes)
        )
    });
    Answer {
        question: "Which permissions are asked for, granted and used?",
        text: list(rows),
        evidence: "Tokens as the provider answered, calls of the audit within 90 days at most"
            .to_owned(),
    }
}

fn duties(facts: &Facts) -> Answer {
    let rows = facts.connections.iter().map(|connection| {
        format!(
            "{}: {} only, {}",
            code(&connection.account.id),
            escaped(&connection.account.purpose),
            escaped(&connection.account.kind)
        )
    });
    Answer {
        question: "How are reading and writing kept apart?",
        text: format!(
            "Reading and writing take separate connections with credentials of their own; a write with a reading one is \
             refused before it is sent. The one write there is, marking records as exported, needs a writing connection, \
             an explicit request and the tenant's name typed.<br>{}",
            list(rows)
        ),
        evidence: "Purpose of each connection: <code>xwalk account show</code>".to_owned(),
    }
}

fn paths(facts: &Facts) -> Answer {
    let rows = facts.connections.iter().map(|connection| {
        format!(
            "{}: {}",
            code(&connection.account.id),
            connection
                .origins
                .iter()
                .map(|origin| code(origin))
                .collect::<Vec<_>>()
                .join(" ")
        )
    });
    Answer {
        question: "Where do data and credentials travel, and from which addresses?",
        text: format!(
            "Only between this machine and the addresses below, over TLS; redirects are never followed. {} The address \
             they come from is that of the machine's network or proxy; the software cannot know it from inside.<br>{}",
            facts.proxy.as_deref().map_or_else(
                || "Calls go out directly, without a proxy.".to_owned(),
                |proxy| format!("Calls go through the proxy {}.", code(proxy))
            ),
            list(rows)
        ),
        evidence: format!(
            "Origins approved for each connection; settings <code>proxy</code>, <code>ca_file</code> ({})",
            if facts.own_certificates {
                "certificates of the company are trusted besides the system's"
            } else {
                "the system's certificates only"
            }
        ),
    }
}

fn region(facts: &Facts) -> Answer {
    Answer {
        question: "Where is the data kept?",
        text: format!(
            "On the engineer's machine only. {}",
            facts.tenant.region.as_deref().map_or_else(
                || "No region was noted for this customer.".to_owned(),
                |region| format!(
                    "The customer's data must stay in {}; this label is shown wherever data leaves the machine. It is a \
                     reminder: the software does not know where the machine is.",
                    escaped(region)
                )
            )
        ),
        evidence: "Region of the tenant: <code>xwalk tenant list</code>".to_owned(),
    }
}

fn retention(facts: &Facts) -> Answer {
    let rows = facts.connections.iter().map(|connection| {
        let kept = match connection.retention.days {
            0 => "records are never written to disk".to_owned(),
            days => format!("{} from the last fetch", counted(days, "day", "days")),
        };
        format!(
            "{}: {kept}; {} held now",
            code(&connection.account.id),
            counted(connection.records, "record", "records")
        )
    });
    Answer {
        question: "How long is data kept, and how is it deleted?",
        text: format!(
            "What is too old is removed daily and before each sync, from the database and its log; its id and times \
             stay. Deleting a connection or forgetting it destroys its key, with which its records are unreadable, in \
             backups too. Copies of the system's keyring and worn cells of a disk are outside what software can \
             promise.<br>{}",
            list(rows)
        ),
        evidence: "<code>xwalk account retention</code>; audit rows <code>records:purged</code>"
            .to_owned(),
    }
}

fn encryption(facts: &Facts) -> Answer {
    let sum = |of: fn(&Connection) -> usize| facts.connections.iter().map(of).max().unwrap_or(0);
    Answer {
        question: "How is data encrypted, and what of it is hidden?",
        text: format!(
            "Records and what is derived from their values are sealed with AES-256-GCM under a key for each connection. \
             In clear stay ids, times, sizes, counts, settings and the audit. The connectors name up to {} paths whose \
             values are masked until revealed, and {} that are never stored.",
            sum(|connection| connection.masked_paths),
            sum(|connection| connection.never_stored)
        ),
        evidence: "<code>docs/security.md</code>, <code>docs/security-columns.md</code>, the connector's definition"
            .to_owned(),
    }
}

fn reveals(facts: &Facts) -> Answer {
    let rows = facts.reveals.iter().map(|row| {
        format!(
            "{} by {}: {}",
            time(Some(row.at)),
            escaped(&row.actor),
            escaped(row.detail.as_deref().unwrap_or_default())
        )
    });
    Answer {
        question: "When were sensitive values last revealed?",
        text: list(rows),
        evidence: match facts.reveals.iter().map(|row| row.seq).max() {
            Some(seq) => format!("Audit rows <code>value:revealed</code>, the last is row {seq}"),
            None => "No audit row <code>value:revealed</code>".to_owned(),
        },
    }
}

fn audit(facts: &Facts) -> Answer {
    let verdict = &facts.audit;
    let state = if verdict.ok {
        format!(
            "The chain of {} is unbroken",
            counted(verdict.rows, "row", "rows")
        )
    } else {
        format!(
            "<b>The chain is broken at row {}</b> ({})",
            verdict.broken_at.unwrap_or_default(),
            escaped(verdict.fault.as_deref().unwrap_or("unknown"))
        )
    };
    let anchored = verdict.anchored_seq.map_or_else(
        || "it is anchored nowhere".to_owned(),
        |seq| format!("its head is anchored outside it up to row {seq}"),
    );
    Answer {
        question: "What is logged, and can the log be altered?",
        text: format!(
            "Every call and every change of configuration is a row of a hash chain. {state}, {anchored}. It proves \
             nothing against the engineer who owns the machine beyond what was handed out earlier: keep this page, and \
             a later check can be made against it."
        ),
        evidence: facts.head.as_ref().map_or_else(
            || "<code>xwalk audit verify</code>".to_owned(),
            |head| {
                format!(
                    "<code>xwalk audit verify</code>; head row {} {}",
                    head.seq,
                    code(&head.hash)
                )
            },
        ),
    }
}

fn incidents(facts: &Facts) -> Answer {
    let contacts = if facts.contacts.is_empty() {
        "No contact of the customer was noted.".to_owned()
    } else {
        format!("Contacts noted: {}.", escaped(&facts.contacts))
    };
    Answer {
        question: "What happens after an incident?",
        text: format!(
            "A runbook says what is done when the machine is lost, a secret leaks, or an engineer leaves. Revoking ends \
             tokens at the provider where it offers that, destroys the key and says what stays valid until when. \
             {contacts}"
        ),
        evidence: format!(
            "<code>docs/runbook.md</code>; custody list last written {}; newest of {} {}, no vault in any",
            time(facts.custody),
            counted(facts.backups.len(), "backup", "backups"),
            time(facts.backups.first().map(|backup| backup.created_at))
        ),
    }
}

fn changes(facts: &Facts) -> String {
    let mut table = String::from("<table><tr><th>When<th>Connection<th>What<th>By</tr>");
    let mut none = true;
    for connection in &facts.connections {
        for event in &connection.changes {
            none = false;
            let _ = write!(
                table,
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                time(Some(event.at)),
                escaped(&connection.account.id),
                escaped(&event.kind),
                escaped(&event.actor)
            );
        }
    }
    if none {
        return "<p>None.</p>".to_owned();
    }
    table.push_str("</table>");
    table
}

/// The report.
pub(super) fn page(facts: &Facts) -> String {
    let head = facts.head.as_ref();
    let mut page = format!(
        "{}<h1>Security of the connection to {}</h1><p><small>{} · {}</small></p>",
        begin(&format!("Security: {}", facts.tenant.name), head),
        escaped(&facts.tenant.name),
        escaped(&facts.tenant.id),
        time(Some(facts.at)),
    );
    page.push_str("<h2>Connections</h2><table><tr><th>Connection<th>System<th>Kind<th>Grant<th>Status<th>Token until</tr>");
    for connection in &facts.connections {
        let account = &connection.account;
        let until = account.token.as_ref().and_then(|token| token.expires_at);
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escaped(&account.id),
            escaped(&connection.label),
            escaped(&account.kind),
            escaped(&account.grant.replace('_', " ")),
            escaped(&account.status.replace('_', " ")),
            time(until)
        );
    }
    page.push_str("</table><h2>Questions</h2><table>");
    let answers = [
        storage, access, scopes, duties, paths, region, retention, encryption, reveals, audit,
        incidents,
    ];
    for answer in answers {
        let Answer {
            question,
            text,
            evidence,
        } = answer(facts);
        let _ = write!(
            page,
            "<tr><th scope=row>{question}</th><td>{text}<div class=evidence>Evidence: {evidence}</div></td></tr>"
        );
    }
    page.push_str("</table><h2>Newest changes of credentials</h2>");
    page.push_str(&changes(facts));
    page.push_str(&end(head));
    page
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::audit::check::{AuditHead, AuditVerdict};
    use crate::views::TenantSummary;

    fn facts() -> Facts {
        Facts {
            at: Timestamp::UNIX_EPOCH,
            version: "0.1.0",
            machine: "desk".into(),
            actor: "ann".into(),
            tenant: TenantSummary {
                id: "acme".into(),
                name: "<i>Acme</i>".into(),
                region: Some("EU & UK".into()),
            },
            contacts: "<script>alert(1)</script>".into(),
            vault: Some(VaultKind::Keyring),
            connections: Vec::new(),
            proxy: None,
            own_certificates: false,
            idle_lock: Some(15),
            audit: AuditVerdict {
                ok: false,
                rows: 3,
                anchored_seq: Some(3),
                broken_at: Some(2),
                fault: Some("edited".into()),
                head: None,
                compared: None,
                notes: Vec::new(),
            },
            head: Some(AuditHead {
                seq: 3,
                hash: "abc".into(),
            }),
            reveals: Vec::new(),
            backups: Vec::new(),
            custody: None,
        }
    }

    #[test]
    fn every_question_has_an_answer_with_its_evidence_and_values_are_text() {
        let page = page(&facts());
        assert!(!page.contains("<script") && !page.contains("<i>"));
        assert!(page.contains("EU &amp; UK"));
        assert_eq!(page.matches("Evidence: ").count(), 11);
        assert!(page.contains("broken at row 2"), "the truth is told");
        assert!(page.contains("row 3 <code>abc</code>"));
        assert_eq!(
            crate::text::html::head_of(&page),
            Some((3, "abc".to_owned()))
        );
        assert!(!page.contains("http"), "nothing from elsewhere");
    }
}
