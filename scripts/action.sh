#!/usr/bin/env bash
# The shell of action.yml: installs contract-lint, runs it, passes on its numbers and its exit code.
# Everything a stranger may have written comes in environment variables and is only ever quoted.
set -euo pipefail

die() {
    printf 'error: %s\n' "$1" >&2
    exit 2
}

# The name of the release archive for this machine; empty if no release is built for it.
target() {
    case "$(uname -s)-$(uname -m)" in
        Linux-x86_64) echo x86_64-unknown-linux-musl ;;
        Linux-aarch64) echo aarch64-unknown-linux-musl ;;
        Darwin-x86_64) echo x86_64-apple-darwin ;;
        Darwin-arm64) echo aarch64-apple-darwin ;;
    esac
}

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1
}

# Downloads archive and checksum. Fails if there is none; a checksum that differs ends the run.
install_release() {
    local version=$1 folder=$2 name base wanted found
    name=$(target)
    [[ -n $name && -n ${ACTION_REPOSITORY:-} ]] || return 1
    base="${GITHUB_SERVER_URL:-https://github.com}/$ACTION_REPOSITORY/releases"
    if [[ $version == latest ]]; then base+=/latest/download; else base+="/download/v$version"; fi
    curl --fail --silent --show-error --location --retry 3 -o "$folder/archive" "$base/contract-lint-$name.tar.gz" || return 1
    curl --fail --silent --show-error --location --retry 3 -o "$folder/sum" "$base/contract-lint-$name.tar.gz.sha256" || return 1
    wanted=$(cut -d ' ' -f 1 <"$folder/sum")
    found=$(sha256 "$folder/archive")
    [[ $wanted == "$found" ]] || die "the checksum of the release differs: expected $wanted, found $found"
    tar -xzf "$folder/archive" -C "$folder" contract-lint || return 1
}

install_from_source() {
    local version=$1 folder=$2 wanted=()
    [[ $version == latest ]] || wanted=(--version "$version")
    # bash 3.2 of macOS takes an empty array for an unset one.
    cargo install contract-lint --locked --root "$folder" ${wanted[@]+"${wanted[@]}"}
    mv "$folder/bin/contract-lint" "$folder/contract-lint"
}

version=${INPUT_VERSION:-latest}
work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/contract-lint.XXXXXX")
trap 'rm -rf -- "$work"' EXIT

program=$work/contract-lint
case $version in
    installed) program=contract-lint ;;
    *[!0-9A-Za-z.+-]*) die "not a version: $version" ;;
    *)
        if ! install_release "$version" "$work"; then
            echo "no release for this machine, building from source" >&2
            install_from_source "$version" "$work"
        fi
        ;;
esac

arguments=(check --counts "$work/counts" "--fail-on=${INPUT_FAIL_ON:-error}")
[[ -z ${INPUT_FORMAT:-} ]] || arguments+=("--format=$INPUT_FORMAT")
against=${INPUT_AGAINST:-}
# The merge commit of a pull request has the base as its first parent, if the clone is deep enough.
if [[ -z $against && ${EVENT_NAME:-} == pull_request ]]; then
    if git rev-parse --quiet --verify 'HEAD^1' >/dev/null 2>&1; then
        against='HEAD^1'
    else
        echo "note: no base to compare with; give actions/checkout \`fetch-depth: 2\`" >&2
    fi
fi
[[ -z $against ]] || arguments+=("--against=$against")
arguments+=(--)
while IFS= read -r path || [[ -n $path ]]; do
    [[ -z $path ]] || arguments+=("$path")
done <<<"${INPUT_PATHS:-.}"

code=0
"$program" "${arguments[@]}" || code=$?

# Nothing but names with numbers gets out, whatever stands in the file.
if [[ -f $work/counts ]]; then
    grep -E '^(findings|errors|consumers-affected)=[0-9]+$' "$work/counts" >>"${GITHUB_OUTPUT:-/dev/null}" || true
fi
exit "$code"
