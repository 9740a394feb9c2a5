//! What holds when nothing is configured.

use std::collections::BTreeMap;

use crate::model::finding::Level;
use crate::model::map::Confidence;
use crate::model::settings::{DataClass, IdentitySettings, Policy, ProtobufSettings, Settings, ShippedMarks};

/// Days before a sunset from which it is near.
pub(super) const SUNSET_NOTICE_DAYS: u32 = 90;

/// Attempts for one request that are not yet too many.
pub(super) const RETRY_AMPLIFICATION: u64 = 10;

/// A guess is shown only when asked for.
pub(super) const MIN_CONFIDENCE: Confidence = Confidence::Likely;

/// What is only worth knowing is shown only when asked for.
pub(super) const MIN_LEVEL: Level = Level::Warning;

/// Headers by which a program says its own name.
///
/// Left out on purpose: `authorization` (it may be the forwarded token of an end user), headers
/// that a proxy sets and client code never does, and those that name a request, a library or the
/// callee (`x-request-id`, `traceparent`, `x-goog-api-client`, `host`). A `user-agent` counts only
/// when it is not the default of a library; that is judged where its value is known.
const HEADERS: &[&str] = &[
    "user-agent",
    "from",
    "x-client-id",
    "x-client-name",
    "x-caller",
    "x-caller-id",
    "x-caller-service",
    "x-calling-service",
    "x-consumer-id",
    "x-service-name",
    "x-source-service",
    "x-origin-service",
    "x-app-id",
    "x-app-name",
    "x-application-id",
    "x-application-name",
    "x-api-key",
    "api-key",
    "apikey",
];

/// gRPC metadata keys by which a program says its own name.
const METADATA: &[&str] = &[
    "user-agent",
    "client-id",
    "x-client-id",
    "x-client-name",
    "x-caller",
    "x-caller-id",
    "x-consumer-id",
    "x-service-name",
    "x-app-id",
    "x-app-name",
    "x-application-id",
    "x-api-key",
];

/// Settings without a file. `today` is a placeholder that `load` replaces.
pub(super) fn settings() -> Settings {
    Settings {
        services: Vec::new(),
        identity: identity(),
        policy: Policy { classes: classes(), sanitizers: Vec::new() },
        marks: ShippedMarks::get().patterns.clone(),
        protobuf: ProtobufSettings::default(),
        levels: BTreeMap::new(),
        retry_amplification: RETRY_AMPLIFICATION,
        sunset_notice_days: SUNSET_NOTICE_DAYS,
        libraries: Vec::new(),
        accepted: Vec::new(),
        ignore: Vec::new(),
        min_confidence: MIN_CONFIDENCE,
        min_level: MIN_LEVEL,
        include_tests: false,
        today: jiff::civil::Date::ZERO,
    }
}

/// Known ways to name a caller; asked for only where a contract asks.
pub(super) fn identity() -> IdentitySettings {
    IdentitySettings { headers: owned(HEADERS), metadata: owned(METADATA), required: false }
}

/// Classes of sensitive data that hold in every workspace. Nobody is allowed to read them until the
/// configuration says who is.
pub(super) fn classes() -> BTreeMap<String, DataClass> {
    let class = |marks: &[String]| DataClass { marks: marks.to_vec(), ..DataClass::default() };
    ShippedMarks::get().sensitive.iter().map(|(name, marks)| (name.clone(), class(marks))).collect()
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}
