#!/bin/sh
# Compiles the lock: one hashed file for each dependency group, each bound to the ones before it. No file names a
# registry's address, so that a mirror serves as well.
#   sh requirements/lock.sh UV [--upgrade]
set -eu
uv=$1
shift
compile() {
    "$uv" pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
        --quiet "$@"
}
compile "$@" requirements/bootstrap.in -o requirements/bootstrap.txt
compile "$@" pyproject.toml -o requirements/runtime.txt
bound="-c requirements/runtime.txt"
for group in local test check build node; do
    # shellcheck disable=SC2086 (the bounds are words)
    compile "$@" --group "$group" $bound -o "requirements/$group.txt"
    bound="$bound -c requirements/$group.txt"
done
