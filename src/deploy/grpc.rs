//! Service configs of gRPC: which calls a channel repeats.
//!
//! A client makes five attempts at most, whatever `maxAttempts` says. Hedging sends as many at once.
//! Source: `grpc/service_config/service_config.proto`, and A6 of the proposals of gRPC.

use serde_json::Value;

use crate::model::deployment::Callee;

const MOST_ATTEMPTS: u64 = 5;

/// Whose calls a config repeats, and how many attempts it makes.
pub(super) fn policies(config: &Value) -> Vec<(Callee, u64)> {
    let methods = config.get("methodConfig").and_then(Value::as_array);
    let mut found = Vec::new();
    for method in methods.into_iter().flatten() {
        let policy = method.get("retryPolicy").or_else(|| method.get("hedgingPolicy"));
        let Some(attempts) = policy.and_then(|policy| policy.get("maxAttempts")).and_then(number) else { continue };
        for name in method.get("name").and_then(Value::as_array).into_iter().flatten() {
            found.push((callee(name), attempts.min(MOST_ATTEMPTS)));
        }
    }
    found
}

/// `{}` and an empty service mean every rpc.
fn callee(name: &Value) -> Callee {
    let part = |key: &str| name.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    match part("service") {
        Some(service) => Callee::Rpc(service, part("method")),
        None => Callee::AnyRpc,
    }
}

/// A number, also one that Java had to write with a point.
fn number(value: &Value) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of attempts")]
    let whole = |number: f64| number as u64;
    value.as_u64().or_else(|| value.as_f64().map(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn methods_services_and_all_are_told_apart() {
        let config = serde_json::json!({"methodConfig": [
            {"name": [{"service": "shop.v1.Carts", "method": "Get"}, {"service": "shop.v1.Stock"}],
             "retryPolicy": {"maxAttempts": 3}},
            {"name": [{}], "retryPolicy": {"maxAttempts": 9.0}},
            {"name": [{"service": "shop.v1.Mail"}], "timeout": "1s"},
        ]});
        let rpc = |service: &str, method: Option<&str>| Callee::Rpc(service.into(), method.map(str::to_owned));
        let expected = [(rpc("shop.v1.Carts", Some("Get")), 3), (rpc("shop.v1.Stock", None), 3), (Callee::AnyRpc, 5)];
        assert_eq!(policies(&config), expected);
    }
}
