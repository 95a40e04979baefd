#!/bin/sh
# Runs a Windows program in Wine, without a display: wine.sh PROGRAM.exe [ARGUMENT...]
#
# WINEPREFIX names the folder of the Wine installation; the first run makes it.
set -eu

: "${WINEPREFIX:?must name a folder}"
export WINEPREFIX WINEDEBUG=-all
export WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe='
unset DISPLAY WAYLAND_DISPLAY

# Debian's own wrapper asks for a 32-bit Wine at each start.
wine=/usr/lib/wine/wine64
[ -x "$wine" ] || wine=wine

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
exec "$wine" "$@"
