//! What one rule says of single files against labels that were made by reading them.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::path::Path;

use serde_json::Value;

/// So many lines above or below its label a finding may stand: at the loop, its function or its decorator.
const NEAR: u64 = 3;

/// A place that was labelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Site {
    line: u64,
    /// The rule has to say something here; else it has to be silent.
    flagged: bool,
    reason: String,
}

/// All labels of one file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct File {
    repository: String,
    commit: String,
    path: String,
}

impl File {
    /// Where it lies below the folder of files.
    pub(crate) fn place(&self) -> String {
        format!("{}/{}/{}", self.repository, self.commit, self.path)
    }

    /// Its name alone.
    pub(crate) fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Reads a table: repository, commit, path, line, `yes` or `no`, reason. What begins with `#` is a remark.
pub(crate) fn read(table: &str) -> Result<BTreeMap<File, Vec<Site>>, String> {
    let mut files: BTreeMap<File, Vec<Site>> = BTreeMap::new();
    for row in table.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let columns: Vec<&str> = row.split('\t').collect();
        let [repository, commit, path, line, label, reason] = columns.as_slice() else {
            return Err(format!("not six columns: {row}"));
        };
        let line = line.parse().map_err(|_| format!("no line: {row}"))?;
        let flagged = match *label {
            "yes" => true,
            "no" => false,
            _ => return Err(format!("neither yes nor no: {row}")),
        };
        let file = File { repository: (*repository).into(), commit: (*commit).into(), path: (*path).into() };
        files.entry(file).or_default().push(Site { line, flagged, reason: (*reason).into() });
    }
    Ok(files)
}

/// Counts of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Score {
    pub(crate) right: usize,
    pub(crate) wrong: usize,
    pub(crate) missed: usize,
    pub(crate) silent: usize,
}

/// Figures by the extension of files, and every place that differs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) scores: BTreeMap<String, Score>,
    pub(crate) differences: Vec<String>,
}

impl Tally {
    /// Adds what the rule says of one file: `findings` is what `check --format json` prints.
    pub(crate) fn add(&mut self, file: &File, sites: &[Site], findings: &Value, rule: &str) {
        let said = findings["findings"].as_array().map_or(&[][..], Vec::as_slice).iter();
        let mut lines: Vec<u64> =
            said.filter(|finding| finding["rule"] == rule).filter_map(|finding| finding["line"].as_u64()).collect();
        let extension = Path::new(&file.path).extension().and_then(|it| it.to_str()).unwrap_or_default();
        let score = self.scores.entry(extension.to_owned()).or_default();
        let place = file.place();
        for site in sites.iter().filter(|site| site.flagged) {
            match lines.iter().position(|line| line.abs_diff(site.line) <= NEAR) {
                Some(at) => {
                    lines.remove(at);
                    score.right += 1;
                }
                None => {
                    score.missed += 1;
                    self.differences.push(format!("{place}:{}: missed: {}", site.line, site.reason));
                }
            }
        }
        score.silent += sites.iter().filter(|site| !site.flagged).count();
        for line in lines {
            score.wrong += 1;
            self.differences.push(format!("{place}:{line}: wrong"));
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = String::from("files    right  wrong  missed  look-alikes\n");
        let mut all = Score::default();
        for (extension, Score { right, wrong, missed, silent }) in &self.scores {
            writeln!(table, "{extension:<8} {right:<6} {wrong:<6} {missed:<7} {silent}")?;
            all.right += right;
            all.wrong += wrong;
            all.missed += missed;
        }
        let share = |part: usize, rest: usize| {
            let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
            if part + rest == 0 { 1.0 } else { count(part) / count(part + rest) }
        };
        let (precision, recall) = (share(all.right, all.wrong), share(all.right, all.missed));
        writeln!(table, "precision {precision:.3}, recall {recall:.3}")?;
        f.write_str(&table)
    }
}
