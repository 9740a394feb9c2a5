//! Declarations that are known without their files: the options of protobuf itself, and those of its
//! usual companions (`google/api`, protovalidate), as far as options are written with them; and the
//! names of the common types (`google/type`, `google/rpc`).
//!
//! A file of the run with the same import path is read instead, but for protobuf's own.

use std::borrow::Cow;

use super::files::{Origin, Parsed};
use super::text;
use crate::model::source::FileId;

/// Import path and text of each.
const TEXTS: &[(&str, &str)] = &[
    ("google/protobuf/descriptor.proto", include_str!("built_in/descriptor.proto")),
    ("google/protobuf/any.proto", include_str!("built_in/any.proto")),
    ("google/protobuf/api.proto", include_str!("built_in/api.proto")),
    ("google/protobuf/duration.proto", include_str!("built_in/duration.proto")),
    ("google/protobuf/empty.proto", include_str!("built_in/empty.proto")),
    ("google/protobuf/field_mask.proto", include_str!("built_in/field_mask.proto")),
    ("google/protobuf/source_context.proto", include_str!("built_in/source_context.proto")),
    ("google/protobuf/struct.proto", include_str!("built_in/struct.proto")),
    ("google/protobuf/timestamp.proto", include_str!("built_in/timestamp.proto")),
    ("google/protobuf/type.proto", include_str!("built_in/type.proto")),
    ("google/protobuf/wrappers.proto", include_str!("built_in/wrappers.proto")),
    ("google/protobuf/compiler/plugin.proto", include_str!("built_in/plugin.proto")),
    ("google/protobuf/cpp_features.proto", include_str!("built_in/cpp_features.proto")),
    ("google/protobuf/go_features.proto", include_str!("built_in/go_features.proto")),
    ("google/protobuf/java_features.proto", include_str!("built_in/java_features.proto")),
    ("buf/validate/validate.proto", include_str!("built_in/protovalidate.proto")),
    ("validate/validate.proto", include_str!("built_in/protoc_gen_validate.proto")),
    ("google/api/annotations.proto", include_str!("built_in/annotations.proto")),
    ("google/api/http.proto", include_str!("built_in/http.proto")),
    ("google/api/client.proto", include_str!("built_in/client.proto")),
    ("google/api/launch_stage.proto", include_str!("built_in/launch_stage.proto")),
    ("google/api/field_behavior.proto", include_str!("built_in/field_behavior.proto")),
    ("google/api/field_info.proto", include_str!("built_in/field_info.proto")),
    ("google/api/resource.proto", include_str!("built_in/resource.proto")),
    ("google/api/routing.proto", include_str!("built_in/routing.proto")),
    ("google/api/visibility.proto", include_str!("built_in/visibility.proto")),
    ("google/api/httpbody.proto", include_str!("built_in/httpbody.proto")),
    ("google/rpc/code.proto", include_str!("built_in/code.proto")),
    ("google/rpc/status.proto", include_str!("built_in/status.proto")),
    ("google/rpc/error_details.proto", include_str!("built_in/error_details.proto")),
    ("google/type/calendar_period.proto", include_str!("built_in/calendar_period.proto")),
    ("google/type/color.proto", include_str!("built_in/color.proto")),
    ("google/type/date.proto", include_str!("built_in/date.proto")),
    ("google/type/datetime.proto", include_str!("built_in/datetime.proto")),
    ("google/type/dayofweek.proto", include_str!("built_in/dayofweek.proto")),
    ("google/type/decimal.proto", include_str!("built_in/decimal.proto")),
    ("google/type/expr.proto", include_str!("built_in/expr.proto")),
    ("google/type/fraction.proto", include_str!("built_in/fraction.proto")),
    ("google/type/interval.proto", include_str!("built_in/interval.proto")),
    ("google/type/latlng.proto", include_str!("built_in/latlng.proto")),
    ("google/type/localized_text.proto", include_str!("built_in/localized_text.proto")),
    ("google/type/money.proto", include_str!("built_in/money.proto")),
    ("google/type/month.proto", include_str!("built_in/month.proto")),
    ("google/type/phone_number.proto", include_str!("built_in/phone_number.proto")),
    ("google/type/postal_address.proto", include_str!("built_in/postal_address.proto")),
    ("google/type/quaternion.proto", include_str!("built_in/quaternion.proto")),
    ("google/type/timeofday.proto", include_str!("built_in/timeofday.proto")),
];

/// The built-in files. They stand in no source, so no place in them is ever shown.
pub(super) fn files<'s>() -> impl Iterator<Item = Parsed<'s>> {
    TEXTS.iter().map(|(path, text)| Parsed {
        file: FileId(u32::MAX),
        path: Cow::Borrowed(path),
        tree: text::parse(text),
        origin: Origin::BuiltIn,
    })
}
