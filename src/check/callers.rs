//! Which operations expect a caller whom the provider knows.

use crate::model::contract::{Operation, OperationKind, Protocol};

/// Last words of a path that probes, browsers and people without an account have to reach.
const OPEN_TO_ALL: &[&str] = &[
    "health",
    "healthz",
    "healthcheck",
    "live",
    "livez",
    "liveness",
    "ready",
    "readyz",
    "readiness",
    "ping",
    "status",
    "metrics",
    "version",
    "docs",
    "openapi",
    "swagger",
    "favicon",
    "robots",
    "jwks",
    "login",
    "signin",
    "signup",
    "register",
    "token",
    "oauth",
];

/// Whether a caller of an operation is somebody whom the provider should know.
#[must_use]
pub fn is_for_callers(operation: &Operation) -> bool {
    let Protocol::Http { path, .. } = &operation.protocol else { return false };
    let last = path.split('/').rfind(|segment| !segment.is_empty() && !segment.starts_with('{')).unwrap_or_default();
    let word = last.split('.').find(|part| !part.is_empty()).unwrap_or_default().to_ascii_lowercase();
    let is_well_known = path.split('/').any(|segment| segment == ".well-known");
    // Browsers ask with OPTIONS before they send a credential.
    let is_preflight = operation.key.starts_with("OPTIONS ");
    operation.kind == OperationKind::Served && !is_preflight && !is_well_known && !OPEN_TO_ALL.contains(&word.as_str())
}
