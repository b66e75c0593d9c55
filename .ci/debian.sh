# Sourced: packages of Debian for the time being. Nothing is installed.

# debian_update DIR SUITE...: fetches the lists of suites into a directory. Leaves in apt the options
# with which apt-get and apt-cache use them.
debian_update() {
  local into=$1 keys=/usr/share/keyrings/debian-archive-keyring.gpg mirror suite
  shift
  mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
    grep -v '^ *#' | grep -oE 'https?://[^ ]+/debian\b' | head -n 1) || true
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null && [[ -n $mirror && -f $keys ]] || return
  mkdir -p -- "$into/lists/partial" "$into/cache/archives/partial"
  for suite; do
    [[ $suite == *-security ]] && suite="-security $suite" || suite=" $suite"
    echo "deb [signed-by=$keys] $mirror$suite main"
  done >"$into/sources.list"
  apt=(-qq -o "Dir::Etc::sourcelist=$into/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$into/lists" -o "Dir::Cache=$into/cache" -o Acquire::Languages=none
    -o APT::Sandbox::User=root -o Acquire::Retries=1 -o Acquire::http::Timeout=20)
  timeout 120 apt-get "${apt[@]}" update
}
