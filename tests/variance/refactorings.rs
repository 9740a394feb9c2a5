//! Edits that change nothing.

use super::{document, said};

fn is_silent(base: &str, head: &str) {
    assert_eq!(said(base, head), Vec::<String>::new(), "{base}\n--\n{head}");
    assert_eq!(said(head, base), Vec::<String>::new(), "{head}\n--\n{base}");
}

/// The same on both sides of an operation.
fn both(schema: &str, components: &str) -> String {
    document(schema, schema, components)
}

#[test]
fn a_schema_may_be_named_and_renamed() {
    let written = "{type: object, properties: {a: {type: string, maxLength: 5}}, required: [a]}";
    let named =
        |name: &str| both(&format!("{{$ref: '#/components/schemas/{name}'}}"), &format!("    {name}: {written}\n"));
    is_silent(&both(written, ""), &named("Thing"));
    is_silent(&named("Thing"), &named("Object"));
    let inner = both(
        "{type: object, properties: {a: {$ref: '#/components/schemas/A'}}, required: [a]}",
        "    A: {type: string, maxLength: 5}\n",
    );
    is_silent(&both(written, ""), &inner);
}

#[test]
fn a_schema_may_be_split() {
    let whole = both("{type: object, properties: {a: {type: string}, b: {type: integer}}, required: [a, b]}", "");
    let split = both(
        "{allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {b: {type: integer}}, required: [b]}]}",
        "    A: {type: object, properties: {a: {type: string}}, required: [a]}\n",
    );
    is_silent(&whole, &split);
    let beside = both(
        "{$ref: '#/components/schemas/A', properties: {b: {type: integer}}, required: [b]}",
        "    A: {type: object, properties: {a: {type: string}}, required: [a]}\n",
    );
    is_silent(&whole, &beside);
}

#[test]
fn a_union_of_values_is_an_enumeration() {
    is_silent(&both("{anyOf: [{enum: [a, b]}, {enum: [c]}]}", ""), &both("{enum: [c, b, a]}", ""));
    is_silent(&both("{oneOf: [{const: a}, {const: b}]}", ""), &both("{enum: [a, b]}", ""));
    is_silent(&both("{oneOf: [{type: string}, {type: 'null'}]}", ""), &both("{type: [string, 'null']}", ""));
    is_silent(&both("{oneOf: [{type: string}, {type: integer}]}", ""), &both("{type: [integer, string]}", ""));
    is_silent(&both("{anyOf: [{type: string}]}", ""), &both("{type: string}", ""));
}

#[test]
fn members_have_no_order() {
    let members = |a: &str, b: &str| both(&format!("{{oneOf: [{a}, {b}]}}"), "");
    let (a, b) = ("{type: object, properties: {a: {type: string}}, required: [a]}", "{type: string}");
    is_silent(&members(a, b), &members(b, a));
}

#[test]
fn a_schema_may_contain_itself() {
    let tree = |name: &str| {
        both(
            &format!("{{$ref: '#/components/schemas/{name}'}}"),
            &format!(
                "    {name}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/{name}'}}, all: {{type: array, items: {{$ref: '#/components/schemas/{name}'}}}}}}}}\n"
            ),
        )
    };
    is_silent(&tree("Node"), &tree("Tree"));
    // Unrolled by one step, it is the same.
    let unrolled = both(
        "{type: object, properties: {next: {$ref: '#/components/schemas/Node'}, all: {type: array, items: {$ref: '#/components/schemas/Node'}}}}",
        "    Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, all: {type: array, items: {$ref: '#/components/schemas/Node'}}}}\n",
    );
    is_silent(&tree("Node"), &unrolled);
}

#[test]
fn a_version_may_be_raised() {
    let old = document("{type: string, nullable: true, maximum: 5, exclusiveMaximum: true}", "{type: string}", "")
        .replace("3.1.0", "3.0.3");
    let new = document("{type: [string, 'null'], exclusiveMaximum: 5}", "{type: string}", "");
    is_silent(&old, &new);
}
