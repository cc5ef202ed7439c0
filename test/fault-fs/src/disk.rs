//! What a disk holds, and what of it outlasts a power cut. A model without a file system: names, ids and contents.
//!
//! It is as strict as POSIX allows, stricter than most file systems:
//! - a file's contents are those of its last fsync; one that was never synced is empty;
//! - a name is there, or gone, once its directory was synced: fsync of a file alone makes no name durable;
//! - a rename happens whole or not at all, also between two directories, and replaces what had the name;
//! - a change that a durable one builds on (the file that was then renamed) is durable with it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// A file or directory, whatever its names. Never used again.
pub type Id = u64;

/// The topmost directory, which is always there.
pub const ROOT: Id = 1;

type Names = BTreeMap<OsString, Id>;
type Place = (Id, OsString);

/// A name that is set to an id, or removed.
#[derive(Debug)]
struct Edit {
    place: Place,
    id: Option<Id>,
}

/// What stands after a power cut.
#[derive(Debug, PartialEq, Eq)]
pub enum Survivor<'a, Contents> {
    /// A directory.
    Directory,
    /// A file, and its contents as last synced.
    File(Option<&'a Contents>),
}

/// Names as they are, names as they are durable, and contents as last synced.
#[derive(Debug)]
pub struct Disk<Contents> {
    next: Id,
    directories: HashMap<Id, Names>,
    places: HashMap<Id, Vec<Place>>,
    /// Changes that are not durable, in order; the edits of one happen together.
    pending: Vec<Vec<Edit>>,
    durable: HashMap<Id, Names>,
    synced: HashMap<Id, Contents>,
}

impl<Contents> Default for Disk<Contents> {
    fn default() -> Self {
        let root = || HashMap::from([(ROOT, Names::new())]);
        Self {
            next: ROOT + 1,
            directories: root(),
            places: HashMap::new(),
            pending: Vec::new(),
            durable: root(),
            synced: HashMap::new(),
        }
    }
}

impl<Contents> Disk<Contents> {
    /// What has this name.
    pub fn find(&self, directory: Id, name: &OsStr) -> Option<Id> {
        self.directories.get(&directory)?.get(name).copied()
    }

    /// Names of a directory.
    pub fn list(&self, directory: Id) -> impl Iterator<Item = (&OsStr, Id)> {
        self.directories.get(&directory).into_iter().flatten().map(|(name, id)| (name.as_os_str(), *id))
    }

    /// Whether this is a directory.
    pub fn is_directory(&self, id: Id) -> bool {
        self.directories.contains_key(&id)
    }

    /// One of its paths, from the root; None where it has no name any more.
    pub fn path(&self, id: Id) -> Option<PathBuf> {
        if id == ROOT {
            return Some(PathBuf::new());
        }
        let (directory, name) = self.places.get(&id)?.first()?;
        Some(self.path(*directory)?.join(name))
    }

    /// A new file of that name.
    pub fn make_file(&mut self, directory: Id, name: &OsStr) -> Id {
        let id = self.next;
        self.next += 1;
        self.link(id, directory, name);
        id
    }

    /// A new directory of that name.
    pub fn make_directory(&mut self, directory: Id, name: &OsStr) -> Id {
        let id = self.make_file(directory, name);
        self.directories.insert(id, Names::new());
        self.durable.insert(id, Names::new());
        id
    }

    /// One more name of what there is.
    pub fn link(&mut self, id: Id, directory: Id, name: &OsStr) {
        self.change(vec![Edit { place: (directory, name.to_owned()), id: Some(id) }]);
    }

    /// Removes a name.
    pub fn remove(&mut self, directory: Id, name: &OsStr) {
        self.change(vec![Edit { place: (directory, name.to_owned()), id: None }]);
    }

    /// Gives what has the first name the second one.
    pub fn rename(&mut self, from: (Id, &OsStr), to: (Id, &OsStr)) {
        let id = self.find(from.0, from.1);
        let edit = |(directory, name): (Id, &OsStr), id| Edit { place: (directory, name.to_owned()), id };
        self.change(vec![edit(from, None), edit(to, id)]);
    }

    /// The contents of a file are durable from now on.
    pub fn sync_file(&mut self, id: Id, contents: Contents) {
        self.synced.insert(id, contents);
    }

    /// The names of a directory are durable from now on.
    pub fn sync_directory(&mut self, directory: Id) {
        // From the last change back: what a durable one touches, an earlier one must have touched durably.
        let mut touched = BTreeSet::new();
        let mut stay = Vec::new();
        let mut durable = Vec::new();
        for change in std::mem::take(&mut self.pending).into_iter().rev() {
            let is_durable = change.iter().any(|edit| edit.place.0 == directory || touched.contains(&edit.place));
            if is_durable {
                touched.extend(change.iter().map(|edit| edit.place.clone()));
                durable.push(change);
            } else {
                stay.push(change);
            }
        }
        stay.reverse();
        self.pending = stay;
        for edit in durable.into_iter().rev().flatten() {
            apply(&mut self.durable, &edit);
        }
    }

    /// All that stands after a power cut, parents first.
    pub fn survivors(&self) -> Vec<(PathBuf, Survivor<'_, Contents>)> {
        let mut all = Vec::new();
        let mut below = vec![(PathBuf::new(), ROOT)];
        while let Some((path, id)) = below.pop() {
            for (name, id) in self.durable.get(&id).into_iter().flatten() {
                let path = path.join(name);
                if self.is_directory(*id) {
                    all.push((path.clone(), Survivor::Directory));
                    below.push((path, *id));
                } else {
                    all.push((path, Survivor::File(self.synced.get(id))));
                }
            }
        }
        all
    }

    fn change(&mut self, change: Vec<Edit>) {
        for edit in &change {
            if let Some(old) = self.find(edit.place.0, &edit.place.1) {
                self.places.entry(old).or_default().retain(|place| *place != edit.place);
            }
            apply(&mut self.directories, edit);
            if let Some(id) = edit.id {
                self.places.entry(id).or_default().push(edit.place.clone());
            }
        }
        self.pending.push(change);
    }
}

fn apply(directories: &mut HashMap<Id, Names>, edit: &Edit) {
    let names = directories.entry(edit.place.0).or_default();
    match edit.id {
        Some(id) => names.insert(edit.place.1.clone(), id),
        None => names.remove(&edit.place.1),
    };
}

#[cfg(test)]
#[path = "disk_tests.rs"]
mod tests;
