//! What fields are called on the wire: aliases of pydantic, msgspec, dataclasses-json, marshmallow, and
//! the maps that generated models have.

use std::sync::Arc;

use ruff_python_ast as ast;

use super::Lowerer;
use crate::model::ir::{Annotation, Arg, Codec, Expr, ExprKind, FieldDef, Literal, Op, Symbol, Type, WireName};

/// How the fields of a class are called, and where their values come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Naming {
    /// How names are changed; none: as they are.
    case: Option<Case>,
    /// Objects are read from and written to JSON with the names of their fields.
    serialised: bool,
    /// Values come from the environment, from variables whose names begin so.
    environment: Option<Arc<str>>,
}

/// A way to write names of several words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Camel,
    Pascal,
    Kebab,
    ScreamingSnake,
}

impl Case {
    /// The way that a function, constant or word is called after: `to_camel`, `LetterCase.PASCAL`.
    fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        if name.contains("pascal") || name.contains("upper_camel") {
            Some(Self::Pascal)
        } else if name.contains("camel") {
            Some(Self::Camel)
        } else if name.contains("kebab") {
            Some(Self::Kebab)
        } else if name.contains("screaming") {
            Some(Self::ScreamingSnake)
        } else {
            None
        }
    }

    fn apply(self, name: &str) -> String {
        let words = name.split('_').filter(|word| !word.is_empty());
        let capital = |word: &str| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        };
        match self {
            Self::Camel => {
                words.enumerate().map(|(at, word)| if at == 0 { word.to_owned() } else { capital(word) }).collect()
            }
            Self::Pascal => words.map(capital).collect(),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingSnake => name.to_uppercase(),
        }
    }
}

impl Lowerer<'_> {
    /// What a class says of the names of its fields; it takes over what it extends.
    pub(super) fn naming_of(
        &mut self,
        def: &ast::StmtClassDef,
        supertypes: &[Type],
        annotations: &[Annotation],
    ) -> Naming {
        let inherited = supertypes.iter().find_map(|ty| self.naming.get(ty.symbol()?));
        let mut naming = inherited.cloned().unwrap_or_default();
        for symbol in supertypes.iter().filter_map(Type::symbol) {
            naming.serialised |= is_serialised(symbol);
            if symbol.name() == "BaseSettings" {
                naming.environment = Some(Arc::from(""));
            }
        }
        for keyword in def.keywords() {
            if keyword.arg.as_ref().is_some_and(|name| matches!(name.as_str(), "rename" | "alias_generator")) {
                naming.case = self.case_of(&keyword.value).or(naming.case);
            }
        }
        for argument in annotations.iter().filter(|known| known.name.name() == "dataclass_json").flat_map(|it| &it.args)
        {
            if let ExprKind::Global(symbol) = &argument.value.kind {
                naming.case = Case::named(symbol.name()).or(naming.case);
            }
        }
        for stmt in &def.body {
            self.configured(stmt, &mut naming);
        }
        naming
    }

    /// `model_config = ConfigDict(alias_generator=to_camel)`, `class Config: alias_generator = to_camel`.
    fn configured(&mut self, stmt: &ast::Stmt, naming: &mut Naming) {
        let mut say = |lowerer: &Self, name: &str, value: &ast::Expr| match name {
            "alias_generator" => naming.case = lowerer.case_of(value).or(naming.case),
            "env_prefix" => naming.environment = lowerer.fixed_text(value).or_else(|| naming.environment.take()),
            _ => {}
        };
        match stmt {
            ast::Stmt::Assign(assign) if is_name(assign.targets.first(), "model_config") => match &*assign.value {
                ast::Expr::Call(call) => {
                    for keyword in &call.arguments.keywords {
                        say(self, keyword.arg.as_ref().map_or("", ast::Identifier::as_str), &keyword.value);
                    }
                }
                ast::Expr::Dict(dict) => {
                    for item in &dict.items {
                        let key = item.key.as_ref().and_then(|key| self.fixed_text(key)).unwrap_or_default();
                        say(self, &key, &item.value);
                    }
                }
                _ => {}
            },
            ast::Stmt::ClassDef(config) if config.name.as_str() == "Config" => {
                for stmt in &config.body {
                    if let ast::Stmt::Assign(assign) = stmt
                        && let Some(ast::Expr::Name(name)) = assign.targets.first()
                    {
                        say(self, name.id.as_str(), &assign.value);
                    }
                }
            }
            _ => {}
        }
    }

    /// The way that a generator of aliases writes names.
    fn case_of(&self, generator: &ast::Expr) -> Option<Case> {
        match generator {
            ast::Expr::StringLiteral(text) => Case::named(text.value.to_str()),
            ast::Expr::Call(call) => {
                let aliases = call.arguments.keywords.iter().find(|keyword| {
                    keyword.arg.as_ref().is_some_and(|name| matches!(name.as_str(), "validation_alias" | "alias"))
                });
                Case::named(self.path(&aliases?.value)?.name())
            }
            _ => Case::named(self.path(generator)?.name()),
        }
    }

    /// Sets the names of a field on the wire.
    pub(super) fn name_on_wire(
        &mut self,
        field: &mut FieldDef,
        annotation: Option<&ast::Expr>,
        value: Option<&ast::Expr>,
        naming: &Naming,
    ) {
        let mut said = annotation.map(|annotation| self.annotated_with(annotation)).unwrap_or_default();
        field.skipped = annotation.is_some_and(|annotation| self.is_of_class(annotation));
        said.extend(field.annotations.iter().cloned());
        field.annotations.clone_from(&said);
        let mut names = Vec::new();
        for known in &said {
            field.skipped |= is_private(known);
            names.extend(known.args.iter().flat_map(aliases));
        }
        if value.is_some_and(|value| !value.is_call_expr()) && annotation.is_none() {
            // A constant of the class.
            field.skipped = true;
        }
        if names.is_empty() {
            match naming.case {
                Some(case) => names.push(Arc::from(case.apply(&field.name))),
                None if naming.serialised => names.push(Arc::clone(&field.name)),
                None => {}
            }
        }
        names.dedup();
        field.wire = names.into_iter().map(|name| WireName { codec: Codec::Json, name }).collect();
    }

    /// `ClassVar[T]`.
    fn is_of_class(&self, annotation: &ast::Expr) -> bool {
        let written = match annotation {
            ast::Expr::Subscript(generic) => &generic.value,
            _ => annotation,
        };
        self.path(written).is_some_and(|symbol| symbol.name() == "ClassVar")
    }

    /// The value that a field of a class has where nothing else is given, if it tells anything.
    pub(super) fn class_value(&mut self, name: &str, value: Option<&ast::Expr>, naming: &Naming) -> Option<Expr> {
        let default = value.and_then(|value| self.default_of(value));
        let lowered = default.map(|default| self.expr(default)).filter(|value| !super::functions::is_nothing(value));
        let Some(prefix) = &naming.environment else { return lowered };
        let anchor = value?;
        let variable = self.expr_at(anchor, super::exprs::string(&format!("{prefix}{name}").to_uppercase()));
        let callee = Box::new(self.expr_at(anchor, ExprKind::Global(Symbol::new("os::getenv"))));
        let args = vec![Arg { name: None, value: variable }];
        let read = self.expr_at(anchor, ExprKind::Call { callee, type_args: Vec::new(), args });
        Some(match lowered {
            Some(default) => self.expr_at(anchor, ExprKind::Binary(Op::Coalesce, Box::new(read), Box::new(default))),
            None => read,
        })
    }

    /// `Field(default=x)` stands for `x`; so does `x` itself.
    fn default_of<'t>(&self, value: &'t ast::Expr) -> Option<&'t ast::Expr> {
        let ast::Expr::Call(call) = value else { return Some(value) };
        let symbol = self.path(&call.func);
        let is_field = symbol.as_ref().is_some_and(|symbol| {
            matches!(symbol.name(), "Field" | "field" | "attrib" | "ib" | "Factory" | "PrivateAttr" | "mapped_column")
        });
        if !is_field {
            return Some(value);
        }
        let given = call.arguments.find_keyword("default").map(|keyword| &keyword.value);
        let first = call.arguments.args.first().filter(|_| symbol.is_some_and(|symbol| symbol.name() == "Field"));
        given.or(first)
    }

    /// `attribute_map = {"user_name": "userName"}` and `openapi_types = {"user_name": "str"}`.
    pub(super) fn attribute_map(&mut self, body: &[ast::Stmt], fields: &mut Vec<FieldDef>) {
        for (of, entries) in body.iter().filter_map(map_of_generator) {
            for item in &entries.items {
                let (Some(ast::Expr::StringLiteral(key)), ast::Expr::StringLiteral(value)) = (&item.key, &item.value)
                else {
                    continue;
                };
                let name: Arc<str> = Arc::from(key.value.to_str());
                let at = fields.iter().position(|field| field.name == name).unwrap_or_else(|| {
                    fields.push(FieldDef {
                        name,
                        wire: Vec::new(),
                        ty: Type::Unknown,
                        flatten: false,
                        skipped: false,
                        annotations: Vec::new(),
                        span: self.span(key),
                    });
                    fields.len() - 1
                });
                let Some(field) = fields.get_mut(at) else { continue };
                if of == "attribute_map" {
                    field.wire = vec![WireName { codec: Codec::Json, name: Arc::from(value.value.to_str()) }];
                } else if field.ty == Type::Unknown {
                    field.ty = self.ty(&item.value);
                }
            }
        }
    }
}

/// The maps that generated models have.
fn map_of_generator(stmt: &ast::Stmt) -> Option<(&str, &ast::ExprDict)> {
    let ast::Stmt::Assign(assign) = stmt else { return None };
    let (Some(ast::Expr::Name(name)), ast::Expr::Dict(dict)) = (assign.targets.first(), &*assign.value) else {
        return None;
    };
    matches!(name.id.as_str(), "attribute_map" | "openapi_types" | "swagger_types").then_some((name.id.as_str(), dict))
}

/// Libraries whose objects are read and written by the names of their fields.
fn is_serialised(symbol: &Symbol) -> bool {
    matches!(symbol.name(), "BaseModel" | "SQLModel" | "TypedDict" | "RootModel" | "GenericModel")
        || symbol.as_str() == "msgspec::Struct"
}

/// Whether a field is left out of JSON.
fn is_private(said: &Annotation) -> bool {
    let excluded = |arg: &Arg| {
        arg.name.as_deref() == Some("exclude") && matches!(arg.value.kind, ExprKind::Literal(Literal::Bool(true)))
    };
    said.name.name() == "PrivateAttr" || said.args.iter().any(excluded)
}

/// Names that an argument of `Field(..)` or the like gives.
fn aliases(arg: &Arg) -> Vec<Arc<str>> {
    match arg.name.as_deref() {
        Some("alias" | "validation_alias" | "serialization_alias" | "data_key" | "name" | "field_name") => {
            texts(&arg.value)
        }
        // `metadata=config(field_name="userName")`
        Some("metadata") => match &arg.value.kind {
            ExprKind::Call { args, .. } => args.iter().flat_map(aliases).collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A text, or the choices of `AliasChoices("a", "b")`.
fn texts(value: &Expr) -> Vec<Arc<str>> {
    match &value.kind {
        ExprKind::Literal(Literal::Str(text)) => vec![Arc::clone(text)],
        ExprKind::Call { callee, args, .. } => match &callee.kind {
            ExprKind::Global(symbol) if symbol.name() == "AliasChoices" => {
                args.iter().flat_map(|arg| texts(&arg.value)).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn is_name(expr: Option<&ast::Expr>, wanted: &str) -> bool {
    matches!(expr, Some(ast::Expr::Name(name)) if name.id.as_str() == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_in_every_case() {
        let all = [Case::Camel, Case::Pascal, Case::Kebab, Case::ScreamingSnake];
        assert_eq!(
            all.map(|case| case.apply("birth_date_2")),
            ["birthDate2", "BirthDate2", "birth-date-2", "BIRTH_DATE_2"]
        );
    }

    #[test]
    fn generators_are_known_by_name() {
        assert_eq!(Case::named("to_camel"), Some(Case::Camel));
        assert_eq!(Case::named("camelize"), Some(Case::Camel));
        assert_eq!(Case::named("PASCAL"), Some(Case::Pascal));
        assert_eq!(Case::named("snake"), None);
    }
}
