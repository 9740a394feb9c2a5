//! Readers that are libraries, each as a process: this program calls itself.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// Runs the reader of this name; false if there is none.
pub(crate) fn run(name: &str, path: &Path) -> bool {
    match name {
        "protox" => protox(path),
        "values" => values(path),
        _ => return false,
    }
    true
}

/// Compiles every `.proto` file of a folder into one pool.
fn protox(folder: &Path) {
    let mut compiler = protox::Compiler::new([folder]).expect("the folder can be opened");
    let is_proto = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "proto");
    for path in WalkDir::new(folder).into_iter().flatten().map(walkdir::DirEntry::into_path).filter(is_proto) {
        // A file that does not compile is left out, as it is by the others.
        let _ = compiler.open_file(path);
    }
    std::hint::black_box(compiler.descriptor_pool());
}

/// Parses a JSON or YAML file into untyped values.
fn values(file: &Path) {
    let text = fs::read_to_string(file).expect("the file can be read");
    if file.extension().is_some_and(|extension| extension == "json") {
        std::hint::black_box(serde_json::from_str::<serde_json::Value>(&text).expect("the file is JSON"));
    } else {
        std::hint::black_box(serde_yaml::from_str::<serde_yaml::Value>(&text).expect("the file is YAML"));
    }
}
