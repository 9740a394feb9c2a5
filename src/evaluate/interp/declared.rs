//! Declared clients: interfaces whose annotations say which requests their methods send.

use std::sync::Arc;

use super::Interp;
use super::argument::{Site, align};
use super::route::path_texts;
use crate::evaluate::library::format::{InterfacesModel, Port, RequestAnnotation, SentPart};
use crate::evaluate::library::{Kind, Library, Setting};
use crate::evaluate::origins::Origins;
use crate::evaluate::program::FuncId;
use crate::evaluate::routes;
use crate::evaluate::value::{ObjectId, Text, Value, What};
use crate::model::ir::{Annotation, Func, Param, Pattern, Symbol, Type};
use crate::model::usage::Template;

/// A method of a declared client.
struct Declared<'a> {
    library: &'a Library,
    model: &'a InterfacesModel,
    methods: Vec<Option<String>>,
    paths: Vec<Template>,
    headers: Vec<Template>,
}

impl<'a> Interp<'a> {
    /// A method of a declared client is called: its request is sent from here.
    pub(super) fn declared_called(
        &mut self,
        receiver: &Value,
        owner: &Symbol,
        name: &str,
        site: &Site<'a>,
    ) -> Option<Value> {
        if !self.program.is_interface(owner) {
            return None;
        }
        // What a server and its clients share may be an interface that the client's only extends, and redeclares in part.
        let interfaces = self.program.ancestors(owner);
        let methods = interfaces.iter().filter_map(|one| self.program.own_method(one, name)).collect::<Vec<_>>();
        let described = |id: FuncId| {
            let func = self.program.func(id);
            Some((id, func, self.inside(id, |interp| interp.declared_request(func, &interfaces))?))
        };
        let (id, func, declared) = methods.into_iter().find_map(described)?;
        let request = self.make_object(declared.library, Kind::Request, site.span);
        self.set_base(request, receiver, &interfaces, id, declared.model);
        let set = |interp: &mut Self, setting, values: Vec<Value>| {
            if let Some(value) = values.into_iter().reduce(Value::join) {
                interp.objects.set(request, setting, value, &interp.branches);
            }
        };
        let methods = declared.methods.iter().flatten().map(|name| Value::text(written_nowhere(Template::text(name))));
        set(self, Setting::Method, methods.collect());
        // A method that says no path has that of its interface.
        let paths = if declared.paths.is_empty() { &[Template::default()][..] } else { &declared.paths };
        set(self, Setting::Url, paths.iter().cloned().map(|path| Value::text(written_nowhere(path))).collect());
        for header in &declared.headers {
            self.declared_header(request, header, site);
        }
        self.send_arguments(request, func, &declared, site);
        let sent = self.send(declared.library, &Value::of(What::Object(request)), site);
        Some(self.declared_result(func, sent))
    }

    /// What a method's annotations say of its request.
    fn declared_request(&mut self, func: &'a Func, interfaces: &[Symbol]) -> Option<Declared<'a>> {
        let libraries = self.libraries;
        let marked = self.client_annotations(interfaces);
        let mut found: Option<Declared<'a>> = None;
        for annotation in &func.annotations {
            let name = self.program.annotation(annotation);
            for (library, model, request) in libraries.request_annotations(name.as_str()) {
                if model.marked && !marked.contains(&library) {
                    continue;
                }
                let declared = found.get_or_insert_with(|| Declared {
                    library,
                    model,
                    methods: Vec::new(),
                    paths: Vec::new(),
                    headers: Vec::new(),
                });
                self.add_request(declared, annotation, request);
                break;
            }
        }
        found.filter(|declared| !declared.methods.is_empty())
    }

    fn add_request(&mut self, declared: &mut Declared<'a>, annotation: &'a Annotation, model: &'a RequestAnnotation) {
        let methods = model.method.as_ref().map(|methods| self.annotation_methods(annotation, methods));
        let methods = methods.unwrap_or_default();
        let default = model.default_method.iter().filter(|_| methods.is_empty()).cloned().map(Some);
        declared.methods.extend(default);
        declared.methods.extend(methods);
        declared.paths.extend(self.annotation_texts(annotation, &model.path));
        for line in self.annotation_texts(annotation, &model.line) {
            let (method, path) = routes::pattern(&line);
            declared.methods.push(method);
            declared.paths.push(path);
        }
        declared.headers.extend(self.annotation_texts(annotation, &model.headers));
    }

    fn annotation_texts(&mut self, annotation: &'a Annotation, ports: &[Port]) -> Vec<Template> {
        let given = ports.iter().find_map(|port| self.annotation_value(annotation, port));
        given.map(|value| path_texts(&value)).unwrap_or_default()
    }

    /// Libraries whose annotations mark one of these interfaces as a client.
    fn client_annotations(&self, interfaces: &[Symbol]) -> Vec<&'a Library> {
        let declared = interfaces.iter().filter_map(|interface| self.program.type_def(interface));
        let annotations = declared.flat_map(|(_, declared)| &declared.annotations);
        annotations
            .flat_map(|annotation| {
                let name = self.program.annotation(annotation);
                let known = self.libraries.client_annotations(name.as_str()).into_iter();
                known.filter(|(_, client)| !client.adds).map(|(library, _)| library)
            })
            .collect()
    }

    /// The base URL: that of the object the interface was made of, else what its annotations say, and below it those of
    /// what it extends.
    fn set_base(
        &mut self,
        request: ObjectId,
        receiver: &Value,
        interfaces: &[Symbol],
        id: FuncId,
        model: &'a InterfacesModel,
    ) {
        let mut clients: Vec<ObjectId> = receiver.objects().collect();
        if clients.is_empty() {
            clients.extend(interfaces.iter().filter_map(|interface| self.instances.get(interface)).flatten().copied());
        }
        clients.iter().for_each(|client| self.objects.add_parent(request, *client));
        let mut bases: Vec<Template> = Vec::new();
        let mut paths: Vec<Template> = Vec::new();
        for (_, declared) in interfaces.iter().filter_map(|interface| self.program.type_def(interface)) {
            let mut own: Vec<Template> = Vec::new();
            for annotation in &declared.annotations {
                let name = self.program.annotation(annotation);
                let Some(client) = model.clients.get(name.as_str()) else { continue };
                self.inside(id, |interp| {
                    let said = interp.annotation_texts(annotation, &client.base);
                    let named = interp.annotation_texts(annotation, &client.name);
                    bases.extend(if said.is_empty() {
                        named.iter().map(host).collect()
                    } else {
                        said.iter().map(configured).collect::<Vec<_>>()
                    });
                    own.extend(interp.annotation_texts(annotation, &client.path));
                    for header in interp.annotation_texts(annotation, &client.headers) {
                        interp.declared_header(request, &header, &Site::bare(annotation.span));
                    }
                });
            }
            paths = match (paths.is_empty(), own.is_empty()) {
                (true, _) => own,
                (_, true) => paths,
                _ => paths.iter().flat_map(|path| own.iter().map(|own| routes::below(path, own))).collect(),
            };
        }
        if bases.is_empty() {
            let known = clients.iter().find_map(|client| self.objects.setting(*client, Setting::Base));
            bases.extend(known.map(|set| set.value.texts()).unwrap_or_default().into_iter().map(|text| text.template));
        }
        if bases.is_empty() && paths.is_empty() {
            return;
        }
        let bases = if bases.is_empty() { vec![Template::default()] } else { bases };
        let paths = if paths.is_empty() { vec![Template::default()] } else { paths };
        let whole = bases.iter().flat_map(|base| paths.iter().map(|path| routes::below(base, path)));
        if let Some(value) = whole.map(|base| Value::text(written_nowhere(base))).reduce(Value::join) {
            self.objects.set(request, Setting::Base, value, &self.branches);
        }
    }

    /// `Accept: text/plain`.
    fn declared_header(&mut self, request: ObjectId, header: &Template, site: &Site<'a>) {
        let whole = header.to_string();
        let Some((name, value)) = whole.split_once(':') else { return };
        let name = Some(name.trim().to_ascii_lowercase());
        let value = if value.contains('{') { Template::hole() } else { Template::text(value.trim()) };
        self.objects.add_header(request, name, value, site.span, &self.branches);
    }

    fn send_arguments(&mut self, request: ObjectId, func: &'a Func, declared: &Declared<'a>, site: &Site<'a>) {
        let (library, model) = (declared.library, declared.model);
        let values: Vec<Value> = align(&func.params, &site.args).into_iter().map(|(value, _)| value).collect();
        for (param, value) in func.params.iter().zip(values) {
            let annotated = param.annotations.iter().find_map(|annotation| {
                let name = self.program.annotation(annotation);
                Some((*model.parameters.get(name.as_str())?, Some(annotation)))
            });
            let Some((part, annotation)) = annotated.or_else(|| Some((self.plain_part(param, model)?, None))) else {
                continue;
            };
            match part {
                SentPart::Body => self.objects.set(request, Setting::Body, value, &self.branches),
                SentPart::Url => self.objects.set(request, Setting::Url, value, &self.branches),
                SentPart::Headers => self.set_object(request, library, Setting::Headers, value, site.span),
                SentPart::Header => {
                    let name = self.sent_name(param, annotation);
                    let name = Value::text(written_nowhere(Template::text(&name)));
                    self.set_header(request, &name, &value, site.span);
                }
                SentPart::Query => {
                    let name = self.sent_name(param, annotation);
                    for text in value.texts() {
                        self.objects.add_query(request, Some(name.clone()), text.template);
                    }
                }
                SentPart::Path | SentPart::Nothing => {}
            }
        }
    }

    /// What a parameter without an annotation is sent as: a body only where it is made of fields.
    fn plain_part(&self, param: &Param, model: &InterfacesModel) -> Option<SentPart> {
        let part = model.plain_parameter?;
        let ty = self.program.expand(&param.ty);
        let is_simple = matches!(ty, Type::Str | Type::Number | Type::Bool);
        let is_own = |symbol: &Symbol| self.program.type_def(symbol).is_some();
        let is_body = !is_simple && ty.symbol().is_none_or(is_own);
        (part != SentPart::Body || is_body).then_some(part)
    }

    /// The name of a header or query parameter: what the annotation says, else the parameter's own.
    fn sent_name(&mut self, param: &Param, annotation: Option<&'a Annotation>) -> String {
        let ports = [Port::Argument(0), Port::Named(Arc::from("value")), Port::Named(Arc::from("name"))];
        let said = annotation.and_then(|annotation| {
            let value = ports.iter().find_map(|port| self.annotation_value(annotation, port))?;
            value.as_fixed_text().map(str::to_owned)
        });
        said.unwrap_or_else(|| match &param.pattern {
            Pattern::Bind(name, ..) => name.to_string(),
            _ => String::new(),
        })
    }

    /// The response as the type that the method declares.
    fn declared_result(&mut self, func: &Func, sent: Value) -> Value {
        let ty = self.program.expand(&func.ret);
        let origins: Origins = sent.responses().collect();
        let inner = self.wrapped(&ty).unwrap_or_else(|| ty.clone());
        self.note_decoded(&inner, &origins);
        Value { ty, what: What::Opaque, origins }
    }

    /// What a type that results are wrapped in holds.
    fn wrapped(&self, ty: &Type) -> Option<Type> {
        let Type::Named(symbol, args) = ty else { return None };
        let inner = self.program.expand(args.get(self.libraries.wrapper(symbol.as_str())?.of)?);
        Some(self.wrapped(&inner).unwrap_or(inner))
    }

    /// A field or method of a wrapper around a result.
    pub(super) fn wrapper_member(&self, base: &Value, name: &str) -> Option<Value> {
        let wrapper = self.libraries.wrapper(base.ty.symbol()?.as_str())?;
        if base.origins.is_empty() {
            return None;
        }
        if wrapper.same.iter().any(|same| same == name) {
            return Some(base.clone());
        }
        if !wrapper.inside.iter().any(|inside| inside == name) {
            return None;
        }
        let Type::Named(_, args) = &base.ty else { return None };
        let ty = args.get(wrapper.of).map(|ty| self.program.expand(ty)).unwrap_or_default();
        Some(Value { ty, ..base.clone() })
    }

    /// A library makes an object of a declared client.
    pub(super) fn instance(&mut self, interface: &Symbol, made: Value) -> Value {
        let interface = self.program.canonical(interface);
        let clients: Vec<ObjectId> = made.objects().collect();
        let known = self.instances.entry(interface.clone()).or_default();
        let before = known.len();
        known.extend(clients);
        self.learnt += usize::from(known.len() != before);
        made.with_type(Type::Named(interface, Vec::new()))
    }
}

/// Text of an annotation: the call stands where the method is called.
const fn written_nowhere(template: Template) -> Text {
    Text { template, written: None }
}

/// `user-service` as the host that it is reached by.
fn host(name: &Template) -> Template {
    let name = configured(name);
    if name.as_text().is_some_and(|text| text.contains("://")) {
        return name;
    }
    let mut url = Template::text("http://");
    url.append(&name);
    url
}

/// Text with `${key}` and `${key:default}` for values of the configuration.
fn configured(text: &Template) -> Template {
    use crate::model::usage::Part;
    let mut whole = Template::default();
    for part in &text.0 {
        let Part::Text(text) = part else {
            whole.append(&Template(vec![part.clone()]));
            continue;
        };
        let mut rest: &str = text;
        while let Some((before, (key, after))) =
            rest.split_once("${").and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
        {
            whole.append(&Template::text(before));
            let key = key.split(':').next().unwrap_or(key);
            whole.append(&Template(vec![Part::Env(Arc::from(key))]));
            rest = after;
        }
        whole.append(&Template::text(rest));
    }
    whole
}
