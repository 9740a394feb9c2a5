//! What became of one file, beside what it declares: its syntax, and options that generators go by.

use super::generated;
use super::listing::Listing;
use super::make::{Draft, breaks};
use super::pairing::Pairing;
use crate::model::change::{ChangeKind, Element, Ids, What};
use crate::model::contract::{ProtoFile, Syntax};
use crate::model::source::Site;

/// Options of a file that change the code that is generated from it: the name, what holds where it is
/// not set, and how buf knows a change of it.
const OPTIONS: [(&str, &str, &str); 16] = [
    ("cc_enable_arenas", "true", "FILE_SAME_CC_ENABLE_ARENAS"),
    ("cc_generic_services", "false", "FILE_SAME_CC_GENERIC_SERVICES"),
    ("csharp_namespace", "", "FILE_SAME_CSHARP_NAMESPACE"),
    ("go_package", "", "FILE_SAME_GO_PACKAGE"),
    ("java_generic_services", "false", "FILE_SAME_JAVA_GENERIC_SERVICES"),
    ("java_multiple_files", "false", "FILE_SAME_JAVA_MULTIPLE_FILES"),
    ("java_outer_classname", "", "FILE_SAME_JAVA_OUTER_CLASSNAME"),
    ("java_package", "", "FILE_SAME_JAVA_PACKAGE"),
    ("objc_class_prefix", "", "FILE_SAME_OBJC_CLASS_PREFIX"),
    ("optimize_for", "SPEED", "FILE_SAME_OPTIMIZE_FOR"),
    ("php_class_prefix", "", "FILE_SAME_PHP_CLASS_PREFIX"),
    ("php_metadata_namespace", "", "FILE_SAME_PHP_METADATA_NAMESPACE"),
    ("php_namespace", "", "FILE_SAME_PHP_NAMESPACE"),
    ("py_generic_services", "false", "FILE_SAME_PY_GENERIC_SERVICES"),
    ("ruby_package", "", "FILE_SAME_RUBY_PACKAGE"),
    ("swift_prefix", "", "FILE_SAME_SWIFT_PREFIX"),
];

/// Every difference of the files themselves.
pub(super) fn compare(pairing: &Pairing<'_>, old: usize, new: usize) -> Vec<Draft> {
    let (before, after) = (pairing.base.files[old].proto, pairing.head.files[new].proto);
    let mut drafts = Vec::new();
    let family = |syntax: Syntax| matches!(syntax, Syntax::Proto2 | Syntax::Proto3).then_some(syntax);
    if family(before.syntax) != family(after.syntax) {
        let draft = Draft::new(ChangeKind::GeneratedCodeChanged, element(pairing, old, new)).facet("syntax");
        let draft = draft.aliases(vec!["FILE_SAME_SYNTAX"]);
        let site = |file: &ProtoFile, whole| file.syntax_site.clone().unwrap_or(whole);
        let sites = (site(before, pairing.base.file_site(old)), site(after, pairing.head.file_site(new)));
        drafts
            .push(draft.turned(sites, before.syntax.name(), after.syntax.name()).breaking(breaks(false, false, true)));
    }
    let options = OPTIONS.iter().filter_map(|option| changed(pairing, (old, before), (new, after), *option));
    drafts.extend(options);
    drafts
}

/// The file, as what a change is about.
pub(super) fn element(pairing: &Pairing<'_>, old: usize, new: usize) -> Element {
    let (base, head) = (&pairing.base.files[old], &pairing.head.files[new]);
    Element {
        what: What::File,
        name: base.proto.path.clone(),
        base: Some(Ids::contract(base.contract)),
        head: Some(Ids::contract(head.contract)),
    }
}

fn changed(
    pairing: &Pairing<'_>,
    (old, before): (usize, &ProtoFile),
    (new, after): (usize, &ProtoFile),
    (name, unset, id): (&'static str, &str, &'static str),
) -> Option<Draft> {
    let value = |file: &ProtoFile| generated::value(&file.options, name);
    let in_force = |file: &ProtoFile| value(file).unwrap_or_else(|| unset.to_owned());
    if in_force(before) == in_force(after) {
        return None;
    }
    let sites = option_sites(pairing, old, new, name);
    let mut draft = Draft::new(ChangeKind::GeneratedCodeChanged, element(pairing, old, new)).facet(name);
    draft = draft.aliases(vec![id]).breaking(breaks(false, false, true));
    draft.old = Some((sites.0, value(before)));
    draft.new = Some((sites.1, value(after)));
    Some(draft)
}

/// Where both files set an option, or say what they are.
pub(super) fn option_sites(pairing: &Pairing<'_>, old: usize, new: usize, name: &str) -> (Site, Site) {
    let site = |listing: &Listing<'_>, at: usize| {
        let option = generated::option(&listing.files[at].proto.options, name);
        option.map_or_else(|| listing.file_site(at), |option| option.site.clone())
    };
    (site(&pairing.base, old), site(&pairing.head, new))
}
