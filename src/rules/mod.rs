//! The rules, in the same tree as `rules/`: one document and one function each.

use crate::check::rule::Rule;

/// Base against Head of one contract.
pub mod breaking {
    pub mod access_mode_changed;
    pub mod constraint_loosened;
    pub mod constraint_tightened;
    pub mod discriminator_changed;
    pub mod enum_openness_changed;
    pub mod enum_value_added;
    pub mod enum_value_removed;
    pub mod extension_range_shrunk;
    pub mod field_cardinality_changed;
    pub mod field_default_changed;
    pub mod field_oneof_changed;
    pub mod field_optional;
    pub mod field_removed;
    pub mod field_renamed;
    pub mod field_renumbered;
    pub mod field_required;
    pub mod field_type_changed;
    pub mod generated_code_changed;
    pub mod idempotency_changed;
    pub mod json_format_changed;
    pub mod json_name_changed;
    pub mod media_type_removed;
    pub mod nullable_added;
    pub mod nullable_removed;
    pub mod number_reused;
    pub mod operation_moved;
    pub mod operation_removed;
    pub mod parameter_moved;
    pub mod parameter_removed;
    pub mod parameter_required;
    pub mod presence_changed;
    pub mod properties_closed;
    pub mod request_body_removed;
    pub mod request_body_required;
    pub mod reserved_removed;
    pub mod response_header_removed;
    pub mod security_tightened;
    pub mod status_added;
    pub mod status_removed;
    pub mod streaming_changed;
    pub mod type_removed;
    pub mod union_member_added;
    pub mod union_member_removed;
}
/// Contracts that invite trouble.
pub mod contract {
    pub mod contract_drift;
    pub mod input_unbounded;
}
/// Callers whom nobody can name.
pub mod identity {
    pub mod anonymous_operation;
    pub mod caller_unidentified;
    pub mod credential_hardcoded;
    pub mod credential_missing;
    pub mod credential_shared;
}
/// What is still used although its end is announced.
pub mod lifecycle {
    pub mod deprecated_field_read;
    pub mod deprecated_field_written;
    pub mod deprecated_operation_called;
    pub mod deprecated_with_consumers;
    pub mod deprecation_without_sunset;
    pub mod removed_before_sunset;
    pub mod removed_without_deprecation;
    pub mod stability_decreased;
    pub mod sunset_moved_earlier;
    pub mod sunset_near;
    pub mod sunset_passed;
}
/// What clients send and expect, against the contract.
pub mod request {
    pub mod argument_invalid;
    pub mod argument_unchecked;
    pub mod field_unknown;
    pub mod operation_unknown;
    pub mod parameter_missing;
}
/// Calls that make an outage worse.
pub mod resilience {
    pub mod call_in_loop;
    pub mod call_without_timeout;
    pub mod restart_loop;
    pub mod retry_amplification;
    pub mod retry_on_permanent_failure;
    pub mod retry_unsafe_operation;
    pub mod retry_without_backoff;
    pub mod unbounded_retry;
}
/// Data that not everybody may see.
pub mod sensitive {
    pub mod sensitive_body_forwarded;
    pub mod sensitive_field_cached;
    pub mod sensitive_field_inherited;
    pub mod sensitive_field_logged;
    pub mod sensitive_field_read;
    pub mod sensitive_field_reexposed;
    pub mod sensitive_field_written;
    pub mod sensitive_mark_removed;
    pub mod sensitive_name_unmarked;
}

/// Every rule, sorted by id.
pub static ALL: &[&Rule] = &[
    &breaking::access_mode_changed::RULE,
    &breaking::constraint_loosened::RULE,
    &breaking::constraint_tightened::RULE,
    &breaking::discriminator_changed::RULE,
    &breaking::enum_openness_changed::RULE,
    &breaking::enum_value_added::RULE,
    &breaking::enum_value_removed::RULE,
    &breaking::extension_range_shrunk::RULE,
    &breaking::field_cardinality_changed::RULE,
    &breaking::field_default_changed::RULE,
    &breaking::field_oneof_changed::RULE,
    &breaking::field_optional::RULE,
    &breaking::field_removed::RULE,
    &breaking::field_renamed::RULE,
    &breaking::field_renumbered::RULE,
    &breaking::field_required::RULE,
    &breaking::field_type_changed::RULE,
    &breaking::generated_code_changed::RULE,
    &breaking::idempotency_changed::RULE,
    &breaking::json_format_changed::RULE,
    &breaking::json_name_changed::RULE,
    &breaking::media_type_removed::RULE,
    &breaking::nullable_added::RULE,
    &breaking::nullable_removed::RULE,
    &breaking::number_reused::RULE,
    &breaking::operation_moved::RULE,
    &breaking::operation_removed::RULE,
    &breaking::parameter_moved::RULE,
    &breaking::parameter_removed::RULE,
    &breaking::parameter_required::RULE,
    &breaking::presence_changed::RULE,
    &breaking::properties_closed::RULE,
    &breaking::request_body_removed::RULE,
    &breaking::request_body_required::RULE,
    &breaking::reserved_removed::RULE,
    &breaking::response_header_removed::RULE,
    &breaking::security_tightened::RULE,
    &breaking::status_added::RULE,
    &breaking::status_removed::RULE,
    &breaking::streaming_changed::RULE,
    &breaking::type_removed::RULE,
    &breaking::union_member_added::RULE,
    &breaking::union_member_removed::RULE,
    &contract::contract_drift::RULE,
    &contract::input_unbounded::RULE,
    &identity::anonymous_operation::RULE,
    &identity::caller_unidentified::RULE,
    &identity::credential_hardcoded::RULE,
    &identity::credential_missing::RULE,
    &identity::credential_shared::RULE,
    &lifecycle::deprecated_field_read::RULE,
    &lifecycle::deprecated_field_written::RULE,
    &lifecycle::deprecated_operation_called::RULE,
    &lifecycle::deprecated_with_consumers::RULE,
    &lifecycle::deprecation_without_sunset::RULE,
    &lifecycle::removed_before_sunset::RULE,
    &lifecycle::removed_without_deprecation::RULE,
    &lifecycle::stability_decreased::RULE,
    &lifecycle::sunset_moved_earlier::RULE,
    &lifecycle::sunset_near::RULE,
    &lifecycle::sunset_passed::RULE,
    &request::argument_invalid::RULE,
    &request::argument_unchecked::RULE,
    &request::field_unknown::RULE,
    &request::operation_unknown::RULE,
    &request::parameter_missing::RULE,
    &resilience::call_in_loop::RULE,
    &resilience::call_without_timeout::RULE,
    &resilience::restart_loop::RULE,
    &resilience::retry_amplification::RULE,
    &resilience::retry_on_permanent_failure::RULE,
    &resilience::retry_unsafe_operation::RULE,
    &resilience::retry_without_backoff::RULE,
    &resilience::unbounded_retry::RULE,
    &sensitive::sensitive_body_forwarded::RULE,
    &sensitive::sensitive_field_cached::RULE,
    &sensitive::sensitive_field_inherited::RULE,
    &sensitive::sensitive_field_logged::RULE,
    &sensitive::sensitive_field_read::RULE,
    &sensitive::sensitive_field_reexposed::RULE,
    &sensitive::sensitive_field_written::RULE,
    &sensitive::sensitive_mark_removed::RULE,
    &sensitive::sensitive_name_unmarked::RULE,
];

#[cfg(test)]
mod tests;
