//! Enums that hold data: which variant a value is decides what is sent, as long as it can be no other one.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "code/follow.rs"]
mod follow;

use contract_lint::model::source::Language;
use contract_lint::model::usage::Target;
use follow::follow;

/// `METHOD url` of all calls in Rust code, sorted, each once.
fn calls(code: &str) -> Vec<String> {
    let facts = follow(Language::Rust, code).unwrap();
    let shown = |target: &Target| match target {
        Target::Http { method, url } => Some(format!("{} {url}", method.as_deref().unwrap_or("?"))),
        _ => None,
    };
    let mut calls: Vec<String> = facts.calls.iter().filter_map(|call| shown(&call.target)).collect();
    calls.sort();
    calls.dedup();
    calls
}

const METHOD: &str = r#"
pub enum Method<B> {
    Get { query: String },
    Post { query: String, body: B },
    Raw(B),
    None,
}
impl<B> Method<B> {
    pub fn map<C>(self, f: impl Fn(B) -> C) -> Method<C> {
        match self {
            Method::Get { query } => Method::Get { query },
            Method::Post { query, body } => Method::Post { query, body: f(body) },
            Method::Raw(body) => Method::Raw(f(body)),
            Method::None => Method::None,
        }
    }
}
fn verb<B>(method: &Method<B>) -> reqwest::Method {
    match method {
        Method::Get { .. } => reqwest::Method::GET,
        Method::Post { .. } => reqwest::Method::POST,
        Method::Raw(_) => reqwest::Method::PUT,
        Method::None => reqwest::Method::DELETE,
    }
}
pub struct Client { http: reqwest::Client }
impl Client {
    async fn send<B>(&self, path: &str, method: Method<B>) -> String {
        let method = method.map(|body| body);
        let url = format!("http://shop{path}");
        self.http.request(verb(&method), &url).send().await.unwrap().text().await.unwrap()
    }
"#;

fn with_method(code: &str) -> Vec<String> {
    calls(&format!("{METHOD}{code}"))
}

#[test]
fn each_caller_of_a_dispatcher_sends_what_its_variant_says() {
    let get = |at: usize| {
        format!(
            "pub async fn get{at}(&self) {{ self.send(\"/{at}\", Method::<()>::Get {{ query: \"{at}\".into() }}).await; }}\n"
        )
    };
    let many: String = (0..8).map(get).collect();
    let found = with_method(&format!(
        "{many}
        pub async fn add(&self, name: String) {{ self.send(\"/a\", Method::Post {{ query: \"\".into(), body: name }}).await; }}
        pub async fn put(&self, name: String) {{ self.send(\"/b\", Method::Raw(name)).await; }}
        pub async fn drop(&self) {{ self.send(\"/c\", Method::<()>::None).await; }}
        }}"
    ));
    let mut expected: Vec<String> = (0..8).map(|at| format!("GET http://shop/{at}")).collect();
    expected.extend(["POST http://shop/a", "PUT http://shop/b", "DELETE http://shop/c"].map(str::to_owned));
    expected.sort();
    assert_eq!(found, expected);
}

#[test]
fn one_of_two_variants_is_either() {
    let found = with_method(
        "pub async fn change(&self, name: Option<String>) {
            let method = match name {
                Some(name) => Method::Raw(name),
                None => Method::Get { query: String::new() },
            };
            self.send(\"/a\", method).await;
        } }",
    );
    assert_eq!(found, ["GET http://shop/a", "PUT http://shop/a"]);
}

#[test]
fn a_variant_that_could_be_any_is_every_one() {
    let found = with_method(
        "pub async fn change(&self, method: Method<String>, other: bool) {
            let method = if other { Method::Get { query: String::new() } } else { method };
            self.send(\"/a\", method).await;
        } }",
    );
    assert_eq!(found, ["DELETE http://shop/a", "GET http://shop/a", "POST http://shop/a", "PUT http://shop/a"]);
}

#[test]
fn what_a_variant_holds_is_taken_out_of_it() {
    let found = calls(
        r#"
        enum Place { Local(String), Remote { host: String, port: u16 } }
        async fn load(place: Place) -> String {
            let url = match place {
                Place::Local(path) => format!("http://localhost{path}"),
                Place::Remote { host, .. } => format!("http://{host}/orders"),
            };
            reqwest::get(&url).await.unwrap().text().await.unwrap()
        }
        pub async fn here() { load(Place::Local("/stock".to_string())).await; }
        pub async fn there() { load(Place::Remote { host: "far".to_string(), port: 80 }).await; }
        "#,
    );
    assert_eq!(found, ["GET http://far/orders", "GET http://localhost/stock"]);
}

#[test]
fn code_that_no_known_value_leads_to_is_followed_nevertheless() {
    let found = calls(
        r#"
        enum Job { Load(String), Clear { all: bool } }
        async fn run(job: Job) {
            match job {
                Job::Load(path) => { reqwest::get(format!("http://shop{path}")).await.unwrap(); }
                Job::Clear { .. } => { reqwest::Client::new().delete("http://shop/all").send().await.unwrap(); }
            }
        }
        pub async fn start() { run(Job::Load("/stock".to_string())).await; }
        "#,
    );
    assert_eq!(
        found.iter().filter(|call| !call.contains("{}")).collect::<Vec<_>>(),
        ["DELETE http://shop/all", "GET http://shop/stock"]
    );
}

#[test]
fn a_variant_that_nobody_makes_is_sent_by_nobody() {
    let found = with_method("pub async fn put(&self, name: String) { self.send(\"/b\", Method::Raw(name)).await; } }");
    assert_eq!(found, ["PUT http://shop/b"]);
}

#[test]
fn what_stands_in_a_field_may_have_been_set_elsewhere() {
    let found = calls(
        r#"
        pub enum Mode { Fast(u32), Slow { rounds: u32 } }
        pub struct Worker { pub mode: Mode }
        impl Worker {
            pub fn new() -> Self { Worker { mode: Mode::Fast(1) } }
            pub async fn run(&self) {
                let mode = &self.mode;
                match mode {
                    Mode::Fast(_) => { reqwest::get("http://shop/fast").await.unwrap(); }
                    Mode::Slow { .. } => { reqwest::get("http://shop/slow").await.unwrap(); }
                }
            }
        }
        "#,
    );
    assert_eq!(found, ["GET http://shop/fast", "GET http://shop/slow"]);
}
