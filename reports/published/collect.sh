#!/bin/sh
# Makes the result files beside it anew: collect.sh, from the repository's root
#
# Wants what `./zigw build` and `./zigw build windows` make, and gets the Wines into zig-out/wines.
# Exit status: 0 they are made, 2 one is not; differences are what they are for.
set -eu

out=reports/published
wines=zig-out/wines
pagelaw=zig-out/bin/pagelaw

fail() {
    echo "collect.sh: $*" >&2
    exit 2
}

# check NAME OPTION...
check() {
    name=$1
    shift
    echo "$name" >&2
    status=0
    "$pagelaw" check "$@" --output "$out/$name.json" > /dev/null || status=$?
    [ "$status" -le 1 ] || fail "$name: the suite did not run"
}

# wine RELEASE VERSION
wine() {
    sh $out/wine.sh get $wines "$1" || exit 2
    check "wine-$2-x86_64" --baseline $out/wine-x86_64.baseline --subject \
        "exec:sh $out/wine.sh run $wines/$1 64 zig-out/windows/x86_64/pagelaw.exe agent"
    check "wine-$2-x86" --baseline $out/wine-x86.baseline --subject \
        "exec:sh $out/wine.sh run $wines/$1 32 zig-out/windows/x86/pagelaw.exe agent"
}

# The model as a Windows, judged by what the documents state and nothing else: windows PROFILE
windows() {
    check "$1" --subject "model:$1" --profile documented
}

[ $# -eq 0 ] || fail "found \"$1\", wanted no arguments"
[ -f $out/wine.sh ] || fail 'run it from the root of the repository'
[ -x $pagelaw ] || fail "there is no $pagelaw: ./zigw build makes it"
for processor in x86_64 x86; do
    [ -f zig-out/windows/$processor/pagelaw.exe ] ||
        fail "there is no pagelaw.exe for $processor: ./zigw build windows makes it"
done

check layer-linux --subject native
# Of the kernel's version the numbers will do; the rest names a machine's build of it.
sed 's/\(on Linux [0-9.]*\)[^ "]*/\1/' $out/layer-linux.json > $out/layer-linux.new
mv $out/layer-linux.new $out/layer-linux.json
for release in 7-x64 8.1-x64 10-1507-x64 10-1709-x64 10-1809-x64 10-x64 11-x64 11-arm64; do
    windows windows-$release
done
wine bullseye 5.0
wine bookworm 8.0
wine trixie 10.0
