#!/usr/bin/env bash
# Unpack a current Neovim from Debian's packages into a folder of its own; the system is not changed.
# Usage: neovim.sh FOLDER [SUITE]; afterwards FOLDER/nvim runs. Needs apt-get and Debian's archive keyring, no root.
set -eu
folder=$(mkdir -p "$1" && cd "$1" && pwd)
suite=${2:-forky}
[ -x "$folder/nvim" ] && exit 0

apt="$folder/apt"
mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/preferences" "$apt/sources"
# apt believes that nothing is installed, so it fetches the C library as well and nothing mixes with the system's.
: > "$apt/status"
mirror=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources)
cat > "$apt/sources/debian.sources" <<SOURCES
Types: deb
URIs: $mirror
Suites: $suite
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
cat > "$apt/apt.conf" <<CONF
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources";
Dir::Etc::preferencesparts "$apt/preferences";
APT::Install-Recommends "false";
Acquire::Languages "none";
Debug::NoLocking "true";
CONF
export APT_CONFIG="$apt/apt.conf"
apt-get -qq update
apt-get -qq --yes --download-only install neovim neovim-runtime
for package in "$apt"/cache/archives/*.deb; do
    dpkg-deb --extract "$package" "$folder/root"
done
rm -rf "$apt"

# The program needs the C library that was fetched with it: started through that library's own loader.
cat > "$folder/nvim.new" <<NVIM
#!/bin/sh
VIMRUNTIME="$folder/root/usr/share/nvim/runtime" exec "$folder/root/usr/lib64/ld-linux-x86-64.so.2" \\
    --library-path "$folder/root/usr/lib/x86_64-linux-gnu" "$folder/root/usr/bin/nvim" "\$@"
NVIM
chmod +x "$folder/nvim.new"
mv "$folder/nvim.new" "$folder/nvim"
