#!/bin/sh
# The browser tests need Chromium, a CJK font to show Chinese, and libatomic, without which the program that drives the
# browser does not start; on Debian and Ubuntu this installs what is missing.
set -eu
have() { command -v "$1" >/dev/null 2>&1; }
if { have chromium || have chromium-browser || have google-chrome; } &&
  fc-list 2>/dev/null | grep -qi cjk && /sbin/ldconfig -p | grep -q 'libatomic\.so\.1'; then
  exit 0
fi
if ! have apt-get; then
  echo "The browser tests need Chromium: install it with the package manager of this system." >&2
  exit 1
fi
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -qq
$as_root apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig libatomic1 >/dev/null
