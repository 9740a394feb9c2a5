//! What handlers take and answer, as their code tells in each language.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "code/follow.rs"]
mod follow;

use contract_lint::model::source::Language;
use contract_lint::model::usage::{Data, DataField, Facts};
use follow::follow;

/// `{sku: text, lines: [Line{count: number}]}`; a type that stands inside itself by its name alone.
fn shown(facts: &Facts, data: &Data, open: &mut Vec<u32>) -> String {
    match data {
        Data::Unknown => "?".to_owned(),
        Data::Text => "text".to_owned(),
        Data::Number => "number".to_owned(),
        Data::Bool => "bool".to_owned(),
        Data::List(item) => format!("[{}]", shown(facts, item, open)),
        Data::Map(item) => format!("<{}>", shown(facts, item, open)),
        Data::Made(fields) => fields_shown(facts, fields, open),
        Data::Declared(id) => {
            let record = &facts.records[id.0 as usize];
            if open.contains(&id.0) {
                return record.name.to_string();
            }
            open.push(id.0);
            let fields = fields_shown(facts, &record.fields, open);
            open.pop();
            format!("{}{fields}", record.name)
        }
    }
}

fn fields_shown(facts: &Facts, fields: &[DataField], open: &mut Vec<u32>) -> String {
    let each = fields.iter().map(|field| format!("{}: {}", field.name.on_wire(), shown(facts, &field.data, open)));
    format!("{{{}}}", each.collect::<Vec<_>>().join(", "))
}

/// What each handler takes and answers: `taken -> answered`.
fn handlers(language: Language, code: &str) -> Vec<String> {
    let facts = follow(language, code).unwrap();
    let all = |bodies: &[Data]| {
        let shown: Vec<String> = bodies.iter().map(|data| shown(&facts, data, &mut Vec::new())).collect();
        shown.join(" | ")
    };
    facts.handlers.iter().map(|handler| format!("{} -> {}", all(&handler.takes), all(&handler.gives))).collect()
}

const SPRING: &str = "package example;

import java.util.*;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.*;
import reactor.core.publisher.*;

class Base { protected Long id; }

class Line { int count; Order order; }

class Order extends Base {
    static final long serialVersionUID = 1L;
    @JsonProperty(\"customer_name\") private String customer;
    private transient String cache;
    private List<Line> lines;
}

class Page<T> { List<T> items; int total; }
";

/// A handler of a Spring controller.
fn spring(method: &str) -> Vec<String> {
    handlers(Language::Java, &format!("{SPRING}\n@RestController\nclass Orders {{\n{method}\n}}\n"))
}

const ORDER: &str = "Order{id: number, customer_name: text, lines: [Line{count: number, order: Order}]}";

#[test]
fn declared_types_say_it_in_java() {
    for ret in ["Order", "ResponseEntity<Order>", "Mono<Order>", "Mono<ResponseEntity<Order>>", "Optional<Order>"] {
        let method = format!("@GetMapping(\"/orders/{{id}}\") {ret} show(@PathVariable long id) {{ return null; }}");
        assert_eq!(spring(&method), [format!(" -> {ORDER}")], "{ret}");
    }
    for ret in ["List<Order>", "ResponseEntity<List<Order>>", "Flux<Order>", "Collection<Order>"] {
        let method = format!("@GetMapping(\"/orders\") {ret} list() {{ return null; }}");
        assert_eq!(spring(&method), [format!(" -> [{ORDER}]")], "{ret}");
    }
    assert_eq!(
        spring("@GetMapping(\"/orders\") Page<Order> list() { return null; }"),
        [format!(" -> Page{{items: [{ORDER}], total: number}}")]
    );
    assert_eq!(spring("@PostMapping(\"/orders\") void add(@RequestBody Order order) { }"), [format!("{ORDER} -> ")]);
    assert_eq!(spring("@GetMapping(\"/name\") String name() { return \"x\"; }"), [" -> "]);
}

#[test]
fn what_is_made_says_it_where_no_type_does() {
    assert_eq!(
        spring(
            "@GetMapping(\"/orders/{id}\") ResponseEntity<?> show(@PathVariable long id) { return ResponseEntity.ok(new Order()); }"
        ),
        [format!(" -> {ORDER}")]
    );
    assert_eq!(
        handlers(
            Language::Python,
            "from flask import Flask, jsonify\n\napp = Flask(__name__)\n\n\n@app.route('/prices/<sku>')\ndef price(sku):\n    return jsonify({'amount': 3, 'parts': [{'name': sku}], 'ok': True}), 200\n"
        ),
        [" -> {amount: number, ok: bool, parts: [{name: ?}]}"]
    );
    assert_eq!(
        handlers(
            Language::TypeScript,
            "import express from 'express';\n\nconst app = express();\napp.post('/carts', (req, res) => {\n  if (!req.body.id) {\n    return res.status(400).json({ error: 'no id' });\n  }\n  res.json({ id: req.body.id, items: [{ count: 1 }] });\n});\n"
        ),
        [" -> {error: text} | {id: ?, items: [{count: number}]}"]
    );
    assert_eq!(
        handlers(
            Language::Go,
            "package main\n\nimport \"github.com/gin-gonic/gin\"\n\nfunc main() {\n\trouter := gin.Default()\n\trouter.GET(\"/ping\", func(c *gin.Context) {\n\t\tc.JSON(200, gin.H{\"message\": \"pong\"})\n\t})\n}\n"
        ),
        [" -> {message: text}"]
    );
}

#[test]
fn declared_types_say_it_in_every_language() {
    assert_eq!(
        handlers(
            Language::Python,
            "from fastapi import FastAPI\nfrom pydantic import BaseModel\n\napp = FastAPI()\n\n\nclass Item(BaseModel):\n    sku: str\n    count: int\n\n\nclass Order(BaseModel):\n    id: int\n    items: list[Item]\n\n\n@app.post('/orders')\ndef add(item: Item) -> Order:\n    return store(item)\n"
        ),
        ["Item{sku: text, count: number} -> Order{id: number, items: [Item{sku: text, count: number}]}"]
    );
    assert_eq!(
        handlers(
            Language::Go,
            "package main\n\nimport (\n\t\"encoding/json\"\n\t\"net/http\"\n)\n\ntype order struct {\n\tID    int `json:\"id\"`\n\tTotal int\n\tnote  string\n}\n\nfunc main() {\n\thttp.HandleFunc(\"POST /orders\", func(w http.ResponseWriter, r *http.Request) {\n\t\tvar asked order\n\t\tjson.NewDecoder(r.Body).Decode(&asked)\n\t\tjson.NewEncoder(w).Encode(asked)\n\t})\n}\n"
        ),
        ["order{id: number, Total: number} -> order{id: number, Total: number}"]
    );
    assert_eq!(
        handlers(
            Language::Rust,
            "use axum::{routing::post, Json, Router};\nuse serde::{Deserialize, Serialize};\n\n#[derive(Deserialize)]\nstruct Item {\n    sku: String,\n}\n\n#[derive(Serialize)]\n#[serde(rename_all = \"camelCase\")]\nstruct Order {\n    order_id: u64,\n    #[serde(skip)]\n    secret: String,\n}\n\nasync fn add(Json(item): Json<Item>) -> Result<Json<Order>, String> {\n    todo!()\n}\n\npub fn app() -> Router {\n    Router::new().route(\"/orders\", post(add))\n}\n"
        ),
        ["Item{sku: text} -> Order{orderId: number}"]
    );
    assert_eq!(
        handlers(
            Language::Kotlin,
            "package example\n\nimport org.springframework.web.bind.annotation.*\n\ndata class Order(val id: Long, val names: List<String>)\n\n@RestController\nclass Orders {\n    @GetMapping(\"/orders/{id}\")\n    fun show(@PathVariable id: Long): Order = TODO()\n}\n"
        ),
        [" -> Order{id: number, names: [text]}"]
    );
    assert_eq!(
        handlers(
            Language::TypeScript,
            "import { Body, Controller, Post } from '@nestjs/common';\n\nexport class Item {\n  sku: string;\n}\n\ninterface Order {\n  id: number;\n  items: Item[];\n}\n\n@Controller('orders')\nexport class Orders {\n  @Post()\n  async add(@Body() item: Item): Promise<Order> {\n    return this.store.add(item);\n  }\n}\n"
        ),
        ["Item{sku: text} -> Order{id: number, items: [Item{sku: text}]}"]
    );
}

#[test]
fn what_a_generic_wrapper_holds_is_told_by_how_it_is_made() {
    let spring = |fields: &str, body: &str| {
        let code = format!(
            "{SPRING}\nimport lombok.*;\n\nclass User {{ String name; }}\n\n@Data @AllArgsConstructor\nclass Answer<T> {{ Integer status; T data; }}\n\n@RestController\nclass Users {{\n{fields}\n@GetMapping(\"/users\") HttpEntity show() {{ {body} }}\n}}\n"
        );
        handlers(
            Language::Java,
            &code.replace("import java.util.*;", "import java.util.*;\nimport org.springframework.http.HttpEntity;"),
        )
    };
    let expected = [" -> {status: number, data: User{name: text}}"];
    assert_eq!(spring("", "return ResponseEntity.ok(new Answer<>(1, new User()));"), expected);
    assert_eq!(
        spring(
            "Answer find() { if (Math.random() > 1) { return new Answer<>(0, null); } return new Answer<>(1, new User()); }",
            "return ResponseEntity.ok(find());"
        ),
        expected
    );
    assert_eq!(
        spring("Answer<User> find() { return null; }", "return ResponseEntity.ok(find());"),
        [" -> Answer{status: number, data: User{name: text}}"]
    );
    for ret in ["Answer", "Answer<?>", "Answer<Object>", "ResponseEntity<Answer>"] {
        let method = format!("@GetMapping(\"/all\") {ret} all() {{ return new Answer<>(1, new User()); }}");
        let all = spring(&method, "return null;");
        assert!(all.contains(&expected[0].to_owned()), "{ret}: {all:?}");
    }
}

#[test]
fn messages_of_protobuf_are_those_of_their_contract() {
    let code = "package main\n\nimport (\n\t\"encoding/json\"\n\t\"net/http\"\n)\n\ntype Hash struct {\n\tRevision int64 `protobuf:\"varint,1,opt,name=revision,proto3\" json:\"revision,omitempty\"`\n}\n\nfunc main() {\n\thttp.HandleFunc(\"/hash\", func(w http.ResponseWriter, r *http.Request) {\n\t\tjson.NewEncoder(w).Encode(&Hash{Revision: 1})\n\t})\n}\n";
    assert_eq!(handlers(Language::Go, code), [" -> "]);
}

#[test]
fn a_generic_that_holds_itself_of_another_argument_has_an_end() {
    let node = "class Node<T> { Node<List<T>> next; T value; }";
    let code = format!(
        "{SPRING}\n{node}\n@RestController\nclass Nodes {{\n@GetMapping(\"/nodes\") Node<String> all() {{ return null; }}\n}}\n"
    );
    let all = handlers(Language::Java, &code).concat();
    assert!(all.starts_with(" -> Node{next: Node{next: Node{") && all.ends_with("value: text}"), "{all}");
}

#[test]
fn wrappers_of_aspnet_are_taken_off() {
    for ret in ["Order", "ActionResult<Order>", "Task<ActionResult<Order>>", "Task<Results<Ok<Order>, NotFound>>"] {
        let code = format!(
            "using System.Threading.Tasks;\nusing Microsoft.AspNetCore.Http.HttpResults;\nusing Microsoft.AspNetCore.Mvc;\n\nnamespace Shop;\n\npublic record Order(int ID, string ShopName, string VATNumber);\n\n[ApiController]\n[Route(\"orders\")]\npublic class OrdersController : ControllerBase\n{{\n    [HttpGet(\"{{id}}\")]\n    public {ret} Show(int id) {{ throw new Exception(); }}\n}}\n"
        );
        assert_eq!(
            handlers(Language::CSharp, &code),
            [" -> Order{id: number, shopName: text, vatNumber: text}"],
            "{ret}"
        );
    }
}

/// What annotations say, of handlers and of what travels.
fn notes(language: Language, code: &str) -> Vec<String> {
    let facts = follow(language, code).unwrap();
    let shown = |note: &contract_lint::model::usage::Note| match &note.value {
        Some(value) => format!("{} {value}", note.key),
        None => note.key.to_string(),
    };
    let mut all: Vec<String> = facts.notes.values().flatten().map(shown).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn annotations_are_kept() {
    let java = format!(
        "{SPRING}\nclass Buyer {{ @Sensitive(\"finance\") String iban; }}\n\n@Deprecated\n@RestController\nclass Buyers {{\n@GetMapping(\"/buyers\") Buyer show() {{ return null; }}\n}}\n"
    );
    assert_eq!(
        notes(Language::Java, &java),
        ["@Deprecated", "@GetMapping /buyers", "@RestController", "@Sensitive finance"]
    );
    assert_eq!(
        notes(
            Language::Kotlin,
            "package example\n\nimport org.springframework.web.bind.annotation.*\n\ndata class Buyer(@Pii val name: String)\n\n@RestController\nclass Buyers {\n    @Deprecated(\"use people\")\n    @GetMapping(\"/buyers\")\n    fun show(): Buyer = TODO()\n}\n"
        ),
        ["@Deprecated use people", "@GetMapping /buyers", "@Pii", "@RestController"]
    );
    assert_eq!(
        notes(
            Language::Python,
            "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/buyers', deprecated=True)\ndef show():\n    return {}\n"
        ),
        ["@get /buyers", "deprecated"]
    );
    assert_eq!(
        notes(
            Language::Rust,
            "use rocket::get;\nuse rocket::serde::json::Json;\n\npub struct Buyer {\n    #[deprecated]\n    name: String,\n}\n\n#[get(\"/buyers\")]\nfn show() -> Json<Buyer> {\n    todo!()\n}\n"
        )
        .iter()
        .filter(|note| note.contains("deprecated"))
        .collect::<Vec<_>>(),
        ["@deprecated"]
    );
    assert_eq!(
        notes(
            Language::CSharp,
            "using Microsoft.AspNetCore.Mvc;\n\nnamespace Shop;\n\npublic class Buyer\n{\n    [PersonalData]\n    public string Name { get; set; }\n}\n\n[ApiController]\npublic class BuyersController : ControllerBase\n{\n    [Obsolete(\"use people\")]\n    [HttpGet(\"buyers\")]\n    public Buyer Show() { throw new Exception(); }\n}\n"
        ),
        ["@ApiController", "@HttpGet buyers", "@Obsolete use people", "@PersonalData"]
    );
}
