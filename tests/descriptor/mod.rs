//! The JSON Schema of library descriptors, drawn from the types that read them: their fields, their serde
//! attributes and their documentation.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};
use syn::{Attribute, Field, Fields, GenericArgument, Item, ItemEnum, ItemStruct, LitStr, PathArguments, Type};

/// The schema of the types in `format.rs` and the files below `format/`.
pub(crate) fn schema(library: &Path) -> Value {
    let mut files = vec![library.join("format.rs")];
    let parts = fs::read_dir(library.join("format")).into_iter().flatten().map(|entry| entry.unwrap().path());
    files.extend(parts);
    files.sort();
    let mut defs: BTreeMap<String, Value> = BTreeMap::new();
    for file in files {
        for item in syn::parse_file(&fs::read_to_string(file).unwrap()).unwrap().items {
            match item {
                Item::Struct(item) => drop(defs.insert(item.ident.to_string(), structure(&item))),
                Item::Enum(item) => drop(defs.insert(item.ident.to_string(), enumeration(&item))),
                _ => {}
            }
        }
    }
    // Read by hand, from one plain value.
    let input = json!({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string"}]});
    let value = json!({"anyOf": [{"type": "integer"}, {"type": "string"}]});
    for (name, schema) in [("Port", input), ("Source", value.clone()), ("Return", value)] {
        let description = defs.get(name).and_then(|known| known.get("description").cloned()).unwrap_or_default();
        defs.insert(name.to_owned(), with_description(schema, description.as_str().unwrap_or_default()));
    }
    defs.remove("RawPort");
    let Some(Value::Object(root)) = defs.remove("Descriptor") else { panic!("there is no struct `Descriptor`") };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("A library descriptor of contract-lint"));
    schema.extend(root);
    let mut used = defs.clone();
    used.retain(|name, _| {
        let reference = format!("\"#/$defs/{name}\"");
        schema.values().chain(defs.values()).any(|value| value.to_string().contains(&reference))
    });
    schema.insert("$defs".to_owned(), json!(used));
    Value::Object(schema)
}

fn structure(item: &ItemStruct) -> Value {
    with_description(object(&item.fields, "kebab-case"), &doc(&item.attrs))
}

fn object(fields: &Fields, case: &str) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields.iter().filter(|field| !has(&field.attrs, "skip")) {
        let name = name_of(&field.attrs, &field.ident.as_ref().unwrap().to_string(), case);
        if is_required(field) {
            required.push(Value::String(name.clone()));
        }
        properties.insert(name, with_description(of_type(&field.ty), &doc(&field.attrs)));
    }
    json!({"type": "object", "additionalProperties": false, "required": required, "properties": properties})
}

fn is_required(field: &Field) -> bool {
    let is_optional = matches!(&field.ty, Type::Path(path) if path.path.segments.last().unwrap().ident == "Option");
    !is_optional && !has(&field.attrs, "default")
}

/// Plain variants are words, the others mappings with one key; of an untagged one the contents alone.
fn enumeration(item: &ItemEnum) -> Value {
    let untagged = has(&item.attrs, "untagged");
    let mut words = Vec::new();
    let mut choices = Vec::new();
    for variant in &item.variants {
        let name = name_of(&variant.attrs, &variant.ident.to_string(), "kebab-case");
        let content = match &variant.fields {
            Fields::Unit => {
                words.push(Value::String(name));
                continue;
            }
            Fields::Unnamed(fields) => of_type(&fields.unnamed.first().unwrap().ty),
            fields @ Fields::Named(_) => object(fields, "snake_case"),
        };
        let described = with_description(content, &doc(&variant.attrs));
        choices.push(if untagged {
            described
        } else {
            json!({"type": "object", "additionalProperties": false, "required": [name.clone()],
        "properties": {name: described}})
        });
    }
    if !words.is_empty() {
        choices.insert(0, json!({ "enum": words }));
    }
    let schema = if choices.len() == 1 { choices.remove(0) } else { json!({ "anyOf": choices }) };
    with_description(schema, &doc(&item.attrs))
}

fn of_type(ty: &Type) -> Value {
    let Type::Path(path) = ty else { panic!("a type that no descriptor has") };
    let segment = path.path.segments.last().unwrap();
    let inner = |at: usize| match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => match &arguments.args[at] {
            GenericArgument::Type(ty) => of_type(ty),
            _ => panic!("a type that no descriptor has"),
        },
        _ => panic!("a type that no descriptor has"),
    };
    match segment.ident.to_string().as_str() {
        "Option" | "Box" | "Arc" => inner(0),
        "Vec" | "BTreeSet" => json!({"type": "array", "items": inner(0)}),
        "BTreeMap" => json!({"type": "object", "additionalProperties": inner(1)}),
        "String" | "str" => json!({"type": "string"}),
        "bool" => json!({"type": "boolean"}),
        "usize" | "u64" => json!({"type": "integer", "minimum": 0}),
        "i64" => json!({"type": "integer"}),
        "LanguageName" => {
            json!({"enum": contract_lint::model::source::Language::ALL.map(contract_lint::model::source::Language::name)})
        }
        "IgnoredAny" => json!({"type": "array", "items": {"type": "object"}}),
        name => json!({"$ref": format!("#/$defs/{name}")}),
    }
}

fn with_description(schema: Value, description: &str) -> Value {
    let Value::Object(keywords) = schema else { return schema };
    let mut described = Map::new();
    if !description.is_empty() {
        described.insert("description".to_owned(), json!(description));
    }
    described.extend(keywords);
    Value::Object(described)
}

/// The documentation, without links into the code.
fn doc(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter(|attr| attr.path().is_ident("doc")).filter_map(|attr| {
        let syn::Expr::Lit(value) = &attr.meta.require_name_value().ok()?.value else { return None };
        let syn::Lit::Str(text) = &value.lit else { return None };
        Some(text.value().trim().to_owned())
    });
    lines.collect::<Vec<_>>().join(" ").replace("[`", "`").replace("`]", "`")
}

/// The arguments of `#[serde(...)]`: a word, or `word = "value"`.
fn serde_arguments(attrs: &[Attribute]) -> Vec<(String, Option<String>)> {
    let mut arguments = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("serde")) {
        attr.parse_nested_meta(|meta| {
            let value = meta.value().ok().map(syn::parse::ParseBuffer::parse::<LitStr>).transpose()?;
            arguments.push((meta.path.get_ident().unwrap().to_string(), value.map(|value| value.value())));
            Ok(())
        })
        .unwrap();
    }
    arguments
}

fn has(attrs: &[Attribute], word: &str) -> bool {
    serde_arguments(attrs).iter().any(|(name, _)| name == word)
}

fn name_of(attrs: &[Attribute], ident: &str, case: &str) -> String {
    let renamed = serde_arguments(attrs).into_iter().find(|(name, _)| name == "rename").and_then(|(_, value)| value);
    renamed.unwrap_or_else(|| if case == "kebab-case" { kebab(ident) } else { ident.to_owned() })
}

fn kebab(ident: &str) -> String {
    let mut name = String::new();
    for letter in ident.trim_start_matches("r#").chars() {
        if letter.is_uppercase() {
            if !name.is_empty() {
                name.push('-');
            }
            name.extend(letter.to_lowercase());
        } else {
            name.push(if letter == '_' { '-' } else { letter });
        }
    }
    name
}
