//! The settings in force, written as the file that would give them.

use std::collections::BTreeMap;

use crate::model::settings::{DataClass, IdentitySettings, ServiceSettings, Settings};

use super::file::{
    Allow, Class, CompatibilityName, ConfidenceName, Day, File, Identity, Limits, MinLevelName, Policy, Protobuf,
    RuleLevel, Service, VERSION,
};
use super::marks::Marks;

/// What is in force, defaults included, as YAML that loads back to the same settings when it lies
/// at the first root. The day is an argument, not a setting, and stands in a comment.
#[must_use]
pub fn render(settings: &Settings) -> String {
    let yaml = serde_yaml::to_string(&file(settings));
    // Plain structs of text and numbers always serialise; the empty text is unreachable.
    format!("# today: {}\n{}", settings.today, yaml.unwrap_or_default())
}

fn file(settings: &Settings) -> File {
    File {
        version: Some(VERSION),
        services: Some(settings.services.iter().map(|it| (it.name.clone(), service(it))).collect()),
        identity: Some(identity(&settings.identity)),
        policy: Some(Policy {
            defaults: Some(false),
            classes: Some(classes(&settings.policy.classes)),
            sanitizers: Some(settings.policy.sanitizers.clone()),
        }),
        marks: Some(Marks::in_force(&settings.marks)),
        protobuf: Some(Protobuf {
            compatibility: settings.protobuf.compatibility.map(CompatibilityName),
            ignore_unstable_packages: Some(settings.protobuf.ignore_unstable_packages),
        }),
        rules: Some(settings.levels.iter().map(|(rule, level)| (rule.clone(), RuleLevel((*level).into()))).collect()),
        limits: Some(Limits {
            retry_amplification: u32::try_from(settings.retry_amplification).ok(),
            sunset_notice_days: Some(settings.sunset_notice_days),
        }),
        clients: Some(settings.libraries.iter().map(|library| library.path.clone()).collect()),
        ignore: Some(settings.ignore.clone()),
        min_confidence: Some(ConfidenceName(settings.min_confidence)),
        min_level: Some(MinLevelName(settings.min_level)),
        include_tests: Some(settings.include_tests),
    }
}

fn service(service: &ServiceSettings) -> Service {
    let shown = |path: &String| if path.is_empty() { ".".to_owned() } else { path.clone() };
    Service {
        path: shown(&service.path),
        contracts: service.contracts.iter().map(shown).collect(),
        base_urls: service.base_urls.clone(),
        team: service.team.clone(),
        purposes: service.purposes.clone(),
        public: service.public,
    }
}

fn identity(identity: &IdentitySettings) -> Identity {
    Identity {
        headers: Some(identity.headers.clone()),
        metadata: Some(identity.metadata.clone()),
        required: Some(identity.required),
    }
}

fn classes(classes: &BTreeMap<String, DataClass>) -> BTreeMap<String, Class> {
    classes.iter().map(|(name, it)| (name.clone(), class(it))).collect()
}

fn class(class: &DataClass) -> Class {
    Class {
        marks: class.marks.clone(),
        allow: Allow { services: class.services.clone(), purposes: class.purposes.clone(), teams: class.teams.clone() },
        from: class.from.map(Day),
    }
}
