#!/bin/sh
# What the tests need beside Python packages; on Debian and Ubuntu this installs what is missing.
# Browser tests: Chromium, a CJK font to show Chinese, and libatomic, without which the program that drives the browser does
# not start. Tests of large data: Java, on which Spark runs.
set -eu
have() { command -v "$1" >/dev/null 2>&1; }
if { have chromium || have chromium-browser || have google-chrome; } && have java &&
  fc-list 2>/dev/null | grep -qi cjk && /sbin/ldconfig -p | grep -q 'libatomic\.so\.1'; then
  exit 0
fi
if ! have apt-get; then
  echo "The tests need Chromium, a CJK font and Java 17: install them with the package manager of this system." >&2
  exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
# Java's package stops where the folder of manual pages is missing, as in the smallest systems
$as_root mkdir -p /usr/share/man/man1
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends \
  chromium fonts-noto-cjk fontconfig libatomic1 openjdk-17-jre-headless >/dev/null
