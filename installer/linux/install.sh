#!/bin/sh
# Installs the frozen program for one user, without root: sh install.sh [FOLDER] [--home DIR]
#
# FOLDER is the frozen program (default: the folder of this script); DIR the home folder (default: $HOME). Makes
#   DIR/.local/share/PACKAGE            the program
#   DIR/.local/share/applications/...   the menu entry, and its icon in icons/hicolor
#   DIR/.local/bin/EXECUTABLE           a link
# and writes what it made into PACKAGE/installed-files.json: the program removes exactly that list, nothing else.
# A file that is in the way and not ours stops the installation before anything is changed. Needs a POSIX shell and
# sha256sum; no Python, no network.
set -eu
umask 022
LC_ALL=C
export LC_ALL

die() { echo "install: $*" >&2; exit 1; }

folder= home=${HOME:-}
while [ $# -gt 0 ]; do
  case $1 in
    --home) [ $# -ge 2 ] || die "--home needs a folder"; home=$2; shift 2 ;;
    -*) die "unknown option $1 (usage: install.sh [FOLDER] [--home DIR])" ;;
    *) [ -z "$folder" ] || die "one folder only"; folder=$1; shift ;;
  esac
done
[ -n "$folder" ] || folder=$(dirname -- "$0")
[ -d "$folder" ] || die "$folder: no such folder"
[ -d "$home" ] || die "no home folder (give one with --home)"
folder=$(cd -- "$folder" && pwd -P)
home=$(cd -- "$home" && pwd -P)
conf=$folder/product.conf
[ -f "$conf" ] || die "$folder: not a built program (product.conf is missing)"

# Values come from the build and are checked all the same: they become names of files.
value() { sed -n "s/^$1=//p" "$conf" | head -n 1; }
name_of() {
  v=$(value "$1")
  case $v in '' | *[!A-Za-z0-9._-]* | .* | -*) die "product.conf: $1 is not a plain name" ;; esac
  printf '%s' "$v"
}
package=$(name_of PACKAGE) executable=$(name_of EXECUTABLE) id=$(name_of DESKTOP_ID) version=$(name_of VERSION)
name_pl=$(value NAME_PL | tr -d '\\') name_en=$(value NAME_EN | tr -d '\\')
[ -n "$name_pl" ] && [ -n "$name_en" ] || die "product.conf: the names are missing"
[ -x "$folder/$executable" ] || die "$folder/$executable: no such program"
command -v sha256sum >/dev/null || die "sha256sum is missing (package coreutils)"
case $home in *[\"\\\`\$]*) die "the home folder's name has a character that menu entries cannot hold" ;; esac

share=.local/share program=$share/$package
entry=$share/applications/$id.desktop icon=$share/icons/hicolor/scalable/apps/$id.svg link=.local/bin/$executable
list=$program/installed-files.json

# Everything is made ready in one folder of our own beside its place, and then moved file by file.
stage=$home/$share/.$package.staging
for name in .local "$share" "${stage#"$home/"}"; do
  [ ! -L "$home/$name" ] || die "$home/$name is a link; nothing was changed"
done
new_parents=
for name in .local "$share"; do [ -d "$home/$name" ] || new_parents="$new_parents $name"; done
mkdir -p "$home/$share"
rm -rf -- "$stage"
tidy() {
  rm -rf -- "$stage"
  # After a refusal the home folder is as it was; a folder that is not empty is in use and stays.
  for name in $share .local; do
    case " $new_parents " in *" $name "*) rmdir "$home/$name" 2>/dev/null || : ;; esac
  done
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$stage/new/$program" "$stage/new/$share/applications" "$stage/new/${icon%/*}" "$stage/new/.local/bin"
cp -R -P -p "$folder/." "$stage/new/$program/"
rm -f "$stage/new/$list" "$stage/new/$program/install.sh"
[ ! -f "$folder/app.svg" ] || mv "$stage/new/$program/app.svg" "$stage/new/$icon"
[ -f "$stage/new/$icon" ] || rmdir "$stage/new/${icon%/*}"
cat >"$stage/new/$entry" <<ENTRY
[Desktop Entry]
Type=Application
Name=$name_en
Name[pl]=$name_pl
Exec="$home/$program/$executable"
Icon=$id
Terminal=false
Categories=Network;RemoteAccess;
StartupNotify=true
ENTRY
ln -s "$home/$program/$executable" "$stage/new/$link"

# The list: one line each, so that a later installation and any tool can read it; JSON all the same.
( cd "$stage/new" && find . \( -type f -o -type l \) -print ) | sed 's|^\./||' | sort >"$stage/names"
if grep -q '[^A-Za-z0-9._/+@~ ,=()-]' "$stage/names"; then die "a file name has an unexpected character"; fi
: >"$stage/lines"
while IFS= read -r name; do
  if [ -L "$stage/new/$name" ]; then
    target=$(readlink "$stage/new/$name")
    case $target in *[\"\\]*) die "$name: an unexpected link" ;; esac
    printf '{"path": "%s", "link": "%s"}\n' "$name" "$target"
  else
    size=$(wc -c <"$stage/new/$name") sum=$(sha256sum <"$stage/new/$name")
    printf '{"path": "%s", "size": %d, "sha256": "%s"}\n' "$name" "$size" "${sum%% *}"
  fi
done <"$stage/names" >"$stage/lines"

# Whatever stands where we want to write must be ours (in the list of an earlier installation) or absent, and no folder
# on the way may be a link: removal never goes through one.
old=$stage/old
: >"$old"
[ ! -f "$home/$list" ] || sed -n 's/^\({"path": ".*}\),\{0,1\}$/\1/p' "$home/$list" >"$old"
sed 's/^{"path": "\([^"]*\)".*/\1/' "$old" >"$stage/old-names"
while IFS= read -r name; do
  if [ -e "$home/$name" ] || [ -L "$home/$name" ]; then
    { grep -qxF -- "$name" "$stage/old-names" && { [ -L "$home/$name" ] || [ ! -d "$home/$name" ]; }; } ||
      die "$home/$name is in the way and is not ours; nothing was changed"
  fi
done <"$stage/names"
( cd "$stage/new" && find . -type d -print ) | sed 's|^\./||' | grep -vx '\.' | sort >"$stage/all-folders"
while IFS= read -r name; do
  [ ! -L "$home/$name" ] || die "$home/$name is a link; nothing was changed"
done <"$stage/all-folders"

# Folders that will be new are ours and go again when they are empty; those of an earlier installation stay ours.
: >"$stage/folders"
[ ! -f "$home/$list" ] || sed -n 's/^"\([^"]*\)",\{0,1\}$/\1/p' "$home/$list" >"$stage/folders"
for name in $new_parents; do printf '%s\n' "$name"; done >>"$stage/folders"
while IFS= read -r name; do
  [ -d "$home/$name" ] || printf '%s\n' "$name"
done <"$stage/all-folders" >>"$stage/folders"
sort -u "$stage/folders" -o "$stage/folders"

comma() { sed '$!s/$/,/' "$1"; }
{
  printf '{\n"format": 1,\n"package": "%s",\n"version": "%s",\n"program": "%s",\n"folders": [\n' \
    "$package" "$version" "$program"
  sed 's/.*/"&"/' "$stage/folders" | sed '$!s/$/,/'
  printf '],\n"files": [\n'
  comma "$stage/lines"
  printf ']\n}\n'
} >"$stage/list"

# Old files that the new version does not have go first, if nobody changed them.
grep -vxF -f "$stage/names" "$stage/old-names" >"$stage/gone" || true
while IFS= read -r name; do
  sum=$(sed -n "s|^{\"path\": \"$name\", .*\"sha256\": \"\([0-9a-f]*\)\"}\$|\1|p" "$old")
  if [ -L "$home/$name" ] || { [ -f "$home/$name" ] && [ "$(sha256sum <"$home/$name")" = "$sum  -" ]; }; then
    rm -f -- "$home/$name"
  fi
done <"$stage/gone"

# The list first: if this is interrupted now, a removal or a second installation still knows what is ours.
while IFS= read -r name; do mkdir -p "$home/$name"; done <"$stage/folders"
mv -f "$stage/list" "$home/$list"
while IFS= read -r name; do
  # A link is replaced, not followed.
  [ ! -L "$home/$name" ] || rm -f -- "$home/$name"
  mv -f -- "$stage/new/$name" "$home/$name"
done <"$stage/names"
echo "$home/$program"
