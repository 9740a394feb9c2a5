//! Options of an element: the full name of each, its value by the declared type, where it stands,
//! and the marks that they are.

use serde_json::{Map, Value as Json};

use super::names::{FieldIn, Names};
use super::symbols::{Symbol, candidates};
use super::text::ast::{Label, NamePart, OptionStatement};
use super::values::{Reader, Typed, merge, raw};
use crate::contract::marks::{MarkTable, NoDay};
use crate::model::contract::{Mark, Marks, OptionSetting};
use crate::model::source::{Site, SourceFile};

/// The kinds of elements that have options, by the message that declares these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// `FileOptions`
    File,
    /// `MessageOptions`
    Message,
    /// `FieldOptions`
    Field,
    /// `OneofOptions`
    Oneof,
    /// `EnumOptions`
    Enum,
    /// `EnumValueOptions`
    EnumValue,
    /// `ServiceOptions`
    Service,
    /// `MethodOptions`
    Method,
}

impl Target {
    const fn message(self) -> &'static str {
        match self {
            Self::File => "google.protobuf.FileOptions",
            Self::Message => "google.protobuf.MessageOptions",
            Self::Field => "google.protobuf.FieldOptions",
            Self::Oneof => "google.protobuf.OneofOptions",
            Self::Enum => "google.protobuf.EnumOptions",
            Self::EnumValue => "google.protobuf.EnumValueOptions",
            Self::Service => "google.protobuf.ServiceOptions",
            Self::Method => "google.protobuf.MethodOptions",
        }
    }
}

/// Reads the options of one file.
pub(super) struct OptionReader<'n, 'a> {
    /// All declarations.
    pub(super) names: &'n Names<'a>,
    /// The file, by index.
    pub(super) file: usize,
    /// Its text, if it has one.
    pub(super) source: Option<&'a SourceFile>,
    /// What is sensitive.
    pub(super) table: &'n MarkTable,
}

/// One statement, understood as far as its name is known.
struct Setting {
    /// The name of the option, as [`OptionSetting::name`].
    name: String,
    /// The fields inside it that the statement sets: `(a).b.c` has two.
    path: Vec<String>,
    /// The names that marks are looked up by; several if it is declared nowhere.
    mark_names: Vec<String>,
    value: Typed,
    known: bool,
    is_extension: bool,
}

impl OptionReader<'_, '_> {
    /// The options of an element, and the marks among them.
    pub(super) fn read(
        &self,
        target: Target,
        scope: &str,
        statements: &[OptionStatement<'_>],
        no_days: &mut Vec<NoDay>,
    ) -> (Vec<OptionSetting>, Marks) {
        let (mut settings, mut marks) = (Vec::with_capacity(statements.len()), Marks::default());
        for statement in statements {
            let is_own = matches!(statement.name.as_slice(), [name] if !name.is_extension && matches!(&*name.name.text, "default" | "json_name"));
            if target == Target::Field && is_own {
                continue;
            }
            let site = self.names.files[self.file].site(statement.range);
            let setting = self.setting(target, scope, statement);
            no_days.extend(self.mark(&setting, statement, &site, &mut marks).err());
            keep(&mut settings, setting, site);
        }
        (settings, marks)
    }

    fn setting(&self, target: Target, scope: &str, statement: &OptionStatement<'_>) -> Setting {
        let Some((first, rest)) = statement.name.split_first() else { return unknown(scope, statement) };
        let Some((name, field)) = self.first(target, scope, first) else { return unknown(scope, statement) };
        let Some((path, field)) = self.inner(scope, field, rest) else { return unknown(scope, statement) };
        let reader = Reader { names: self.names, file: self.file, scope };
        let value = reader.field(field, &statement.value, 0);
        let mark_name = std::iter::once(name.clone()).chain(path.iter().cloned()).collect::<Vec<_>>().join(".");
        let name = if first.is_extension { format!("({name})") } else { name };
        Setting { name, path, mark_names: vec![mark_name], value, known: true, is_extension: first.is_extension }
    }

    /// The option that the first part of a name means, by its full name.
    fn first(&self, target: Target, scope: &str, part: &NamePart<'_>) -> Option<(String, FieldIn<'_>)> {
        if part.is_extension {
            let symbol = self.names.extension(self.file, scope, &part.name.text)?;
            return self.extension(symbol);
        }
        let message = self.names.built_in(target.message())?;
        let field = self.names.field(message, &part.name.text)?;
        Some((part.name.text.clone().into_owned(), field))
    }

    fn extension(&self, symbol: Symbol) -> Option<(String, FieldIn<'_>)> {
        let declared = self.names.extension_at(symbol)?;
        let field = FieldIn { node: declared.node, file: symbol.file as usize, scope: &declared.scope };
        Some((declared.name.to_string(), field))
    }

    /// The field that the further parts of a name lead to.
    fn inner<'f>(
        &'f self,
        scope: &str,
        start: FieldIn<'f>,
        parts: &[NamePart<'_>],
    ) -> Option<(Vec<String>, FieldIn<'f>)> {
        let (mut path, mut field) = (Vec::with_capacity(parts.len()), start);
        for part in parts {
            let message = self.names.message_of(field)?;
            if part.is_extension {
                let (name, inner) = self.extension(self.names.extension(self.file, scope, &part.name.text)?)?;
                path.push(format!("[{name}]"));
                field = inner;
            } else {
                field = self.names.field(message, &part.name.text)?;
                path.push(part.name.text.clone().into_owned());
            }
        }
        Some((path, field))
    }

    /// What an option marks: by its name, by the names of what its value holds, by the enum value
    /// that it is set to.
    fn mark(
        &self,
        setting: &Setting,
        statement: &OptionStatement<'_>,
        site: &Site,
        marks: &mut Marks,
    ) -> Result<(), NoDay> {
        let mark = || Mark { text: self.written(setting, statement), site: site.clone() };
        let value = &setting.value.json;
        let mut result = Ok(());
        for name in &setting.mark_names {
            result = result.and(self.table.apply(name, value, mark, marks));
        }
        if setting.value.redacts && marks.sensitive.is_empty() {
            result = result.and(self.table.apply("debug_redact", &Json::Bool(true), mark, marks));
        }
        result
    }

    /// The statement as written, on one line.
    fn written(&self, setting: &Setting, statement: &OptionStatement<'_>) -> String {
        let text =
            self.source.and_then(|file| file.text.get(statement.range.start as usize..statement.range.end as usize));
        match text {
            Some(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            None => format!("{} = {}", setting.name, setting.value.json),
        }
    }
}

/// An option whose definition is not here, by its name and value as written.
fn unknown(scope: &str, statement: &OptionStatement<'_>) -> Setting {
    let value = Typed { json: raw(&statement.value, 0), redacts: false };
    let Some((first, rest)) = statement.name.split_first() else {
        return Setting {
            name: String::new(),
            path: Vec::new(),
            mark_names: Vec::new(),
            value,
            known: false,
            is_extension: false,
        };
    };
    let part = |part: &NamePart<'_>| {
        if part.is_extension {
            format!("({})", part.name.text.trim_start_matches('.'))
        } else {
            part.name.text.clone().into_owned()
        }
    };
    let name = statement.name.iter().map(part).collect::<Vec<_>>().join(".");
    let mut tail = String::new();
    for part in rest {
        tail.push('.');
        tail.push_str(part.name.text.trim_start_matches('.'));
    }
    let written = first.name.text.trim_start_matches('.');
    let mut mark_names = vec![format!("{written}{tail}")];
    if first.is_extension {
        // As written comes first, then with the packages around it, inner ones first.
        let others = candidates(scope, &first.name.text).into_iter().filter(|name| name != written);
        mark_names.extend(others.map(|name| format!("{name}{tail}")));
    }
    Setting { name, path: Vec::new(), mark_names, value, known: false, is_extension: first.is_extension }
}

/// Adds a setting; parts of one extension are merged into its value.
fn keep(settings: &mut Vec<OptionSetting>, setting: Setting, site: Site) {
    let Setting { mut name, path, value, known, is_extension, .. } = setting;
    let Typed { mut json, redacts } = value;
    if is_extension {
        json = path.into_iter().rev().fold(json, |inner, name| Json::Object(Map::from_iter([(name, inner)])));
    } else {
        for part in path {
            let part = part
                .strip_prefix('[')
                .and_then(|part| part.strip_suffix(']'))
                .map_or(part.clone(), |part| format!("({part})"));
            name = format!("{name}.{part}");
        }
    }
    match settings.iter_mut().find(|found| known && found.known && found.name == name) {
        Some(found) => {
            merge(&mut found.value, json);
            found.redacts |= redacts;
        }
        None => settings.push(OptionSetting { name, value: json, known, redacts, site }),
    }
}

/// The value of an option among settings.
pub(super) fn value<'s>(settings: &'s [OptionSetting], name: &str) -> Option<&'s Json> {
    settings.iter().find(|setting| setting.name == name).map(|setting| &setting.value)
}

/// Whether a field is repeated by its label.
pub(super) fn is_repeated(label: Option<(Label, super::text::ast::Range)>) -> bool {
    matches!(label, Some((Label::Repeated, _)))
}
