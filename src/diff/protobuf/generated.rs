//! Options that only generators go by.

use serde_json::Value;

use super::field::FieldPair;
use super::make::{Draft, breaks};
use crate::model::change::{ChangeKind, Element};
use crate::model::contract::{Field, OptionSetting, Presence, ProtoFile, ProtoKind, Syntax};
use crate::model::source::Site;

/// The setting of an option.
pub(super) fn option<'o>(options: &'o [OptionSetting], name: &str) -> Option<&'o OptionSetting> {
    options.iter().find(|option| option.name == name)
}

/// The value of an option as text.
pub(super) fn value(options: &[OptionSetting], name: &str) -> Option<String> {
    option(options, name).map(|option| match &option.value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// What a field says to generators of code, beside its type.
pub(super) fn field(pair: FieldPair<'_>, element: &Element) -> Vec<Draft> {
    let both = |is: fn(&str) -> bool| {
        let is_it = |field: &Field| {
            field.proto.as_ref().is_some_and(|proto| proto.kind == ProtoKind::Scalar && is(&proto.type_name))
        };
        is_it(pair.old) && is_it(pair.new)
    };
    let mut drafts = Vec::new();
    if both(|kind| matches!(kind, "int64" | "uint64" | "sint64" | "fixed64" | "sfixed64")) {
        let setting = |field: &Field| own(field, "jstype").unwrap_or_else(|| "JS_NORMAL".to_owned());
        drafts.extend(changed(pair, element, "jstype", "FIELD_SAME_JSTYPE", &setting));
    }
    if both(|kind| matches!(kind, "string" | "bytes")) {
        let value =
            |spot: Option<&(Site, Option<String>)>| spot.and_then(|(_, value)| value.clone()).unwrap_or_default();
        let is_freed =
            |draft: &Draft| value(draft.old.as_ref()) == "STRING_PIECE" && value(draft.new.as_ref()) == "STRING";
        let draft = changed(pair, element, "ctype", "FIELD_SAME_CPP_STRING_TYPE", &|field| cpp_string(pair, field));
        drafts.extend(draft.filter(|draft| !is_freed(draft)));
    }
    if both(|kind| kind == "string") {
        drafts.extend(utf8(pair, element));
    }
    drafts
}

/// Whether the file as a whole changed how the absence of fields shows.
pub(super) fn presence_is_of_file(pair: FieldPair<'_>) -> bool {
    let presence = |file: Option<&ProtoFile>| file.map(|file| file.features.presence);
    let of_field = |field: &Field| field.proto.as_ref().map(|proto| proto.features.presence);
    let (old, new) = (presence(pair.old_file), presence(pair.new_file));
    let is_default = |one: Option<Presence>| one != Some(Presence::Required);
    old != new && is_default(old) && (old, new) == (of_field(pair.old), of_field(pair.new))
}

fn changed(
    pair: FieldPair<'_>,
    element: &Element,
    facet: &'static str,
    id: &'static str,
    setting: &dyn Fn(&Field) -> String,
) -> Option<Draft> {
    let (old, new) = (setting(pair.old), setting(pair.new));
    let draft = Draft::new(ChangeKind::GeneratedCodeChanged, element.clone()).facet(facet).aliases(vec![id]);
    (old != new).then(|| draft.turned(pair.named(), old, new).breaking(breaks(false, false, true)))
}

fn own(field: &Field, name: &str) -> Option<String> {
    value(&field.proto.as_ref()?.options, name)
}

/// The string type of C++: by the option of old, by the feature of editions.
fn cpp_string(pair: FieldPair<'_>, field: &Field) -> String {
    let feature = "features.(pb.cpp).string_type";
    let is_old = std::ptr::eq(field, pair.old);
    let file = if is_old { pair.old_file } else { pair.new_file };
    let of_file = || file.and_then(|file| value(&file.options, feature));
    let by_syntax = || match file.map(|file| file.syntax) {
        Some(Syntax::Edition2024 | Syntax::EditionLater(_)) => "VIEW".to_owned(),
        _ => "STRING".to_owned(),
    };
    own(field, "ctype").or_else(|| own(field, feature)).or_else(of_file).unwrap_or_else(by_syntax)
}

/// Whether text must be UTF-8: for all languages, and for Java, which has an option of its own.
fn utf8(pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    let in_java = changed(pair, element, JAVA_UTF8, "FIELD_SAME_JAVA_UTF8_VALIDATION", &|field| {
        word(verifies(field) || java_verifies(pair, field))
    });
    let everywhere = changed(pair, element, UTF8, "FIELD_SAME_UTF8_VALIDATION", &|field| word(verifies(field)));
    let of_file = |verifies: &dyn Fn(&ProtoFile) -> bool, old: bool, new: bool| {
        [pair.old_file, pair.new_file].map(|file| file.is_some_and(verifies)) == [old, new]
    };
    match (everywhere, in_java) {
        (Some(mut draft), in_java) => {
            draft.aliases.extend(in_java.into_iter().flat_map(|draft| draft.aliases));
            let is_of_file = of_file(&|file| file.features.utf8, verifies(pair.old), verifies(pair.new));
            Some(draft.of_file(is_of_file, UTF8))
        }
        (None, Some(draft)) => {
            let (old, new) = (java_verifies(pair, pair.old), java_verifies(pair, pair.new));
            Some(draft.of_file(of_file(&checks_utf8, old, new), JAVA_UTF8))
        }
        (None, None) => None,
    }
}

const UTF8: &str = "features.utf8_validation";
const JAVA_UTF8: &str = "java_string_check_utf8";

fn verifies(field: &Field) -> bool {
    field.proto.as_ref().is_some_and(|proto| proto.features.utf8)
}

fn word(verifies: bool) -> String {
    if verifies { "VERIFY" } else { "NONE" }.to_owned()
}

fn java_verifies(pair: FieldPair<'_>, field: &Field) -> bool {
    let file = if std::ptr::eq(field, pair.old) { pair.old_file } else { pair.new_file };
    let own = own(field, "features.(pb.java).utf8_validation").map(|mode| mode == "VERIFY");
    own.unwrap_or_else(|| file.is_some_and(checks_utf8))
}

fn checks_utf8(file: &ProtoFile) -> bool {
    let is = |name: &str, wanted: &str| value(&file.options, name).is_some_and(|value| value == wanted);
    is(JAVA_UTF8, "true") || is("features.(pb.java).utf8_validation", "VERIFY")
}
