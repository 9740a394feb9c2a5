//! Reads commits from the object store of a clone, through the `git` program, without touching the
//! clone: no checkout, no fetch, no lock, no index.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::model::source::FileKind;

use super::read::{self, Claim, Reading};

/// The root of the repository around a path.
pub(super) fn root_above(path: &Path) -> Option<PathBuf> {
    path.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_path_buf)
}

/// A clone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Repository {
    /// Canonical path of its root.
    pub(super) root: PathBuf,
}

/// What a comparison starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) commit: String,
    /// What should be known of it.
    pub(super) note: Option<String>,
}

/// An entry of a commit's tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: EntryKind,
    /// Object id in hexadecimal.
    pub(super) id: String,
    /// Path from the root of the repository.
    pub(super) path: String,
}

/// What a tree holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntryKind {
    File,
    /// A symbolic link; its content is the target.
    Link,
    /// A submodule; its id is a commit of another repository.
    Submodule,
}

impl Repository {
    /// The commit that a revision names, in any syntax of `git rev-parse`; `A...B` is the merge base.
    /// The error is what git says, which may be nothing.
    pub(super) fn commit(&self, revision: &str) -> Result<String, String> {
        let object = match revision.split_once("...") {
            Some((left, right)) => {
                let (left, right) = (self.object(or_head(left))?, self.object(or_head(right))?);
                self.line(&["merge-base", &left, &right])?
            }
            None => self.object(revision)?,
        };
        // In a second step, since `:/text^{commit}` would look for another text.
        self.object(&format!("{object}^{{commit}}"))
    }

    /// The commit that a comparison with a revision starts from. A branch goes on after another one has left it, and
    /// what is new there is nobody's loss: so it is the commit where `HEAD` and the branch parted. Anything else is
    /// meant as it is.
    pub(super) fn start(&self, revision: &str) -> Result<Start, String> {
        if let Some(merged) = self.merged_into(revision) {
            return Ok(Start { commit: merged, note: None });
        }
        let commit = self.commit(revision)?;
        if !self.is_branch(revision) {
            return Ok(Start { commit, note: None });
        }
        if let Ok(parted) = self.line(&["merge-base", &commit, "HEAD"])
            && !parted.is_empty()
        {
            return Ok(Start { commit: parted, note: None });
        }
        let remote = self.remote();
        let note = remote.filter(|_| self.is_shallow()).map(|remote| {
            format!(
                "this shallow clone does not hold the commit where HEAD and `{revision}` parted, so the newest one of \
                 `{revision}` is compared; to get it, run `git fetch --no-tags --unshallow {remote}`"
            )
        });
        Ok(Start { commit, note })
    }

    /// In a pull request on GitHub, whose merge is checked out: the state of the target that it was merged into.
    fn merged_into(&self, revision: &str) -> Option<String> {
        let says = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let target =
            says("GITHUB_BASE_REF").filter(|_| says("GITHUB_EVENT_NAME").as_deref() == Some("pull_request"))?;
        let names_it = [target.as_str(), &format!("origin/{target}"), &format!("refs/remotes/origin/{target}")];
        let is_merge = names_it.contains(&revision) && self.object("HEAD").ok() == says("GITHUB_SHA");
        self.object("HEAD^2").ok().filter(|_| is_merge)?;
        self.object("HEAD^1").ok()
    }

    fn is_branch(&self, revision: &str) -> bool {
        let name = self.line(&["rev-parse", "--symbolic-full-name", revision]).unwrap_or_default();
        name.starts_with("refs/heads/") || name.starts_with("refs/remotes/")
    }

    fn is_shallow(&self) -> bool {
        self.line(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer == "true")
    }

    /// `origin`, or else the first.
    fn remote(&self) -> Option<String> {
        let remotes = self.line(&["remote"]).ok()?;
        let remotes: Vec<&str> = remotes.lines().collect();
        remotes.iter().find(|name| **name == "origin").or(remotes.first()).map(ToString::to_string)
    }

    fn object(&self, revision: &str) -> Result<String, String> {
        // No revision starts so, and git must not take it for an option.
        if revision.starts_with('-') || revision.is_empty() {
            return Err(format!("`{revision}` is no revision"));
        }
        self.line(&["rev-parse", "--verify", "--quiet", revision])
    }

    /// Every file, link and submodule of a commit, in the order of paths.
    pub(super) fn tree(&self, commit: &str) -> Result<Vec<Entry>, String> {
        let listing = self.output(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        Ok(listing.split(|byte| *byte == 0).filter_map(entry).collect())
    }

    /// Opens the object store for reading.
    pub(super) fn objects(&self) -> io::Result<Objects> {
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let (Some(requests), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("git gives no pipes"));
        };
        Ok(Objects { child, requests: Some(requests), answers: BufReader::new(answers) })
    }

    /// The command that brings a missing revision into the clone; `None` if there is no remote.
    pub(super) fn fetch_line(&self, revision: &str) -> Option<String> {
        let remotes = self.line(&["remote"]).ok()?;
        let remotes: Vec<&str> = remotes.lines().collect();
        let remote = *remotes.iter().find(|name| **name == "origin").or(remotes.first())?;
        let name = revision.split("...").next().unwrap_or(revision);
        let name = name.split(['^', '~', ':']).next().and_then(|name| name.split("@{").next()).unwrap_or(name);
        let is_there = name != revision && !revision.contains("...") && self.object(name).is_ok();
        if is_there || matches!(name, "" | "HEAD" | "FETCH_HEAD") {
            // The name is there, its history is not.
            return Some(format!("git fetch --no-tags --deepen={} {remote}", depth(revision)));
        }
        let named = remotes.iter().find_map(|remote| Some((*remote, name.strip_prefix(remote)?.strip_prefix('/')?)));
        let (remote, branch, local) = match named {
            Some((remote, branch)) if self.tracks_all(remote) => (remote, branch, String::new()),
            Some((remote, branch)) => (remote, branch, format!(":refs/remotes/{remote}/{branch}")),
            None if is_object_id(name) => (remote, name, String::new()),
            None => (remote, name.trim_start_matches("refs/heads/"), format!(":{name}")),
        };
        let history = self.history_for(revision);
        Some(format!("git fetch --no-tags {history}{remote} {branch}{local}"))
    }

    /// A commit is enough on its own; a merge base needs the history up to it.
    fn history_for(&self, revision: &str) -> &'static str {
        if !revision.contains("...") {
            return "--depth=1 ";
        }
        if self.is_shallow() { "--unshallow " } else { "" }
    }

    /// Whether fetching one branch of a remote also moves the name `remote/branch`.
    fn tracks_all(&self, remote: &str) -> bool {
        let all = format!("refs/heads/*:refs/remotes/{remote}/*");
        self.line(&["config", "--get-all", &format!("remote.{remote}.fetch")])
            .is_ok_and(|specs| specs.lines().any(|spec| spec.trim_start_matches('+') == all))
    }

    fn line(&self, arguments: &[&str]) -> Result<String, String> {
        let output = self.output(arguments)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, String> {
        let output = self.command(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("`git` cannot be started: {error}"))?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().map(|line| line.trim_start_matches("fatal: ").trim()).find(|line| !line.is_empty());
        Err(said.unwrap_or_default().to_owned())
    }

    fn command(&self, arguments: &[impl AsRef<OsStr>]) -> Command {
        let mut command = Command::new("git");
        // Hooks run with these set, and they would mean another repository.
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE"]
        {
            command.env_remove(variable);
        }
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0");
        // A partial clone would fetch what it lacks, and nothing here goes to the net.
        command.env("GIT_NO_LAZY_FETCH", "1").args(["-c", "protocol.allow=never", "-c", "core.fsmonitor=false"]);
        command.arg("-C").arg(&self.root).args(arguments);
        command
    }
}

fn or_head(side: &str) -> &str {
    if side.is_empty() { "HEAD" } else { side }
}

fn is_object_id(name: &str) -> bool {
    name.len() >= 7 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// How many generations a revision goes back: `HEAD^1` one, `HEAD~3` three.
fn depth(revision: &str) -> usize {
    let mut total = 0usize;
    let mut rest = revision;
    while let Some(at) = rest.find(['^', '~']) {
        let (operator, after) = rest.split_at(at).1.split_at(1);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = after.split_at(digits);
        total = total.saturating_add(if operator == "~" { number.parse().unwrap_or(1) } else { 1 });
        rest = after;
    }
    total.max(1)
}

/// `<mode> <type> <id>\t<path>`
fn entry(line: &[u8]) -> Option<Entry> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (head, path) = line.split_at(tab);
    let mut words = std::str::from_utf8(head).ok()?.split(' ');
    let kind = match words.next()? {
        "120000" => EntryKind::Link,
        "160000" => EntryKind::Submodule,
        mode if mode.starts_with("100") => EntryKind::File,
        _ => return None,
    };
    let id = words.nth(1)?.to_owned();
    Some(Entry { kind, id, path: String::from_utf8_lossy(path.get(1..)?).into_owned() })
}

/// The object store of a clone, open for reading: one process, asked object by object.
#[derive(Debug)]
pub(super) struct Objects {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Objects {
    /// Reads a file of a commit like one on disk.
    pub(super) fn read(&mut self, id: &str, kind: FileKind, claim: Claim) -> io::Result<Reading> {
        let size = self.ask(id)?;
        let mut body = self.answers.by_ref().take(size);
        let reading = read::content(&mut body, size, kind, claim)?;
        // What the reader left, and the line feed after the object.
        io::copy(&mut body, &mut io::sink())?;
        self.answers.read_exact(&mut [0])?;
        Ok(reading)
    }

    /// Sends a request and gives the size of the object that follows.
    fn ask(&mut self, id: &str) -> io::Result<u64> {
        let requests = self.requests.as_mut().ok_or_else(|| io::Error::other("the object store is closed"))?;
        writeln!(requests, "{id}")?;
        requests.flush()?;
        let mut header = String::new();
        self.answers.read_line(&mut header)?;
        let size = header.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
        size.ok_or_else(|| io::Error::other(format!("the clone does not have object {id}")))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // The end of its input ends the process; waiting leaves nothing behind.
        self.requests = None;
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_tree_may_name_anything() {
        let line = b"100644 blob 0123abcd\ta\tb\n-c.yaml";
        let expected = Entry { kind: EntryKind::File, id: "0123abcd".into(), path: "a\tb\n-c.yaml".into() };
        assert_eq!(entry(line), Some(expected));
        assert_eq!(entry(b"160000 commit 99\tsub").unwrap().kind, EntryKind::Submodule);
        assert_eq!(entry(b""), None);
    }

    #[test]
    fn the_depth_of_a_revision_counts_every_step_back() {
        assert_eq!([depth("HEAD"), depth("HEAD^1"), depth("HEAD~3"), depth("HEAD^^2~2")], [1, 1, 3, 4]);
    }
}
