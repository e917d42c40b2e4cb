#!/bin/sh
# Runs once, when PostgreSQL's volume is new: one database and one login a service, as deploy/local/databases.py does.
set -eu

for service in intake quotes production notify lifecycle; do
    variable="TOUCHMARK_$(echo "$service" | tr '[:lower:]' '[:upper:]')_PASSWORD"
    psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set name="touchmark_$service" \
        --set password="$(printenv "$variable")" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
