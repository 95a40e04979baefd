#!/bin/sh
# Checks every subject that this machine has: check.sh PAGELAW PAGELAW.EXE REPORTS
#
# The full reports go to the folder REPORTS. Wine is known to differ from Windows, so differences
# there are reported but are no failure.
set -eu

pagelaw=$1
pagelaw_exe=$2
reports=$3
mkdir -p "$reports"

native=0
echo "This machine's own backend"
"$pagelaw" check --subject native --output "$reports/native" || native=$?

wine=0
if [ -x /usr/lib/wine/wine64 ] || command -v wine > /dev/null; then
    echo
    echo "Wine's API"
    sh "${0%/*}/wine.sh" "$pagelaw_exe" check --subject native --output "$reports/wine" || wine=$?
fi

[ "$wine" -le 1 ] || exit "$wine"
exit "$native"
