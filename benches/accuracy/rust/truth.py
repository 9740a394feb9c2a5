#!/usr/bin/env python3
"""What rustc knows of a crate's use of its prost and tonic code, by breaking it on purpose.

    truth.py [--examples] CRATE [GENERATED.rs ...] > truth.tsv

Messages get other names for their fields, stubs for their methods, oneofs for their variants; each error of
`cargo check` is one use. What follows an error in a chain is not checked, so things that mention each other are
renamed in different runs. Without GENERATED.rs the files that the crate's build script has written are taken;
they are put back afterwards. The rows are those that README.md describes.
"""
import dataclasses
import json
import pathlib
import re
import subprocess
import sys

SUFFIX = "__renamed"
ITEM = re.compile(r"^(\s*)pub (?:struct|enum) (\w+)")
IMPL = re.compile(r"^(\s*)impl<T> (\w+)Client<T>")
FIELD = re.compile(r"^\s*pub (?:r#)?(\w+): ")
METHOD = re.compile(r"^\s*pub async fn (?:r#)?(\w+)\s*[(<]")
VARIANT = re.compile(r"^\s*(\w+)\(")
QUOTED = re.compile(r"`([^`]*)`")
# No such field: read or assigned, in a literal, in a pattern; no such method or variant.
CODES = {"E0609", "E0560", "E0026", "E0599", "E0559"}


@dataclasses.dataclass
class Item:
    """A message, oneof or stub in a generated file."""

    kind: str
    name: str
    path: pathlib.Path
    body: str
    # Line numbers of its fields, variants or methods.
    names: dict

    def mentions(self, other):
        return re.search(r"\b%s\b" % other.name, self.body) is not None


def items(path):
    lines = path.read_text().splitlines(keepends=True)
    at = 0
    while at < len(lines):
        declared, stub = ITEM.match(lines[at]), IMPL.match(lines[at])
        found = declared or stub
        if not found or lines[at].rstrip().endswith((";", "}")):
            at += 1
            continue
        end = at + 1
        while end < len(lines) and lines[end].rstrip() != found[1] + "}":
            end += 1
        kind, form = ("stub", METHOD) if stub else ("oneof", VARIANT) if " enum " in lines[at] else ("message", FIELD)
        names = {n: form.match(lines[n]) for n in range(at + 1, end)}
        names = {n: m[1] for n, m in names.items() if m and not (kind == "message" and is_oneof(lines, n))}
        if names:
            yield Item(kind, found[2] + ("Client" if stub else ""), path, "".join(lines[at + 1 : end]), names)
        at = end


def is_oneof(lines, field):
    """Whether the `#[prost(..)]` above a field, which may take several lines, is that of a whole oneof."""
    start = field
    while start > 0 and "#[prost" not in lines[start]:
        start -= 1
    return "oneof" in "".join(lines[start:field])


def batches(all_items):
    """Groups in which no item mentions another."""
    groups = []
    for item in all_items:
        clashes = lambda other: item.mentions(other) or other.mentions(item) or item.name == other.name
        group = next((group for group in groups if not any(map(clashes, group))), None)
        if group is None:
            groups.append(group := [])
        group.append(item)
    return groups


def rename(batch, originals):
    for path, original in originals.items():
        lines = original.splitlines(keepends=True)
        for item in batch:
            if item.path == path:
                for number, name in item.names.items():
                    lines[number] = re.sub(r"(r#)?\b%s\b" % name, name + SUFFIX, lines[number], count=1)
        if "".join(lines) != path.read_text():
            path.write_text("".join(lines))


def errors(crate):
    command = ["cargo", "check", "--message-format=json", "--quiet", "--keep-going"]
    if "--examples" in sys.argv:
        command.append("--examples")
    run = subprocess.run(command, cwd=crate, capture_output=True, text=True)
    for line in run.stdout.splitlines():
        message = json.loads(line).get("message")
        if isinstance(message, dict) and (message.get("code") or {}).get("code") in CODES:
            yield message


def uses(message, batch):
    """The rows of one error: its text names the type, its spans the fields, the code around says what is done."""
    words = {word for text in QUOTED.findall(message["message"]) for word in re.findall(r"\w+", text)}
    for span in message["spans"]:
        if not span["is_primary"] or not span["text"]:
            continue
        line = span["text"][-1]
        written = line["text"][line["highlight_start"] - 1 : line["highlight_end"] - 1]
        here = {name.removeprefix("r#") for name in re.findall(r"(?:r#)?\w+", written)} & words
        while span.get("expansion"):
            span = span["expansion"]["span"]
        for item in batch:
            for name in here.intersection(item.names.values()) if item.name in words else ():
                owner = "" if item.kind == "oneof" else item.name.removesuffix("Client") if item.kind == "stub" else item.name
                what = done(item.kind, message["code"]["code"], span)
                yield what, owner, name, span["file_name"], span["line_start"]


def done(kind, code, span):
    if kind == "stub":
        return "call"
    if code in ("E0560", "E0026"):
        return "write" if code == "E0560" else "read"
    if not span["text"]:
        return "read"
    line = span["text"][-1]["text"]
    before, after = line[: span["column_start"] - 1], line[span["column_end"] - 1 :]
    if kind == "oneof":
        is_pattern = "=>" in after or re.search(r"\blet\b[^=]*$", before) or "matches!" in before
        return "read" if is_pattern else "write"
    return "write" if re.match(r"\s*=([^=>]|$)", after) else "read"


def main():
    arguments = [pathlib.Path(it).resolve() for it in sys.argv[1:] if not it.startswith("--")]
    crate, generated = arguments[0], arguments[1:]
    subprocess.run(["cargo", "check", "--quiet"], cwd=crate, check=True, stderr=subprocess.DEVNULL)
    generated = generated or sorted(crate.glob("target/debug/build/*/out/*.rs"))
    originals = {path: path.read_text() for path in generated}
    folders = ["src", "examples"] if "--examples" in sys.argv else ["src"]
    judged = {path for folder in folders for path in (crate / folder).rglob("*.rs")} - set(generated)
    rows = {("file", "", "", str(path.relative_to(crate)), 0, 0) for path in judged}
    groups = batches([item for path in generated for item in items(path)])
    try:
        for number, batch in enumerate(groups, 1):
            rename(batch, originals)
            for message in errors(crate):
                rows.update((*found, found[4]) for found in uses(message, batch) if crate / found[3] in judged)
            print(f"{number} of {len(groups)}: {len(rows)} rows", file=sys.stderr)
    finally:
        for path, original in originals.items():
            path.write_text(original)
    for row in sorted(rows):
        print(*row, sep="\t")


main()
