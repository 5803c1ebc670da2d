#!/usr/bin/env bash
source ./common.sh
. lib/colors.sh

readonly TARGET="build"
count=0

# Builds everything.
build() {
  local name="$1"
  echo "$name"
}

function clean {
  rm -rf "$TARGET"
}

build all
