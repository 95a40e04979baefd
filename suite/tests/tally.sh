#!/bin/sh
# Runs each test program and sums what they say: tally.sh PAGELAW PAGELAW.EXE COUNT PROGRAM...
#
# PAGELAW is the program under test and PAGELAW.EXE the same for Windows; the tests find them in
# their environment as PAGELAW and PAGELAW_EXE. The first test program must run COUNT tests of
# different names, and each other as many but for those of Wine, the SDK, ports, exploring and its
# recipes, which are about the program under test alone: one that is missing or skipped has failed.
set -eu

export PAGELAW="$1" PAGELAW_EXE="$2"
count=$3
shift 3

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' HUP INT TERM

# Faults belong to the tests: they catch them, or Criterion expects them. Criterion takes a test
# that leaks for passed, so what the sanitizers say goes to files.
export ASAN_OPTIONS="handle_segv=0:handle_sigbus=0:handle_sigill=0:log_path='$folder/sanitizer'"
export UBSAN_OPTIONS=print_stacktrace=1
export LSAN_OPTIONS=exitcode=0

# What the sanitizers report, but for leaks that nobody but Criterion itself had a part in.
keep_ours() {
    awk -v RS= '
        /^(Direct|Indirect) leak/ {
            lines = split($0, line, "\n")
            ours = 0
            for (i = 3; i <= lines; i++) if (line[i] !~ /libcriterion|libboxfort/) ours = 1
            if (lines < 3 || ours) leaks = leaks $0 "\n\n"
            next
        }
        /LeakSanitizer: detected memory leaks/ || /^SUMMARY: .* leaked in / { next }
        { print $0 "\n" }
        END { printf "%s", leaks }'
}

# A test that hangs must not hang the rest for ever.
limited() {
    if command -v timeout > /dev/null; then timeout -k 5 900 "$@"; else "$@"; fi
}

passed=0
failed=0
chosen='*'
for program; do
    echo "${program##*/}"
    status=0
    rm -f "$folder"/*
    limited "$program" -j2 --filter="$chosen" --tap="$folder/tap" < /dev/null || status=$?

    cat "$folder"/sanitizer.* 2> /dev/null | keep_ours > "$folder/reports"
    head -n 100 "$folder/reports"
    grep -E '^(not )?ok - ' "$folder/tap" 2> /dev/null | grep -v '# SKIP' > "$folder/ran" || :
    ok=$(grep -c '^ok' "$folder/ran") || :
    bad=$(grep -c '^not' "$folder/ran") || :
    names=$(sed 's/^.*ok - \([^ ]*\).*/\1/' "$folder/ran" | sort -u | wc -l)
    if [ "$names" -lt "$count" ]; then
        echo "${program##*/} ran $names tests of $count"
        bad=$((bad + count - names))
    elif [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ -s "$folder/reports" ]; }; then
        echo "${program##*/} ended with status $status; what is above is counted as a failure"
        bad=1
    fi
    if [ "$chosen" = '*' ]; then
        chosen='!(@(wine|sdk|port|ports|mistakes|page|browser|explore|unaided|recipes)/*)'
        count=$((count - $(grep -cE 'ok - (wine|sdk|port|ports|mistakes|page|browser|explore|unaided|recipes)::' "$folder/ran" || :)))
    fi
    passed=$((passed + ok))
    failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" -eq 0 ]
