//! `contract-lint.yaml` and arguments to settings.
