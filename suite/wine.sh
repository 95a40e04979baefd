#!/bin/sh
# Runs a Windows program in Wine, without a display: wine.sh [PROGRAM.exe [ARGUMENT...]]
#
# WINEPREFIX names the folder of the Wine installation, else it is one in .zig-cache; the first run
# makes it, and nothing more if no program is named. The exit status is 127 without Wine.
set -eu

if [ -z "${WINEPREFIX-}" ]; then
    case $0 in */*) root=${0%/*}/.. ;; *) root=.. ;; esac
    WINEPREFIX=$(cd "$root" && pwd -P)/.zig-cache/wine
fi
export WINEPREFIX WINEDEBUG="${WINEDEBUG:--all}"
export WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe='
unset DISPLAY WAYLAND_DISPLAY

# Debian's own wrapper asks for a 32-bit Wine at each start, and comes without any Wine.
wine=/usr/lib/wine/wine64
if [ ! -x "$wine" ]; then
    wine=$(command -v wine) && [ ! -e /usr/bin/wine-stable ] || exit 127
fi

make_prefix() (
    new=$WINEPREFIX.$$
    export WINEPREFIX="$new"
    trap 'rm -rf "$new"' EXIT
    trap 'exit 130' HUP INT TERM
    echo 'Preparing Wine, once: some seconds' >&2
    mkdir -p "$new"
    if ! "$wine" wineboot -i > "$new/log" 2>&1; then
        cat "$new/log" >&2
        echo 'Wine does not start' >&2
        exit 2
    fi
    wineserver -k
    wineserver -w
    rm "$new/log"
    mv "$new" "${new%.*}"
)

[ -e "$WINEPREFIX" ] || make_prefix
[ $# -eq 0 ] || exec "$wine" "$@"
