//! Types of the language and its library that mean something to the IR.

use crate::model::ir::{Symbol, Type};

/// Types of `java.lang` that are seen in code of clients. Others need no import either, but mean
/// nothing to any call.
const LANGUAGE: [&str; 56] = [
    "ArithmeticException",
    "AssertionError",
    "AutoCloseable",
    "Boolean",
    "Byte",
    "CharSequence",
    "Character",
    "Class",
    "ClassCastException",
    "ClassLoader",
    "Comparable",
    "Deprecated",
    "Double",
    "Enum",
    "Error",
    "Exception",
    "Float",
    "FunctionalInterface",
    "IllegalArgumentException",
    "IllegalStateException",
    "IndexOutOfBoundsException",
    "InterruptedException",
    "Integer",
    "Iterable",
    "Long",
    "Math",
    "NullPointerException",
    "Number",
    "NumberFormatException",
    "Object",
    "OutOfMemoryError",
    "Override",
    "Process",
    "ProcessBuilder",
    "Record",
    "Runnable",
    "Runtime",
    "RuntimeException",
    "SafeVarargs",
    "SecurityException",
    "Short",
    "StackTraceElement",
    "StrictMath",
    "String",
    "StringBuffer",
    "StringBuilder",
    "SuppressWarnings",
    "System",
    "Thread",
    "ThreadGroup",
    "ThreadLocal",
    "Throwable",
    "UnsupportedOperationException",
    "Void",
    "VirtualMachineError",
    "ReflectiveOperationException",
];

/// A type that needs no import.
pub(super) fn language(name: &str) -> Option<Symbol> {
    LANGUAGE.contains(&name).then(|| Symbol::new(format!("java::lang::{name}")))
}

/// What a type of the library is in the IR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Str,
    Number,
    Bool,
    Unit,
    Dynamic,
    /// A list of its only parameter.
    List,
    /// A map to its second parameter.
    Map,
    Optional,
    /// Its first parameter itself.
    Wrapper,
    /// A function of no parameters that gives the first.
    Supplier,
    /// A function of the last but one parameters that gives the last.
    Function,
    /// A function that takes its parameters and gives nothing.
    Consumer,
    /// A function that gives a truth value.
    Predicate,
    /// A function of two values of its parameter that gives one of it.
    Operator,
}

/// What a type of the library is in the IR, if it is more than a name.
pub(super) fn meaning(symbol: &str) -> Option<Meaning> {
    let (package, name) = symbol.rsplit_once("::")?;
    match package {
        "java::lang" => lang(name),
        "java::math" => matches!(name, "BigDecimal" | "BigInteger").then_some(Meaning::Number),
        "java::util" => util(name),
        "java::util::stream" => match name {
            "Stream" | "BaseStream" => Some(Meaning::List),
            _ => None,
        },
        "java::util::concurrent" => match name {
            "CompletableFuture" | "CompletionStage" | "Future" => Some(Meaning::Wrapper),
            "Callable" => Some(Meaning::Supplier),
            "ConcurrentHashMap" | "ConcurrentMap" | "ConcurrentSkipListMap" | "ConcurrentNavigableMap" => {
                Some(Meaning::Map)
            }
            "CopyOnWriteArrayList"
            | "CopyOnWriteArraySet"
            | "ConcurrentLinkedQueue"
            | "ConcurrentLinkedDeque"
            | "BlockingQueue"
            | "LinkedBlockingQueue"
            | "ArrayBlockingQueue"
            | "LinkedBlockingDeque"
            | "BlockingDeque"
            | "PriorityBlockingQueue"
            | "ConcurrentSkipListSet" => Some(Meaning::List),
            _ => None,
        },
        "java::util::concurrent::atomic" => (name == "AtomicReference").then_some(Meaning::Wrapper),
        "java::util::function" => function(name),
        "reactor::core::publisher" => match name {
            "Mono" => Some(Meaning::Wrapper),
            "Flux" => Some(Meaning::List),
            _ => None,
        },
        "org::reactivestreams" => (name == "Publisher").then_some(Meaning::Wrapper),
        // What comes from a request is one value, and a list where that is one.
        "rx" | "io::reactivex" | "io::reactivex::rxjava3::core" => {
            matches!(name, "Single" | "Maybe" | "Observable" | "Flowable").then_some(Meaning::Wrapper)
        }
        "io::smallrye::mutiny" => match name {
            "Uni" => Some(Meaning::Wrapper),
            "Multi" => Some(Meaning::List),
            _ => None,
        },
        "com::google::common::collect" => match name {
            "ImmutableList" | "ImmutableSet" | "ImmutableCollection" | "ImmutableSortedSet" => Some(Meaning::List),
            "ImmutableMap" | "ImmutableSortedMap" => Some(Meaning::Map),
            _ => None,
        },
        "com::google::common::base" => match name {
            "Optional" => Some(Meaning::Optional),
            "Supplier" => Some(Meaning::Supplier),
            "Function" => Some(Meaning::Function),
            _ => None,
        },
        "com::google::common::util::concurrent" => (name == "ListenableFuture").then_some(Meaning::Wrapper),
        "com::fasterxml::jackson::databind" => (name == "JsonNode").then_some(Meaning::Dynamic),
        "tools::jackson::databind" => (name == "JsonNode").then_some(Meaning::Dynamic),
        "com::fasterxml::jackson::databind::node" | "tools::jackson::databind::node" => {
            matches!(name, "ObjectNode" | "ArrayNode").then_some(Meaning::Dynamic)
        }
        "com::google::gson" => matches!(name, "JsonElement" | "JsonObject" | "JsonArray").then_some(Meaning::Dynamic),
        "org::json" | "org::json::simple" => matches!(name, "JSONObject" | "JSONArray").then_some(Meaning::Dynamic),
        "com::alibaba::fastjson" | "com::alibaba::fastjson2" => {
            matches!(name, "JSONObject" | "JSONArray").then_some(Meaning::Dynamic)
        }
        "jakarta::json" | "javax::json" => {
            matches!(name, "JsonObject" | "JsonArray" | "JsonValue").then_some(Meaning::Dynamic)
        }
        "io::vertx::core" => (name == "Future").then_some(Meaning::Wrapper),
        "org::springframework::util" => (name == "MultiValueMap").then_some(Meaning::Map),
        _ => None,
    }
}

fn lang(name: &str) -> Option<Meaning> {
    Some(match name {
        "String" | "CharSequence" | "Character" => Meaning::Str,
        "Integer" | "Long" | "Short" | "Byte" | "Double" | "Float" | "Number" => Meaning::Number,
        "Boolean" => Meaning::Bool,
        "Void" => Meaning::Unit,
        "Object" => Meaning::Dynamic,
        "Iterable" => Meaning::List,
        _ => return None,
    })
}

fn util(name: &str) -> Option<Meaning> {
    Some(match name {
        "Optional" => Meaning::Optional,
        "List" | "ArrayList" | "LinkedList" | "Collection" | "AbstractList" | "Set" | "HashSet" | "LinkedHashSet"
        | "TreeSet" | "SortedSet" | "NavigableSet" | "EnumSet" | "Iterator" | "ListIterator" | "Queue" | "Deque"
        | "ArrayDeque" | "PriorityQueue" | "Stack" | "Vector" | "Enumeration" => Meaning::List,
        "Map" | "HashMap" | "LinkedHashMap" | "TreeMap" | "SortedMap" | "NavigableMap" | "EnumMap" | "Hashtable"
        | "WeakHashMap" | "IdentityHashMap" => Meaning::Map,
        _ => return None,
    })
}

fn function(name: &str) -> Option<Meaning> {
    Some(match name {
        "Supplier" => Meaning::Supplier,
        "Function" | "BiFunction" => Meaning::Function,
        "Consumer" | "BiConsumer" => Meaning::Consumer,
        "Predicate" | "BiPredicate" => Meaning::Predicate,
        "UnaryOperator" | "BinaryOperator" => Meaning::Operator,
        _ => return None,
    })
}

/// Whether a type is one that the front end knows, for packages that are imported with a star.
pub(super) fn is_known(symbol: &str) -> bool {
    meaning(symbol).is_some() || OTHERS.contains(&symbol)
}

/// Types that are often imported with a star and mean something to descriptors. What stands here is
/// named right without looking at what descriptors know.
const OTHERS: [&str; 23] = [
    "java::io::BufferedReader",
    "java::io::InputStream",
    "java::io::InputStreamReader",
    "java::io::IOException",
    "java::io::OutputStream",
    "java::io::Reader",
    "java::net::HttpURLConnection",
    "java::net::URI",
    "java::net::URL",
    "java::net::URLConnection",
    "java::net::URLEncoder",
    "java::net::http::HttpClient",
    "java::net::http::HttpRequest",
    "java::net::http::HttpResponse",
    "java::time::Duration",
    "java::util::Locale",
    "java::time::Instant",
    "java::util::Arrays",
    "java::util::Collections",
    "java::util::Objects",
    "java::util::UUID",
    "java::util::concurrent::TimeUnit",
    "java::util::stream::Collectors",
];

/// The type with its arguments.
pub(super) fn ty(symbol: Symbol, args: Vec<Type>) -> Type {
    let Some(meaning) = meaning(symbol.as_str()) else { return Type::Named(symbol, args) };
    let arg = |at: usize| args.get(at).cloned().unwrap_or_default();
    let boxed = |ty: Type| Box::new(ty);
    match meaning {
        Meaning::Str => Type::Str,
        Meaning::Number => Type::Number,
        Meaning::Bool => Type::Bool,
        Meaning::Unit => Type::Unit,
        Meaning::Dynamic => Type::Dynamic,
        Meaning::List => Type::List(boxed(arg(0))),
        Meaning::Map if args.is_empty() || arg(1) == Type::Dynamic => Type::Dynamic,
        // Such a map has a list for each key.
        Meaning::Map if args.len() == 2 && symbol.name() == "MultiValueMap" => {
            Type::Map(boxed(Type::List(boxed(arg(1)))))
        }
        Meaning::Map => Type::Map(boxed(arg(1))),
        Meaning::Optional => Type::Optional(boxed(arg(0))),
        Meaning::Wrapper => arg(0),
        Meaning::Supplier => Type::Function(Vec::new(), boxed(arg(0))),
        Meaning::Function => {
            let mut params = args;
            let gives = params.pop().unwrap_or_default();
            Type::Function(params, boxed(gives))
        }
        Meaning::Consumer => Type::Function(args, boxed(Type::Unit)),
        Meaning::Predicate => Type::Function(args, boxed(Type::Bool)),
        Meaning::Operator => {
            let operand = arg(0);
            let count = if symbol.name() == "UnaryOperator" { 1 } else { 2 };
            Type::Function(vec![operand.clone(); count], boxed(operand))
        }
    }
}
