//! Where code says that it waits for requests.

use super::Interp;
use crate::evaluate::value::{Value, What};
use crate::model::source::Span;

impl Interp<'_> {
    /// Requests are waited for at an address: a port, a text that ends with one, or options of which one is called so.
    pub(super) fn listen(&mut self, address: &Value, at: Span) {
        let location = self.location(at);
        if !location.test {
            let ports = ports(address).into_iter().map(|port| (location.service, port));
            self.listening.extend(ports);
        }
    }
}

/// The ports among the alternatives: what stands for whatever the environment says may have one as well.
fn ports(address: &Value) -> Vec<u16> {
    let mut found = Vec::new();
    for what in address.alternatives() {
        match what {
            What::Int(number) => found.extend(u16::try_from(*number)),
            What::Text(text) => {
                let text = text.template.to_string();
                found.extend(text.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse::<u16>().ok()));
            }
            What::Record(fields) => {
                let options = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("port"));
                found.extend(options.flat_map(|(_, (_, port))| ports(port)));
            }
            What::Tuple(parts) => found.extend(parts.last().map(ports).unwrap_or_default()),
            _ => {}
        }
    }
    // At 0 the system chooses one.
    found.retain(|port| *port != 0);
    found
}
