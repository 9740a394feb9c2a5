//! The shape of `contract-lint.yaml`, and its reading into settings.
//!
//! The structs here are the file, key by key; `render` writes the same structs.
//! `schemas/contract-lint.schema.json` describes them for editors, and a test holds the two equal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ignore::gitignore::GitignoreBuilder;
use jiff::civil::Date;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::finding::Level;
use crate::model::map::Confidence;
use crate::model::settings::{DataClass, IdentitySettings, ProtobufLevel, ProtobufSettings, ServiceSettings, Settings};

use super::clients::Wanted;
use super::defaults;
use super::error::Error;
use super::marks::{self, Marks};
use super::paths::tidy;
use super::places::Places;

/// The version of the file's shape that this program reads.
pub(super) const VERSION: u32 = 1;

/// The whole file. A section that is left empty is as good as left out.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `version`, `services`, `rules`, ...")]
pub(super) struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) services: Option<BTreeMap<String, Service>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identity: Option<Identity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) policy: Option<Policy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) marks: Option<Marks>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) protobuf: Option<Protobuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rules: Option<BTreeMap<String, RuleLevel>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) limits: Option<Limits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) clients: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ignore: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_confidence: Option<ConfidenceName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min_level: Option<MinLevelName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) include_tests: Option<bool>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a service: a mapping with at least its `path`")]
pub(super) struct Service {
    pub(super) path: String,
    #[serde(default)]
    pub(super) contracts: Vec<String>,
    #[serde(default)]
    pub(super) base_urls: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) team: Option<String>,
    #[serde(default)]
    pub(super) purposes: Vec<String>,
    #[serde(default)]
    pub(super) public: bool,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `headers` and `metadata`")]
pub(super) struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) headers: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) metadata: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) required: Option<bool>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `classes`")]
pub(super) struct Policy {
    /// `false`: only the classes given here hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) defaults: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) classes: Option<BTreeMap<String, Class>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sanitizers: Option<Vec<String>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a class of data: a mapping with `marks` and `allow`")]
pub(super) struct Class {
    pub(super) marks: Vec<String>,
    pub(super) allow: Allow,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Day>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `services`, `purposes` and `teams`")]
pub(super) struct Allow {
    pub(super) services: Vec<String>,
    pub(super) purposes: Vec<String>,
    pub(super) teams: Vec<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `retry_amplification` and `sunset_notice_days`")]
pub(super) struct Limits {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_amplification: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sunset_notice_days: Option<u32>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "a mapping with `compatibility` and `ignore_unstable_packages`")]
pub(super) struct Protobuf {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compatibility: Option<CompatibilityName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ignore_unstable_packages: Option<bool>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", remote = "ProtobufLevel")]
enum ProtobufLevelDef {
    File,
    Package,
    WireJson,
    Wire,
}

/// How compatible protobuf files must be.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct CompatibilityName(#[serde(with = "ProtobufLevelDef")] pub(super) ProtobufLevel);

/// A level, or `off`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum LevelName {
    Error,
    Warning,
    Info,
    Off,
}

impl LevelName {
    fn level(self) -> Option<Level> {
        match self {
            Self::Error => Some(Level::Error),
            Self::Warning => Some(Level::Warning),
            Self::Info => Some(Level::Info),
            Self::Off => None,
        }
    }
}

impl From<Option<Level>> for LevelName {
    fn from(level: Option<Level>) -> Self {
        match level {
            Some(Level::Error) => Self::Error,
            Some(Level::Warning) => Self::Warning,
            Some(Level::Info) => Self::Info,
            None => Self::Off,
        }
    }
}

/// What `rules:` says of one rule: `warning`, or `{level: warning}`.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(super) struct RuleLevel(pub(super) LevelName);

/// The long form of [`RuleLevel`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    level: LevelName,
}

impl<'de> Deserialize<'de> for RuleLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = RuleLevel;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`error`, `warning`, `info`, `off`, or a mapping with `level`")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<RuleLevel, E> {
                LevelName::deserialize(StrDeserializer::new(name)).map(RuleLevel)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RuleLevel, A::Error> {
                RuleTable::deserialize(MapAccessDeserializer::new(map)).map(|table| RuleLevel(table.level))
            }
        }

        deserializer.deserialize_any(Either)
    }
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", remote = "Confidence")]
enum ConfidenceDef {
    Unknown,
    Possible,
    Likely,
    Certain,
}

/// A confidence by its name.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ConfidenceName(#[serde(with = "ConfidenceDef")] pub(super) Confidence);

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", remote = "Level")]
enum LevelDef {
    Info,
    Warning,
    Error,
}

/// A level from which on findings are shown.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct MinLevelName(#[serde(with = "LevelDef")] pub(super) Level);

/// A day, `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Day(pub(super) Date);

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;

        impl Visitor<'_> for Written {
            type Value = Day;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a day written YYYY-MM-DD")
            }

            // Refused in here, not after it, so that the error gets the place of the value.
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Day, E> {
                let day = Date::strptime("%Y-%m-%d", text);
                day.map(Day).map_err(|_| E::custom(format!("`{text}` is not a day written YYYY-MM-DD")))
            }
        }

        deserializer.deserialize_str(Written)
    }
}

/// What a configuration file says.
#[derive(Debug)]
pub(super) struct Parsed {
    /// Settings; the descriptors of libraries are still to be read.
    pub(super) settings: Settings,
    /// Where descriptors are.
    pub(super) clients: Vec<Wanted>,
}

/// Reads the text of a configuration file. `today` is left to the caller.
pub(super) fn parse(text: &str, known_rules: &[&str]) -> Result<Parsed, Error> {
    let places = Places::read(text)?;
    let file = match serde_yaml::from_str::<File>(text) {
        // Only comments: a file that `init` wrote and nobody touched.
        Err(error) if places.is_empty() && error.to_string().starts_with("EOF") => File::default(),
        file => file?,
    };
    check_version(&file, &places)?;
    check_rules(&file, known_rules, &places)?;
    check_ignore(&file, &places)?;
    check_services(&file, &places)?;
    marks::check(&file, &places)?;
    let clients = file.clients.iter().flatten().enumerate();
    let clients = clients
        .map(|(at, pattern)| Wanted { pattern: pattern.clone(), place: places.of(&["clients", &at.to_string()]) });
    Ok(Parsed { clients: clients.collect(), settings: settings(file) })
}

fn check_version(file: &File, places: &Places) -> Result<(), Error> {
    match file.version {
        None | Some(VERSION) => Ok(()),
        Some(other) => Err(Error::new(format!("version {other} is not known, this program reads version {VERSION}"))
            .at(places.of(&["version"]))),
    }
}

fn check_rules(file: &File, known_rules: &[&str], places: &Places) -> Result<(), Error> {
    let given = file.rules.iter().flat_map(BTreeMap::keys);
    match given.into_iter().find(|id| !known_rules.contains(&id.as_str())) {
        None => Ok(()),
        Some(id) => Err(Error::new(format!("unknown rule `{id}`"))
            .with_nearest(id, known_rules.iter().copied())
            .at(places.of(&["rules", id]))),
    }
}

fn check_ignore(file: &File, places: &Places) -> Result<(), Error> {
    for (index, glob) in file.ignore.iter().flatten().enumerate() {
        if let Err(error) = GitignoreBuilder::new("").allow_unclosed_class(false).add_line(None, glob) {
            let message = format!("`{glob}` is no pattern as in .gitignore: {error}");
            return Err(Error::new(message).at(places.of(&["ignore", &index.to_string()])));
        }
    }
    Ok(())
}

fn check_services(file: &File, places: &Places) -> Result<(), Error> {
    let mut seen = BTreeMap::new();
    for (name, service) in file.services.iter().flatten() {
        let place = || places.of(&["services", name, "path"]);
        if service.path.is_empty() {
            return Err(Error::new(format!("the path of service `{name}` is empty")).at(place()));
        }
        if let Some(other) = seen.insert(tidy(&service.path), name) {
            let message = format!("services `{other}` and `{name}` have the same path");
            return Err(Error::new(message).at(place()));
        }
    }
    Ok(())
}

fn settings(file: File) -> Settings {
    let limits = file.limits.unwrap_or_default();
    Settings {
        services: file.services.into_iter().flatten().map(|(name, service)| service.named(name)).collect(),
        identity: file.identity.map_or_else(defaults::identity, Identity::complete),
        policy: policy(file.policy.unwrap_or_default()),
        marks: file.marks.unwrap_or_default().complete(),
        protobuf: file.protobuf.unwrap_or_default().complete(),
        levels: file.rules.into_iter().flatten().map(|(rule, level)| (rule, level.0.level())).collect(),
        retry_amplification: limits.retry_amplification.map_or(defaults::RETRY_AMPLIFICATION, u64::from),
        sunset_notice_days: limits.sunset_notice_days.unwrap_or(defaults::SUNSET_NOTICE_DAYS),
        ignore: file.ignore.unwrap_or_default(),
        min_confidence: file.min_confidence.map_or(defaults::MIN_CONFIDENCE, |name| name.0),
        min_level: file.min_level.map_or(defaults::MIN_LEVEL, |name| name.0),
        include_tests: file.include_tests.unwrap_or(false),
        ..defaults::settings()
    }
}

fn policy(mut policy: Policy) -> crate::model::settings::Policy {
    let sanitizers = policy.sanitizers.take().unwrap_or_default();
    crate::model::settings::Policy { classes: policy.complete(), sanitizers }
}

impl Service {
    fn named(self, name: String) -> ServiceSettings {
        ServiceSettings {
            name,
            path: tidy(&self.path),
            contracts: self.contracts.iter().map(|path| tidy(path)).collect(),
            base_urls: self.base_urls,
            team: self.team,
            purposes: self.purposes,
            public: self.public,
        }
    }
}

impl Protobuf {
    fn complete(self) -> ProtobufSettings {
        ProtobufSettings {
            compatibility: self.compatibility.map(|name| name.0),
            ignore_unstable_packages: self.ignore_unstable_packages.unwrap_or(false),
        }
    }
}

impl Identity {
    /// Whoever writes the section wants it asked of every call, unless it says otherwise.
    fn complete(self) -> IdentitySettings {
        let known = defaults::identity();
        let lower = |names: Vec<String>| names.iter().map(|name| name.to_ascii_lowercase()).collect();
        IdentitySettings {
            headers: self.headers.map_or(known.headers, lower),
            metadata: self.metadata.map_or(known.metadata, lower),
            required: self.required.unwrap_or(true),
        }
    }
}

impl Policy {
    /// The given classes beside the default ones. A default mark that a given class names moves
    /// there; a default class that has none left is gone.
    fn complete(self) -> BTreeMap<String, DataClass> {
        let given = self.classes.unwrap_or_default();
        let mut classes = if self.defaults.unwrap_or(true) { defaults::classes() } else { BTreeMap::new() };
        let taken: BTreeSet<&String> = given.values().flat_map(|class| &class.marks).collect();
        for class in classes.values_mut() {
            class.marks.retain(|mark| !taken.contains(mark));
        }
        classes.retain(|name, class| !class.marks.is_empty() || given.contains_key(name));
        for (name, class) in given {
            let known = classes.remove(&name).unwrap_or_default();
            classes.insert(name, class.beside(known.marks));
        }
        classes
    }
}

impl Class {
    fn beside(self, mut marks: Vec<String>) -> DataClass {
        marks.extend(self.marks);
        let Allow { services, purposes, teams } = self.allow;
        DataClass { marks, services, purposes, teams, from: self.from.map(|day| day.0) }
    }
}
