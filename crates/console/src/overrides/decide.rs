//! What a change of an override comes to, decided from what was typed and the versions there are.

use crosswalk_connector::FieldType;
use crosswalk_mapping::{Lineage, line_column};
use crosswalk_workspace::mapping_override::{Action, NewVersion, Scope, Target, Version};

use crate::Fault;
use crate::overrides::OverrideChange;

/// What a change comes to: what the version will say.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) action: Action,
    pub(crate) added_type: Option<String>,
    pub(crate) restored: Option<u64>,
}

impl Said {
    /// The version that says it.
    pub(crate) fn version_of(
        self,
        scope: Scope,
        target: Target,
        definition_digest: Option<String>,
        note: Option<String>,
    ) -> NewVersion {
        NewVersion {
            scope,
            target,
            action: self.action,
            added_type: self.added_type,
            restored_version: self.restored,
            definition_digest,
            note,
        }
    }
}

/// An expression that does not compile, as a failure.
fn not_compiled(expression: &str, error: &crosswalk_mapping::ExpressionError) -> Fault {
    let place = error.position().map_or_else(String::new, |position| {
        let (line, column) = line_column(expression, position);
        format!(" (line {line}, column {column})")
    });
    Fault::invalid(
        error.code(),
        format!("The expression does not compile: {error}{place}."),
        error.hint(),
    )
}

/// A field's type as it was typed: `decimal`, `Ref`, or JSON such as `{"list": "string"}`.
pub(crate) fn read_type(text: &str) -> Result<String, Fault> {
    let text = text.trim();
    let typed: Option<FieldType> = if text.chars().all(|one| one.is_alphanumeric() || one == '_') {
        serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
    } else {
        serde_json::from_str(text).ok()
    };
    let known = typed.and_then(|typed| serde_json::to_string(&typed).ok());
    known.ok_or_else(|| {
        Fault::invalid(
            "invalid_type",
            format!("{text:?} is no type of a field."),
            "Use string, id, integer, decimal, boolean, date, timestamp, currency, country, any, a shared type, \
             or JSON such as {\"list\":\"string\"} or {\"enum\":[\"a\",\"b\"]}.",
        )
    })
}

/// `null` as an expression takes the field away, as it does in a mapping.
fn said(expression: String, field_type: Option<&str>) -> Result<Said, Fault> {
    let added_type = field_type.map(read_type).transpose()?;
    if expression.trim() == "null" {
        return Ok(Said {
            action: Action::Remove,
            added_type,
            restored: None,
        });
    }
    if let Err(error) = Lineage::of(&expression) {
        return Err(not_compiled(&expression, &error));
    }
    Ok(Said {
        action: Action::Set(expression),
        added_type,
        restored: None,
    })
}

fn of_version(version: &Version, restored: u64) -> Said {
    Said {
        action: version.action.clone(),
        added_type: version.added_type.clone(),
        restored: Some(restored),
    }
}

fn no_version(version: u64, field: &str) -> Fault {
    Fault::invalid(
        "not_found",
        format!("There is no version {version} of {field} at this level."),
        "`xwalk map history` lists those there are.",
    )
}

/// That somebody said something else since.
pub(crate) fn changed_since(field: &str, latest: &Version) -> Fault {
    Fault::failed(
        "override_changed",
        format!(
            "{field} was changed since, by {}: version {} is in force at this level.",
            latest.actor, latest.version
        ),
        "Nothing was written. Look at its history, and restore the version you want.",
    )
}

/// The version that has to be the latest still when a change is written; none where any may be.
pub(crate) fn only_over(change: &OverrideChange, history: &[Version]) -> Option<u64> {
    match change {
        OverrideChange::TakeBack(_) => history.first().map(|latest| latest.version),
        _ => None,
    }
}

/// What was said before the version `saved`, as long as nothing else was said since; none where that was nothing.
fn before(saved: u64, history: &[Version], field: &str) -> Result<Option<Said>, Fault> {
    let latest = history.first().ok_or_else(|| no_version(saved, field))?;
    // A version that was brought back stands again: of two saved ones the second is taken back, then the first.
    if latest.version != saved && latest.restored_version != Some(saved) {
        return Err(changed_since(field, latest));
    }
    let wanted = saved.saturating_sub(1);
    if wanted == 0 {
        return Ok(None);
    }
    let held = history.iter().find(|held| held.version == wanted);
    let held = held.ok_or_else(|| no_version(wanted, field))?;
    Ok(Some(of_version(held, wanted)))
}

/// What a change comes to, on the versions there are, newest first.
pub(crate) fn decide(
    change: &OverrideChange,
    history: &[Version],
    field: &str,
) -> Result<Said, Fault> {
    let latest_type = history.first().and_then(|latest| latest.added_type.clone());
    let nothing = Said {
        action: Action::Inherit,
        added_type: None,
        restored: None,
    };
    let decided = match change {
        OverrideChange::Set {
            expression,
            field_type,
        } => {
            let mut said = said(expression.clone(), field_type.as_deref())?;
            // A field that was added stays what it is.
            said.added_type = said.added_type.or(latest_type);
            said
        }
        OverrideChange::Remove => Said {
            action: Action::Remove,
            added_type: latest_type,
            restored: None,
        },
        OverrideChange::Inherit => nothing,
        OverrideChange::Restore(wanted) => history
            .iter()
            .find(|held| held.version == *wanted)
            .map(|held| of_version(held, *wanted))
            .ok_or_else(|| no_version(*wanted, field))?,
        OverrideChange::TakeBack(saved) => before(*saved, history, field)?.unwrap_or(nothing),
        OverrideChange::Undo => match history {
            [] => {
                return Err(Fault::invalid(
                    "nothing_to_undo",
                    format!("{field} was never changed at this level."),
                    "Nothing was written.",
                ));
            }
            [_] => nothing,
            [_, before, ..] => of_version(before, before.version),
        },
    };
    let same = match history.first() {
        Some(latest) => latest.action == decided.action && latest.added_type == decided.added_type,
        None => decided.action == Action::Inherit,
    };
    if same {
        return Err(Fault::invalid(
            "nothing_changed",
            format!("{field} says this already at this level."),
            "Nothing was written.",
        ));
    }
    Ok(decided)
}

/// A version that was not saved.
pub(crate) fn draft_version(scope: Scope, target: &Target, said: &Said) -> Version {
    Version {
        scope,
        target: target.clone(),
        version: 0,
        action: said.action.clone(),
        added_type: said.added_type.clone(),
        restored_version: said.restored,
        definition_digest: None,
        note: None,
        actor: String::new(),
        at: jiff::Timestamp::UNIX_EPOCH,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use crosswalk_workspace::AccountId;
    use crosswalk_workspace::mapping_override::Side;

    use super::*;

    fn history(actions: &[Action]) -> Vec<Version> {
        let target = Target {
            side: Side::Response,
            model: "m/x".to_owned(),
            resource: None,
            field: "f".to_owned(),
        };
        let scope = Scope::Account(AccountId::new());
        let mut versions: Vec<Version> = (1..)
            .zip(actions)
            .map(|(version, action)| {
                let said = Said {
                    action: action.clone(),
                    added_type: None,
                    restored: None,
                };
                Version {
                    version,
                    ..draft_version(scope, &target, &said)
                }
            })
            .collect();
        versions.reverse();
        versions
    }

    fn set(expression: &str) -> Action {
        Action::Set(expression.to_owned())
    }

    fn write(expression: &str) -> OverrideChange {
        OverrideChange::Set {
            expression: expression.to_owned(),
            field_type: None,
        }
    }

    #[test]
    fn what_a_change_comes_to() {
        use OverrideChange::{Inherit, Remove, Restore, Undo};
        let two = [set("a"), set("b")];
        for (change, actions, decided) in [
            (write("a"), &[][..], Ok((set("a"), None))),
            (write("null"), &[], Ok((Action::Remove, None))),
            (write("a"), &[set("a")], Err("nothing_changed")),
            (write("a +"), &[], Err("expression_syntax")),
            (write("/(?=x)/"), &[], Err("expression_unsupported")),
            (Remove, &[set("a")], Ok((Action::Remove, None))),
            (Inherit, &[set("a")], Ok((Action::Inherit, None))),
            (Inherit, &[], Err("nothing_changed")),
            (Restore(1), &two, Ok((set("a"), Some(1)))),
            (Restore(2), &two, Err("nothing_changed")),
            (Restore(3), &two, Err("not_found")),
            (Undo, &two, Ok((set("a"), Some(1)))),
            (Undo, &[set("a")], Ok((Action::Inherit, None))),
            (Undo, &[], Err("nothing_to_undo")),
        ] {
            let result = decide(&change, &history(actions), "f");
            let result = result
                .map(|said| (said.action, said.restored))
                .map_err(|fault| fault.code);
            assert_eq!(
                result,
                decided.map_err(str::to_owned),
                "{change:?} on {actions:?}"
            );
        }
    }

    #[test]
    fn only_what_is_in_force_is_taken_back() {
        let two = [set("a"), set("b")];
        for (saved, actions, brought_back, decided) in [
            (1, &[set("a")][..], None, Ok((Action::Inherit, None))),
            (2, &two, None, Ok((set("a"), Some(1)))),
            // Somebody saved `b` over it.
            (1, &two, None, Err("override_changed")),
            // The second was taken back before, which brought the first back.
            (
                1,
                &[set("a"), set("b"), set("a")],
                Some(1),
                Ok((Action::Inherit, None)),
            ),
            (
                2,
                &[set("a"), set("b"), set("a")],
                Some(1),
                Err("override_changed"),
            ),
            (1, &[], None, Err("not_found")),
            (
                2,
                &[set("a"), Action::Inherit],
                None,
                Ok((set("a"), Some(1))),
            ),
        ] {
            let mut versions = history(actions);
            if let Some(latest) = versions.first_mut() {
                latest.restored_version = brought_back;
            }
            let change = OverrideChange::TakeBack(saved);
            let result = decide(&change, &versions, "f")
                .map(|said| (said.action, said.restored))
                .map_err(|fault| fault.code);
            assert_eq!(
                result,
                decided.map_err(str::to_owned),
                "{saved} on {actions:?}"
            );
            let latest = u64::try_from(actions.len()).ok().filter(|len| *len > 0);
            assert_eq!(only_over(&change, &versions), latest);
        }
        assert_eq!(only_over(&OverrideChange::Undo, &history(&two)), None);
    }

    #[test]
    fn types_are_words_or_json() {
        for (text, known) in [
            ("decimal", Some("\"decimal\"")),
            ("Ref", Some("\"Ref\"")),
            ("{\"list\":\"string\"}", Some("{\"list\":\"string\"}")),
            ("{\"lst\":\"string\"}", None),
        ] {
            assert_eq!(read_type(text).ok().as_deref(), known, "{text}");
        }
    }
}
