//! A field, request or response has another type: `rules/breaking/field-type-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};
use crate::model::contract::ContractKind;

rule!("breaking", "field-type-changed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldTypeChanged {
        report(context, change, sink, &|_, kind| match kind {
            ContractKind::Protobuf => "add a new field with the new type beside it, and deprecate this one".to_owned(),
            ContractKind::OpenApi | ContractKind::Code => {
                "add a new property with the new type beside it, and deprecate this one".to_owned()
            }
        });
    }
}
