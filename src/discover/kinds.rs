//! What a file may hold, told by its name alone.

use crate::model::source::{FileKind, Language};

use super::{configuration, deployed, environment, imports, manifest};

/// The kind of a file by its name; `None` for what no stage reads.
pub(super) fn kind_of(name: &str) -> Option<FileKind> {
    let is_ours = [|name: &str| manifest::Kind::of(name).is_some(), imports::is_config, configuration::is_one];
    if is_ours.iter().any(|is_one| is_one(name)) || environment::is_dotenv(name) {
        return Some(FileKind::Manifest);
    }
    if let Some(kind) = deployed::kind_of(name) {
        return Some(kind);
    }
    let (_, extension) = name.rsplit_once('.')?;
    let kind = match extension.to_ascii_lowercase().as_str() {
        "rs" => FileKind::Code(Language::Rust),
        "go" => FileKind::Code(Language::Go),
        "py" | "pyi" => FileKind::Code(Language::Python),
        "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs" | "vue" | "svelte" => {
            FileKind::Code(Language::TypeScript)
        }
        "java" => FileKind::Code(Language::Java),
        "kt" | "kts" => FileKind::Code(Language::Kotlin),
        "cs" => FileKind::Code(Language::CSharp),
        "proto" => FileKind::Proto,
        "binpb" | "desc" | "fds" | "pb" | "protoset" => FileKind::DescriptorSet,
        "yaml" | "yml" => FileKind::Yaml,
        "json" => FileKind::Json,
        _ => return None,
    };
    Some(kind)
}

/// The kind of a document that something refers to, whatever its name.
pub(super) fn document_kind(path: &str) -> FileKind {
    match kind_of(path) {
        Some(kind @ (FileKind::Json | FileKind::Proto | FileKind::DescriptorSet)) => kind,
        _ => FileKind::Yaml,
    }
}

/// Whether a file of this kind can be a contract or a part of one.
pub(super) const fn is_document(kind: FileKind) -> bool {
    matches!(kind, FileKind::Yaml | FileKind::Json | FileKind::Proto | FileKind::DescriptorSet)
}

/// Above this many bytes a file is not read.
pub(super) const fn limit(kind: FileKind) -> u64 {
    const MIB: u64 = 1 << 20;
    match kind {
        FileKind::Code(_) | FileKind::Manifest | FileKind::Deployment => 4 * MIB,
        FileKind::Proto | FileKind::Yaml | FileKind::Json | FileKind::DescriptorSet => 256 * MIB,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_the_kind() {
        assert_eq!(kind_of("application.yml"), Some(FileKind::Manifest));
        assert_eq!(kind_of("main.go"), Some(FileKind::Code(Language::Go)));
        assert_eq!(kind_of("API.YML"), Some(FileKind::Yaml));
        assert_eq!(kind_of("package.json"), Some(FileKind::Manifest));
        assert_eq!(kind_of("go.mod"), Some(FileKind::Manifest));
        assert_eq!(kind_of("tsconfig.base.json"), Some(FileKind::Manifest));
        assert_eq!(kind_of("Page.vue"), Some(FileKind::Code(Language::TypeScript)));
        assert_eq!(kind_of("Makefile"), None);
        assert_eq!(kind_of("main.go.tmpl"), None);
    }
}
