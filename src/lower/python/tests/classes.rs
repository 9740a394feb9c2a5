//! Classes, their fields and methods.

use super::shown;

#[test]
fn fields_are_those_of_the_body_and_of_the_receiver() {
    let text = "import requests\nclass C:\n    url: str = 'x'\n    def __init__(self, age: int, s=None):\n        self.age = age\n        self.session = s or requests.Session()\n    def get(self):\n        return self.session.get(self.url)\n";
    assert_eq!(
        shown(text),
        "Struct m::C\n  url: Str\n  age: Number\n  session: :requests::Session\nGlobal m::C::url: Str = \"x\"\n\
         fn m::C::constructor(self; age: Number, s: ?) ? {self.age = age; self.session = (?? s @requests::Session());}\n\
         fn m::C::get(self; ) ? {(return self.session.get(self.url));}\n\
         fn m::<module>() ? {(new :m::C url: @m::C::url);}\n"
    );
}

#[test]
fn methods_of_the_class_and_static_ones_have_no_receiver() {
    let text = "class C:\n    @classmethod\n    def make(cls, a):\n        return cls(a)\n    @staticmethod\n    def s(a):\n        return a\n    @property\n    def p(self) -> str:\n        return self.q\n    @p.setter\n    def p(self, v):\n        self.q = v\n";
    assert_eq!(
        shown(text),
        "Struct m::C\n  q: ?\n\
         #builtins::classmethod() fn m::C::make(a: ?) ? {(return @m::C(a));}\n\
         #builtins::staticmethod() fn m::C::s(a: ?) ? {(return a);}\n\
         #builtins::property() property fn m::C::p(self; ) Str {(return self.q);}\n\
         #m::p::setter() fn m::C::p::setter(self; v: ?) ? {self.q = v;}\n"
    );
}

#[test]
fn the_parent_is_the_receiver_seen_as_such() {
    let text = "from a import Base\nclass C(Base):\n    def __init__(self, x):\n        super().__init__(x)\n    def f(self):\n        return super().f()\n";
    let shown = shown(text);
    assert!(shown.contains("Struct m::C < :a::Base\n"), "{shown}");
    assert!(shown.contains("(as :a::Base self).constructor(x);"), "{shown}");
    assert!(shown.contains("(return (as :a::Base self).f());"), "{shown}");
}

#[test]
fn wire_names_are_those_of_the_aliases() {
    let text = "from pydantic import BaseModel, Field, AliasChoices\nfrom typing import Annotated, ClassVar\nclass P(BaseModel):\n    name: str\n    birth_date: str | None = Field(None, alias='birthDate')\n    zip_code: Annotated[str, Field(validation_alias=AliasChoices('zip', 'plz'))]\n    KIND: ClassVar[str] = 'p'\n";
    let shown = shown(text);
    assert!(shown.contains("  name: Str = Json:name\n"), "{shown}");
    assert!(
        shown.contains("  birth_date: Optional<Str> = Json:birthDate #pydantic::Field(null, alias=\"birthDate\")\n"),
        "{shown}"
    );
    assert!(shown.contains("  zip_code: Str = Json:zip,Json:plz"), "{shown}");
    assert!(shown.contains("  KIND: Str = Json:KIND skipped\n"), "{shown}");
}

#[test]
fn generated_aliases_are_those_of_the_generator() {
    let text = "from pydantic import BaseModel, ConfigDict\nfrom pydantic.alias_generators import to_camel\nclass Base(BaseModel):\n    model_config = ConfigDict(alias_generator=to_camel)\nclass P(Base):\n    birth_date: str\n";
    assert!(shown(text).contains("  birth_date: Str = Json:birthDate\n"));
    let text = "import msgspec\nclass P(msgspec.Struct, rename='pascal'):\n    birth_date: str\n    zip: str = msgspec.field(name='plz')\n";
    let shown = shown(text);
    assert!(shown.contains("  birth_date: Str = Json:BirthDate\n"), "{shown}");
    assert!(shown.contains("  zip: Str = Json:plz"), "{shown}");
}

#[test]
fn settings_are_read_from_the_environment() {
    let text = "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='app_')\n    url: str = 'http://x'\n";
    assert!(shown(text).contains("Global m::S::url: Str = (?? @os::getenv(\"APP_URL\") \"http://x\")\n"));
}

#[test]
fn maps_of_generated_models_name_their_fields() {
    let text = "class Pet:\n    openapi_types = {'photo_urls': 'list[str]'}\n    attribute_map = {'photo_urls': 'photoUrls'}\n    def __init__(self, photo_urls=None):\n        self.photo_urls = photo_urls\n";
    assert!(shown(text).contains("  photo_urls: List<Str> = Json:photoUrls\n"));
}

#[test]
fn calls_make_types_too() {
    let text = "from typing import TypedDict, NamedTuple, NewType\nfrom collections import namedtuple\nA = TypedDict('A', {'x-y': int})\nB = namedtuple('B', 'x y')\nC = NewType('C', str)\n";
    let shown = shown(text);
    assert!(shown.contains("Struct m::A\n  x-y: Number = Json:x-y\nStruct m::B\n  x: ?\n  y: ?\n"), "{shown}");
    assert!(shown.contains("Alias m::C = Str\n"), "{shown}");
}

#[test]
fn members_of_enums_are_constants() {
    let text = "from enum import Enum\nclass S(str, Enum):\n    A = 'a'\n";
    let shown = shown(text);
    assert!(shown.contains("Enum m::S < :builtins::str < :enum::Enum\nGlobal m::S::A: Str = \"a\"\n"), "{shown}");
    assert!(!shown.contains("<module>"), "{shown}");
}

#[test]
fn what_has_no_body_is_only_declared() {
    let text = "from typing import Protocol\nclass P(Protocol):\n    def get(self, id: int) -> str: ...\n";
    assert!(shown(text).contains("Interface m::P < :typing::Protocol\n"));
    assert!(shown(text).contains("fn m::P::get(self; id: Number) Str for typing::Protocol\n"), "{}", shown(text));
}

#[test]
fn decorators_are_annotations_of_what_they_stand_above() {
    let text = "from fastapi import FastAPI\nfrom dataclasses import dataclass\napp = FastAPI()\n@app.get('/a', tags=['x'])\ndef f(): return 1\n@dataclass(frozen=True)\nclass D:\n    x: int\n";
    let shown = shown(text);
    assert!(shown.contains("#m::app::get(\"/a\", tags=[\"x\"]) fn m::f() ? {(return 1);}"), "{shown}");
    assert!(shown.contains("#dataclasses::dataclass(frozen=true)\nStruct m::D\n  x: Number\n"), "{shown}");
}
