#!/bin/sh
# Other versions of Wine, each in a folder of its own: nothing of the system that it runs on is
# changed. They are Debian's packages of the releases below, with what they need of Debian.
#
# A run has a mount and a process namespace of its own: the folder's root with the host's below
# /host, and no process that outlives the program. All Wine writes is in the folder, so `rm -rf`
# removes it.
set -eu

usage() {
    cat <<END
usage: wine.sh get FOLDER RELEASE [MIRROR]
       wine.sh run FOLDER/RELEASE 64|32 PROGRAM.exe [ARGUMENT...]

get   makes FOLDER/RELEASE with that release's Wine, for 64-bit and for 32-bit programs:
          bullseye  Wine 5.0.3
          bookworm  Wine 8.0
          trixie    Wine 10.0
      MIRROR is the address of a Debian archive; default: the one that this system's apt uses.
run   runs a program in it: standard input, output and the exit status are the program's, and
      paths are those of this system. WINEDEBUG is as set, else -all.

To remove a Wine, remove its folder. Exit status of get: 0 it is there, 2 it is not.
END
}

# The folder's form; an older one is made anew.
form=1

# For chroot and mount, which Debian does not give an ordinary user's PATH.
PATH=$PATH:/usr/sbin:/sbin

say() { printf 'wine.sh: %s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 2
}

# The Wine of each release; of another version the published results would not be.
version_of() {
    case $1 in
    bullseye) echo 5.0.3-3 ;;
    bookworm) echo 8.0~repack-4 ;;
    trixie) echo 10.0~repack-6 ;;
    *) fail "found release \"$1\", wanted bullseye, bookworm or trixie" ;;
    esac
}

need_tools() {
    for tool in "$@"; do
        command -v "$tool" > /dev/null || fail "there is no $tool on this system: install it"
    done
}

# ---- Running --------------------------------------------------------------------------------

# An ordinary user is root in a user namespace; nobody else need be.
apart() {
    set -- unshare --mount --pid --fork --kill-child -- sh "$0" inside "$@"
    if [ "$(id -u)" -ne 0 ]; then
        shift
        set -- unshare --map-root-user "$@"
    fi
    exec "$@"
}

can_be_apart() {
    if (apart true) 2> /dev/null; then return; fi
    fail "this system lets $(id -un) make no namespaces: run this as root, or, where it is a" \
        'setting, allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)'
}

# In the namespaces: inside ROOT BITS PROGRAM ARGUMENT...
# Making an installation ends with the server's writing down what it keeps in memory.
inside() {
    [ "$1" != true ] || exit 0
    root=$1 bits=$2
    shift 2
    case $bits in 64) loader=wine64 ;; *) loader=wine ;; esac
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/tmp"
    mount --rbind / "$root/host"
    # Not exec: as the first process of its namespace the shell takes in those left behind.
    status=0
    in_root "/usr/lib/wine/$loader" "$@" || status=$?
    [ "$1" != wineboot ] || in_root "/usr/lib/wine/wineserver$bits" -w || : # it has gone already
    exit $status
}

in_root() {
    chroot "$root" /usr/bin/env -i -C "/host$PWD" PATH=/usr/bin HOME=/ LC_ALL=C.UTF-8 \
        WINEPREFIX="/prefix$bits" WINEARCH="win$bits" WINEDEBUG="${WINEDEBUG:--all}" \
        WINESERVER="/usr/lib/wine/wineserver$bits" \
        WINEDLLOVERRIDES='mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=' "$@"
}

# run_in FOLDER BITS PROGRAM ARGUMENT...
run_in() {
    folder=$(cd "$1" && pwd -P)
    bits=$2
    shift 2
    apart "$folder/root" "$bits" "$@"
}

run() {
    [ $# -ge 3 ] || fail 'run wants FOLDER/RELEASE, 64 or 32, and a program; --help tells more'
    [ "$(cat "$1/form" 2> /dev/null)" = $form ] ||
        fail "there is no Wine in $1: wine.sh get $(dirname "$1") $(basename "$1") makes it"
    case $2 in 64 | 32) ;; *) fail "found \"$2\", wanted 64 or 32: the program's bits" ;; esac
    [ -f "$3" ] || fail "there is no program $3"
    folder=$1 bits=$2 program=$3
    shift 3
    case $program in /*) program=/host$program ;; *) program=./$program ;; esac
    run_in "$folder" "$bits" "$program" "$@"
}

# ---- Getting --------------------------------------------------------------------------------

usual_mirror() {
    # shellcheck disable=SC2016 # apt's own words, not the shell's
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
        'Label: Debian' 'Component: main' | sort -u | head -n 1
}

# A configuration of apt that knows nothing of this system but how to reach the network.
# prepare_apt STATE RELEASE MIRROR
prepare_apt() {
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -f $keyring ] || fail "there is no $keyring: install debian-archive-keyring"
    mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$1/etc/apt.conf.d" \
        "$1/etc/preferences.d"
    : > "$1/status"
    echo "deb [signed-by=$keyring] $3 $2 main" > "$1/etc/sources.list"
    # The version is pinned below, so an index that is no longer renewed does no harm.
    {
        apt-config dump --format '%F "%v";%n' Acquire::http Acquire::https
        cat <<END
Dir "$1/";
Dir::State "state";
Dir::State::status "$1/status";
Dir::Cache "cache";
Dir::Etc "etc";
APT::Architecture "amd64";
APT::Architectures { "amd64"; "i386"; };
APT::Install-Recommends "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
END
    } > "$1/apt.conf"
}

# Whatever else libwine depends on is for sound, pictures and devices, and Wine does without.
# download STATE RELEASE VERSION
download() {
    [ "$2" = bullseye ] || set -- "$@" libz-mingw-w64
    state=$1 release=$2 version=$3
    shift 3
    export APT_CONFIG="$state/apt.conf"
    apt-get -q update >&2
    has=$(apt-cache show --no-all-versions wine64 2> /dev/null | sed -n 's/^Version: //p')
    [ "$has" = "$version" ] ||
        fail "$release has Wine ${has:-not at all} at this mirror, and this script knows" \
            "$version: name an archive that has it (wine.sh get FOLDER $release MIRROR)"
    apt-get -q -y --download-only install libc6 libc6:i386 libunwind8 libunwind8:i386 \
        coreutils "$@" >&2
    (
        cd "$state/cache/archives"
        apt-get -q download "wine64=$version" "libwine=$version" "wine32:i386=$version" \
            "libwine:i386=$version" >&2
    )
    unset APT_CONFIG
}

# unpack STATE NEW
unpack() {
    mkdir -p "$2/root/usr/bin" "$2/root/usr/lib" "$2/root/usr/lib64" "$2/root/usr/sbin"
    for name in bin lib lib64 sbin; do ln -s usr/$name "$2/root/$name"; done
    mkdir "$2/root/proc" "$2/root/dev" "$2/root/tmp" "$2/root/host"
    for package in "$1"/cache/archives/*.deb; do
        dpkg-deb --field "$package" Package Version Architecture | sed 's/^[^:]*: //' |
            paste -s -d ' ' - >> "$2/packages"
        dpkg-deb --fsys-tarfile "$package" |
            tar -x --keep-directory-symlink --no-same-owner -C "$2/root" -f - \
                --exclude='./usr/share/doc' --exclude='./usr/share/man'
    done
    mark_zlib "$2/root"
}

# What the packages do when they are installed: Wine takes only a library that is marked as its own.
mark_zlib() {
    for wine in "$1"/usr/lib/*/wine/*-windows; do
        kind=$(basename "$wine" -windows)
        [ "$kind" != i386 ] || kind=i686
        library=$1/usr/$kind-w64-mingw32/lib/zlib1.dll
        [ -f "$library" ] || continue
        {
            head -c 64 "$library"
            printf 'Wine builtin DLL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
            tail -c +97 "$library"
        } > "$wine/zlib1.dll"
    done
}

# The installation that a program of so many bits runs in: make_prefix NEW BITS
make_prefix() {
    say "preparing the $2-bit Wine, once: some seconds"
    mkdir "$1/root/prefix$2"
    (run_in "$1" "$2" wineboot -i) < /dev/null > "$1/log" 2>&1 || {
        cat "$1/log" >&2
        fail "the $2-bit Wine does not start: the lines above are its own"
    }
    rm "$1/log"
}

get() {
    case $# in 2 | 3) ;; *) fail 'get wants FOLDER and RELEASE; --help tells more' ;; esac
    version=$(version_of "$2")
    if [ "$(cat "$1/$2/form" 2> /dev/null)" = $form ]; then
        say "Wine $version is in $1/$2"
        return
    fi
    [ ! -e "$1/$2" ] || fail "$1/$2 is there and is not a Wine of this script: remove it"
    [ "$(uname -m)" = x86_64 ] || fail "these Wines are for x86-64, and this is $(uname -m)"
    need_tools apt-get apt-cache apt-config dpkg-deb tar unshare mount chroot
    can_be_apart
    mirror=${3-$(usual_mirror)}
    [ -n "$mirror" ] || fail "this system's apt has no Debian archive: give one's address," \
        "wine.sh get $1 $2 MIRROR"
    mkdir -p "$1"
    new=$(cd "$1" && pwd -P)/$2.$$
    trap 'rm -rf "$new"' EXIT
    trap 'exit 130' HUP INT TERM
    prepare_apt "$new/apt" "$2" "$mirror"
    say "getting Wine $version of Debian $2"
    download "$new/apt" "$2" "$version"
    say 'unpacking'
    unpack "$new/apt" "$new"
    rm -r "$new/apt"
    make_prefix "$new" 64
    make_prefix "$new" 32
    echo $form > "$new/form"
    mv "$new" "$1/$2"
    say "Wine $version is in $1/$2"
}

case ${1-} in
get | run | inside)
    command=$1
    shift
    "$command" "$@"
    ;;
-h | --help) usage ;;
*)
    usage >&2
    exit 2
    ;;
esac
