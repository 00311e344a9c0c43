#!/bin/sh
# Hands every file of SECRETS_DIR (default /run/secrets) that is named like a variable over as that variable,
# then becomes `puntual` with the arguments it was given. Secrets then stand in no compose file and no `docker inspect`.
set -eu
for file in "${SECRETS_DIR:-/run/secrets}"/[A-Z]*; do
  [ -f "$file" ] || continue
  export "${file##*/}=$(cat "$file")"
done
exec puntual "$@"
