//! An enumeration has lost a value: `rules/breaking/enum-value-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};
use crate::model::contract::ContractKind;

rule!("breaking", "enum-value-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::EnumValueRemoved {
        report(context, change, sink, &|_, kind| {
            match kind {
            ContractKind::Protobuf => {
                "keep it with `[deprecated = true]`; when nobody sends it any more, remove it and reserve its number and name".to_owned()
            }
            ContractKind::OpenApi | ContractKind::Code => "keep it until nobody sends it any more".to_owned(),
        }
        });
    }
}
