//! The dependency map as a table for spreadsheets and databases: RFC 4180, a header, a row for each edge.

use std::io::{self, Write};

use super::excerpt::clean;
use super::uses;
use super::view::{View, contract_of, is_foreign, is_test};
use crate::model::map::{Edge, Role};

/// The header. Columns are added at the end, never renamed or moved.
pub const HEADER: [&str; 15] = [
    "consumer",
    "role",
    "provider",
    "contract",
    "operation",
    "field",
    "declared_field",
    "access",
    "confidence",
    "file",
    "line",
    "column",
    "evidence",
    "test",
    "foreign",
];

/// Every edge of the view.
pub fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    line(&HEADER, out)?;
    view.edges.iter().try_for_each(|edge| line(&row(view, edge), out))
}

fn row(view: &View<'_>, edge: &Edge) -> [String; HEADER.len()] {
    let analysis = view.analysis;
    let contract = contract_of(analysis, edge);
    let providers = contract.map(|id| view.providers(id)).unwrap_or_default();
    let providers: Vec<&str> = providers.iter().map(|id| analysis.workspace.name(*id)).collect();
    let place = analysis.sources.start(edge.location.span);
    let operation = edge.operation.and_then(|id| analysis.head.operations.get(id.index()));
    let declared = edge.field.and_then(|field| uses::declared_name(&analysis.head, field));
    [
        edge.location.service.map(|id| analysis.workspace.name(id).to_owned()).unwrap_or_default(),
        if edge.role == Role::Provider { "provider" } else { "consumer" }.to_owned(),
        providers.join(" "),
        contract.and_then(|id| analysis.head.contracts.get(id.index())).map(|it| it.id.clone()).unwrap_or_default(),
        operation.map(|operation| operation.key.clone()).unwrap_or_default(),
        edge.field_path.clone().or_else(|| declared.clone()).unwrap_or_default(),
        declared.unwrap_or_default(),
        edge.kind.name().to_owned(),
        edge.confidence.name().to_owned(),
        analysis.sources.get(edge.location.span.file).path.clone(),
        place.line.to_string(),
        place.column.to_string(),
        edge.evidence.clone(),
        is_test(analysis, &edge.location).to_string(),
        is_foreign(analysis, edge).to_string(),
    ]
}

fn line<T: AsRef<str>>(cells: &[T], out: &mut dyn Write) -> io::Result<()> {
    let cells: Vec<String> = cells.iter().map(|it| cell(it.as_ref())).collect();
    write!(out, "{}\r\n", cells.join(","))
}

/// A cell as RFC 4180 wants it. Text that a spreadsheet would run as a formula is given an apostrophe in
/// front (OWASP, "CSV injection").
fn cell(text: &str) -> String {
    let text = clean(text);
    let text = if text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        format!("'{text}")
    } else {
        text
    };
    if text.contains([',', '"', '\r', '\n', ';']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn an_edge_is_a_row_under_the_header() {
        let text = plain(|out| write(&View::whole(&Sample::broken().analysis), out));
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(lines.first(), Some(&HEADER.join(",").as_str()));
        assert_eq!(
            lines.get(1),
            Some(
                &"age,consumer,api,api/openapi.yaml,GET /profiles/{id},GET /profiles/{id}#200.id,Profile.id,read,\
                  certain,age/src/lib.rs,2,16,GET /profiles/1,false,false"
            )
        );
        assert_eq!((lines.len(), lines.last()), (4, Some(&"")));
    }

    #[test]
    fn no_cell_is_a_formula_or_leaves_its_place() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
            ("@SUM(1)", "'@SUM(1)"),
            ("  +1", "'  +1"),
            ("\t=1", "'    =1"),
            (" x", "\" x\""),
            ("a\r\n=1", "a\\u{d}\\u{a}=1"),
        ] {
            assert_eq!(cell(text), expected, "{text:?}");
        }
    }
}
