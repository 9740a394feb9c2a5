//! Takes out of a descriptor what refers to something that is not there, so that the rest of the
//! file can be linked. What was taken out is told, and the places of the rest stay exact.

use prost_reflect::prost_types::field_descriptor_proto::Type;
use prost_reflect::prost_types::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, ServiceDescriptorProto,
    UninterpretedOption,
};

use super::symbols::{Kind, Visible, join};
use super::syntax::Path;

/// The type that stands in for a lost one where a message must stand.
const STAND_IN: &str = ".google.protobuf.Empty";
/// The file that declares it.
const STAND_IN_FILE: &str = "google/protobuf/empty.proto";

/// Options nested deeper than this are not given to the linker, which reads them by recursion.
const MAX_OPTION_DEPTH: usize = 64;

/// Numbers of fields in the descriptors (`descriptor.proto`), of which paths are made.
pub(super) mod tag {
    pub(in super::super) const FILE_PACKAGE: i32 = 2;
    pub(in super::super) const FILE_DEPENDENCY: i32 = 3;
    pub(in super::super) const FILE_MESSAGE: i32 = 4;
    pub(in super::super) const FILE_ENUM: i32 = 5;
    pub(in super::super) const FILE_SERVICE: i32 = 6;
    pub(in super::super) const FILE_OPTIONS: i32 = 8;
    pub(in super::super) const NAME: i32 = 1;
    pub(in super::super) const MESSAGE_FIELD: i32 = 2;
    pub(in super::super) const MESSAGE_NESTED: i32 = 3;
    pub(in super::super) const MESSAGE_OPTIONS: i32 = 7;
    pub(in super::super) const FIELD_TYPE_NAME: i32 = 6;
    pub(in super::super) const FIELD_OPTIONS: i32 = 8;
    pub(in super::super) const ENUM_OPTIONS: i32 = 3;
    pub(in super::super) const SERVICE_METHOD: i32 = 2;
    pub(in super::super) const SERVICE_OPTIONS: i32 = 3;
    pub(in super::super) const METHOD_INPUT: i32 = 2;
    pub(in super::super) const METHOD_OUTPUT: i32 = 3;
    pub(in super::super) const METHOD_OPTIONS: i32 = 4;
    pub(in super::super) const OPTION: i32 = 999;
}

/// A type that a field, request or response names and that is not there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lost {
    /// The field, or the type of a request or response.
    pub(super) path: Path,
    /// The type as written.
    pub(super) name: String,
}

/// Takes out what `visible` does not know.
pub(super) fn prune(file: &mut FileDescriptorProto, visible: &Visible<'_>) -> Vec<Lost> {
    let package = file.package().to_owned();
    let mut pruner = Pruner { visible, lost: Vec::new(), stand_in: false };
    for (at, message) in (0..).zip(&mut file.message_type) {
        pruner.message(message, &package, vec![tag::FILE_MESSAGE, at]);
    }
    pruner.enums(&mut file.enum_type, &package);
    pruner.extensions(&mut file.extension, &package);
    for (at, service) in (0..).zip(&mut file.service) {
        pruner.service(service, &package, at);
    }
    if let Some(options) = &mut file.options {
        pruner.options(&mut options.uninterpreted_option, &package);
    }
    let (lost, stand_in) = (pruner.lost, pruner.stand_in);
    if stand_in {
        import_stand_in(file);
    }
    lost
}

fn import_stand_in(file: &mut FileDescriptorProto) {
    if !file.dependency.iter().any(|import| import == STAND_IN_FILE) {
        file.dependency.push(STAND_IN_FILE.to_owned());
    }
}

struct Pruner<'a> {
    visible: &'a Visible<'a>,
    lost: Vec<Lost>,
    stand_in: bool,
}

impl Pruner<'_> {
    /// Messages nest at most as deep as the parser allows.
    fn message(&mut self, message: &mut DescriptorProto, scope: &str, path: Path) {
        let name = join(scope, message.name());
        for (at, field) in (0..).zip(&mut message.field) {
            self.field(field, &name, child(&path, &[tag::MESSAGE_FIELD, at]));
        }
        for (at, nested) in (0..).zip(&mut message.nested_type) {
            self.message(nested, &name, child(&path, &[tag::MESSAGE_NESTED, at]));
        }
        self.enums(&mut message.enum_type, &name);
        self.extensions(&mut message.extension, &name);
        for oneof in &mut message.oneof_decl {
            if let Some(options) = &mut oneof.options {
                self.options(&mut options.uninterpreted_option, &name);
            }
        }
        for range in &mut message.extension_range {
            if let Some(options) = &mut range.options {
                self.options(&mut options.uninterpreted_option, &name);
            }
        }
        if let Some(options) = &mut message.options {
            self.options(&mut options.uninterpreted_option, &name);
        }
    }

    fn field(&mut self, field: &mut FieldDescriptorProto, scope: &str, path: Path) {
        if !field.type_name().is_empty() && !self.visible.knows(scope, field.type_name(), Kind::Type) {
            self.lost.push(lose_type(field, path));
        }
        if let Some(options) = &mut field.options {
            self.options(&mut options.uninterpreted_option, scope);
        }
    }

    /// An extension of something unknown says nothing about any message that is here.
    fn extensions(&mut self, fields: &mut Vec<FieldDescriptorProto>, scope: &str) {
        fields.retain(|field| self.visible.knows(scope, field.extendee(), Kind::Type));
        for field in fields {
            self.field(field, scope, Path::new());
        }
    }

    fn enums(&mut self, enums: &mut [EnumDescriptorProto], scope: &str) {
        for declared in enums {
            if let Some(options) = &mut declared.options {
                self.options(&mut options.uninterpreted_option, scope);
            }
            for value in &mut declared.value {
                if let Some(options) = &mut value.options {
                    self.options(&mut options.uninterpreted_option, scope);
                }
            }
        }
    }

    fn service(&mut self, service: &mut ServiceDescriptorProto, package: &str, at: i32) {
        let name = join(package, service.name());
        for (method_at, method) in (0..).zip(&mut service.method) {
            let path = [tag::FILE_SERVICE, at, tag::SERVICE_METHOD, method_at];
            let ends = [(tag::METHOD_INPUT, &mut method.input_type), (tag::METHOD_OUTPUT, &mut method.output_type)];
            for (end, written) in ends {
                let Some(written) = written else { continue };
                if !self.visible.knows(&name, written, Kind::Type) {
                    let name = std::mem::replace(written, STAND_IN.to_owned());
                    self.lost.push(Lost { path: child(&path, &[end]), name });
                    self.stand_in = true;
                }
            }
            if let Some(options) = &mut method.options {
                self.options(&mut options.uninterpreted_option, &name);
            }
        }
        if let Some(options) = &mut service.options {
            self.options(&mut options.uninterpreted_option, &name);
        }
    }

    fn options(&self, options: &mut Vec<UninterpretedOption>, scope: &str) {
        options.retain(|option| {
            let mut extensions = option.name.iter().filter(|part| part.is_extension);
            extensions.all(|part| self.visible.knows(scope, &part.name_part, Kind::Extension))
                && depth(option.aggregate_value()) <= MAX_OPTION_DEPTH
        });
    }
}

/// How deep the braces of an option nest; braces in strings may count too, which does no harm.
fn depth(text: &str) -> usize {
    let (mut now, mut most) = (0usize, 0);
    for c in text.bytes() {
        match c {
            b'{' | b'[' | b'<' => now += 1,
            b'}' | b']' | b'>' => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

/// Gives a field a type that is always there.
fn lose_type(field: &mut FieldDescriptorProto, path: Path) -> Lost {
    let name = field.type_name.take().unwrap_or_default();
    field.set_type(Type::Bytes);
    field.default_value = None;
    Lost { path, name }
}

/// Takes out the element that the linker refuses, by its path. `None` if it cannot be spared.
pub(super) fn take_out(file: &mut FileDescriptorProto, path: &[i32]) -> Option<Option<Lost>> {
    match path {
        [tag::FILE_OPTIONS, tag::OPTION, at, ..] => spare(&mut file.options.as_mut()?.uninterpreted_option, *at),
        [tag::FILE_MESSAGE, at, rest @ ..] => {
            let message = file.message_type.get_mut(usize::try_from(*at).ok()?)?;
            take_out_of_message(message, rest, path)
        }
        [tag::FILE_ENUM, at, tag::ENUM_OPTIONS, tag::OPTION, option, ..] => {
            let declared = file.enum_type.get_mut(usize::try_from(*at).ok()?)?;
            spare(&mut declared.options.as_mut()?.uninterpreted_option, *option)
        }
        [tag::FILE_SERVICE, at, rest @ ..] => {
            let service = file.service.get_mut(usize::try_from(*at).ok()?)?;
            let taken = take_out_of_service(service, rest, path)?;
            if taken.is_some() {
                import_stand_in(file);
            }
            Some(taken)
        }
        _ => None,
    }
}

fn take_out_of_message(message: &mut DescriptorProto, rest: &[i32], path: &[i32]) -> Option<Option<Lost>> {
    match rest {
        [tag::MESSAGE_OPTIONS, tag::OPTION, at, ..] => spare(&mut message.options.as_mut()?.uninterpreted_option, *at),
        [tag::MESSAGE_NESTED, at, rest @ ..] => {
            take_out_of_message(message.nested_type.get_mut(usize::try_from(*at).ok()?)?, rest, path)
        }
        [tag::MESSAGE_FIELD, at, rest @ ..] => {
            let field = message.field.get_mut(usize::try_from(*at).ok()?)?;
            match rest {
                [tag::FIELD_TYPE_NAME] if !field.type_name().is_empty() => {
                    let path = path.get(..path.len().saturating_sub(1)).unwrap_or_default();
                    Some(Some(lose_type(field, path.to_vec())))
                }
                [tag::FIELD_OPTIONS, tag::OPTION, at, ..] => {
                    spare(&mut field.options.as_mut()?.uninterpreted_option, *at)
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn take_out_of_service(service: &mut ServiceDescriptorProto, rest: &[i32], path: &[i32]) -> Option<Option<Lost>> {
    match rest {
        [tag::SERVICE_OPTIONS, tag::OPTION, at, ..] => spare(&mut service.options.as_mut()?.uninterpreted_option, *at),
        [tag::SERVICE_METHOD, at, rest @ ..] => {
            let method = service.method.get_mut(usize::try_from(*at).ok()?)?;
            let written = match rest {
                [tag::METHOD_OPTIONS, tag::OPTION, at, ..] => {
                    return spare(&mut method.options.as_mut()?.uninterpreted_option, *at);
                }
                [tag::METHOD_INPUT] => method.input_type.as_mut()?,
                [tag::METHOD_OUTPUT] => method.output_type.as_mut()?,
                _ => return None,
            };
            let name = std::mem::replace(written, STAND_IN.to_owned());
            // A stand-in that is refused itself must not be tried for ever.
            (name != STAND_IN).then(|| Some(Lost { path: path.to_vec(), name }))
        }
        _ => None,
    }
}

/// Takes out one option.
fn spare(options: &mut Vec<UninterpretedOption>, at: i32) -> Option<Option<Lost>> {
    let at = usize::try_from(at).ok().filter(|at| *at < options.len())?;
    options.remove(at);
    Some(None)
}

/// The path of an element inside the one at `path`.
pub(super) fn child(path: &[i32], more: &[i32]) -> Path {
    [path, more].concat()
}
