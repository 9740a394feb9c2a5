//! What deployment files of every sort say.

use super::*;
use crate::model::deployment::{Platform, Restarts, Software};
use crate::model::source::Service;

fn read_all(files: &[(&str, &str)]) -> (Sources, Deployments, Vec<Problem>) {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.push(SourceFile::new(*path, Revision::Head, FileKind::Deployment, *text));
    }
    let service = Service { name: "a/checkout".into(), ..Service::default() };
    let workspace = Workspace { services: vec![service], ..Workspace::default() };
    let (found, problems) = read(&sources, &[], &workspace);
    (sources, found, problems)
}

/// Name, what ends it, and the text at its place.
fn workloads(path: &str, text: &str) -> Vec<(String, Restarts, String)> {
    let (sources, found, problems) = read_all(&[(path, text)]);
    assert!(problems.is_empty(), "{problems:?}");
    let shown = |it: &Workload| (it.name.clone(), it.restarts, sources.text(it.place).to_owned());
    found.workloads.iter().map(shown).collect()
}

fn ends(path: &str, text: &str) -> Vec<Restarts> {
    workloads(path, text).into_iter().map(|(_, restarts, _)| restarts).collect()
}

fn row(name: &str, restarts: Restarts, place: &str) -> (String, Restarts, String) {
    (name.into(), restarts, place.into())
}

#[test]
fn jobs_end_at_their_limit_their_deadline_or_by_default() {
    let job = |spec: &str| {
        let text = format!("apiVersion: batch/v1\nkind: Job\nmetadata: {{name: m}}\nspec:\n  {spec}\n");
        ends("job.yaml", &text).remove(0)
    };
    assert_eq!(job("template: {}"), Restarts::ByDefault(6));
    assert_eq!(job("backoffLimit: 3"), Restarts::Bounded);
    assert_eq!(job("backoffLimit: 2147483647"), Restarts::Never);
    assert_eq!(job("{backoffLimit: 2147483647, activeDeadlineSeconds: 60}"), Restarts::Bounded);
    assert_eq!(job("activeDeadlineSeconds: 60"), Restarts::Bounded);
    assert_eq!(job("backoffLimit: \"{{ limit }}\""), Restarts::Unknown);
}

#[test]
fn every_document_and_every_item_of_a_list_is_read() {
    let text = "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: v1\nkind: List\nitems:\n\
                - apiVersion: batch/v1\n  kind: CronJob\n  metadata: {name: report}\n  spec:\n    jobTemplate: {spec: {backoffLimit: 1}}\n\
                - apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: shop}\n  spec: {progressDeadlineSeconds: 2147483647}\n\
                - apiVersion: apps/v1\n  kind: Deployment\n  spec: {replicas: 1}\n";
    let found = workloads("all.yaml", text);
    let expected =
        [row("report", Restarts::Bounded, "backoffLimit"), row("shop", Restarts::Never, "progressDeadlineSeconds")];
    assert_eq!(found, expected);
}

#[test]
fn steps_of_workflows_end_at_a_limit_or_a_deadline() {
    let text = "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nmetadata: {name: w}\nspec:\n  workflowSpec:\n    templates:\n\
                \x20   - name: a\n      retryStrategy: {}\n    - name: b\n      retryStrategy: {limit: 2}\n\
                \x20   - name: c\n      retryStrategy: {expression: 'asInt(retries) < 3'}\n\
                \x20   - name: d\n      activeDeadlineSeconds: 60\n      retryStrategy: {retryPolicy: Always}\n";
    assert_eq!(ends("w.yaml", text), [Restarts::Never, Restarts::Bounded, Restarts::Unknown, Restarts::Bounded]);
}

#[test]
fn compose_services_end_at_their_number_of_attempts() {
    use Restarts::{Bounded, Never, Unknown, Waiting};
    let text = "x-again: &again\n  restart: always\nservices:\n  a: {build: ., <<: *again}\n  b: {build: ., restart: 'on-failure:5'}\n\
                \x20 c: {build: ., restart: \"no\"}\n  d: {build: ., restart: no}\n  e: {build: ., restart: \"${RESTART:-always}\"}\n\
                \x20 f: {build: ., restart: always, deploy: {restart_policy: {max_attempts: 3}}}\n\
                \x20 g: {build: ., deploy: {restart_policy: {condition: any}}}\n\
                \x20 h: {build: ., deploy: {restart_policy: {condition: none}}}\n  i: {build: .}\n\
                \x20 j: {build: ., restart: on-failure, depends_on: [a]}\n  k: {build: ., restart: on-failure}\n";
    let found = workloads("compose.yaml", text);
    let names: Vec<(&str, Restarts)> = found.iter().map(|(name, restarts, _)| (name.as_str(), *restarts)).collect();
    let expected = [
        ("a", Never),
        ("b", Bounded),
        ("c", Bounded),
        ("d", Bounded),
        ("e", Unknown),
        ("f", Bounded),
        ("g", Never),
        ("h", Bounded),
        ("j", Waiting),
        ("k", Never),
    ];
    assert_eq!(names, expected);
}

#[test]
fn compose_services_are_watched_by_a_health_check() {
    let text = "services:\n  a: {build: ., restart: always, healthcheck: {test: [CMD, x]}}\n\
                \x20 b: {build: ., restart: always, healthcheck: {disable: true}}\n";
    let (_, found, _) = read_all(&[("compose.yaml", text)]);
    assert_eq!(found.workloads.iter().map(|it| it.watched).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn whose_software_it_is_is_told_by_build_image_and_file() {
    let of = |path: &str, service: &str| {
        let text = format!("services:\n  a: {{restart: always, {service}}}\n");
        read_all(&[(path, &text)]).1.workloads.remove(0).role
    };
    assert_eq!(of("compose.yaml", "build: ./a"), Software::Own);
    assert_eq!(of("compose.yaml", "image: 'postgres:17'"), Software::Foreign);
    assert_eq!(of("compose.yaml", "image: 'postgres:${VERSION}'"), Software::Foreign);
    assert_eq!(of("compose.yaml", "image: 'ghcr.io/shop/checkout:1.2'"), Software::Own);
    assert_eq!(of("compose.yaml", "image: '${REGISTRY}/mailer:1.2'"), Software::Own);
    assert_eq!(of("compose.yaml", "image: '${IMAGE:-postgres}'"), Software::Foreign);
    assert_eq!(of("docker-compose.dev.yml", "build: ./a"), Software::Development);
    assert_eq!(of("local/compose.yml", "build: ./a"), Software::Development);
    assert_eq!(of("compose.yaml", "build: ./a, volumes: ['./a:/app']"), Software::Development);
    assert_eq!(
        of("compose.yaml", "build: {context: .}, volumes: [{type: bind, source: ./, target: /app}]"),
        Software::Development
    );
    assert_eq!(of("compose.yaml", "build: docker/queue-emulator"), Software::Development);
    assert_eq!(of("compose.yaml", "build: ./a, volumes: ['./config:/etc/a', 'data:/data']"), Software::Own);
}

#[test]
fn ecs_services_end_with_a_breaker_an_alarm_or_another_controller() {
    let tf = |inner: &str| {
        let text =
            format!("# shop\nresource \"aws_ecs_service\" \"shop\" {{\n  name = \"x-${{var.env}}\"\n{inner}\n}}\n");
        ends("main.tf", &text).remove(0)
    };
    assert_eq!(tf(""), Restarts::Never);
    assert_eq!(tf("deployment_circuit_breaker {\n enable = true\n rollback = true\n}"), Restarts::Bounded);
    assert_eq!(tf("deployment_circuit_breaker {\n enable = false\n rollback = false\n}"), Restarts::Never);
    assert_eq!(tf("deployment_circuit_breaker {\n enable = var.breaker\n rollback = false\n}"), Restarts::Unknown);
    assert_eq!(tf("dynamic \"deployment_circuit_breaker\" {\n for_each = var.x\n content {}\n}"), Restarts::Unknown);
    assert_eq!(tf("alarms {\n enable = true\n rollback = true\n alarm_names = [\"x\"]\n}"), Restarts::Bounded);
    assert_eq!(tf("deployment_controller {\n type = \"CODE_DEPLOY\"\n}"), Restarts::Bounded);
    assert_eq!(tf("deployment_controller {\n type = \"ECS\"\n}"), Restarts::Never);
    assert_eq!(tf("desired_count = 0"), Restarts::Bounded);
    let found =
        workloads("main.tf", "resource \"aws_ecs_service\" \"shop\" {}\nresource \"aws_ecs_cluster\" \"c\" {}\n");
    assert_eq!(found, [row("shop", Restarts::Never, "resource \"aws_ecs_service\" \"shop\"")]);
}

#[test]
fn ecs_services_stand_in_json_too() {
    let text = r#"{"resource": {"aws_ecs_service": {"shop": {"name": "shop", "deployment_circuit_breaker": [{"enable": "true"}]}, "other": {}}}}"#;
    assert_eq!(ends("main.tf.json", text), [Restarts::Bounded, Restarts::Never]);
}

#[test]
fn templates_of_cloudformation_may_decide_elsewhere() {
    let template = |configuration: &str| {
        let text = format!(
            "Resources:\n  Bucket: {{Type: AWS::S3::Bucket}}\n  Shop:\n    Type: AWS::ECS::Service\n    Properties:\n      Cluster: !Ref C\n{configuration}"
        );
        ends("t.yaml", &text)
    };
    let breaker = |value: &str| {
        template(&format!(
            "      DeploymentConfiguration:\n        DeploymentCircuitBreaker:\n          Enable: {value}\n"
        ))
    };
    assert_eq!(template(""), [Restarts::Never]);
    assert_eq!(breaker("true"), [Restarts::Bounded]);
    assert_eq!(breaker("!Ref Breaker"), [Restarts::Unknown]);
    assert_eq!(template("      DeploymentConfiguration: !If [A, B, C]\n"), [Restarts::Unknown]);
    assert_eq!(template("      DeploymentConfiguration:\n        Fn::If: [A, B, C]\n"), [Restarts::Unknown]);
    assert_eq!(template("      DeploymentController: {Type: EXTERNAL}\n"), [Restarts::Bounded]);
    assert_eq!(template("      DesiredCount: 0\n"), [Restarts::Bounded]);
}

#[test]
fn units_end_at_their_start_limit_if_they_get_there() {
    let unit = |lines: &str| ends("shop.service", &format!("[Service]\nExecStart=/bin/shop\n{lines}\n"));
    assert_eq!(unit(""), []);
    assert_eq!(unit("Restart=no"), []);
    assert_eq!(unit("Restart=always"), [Restarts::Bounded]);
    assert_eq!(unit("Restart=always\nRestartSec=100ms"), [Restarts::Bounded]);
    assert_eq!(unit("Restart=always\nRestartSec=5"), [Restarts::Unreachable(5)]);
    assert_eq!(unit("Restart=on-failure\nRestartSec=10\nStartLimitIntervalSec=5min"), [Restarts::Bounded]);
    assert_eq!(unit("Restart=on-failure\nStartLimitIntervalSec=infinity"), [Restarts::Bounded]);
    let text = "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestart=on-failure\n";
    assert_eq!(workloads("lib/shop.service", text), [row("shop", Restarts::Never, "StartLimitIntervalSec=0")]);
}

#[test]
fn templates_are_counted_and_broken_files_cost_themselves() {
    let (_, found, problems) = read_all(&[
        ("a.yaml", "{{- if .Values.on }}\napiVersion: batch/v1\nkind: Job\n{{- end }}\n"),
        ("b.tf", "resource \"aws_ecs_service\" \"a\" {\n  = \n}\n"),
        ("c.yaml", "services:\n  a: {build: ., restart: always}\n"),
    ]);
    assert_eq!(found.workloads.iter().map(|it| it.platform).collect::<Vec<_>>(), [Platform::Compose]);
    let kinds: Vec<ProblemKind> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::CodeUnreadable, ProblemKind::Note], "{problems:?}");
}

/// Whose calls are repeated, how often, and the text at the place.
fn policies(path: &str, text: &str) -> Vec<(Callee, u64, String)> {
    let (sources, found, problems) = read_all(&[(path, text)]);
    assert!(problems.is_empty(), "{problems:?}");
    found.policies.iter().map(|it| (it.callee.clone(), it.attempts, sources.text(it.place).to_owned())).collect()
}

fn host(name: &str, attempts: u64, place: &str) -> (Callee, u64, String) {
    (Callee::Host(name.into()), attempts, place.into())
}

#[test]
fn routes_of_istio_and_of_the_gateway_api_repeat_calls() {
    let istio = "apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n  hosts: [reviews]\n  http:\n\
                 \x20 - match: [{uri: {prefix: /v2}}]\n    route: [{destination: {host: reviews.shop.svc.cluster.local}}]\n    retries: {attempts: 3}\n\
                 \x20 - retries: {attempts: 1}\n  - retries: {attempts: 0}\n  - route: [{destination: {host: x}}]\n";
    let expected = [host("reviews.shop.svc.cluster.local", 4, "retries"), host("reviews", 2, "retries")];
    assert_eq!(policies("vs.yaml", istio), expected);
    let gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec:\n  rules:\n\
                   \x20 - backendRefs: [{name: reviews, port: 80}]\n    retry: {attempts: 2, codes: [503]}\n  - backendRefs: [{name: x}]\n";
    assert_eq!(policies("route.yaml", gateway), [host("reviews", 3, "retry")]);
}

#[test]
fn routes_of_envoy_repeat_calls_where_they_say_on_what() {
    let text = "static_resources:\n  listeners:\n  - filter_chains:\n    - filters:\n      - typed_config:\n          route_config:\n\
                \x20           virtual_hosts:\n            - retry_policy: {retry_on: 5xx}\n              routes:\n\
                \x20             - route: {cluster: orders, retry_policy: {retry_on: 5xx, num_retries: 4}}\n\
                \x20             - route: {cluster: stock}\n              - route: {cluster: mail, retry_policy: {num_retries: 4}}\n";
    let expected = [host("stock", 2, "retry_policy"), host("orders", 5, "retry_policy")];
    assert_eq!(policies("envoy.yaml", text), expected);
}

#[test]
fn service_configs_of_grpc_stand_in_files_too() {
    let text = r#"{"methodConfig": [{"name": [{"service": "shop.v1.Carts"}], "retryPolicy": {"maxAttempts": 4}}]}"#;
    let expected = [(Callee::Rpc("shop.v1.Carts".into(), None), 4, "\"methodConfig\"".to_owned())];
    assert_eq!(policies("carts.json", text), expected);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_is_a_defect(parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..40)) {
        let text = parts.concat();
        for path in ["a.tf", "a.service", "a.yaml", "a.json"] {
            let (_, _, problems) = read_all(&[(path, &text)]);
            proptest::prop_assert!(problems.iter().all(|problem| problem.kind != ProblemKind::Internal));
        }
    }
}

/// What deployment files are made of.
const PARTS: &[&str] = &[
    "resource \"aws_ecs_service\" \"a\" ",
    "{",
    "}",
    "[",
    "]",
    "\n",
    " ",
    "=",
    "\"",
    "${",
    "<<EOT\n",
    "enable",
    "true",
    "é",
    "#",
    "[Service]\n",
    "Restart=always\n",
    "StartLimitBurst=",
    "apiVersion: v1\n",
    "kind: Job\n",
    "spec:\n",
    "  backoffLimit: ",
    "services:\n",
    "  a:\n",
    "    restart: always\n",
    "    build: .\n",
    "---\n",
    "- ",
    "{{",
    "}}",
    "&a ",
    "*a",
    "<<: ",
    "virtual_hosts:\n",
    "  - routes: [{route: {cluster: a}}]\n",
    "{\"methodConfig\": [{\"name\": [{}]}]}",
    "Resources:\n",
    "99999999999999999999",
    "-1",
];
