#!/bin/sh
# What javac knows of a tree: truth.sh TREE CLASSPATH [CARRIERS] > truth.tsv
# The class path holds the tree's dependencies and its generated code, for instance what
# `mvn dependency:build-classpath` prints and `target/classes`. CARRIERS is a pattern of the qualified
# names of classes that carry JSON. Folders to compile may be narrowed by SOURCES (a pattern of find -path).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/plugin/META-INF/services" "$work/out"
javac -d "$work/plugin" "$here/Truth.java"
echo Truth > "$work/plugin/META-INF/services/com.sun.source.util.Plugin"
find "$1" -name '*.java' -path "${SOURCES:-*/src/main/*}" ! -name module-info.java > "$work/files"
# A name that is not found costs its file's rows only if nothing goes on behind it.
javac ${PROCESSORS:--proc:none} -XDshould-stop.ifError=FLOW -Xmaxerrs 20 -d "$work/out" -cp "$2" \
  -processorpath "$work/plugin${PROCESSOR_PATH:+:$PROCESSOR_PATH}" \
  "-Xplugin:Truth $1 $work/table ${3:-}" "@$work/files" >&2 || true
sort -u "$work/table"
