//! All connectors at hand.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use indexmap::IndexMap;

use crate::problem::Problem;
use crate::{Definition, Digest, Models, files, load};

/// All connectors at hand: those in the binary, and those of a workspace's `connectors/` folder.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    definitions: IndexMap<String, Arc<Definition>>,
    models: Arc<Models>,
}

/// What came of loading a folder.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// What can be used.
    pub catalogue: Catalogue,
    /// What is wrong; the definitions concerned are left out, or stay as they came with the program.
    pub problems: Vec<Problem>,
    /// Definitions that would take the place of a built-in one and are not approved.
    pub shadowing: Vec<Shadowing>,
}

/// A definition in the workspace that would take the place of a built-in one. The built-in one stays in use until the user approves
/// `workspace_digest`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Shadowing {
    /// The name of both.
    pub name: String,
    /// The one in use.
    pub builtin_digest: Digest,
    /// The one waiting.
    pub workspace_digest: Digest,
    /// Whether it would also send secrets elsewhere or otherwise.
    pub changes_trust: bool,
}

impl Catalogue {
    /// What is in the binary, with its problems (none in a build that passed its tests).
    pub fn builtin() -> &'static Loaded {
        static LOADED: LazyLock<Loaded> = LazyLock::new(|| {
            let read = load::read(&files::builtin(), &Models::default(), true);
            let definitions = read
                .definitions
                .into_iter()
                .map(|(name, one)| (name, Arc::new(one)))
                .collect();
            let catalogue = Catalogue {
                definitions,
                models: read.models,
            };
            Loaded {
                catalogue,
                problems: read.problems,
                shadowing: Vec::new(),
            }
        });
        &LOADED
    }

    /// What is in the binary, and what `folder` adds. A definition of the same name as a built-in one takes its place only if its digest is
    /// in `approved`. A missing folder adds nothing.
    pub fn load(folder: &Path, approved: &BTreeSet<Digest>) -> Loaded {
        Self::builtin().clone().with_folder(folder, approved)
    }

    /// Reads a folder for its author: one connector's (it holds `connector.yaml`), or one of several. Models come from the binary and from the
    /// folder's own `models/`. A connector may have a built-in one's name here.
    pub fn check(folder: &Path) -> Loaded {
        let (mut files, mut problems) = files::on_disk(folder);
        if files.contains_key("connector.yaml") {
            let name = folder.canonicalize().ok();
            let name = name
                .as_deref()
                .and_then(Path::file_name)
                .and_then(|name| name.to_str())
                .unwrap_or("connector");
            files = files
                .into_iter()
                .map(|(path, bytes)| (format!("{name}/{path}"), bytes))
                .collect();
        } else if files.is_empty() && problems.is_empty() {
            problems.push(files::unreadable("", "there is nothing in this folder"));
        }
        let read = load::read(&files, Self::builtin().catalogue.models(), false);
        problems.extend(read.problems);
        let definitions = read
            .definitions
            .into_iter()
            .map(|(name, one)| (name, Arc::new(one)))
            .collect();
        Loaded {
            catalogue: Catalogue {
                definitions,
                models: read.models,
            },
            problems,
            shadowing: Vec::new(),
        }
    }

    /// The definition of this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Definition>> {
        self.definitions.get(name)
    }

    /// The definition with this digest.
    pub fn by_digest(&self, digest: &Digest) -> Option<&Arc<Definition>> {
        self.definitions
            .values()
            .find(|definition| definition.digest == *digest)
    }

    /// Every definition, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.definitions.values()
    }

    /// The unified models.
    pub fn models(&self) -> &Arc<Models> {
        &self.models
    }
}

impl Loaded {
    /// Adds what a folder holds, as [`Catalogue::load`] does to the built-in ones.
    #[must_use]
    pub fn with_folder(mut self, folder: &Path, approved: &BTreeSet<Digest>) -> Self {
        let (files, unreadable) = files::on_disk(folder);
        self.problems.extend(unreadable);
        let read = load::read(&files, &self.catalogue.models, false);
        self.problems.extend(read.problems);
        self.catalogue.models = read.models;
        for (name, definition) in read.definitions {
            let present = self.catalogue.definitions.get(&name);
            if present.is_some_and(|present| present.digest == definition.digest) {
                continue;
            }
            if let Some(present) = present
                && !approved.contains(&definition.digest)
            {
                self.shadowing.push(Shadowing {
                    name,
                    builtin_digest: present.digest.clone(),
                    changes_trust: present.trust_digest != definition.trust_digest,
                    workspace_digest: definition.digest,
                });
                continue;
            }
            self.catalogue
                .definitions
                .insert(name, Arc::new(definition));
        }
        self
    }
}
