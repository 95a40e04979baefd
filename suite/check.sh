#!/bin/sh
# Checks every subject that this machine has: check.sh PAGELAW PAGELAW.EXE REPORTS
#
# The full reports go to the folder REPORTS. The exit status is 2 if a subject could not be run, and
# 1 if this machine's own backend differs. Wine is known to differ from Windows: that is no failure.
set -eu

# As a person would type it, for the commands in the reports.
here() { printf '%s' "${1#"$PWD"/}"; }

# A word for a shell to read.
quoted() {
    case $1 in
    *[!A-Za-z0-9_./=+-]*) printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")" ;;
    *) printf '%s' "$1" ;;
    esac
}

pagelaw=$(here "$1")
pagelaw_exe=$(here "$2")
reports=$(here "$3")
wine_sh=$(here "${0%/*}/wine.sh")
mkdir -p "$reports"
case $pagelaw in */*) ;; *) pagelaw=./$pagelaw ;; esac

native=0
echo "This machine's own backend"
"$pagelaw" check --output "$reports/native" || native=$?

echo
wine=0
sh "$wine_sh" || wine=$?
if [ "$wine" -eq 127 ]; then
    echo 'Wine is not installed, and so is not checked'
    wine=0
elif [ "$wine" -eq 0 ]; then
    echo "Wine's API"
    agent="sh $(quoted "$wine_sh") $(quoted "$pagelaw_exe") agent"
    "$pagelaw" check --subject "exec:$agent" --output "$reports/wine" || wine=$?
fi

[ "$native" -le 1 ] && [ "$wine" -le 1 ] || exit 2
exit "$native"
