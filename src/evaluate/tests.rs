//! What the interpreter understands, shown on short pieces of code and a made-up library.

use super::library::Libraries;
use super::{Scope, follow, units};
use crate::model::source::{FileKind, Language, Package, Revision, SourceFile, Sources, Workspace};
use crate::model::usage::{AccessKind, Facts, Target, Timeout};

const LIBRARY: &str = r#"
library: acme
language: python
about: a library of this test
source: this test
time-unit: seconds
types:
  acme::Session: {kind: client, fields: {headers: {view: "acme::Headers"}, base: {set: base}}}
  acme::Headers: {kind: headers}
  acme::Response: {fields: {data: decoded}}
  acme::Config: {kind: option, fields: {headers: {set: headers}, params: {set: query}, timeout: {set: timeout}}}
  acme::Packages: {packages: {base: 0}}
  acme::Environment: {configuration: true}
  acme::Base: {}
functions:
  acme::Session: {make: client, params: [base], set: {base: 0}, returns: "acme::Session"}
  "acme::Session::()": {make: request, of: self, set: {method: GET, url: 0}, send: made, returns: "acme::Response"}
  acme::Headers::update: {set: {headers: 0}}
  acme::Session::get: &get
    make: request
    of: self
    params: [url, params]
    set: {method: GET, url: 0, query: 1, headers: $headers, timeout: $timeout}
    send: made
    returns: "acme::Response"
  acme::get: *get
  acme::fetch: {make: request, params: [url, config], objects: {1: "acme::Config"}, set: {url: 0}, send: made, returns: "acme::Response"}
  acme::post: {make: request, params: [url], set: {method: POST, url: 0, body: $json}, send: made, returns: "acme::Response"}
  acme::ask: {make: request, params: [url, done], set: {method: GET, url: 0}, send: made, returns: "acme::Response", calls: [{function: 1, with: [result]}]}
  acme::Response::json: {decode: {from: self}}
  acme::Response::into: {decode: {from: self, type: 0}}
  acme::Base::parse: {decode: {from: 0, type: self}}
  acme::proto: {returns: "acme::Packages"}
  acme::log: {escapes: [0]}
constants:
  acme::env: {object: "acme::Environment"}
stubs:
  - type: "**::{Service}Stub"
    constructors: {constructor: {channel: 0}}
    request: 0
    methods: ["{Method}Async", "{Method}"]
    variants: [future]
    callback: 1
    members: [value]
    call: {params: [request, metadata], set: {headers: 1}}
getters: ["get_{field}_list", "get_{field}"]
setters: ["set_{field}"]
messages:
  types: ["**::*_pb2::{Message}"]
  builder: [new_builder]
  finish: [build]
"#;

/// The facts of Python files, each a path with its text.
fn facts(files: &[(&str, &str)]) -> Facts {
    let mut workspace = Workspace::default();
    workspace.packages.push(Package { language: Language::Python, path: String::new(), name: "shop".to_owned() });
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.push(SourceFile::new(*path, Revision::Head, FileKind::Code(Language::Python), *text));
    }
    let (modules, problems) = crate::lower::lower(&sources, &workspace, crate::lower::Tests::Kept);
    assert!(problems.is_empty(), "{problems:?}");
    let libraries = Libraries::of_texts(&[LIBRARY]);
    let mut all = Facts::default();
    for unit in units::units(&modules, Language::Python, &workspace, |_| true) {
        super::gather::absorb(&mut all, follow(&unit, Language::Python, &libraries, &Scope::All).0);
    }
    all
}

fn of(text: &str) -> Facts {
    facts(&[("client.py", text)])
}

/// Calls as `METHOD url` or `Service/Method`, in the order of their places.
fn calls(facts: &Facts) -> Vec<String> {
    let mut calls: Vec<_> = facts.calls.iter().collect();
    calls.sort_by_key(|call| (call.location.span, call.target.clone()));
    let shown = |target: &Target| match target {
        Target::Http { method, url } => format!("{} {url}", method.as_deref().unwrap_or("?")),
        Target::Stub { service, method, .. } => format!("{service}/{method}"),
        Target::Operation { document, id, .. } => format!("{}#{id}", document.as_deref().unwrap_or_default()),
    };
    calls.iter().map(|call| shown(&call.target)).collect()
}

/// Headers of the calls and their clients, sorted.
fn headers(facts: &Facts) -> Vec<String> {
    let of_clients = facts.clients.iter().flat_map(|client| &client.headers);
    let all = facts.calls.iter().flat_map(|call| &call.headers).chain(of_clients);
    let mut shown: Vec<String> =
        all.map(|header| format!("{}: {}", header.name.as_deref().unwrap_or("?"), header.value)).collect();
    shown.sort();
    shown.dedup();
    shown
}

/// Accesses as `read name`, `write name`, `whole`, sorted.
fn fields(facts: &Facts) -> Vec<String> {
    let mut shown: Vec<String> = facts
        .accesses
        .iter()
        .map(|access| {
            let name = access.field.as_ref().map(|field| field.wire.first().map_or(&field.source, |wire| &wire.name));
            match (access.kind, name) {
                (AccessKind::Read, Some(name)) => format!("read {name}"),
                (AccessKind::Write, Some(name)) => format!("write {name}"),
                _ => "whole".to_owned(),
            }
        })
        .collect();
    shown.sort();
    shown.dedup();
    shown
}

#[test]
fn arguments_are_found_by_name_and_by_position() {
    let facts = of("import acme
def load(id, *, prefix='/v1', **options):
    return acme.get(params={'full': 'yes'}, url=f'http://x{prefix}/items/{id}', **options)
def main():
    load(prefix='/v2', id='7', headers={'X-Client-Id': 'shop'}, timeout=2.5)
");
    assert_eq!(calls(&facts), ["GET http://x/v2/items/7"]);
    assert_eq!(headers(&facts), ["x-client-id: shop"]);
    assert_eq!(facts.calls[0].timeout, Some(Timeout::Millis(2_500)));
    assert_eq!(facts.calls[0].query[0].0.as_deref(), Some("full"));
}

#[test]
fn a_constructor_runs_on_a_fresh_value_and_classes_inherit_it() {
    let facts = of("import acme
class Base:
    def __init__(self, url):
        self.url = url
        self.session = acme.Session()
        self.session.headers.update({'User-Agent': 'shop/1'})
    def fetch(self, path):
        return self.session.get(self.url + path).json()
class Items(Base):
    def item(self, id):
        return self.fetch(f'/items/{id}')['name']
def main():
    return Items('http://x').item(3)
");
    assert_eq!(calls(&facts), ["GET http://x/items/3"]);
    assert_eq!(headers(&facts), ["user-agent: shop/1"]);
    assert_eq!(fields(&facts), ["read name"]);
}

#[test]
fn a_class_that_extends_a_librarys_is_one() {
    let facts = of("import acme
class Api(acme.Session):
    def __init__(self):
        super().__init__('http://x')
        self.headers.update({'X-Client-Id': 'shop'})
    def item(self):
        return self.get('/item').json()['name']
def main():
    Api().item()
class Other(acme.Session):
    def item(self):
        return self.get('http://y/other')
");
    assert_eq!(calls(&facts), ["GET http://x/item", "GET http://y/other"]);
    assert_eq!(headers(&facts), ["x-client-id: shop"]);
    assert_eq!(fields(&facts), ["read name"]);
}

#[test]
fn a_method_of_a_base_class_is_that_of_the_classes_below() {
    let facts = of("import acme
from abc import ABC, abstractmethod
class Source(ABC):
    @abstractmethod
    def load(self): ...
    def name(self):
        return self.load()['name']
class Remote(Source):
    def load(self):
        return acme.get('http://x/item').json()
def main(source: Source):
    return source.name()
");
    assert_eq!(calls(&facts), ["GET http://x/item"]);
    assert_eq!(fields(&facts), ["read name"]);
}

#[test]
fn a_property_runs_when_it_is_read() {
    let facts = of("import acme
class Api:
    @property
    def base(self):
        return 'http://x'
    def load(self):
        return acme.get(self.base + '/item')
");
    assert_eq!(calls(&facts), ["GET http://x/item"]);
}

#[test]
fn what_is_yielded_and_comprehended_are_lists_of_it() {
    let facts = of("import acme
def items():
    for at in range(3):
        yield acme.get(f'http://x/items/{at}').json()
def main():
    names = [item['name'] for item in items()]
    return {item['id']: item for item in items()}, names
");
    assert_eq!(calls(&facts), ["GET http://x/items/{}"]);
    assert!(fields(&facts).contains(&"read name".to_owned()) && fields(&facts).contains(&"read id".to_owned()));
}

#[test]
fn a_record_stands_for_an_object_of_the_library() {
    let facts = of("import acme
def main(more):
    config = {'timeout': 3, 'params': {'q': 'x'}}
    acme.fetch('http://x/a', {**config, 'headers': {'X-A': '1'}})
    acme.fetch('http://x/b', more)
");
    assert_eq!(headers(&facts), ["x-a: 1"]);
    assert_eq!(facts.calls[0].timeout, Some(Timeout::Millis(3_000)));
    assert_eq!(facts.calls[0].opaque, None);
    assert!(facts.calls[1].opaque.is_some());
}

#[test]
fn a_body_is_taken_apart_into_the_type_that_is_named() {
    let facts = of("import acme
from dataclasses import dataclass
@dataclass
class Item:
    name: str
class Order(acme.Base):
    total: int
def main():
    item = acme.get('http://x/item').into(Item)
    order = Order.parse(acme.get('http://x/order'))
    return item.name, order.total, acme.get('http://x/raw').data['raw']
");
    assert_eq!(fields(&facts), ["read name", "read raw", "read total"]);
}

#[test]
fn objects_can_be_called_and_methods_passed_on() {
    let facts = of("import acme
def twice(run):
    return run('http://x/passed')
def main():
    api = acme.Session()
    api('http://x/called')
    twice(api.get)
");
    assert_eq!(calls(&facts), ["GET http://x/passed", "GET http://x/called"]);
}

#[test]
fn a_callback_is_given_the_response() {
    let facts = of("import acme
def main():
    acme.ask('http://x/item', lambda answer: print(answer.json()['name']))
");
    assert_eq!(fields(&facts), ["read name"]);
}

#[test]
fn messages_of_generated_modules_are_made_by_name() {
    let facts = of("import acme
import shop_pb2
import shop_pb2_grpc
def main(channel):
    stub = shop_pb2_grpc.CartServiceStub(channel)
    request = shop_pb2.AddItemRequest(user_id='7', item=shop_pb2.CartItem(product_id='p', quantity=1))
    stub.AddItem(request, metadata=(('x-client-id', 'shop'),))
    stub.GetCartAsync(shop_pb2.GetCartRequest(user_id='7'), lambda error, cart: print(cart.items))
    print(stub.GetCart.future(shop_pb2.GetCartRequest(user_id='7')).value.total)
");
    assert_eq!(calls(&facts), ["CartService/AddItem", "CartService/GetCart", "CartService/GetCart"]);
    assert_eq!(headers(&facts), ["x-client-id: shop"]);
    let written = ["write item", "write product_id", "write quantity", "write user_id"];
    assert!(written.iter().all(|field| fields(&facts).contains(&(*field).to_owned())), "{:?}", fields(&facts));
    assert!(fields(&facts).contains(&"read items".to_owned()), "{:?}", fields(&facts));
    assert!(fields(&facts).contains(&"read total".to_owned()), "{:?}", fields(&facts));
}

#[test]
fn builders_write_what_they_set() {
    let facts = of("import shop_pb2
from shop_pb2 import CartItem
from shop_pb2_grpc import CartServiceStub
def main(channel):
    item = CartItem.new_builder().set_product_id('p').build()
    cart = CartServiceStub(channel).AddItem(item)
    return cart.get_items_list()
");
    assert_eq!(calls(&facts), ["CartService/AddItem"]);
    assert!(fields(&facts).contains(&"write product_id".to_owned()), "{:?}", fields(&facts));
    assert!(fields(&facts).contains(&"read items".to_owned()), "{:?}", fields(&facts));
}

#[test]
fn a_service_that_is_loaded_by_name_is_a_stub() {
    let facts = of("import acme
def main():
    shop = acme.proto('shop.proto').acme.shop
    client = shop.CartService('cart:80')
    client.GetCart({'user_id': '7'}, lambda error, cart: cart.items)
");
    assert_eq!(calls(&facts), ["CartService/GetCart"]);
    assert_eq!(fields(&facts), ["read items", "write user_id"]);
}

#[test]
fn configuration_is_a_hole_with_a_name() {
    let facts = of("import acme
def main():
    acme.get(acme.env['SHOP_URL'] + '/a')
    acme.get(f'{acme.env.OTHER_URL}/b')
");
    assert_eq!(calls(&facts), ["GET ${SHOP_URL}/a", "GET ${OTHER_URL}/b"]);
}

#[test]
fn a_whole_message_that_leaves_is_an_access() {
    for leaving in ["acme.log(item)", "return {**item, 'x': 1}", "unknown(item)", "for key in names: item[str(key)]"] {
        let text = format!(
            "import acme
def main(names):
    item = acme.get('http://x/item').json()
    {leaving}
"
        );
        assert_eq!(fields(&of(&text)), ["whole"], "{leaving}");
    }
}

#[test]
fn what_one_method_sets_another_reads() {
    let facts = of("import acme
class Api:
    def connect(self):
        self.base = 'http://x'
        self.session = acme.Session()
        self.session.headers.update({'X-A': '1'})
    def load(self):
        return self.session.get(self.base + '/item')
");
    assert_eq!(calls(&facts), ["GET http://x/item"]);
    assert_eq!(headers(&facts), ["x-a: 1"]);
}

#[test]
fn an_address_that_a_constructor_keeps_is_known_though_it_makes_no_client() {
    let facts = of("import acme\n\n\
        class Items:\n    def __init__(self):\n        self.base = 'http://stock'\n\n\
        \x20   def all(self):\n        return acme.get(self.base + '/items')\n\n\
        class Shop:\n    def __init__(self, base):\n        self.base = base\n\n\
        \x20   def all(self):\n        return acme.get(self.base + '/shelves')\n\n\
        def shops():\n    return [Shop('http://north')]\n\n\
        class Depot:\n    base = 'http://depot'\n\n\
        \x20   def __init__(self):\n        self.name = ''\n\n\
        \x20   def all(self):\n        return acme.get(self.base + '/crates')\n");
    assert_eq!(calls(&facts), ["GET http://stock/items", "GET http://north/shelves", "GET http://depot/crates"]);
}

#[test]
fn a_constant_condition_leaves_one_way() {
    let facts = of("import acme
LIVE = False
def main():
    if LIVE:
        acme.get('http://x/live')
    else:
        acme.get('http://x/test')
");
    assert_eq!(calls(&facts), ["GET http://x/test"]);
}

#[test]
fn calls_in_functions_that_unknown_code_gets_are_seen() {
    let facts = of("import acme, unknown
class Job:
    def run(self):
        acme.get('http://x/method')
def main():
    unknown.submit(lambda: acme.get('http://x/lambda'))
    unknown.submit({'then': [lambda: acme.get('http://x/inside')]})
    unknown.submit(Job().run)
");
    assert_eq!(calls(&facts), ["GET http://x/method", "GET http://x/lambda", "GET http://x/inside"]);
}

#[test]
fn names_that_a_star_import_brings_are_found() {
    let facts = facts(&[
        ("shop/__init__.py", ""),
        ("shop/urls.py", "ITEMS = 'http://x/items'\n"),
        ("shop/main.py", "from acme import *\nfrom shop.urls import *\ndef main():\n    get(ITEMS)\n"),
    ]);
    assert_eq!(calls(&facts), ["GET http://x/items"]);
}

#[test]
fn what_a_class_says_of_its_objects_holds_in_other_modules() {
    let facts = facts(&[
        ("shop/__init__.py", ""),
        ("shop/config.py", "class Settings:\n    BASE: str = 'http://x/v1'\n\nsettings = Settings()\n"),
        (
            "shop/main.py",
            "import acme\nfrom shop.config import settings\ndef main():\n    acme.get(settings.BASE + '/items')\n",
        ),
    ]);
    assert_eq!(calls(&facts), ["GET http://x/v1/items"]);
}

#[test]
fn what_a_star_import_brings_is_passed_on_by_another() {
    let facts = facts(&[
        ("shop/common.py", "from acme import *\n"),
        ("shop/client.py", "from shop.common import *\n\ndef all():\n    return get(\"http://stock/items\")\n"),
    ]);
    assert_eq!(calls(&facts), ["GET http://stock/items"]);
}

#[test]
fn a_name_that_a_module_has_from_where_it_is_asked_for_is_looked_for_elsewhere() {
    let facts = facts(&[
        ("shop/__init__.py", "from shop.auth import *\nfrom shop.sdk import *\n"),
        ("shop/auth.py", "from shop import Client\n\ndef made():\n    return Client()\n"),
        ("shop/sdk.py", "import acme\nclass Client:\n    def all(self):\n        return acme.get('http://x/items')\n"),
        ("app/main.py", "from shop import Client\n\ndef main(client: Client):\n    return client.all()\n"),
    ]);
    assert_eq!(calls(&facts), ["GET http://x/items"]);
}

#[test]
fn a_long_function_that_only_handles_a_message_is_followed() {
    let lines: String = (0..30).map(|at| format!("    total = total + cart.field{at} + 1\n")).collect();
    let facts = of(&format!(
        "import acme
from shop_pb2 import Cart
def main():
    acme.get('http://x/a')
def total(cart: Cart):
    total = 0
{lines}    return total
"
    ));
    assert_eq!(facts.accesses.len(), 30);
}

#[test]
fn closures_that_nobody_calls_run_with_what_they_declare() {
    let facts = of("import acme
def table():
    def show(kind: str):
        acme.get('http://x/show')
    return [{'name': 'show', 'run': show}]
commands = table()
");
    assert_eq!(calls(&facts), ["GET http://x/show"]);
}

#[test]
fn a_function_that_is_not_known_gives_what_its_type_says() {
    let facts = of("import acme
from typing import Callable
class Pool:
    dial: Callable[[str], acme.Session]
def main(pool: Pool):
    pool.dial('a').get('http://x/items')
");
    assert_eq!(calls(&facts), ["GET http://x/items"]);
}

#[test]
fn a_function_that_a_bundler_made_is_not_followed() {
    let asks = |items: usize| {
        let table = "0,".repeat(items);
        calls(&of(&format!("import acme\ndef main():\n    table = [{table}]\n    acme.get('http://x/a')\n")))
    };
    assert_eq!(asks(1_000), ["GET http://x/a"]);
    assert!(asks(100_000).is_empty());
}

#[test]
fn a_field_that_is_changed_inside_is_not_written_itself() {
    let facts = of("import acme
class Body:
    name: str
    address: dict
def main(body: Body):
    body.name = 'a'
    body.address.city = 'b'
    acme.post('http://x', json=body)
");
    assert_eq!(fields(&facts), ["write city", "write name"]);
}

#[test]
fn a_field_that_is_emptied_may_hold_anything_elsewhere() {
    let facts = of("import acme, page
field = page.find('name')
def send():
    acme.get('http://x/users/' + field.value + '/repos')
def clear():
    field.value = ''
");
    assert_eq!(calls(&facts), ["GET http://x/users/{}/repos"]);
}

#[test]
fn a_default_holds_where_nothing_is_passed() {
    let facts = of("import acme
class Api:
    def __init__(self, base='http://x', quiet=True):
        self.base = base
        self.quiet = quiet
    def items(self):
        if not self.quiet:
            acme.get(self.base + '/log')
        return acme.get(self.base + '/items')
def main():
    Api().items()
");
    assert_eq!(calls(&facts), ["GET http://x/log", "GET http://x/items"]);
}
