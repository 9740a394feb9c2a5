//! Which files say how software is run, in a way that `deploy` has something to say about. Told from the text
//! without parsing it: most manifests of a workspace have nothing in them that starts a failing thing again for
//! ever.

use crate::model::source::FileKind;

/// Words of which a file of a platform has at least one: the platform's own, and then one of those that matter.
const PLATFORMS: &[(&[&str], &[&str])] = &[
    (&["apiVersion"], &["Job", "progressDeadlineSeconds", "retryStrategy"]),
    (&["VirtualService"], &["retries"]),
    (&["HTTPRoute", "GRPCRoute"], &["retry"]),
    (&["virtual_hosts", "virtualHosts"], &["retry_policy", "retryPolicy"]),
    (&["methodConfig"], &["maxAttempts"]),
    (&["Resources"], &["AWS::ECS::Service"]),
    (&["services:"], &["restart:", "restart_policy:"]),
    (&["resource"], &["aws_ecs_service"]),
    (&["[Service]"], &["Restart="]),
];

/// Whether a name alone says that a file is nothing but a deployment file.
pub(super) fn kind_of(name: &str) -> Option<FileKind> {
    let is_one = [".tf", ".service"].iter().any(|end| name.len() > end.len() && name.ends_with(end));
    is_one.then_some(FileKind::Deployment)
}

/// Whether the first bytes of a document may be those of one.
pub(super) fn may_be_one(bytes: &[u8]) -> bool {
    PLATFORMS.iter().any(|(own, _)| own.iter().any(|word| has(bytes, word)))
}

/// Whether a whole text is one with something for us in it.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    PLATFORMS
        .iter()
        .any(|(own, words)| own.iter().any(|word| has(bytes, word)) && words.iter().any(|word| has(bytes, word)))
}

fn has(bytes: &[u8], word: &str) -> bool {
    memchr::memmem::find(bytes, word.as_bytes()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_starts_things_again_is_kept() {
        for text in [
            "apiVersion: batch/v1\nkind: CronJob\n",
            "{\"Resources\": {\"S\": {\"Type\": \"AWS::ECS::Service\"}}}",
            "services:\n  a:\n    restart: always\n",
            "apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec: {http: [{retries: {attempts: 3}}]}\n",
            "{\"methodConfig\": [{\"name\": [{}], \"retryPolicy\": {\"maxAttempts\": 4}}]}",
            "resource \"aws_ecs_service\" \"a\" {}\n",
        ] {
            assert!(may_be_one(text.as_bytes()) && is_one(text.as_bytes()), "{text}");
        }
        for text in ["apiVersion: v1\nkind: ConfigMap\n", "services:\n  a:\n    image: b\n", "name: x\n", ""] {
            assert!(!is_one(text.as_bytes()), "{text}");
        }
        assert_eq!(kind_of("main.tf"), Some(FileKind::Deployment));
        assert_eq!(kind_of("main.tf.json"), None);
    }
}
