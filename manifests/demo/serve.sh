#!/bin/sh
# Process 1 of a container gets no default action for signals: without this trap SIGTERM would be ignored.
trap 'kill -TERM "$server" 2>/dev/null; exit 0' TERM INT
echo "serving ${GREETING:-hello} on port 8080"
/bin/busybox httpd -f -p 8080 -h /app/www &
server=$!
wait "$server"
