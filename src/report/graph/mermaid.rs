//! The drawing in the notation of Mermaid, which GitHub and GitLab show inside Markdown.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::excerpt::clean;
use super::super::view::View;
use super::{Arrow, Graph, Node};

/// The map as a flowchart; with `fields` down to the fields.
pub fn write(view: &View<'_>, fields: bool, out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::new(view, fields);
    writeln!(out, "flowchart LR")?;
    for service in &graph.outside {
        boxed(&graph, &Node::Service(*service), 1, out)?;
    }
    for (at, (service, provider)) in graph.providers.iter().enumerate() {
        writeln!(out, "  subgraph p{}[{}]", at + 1, quoted(&graph.provider_label(*service)))?;
        if let Some(id) = service.filter(|id| graph.acts(*id)) {
            boxed(&graph, &Node::Service(Some(id)), 2, out)?;
        }
        for (contract, nodes) in &provider.contracts {
            writeln!(out, "    subgraph c{}[{}]", contract.0 + 1, quoted(&graph.contract_label(*contract)))?;
            nodes.iter().try_for_each(|node| boxed(&graph, node, 3, out))?;
            writeln!(out, "    end")?;
        }
        writeln!(out, "  end")?;
    }
    graph.arrows.iter().try_for_each(|((from, to), arrow)| {
        writeln!(out, "  {} {}{} {}", graph.id(from), line(arrow), label(arrow), graph.id(to))
    })
}

/// Services are round, fields are slanted.
fn boxed(graph: &Graph<'_>, node: &Node, depth: usize, out: &mut dyn Write) -> io::Result<()> {
    let (open, close) = match node {
        Node::Service(_) => ("([", "])"),
        Node::Operation(_) => ("[", "]"),
        Node::Field(..) => ("[/", "/]"),
    };
    writeln!(out, "{}{}{open}{}{close}", "  ".repeat(depth), graph.id(node), quoted(&graph.label(node)))
}

fn line(arrow: &Arrow) -> &'static str {
    if arrow.is_broken() { "-.->" } else { "-->" }
}

fn label(arrow: &Arrow) -> String {
    let label = arrow.label();
    if label.is_empty() { label } else { format!("|{}|", quoted(&label)) }
}

/// Text in quotes. What Mermaid, its directives (`%%{`), Markdown or HTML could take for their own
/// becomes a character number, which Mermaid shows as the character.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in clean(text).chars() {
        let is_plain = character.is_alphanumeric() || " /.,:(){}[]=+?!$@~^_-".contains(character);
        if is_plain {
            quoted.push(character);
        } else {
            // Writing to a string does not fail.
            let _ = write!(quoted, "#{};", u32::from(character));
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn consumers_point_at_the_operations_in_the_frame_of_their_provider() {
        let sample = Sample::broken();
        let text = plain(|out| write(&View::whole(&sample.analysis), true, out));
        let expected = "\
flowchart LR
  s1([\"age\"])
  subgraph p1[\"api\"]
    subgraph c1[\"api/openapi.yaml\"]
      o1[\"GET /profiles/{id}\"]
      f1[/\"200.id\"/]
    end
  end
  s1 --> o1
  o1 -->|\"age: read\"| f1
";
        similar_asserts::assert_eq!(text, expected);
    }

    #[test]
    fn hostile_names_stay_inside_their_quotes() {
        let hostile = "a\"]; click x \"javascript:alert(1)\"\n%%{init: {}}%% <b>`|;&#";
        let text = quoted(hostile);
        let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap();
        assert!(!inner.contains(['"', '<', '>', '%', '`', '|', '&', '\n', '\\']), "{text}");
        // The only `#` and `;` are those of character numbers.
        assert!(inner.split('#').skip(1).all(|rest| rest.split(';').next().unwrap().parse::<u32>().is_ok()), "{text}");
        assert_eq!(inner.matches('#').count(), inner.matches(';').count(), "{text}");
    }
}
