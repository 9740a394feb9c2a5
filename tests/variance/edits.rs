//! One edit is one finding, wherever the edited schema is used and whatever is written around the references to it.

use super::changes;

/// A schema that is reached in several ways: as a body, in a list, as a property beside others, as one that may be
/// `null`, with keywords beside the reference, in an `allOf`, both sent and received.
const API: &str = "openapi: 3.1.0
info: {title: Shop, version: '1'}
paths:
  /orders:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '429': {description: slow down, content: {application/json: {schema: {$ref: '#/components/schemas/Slow'}}}}
        4XX: {description: wrong, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
    get:
      responses:
        '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}
        default: {description: wrong, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
  /drafts:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Draft'}}}}
      responses: {'204': {description: ok}}
components:
  schemas:
    Order:
      type: object
      required: [id, price]
      properties:
        id: {type: string}
        price: {$ref: '#/components/schemas/Price'}
        tax: {$ref: '#/components/schemas/Price', description: beside a reference}
        paid: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/Price'}]}
        refund: {allOf: [{$ref: '#/components/schemas/Price'}], description: in a list of one}
    Draft:
      type: object
      properties:
        price: {$ref: '#/components/schemas/Price'}
        limit: {anyOf: [{$ref: '#/components/schemas/Price'}, {type: 'null'}]}
    Price:
      type: object
      required: [amount]
      properties:
        amount: {type: integer}
        currency: {type: [string, 'null'], enum: [chf, eur, usd, null]}
        note: {type: [string, 'null']}
    Fault: {type: object, required: [code], properties: {code: {type: string}}}
    Slow: {type: object, required: [after], properties: {after: {type: integer}, scope: {type: string}}}
";

/// What is replaced, by what, and the kind of the one change.
const EDITS: [(&str, &str, &str); 14] = [
    ("        note: {type: [string, 'null']}\n", "", "breaking/field-removed"),
    ("note: {type: [string, 'null']}", "note: {type: integer}", "breaking/field-type-changed"),
    ("note: {type: [string, 'null']}", "note: {type: string}", "breaking/nullable-removed"),
    ("amount: {type: integer}", "amount: {type: string}", "breaking/field-type-changed"),
    ("amount: {type: integer}", "amount: {type: integer, maximum: 9}", "breaking/constraint-tightened"),
    ("required: [amount]", "required: [amount, note]", "breaking/field-required"),
    ("      required: [amount]\n", "", "breaking/field-optional"),
    ("[chf, eur, usd, null]", "[chf, usd, null]", "breaking/enum-value-removed"),
    ("[chf, eur, usd, null]", "[chf, eur, usd, null], maxLength: 2", "breaking/constraint-tightened"),
    (
        "required: [amount]\n      properties:\n        amount:",
        "required: [sum]\n      properties:\n        sum:",
        "breaking/field-renamed",
    ),
    ("        note: {type", "        more: {type: string}\n        note: {type", "compatible/added"),
    (
        "required: [amount]\n      properties:\n",
        "required: [amount, more]\n      properties:\n        more: {type: string}\n",
        "breaking/field-required",
    ),
    (
        "        '429': {description: slow down, content: {application/json: {schema: {$ref: '#/components/schemas/Slow'}}}}\n",
        "",
        "breaking/status-removed",
    ),
    (
        "        '200': {description: ok, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}}\n",
        "",
        "breaking/status-removed",
    ),
];

#[test]
fn one_edit_is_one_finding() {
    let mut wrong = Vec::new();
    for (from, to, kind) in EDITS {
        assert_eq!(API.matches(from).count(), 1, "{from}");
        let found = changes(API, &API.replace(from, to));
        let kinds: Vec<&str> = found.iter().map(|change| change.kind.id()).collect();
        if kinds != [kind] {
            let names: Vec<_> = found.iter().map(|it| (it.kind.id(), &it.element.name, &it.old, &it.new)).collect();
            wrong.push(format!("{from} -> {to}\n  {names:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_several_fields_share_is_told_of_the_schema_and_of_all_of_them() {
    let found = changes(API, &API.replace("amount: {type: integer}", "amount: {type: string}"));
    assert_eq!(found[0].element.name, "Price.amount");
    assert_eq!(found[0].operations.len(), 3);
    let whole = changes(
        API,
        &API.replace("    Price:\n      type: object", "    Price:\n      minProperties: 2\n      type: object"),
    );
    assert_eq!(whole.len(), 1, "{whole:#?}");
    assert_eq!(whole[0].element.name, "Price");
    assert!(whole[0].fields.len() >= 4, "readers of each of the fields are hit: {:?}", whole[0].fields);
}
