//! Both sides of `contract-lint diff BASE HEAD`: two files, two folders, or what git holds of them.
//!
//! A [`place`] is found for each side. Base files get the paths that their counterparts have on the Head
//! side, so that a contract that moved or was given another name is still the same one; what a person
//! called them is kept beside that.

mod place;
mod twin;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::Settings;
use crate::model::source::{FileKind, Revision, SourceFile};

use super::kinds::document_kind;
use super::layout::{ancestors, join, parent};
use super::read::{Claim, Reading};
use super::{Discovered, Sets, Texts, documents, references};

use place::{Place, Wanted};
use twin::Twin;

/// Reads the contract files of both sides. A side that cannot be found is a problem that names it; one that git
/// knows to be absent from a revision is empty, and a note.
#[must_use]
pub fn compare(base: &str, head: &str, settings: &Settings) -> Discovered {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let wanted = [base, head].map(|given| Wanted::of(given, &here));
    let [base, head] = [(0, 1), (1, 0)].map(|(one, other)| wanted[one].place(&wanted[other], &here));
    let mut found = Discovered::default();
    match (base, head) {
        (Ok(base), Ok(head)) if base.is_nothing() && head.is_nothing() => {
            let message = format!("neither `{}` nor `{}` is there", base.given, head.given);
            found.problems.push(Problem::path(ProblemKind::BaseMissing, "", message));
        }
        (Ok(base), Ok(head)) => read_both(base, head, settings, &mut found),
        (base, head) => {
            for (given, why) in [(&wanted[0].given, base.err()), (&wanted[1].given, head.err())] {
                found.problems.extend(why.map(|why| Problem::path(ProblemKind::BaseMissing, given, why)));
            }
        }
    }
    found.problems.sort();
    found.problems.dedup();
    found
}

fn read_both(mut base: Place, mut head: Place, settings: &Settings, found: &mut Discovered) {
    for (place, other) in [(&base, &head), (&head, &base)] {
        if place.is_nothing() {
            let message = format!("not there, so all of `{}` is on one side only", other.given);
            found.problems.push(Problem::path(ProblemKind::Note, &place.given, message));
        }
    }
    if let Err(why) = meet(&mut base, &mut head, settings) {
        found.problems.push(Problem::path(ProblemKind::BaseMissing, "", why));
        return;
    }
    let is_set = |path: &&str| document_kind(path) == FileKind::DescriptorSet;
    let [base_main, head_main] = [&base.main, &head.main].map(|main| main.as_deref().filter(|path| !is_set(path)));
    let twin = Twin::of(base_main, head_main);
    let (mut base, head) =
        rayon::join(|| Side::read(&mut base, twin, settings), || Side::read(&mut head, Twin::default(), settings));
    base.share(&head);
    base.deliver(Revision::Base, found);
    head.deliver(Revision::Head, found);
}

/// Where a file is to be compared with a folder, the file of that folder that it can only mean is the other side.
fn meet(base: &mut Place, head: &mut Place, settings: &Settings) -> Result<(), String> {
    // A compiled set is a folder of its own.
    if [&base.main, &head.main].into_iter().flatten().any(|path| document_kind(path) == FileKind::DescriptorSet) {
        return Ok(());
    }
    let (file, folder) = match (&base.main, &head.main) {
        (Some(_), None) if !head.is_nothing() => (base, head),
        (None, Some(_)) if !base.is_nothing() => (head, base),
        _ => return Ok(()),
    };
    let name = file.main.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let mut same = folder.documents(settings);
    if same.iter().filter(|path| path.rsplit('/').next() == Some(name)).count() > 0 {
        same.retain(|path| path.rsplit('/').next() == Some(name));
    } else {
        same.retain(|path| matches!(folder.read(path, document_kind(path), Claim::Found), Reading::Text(_)));
    }
    match same.as_slice() {
        [only] => {
            folder.main = Some(only.clone());
            Ok(())
        }
        [] => Err(format!("`{}` has no contract that `{}` could be compared with", folder.given, file.given)),
        _ => Err(format!("`{}` could stand for several files of `{}`: name one", file.given, folder.given)),
    }
}

/// One side on its way.
struct Side<'a> {
    place: &'a mut Place,
    twin: Twin,
    /// By the paths of reports.
    texts: Texts,
    sets: Sets,
    problems: Vec<Problem>,
}

impl<'a> Side<'a> {
    fn read(place: &'a mut Place, twin: Twin, settings: &Settings) -> Self {
        let mut side = Self { place, twin, texts: Texts::new(), sets: Sets::new(), problems: Vec::new() };
        match side.place.main.clone() {
            // Whoever names a file means it, whatever it is called.
            Some(path) => drop(side.keep(&path, Claim::Named)),
            None => {
                for path in side.place.documents(settings) {
                    side.keep(&path, Claim::Found);
                }
            }
        }
        side.follow_imports();
        side.follow_references();
        side
    }

    /// Most files of two revisions are the same: their text is kept once.
    fn share(&mut self, other: &Self) {
        for (path, (_, text)) in &mut self.texts {
            if let Some((_, same)) = other.texts.get(path).filter(|(_, same)| same == text) {
                *text = Arc::clone(same);
            }
        }
    }

    /// Reads a file by its path in the place, and gives its text if it has one.
    fn keep(&mut self, path: &str, claim: Claim) -> Option<Arc<str>> {
        let kind = document_kind(path);
        match self.place.read(path, kind, claim) {
            Reading::Text(text) => {
                self.texts.insert(self.twin.path_of(path), (kind, Arc::clone(&text)));
                Some(text)
            }
            Reading::Set(bytes) => {
                self.sets.insert(self.twin.path_of(path), bytes);
                None
            }
            Reading::Deployment(_) | Reading::Environment(_) | Reading::NotOurs => None,
            Reading::Lost(kind, why) => {
                self.problems.push(Problem::path(kind, self.place.shown(path), why));
                None
            }
        }
    }

    fn follow_references(&mut self) {
        let start = self.texts.clone();
        references::follow(documents(&start), |_, path| {
            let path = self.twin.place_of(path)?;
            self.place.has(&path).then(|| self.keep(&path, Claim::Named))?
        });
    }

    /// An imported file is found below the nearest folder around the importing one that has it, which is the same
    /// for all files of a folder.
    fn follow_imports(&mut self) {
        let is_proto = |(path, (kind, text)): (&String, &(FileKind, Arc<str>))| {
            (*kind == FileKind::Proto).then(|| (path.clone(), Arc::clone(text)))
        };
        let mut open: Vec<(String, Arc<str>)> = self.texts.iter().filter_map(is_proto).collect();
        let mut followed = BTreeSet::new();
        while let Some((from, text)) = open.pop() {
            let folder = parent(&from);
            for target in references::imports(&text) {
                if !followed.insert((folder.to_owned(), target.clone())) {
                    continue;
                }
                let found = self.find(folder, &target);
                let Some(path) = found.filter(|path| !self.texts.contains_key(&self.twin.path_of(path))) else {
                    continue;
                };
                if let Some(text) = self.keep(&path, Claim::Named) {
                    open.push((self.twin.path_of(&path), text));
                }
            }
        }
    }

    /// The file of the place that an import in a folder means.
    fn find(&mut self, folder: &str, target: &str) -> Option<String> {
        let Self { place, twin, texts, .. } = self;
        let mut paths = ancestors(folder).filter_map(|folder| twin.place_of(&join(folder, target)));
        paths.find(|path| texts.contains_key(&twin.path_of(path)) || place.has(path))
    }

    fn deliver(self, revision: Revision, found: &mut Discovered) {
        let Self { place, twin, texts, sets, problems } = self;
        let known_as = |path: &str| twin.place_of(path).map(|path| place.shown(&path)).filter(|shown| shown != path);
        for (path, (kind, text)) in texts {
            let mut file = SourceFile::new(path, revision, kind, text);
            file.known_as = known_as(&file.path);
            found.sources.push(file);
        }
        for (path, bytes) in sets {
            let mut file = SourceFile::new(path, revision, FileKind::DescriptorSet, "");
            file.known_as = known_as(&file.path);
            file.bytes = Some(bytes);
            found.sources.push(file);
        }
        found.problems.extend(problems);
    }
}
