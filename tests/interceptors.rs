//! Which interceptors of clients repeat what failed, and what ends them.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod code;

use code::{follow, shown_bound};
use contract_lint::model::source::Language;

const NONE: [&str; 0] = [];

/// The bounds of the retries in an interceptor with this body.
fn hooked(body: &str) -> Vec<String> {
    let code = format!(
        "import axios from \"axios\";\nexport const use = () => {{\n  axios.interceptors.response.use(null, async (error) => {{\n{body}\n  }});\n}};\n"
    );
    let facts = follow(Language::TypeScript, &code).unwrap();
    facts.retries.iter().map(|retry| shown_bound(&retry.bound)).collect()
}

#[test]
fn interceptors_send_again_what_failed() {
    assert_eq!(hooked("await pause(3000); return axios.request(error.config);"), ["unbounded"]);
    assert_eq!(
        hooked(
            "const config = error.config; if (config.again) throw error; config.again = true; return axios(config);"
        ),
        ["attempts"]
    );
    assert_eq!(
        hooked(
            "const config = error.config; config.count = config.count + 1; if (config.count > 3) { return Promise.reject(error); } return axios.request(config);"
        ),
        ["attempts 3"]
    );
    assert_eq!(
        hooked("if (error.response.status === 401) { await renew(); return axios(error.config); } throw error;"),
        ["unknown"]
    );
    assert_eq!(hooked("await axios.post(\"http://core/errors\", { at: 1 }); throw error;"), NONE);
}
