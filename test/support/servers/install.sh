#!/bin/sh
# Installs Debian packages for the tests without starting any of their services, now or after the next boot. Removes nothing. The caller holds
# the lock and bounds the time.
set -eu
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
kept="$policy.before-portcullis"

restore() {
  rm -f "$policy"
  if [ -e "$kept" ]; then mv "$kept" "$policy"; fi
}
trap restore EXIT
trap 'exit 1' INT TERM HUP
# One that was stopped half-way has left the real one here.
if [ -e "$policy" ] && [ ! -e "$kept" ]; then mv "$policy" "$kept"; fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

# Postfix asks what kind of host this is; the tests bring their own configuration.
if command -v debconf-set-selections >/dev/null; then
  echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
fi
install() { apt-get install -y -q --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 "$@"; }
install "$@" || { apt-get update -q && install "$@"; }

if [ -d /run/systemd/system ]; then
  for package in "$@"; do
    for unit in $(dpkg -L "$package" | sed -n 's#^/lib/systemd/system/\([^/@]*\.\(service\|socket\)\)$#\1#p'); do
      systemctl disable --quiet "$unit" || true
    done
  done
fi
