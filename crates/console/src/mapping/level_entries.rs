//! What each level says of a field or a filter, with who wrote it, when and why.

use crosswalk_mapping::{Level, Override};
use crosswalk_workspace::mapping_override::{Action, Scope, Side, Version};

use crate::mapping::levels::Levels;
use crate::mapping::views::LevelEntry;

/// Whether a version is what a level says of `name`, for records of `resource` or, with `resource` none, for those of
/// every resource alone.
fn speaks(
    version: &Version,
    level: Level,
    (side, name, resource): (Side, &str, Option<&str>),
) -> bool {
    let at = match version.scope {
        Scope::Environment(_) => Level::Environment,
        Scope::Account(_) => Level::Account,
    };
    let target = &version.target;
    let of = target.resource.as_deref();
    at == level
        && target.side == side
        && target.field == name
        && of.is_none_or(|of| Some(of) == resource)
        && version.action != Action::Inherit
}

/// What the levels say of the field, or for [`Side::Request`] of the filter, called `name`; in the order given.
pub(crate) fn level_entries<'o>(
    said: impl IntoIterator<Item = (Level, &'o Override)>,
    name: &str,
    side: Side,
    levels: &Levels,
    resource: &str,
) -> Vec<LevelEntry> {
    said.into_iter()
        .map(|(level, entry)| {
            let versions = levels.versions.iter();
            // One for the resource wins over one for every resource.
            let version = versions
                .filter(|version| speaks(version, level, (side, name, Some(resource))))
                .filter(|version| version.version.to_string() == entry.version)
                .max_by_key(|version| version.target.resource.is_some());
            let of = |read: fn(&Version) -> Option<String>| version.and_then(read);
            LevelEntry {
                level: level.to_string(),
                expression: entry.expression.clone(),
                version: entry.version.clone(),
                resource: match version {
                    Some(version) => version.target.resource.clone(),
                    None => Some(resource.to_owned()),
                },
                hides_general: version.is_some_and(|version| version.target.resource.is_some())
                    && levels
                        .versions
                        .iter()
                        .any(|version| speaks(version, level, (side, name, None))),
                at: version.map(|version| version.at),
                actor: of(|version| Some(version.actor.clone())),
                note: of(|version| version.note.clone()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crosswalk_workspace::AccountId;
    use crosswalk_workspace::mapping_override::Target;

    use super::*;
    use crate::overrides::decide::{Said, draft_version};

    fn version(side: Side, resource: Option<&str>, action: Action, note: &str) -> Version {
        let target = Target {
            side,
            model: "m/x".to_owned(),
            resource: resource.map(str::to_owned),
            field: "status".to_owned(),
        };
        let said = Said {
            action,
            added_type: None,
            restored: None,
        };
        Version {
            version: 1,
            note: Some(note.to_owned()),
            ..draft_version(Scope::Account(AccountId::new()), &target, &said)
        }
    }

    #[test]
    fn a_level_is_told_with_the_version_that_says_it() {
        let set = || Action::Set("x".to_owned());
        let versions = vec![
            version(Side::Response, None, set(), "field"),
            version(Side::Request, None, set(), "filter"),
            version(Side::Request, Some("xs"), Action::Inherit, "silent"),
            version(Side::Request, Some("ys"), set(), "filter of ys"),
        ];
        let levels = Levels {
            versions,
            ..Levels::default()
        };
        let said = Override::new(Some("x".to_owned()), "1");
        for (side, resource, level, note, of) in [
            (Side::Response, "xs", Level::Account, Some("field"), None),
            (Side::Request, "xs", Level::Account, Some("filter"), None),
            (
                Side::Request,
                "ys",
                Level::Account,
                Some("filter of ys"),
                Some("ys"),
            ),
            (Side::Request, "xs", Level::Connector, None, Some("xs")),
            (Side::Request, "xs", Level::Environment, None, Some("xs")),
        ] {
            let entries = level_entries([(level, &said)], "status", side, &levels, resource);
            let found: Vec<(Option<&str>, Option<&str>)> = entries
                .iter()
                .map(|entry| (entry.note.as_deref(), entry.resource.as_deref()))
                .collect();
            assert_eq!(found, [(note, of)], "{side:?} of {resource} at {level}");
        }
    }

    #[test]
    fn what_is_said_for_one_resource_hides_what_its_level_says_for_every_one() {
        let set = || Action::Set("x".to_owned());
        let said = Override::new(Some("x".to_owned()), "1");
        for (general, resource, hides) in [
            (set(), Some("xs"), true),
            (Action::Inherit, Some("xs"), false),
            (set(), None, false),
        ] {
            let versions = vec![
                version(Side::Response, None, general, "every"),
                version(Side::Response, resource, set(), "one"),
            ];
            let levels = Levels {
                versions,
                ..Levels::default()
            };
            let entries = level_entries(
                [(Level::Account, &said), (Level::Connector, &said)],
                "status",
                Side::Response,
                &levels,
                "xs",
            );
            let found: Vec<bool> = entries.iter().map(|entry| entry.hides_general).collect();
            assert_eq!(found, [hides, false], "{resource:?}");
        }
    }
}
