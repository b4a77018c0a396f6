/* The one table of routes: method, path ({n} is a number, {path} the rest), operationId of
 * api/openapi.yaml, cap of the body in bytes. No include guard: included with ROUTE defined. */
ROUTE(GET, "/api/v1/lines", listLines, 0)
ROUTE(POST, "/api/v1/lines", writeLine, 32768)
ROUTE(POST, "/api/v1/lines/{n}/erase", eraseLine, 1024)
ROUTE(POST, "/api/v1/lines/{n}/open", openLine, 1024)
ROUTE(GET, "/api/v1/events", events, 0)
ROUTE(GET, "/api/v1/proofs/{n}", proveEntry, 0)
ROUTE(GET, "/api/v1/status", status, 0)
ROUTE(GET, "/log/key", logKey, 0)
ROUTE(GET, "/log/checkpoint", logCheckpoint, 0)
ROUTE(GET, "/log/tile/{path}", logTile, 0)
ROUTE(GET, "/healthz", health, 0)
