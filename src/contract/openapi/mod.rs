//! OpenAPI descriptions.
