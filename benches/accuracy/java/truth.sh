#!/bin/sh
# What javac knows of a tree: truth.sh TREE CLASSPATH > truth.tsv
# The class path holds the tree's dependencies and its generated code, for instance what
# `mvn dependency:build-classpath` prints and `target/classes`.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/plugin/META-INF/services" "$work/out"
javac -d "$work/plugin" "$here/Truth.java"
echo Truth > "$work/plugin/META-INF/services/com.sun.source.util.Plugin"
find "$1" -name '*.java' -path '*/src/main/*' > "$work/files"
javac -proc:none -d "$work/out" -cp "$2" -processorpath "$work/plugin" \
  "-Xplugin:Truth $1 $work/table" "@$work/files" >&2
sort -u "$work/table"
