#!/bin/sh
# Shares an exploration among machines by GNU parallel:
#
#   sh suite/explore_parallel.sh SHARDS MACHINES FOLDER [OPTION...]
#
# SHARDS is the number of parts, MACHINES what parallel's --sshlogin takes (":" is this machine,
# ":,box1,4/box2" this one and two others, of which the last gets four shards at once), FOLDER a new
# one for what comes back, each OPTION one of `pagelaw explore`. All machines have `pagelaw` on their
# PATH, or where PAGELAW says; files that an OPTION names are their own. Options of GNU parallel go
# into PARALLEL: PARALLEL='--retries 3' gives the shards of a machine that is lost to others.
#
# FOLDER/shard-I gets a shard's result file, the scenarios of its findings and what it said;
# FOLDER/result.json is all in one, of which the report comes at the end. What a machine had when it
# was interrupted stays there, in the same folder below the one that it logs in to.
#
# Exit status: 0 no difference, 1 differences, 2 a shard could not be run: the result then has what
# the others found, and counts as interrupted.
set -eu

fail() {
    echo "explore_parallel.sh: $*" >&2
    exit 2
}

if [ "${1-}" = --help ]; then
    sed -n '1d; /^set/q; s/^# \{0,1\}//p' "$0"
    exit 0
fi
[ $# -ge 3 ] || fail "found $# arguments, wanted SHARDS MACHINES FOLDER [OPTION...]"
shards=$1 machines=$2 folder=$3
pagelaw=${PAGELAW:-pagelaw}
shift 3
case $shards in
'' | *[!0-9]* | 0* | ??????*) fail "found \"$shards\" shards, wanted a number from 1 to 10000" ;;
esac
[ "$shards" -le 10000 ] || fail "found \"$shards\" shards, wanted a number from 1 to 10000"
case $folder in
/* | -* | *..*) fail "found \"$folder\", wanted a folder that is made below this one" ;;
esac
parallel --version 2> /dev/null < /dev/null | grep -q '^GNU parallel' ||
    fail 'GNU parallel is not installed'
mkdir "$folder" || exit 2

# Shards of one exploration have one seed. There is none where all is exhaustive.
case " $* " in
*' --seed'*) ;;
*' --exhaustive '*) case " $* " in *' --random '*) set -- "$@" --seed "$(date +%s)" ;; esac ;;
*) set -- "$@" --seed "$(date +%s)" ;;
esac

# Runs on each machine: PAGELAW FOLDER SHARDS SHARD OPTION... What a shard leaves is an archive on
# standard output, and archives follow one another.
# shellcheck disable=SC2016
shard='
pagelaw=$1 folder=$2/shard-$4 part=$4/$3 status=0
mkdir -p "$2" && mkdir "$folder" || exit 2
shift 4
"$pagelaw" explore "$@" --shard "$part" --keep "$folder" --format json \
    --output "$folder/result.json" 2> "$folder/log" > /dev/null || status=$?
sed "s|^|shard $part: |" "$folder/log" >&2
tar -cf - "$folder" && rm -r "$folder" || exit 2
[ "$status" -le 1 ]'

# An empty archive at the end, for there may be no other.
{
    seq "$shards" |
        parallel --sshlogin "$machines" --joblog "$folder/jobs" --quote \
            sh -c "$shard" explore "$pagelaw" "$folder" "$shards" {} "$@" || :
    tar -cf - -T /dev/null
} | tar -xif - || fail 'what came back could not be unpacked'

# A machine without a login shell ends a shard with 0, and nothing comes back.
good=" $(awk -F '\t' 'NR > 1 && $7 == 0 && $8 == 0 { print $1 }' "$folder/jobs" | tr '\n' ' ')"
failed=
for i in $(seq "$shards"); do
    case $good in
    *" $i "*) [ ! -e "$folder/shard-$i/result.json" ] || continue ;;
    esac
    failed=1
    echo "explore_parallel.sh: shard $i could not be run to its end" >&2
done

set -- "$folder"/shard-*/result.json
[ -e "$1" ] || fail 'no shard has a result'
status=0
"$pagelaw" merge --partial "$@" --format text --output "$folder/result.json" || status=$?
[ -z "$failed" ] || status=2
exit "$status"
