//! What only protobuf says: files, options, features, numbers that are taken.

use serde::{Serialize, Serializer};

use super::object::{Object, each};
use super::{Context, With, element::marks};
use crate::model::contract::{
    Enum, EnumValue, Extension, Features, FieldSpans, Import, ImportKind, Oneof, OptionSetting, Presence, ProtoField,
    ProtoFile, ProtoKind, ProtoMessage, ProtoMethod, ProtoService, Reserved,
};
use crate::model::source::{Site, Span};

impl Serialize for With<'_, ProtoFile> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, file) = self;
        let mut object = Object::open(serializer)?;
        object.set("path", &file.path)?;
        object.set("file", context.path(file.file))?;
        object.set("syntax", &file.syntax.name())?;
        object.maybe("syntaxAt", file.syntax_site.as_ref().map(|it| With(context, it)).as_ref())?;
        object.maybe("packageAt", file.package_site.as_ref().map(|it| With(context, it)).as_ref())?;
        object.set("imports", &each(context, &file.imports))?;
        object.list("options", context, &file.options)?;
        object.set("services", &each(context, &file.services))?;
        object.list("extensions", context, &file.extensions)?;
        object.maybe("marks", marks(context, &file.marks).as_ref())?;
        object.close()
    }
}

impl Serialize for With<'_, Import> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, import) = self;
        let kind = import.kind.map(|kind| match kind {
            ImportKind::Public => "public",
            ImportKind::Weak => "weak",
            ImportKind::Option => "option",
        });
        let mut object = Object::open(serializer)?;
        object.set("path", &import.path)?;
        object.maybe("kind", kind)?;
        object.maybe("file", import.file.map(|file| context.path(file)))?;
        object.flag("missing", import.missing)?;
        object.set("at", &With(context, &import.site))?;
        object.close()
    }
}

impl Serialize for With<'_, OptionSetting> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, option) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &option.name)?;
        object.set("value", &option.value)?;
        object.set("known", &option.known)?;
        object.flag("redacts", option.redacts)?;
        object.set("at", &With(context, &option.site))?;
        object.close()
    }
}

impl Serialize for With<'_, ProtoService> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, service) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &service.name)?;
        object.list("options", context, &service.options)?;
        object.maybe("marks", marks(context, &service.marks).as_ref())?;
        object.set("at", &With(context, &service.site))?;
        object.close()
    }
}

impl Serialize for With<'_, Extension> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, extension) = self;
        let mut object = Object::open(serializer)?;
        object.set("extendee", &extension.extendee)?;
        object.set("name", &extension.name)?;
        object.set("field", &With(context, &extension.field))?;
        object.close()
    }
}

impl Serialize for With<'_, ProtoMethod> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, method) = self;
        let mut object = Object::open(serializer)?;
        object.set("file", &method.file)?;
        object.set("requestType", &method.types.0)?;
        object.set("responseType", &method.types.1)?;
        object.list("options", context, &method.options)?;
        object.close()
    }
}

impl Serialize for With<'_, ProtoMessage> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, message) = self;
        let mut object = Object::open(serializer)?;
        object.set("file", &message.file)?;
        object.list("options", context, &message.options)?;
        object.list("reserved", context, &message.reserved)?;
        object.list("reservedNames", context, &message.reserved_names)?;
        object.list("extensionRanges", context, &message.extension_ranges)?;
        object.list("oneofs", context, &message.oneofs)?;
        object.flag("isGroup", message.is_group)?;
        object.set("features", &With(context, &message.features))?;
        object.close()
    }
}

impl Serialize for With<'_, Reserved> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, reserved) = self;
        let mut object = Object::open(serializer)?;
        object.set("from", reserved.numbers.start())?;
        object.set("to", reserved.numbers.end())?;
        object.set("at", &With(context, &reserved.site))?;
        object.close()
    }
}

impl Serialize for With<'_, (String, Site)> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, (name, site)) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", name)?;
        object.set("at", &With(context, site))?;
        object.close()
    }
}

impl Serialize for With<'_, Oneof> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, oneof) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &oneof.name)?;
        object.list("options", context, &oneof.options)?;
        object.set("at", &With(context, &oneof.site))?;
        object.close()
    }
}

impl Serialize for With<'_, ProtoField> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, field) = self;
        let mut object = Object::open(serializer)?;
        object.set("kind", kind_name(field.kind))?;
        object.set("typeName", &*field.type_name)?;
        if let ProtoKind::Map(key) = field.kind {
            object.set("keyType", key.name())?;
        }
        object.flag("proto3Optional", field.proto3_optional)?;
        object.flag("jsonNameIsExplicit", field.json_name_is_explicit)?;
        object.maybe("default", field.default.as_ref())?;
        object.list("options", context, &field.options)?;
        object.set("features", &With(context, &field.features))?;
        if field.spans != FieldSpans::default() {
            object.set("spans", &With(context, &field.spans))?;
        }
        object.close()
    }
}

const fn kind_name(kind: ProtoKind) -> &'static str {
    match kind {
        ProtoKind::Scalar => "scalar",
        ProtoKind::Message => "message",
        ProtoKind::Group => "group",
        ProtoKind::Enum => "enum",
        ProtoKind::Map(_) => "map",
        ProtoKind::Unresolved => "unresolved",
    }
}

impl Serialize for With<'_, FieldSpans> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, spans) = self;
        let at = |span: Option<Span>| span.map(|span| At(context, span));
        let mut object = Object::open(serializer)?;
        object.maybe("whole", at(spans.whole).as_ref())?;
        object.maybe("label", at(spans.label).as_ref())?;
        object.maybe("type", at(spans.kind).as_ref())?;
        object.maybe("number", at(spans.number).as_ref())?;
        object.close()
    }
}

/// A byte range as lines and columns, in the file of the field.
struct At<'c>(&'c Context<'c>, Span);

impl Serialize for At<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = Object::open_small(serializer, self.0)?;
        object.place(self.0.finder.span(self.1))?;
        object.close()
    }
}

/// Features by the names of `google.protobuf.FeatureSet`.
impl Serialize for With<'_, Features> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, features) = self;
        let presence = match features.presence {
            Presence::Explicit => "EXPLICIT",
            Presence::Implicit => "IMPLICIT",
            Presence::Required => "LEGACY_REQUIRED",
        };
        let mut object = Object::open_small(serializer, context)?;
        object.set("field_presence", presence)?;
        object.set("enum_type", if features.open_enum { "OPEN" } else { "CLOSED" })?;
        object.set("repeated_field_encoding", if features.packed { "PACKED" } else { "EXPANDED" })?;
        object.set("utf8_validation", if features.utf8 { "VERIFY" } else { "NONE" })?;
        object.set("message_encoding", if features.delimited { "DELIMITED" } else { "LENGTH_PREFIXED" })?;
        object.set("json_format", if features.json { "ALLOW" } else { "LEGACY_BEST_EFFORT" })?;
        object.close()
    }
}

impl Serialize for With<'_, &Enum> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, declared) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &declared.name)?;
        object.set("file", &declared.file)?;
        object.list("options", context, &declared.options)?;
        object.list("reserved", context, &declared.reserved)?;
        object.list("reservedNames", context, &declared.reserved_names)?;
        object.set("features", &With(context, &declared.features))?;
        object.maybe("marks", marks(context, &declared.marks).as_ref())?;
        object.set("at", &With(context, &declared.site))?;
        object.set("values", &each(context, &declared.values))?;
        object.close()
    }
}

impl Serialize for With<'_, EnumValue> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, value) = self;
        let mut object = Object::open(serializer)?;
        object.set("name", &value.name)?;
        object.set("number", &value.number)?;
        object.list("options", context, &value.options)?;
        object.maybe("marks", marks(context, &value.marks).as_ref())?;
        object.set("at", &With(context, &value.site))?;
        object.close()
    }
}
