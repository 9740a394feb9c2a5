//! Values that are made: by calling a type, by its constructor, with what a library's class adds.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Site, align};
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::{FunctionModel, Kind, Library};
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{BASE, Fields, Value, What};
use crate::model::ir::{Expr, FieldDef, Symbol, Type};
use crate::model::source::{Language, Span};
use crate::model::usage::AccessKind;

/// Fields of a value that is made, each with its place.
type Entries = Vec<(Arc<str>, Span, Value)>;

impl<'a> Interp<'a> {
    /// A declared type is called: its constructor runs on a fresh value, or its fields are set.
    pub(super) fn construct_call(&mut self, symbol: &Symbol, site: &Site<'a>) -> Value {
        let canonical = self.program.canonical(symbol);
        let Some((module, _)) = self.program.type_def(&canonical) else { return self.unknown_call(site) };
        let ty = Type::Named(canonical.clone(), site.type_args.clone());
        let constructor = self.program.method(&canonical, CONSTRUCTOR);
        let from = self.called_from();
        let given = || site.args.iter().map(|arg| &arg.value.ty);
        if let Some(id) = constructor.map(|id| self.program.overload(id, given(), from))
            && self.program.func(id).body.is_some()
            && !self.program.module_of(id).generated
        {
            let fresh = Value { ty, what: What::Record(Rc::default()), origins: Origins::default() };
            let params = &self.program.func(id).params;
            let (mut args, sources): (Vec<Value>, Vec<_>) = align(params, &site.args).into_iter().unzip();
            self.left_out(id, &mut args, &sources);
            let made = self.invoke_outcome(id, Some(fresh.clone()), args, &site.type_args, &Type::Unknown, site.span);
            // A constructor that does not say how its base is made makes it of nothing.
            let made =
                made.receiver.map_or(fresh, |made| Value { ty: made.ty, what: made.what, origins: Origins::default() });
            return if made.objects().next().is_some() { made } else { self.based(made, &site.with(Vec::new())) };
        }
        let fields = self.program.fields(&canonical);
        // A call of a type is a conversion in Go, and nothing else.
        if let (Language::Go, [only]) = (module.language, site.args.as_slice()) {
            return only.value.clone().with_type(ty);
        }
        if fields.is_empty() || module.generated {
            let is_conversion = site.args.len() == 1 && site.args[0].name.is_none();
            if is_conversion && self.library_above(&canonical).is_none() {
                return site.args[0].value.clone().with_type(ty);
            }
        }
        // `Item(**data)`: the same data, seen as the type.
        if let [data] = site.args.as_slice()
            && data.spread
            && !data.value.origins.is_empty()
        {
            self.note_decoded(&ty, &data.value.origins);
            return data.value.clone().with_type(ty);
        }
        let entries = self.entries(&fields, site);
        let made = self.fill(ty, entries);
        self.based(made, site)
    }

    /// Arguments as fields: by name, or by position.
    fn entries(&self, fields: &[&FieldDef], site: &Site<'a>) -> Entries {
        let mut unnamed = 0;
        let mut entries = Entries::new();
        for arg in site.args.iter().filter(|arg| !arg.spread) {
            let name = arg.name.clone().or_else(|| {
                unnamed += 1;
                Some(
                    fields
                        .get(unnamed - 1)
                        .map_or_else(|| Arc::from((unnamed - 1).to_string()), |field| Arc::clone(&field.name)),
                )
            });
            entries.extend(name.map(|name| (name, arg.span(site.span), arg.value.clone())));
        }
        entries
    }

    /// A value of a type with these fields.
    fn fill(&mut self, ty: Type, entries: Entries) -> Value {
        let owner = Value::typed(ty.clone());
        let mut record = Fields::new();
        for (name, span, value) in entries {
            let value = value.or_type(&self.field_type(&ty, &name));
            self.touch(&owner, &name, span, AccessKind::Write);
            self.keep(&ty, &name, &value);
            record.insert(name, (span, value.bounded()));
        }
        Value { ty, what: What::Record(Rc::new(record)), origins: Origins::default() }
    }

    /// A type of generated code that is declared nowhere in sight: a message is made, or its builder.
    pub(super) fn generated_call(&mut self, symbol: &Symbol, owner: &Symbol, site: &Site<'a>) -> Option<Value> {
        let libraries = self.libraries;
        let symbol = &self.program.canonical(symbol);
        if libraries.is_message(symbol.as_str()) {
            let named =
                site.args.iter().filter_map(|arg| Some((arg.name.clone()?, arg.span(site.span), arg.value.clone())));
            let entries = named.chain(written_out(site)).collect();
            return Some(self.fill(Type::Named(symbol.clone(), Vec::new()), entries));
        }
        if libraries.gives_builder(symbol.name()) && libraries.type_model(owner.as_str()).is_none() {
            let ty = Type::Named(self.program.canonical(owner), Vec::new());
            // A builder may start from a message.
            let from = site.args.first().map(|arg| arg.value.clone()).filter(|value| value.ty == ty);
            let fresh = || Value { ty, what: What::Record(Rc::default()), origins: Origins::default() };
            return Some(from.unwrap_or_else(fresh));
        }
        None
    }

    /// The constructor of the library's class that an own class extends.
    fn library_above(&self, symbol: &Symbol) -> Option<(Symbol, &'a Library, Kind)> {
        let libraries = self.libraries;
        let ancestors = self.program.ancestors(symbol);
        ancestors.iter().skip(1).find_map(|above| {
            let (library, model) = libraries.type_model(above.as_str())?;
            Some((above.clone(), library, model.kind?))
        })
    }

    /// A value of an own class with what the library's class that it extends adds.
    fn based(&mut self, made: Value, site: &Site<'a>) -> Value {
        let Some(symbol) = made.ty.symbol() else { return made };
        let Some((above, library, kind)) = self.library_above(symbol) else { return made };
        let base = match self.library_function(&above) {
            Some((library, constructor)) => self.apply(library, constructor, None, site),
            None => {
                let id = self.make_object(library, kind, site.span);
                Value::of(What::Object(id)).with_type(Type::Named(above, Vec::new()))
            }
        };
        self.with_part(made, BASE, base, site.span)
    }

    /// `super(..)` in the constructor of a class that extends a library's.
    pub(super) fn construct_base(&mut self, parent: &Symbol, receiver: &Value, place: &'a Expr, site: &Site<'a>) {
        let above = self.program.ancestors(parent);
        let constructor: Option<(&Library, &FunctionModel)> =
            above.iter().find_map(|above| self.library_function(above));
        let Some((library, constructor)) = constructor else {
            self.unknown_call(site);
            return;
        };
        let base = self.apply(library, constructor, None, site);
        let made = self.with_part(receiver.clone(), BASE, base, site.span);
        self.store(place, made);
    }

    fn with_part(&mut self, whole: Value, name: &str, part: Value, span: Span) -> Value {
        let name: Arc<str> = Arc::from(name);
        self.keep(&whole.ty, &name, &part);
        let mut fields = match whole.what {
            What::Record(fields) => (*fields).clone(),
            _ => Fields::new(),
        };
        fields.insert(name, (span, part));
        Value { what: What::Record(Rc::new(fields)), ..whole }
    }

    /// A value of an own class that extends a library's, with what is known of that part of it. One that
    /// nobody in sight has made is as its library makes it.
    pub(super) fn with_base(&mut self, value: &Value) -> Value {
        let known = value.objects().next().is_some();
        let Some(symbol) = value.ty.symbol().filter(|_| !known) else { return value.clone() };
        let Some((above, library, kind)) = self.library_above(symbol) else { return value.clone() };
        let name: Arc<str> = Arc::from(BASE);
        let base = match self.fields.get(&self.program.home_of_field(symbol, BASE), &name) {
            Some(kept) => kept.clone(),
            None => {
                let Some((_, declared)) = self.program.type_def(symbol) else { return value.clone() };
                let id = self.make_object(library, kind, declared.span);
                Value::of(What::Object(id)).with_type(Type::Named(above, Vec::new()))
            }
        };
        let mut fields = match &value.what {
            What::Record(fields) => (**fields).clone(),
            _ => Fields::new(),
        };
        fields.insert(name, (self.frame().site, base));
        Value { what: What::Record(Rc::new(fields)), ..value.clone() }
    }

    /// An object that can be called, by its type or as a service that is known by name only.
    pub(super) fn object_called(&mut self, function: &Value, site: &Site<'a>) -> Option<Value> {
        if let Some((_, model)) = self.library_type(&function.ty)
            && let Some(constructor) = &model.packages
        {
            return self.dynamic_stub(function, constructor, site);
        }
        let symbol = function.ty.symbol()?;
        let callable = self.program.ancestors(symbol).iter().find_map(|above| self.library_function(&above.join("()")));
        let (library, model) = callable?;
        Some(self.apply(library, model, Some((function, None)), site))
    }
}

/// Fields of objects that are given to what makes a message: `new Order({ id: "7" })`.
fn written_out<'s>(site: &'s Site<'_>) -> impl Iterator<Item = (Arc<str>, Span, Value)> + 's {
    let untyped = site.args.iter().filter(|arg| arg.name.is_none() && arg.value.ty == Type::Unknown);
    untyped.flat_map(|arg| match &arg.value.what {
        What::Record(fields) => {
            fields.iter().map(|(name, (span, value))| (Arc::clone(name), *span, value.clone())).collect()
        }
        _ => Entries::new(),
    })
}
