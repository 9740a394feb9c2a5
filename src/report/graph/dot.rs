//! The drawing in the language of Graphviz.

use std::io::{self, Write};

use super::super::excerpt::clean;
use super::super::view::View;
use super::{Arrow, Graph, Node};

/// The map as a directed graph; with `fields` down to the fields.
pub fn write(view: &View<'_>, fields: bool, out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::new(view, fields);
    writeln!(out, "digraph \"contract-lint\" {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [shape=box, fontname=\"sans-serif\"];")?;
    for service in &graph.outside {
        boxed(&graph, &Node::Service(*service), 1, out)?;
    }
    for (at, (service, provider)) in graph.providers.iter().enumerate() {
        writeln!(out, "  subgraph \"cluster_p{}\" {{", at + 1)?;
        writeln!(out, "    label={};", quoted(&graph.provider_label(*service)))?;
        if let Some(id) = service.filter(|id| graph.acts(*id)) {
            boxed(&graph, &Node::Service(Some(id)), 2, out)?;
        }
        for (contract, nodes) in &provider.contracts {
            writeln!(out, "    subgraph \"cluster_c{}\" {{", contract.0 + 1)?;
            writeln!(out, "      label={}; style=dashed;", quoted(&graph.contract_label(*contract)))?;
            nodes.iter().try_for_each(|node| boxed(&graph, node, 3, out))?;
            writeln!(out, "    }}")?;
        }
        writeln!(out, "  }}")?;
    }
    for ((from, to), arrow) in &graph.arrows {
        writeln!(out, "  {} -> {}{};", graph.id(from), graph.id(to), attributes(arrow))?;
    }
    writeln!(out, "}}")
}

/// Services are round, fields are plain text.
fn boxed(graph: &Graph<'_>, node: &Node, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let shape = match node {
        Node::Service(_) => ", shape=ellipse",
        Node::Operation(_) => "",
        Node::Field(..) => ", shape=note",
    };
    writeln!(out, "{}{} [label={}{shape}];", "  ".repeat(depth), graph.id(node), quoted(&graph.label(node)))
}

fn attributes(arrow: &Arrow) -> String {
    let label = arrow.label();
    let label = (!label.is_empty()).then(|| format!("label={}", quoted(&label)));
    let style = arrow.is_broken().then(|| "style=dashed".to_owned());
    let all: Vec<String> = label.into_iter().chain(style).collect();
    if all.is_empty() { String::new() } else { format!(" [{}]", all.join(", ")) }
}

/// Text in quotes. A backslash begins an escape (`\N` is the node's name), `&` an HTML entity.
fn quoted(text: &str) -> String {
    let escaped = clean(text).replace('\\', "\\\\").replace('"', "\\\"").replace('&', "&amp;");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::map::Confidence;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn a_guess_is_drawn_broken() {
        let mut sample = Sample::broken();
        for edge in &mut sample.analysis.map.edges {
            edge.confidence = Confidence::Possible;
        }
        let text = plain(|out| write(&View::whole(&sample.analysis), false, out));
        let expected = "\
digraph \"contract-lint\" {
  rankdir=LR;
  node [shape=box, fontname=\"sans-serif\"];
  s1 [label=\"age\", shape=ellipse];
  subgraph \"cluster_p1\" {
    label=\"api\";
    subgraph \"cluster_c1\" {
      label=\"api/openapi.yaml\"; style=dashed;
      o1 [label=\"GET /profiles/{id}\"];
    }
  }
  s1 -> o1 [style=dashed];
}
";
        similar_asserts::assert_eq!(text, expected);
    }

    #[test]
    fn hostile_names_stay_inside_their_quotes() {
        assert_eq!(quoted("a\"]; x\\N\n&lt;"), "\"a\\\"]; x\\\\N\\\\u{a}&amp;lt;\"");
    }
}
