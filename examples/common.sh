# Sourced by the scripts of the examples, which set root to the project's directory: finds Java and
# Maven, and builds. Leaves java, release (of Java) and repo (Maven's local repository).

die() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# --- Java and Maven ------------------------------------------------------------------------------

java=java
if [[ -n ${JAVA_HOME-} ]]; then
  java=$JAVA_HOME/bin/java
fi
command -v "$java" >/dev/null || die "no $java: install a JDK, 17 or later, or set JAVA_HOME"
release=$("$java" -XshowSettings:properties -version 2>&1 |
  sed -n 's/^ *java\.specification\.version = //p')
[[ $release =~ ^[0-9]+$ ]] && ((release >= 17)) ||
  die "$java is Java ${release:-unknown}; 17 or later is needed: set JAVA_HOME"

# Java takes the home directory from the password file. Where that one cannot be used (a service
# account, a container), HOME is what the user means.
java_home_dir=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *user\.home = //p')
if [[ -n ${HOME-} && $java_home_dir != "$HOME" && ! -w $java_home_dir ]]; then
  export MAVEN_OPTS="-Duser.home=$HOME ${MAVEN_OPTS-}"
  java_home_dir=$HOME
fi

maven_repo() {
  local word found=
  for word in ${MAVEN_OPTS-} ${MAVEN_ARGS-}; do
    case $word in -Dmaven.repo.local=*) found=${word#*=} ;; esac
  done
  found=${MAVEN_REPO:-$found}
  if [[ -z $found && -r $java_home_dir/.m2/settings.xml ]]; then
    found=$(sed -n 's:.*<localRepository>\([^<$]*\)</localRepository>.*:\1:p' \
      "$java_home_dir/.m2/settings.xml" | head -n 1)
  fi
  echo "${found:-$java_home_dir/.m2/repository}"
}
repo=$(maven_repo)
readonly repo

# up_to_date MODULE,... JAR...: whether each jar is newer than the sources of each module.
up_to_date() {
  local modules jar
  IFS=, read -ra modules <<<"$1"
  shift
  for jar in "$@"; do
    [[ -f $jar ]] || return 1
    [[ -z $(find "$root"/pom.xml "$root"/META-INF "${modules[@]/#/$root/}" \
      -name target -prune -o -type f -newer "$jar" -print -quit) ]] || return 1
  done
}

# build_missing MODULE,... JAR...: has Maven build the modules if their jars are missing or old.
build_missing() {
  up_to_date "$@" && return
  command -v mvn >/dev/null || die "no mvn: install Maven, 3.8 or later"
  mkdir -p -- "$repo" 2>/dev/null && [[ -w $repo ]] ||
    die "cannot write to the Maven repository $repo: set HOME or MAVEN_REPO to a place you own"
  [[ -w $root && -w $root/provider ]] || die "cannot build in $root: copy it to a place you own"
  echo "Building ..."
  (cd "$root" && mvn -q -B -ntp -Dmaven.repo.local="$repo" -DskipTests -Dspotless.check.skip \
    -pl "$1" -am package)
  # Jars that did not change keep their old time: say that they are as new as their sources.
  touch -c -- "${@:2}"
}

# --- Where to copy -------------------------------------------------------------------------------

free_mib() {
  echo $(($(df --output=avail -B1 -- "$1" | tail -n 1) >> 20))
}
