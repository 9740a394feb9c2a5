//! What stands around the data of an operation: parameters, bodies, answers, headers.

use super::Paths;
use super::address::Bases;
use super::arrivals::{Entry, Names, Position, arrivals};
use super::conj::Conj;
use super::graph::{Graph, Way};
use super::{merge, told};
use crate::model::change::{Breaks, Change, ChangeKind, Compatibility, Direction, Element, Ids, Sides, Spot, What};
use crate::model::contract::{
    Body, ContractId, Operation, OperationId, OperationKind, Parameter, ParameterPlace, Protocol, Response,
};
use crate::model::finding::Level;

/// A walk through the paired operations of two contracts.
pub(super) struct Walk<'a> {
    pub(super) sides: Sides<'a>,
    base: ContractId,
    head: ContractId,
    graph: Graph<'a>,
    pub(super) bases: [Bases; 2],
    pub(super) paths: &'a Paths<'a>,
    entries: Vec<Entry>,
    changes: Vec<Change>,
}

/// An operation and its partner.
#[derive(Clone, Copy)]
pub(super) struct Both<'a> {
    pub(super) id: OperationId,
    pub(super) head_id: OperationId,
    pub(super) old: &'a Operation,
    pub(super) new: &'a Operation,
    /// The provider calls it: what is a request for others is received by the consumer.
    turned: bool,
}

/// A change of what stands around the data, without its operation.
pub(super) struct Around {
    pub(super) kind: ChangeKind,
    pub(super) what: What,
    pub(super) name: String,
    pub(super) facet: &'static str,
    pub(super) old: Option<Spot>,
    pub(super) new: Option<Spot>,
    pub(super) breaks: bool,
    pub(super) level: Option<Level>,
    pub(super) way: Way,
    pub(super) alias: &'static str,
}

impl Around {
    pub(super) fn new(kind: ChangeKind, what: What, name: impl Into<String>, way: Way) -> Self {
        let name = name.into();
        Self { kind, what, name, facet: "", old: None, new: None, breaks: true, level: None, way, alias: "" }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        sides: Sides<'a>,
        (base, head): (ContractId, ContractId),
        paths: &'a Paths<'a>,
        graph: Graph<'a>,
    ) -> Self {
        let bases =
            [Bases::of(sides.base, sides.base.contract(base)), Bases::of(sides.head, sides.head.contract(head))];
        Self { sides, base, head, graph, bases, paths, entries: Vec::new(), changes: Vec::new() }
    }

    pub(super) fn operation(&mut self, id: OperationId, head_id: OperationId) {
        let (old, new) = (self.sides.base.operation(id), self.sides.head.operation(head_id));
        let both = Both { id, head_id, old, new, turned: old.kind != OperationKind::Served };
        self.parameters(both);
        self.request(both);
        self.responses(both);
        if !both.turned {
            self.address(both);
            self.security(both);
        }
    }

    pub(super) fn add(&mut self, both: Both<'_>, around: Around) {
        let Around { kind, what, name, facet, old, new, breaks, level, way, alias } = around;
        let direction = Direction { request: way == Way::Request, response: way == Way::Response };
        let (base, head) = match what {
            What::Contract => (Ids::contract(self.base), Ids::contract(self.head)),
            _ => (Ids::operation(self.base, both.id), Ids::operation(self.head, both.head_id)),
        };
        let element = Element { what, name, base: Some(base), head: Some(head) };
        self.changes.push(Change {
            facet,
            direction,
            operations: vec![both.id],
            old,
            new,
            breaks: Breaks {
                json: breaks,
                request: breaks && direction.request,
                response: breaks && direction.response,
                ..Breaks::default()
            },
            compatibility: if breaks { Compatibility::Breaking(None) } else { Compatibility::Compatible },
            level,
            aliases: if alias.is_empty() { Vec::new() } else { vec![alias.to_owned()] },
            ..Change::new(kind, element)
        });
    }

    /// Two places with schemas, at a position of an operation.
    fn enter(&mut self, both: Both<'_>, place: Place, old: Conj, new: Conj) {
        let Some(node) = self.graph.pair(old, new, place.way) else { return };
        let Place { position, what, name, .. } = place;
        self.entries.push(Entry { node, operation: both.id, position, what, name });
    }

    fn parameters(&mut self, both: Both<'_>) {
        let partners = partners(both.old, both.new);
        for (parameter, partner) in both.old.parameters.iter().zip(&partners) {
            match partner {
                Some(partner) => self.parameter(both, parameter, partner),
                None => self.parameter_gone(both, parameter, &partners),
            }
        }
        let is_partner = |new: &&Parameter| partners.iter().flatten().any(|other| std::ptr::eq(*other, *new));
        for parameter in both.new.parameters.iter().filter(|new| !is_partner(new) && is_written(new)) {
            let is_moved = |old: &&Parameter| old.name == parameter.name && old.place != parameter.place;
            let mut lonely = both.old.parameters.iter().zip(&partners).filter(|(_, partner)| partner.is_none());
            if lonely.any(|(old, _)| is_moved(&old)) {
                continue;
            }
            let is_needed = parameter.required && !both.turned;
            let kind = if parameter.required { ChangeKind::ParameterRequired } else { ChangeKind::Added };
            let alias = match (parameter.required, parameter.place) {
                (true, ParameterPlace::Path) => "new-request-path-parameter",
                (true, _) => "new-required-request-parameter",
                (false, _) => "new-optional-request-parameter",
            };
            self.add(
                both,
                Around {
                    new: Some(Spot::at(parameter.site.clone())),
                    breaks: is_needed,
                    alias,
                    ..Around::new(kind, What::Parameter(parameter.place), &parameter.name, both.request())
                },
            );
        }
    }

    fn parameter_gone(&mut self, both: Both<'_>, old: &Parameter, partners: &[Option<&Parameter>]) {
        if !is_written(old) {
            return;
        }
        let what = What::Parameter(old.place);
        let is_taken = |new: &Parameter| partners.iter().flatten().any(|other| std::ptr::eq(*other, new));
        let moved = both.new.parameters.iter().find(|new| new.name == old.name && !is_taken(new));
        let around = match moved {
            Some(new) => Around {
                old: Some(Spot::with(old.site.clone(), old.place.name())),
                new: Some(Spot::with(new.site.clone(), new.place.name())),
                alias: "request-parameter-removed",
                ..Around::new(ChangeKind::ParameterMoved, what, &old.name, both.request())
            },
            // Most servers ignore what they do not know: nothing fails, and nothing is done.
            None => Around {
                old: Some(Spot::at(old.site.clone())),
                new: Some(Spot::at(both.new.site.clone())),
                level: Some(Level::Warning),
                alias: "request-parameter-removed",
                ..Around::new(ChangeKind::ParameterRemoved, what, &old.name, both.request())
            },
        };
        self.add(both, around);
    }

    fn parameter(&mut self, both: Both<'_>, old: &Parameter, new: &Parameter) {
        let what = What::Parameter(old.place);
        let place =
            Place { way: both.request(), position: Position::Parameter(old.place), what, name: old.name.clone() };
        let (before, after) = (self.graph.old.conj(old.schema), self.graph.new.conj(new.schema));
        // One value, where several may come, is a list of one: `?state=open`.
        let after = if self.is_list_instead(&before, &after, new) { self.graph.new.items(&after, None) } else { after };
        self.enter(both, place, before, after);
        if old.required != new.required {
            let said =
                |it: &Parameter| Spot { site: it.site.clone(), value: it.required.then(|| "required".to_owned()) };
            let kind = if new.required { ChangeKind::ParameterRequired } else { ChangeKind::Loosened };
            self.add(
                both,
                Around {
                    old: Some(said(old)),
                    new: Some(said(new)),
                    breaks: new.required != both.turned,
                    alias: if new.required {
                        "request-parameter-became-required"
                    } else {
                        "request-parameter-became-optional"
                    },
                    ..Around::new(kind, what, &old.name, both.request())
                },
            );
        }
        let written = |it: &Parameter| format!("style: {}, explode: {}", it.style, it.explode);
        if written(old) != written(new) && self.has_parts(old, new) {
            self.add(
                both,
                Around {
                    facet: "style",
                    old: Some(Spot::with(old.site.clone(), written(old))),
                    new: Some(Spot::with(new.site.clone(), written(new))),
                    ..Around::new(ChangeKind::ParameterMoved, what, &old.name, both.request())
                },
            );
        }
    }

    /// Whether a list takes the place of single values, each written as a parameter of its own.
    fn is_list_instead(&self, old: &Conj, new: &Conj, parameter: &Parameter) -> bool {
        use crate::model::contract::JsonType::{Array, Object};
        let (before, after) = (self.graph.old.types(old), self.graph.new.types(new));
        let is_list = after.iter().eq([Array]);
        let is_single = !before.is_empty() && !before.has(Array) && !before.has(Object);
        is_list && is_single && parameter.place == ParameterPlace::Query && parameter.explode
    }

    /// How lists and objects are written makes no difference to numbers and texts, unless the style
    /// brings signs of its own.
    fn has_parts(&self, old: &Parameter, new: &Parameter) -> bool {
        use crate::model::contract::JsonType::{Array, Object};
        let types = [
            self.graph.old.types(&self.graph.old.conj(old.schema)),
            self.graph.new.types(&self.graph.new.conj(new.schema)),
        ];
        let is_signed = |style: &str| matches!(style, "matrix" | "label");
        types.iter().any(|types| types.has(Array) || types.has(Object))
            || (old.style != new.style && (is_signed(&old.style) || is_signed(&new.style)))
    }

    fn request(&mut self, both: Both<'_>) {
        let (old, new) = (&both.old.request, &both.new.request);
        let way = both.request();
        let is_needed = |bodies: &[Body]| bodies.iter().any(|body| body.required);
        let at =
            |bodies: &[Body], otherwise: &Operation| bodies.first().map_or(&otherwise.site, |body| &body.site).clone();
        let around = match (old.is_empty(), new.is_empty()) {
            (true, true) => return,
            (false, true) => Around {
                old: Some(Spot::at(at(old, both.old))),
                new: Some(Spot::at(both.new.site.clone())),
                alias: "request-body-removed",
                ..Around::new(
                    ChangeKind::RequestBodyRemoved,
                    What::RequestBody,
                    format!("{}#request", both.old.key),
                    way,
                )
            },
            (true, false) => Around {
                new: Some(Spot::at(at(new, both.new))),
                breaks: is_needed(new) && !both.turned,
                alias: if is_needed(new) { "request-body-added-required" } else { "request-body-added-optional" },
                ..Around::new(
                    if is_needed(new) { ChangeKind::RequestBodyRequired } else { ChangeKind::Added },
                    What::RequestBody,
                    format!("{}#request", both.old.key),
                    way,
                )
            },
            (false, false) if is_needed(old) != is_needed(new) => {
                let said = |bodies: &[Body], operation| Spot {
                    site: at(bodies, operation),
                    value: is_needed(bodies).then(|| "required".to_owned()),
                };
                Around {
                    old: Some(said(old, both.old)),
                    new: Some(said(new, both.new)),
                    breaks: is_needed(new) != both.turned,
                    alias: if is_needed(new) { "request-body-became-required" } else { "request-body-became-optional" },
                    ..Around::new(
                        if is_needed(new) { ChangeKind::RequestBodyRequired } else { ChangeKind::Loosened },
                        What::RequestBody,
                        format!("{}#request", both.old.key),
                        way,
                    )
                }
            }
            (false, false) => {
                self.bodies(both, old, new, What::RequestBody, way, "request");
                return;
            }
        };
        self.add(both, around);
        if !old.is_empty() && !new.is_empty() {
            self.bodies(both, old, new, What::RequestBody, way, "request");
        }
    }

    /// Bodies by media type. The consumer chooses among those of a request, and asks for one of an answer:
    /// fewer of them break on both sides.
    fn bodies(&mut self, both: Both<'_>, old: &[Body], new: &[Body], what: What, way: Way, label: &str) {
        for body in old {
            let Some(partner) = partner_of(body, new) else {
                let is_request = what == What::RequestBody;
                self.add(
                    both,
                    Around {
                        old: Some(Spot::with(body.site.clone(), &body.media_type)),
                        new: new
                            .first()
                            .map(|left| Spot::at(left.site.clone()))
                            .or(Some(Spot::at(both.new.site.clone()))),
                        alias: if is_request {
                            "request-body-media-type-removed"
                        } else {
                            "response-media-type-removed"
                        },
                        ..Around::new(ChangeKind::MediaTypeRemoved, what, format!("{}#{label}", both.old.key), way)
                    },
                );
                continue;
            };
            let position = if what == What::RequestBody { Position::RequestBody } else { Position::ResponseBody };
            let name = self.body_name(body, both, label);
            let (before, after) = (self.graph.old.conj(body.schema), self.graph.new.conj(partner.schema));
            self.enter(both, Place { way, position, what, name }, before, after);
        }
        for body in new.iter().filter(|body| partner_of(body, old).is_none()) {
            let is_request = what == What::RequestBody;
            self.add(
                both,
                Around {
                    new: Some(Spot::with(body.site.clone(), &body.media_type)),
                    breaks: false,
                    alias: if is_request { "request-body-media-type-added" } else { "response-media-type-added" },
                    ..Around::new(
                        ChangeKind::Added,
                        what,
                        format!("{}#{label} ({})", both.new.key, body.media_type),
                        way,
                    )
                },
            );
        }
    }

    /// The schema's name, or the place of one without a name.
    fn body_name(&self, body: &Body, both: Both<'_>, label: &str) -> String {
        let named = body.schema.and_then(|id| self.graph.old.schemas.get(id).name.as_ref());
        named.map_or_else(|| format!("{}#{label}", both.old.key), ToString::to_string)
    }

    fn responses(&mut self, both: Both<'_>) {
        let way = both.response();
        for response in &both.old.responses {
            match answer(&both.new.responses, &response.status) {
                Some(partner) if self.goes_on(response, partner) => self.response(both, response, partner),
                _ => {
                    let is_success = response.is_success();
                    self.add(
                        both,
                        Around {
                            old: Some(Spot::with(response.site.clone(), &response.status)),
                            new: Some(Spot::at(both.new.site.clone())),
                            // Who waits for a failure that never comes is not broken by it.
                            breaks: is_success || both.turned,
                            alias: if is_success {
                                "response-success-status-removed"
                            } else {
                                "response-non-success-status-removed"
                            },
                            ..Around::new(ChangeKind::StatusRemoved, What::Operation, &both.old.key, way)
                        },
                    );
                }
            }
        }
        for response in both.new.responses.iter().filter(|new| answer(&both.old.responses, &new.status).is_none()) {
            let is_success = response.is_success();
            self.add(
                both,
                Around {
                    old: Some(Spot::at(both.old.site.clone())),
                    new: Some(Spot::with(response.site.clone(), &response.status)),
                    breaks: false,
                    alias: if is_success {
                        "response-success-status-added"
                    } else {
                        "response-non-success-status-added"
                    },
                    ..Around::new(ChangeKind::StatusAdded, What::Operation, &both.old.key, way)
                },
            );
        }
    }

    /// Whether an answer is the one of before. One that is left to a range or to the default is gone if those say
    /// anything else: of success nobody meant the default, which tells of failures, and of a failure that has lost its
    /// own description nothing is promised.
    fn goes_on(&self, old: &Response, new: &Response) -> bool {
        if old.status.eq_ignore_ascii_case(&new.status) || (old.is_success() && new.is_success()) {
            return true;
        }
        old.bodies.iter().all(|body| {
            partner_of(body, &new.bodies).is_some_and(|partner| {
                let (a, b) = (self.graph.old.conj(body.schema), self.graph.new.conj(partner.schema));
                self.graph.old.is_same(&a, self.graph.new, &b)
            })
        })
    }

    fn response(&mut self, both: Both<'_>, old: &Response, new: &Response) {
        let way = both.response();
        if new.bodies.is_empty() && !old.bodies.is_empty() && !old.is_success() {
            // What is not said of a failure is not promised otherwise either.
            return;
        }
        self.bodies(both, &old.bodies, &new.bodies, What::ResponseBody, way, &old.status);
        for header in &old.headers {
            let partner = new.headers.iter().find(|other| other.name.eq_ignore_ascii_case(&header.name));
            match partner {
                Some(partner) => self.header(both, header, partner, way),
                None => self.add(
                    both,
                    Around {
                        old: Some(Spot::at(header.site.clone())),
                        new: Some(Spot::at(new.site.clone())),
                        level: (!header.required).then_some(Level::Warning),
                        alias: if header.required {
                            "required-response-header-removed"
                        } else {
                            "optional-response-header-removed"
                        },
                        ..Around::new(ChangeKind::ResponseHeaderRemoved, What::ResponseHeader, &header.name, way)
                    },
                ),
            }
        }
        let is_known = |new: &&Parameter| old.headers.iter().any(|other| other.name.eq_ignore_ascii_case(&new.name));
        for header in new.headers.iter().filter(|new| !is_known(new)) {
            self.add(
                both,
                Around {
                    new: Some(Spot::at(header.site.clone())),
                    breaks: false,
                    alias: "response-header-added",
                    ..Around::new(ChangeKind::Added, What::ResponseHeader, &header.name, way)
                },
            );
        }
    }

    fn header(&mut self, both: Both<'_>, old: &Parameter, new: &Parameter, way: Way) {
        let what = What::ResponseHeader;
        let place = Place { way, position: Position::ResponseHeader, what, name: old.name.clone() };
        self.enter(both, place, self.graph.old.conj(old.schema), self.graph.new.conj(new.schema));
        if old.required && !new.required {
            self.add(
                both,
                Around {
                    old: Some(Spot::at(old.site.clone())),
                    new: Some(Spot::at(new.site.clone())),
                    alias: "response-header-became-optional",
                    ..Around::new(ChangeKind::FieldOptional, what, &old.name, way)
                },
            );
        }
    }

    /// Everything that was found, each edit once.
    pub(super) fn changes(mut self) -> Vec<Change> {
        let starts: Vec<usize> = self.entries.iter().map(|entry| entry.node).collect();
        starts.into_iter().for_each(|node| self.graph.explore(node));
        let names = Names::new(self.sides, self.base, self.head);
        let arrivals = arrivals(&self.graph, &self.entries, &names);
        let plain = |change| merge::Told { change, part: None, home: None };
        let mut found = merge::merged(std::mem::take(&mut self.changes).into_iter().map(plain));
        found.append(&mut told::changes(&mut self.graph, &arrivals, &names));
        found
    }
}

/// Where schemas are entered.
struct Place {
    way: Way,
    position: Position,
    what: What,
    name: String,
}

impl Both<'_> {
    pub(super) const fn request(self) -> Way {
        Way::Request.turned(self.turned)
    }

    const fn response(self) -> Way {
        Way::Response.turned(self.turned)
    }
}

/// Whether a parameter is written as one. Headers that only a security scheme asks for are told with that.
const fn is_written(parameter: &Parameter) -> bool {
    parameter.schema.is_some() || !parameter.identity
}

/// For each old parameter the new one: by place and name; of a path by its place in it, whatever it is called.
fn partners<'a>(old: &Operation, new: &'a Operation) -> Vec<Option<&'a Parameter>> {
    let variables = |operation: &Operation| -> Vec<String> {
        let Protocol::Http { path, .. } = &operation.protocol else { return Vec::new() };
        path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect()
    };
    let (before, after) = (variables(old), variables(new));
    let partner = |parameter: &Parameter| {
        let is_partner = |other: &&Parameter| {
            other.place == parameter.place
                && match parameter.place {
                    ParameterPlace::Header => other.name.eq_ignore_ascii_case(&parameter.name),
                    ParameterPlace::Path => {
                        let at = before.iter().position(|name| *name == parameter.name);
                        at.and_then(|at| after.get(at)).map_or(other.name == parameter.name, |name| *name == other.name)
                    }
                    _ => other.name == parameter.name,
                }
        };
        new.parameters.iter().find(is_partner)
    };
    old.parameters.iter().map(partner).collect()
}

/// The body of the same media type, else one that says any, or is a kind of JSON as well.
fn partner_of<'a>(body: &Body, others: &'a [Body]) -> Option<&'a Body> {
    let name = |body: &Body| body.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let wanted = name(body);
    let same = others.iter().find(|other| name(other) == wanted);
    let covers = |range: &str, kind: &str| {
        range == "*/*" || range.strip_suffix("/*").is_some_and(|group| kind.split('/').next() == Some(group))
    };
    same.or_else(|| others.iter().find(|other| covers(&name(other), &wanted) || covers(&wanted, &name(other))))
}

/// The answer for a status: its own, else that of its range, else the default.
fn answer<'a>(responses: &'a [Response], status: &str) -> Option<&'a Response> {
    let range = status.get(..1).map(|digit| format!("{digit}XX")).unwrap_or_default();
    let find = |wanted: &str| responses.iter().find(|response| response.status.eq_ignore_ascii_case(wanted));
    find(status).or_else(|| find(&range)).or_else(|| find("default"))
}
