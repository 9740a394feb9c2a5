//! Declarations.

use super::rendered;

#[test]
fn t() {
    for s in [
        "import java.util.List; import java.util.*; import com.acme.api.*; import static com.acme.X.go; import lombok.Data; import com.fasterxml.jackson.annotation.*;\n@Data @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class) class Profile { private String birthDate; private boolean active; @JsonProperty(\"n\") private List<Order> orders; private final Map<String, Object> extra = new HashMap<>(); static final String BASE = \"x\"; }",
        "import lombok.*; @Builder @Value class Req { String id; int n; }",
        "record Point(@JsonProperty(\"px\") int x, List<String> y) { Point { if (x < 0) throw new E(); } static Point of(int a) { return new Point(a, null); } }",
        "enum Kind { A(\"a\"), B(\"b\"); private final String path; Kind(String path) { this.path = path; } String path() { return path; } } enum Plain { X, Y }",
        "interface Client extends Base<Foo> { String PATH = \"/x\"; @GetMapping(value = \"/a/{id}\", params = {\"x\", \"y\"}) Foo get(@PathVariable(\"id\") String id, @RequestBody List<Bar> b); default int n() { return 1; } }",
        "class S extends Base implements I { private final RestTemplate rest = new RestTemplate(); private String url; { url = PATH; } S(String url) { super(url); this.url = url; } S() { this(\"x\"); } static int count; static { count = 1; } void go() { rest.get(url); helper(); inherited = 2; Inner i = new Inner(); } class Inner { void x() { rest.go(); go(); } } static class N { } }",
        "class G<T extends Foo> { T value; <R> R map(Function<? super T, ? extends R> f, String... more) { return f.apply(value); } Class<T> type; byte[] raw; String[][] grid; CompletableFuture<T> later; Optional<T> opt; }",
    ] {
        println!("{s}\n{}", rendered(s));
    }
}
