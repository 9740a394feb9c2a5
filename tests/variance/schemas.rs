//! Keywords of schemas.

use super::verdicts;

/// Schema before, schema after, said of a request, said of a response; ` / ` between several.
type Line = (&'static str, &'static str, &'static str, &'static str);

fn check(lines: &[Line]) {
    let mut wrong = Vec::new();
    for (old, new, request, response) in lines {
        let (sent, received) = verdicts(old, new);
        let (sent, received) = (sent.join(" / "), received.join(" / "));
        if (sent.as_str(), received.as_str()) != (*request, *response) {
            wrong.push(format!("        ({old:?}, {new:?}, {sent:?}, {received:?}),"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn types_formats_and_defaults() {
    check(&[
        (
            "{type: string}",
            "{type: integer}",
            "! changed its type from `string` to `integer`",
            "! changed its type from `string` to `integer`",
        ),
        (
            "{type: integer}",
            "{type: number}",
            "changed its type from `integer` to `number`",
            "! changed its type from `integer` to `number`",
        ),
        (
            "{type: [string, integer]}",
            "{type: string}",
            "! changed its type from `integer or string` to `string`",
            "changed its type from `integer or string` to `string`",
        ),
        ("{type: string}", "{type: [string, 'null']}", "may now be `null`", "! may now be `null`"),
        (
            "{type: [string, 'null']}",
            "{type: integer}",
            "! changed its type from `string` to `integer`",
            "! changed its type from `string` to `integer`",
        ),
        (
            "{allOf: [{type: string, format: email}, {format: idn-email}]}",
            "{type: string, format: email}",
            "changed its format, from `idn-email`",
            "! changed its format, from `idn-email`",
        ),
        (
            "{type: string, contentMediaType: application/json, contentSchema: {type: integer}}",
            "{type: string, contentMediaType: application/json, contentSchema: {type: number}}",
            "changed its type from `integer` to `number`",
            "! changed its type from `integer` to `number`",
        ),
        (
            "{type: string, enum: [a, bb, cc]}",
            "{type: string, enum: [a, bb, cc], maxLength: 1}",
            "! now has `maxLength: 1`",
            "now has `maxLength: 1`",
        ),
        (
            "{}",
            "{type: string}",
            "! changed its type from `anything` to `string`",
            "changed its type from `anything` to `string`",
        ),
        (
            "{type: integer, format: int32}",
            "{type: integer, format: int64}",
            "changed its format from `int32` to `int64`",
            "! changed its format from `int32` to `int64`",
        ),
        (
            "{type: string}",
            "{type: string, format: date}",
            "! changed its format to `date`",
            "changed its format to `date`",
        ),
        (
            "{type: string, format: date}",
            "{type: string, format: date-time}",
            "! changed its format from `date` to `date-time`",
            "! changed its format from `date` to `date-time`",
        ),
        ("{type: string}", "{type: string, default: x}", "has the default `x` now", "has the default `x` now"),
    ]);
}

#[test]
fn enumerations() {
    check(&[
        (
            "{type: string, enum: [a, b]}",
            "{type: string, enum: [a, c]}",
            "may now be `c` / ! may no longer be `b`",
            "! may now be `c` / may no longer be `b`",
        ),
        (
            "{type: string}",
            "{type: string, enum: [a, b]}",
            "! now has `enum: \"a\", \"b\"`",
            "now has `enum: \"a\", \"b\"`",
        ),
        ("{type: string, enum: [a]}", "{type: string, const: a}", "", ""),
        (
            "{type: string, x-extensible-enum: [a]}",
            "{type: string, x-extensible-enum: [a, b]}",
            "may now be `b`",
            "may now be `b`",
        ),
        ("{type: boolean}", "{type: boolean, enum: [true]}", "! now has `enum: true`", "now has `enum: true`"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        (
            "{type: integer, maximum: 10}",
            "{type: integer, maximum: 5}",
            "! has `maximum: 5` instead of `10`",
            "has `maximum: 5` instead of `10`",
        ),
        (
            "{type: integer, maximum: 10}",
            "{type: integer}",
            "no longer has `maximum: 10`",
            "! no longer has `maximum: 10`",
        ),
        ("{type: integer, minimum: 5}", "{type: integer, exclusiveMinimum: 4}", "", ""),
        (
            "{type: number, minimum: 5}",
            "{type: number, exclusiveMinimum: 5}",
            "! has `exclusiveMinimum: 5` instead of `5`",
            "has `exclusiveMinimum: 5` instead of `5`",
        ),
        (
            "{type: integer, multipleOf: 2}",
            "{type: integer, multipleOf: 4}",
            "! has `multipleOf: 4` instead of `2`",
            "has `multipleOf: 4` instead of `2`",
        ),
    ]);
}

#[test]
fn texts() {
    check(&[
        (
            "{type: string, minLength: 1}",
            "{type: string, minLength: 2}",
            "! has `minLength: 2` instead of `1`",
            "has `minLength: 2` instead of `1`",
        ),
        ("{type: string}", "{type: string, minLength: 0}", "", ""),
        ("{type: string}", "{type: string, pattern: '^a+$'}", "! now has `pattern: ^a+$`", "now has `pattern: ^a+$`"),
        (
            "{type: string, pattern: '^a+$'}",
            "{type: string, pattern: '^[a-b]+$'}",
            "has `pattern: ^[a-b]+$` instead of `^a+$`",
            "! has `pattern: ^[a-b]+$` instead of `^a+$`",
        ),
        ("{type: string, pattern: '^[0-9]+$'}", "{type: string, pattern: '^[0123456789]{1,}$'}", "", ""),
        (
            "{type: string, pattern: '^(?!a)'}",
            "{type: string, pattern: '^[^a]'}",
            "? has `pattern: ^[^a]` instead of `^(?!a)`",
            "? has `pattern: ^[^a]` instead of `^(?!a)`",
        ),
        (
            "{type: string}",
            "{type: string, contentEncoding: base64}",
            "! now has `contentEncoding: base64`",
            "! now has `contentEncoding: base64`",
        ),
    ]);
}

#[test]
fn lists() {
    check(&[
        (
            "{type: array, items: {type: string}}",
            "{type: array, items: {type: string}, maxItems: 3}",
            "! now has `maxItems: 3`",
            "now has `maxItems: 3`",
        ),
        (
            "{type: array, items: {type: string}}",
            "{type: array, items: {type: string}, uniqueItems: true}",
            "! now has `uniqueItems: true`",
            "now has `uniqueItems: true`",
        ),
        (
            "{type: array, items: {type: string, maxLength: 5}}",
            "{type: array, items: {type: string}}",
            "request field `POST /things#request.x[]` no longer has `maxLength: 5`",
            "! response field `POST /things#200.x[]` no longer has `maxLength: 5`",
        ),
        (
            "{type: array}",
            "{type: array, items: {type: string}}",
            "! request field `POST /things#request.x[]` changed its type to `string`",
            "response field `POST /things#200.x[]` changed its type to `string`",
        ),
        (
            "{type: array, prefixItems: [{type: string}], items: {type: string}}",
            "{type: array, items: {type: string}}",
            "",
            "",
        ),
    ]);
}

#[test]
fn objects() {
    check(&[
        (
            "{type: object, properties: {a: {type: string}, b: {type: string}}}",
            "{type: object, properties: {a: {type: string}}}",
            "! request field `POST /things#request.x.b` was removed",
            "! response field `POST /things#200.x.b` was removed",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, properties: {a: {type: string}, b: {type: string}}}",
            "request field `POST /things#request.x.b` was added",
            "response field `POST /things#200.x.b` was added",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, required: [a], properties: {a: {type: string}}}",
            "! request field `POST /things#request.x.a` must now be sent",
            "response field `POST /things#200.x.a` is always there now",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}",
            "! request field `POST /things#request.x.b` is new and must be sent",
            "response field `POST /things#200.x.b` was added",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, required: [b], properties: {a: {type: string}, b: {type: string, default: x}}}",
            "! request field `POST /things#request.x.b` is new and must be sent",
            "response field `POST /things#200.x.b` was added",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, properties: {a: {type: string}}, additionalProperties: false}",
            "! allows no other properties any more",
            "allows no other properties any more",
        ),
        (
            "{type: object, additionalProperties: {type: string}}",
            "{type: object, additionalProperties: {type: integer}}",
            "! request field `POST /things#request.x.*` changed its type from `string` to `integer`",
            "! response field `POST /things#200.x.*` changed its type from `string` to `integer`",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, properties: {a: {type: string, readOnly: true}}}",
            "! request field `POST /things#request.x.a` is now `readOnly`",
            "",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{type: object, properties: {a: {type: string, writeOnly: true}}}",
            "",
            "! response field `POST /things#200.x.a` is now `writeOnly`",
        ),
        (
            "{type: object, properties: {a: {type: string, readOnly: true}}, required: [a]}",
            "{type: object, properties: {a: {type: string}}, required: [a]}",
            "! request field `POST /things#request.x.a` is no longer `readOnly`",
            "",
        ),
        (
            "{type: object, minProperties: 1}",
            "{type: object, minProperties: 2}",
            "! has `minProperties: 2` instead of `1`",
            "has `minProperties: 2` instead of `1`",
        ),
        (
            "{type: object, patternProperties: {'^x': {type: string}}}",
            "{type: object, patternProperties: {'^x': {type: integer}}}",
            "! request field `POST /things#request.x.*` changed its type from `string` to `integer`",
            "! response field `POST /things#200.x.*` changed its type from `string` to `integer`",
        ),
        ("{properties: {a: {type: string}}}", "{type: object, properties: {a: {type: string}}}", "", ""),
    ]);
}

#[test]
fn unions() {
    check(&[
        (
            "{oneOf: [{type: string}, {type: integer}]}",
            "{type: integer}",
            "! may no longer be `string`",
            "may no longer be `string`",
        ),
        (
            "{type: integer}",
            "{oneOf: [{type: string}, {type: integer}]}",
            "may now be `string`",
            "! may now be `string`",
        ),
        ("{oneOf: [{type: string}, {type: integer}]}", "{type: [string, integer]}", "", ""),
        ("{anyOf: [{enum: [a]}, {enum: [b]}]}", "{enum: [a, b]}", "", ""),
        ("{anyOf: [{enum: [a]}, {enum: [b]}]}", "{enum: [b]}", "! may no longer be `a`", "may no longer be `a`"),
        ("{oneOf: [{type: string}, {type: 'null'}]}", "{type: [string, 'null']}", "", ""),
        (
            "{oneOf: [{type: string}, {type: integer}]}",
            "{oneOf: [{type: string}, {type: [string, integer]}]}",
            "! has another `oneOf` / changed its type from `integer` to `integer or string`",
            "! changed its type from `integer` to `integer or string`",
        ),
        (
            "{enum: [1], allOf: [{oneOf: [{const: 1}, {const: 2}]}]}",
            "{enum: [1], allOf: [{oneOf: [{const: 1}, {const: 3}]}]}",
            "",
            "",
        ),
        (
            "{type: array, items: {type: object}, minItems: 3}",
            "{anyOf: [{type: array, items: {type: string}}, {type: integer}]}",
            "no longer has `minItems: 3` / ! request field `POST /things#request.x[]` changed its type from `object` to `string` / may now be `integer`",
            "! no longer has `minItems: 3` / ! response field `POST /things#200.x[]` changed its type from `object` to `string` / ! may now be `integer`",
        ),
        (
            "{type: object, required: [a], properties: {a: {type: string}}}",
            "{anyOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: object, additionalProperties: false}]}",
            "may now be `object`",
            "! may now be `object`",
        ),
        (
            "{type: object, properties: {a: {type: string}}}",
            "{oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}",
            "may now be `object`",
            "! may now be `object`",
        ),
    ]);
}

#[test]
fn constants() {
    check(&[
        ("{type: string}", "{type: string, const: a}", "! now has `const: \"a\"`", "now has `const: \"a\"`"),
        (
            "{type: string, const: a}",
            "{type: string, const: b}",
            "! has `const: b` instead of `a`",
            "! has `const: b` instead of `a`",
        ),
        ("{type: string, const: a}", "{type: string, enum: [a]}", "", ""),
        ("{type: string, const: a}", "{type: string, enum: [a, b]}", "may now be `b`", "! may now be `b`"),
    ]);
}

#[test]
fn keywords_that_apply_schemas() {
    check(&[
        (
            "{type: array, items: {}, contains: {type: string}}",
            "{type: array, items: {}, contains: {type: [string, integer]}}",
            "has another `contains`",
            "! has another `contains`",
        ),
        (
            "{type: array, items: {}, contains: {type: string}, maxContains: 2}",
            "{type: array, items: {}, contains: {type: [string, integer]}, maxContains: 2}",
            "? has another `contains`",
            "? has another `contains`",
        ),
        (
            "{type: object, propertyNames: {maxLength: 5}}",
            "{type: object, propertyNames: {maxLength: 3}}",
            "! has another `propertyNames`",
            "has another `propertyNames`",
        ),
        (
            "{type: object, dependentRequired: {a: [b]}}",
            "{type: object, dependentRequired: {a: [b, c]}}",
            "! has `dependentRequired: a: b, c` instead of `a: b`",
            "has `dependentRequired: a: b, c` instead of `a: b`",
        ),
        (
            "{type: object, dependentSchemas: {a: {required: [b]}}}",
            "{type: object, dependentSchemas: {a: {required: [b]}, c: {required: [b]}}}",
            "! now has `dependentSchemas`",
            "now has `dependentSchemas`",
        ),
        (
            "{type: object, if: {required: [a]}, then: {required: [b]}}",
            "{type: object, if: {required: [a]}, then: {required: [b]}, else: {required: [c]}}",
            "! has another `else`",
            "has another `else`",
        ),
        (
            "{type: object, if: {required: [a]}, then: {required: [b]}}",
            "{type: object, if: {required: [c]}, then: {required: [b]}}",
            "? has another `if`",
            "? has another `if`",
        ),
    ]);
}

#[test]
fn conjunctions_and_negations() {
    check(&[
        ("{allOf: [{type: string}, {maxLength: 5}]}", "{type: string, maxLength: 5}", "", ""),
        (
            "{allOf: [{type: object, properties: {a: {type: string}}}, {required: [a]}]}",
            "{type: object, properties: {a: {type: string}}}",
            "request field `POST /things#request.x.a` may now be left out",
            "! response field `POST /things#200.x.a` may now be left out",
        ),
        ("{type: string, not: {enum: [a]}}", "{type: string}", "no longer has `not`", "! no longer has `not`"),
        (
            "{type: string, not: {enum: [a]}}",
            "{type: string, not: {enum: [b]}}",
            "! has another `not`",
            "! has another `not`",
        ),
        (
            "{type: string, not: {enum: [a, b]}}",
            "{type: string, not: {enum: [b]}}",
            "has another `not`",
            "! has another `not`",
        ),
    ]);
}

#[test]
fn members_that_exclude_each_other_are_no_partners() {
    let member = |kind: &str, field: &str| {
        format!(
            "{{type: object, required: [kind], properties: {{kind: {{enum: [{kind}]}}, {field}: {{type: string}}}}}}"
        )
    };
    let union = |members: &[String]| format!("{{oneOf: [{}]}}", members.join(", "));
    let old = union(&[member("card", "number"), member("cash", "number")]);
    let new = union(&[member("cash", "number"), member("bank", "number")]);
    let (sent, received) = verdicts(&old, &new);
    assert_eq!(sent, ["may now be `object`", "! may no longer be `object`"]);
    assert_eq!(received, ["! may now be `object`", "may no longer be `object`"]);
}

#[test]
fn several_that_take_the_place_of_one_are_like_none_of_them() {
    let old = "{type: object, required: [kind], properties: {kind: {type: string}}}";
    let new = "{oneOf: [{type: object, required: [kind], properties: {kind: {enum: [a]}}}, {type: object, required: [kind], properties: {kind: {enum: [b]}}}]}";
    let (sent, received) = verdicts(old, new);
    assert_eq!(sent, ["! may no longer be `object`"]);
    assert_eq!(received, ["may no longer be `object`"]);
    let (sent, received) = verdicts(new, old);
    assert_eq!(sent, ["may now be `object`"]);
    assert_eq!(received, ["! may now be `object`"]);
}
