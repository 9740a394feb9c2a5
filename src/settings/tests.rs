//! What files and arguments become, and what is said of mistakes in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use tempfile::TempDir;

use super::error::Unknown;
use super::file::parse;
use super::{Arguments, Error, load, locate, render};
use crate::model::finding::Level;
use crate::model::map::Confidence;
use crate::model::settings::{
    DataClass, IdentitySettings, MarkPatterns, Policy, ProtobufLevel, ProtobufSettings, ServiceSettings, Settings,
};

const RULES: &[&str] = &["resilience/unbounded-retry", "breaking/field-removed", "response-property-removed"];

fn settings_of(text: &str) -> Settings {
    parse(text, RULES).unwrap_or_else(|error| panic!("{error}")).settings
}

/// The error that `text` gives, as a person sees it without the file's name.
fn refusal_of(text: &str) -> String {
    parse(text, RULES).map(|settings| format!("{settings:?}")).unwrap_err().to_string()
}

/// A folder whose `contract-lint.yaml` is `text`, and arguments that name it as the only root.
fn workspace(text: &str) -> (TempDir, Arguments) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("contract-lint.yaml"), text).unwrap();
    let arguments = Arguments { roots: vec![folder.path().to_path_buf()], ..Arguments::default() };
    (folder, arguments)
}

#[test]
fn every_key_of_the_documented_shape_is_read() {
    let settings = settings_of(
        r#"
version: 1
services:
  profile:
    path: services/profile/
    contracts: [api/openapi.yaml, ./proto]
    base_urls: [PROFILE_URL, profile.internal]
    team: identity
    purposes: [serving]
    public: true
identity: {headers: [X-Client-Id, User-Agent], metadata: [x-client-id]}
policy:
  sanitizers: [stripNames]
  classes:
    pii:
      marks: [x-sensitive, acme.privacy.pii]
      allow: {services: [finance], purposes: [tax], teams: []}
      from: 2026-12-01
rules: {resilience/unbounded-retry: off, breaking/field-removed: {level: warning}}
protobuf: {compatibility: wire-json, ignore_unstable_packages: true}
limits: {retry_amplification: 12, sunset_notice_days: 30}
ignore: ["third_party/**"]
"#,
    );
    assert_eq!(
        settings.services,
        [ServiceSettings {
            name: "profile".into(),
            path: "services/profile".into(),
            contracts: vec!["api/openapi.yaml".into(), "proto".into()],
            base_urls: vec!["PROFILE_URL".into(), "profile.internal".into()],
            team: Some("identity".into()),
            purposes: vec!["serving".into()],
            public: true,
        }]
    );
    assert_eq!(settings.identity.headers, ["x-client-id", "user-agent"]);
    assert!(settings.identity.required);
    assert_eq!(settings.policy.sanitizers, ["stripNames"]);
    let pii = &settings.policy.classes["pii"];
    assert_eq!((&pii.services[..], &pii.purposes[..]), (&["finance".to_owned()][..], &["tax".to_owned()][..]));
    assert_eq!(pii.from, Some(date(2026, 12, 1)));
    assert_eq!(settings.levels["resilience/unbounded-retry"], None);
    assert_eq!(settings.levels["breaking/field-removed"], Some(Level::Warning));
    let compatibility = Some(ProtobufLevel::WireJson);
    assert_eq!(settings.protobuf, ProtobufSettings { compatibility, ignore_unstable_packages: true });
    assert_eq!(settings.sunset_notice_days, 30);
    assert_eq!(settings.retry_amplification, 12);
    assert_eq!(settings.ignore, ["third_party/**"]);
}

#[test]
fn without_a_file_the_defaults_hold_and_no_identity_is_demanded() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = Arguments { roots: vec![folder.path().to_path_buf()], ..Arguments::default() };
    let settings = load(&arguments, RULES).unwrap();
    assert_eq!(settings.min_confidence, Confidence::Likely);
    assert_eq!(settings.sunset_notice_days, 90);
    assert!(!settings.identity.required);
    assert!(settings.identity.headers.contains(&"x-client-id".to_owned()));
    assert!(settings.policy.classes["sensitive"].marks.contains(&"format=password".to_owned()));
}

#[test]
fn a_file_of_comments_or_of_empty_sections_changes_nothing() {
    let defaults = format!("{:?}", super::defaults::settings());
    for text in ["", "# version: 1\n", "version: 1\n", "version: 1\nservices:\nidentity:\npolicy:\nrules:\n"] {
        assert_eq!(format!("{:?}", settings_of(text)), defaults, "{text:?}");
    }
}

#[test]
fn arguments_win_over_the_file() {
    let (_folder, mut arguments) = workspace("min_confidence: certain\n");
    assert_eq!(load(&arguments, RULES).unwrap().min_confidence, Confidence::Certain);
    arguments.min_confidence = Some(Confidence::Possible);
    arguments.include_tests = true;
    arguments.today = Some(date(2026, 2, 3));
    let settings = load(&arguments, RULES).unwrap();
    assert_eq!(settings.min_confidence, Confidence::Possible);
    assert!(settings.include_tests);
    assert_eq!(settings.today, date(2026, 2, 3));
}

#[test]
fn a_mistake_is_told_with_its_place_and_what_was_meant() {
    let cases = [
        ("version: 1\nservises: {}\n", ":2:1: unknown key `servises`;", Some("services")),
        ("identity:\n  headrs: [a]\n", ":2:3: unknown key `headrs` in `identity`;", Some("headers")),
        ("services:\n  a:\n    path: x\n    teem: y\n", ":4:5: unknown key `teem` in `services.a`;", Some("team")),
        ("rules:\n  resilience/unbounded-retri: error\n", ":2:3: unknown rule", Some("resilience/unbounded-retry")),
        ("rules:\n  breaking/field-removed: eror\n", ":2:27: unknown value `eror`", Some("error")),
        ("min_confidence: likly\n", ":1:17: unknown value `likly`", Some("likely")),
        ("policy: {classes: {pii: {from: 2026-13-01}}}\n", ":1:32: ", None),
        ("ignore:\n- ok\n- 'a[b'\n", ":3:3: `a[b` is no pattern", None),
        ("marks:\n  depricated: [x-a]\n", ":2:3: unknown key `depricated` in `marks`;", Some("deprecated")),
        ("marks:\n  public: [x-a, deprecatd]\n", ":2:17: `deprecatd` is no mark:", Some("deprecated")),
        ("marks:\n  sunset:\n  - x-eol=2026\n", ":3:5: `x-eol=2026`: the value of a sunset is its day", None),
        ("marks: {public: ['x-a=']}\n", ":1:18: `x-a=` has an empty value", None),
        ("marks: {public: ['@a b']}\n", ":1:18: `@a b` is no mark:", None),
        ("marks: {public: ['']}\n", ":1:18: `` is no mark:", None),
        ("marks: {idempotent: ['header']}\n", ":1:22: `header` needs a name", None),
        ("min_level: off\n", ":1:12: unknown value `off`", None),
        ("version: 2\n", ":1:1: version 2 is not known", None),
        ("services:\n  a: {path: x}\n  a: {path: y}\n", ":3:3: `a` is given twice, first in line 2", None),
        ("services:\n  a: {path: x}\n  b: {path: ./x/}\n", ":3:7: services `a` and `b` have the same path", None),
        ("ignore: third_party\n", ":1:9: ", None),
        ("limits: {sunset_notice_days: soon}\n", ":1:30: ", None),
        ("clients: lib.yaml\n", ":1:10: ", None),
        ("services: {a: {path: [}\n", ":1:", None),
    ];
    for (text, start, meant) in cases {
        let refusal = refusal_of(text);
        assert!(refusal.starts_with(start), "{text:?} gave {refusal}");
        if let Some(meant) = meant {
            assert!(refusal.ends_with(&format!(", did you mean `{meant}`?")), "{refusal}");
        }
    }
}

#[test]
fn a_wrong_type_says_what_was_expected() {
    assert!(refusal_of("services: {a: 1}").contains("a mapping with at least its `path`"));
    assert!(refusal_of("services: {a: {team: x}}").contains("missing field `path`"));
    assert!(refusal_of("policy: {classes: {a: {from: tomorrow}}}").contains("YYYY-MM-DD"));
    assert!(refusal_of("- a\n").contains("a mapping with `version`"));
}

#[test]
fn the_error_names_the_file() {
    let (folder, arguments) = workspace("polici: {}\n");
    let error: Error = load(&arguments, RULES).unwrap_err();
    assert_eq!(error.path, folder.path().join("contract-lint.yaml"));
    assert_eq!(error.did_you_mean.as_deref(), Some("policy"));
    let missing = Arguments { config: Some(PathBuf::from("no/such.yaml")), ..Arguments::default() };
    assert!(load(&missing, RULES).unwrap_err().to_string().starts_with("no/such.yaml: cannot be read"));
}

#[test]
fn descriptors_are_read_from_their_folder_and_from_where_the_file_says() {
    let (folder, arguments) = workspace("clients: [tools/http.yaml, 'libs/**/client.yaml', more]\n");
    for path in [
        ".contract-lint/clients/b.yaml",
        ".contract-lint/clients/a.yml",
        "tools/http.yaml",
        "more/x.yaml",
        "more/x.txt",
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "library: x\n").unwrap();
    }
    for path in ["libs/two/deep/client.yaml", "libs/one/client.yaml", "libs/one/other.yaml"] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "library: y\n").unwrap();
    }
    let settings = load(&arguments, RULES).unwrap();
    let paths: Vec<&str> = settings.libraries.iter().map(|library| library.path.as_str()).collect();
    let expected = [
        ".contract-lint/clients/a.yml",
        ".contract-lint/clients/b.yaml",
        "tools/http.yaml",
        "libs/one/client.yaml",
        "libs/two/deep/client.yaml",
        "more/x.yaml",
    ];
    assert_eq!(paths, expected);
    assert_eq!(&*settings.libraries[2].text, "library: x\n");
    fs::write(folder.path().join("contract-lint.yaml"), render(&settings)).unwrap();
    assert_eq!(load(&arguments, RULES).unwrap().libraries, settings.libraries, "what is shown loads back");
}

#[test]
fn descriptors_that_are_not_there_are_told_with_their_place() {
    for (text, said) in [
        ("clients:\n- no/such.yaml\n", "contract-lint.yaml:2:3: there is no file or folder `no/such.yaml`"),
        ("clients: ['none/*.yaml']\n", "contract-lint.yaml:1:11: `none/*.yaml` names no descriptor (.yaml, .yml)"),
        ("clients: ['a[/*.yaml']\n", "contract-lint.yaml:1:11: `a[/*.yaml` is no pattern: "),
    ] {
        let (_folder, arguments) = workspace(text);
        let error = load(&arguments, RULES).unwrap_err().to_string();
        assert!(error.contains(said), "{error}");
    }
}

#[test]
fn an_alias_is_as_good_as_a_rule_id() {
    assert!(settings_of("rules: {response-property-removed: info}").levels.contains_key("response-property-removed"));
}

#[test]
fn a_default_mark_moves_to_the_class_that_names_it() {
    let settings = settings_of("policy: {classes: {secret: {marks: [format=password, acme.secret]}}}");
    assert_eq!(settings.policy.classes["secret"].marks, ["format=password", "acme.secret"]);
    assert!(!settings.policy.classes["sensitive"].marks.contains(&"format=password".to_owned()));
    assert!(settings.policy.classes.contains_key("pii"));
}

#[test]
fn a_default_class_keeps_its_marks_when_only_its_readers_are_given() {
    let settings = settings_of("policy: {classes: {pii: {allow: {teams: [finance]}}}}");
    let pii = &settings.policy.classes["pii"];
    assert!(pii.marks.contains(&"x-pii".to_owned()));
    assert_eq!(pii.teams, ["finance"]);
}

#[test]
fn the_default_classes_can_be_switched_off() {
    let settings = settings_of("policy: {defaults: false, classes: {mine: {marks: [x-mine]}}}");
    assert_eq!(settings.policy.classes.keys().collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn the_file_is_found_at_the_git_root_and_its_paths_are_turned_to_the_first_root() {
    let (folder, _) = workspace("services: {profile: {path: services/profile}, here: {path: services/core}}");
    fs::create_dir(folder.path().join(".git")).unwrap();
    let root = folder.path().join("services/core");
    fs::create_dir_all(&root).unwrap();
    let arguments = Arguments { roots: vec![root], ..Arguments::default() };
    let found = locate(&arguments).unwrap();
    assert_eq!(found.canonicalize().unwrap(), folder.path().join("contract-lint.yaml").canonicalize().unwrap());
    let settings = load(&arguments, RULES).unwrap();
    let paths: Vec<&str> = settings.services.iter().map(|service| service.path.as_str()).collect();
    assert_eq!(paths, ["../../services/core", "../../services/profile"]);
}

#[test]
fn a_file_at_the_root_wins_over_one_at_the_git_root() {
    let (folder, _) = workspace("min_confidence: certain");
    fs::create_dir_all(folder.path().join(".git")).unwrap();
    let root = folder.path().join("inner");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("contract-lint.yaml"), "min_confidence: possible").unwrap();
    let arguments = Arguments { roots: vec![root], ..Arguments::default() };
    assert_eq!(load(&arguments, RULES).unwrap().min_confidence, Confidence::Possible);
}

#[test]
fn marks_are_added_to_the_shipped_ones_unless_these_are_switched_off() {
    let added = settings_of("marks: {deprecated: [x-dead, '@dead', 'Dead:', (dead), acme.dead=YES, P.name]}").marks;
    assert!(added.deprecated.contains(&"x-dead".to_owned()) && added.deprecated.contains(&"deprecated".to_owned()));
    assert!(!added.public.is_empty());
    let only = settings_of("marks: {defaults: false, public: [x-open]}").marks;
    assert_eq!(only, MarkPatterns { public: vec!["x-open".to_owned()], ..MarkPatterns::default() });
}

#[test]
fn hostile_text_is_refused_and_never_panics() {
    let deep = "[".repeat(10_000);
    let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n";
    for text in [deep.as_str(), bomb, "? {a: b}\n: c\n", "%YAML 9.9\n---\n", "a: *nowhere\n", "\u{0}", "---\n---\n"] {
        let _ = parse(text, RULES);
    }
    assert!(parse(&deep, RULES).is_err());
}

/// Every object of the schema, and a document in which the parser meets an unknown key at it.
const OBJECTS: &[(&str, &str)] = &[
    ("/properties", "{zzz: 0}"),
    ("/$defs/service/properties", "{services: {a: {zzz: 0}}}"),
    ("/$defs/identity/properties", "{identity: {zzz: 0}}"),
    ("/$defs/policy/properties", "{policy: {zzz: 0}}"),
    ("/$defs/marks/properties", "{marks: {zzz: 0}}"),
    ("/$defs/class/properties", "{policy: {classes: {a: {zzz: 0}}}}"),
    ("/$defs/allow/properties", "{policy: {classes: {a: {allow: {zzz: 0}}}}}"),
    ("/$defs/protobuf/properties", "{protobuf: {zzz: 0}}"),
    ("/$defs/limits/properties", "{limits: {zzz: 0}}"),
];

#[test]
fn the_schema_and_the_parser_know_the_same_keys() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../schemas/contract-lint.schema.json")).unwrap();
    for (pointer, document) in OBJECTS {
        let message = serde_yaml::from_str::<super::file::File>(document).unwrap_err().to_string();
        let mut parser = Unknown::in_message(&message).unwrap_or_else(|| panic!("{message}")).known;
        let mut described: Vec<&str> =
            schema.pointer(pointer).unwrap().as_object().unwrap().keys().map(String::as_str).collect();
        parser.sort_unstable();
        described.sort_unstable();
        assert_eq!(parser, described, "{pointer}");
    }
    let objects = schema.to_string().matches(r#""additionalProperties":false"#).count();
    // The long form of a rule's level has one key and is told apart by `a_wrong_type...`.
    assert_eq!(objects, OBJECTS.len() + 1, "an object of the schema is not compared");
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-zA-Z0-9~:#'\" {}=.*&!-]{1,12}|true|null|1e3|é\\n", 0..4)
}

fn lower_words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-z][a-z0-9-]{0,9}", 0..4)
}

fn days() -> impl Strategy<Value = Date> {
    (1i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

prop_compose! {
    fn services()(
        parts in prop::collection::btree_map(
            "(\\.\\./)?[a-z]{1,6}(/[a-z ]{1,3}[a-z])?",
            (words(), lower_words(), words(), prop::option::of("[a-z~ ]{0,5}"), any::<bool>()),
            0..4,
        ),
    ) -> Vec<ServiceSettings> {
        parts
            .into_iter()
            .map(|(path, (base_urls, contracts, purposes, team, public))| ServiceSettings {
                name: format!("service: {path}"), path, contracts, base_urls, team, purposes, public,
            })
            .collect()
    }
}

prop_compose! {
    fn any_class()(marks in words(), services in words(), purposes in words(), teams in words(),
                   from in prop::option::of(days())) -> DataClass {
        DataClass { marks, services, purposes, teams, from }
    }
}

fn patterns() -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set("x-[a-z]{1,5}|@[a-z]{1,4}|[a-z]{2,4}\\.[a-z]{1,4}|[A-Z][a-z]{1,4}:", 0..3)
        .prop_map(|patterns| patterns.into_iter().collect())
}

prop_compose! {
    fn any_marks()(deprecated in patterns(), sunset in patterns(), identity in patterns(), idempotent in patterns(),
                   public in patterns()) -> MarkPatterns {
        MarkPatterns { deprecated, sunset, identity, idempotent, public }
    }
}

prop_compose! {
    fn any_settings()(
        mut services in services(),
        headers in lower_words(),
        metadata in lower_words(),
        required in any::<bool>(),
        marks in any_marks(),
        classes in prop::collection::btree_map("[a-z~]{1,5}", any_class(), 0..3),
        levels in prop::collection::btree_map(
            prop::sample::select(RULES),
            prop::option::of(prop::sample::select(&[Level::Info, Level::Warning, Level::Error][..])),
            0..3,
        ),
        compatibility in prop::option::of(prop::sample::select(
            &[ProtobufLevel::File, ProtobufLevel::Package, ProtobufLevel::WireJson, ProtobufLevel::Wire][..])),
        sunset_notice_days in any::<u32>(),
        ignore in prop::collection::vec("[a-z*]{1,5}(/\\*\\*)?", 0..3),
        min_confidence in prop::sample::select(
            &[Confidence::Unknown, Confidence::Possible, Confidence::Likely, Confidence::Certain][..]),
        min_level in prop::sample::select(&[Level::Info, Level::Warning, Level::Error][..]),
        include_tests in any::<bool>(),
        today in days(),
    ) -> Settings {
        services.sort_by(|a, b| a.name.cmp(&b.name));
        Settings {
            services,
            identity: IdentitySettings { headers, metadata, required },
            policy: Policy { classes, sanitizers: vec!["strip".to_owned()] },
            marks,
            protobuf: ProtobufSettings { compatibility, ignore_unstable_packages: include_tests },
            levels: levels.into_iter().map(|(rule, level)| (rule.to_owned(), level)).collect::<BTreeMap<_, _>>(),
            retry_amplification: u64::from(sunset_notice_days),
            sunset_notice_days,
            libraries: Vec::new(),
            accepted: Vec::new(),
            ignore,
            min_confidence,
            min_level,
            include_tests,
            today,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_rendered_loads_back_to_the_same_settings(settings in any_settings()) {
        let (_folder, mut arguments) = workspace(&render(&settings));
        arguments.today = Some(settings.today);
        let back = load(&arguments, RULES).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(format!("{back:#?}"), format!("{settings:#?}"));
    }

    #[test]
    fn any_text_gives_settings_or_an_error(text in ".{0,80}") {
        let _ = parse(&text, RULES);
    }
}
