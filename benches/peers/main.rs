//! Side by side with other tools that read the same contracts: time and memory, in one run.
//!
//! ```console
//! cargo bench --bench peers -- --protos path/to/googleapis --openapi path/to/api.github.com.json
//! ```
//!
//! Every tool is a process of its own, the tools take turns, and what is shown are medians. A tool
//! that is not installed is left out and named. `buf` and `oasdiff` are found by `PATH`, or by the
//! variables `BUF` and `OASDIFF`; memory needs GNU `time`.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing to show")]

mod baseline;

use std::env;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Rounds, unless `--rounds` says otherwise.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [command, path] = arguments.as_slice()
        && baseline::run(command, Path::new(path))
    {
        return;
    }
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let rounds = value("--rounds").and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let (protos, openapi) = (value("--protos"), value("--openapi"));
    if protos.is_none() && openapi.is_none() {
        println!("nothing to compare: give --protos FOLDER, --openapi FILE, or both");
        return;
    }
    if let Some(folder) = protos {
        compare(&format!("protobuf: {folder}"), protobuf_readers(&folder), rounds);
    }
    if let Some(file) = openapi {
        compare(&format!("OpenAPI: {file}"), openapi_readers(&file), rounds);
    }
}

/// A tool and what it is told.
struct Contender {
    name: String,
    command: Vec<String>,
}

impl Contender {
    fn new(name: &str, command: &[&str]) -> Self {
        Self { name: name.to_owned(), command: command.iter().map(ToString::to_string).collect() }
    }
}

fn ours(path: &str) -> Contender {
    Contender::new("contract-lint", &[env!("CARGO_BIN_EXE_contract-lint"), "contracts", path])
}

fn protobuf_readers(folder: &str) -> Vec<Contender> {
    let own = own_path();
    let buf = env::var("BUF").unwrap_or_else(|_| "buf".to_owned());
    vec![
        ours(folder),
        Contender::new("protox, one pool", &[&own, "protox", folder]),
        Contender::new("buf build", &[&buf, "build", folder, "-o", "/dev/null"]),
    ]
}

fn openapi_readers(file: &str) -> Vec<Contender> {
    let own = own_path();
    let oasdiff = env::var("OASDIFF").unwrap_or_else(|_| "oasdiff".to_owned());
    // oasdiff has no command that only loads. A summary against an empty document is one load, a
    // comparison of equal documents is two.
    let empty = scratch().with_extension("yaml");
    let text = "openapi: 3.0.3\ninfo: {title: empty, version: '1'}\npaths: {}\n";
    std::fs::write(&empty, text).expect("the folder for scratch files can be written");
    let empty = empty.display().to_string();
    vec![
        ours(file),
        Contender::new("serde, values only", &[&own, "values", file]),
        Contender::new("oasdiff, one load", &[&oasdiff, "summary", &empty, file]),
        Contender::new("oasdiff, two loads", &[&oasdiff, "diff", file, file]),
    ]
}

fn own_path() -> String {
    env::current_exe().expect("this program has a path").display().to_string()
}

/// Runs all contenders `rounds` times in turn and prints their medians.
fn compare(title: &str, contenders: Vec<Contender>, rounds: usize) {
    let (present, absent): (Vec<_>, Vec<_>) = contenders.into_iter().partition(|it| run(it).is_some());
    let mut runs = vec![Vec::new(); present.len()];
    for _ in 0..rounds {
        for (contender, runs) in present.iter().zip(&mut runs) {
            runs.extend(run(contender));
        }
    }
    let mut table = format!("{title}, medians of {rounds}\n");
    let first = runs.first().map(|runs| median(runs));
    for (contender, runs) in present.iter().zip(&runs) {
        let run = median(runs);
        let ratio = |own: f64, other: f64| if own > 0.0 { format!("{:6.2}x", other / own) } else { String::new() };
        let (time, memory) = first.map_or_else(Default::default, |first| {
            (ratio(first.time.as_secs_f64(), run.time.as_secs_f64()), ratio(first.memory, run.memory))
        });
        let _ = writeln!(
            table,
            "  {:26} {:8.3} s {time}   {:8.1} MB {memory}",
            contender.name,
            run.time.as_secs_f64(),
            run.memory,
        );
    }
    for contender in absent {
        let _ = writeln!(table, "  {:26} cannot be run here", contender.name);
    }
    print!("{table}");
}

/// What one run took.
#[derive(Clone, Copy, Default)]
struct Run {
    time: Duration,
    /// Largest resident set in MB; 0 where it cannot be measured.
    memory: f64,
}

/// Runs a tool once; none if it cannot be started.
fn run(contender: &Contender) -> Option<Run> {
    let memory_file = scratch();
    let is_measured = Path::new("/usr/bin/time").exists();
    let (program, arguments) = contender.command.split_first()?;
    let mut command = if is_measured {
        let mut command = Command::new("/usr/bin/time");
        command.args(["-q", "-f", "%M", "-o"]).arg(&memory_file).arg(program);
        command
    } else {
        Command::new(program)
    };
    let start = Instant::now();
    let status = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()?;
    let time = start.elapsed();
    if status.code() == Some(127) {
        return None;
    }
    let kilobytes = std::fs::read_to_string(memory_file).unwrap_or_default();
    let kilobytes: f64 = kilobytes.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or_default();
    Some(Run { time, memory: kilobytes / 1024.0 })
}

fn scratch() -> PathBuf {
    env::temp_dir().join(format!("contract-lint-peers-{}", std::process::id()))
}

/// The medians of time and memory, each on its own.
fn median(runs: &[Run]) -> Run {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    Run {
        time: Duration::from_secs_f64(middle(runs.iter().map(|run| run.time.as_secs_f64()).collect())),
        memory: middle(runs.iter().map(|run| run.memory).collect()),
    }
}
