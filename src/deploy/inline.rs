//! Service configs of gRPC that stand in code: as JSON text (`grpc.WithDefaultServiceConfig(...)`), or as the objects
//! that JSON is made of (`json.dumps({...})`, `JSON.stringify({...})`).

use serde_json::{Map, Value};

use super::grpc;
use crate::model::deployment::{Policy, Repeater};
use crate::model::ir::{Expr, ExprKind, Literal, Module, walk};
use crate::model::source::Sources;

/// The key by which such a config is known.
const KEY: &str = "methodConfig";

/// Objects and lists inside each other.
const MAX_DEPTH: usize = 16;

/// The retry policies of all service configs in code that is no test.
pub(super) fn policies(sources: &Sources, modules: &[Module]) -> Vec<Policy> {
    let mut found = Vec::new();
    for module in modules.iter().filter(|module| !module.test && sources.get(module.file).text.contains(KEY)) {
        let mut see = |expr: &Expr| {
            let Some(config) = config(expr) else { return };
            for (callee, attempts) in grpc::policies(&config) {
                let (repeater, home) = (Repeater::ServiceConfig, module.service);
                found.push(Policy { repeater, place: expr.span, home, callee, attempts });
            }
        };
        for global in &module.globals {
            global.value.iter().for_each(|value| walk::expr(value, &mut see));
        }
        for body in module.funcs.iter().filter(|func| !func.test).filter_map(|func| func.body.as_ref()) {
            walk::block(body, &mut see);
        }
    }
    found
}

/// The config that an expression is, if it is one.
fn config(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Literal(Literal::Str(text)) if text.contains(KEY) => serde_json::from_str(text).ok(),
        ExprKind::Construct { fields, .. } if fields.iter().any(|field| field.name.as_deref() == Some(KEY)) => {
            value(expr, MAX_DEPTH)
        }
        _ => None,
    }
}

/// JSON that is written as an expression. What is computed is null.
fn value(expr: &Expr, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    Some(match &expr.kind {
        ExprKind::Literal(Literal::Str(text)) => Value::from(&**text),
        ExprKind::Literal(Literal::Int(number)) => Value::from(*number),
        ExprKind::Literal(Literal::Float(number)) => Value::from(*number),
        ExprKind::Literal(Literal::Bool(truth)) => Value::from(*truth),
        ExprKind::Construct { fields, .. } => {
            let named = fields.iter().filter_map(|field| Some((field.name.as_deref()?.to_owned(), &field.value)));
            Value::Object(
                named.map(|(name, inner)| (name, value(inner, depth).unwrap_or_default())).collect::<Map<_, _>>(),
            )
        }
        ExprKind::List(items) | ExprKind::Tuple(items) => {
            items.iter().map(|item| value(item, depth).unwrap_or_default()).collect()
        }
        ExprKind::Cast(_, inner) | ExprKind::Ref(inner) => value(inner, depth)?,
        _ => Value::Null,
    })
}
