#!/bin/sh
# Installs the frozen program for one user, without root: sh install.sh [--home DIR] [--no-run] [FOLDER]
#
# FOLDER is the frozen program (default: the folder of this script), DIR a home folder (default: $HOME). Makes, below
# ${XDG_DATA_HOME:-DIR/.local/share}:
#   PACKAGE/app-N              one version of the program; PACKAGE/app is a link to the one in use
#   PACKAGE/installed-files.json   what was made, with hashes: removal deletes exactly that
#   applications/..., icons/...    the menu entry and its icon, and a link in DIR/.local/bin
# Rules: a version is complete before the link is turned to it in one step, so whatever interrupts an update leaves the
# old program or the new one. The list names at every moment at least what is there. A file that is not ours is never
# replaced or deleted. Needs a POSIX shell and coreutils or busybox; no Python, no network.
#
# Prints the path of the program. Ends with 0, or: 64 wrong use, 65 damaged program, 73 a place cannot be written,
# 74 no room on the disk, 75 the program is open, 77 somebody else's home folder.
set -eu
umask 022
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in pl*) polish=1 ;; *) polish=0 ;; esac
LC_ALL=C
export LC_ALL

say() { if [ $polish = 1 ]; then printf 'install: %s\n' "$1" >&2; else printf 'install: %s\n' "$2" >&2; fi; }
die() { code=$1; shift; say "$@"; exit "$code"; }

# --- what was asked for ------------------------------------------------------------------------------------------
folder='' home=${HOME:-} data=${XDG_DATA_HOME:-} given=0 run=1
while [ $# -gt 0 ]; do
  case $1 in
    --home) [ $# -ge 2 ] || die 64 "--home: brakuje folderu." "--home needs a folder."; home=$2 data='' given=1; shift 2 ;;
    --no-run) run=0; shift ;;
    -*) die 64 "nieznana opcja $1" "unknown option $1 (install.sh [--home DIR] [--no-run] [FOLDER])" ;;
    *) [ -z "$folder" ] || die 64 "podaj jeden folder." "one folder only."; folder=$1; shift ;;
  esac
done
folder=${folder:-$(dirname -- "$0")}
case $folder in -*) folder=./$folder ;; esac
[ -d "$folder" ] || die 64 "Nie ma folderu $folder." "There is no folder $folder."
folder=$(cd -P "$folder" && pwd)
case $home in /*) ;; *) home=$PWD/$home ;; esac
[ -d "$home" ] || die 73 "Nie ma folderu domowego $home." "There is no home folder $home."
home_said=$home home=$(cd -P "$home" && pwd)
newline='
'
case $home in *"$newline"*) die 73 "Nazwa folderu domowego ma znak końca wiersza." "The home folder's name has a line break." ;; esac

owner=$(ls -ldn "$home/." | awk '{ print $3 }')
if [ "$owner" != "$(id -u)" ]; then
  die 77 "Folder $home należy do kogoś innego. Uruchom jako jego właściciel, bez sudo." \
    "$home belongs to somebody else. Run this as its owner, without sudo."
fi

# --- the program, as it was built ----------------------------------------------------------------------------------
damaged() {
  die 65 "Program jest niekompletny lub zmieniony ($1). Pobierz go jeszcze raz." \
    "The program is incomplete or was changed ($1). Download it again."
}
[ -f "$folder/product.conf" ] && [ -f "$folder/product.files" ] || damaged product.files
value() { sed -n "s/^$1=//p" "$folder/product.conf" | head -n 1; }
name_of() {
  v=$(value "$1")
  case $v in '' | *[!A-Za-z0-9._-]* | .* | -*) damaged "product.conf, $1" ;; esac
  printf '%s' "$v"
}
package=$(name_of PACKAGE)
executable=$(name_of EXECUTABLE)
id=$(name_of DESKTOP_ID)
version=$(name_of VERSION)
name_pl=$(value NAME_PL | tr -d '\\')
name_en=$(value NAME_EN | tr -d '\\')
[ -n "$name_pl" ] && [ -n "$name_en" ] || damaged "product.conf"
[ -f "$folder/$executable" ] || damaged "$executable"
command -v sha256sum >/dev/null || die 65 "Brakuje programu sha256sum." "The program sha256sum is missing."

# --- where it goes: everything is below one base, which is home unless data folders lie elsewhere ------------------
is_link_between() { # is there a link between folder $1 and the path $2 below it?
  part=$1
  old_ifs=$IFS IFS=/
  set -f
  for piece in $2; do
    part=$part/$piece
    if [ -L "$part" ]; then IFS=$old_ifs; set +f; return 0; fi
  done
  IFS=$old_ifs
  set +f
  return 1
}
case $data in /*) ;; *) data=$home/.local/share ;; esac
data=${data%/}
case $data in "$home_said"/*) data=$home/${data#"$home_said"/} ;; esac
base=$home share=${data#"$home"/}
case $share in
  /* | *[!A-Za-z0-9._/-]* | *//* | ./* | */./* | */. | ../* | */../* | */..) base='' ;;
  *) if is_link_between "$home" "$share"; then base=''; fi ;;
esac
cannot_write() {
  die 73 "Nie można zapisywać w $1. Sprawdź uprawnienia do tego folderu." \
    "Cannot write in $1. Check the permissions of that folder."
}
if [ -z "$base" ]; then
  mkdir -p "$data" 2>/dev/null || cannot_write "$data"
  base=$(cd -P "$data" && pwd) share=''
fi
here=${share:+$share/}
program=$here$package
root=$base/$program list=$base/$program/installed-files.json
if is_link_between "$base" "$program"; then
  die 73 "$root jest dowiązaniem. Niczego nie zmieniono." "$root is a link. Nothing was changed."
fi
for place in "$root" "$list" "$root/app"; do
  is_wrong=0
  case $place in
    "$root") if [ -e "$place" ] && [ ! -d "$place" ]; then is_wrong=1; fi ;;
    "$list") if [ -L "$place" ] || { [ -e "$place" ] && [ ! -f "$place" ]; }; then is_wrong=1; fi ;;
    *) if [ -e "$place" ] && [ ! -L "$place" ]; then is_wrong=1; fi ;;
  esac
  [ $is_wrong = 0 ] || die 73 "$place: w tym miejscu jest coś, co nie należy do programu. Niczego nie zmieniono." \
    "$place is in the way and is not ours. Nothing was changed."
done
if ls -l /proc/[0-9]*/exe 2>/dev/null | grep -qF -- " -> $root/app-"; then
  die 75 "Program jest otwarty. Zamknij go i spróbuj jeszcze raz." "The program is open. Close it and try again."
fi

# --- a folder of our own to make everything ready in ---------------------------------------------------------------
nearest=$root
while [ ! -d "$nearest" ]; do nearest=${nearest%/*}; nearest=${nearest:-/}; done
needed=$(awk -F '\t' '$1 != "link" { bytes += $2 } END { printf "%d", bytes / 1024 * 1.1 + 2048 }' "$folder/product.files")
free=$(df -Pk "$nearest" | awk 'NR > 1 { free = $4 } END { print free }')
no_room() {
  die 74 "Za mało miejsca na dysku: potrzeba $((needed / 1024)) MB w $nearest. Niczego nie zmieniono." \
    "Not enough room on the disk: $((needed / 1024)) MB are needed in $nearest. Nothing was changed."
}
case $free in '' | *[!0-9]*) ;; *) [ "$free" -ge "$needed" ] || no_room ;; esac

stage=$root/.staging new_folders=''
note_new() { # notes those folders on the way to $1 that are not there yet: they will be ours
  way=''
  old_ifs=$IFS IFS=/
  set -f
  for piece in $1; do
    way=${way:+$way/}$piece
    [ -d "$base/$way" ] || new_folders="$new_folders$way$newline"
  done
  IFS=$old_ifs
  set +f
}
note_new "$program"
drop_new() { # deletes the noted folders that are empty, the inner first
  printf '%s' "$new_folders" | sort -r | while IFS= read -r name; do rmdir "$base/$name" 2>/dev/null || :; done
}
tidy() { rm -rf -- "$stage"; drop_new; }
mkdir -p "$root" 2>/dev/null || { drop_new; cannot_write "$root"; }
if ! mkdir "$stage" 2>/dev/null; then
  other=$(cat "$stage/pid" 2>/dev/null || :)
  case $other in '' | *[!0-9]*) other=0 ;; esac
  if [ "$other" != 0 ] && [ "$other" != $$ ] && tr '\0' ' ' <"/proc/$other/cmdline" 2>/dev/null | grep -q install; then
    die 75 "Instalacja już trwa." "Another installation is running."
  fi
  rm -rf -- "$stage"
  mkdir "$stage" 2>/dev/null || { drop_new; cannot_write "$root"; }
fi
trap tidy EXIT
trap 'exit 1' HUP INT TERM
broken() { # a write failed: say why as far as it can be known
  left=$(df -Pk "$root" 2>/dev/null | awk 'NR > 1 { free = $4 } END { print free }')
  case $left in '' | *[!0-9]*) ;; *) [ "$left" -ge 2048 ] || no_room ;; esac
  cannot_write "$root"
}
echo $$ >"$stage/pid" 2>/dev/null || broken
new=$stage/new
mkdir "$new" || broken
cp -RPp "$folder/$executable" "$folder/_internal" "$new/" 2>/dev/null || broken
( cd "$new" && find . \( -type f -o -type l \) -print ) | sed 's|^\./||' | sort >"$stage/there"
cut -f 3 "$folder/product.files" | sort >"$stage/listed"
difference=$(comm -3 "$stage/there" "$stage/listed" | head -n 1 | tr -d '\t')
[ -z "$difference" ] || damaged "$difference"
! grep -q '[^A-Za-z0-9._/+@ ,=()-]' "$stage/there" || damaged "product.files"
awk -F '\t' '$1 != "link" { print $1 "  " $3 }' "$folder/product.files" >"$stage/sums"
( cd "$new" && sha256sum -c "$stage/sums" >"$stage/checked" 2>/dev/null ) ||
  damaged "$(sed -n 's/: FAILED.*//p' "$stage/checked" | head -n 1)"
awk -F '\t' '$1 == "link" { print $2 "\t" $3 }' "$folder/product.files" >"$stage/links"
tab=$(printf '\t')
while IFS=$tab read -r target name; do
  [ "$(readlink "$new/$name")" = "$target" ] || damaged "$name"
done <"$stage/links"
chmod 755 "$new/$executable" || broken

# --- what stands outside of our own folder; whatever is in the way there is left out, and said ----------------------
number=1
while [ -e "$root/app-$number" ] || [ -L "$root/app-$number" ]; do number=$((number + 1)); done
slot=app-$number
: >"$stage/old"
[ ! -f "$list" ] || sed -n 's/^\({"path": "[^"\\]*", .*}\),\{0,1\}$/\1/p' "$list" >"$stage/old"
is_ours() { grep -qF -- "{\"path\": \"$1\", " "$stage/old"; }
is_free() { # may $1 be written? Not through a link, and not over what is not ours
  case $1 in */*) ! is_link_between "$base" "${1%/*}" || return 1 ;; esac
  if [ -L "$base/$1" ] || [ -f "$base/$1" ]; then is_ours "$1"; else [ ! -e "$base/$1" ]; fi
}
# Desktop Entry Specification: inside quotes " ` $ \ are escaped, each backslash again as a string, and % is doubled.
exec_path=$(printf '%s' "$root/app/$executable" | sed 's/\\/\\\\\\\\/g; s/"/\\\\"/g; s/`/\\\\`/g; s/[$]/\\\\$/g; s/%/%%/g')
entry=${here}applications/$id.desktop
svg=${here}icons/hicolor/scalable/apps/$id.svg
png=${here}icons/hicolor/256x256/apps/$id.png
link=.local/bin/$executable
cat >"$stage/entry" <<ENTRY
[Desktop Entry]
Type=Application
Name=$name_en
Name[pl]=$name_pl
Exec="$exec_path"
Icon=$id
Terminal=false
Categories=Network;RemoteAccess;
StartupNotify=true
ENTRY
outside=''
for pair in "entry $entry" "svg $svg" "png $png" "link $link"; do
  what=${pair%% *} place=${pair#* }
  if [ "$what" = link ] && [ "$base" != "$home" ]; then continue; fi
  if { [ "$what" = svg ] || [ "$what" = png ]; } && [ ! -f "$folder/icon.$what" ]; then continue; fi
  if is_free "$place"; then
    outside="$outside$pair$newline"
    note_new "${place%/*}"
  else
    say "$base/$place: zajęte przez coś innego, pominięto." "$base/$place is taken by something else and was left out."
  fi
done
# Where the program will keep log and settings, so that removal can leave a home folder exactly as it was.
private=''
if [ "$base" = "$home" ]; then
  for place in .config/$package .local/state/$package; do
    if ! is_link_between "$base" "$place" && [ ! -e "$base/$place" ]; then
      private="$private$place$newline"
      note_new "$place"
    fi
  done
fi
case $outside in *"png "*) cp "$folder/icon.png" "$stage/png" || broken ;; esac
case $outside in *"svg "*) cp "$folder/icon.svg" "$stage/svg" || broken ;; esac
ln -s "../../$program/app/$executable" "$stage/link" || broken

# --- the list: one line each, so that this script and any tool can read it; JSON all the same ------------------------
line_of() { # path in the list, file
  if [ -L "$2" ]; then
    printf '{"path": "%s", "link": "%s"}\n' "$1" "$(readlink "$2")"
  else
    sum=$(sha256sum <"$2")
    printf '{"path": "%s", "size": %d, "sha256": "%s"}\n' "$1" "$(wc -c <"$2")" "${sum%% *}"
  fi
}
{
  printf '%s' "$outside" | while read -r what place; do line_of "$place" "$stage/$what"; done
  printf '{"path": "%s/app", "link": "%s"}\n' "$program" "$slot"
  awk -F '\t' -v p="$program/$slot/" '
    $1 == "link" { printf "{\"path\": \"%s%s\", \"link\": \"%s\"}\n", p, $3, $2; next }
    { printf "{\"path\": \"%s%s\", \"size\": %s, \"sha256\": \"%s\"}\n", p, $3, $2, $1 }' "$folder/product.files"
} >"$stage/lines"
{
  [ ! -f "$list" ] || sed -n 's/^"\([^"\\]*\)",\{0,1\}$/\1/p' "$list" | grep -vF -- "$program/app-" || :
  printf '%s' "$new_folders"
  ( cd "$new" && find . -type d -print ) | sed "s|^\.|$program/$slot|"
} | sort -u >"$stage/folders"
write_list() { # from the files with entries and with folders; in place in one step
  {
    printf '{\n"format": 1,\n"package": "%s",\n"version": "%s",\n"program": "%s",\n"folders": [\n' \
      "$package" "$version" "$program"
    sed 's/.*/"&"/' "$2" | sed '$!s/$/,/'
    printf '],\n"files": [\n'
    sort -u "$1" | sed '$!s/$/,/'
    printf ']\n}\n'
  } >"$stage/list" || return 1
  # A disk that ran full in between would leave a list with a hole.
  expected=$(sort -u "$1" | wc -l) expected=$((expected + $(wc -l <"$2") + 10))
  [ "$(wc -l <"$stage/list")" = $expected ] && mv -f "$stage/list" "$list"
}
cat "$stage/lines" "$stage/old" >"$stage/both"
{
  cat "$stage/folders"
  [ ! -f "$list" ] || sed -n 's/^"\([^"\\]*\)",\{0,1\}$/\1/p' "$list"
} | sort -u >"$stage/both-folders"

# --- from here on something changes ---------------------------------------------------------------------------------
printf '%s' "$outside" | while read -r what place; do
  mkdir -p "$base/${place%/*}" 2>/dev/null || exit 1
done || broken
printf '%s' "$private" | ( umask 077; while read -r place; do mkdir -p "$base/$place" 2>/dev/null || exit 1; done ) || broken
write_list "$stage/both" "$stage/both-folders" || broken
mv "$new" "$root/$slot" || broken
# What the link will lead to must be on the disk before the link is.
sync -f "$root" 2>/dev/null || sync
ln -s "$slot" "$stage/app" || broken
mv -fT "$stage/app" "$root/app" || broken
printf '%s' "$outside" | while read -r what place; do
  mv -fT "$stage/$what" "$base/$place" || exit 1
done || broken

# Earlier versions go: every file that is still as it was installed. find does not walk through links.
for earlier in "$root"/app-*; do
  if [ "$earlier" = "$root/$slot" ] || [ -L "$earlier" ] || [ ! -d "$earlier" ]; then continue; fi
  inside=$program/${earlier##*/}
  ( cd "$earlier" && find . -type f -exec sha256sum {} + ) 2>/dev/null | sed 's|^\\\{0,1\}\([0-9a-f]*\)  \./|\1 |' |
    while IFS= read -r found; do
      name=${found#* }
      if grep -F -- "{\"path\": \"$inside/$name\", " "$stage/old" | grep -qF -- "\"${found%% *}\""; then
        rm -f -- "$earlier/$name"
      fi
    done
  ( cd "$earlier" && find . -type l -print ) | sed 's|^\./||' | while IFS= read -r name; do
    entry_line="{\"path\": \"$inside/$name\", \"link\": \"$(readlink "$earlier/$name")\"}"
    ! grep -qxF -- "$entry_line" "$stage/old" || rm -f -- "$earlier/$name"
  done
  find "$earlier" -depth -type d -exec rmdir {} \; 2>/dev/null || :
  [ ! -d "$earlier" ] ||
    say "$earlier: zostawiono pliki, które nie należą do programu lub zostały zmienione." \
      "$earlier: files that are not ours or were changed were left there."
done
write_list "$stage/lines" "$stage/folders" || broken

trap - EXIT HUP INT TERM
rm -rf -- "$stage"
printf '%s\n' "$root/app/$executable"
[ $run = 1 ] || exit 0
# With --home the environment's own folders are another home's.
[ $given = 0 ] || unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_CACHE_HOME
HOME=$home
export HOME
exec "$root/app/$executable"
