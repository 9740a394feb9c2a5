#!/usr/bin/env bash
# What action.yml runs: installs contract-lint, runs it once, and hands its numbers and its exit code on.
#
# Reads INPUT_* and ACTION_REPOSITORY (action.yml sets them) and the runner's own variables. Every input
# may be hostile: none is ever evaluated, and none is printed but through %q, because a line that begins
# with `::` is a command to the runner. Keeps to bash 3.2, the one of macOS.
set -euo pipefail

# Everything that is installed or noted down, gone at the end.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

say() { printf 'contract-lint: %s\n' "$*" >&2; }

# 2 is the exit code for wrong usage, as that of the program.
refuse() {
  say "$@"
  exit 2
}

# The release of this machine's kind, or nothing if there is none.
target() {
  case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
    Linux-X64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64) echo aarch64-unknown-linux-musl ;;
    macOS-X64) echo x86_64-apple-darwin ;;
    macOS-ARM64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
  esac
}

sha256() {
  if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

fetch() { curl --proto '=https' --tlsv1.2 --retry 3 -fsSL -o "$2" "$1"; }

# Downloads a release. Fails where there is none; a wrong checksum ends the step, since building from
# source instead would hide that somebody has changed a release.
download() {
  local version=$1 kind url archive=$work/contract-lint.tar.gz wanted
  kind=$(target)
  [ -n "$kind" ] && [ -n "${ACTION_REPOSITORY:-}" ] || return 1
  url="https://github.com/$ACTION_REPOSITORY/releases/download/v$version/contract-lint-$kind.tar.gz"
  fetch "$url" "$archive" || return 1
  fetch "$url.sha256" "$archive.sha256" || refuse "the release $version has no checksum, so it is not used"
  wanted=$(cut -d ' ' -f 1 "$archive.sha256")
  [ "$(sha256 "$archive")" = "$wanted" ] || refuse "the checksum of the release $version is wrong, so it is not used"
  mkdir "$work/bin"
  tar -xzf "$archive" -C "$work/bin"
}

# Builds it: from the sources that came with the action if those are of the wanted version.
build() {
  local version=$1 source
  say "there is no release $version for this machine, building it"
  if grep -Fqx "version = \"$version\"" "$GITHUB_ACTION_PATH/Cargo.toml"; then
    source=(--path "$GITHUB_ACTION_PATH")
  else
    source=(contract-lint --version "$version")
  fi
  cargo install --locked --root "$work" "${source[@]}" >&2
}

install() {
  local version=$1
  [ "$(contract-lint --version 2>/dev/null)" != "contract-lint $version" ] || return 0
  download "$version" || build "$version"
  PATH="$work/bin:$PATH"
}

# What a pull request is to be compared with. On `pull_request` the runner checks out a merge, whose
# first parent is the very commit that the target is at. A workflow may check out something else: the
# parent of that would hide all but its last commit. A clone that is not deep enough for either is the
# program's to refuse, as incomplete.
target_of_pull_request() {
  local head
  [ -n "${GITHUB_BASE_REF:-}" ] || return 0
  head=$(git rev-parse HEAD 2>/dev/null || true)
  if [ "${GITHUB_EVENT_NAME:-}" = pull_request ] && [ "$head" = "${GITHUB_SHA:-}" ]; then
    echo 'HEAD^1'
  else
    printf 'origin/%s...HEAD\n' "$GITHUB_BASE_REF"
  fi
}

main() {
  local version=${INPUT_VERSION:-} against=${INPUT_AGAINST:-} counts=$work/counts path status=0
  version=${version#v}
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] ||
    refuse "$(printf 'this is no version: %q' "$version")"
  install "$version"

  [ -n "$against" ] || against=$(target_of_pull_request)
  # `--name=value` keeps a value that begins with a dash a value.
  local arguments=(check "--fail-on=${INPUT_FAIL_ON:-error}" "--counts=$counts")
  [ -z "$against" ] || arguments+=("--against=$against")
  [ -z "${INPUT_FORMAT:-}" ] || arguments+=("--format=$INPUT_FORMAT")
  arguments+=(--)
  while IFS= read -r path; do
    path=${path%$'\r'}
    [ -z "$path" ] || arguments+=("$path")
  done <<<"${INPUT_PATHS:-.}"

  contract-lint "${arguments[@]}" || status=$?
  # Numbers only: whatever else stood there could set outputs of its own.
  grep -E '^(findings|errors|consumers-affected)=[0-9]+$' "$counts" >>"${GITHUB_OUTPUT:-/dev/null}" 2>/dev/null || true
  return "$status"
}

main
