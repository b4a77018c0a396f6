"""What openapi_c.py makes of an API file, and what it refuses, each with its line."""
import os
import re
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import openapi_c  # noqa: E402

GOOD = """\
openapi: 3.1.0
paths:
  /a/{n}:
    get:
      operationId: readA
      x-action: see
      parameters:
        - { name: n, in: path, required: true, schema: { type: integer, minimum: 1 } }
        - { name: q, in: query, schema: { type: string, maxLength: 9, default: all } }
      responses: { "200": { description: it, content: { application/json: { schema: { $ref: "#/components/schemas/A" } } } } }
    post:
      operationId: writeA
      x-action: write
      parameters:
        - { name: n, in: path, required: true, schema: { type: integer, minimum: 1 } }
        - { $ref: "#/components/parameters/RequestId" }
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/New" } } } }
      responses: { default: { description: it } }
  /later:
    get: { operationId: later, x-action: see, x-planned: true, responses: { "200": { description: it } } }
components:
  parameters:
    RequestId: { name: Idempotency-Key, in: header, required: true, schema: { type: string, pattern: "^[A-Za-z0-9_-]{16,64}$" } }
  schemas:
    A: { type: object, required: [m], properties: { m: { type: number }, more: { type: object, additionalProperties: { type: string } } } }
    New:
      type: object
      required: [text]
      properties:
        text: { type: string, minLength: 1, maxLength: 40, x-bytes-max: 100 }
        kind: { type: string, enum: ["yes", "no"] }
        list: { type: array, maxItems: 3, items: { type: string, format: date } }
"""
FUNCTIONS = "enum api_next route_readA(struct api *api)\nenum api_next route_writeA(struct api *api)\n"


class Generator(unittest.TestCase):
    def made(self, text=GOOD, functions=FUNCTIONS):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.c")
            with open(path, "w", encoding="utf-8") as f:
                f.write(functions)
            return openapi_c.c_of(text, [path])

    def refused(self, old, new, says, at=None, functions=FUNCTIONS):
        """With `old` become `new` it is refused, in the line of `at` (of `new`, where that is not given)."""
        self.assertIn(old, GOOD)
        text = GOOD.replace(old, new, 1)
        with self.assertRaises(openapi_c.Wrong) as caught:
            self.made(text, functions)
        self.assertRegex(str(caught.exception), says)
        wanted = text[:text.index(at or new)].count("\n") + 1
        self.assertEqual(caught.exception.line, wanted, str(caught.exception))

    def test_good(self):
        tables, header = self.made()
        self.assertEqual(re.findall(r"^api_step_fn (\w+);$", header, re.M), ["route_readA", "route_writeA"])
        self.assertNotIn("route_later", tables)
        for part in ('.name = "q"', '.default_text = "all"', '.length_min = 1u, .length_max = 40u, .bytes_max = 100u',
                     '{"yes", "no", NULL}', '.format = SCHEMA_DATE', '{"text", &', '.request_id = true',
                     '.allow = "GET, HEAD, POST"', '.minimum = INT64_C(1)', '.body_max = 32768u'):
            self.assertIn(part, tables)
        # what a GET answers may be packed, what a POST answers may not
        self.assertEqual(tables.count(".gzip = true"), 1)
        held = re.search(r"static const char file\[\] = \{(.*?)\};", tables, re.S)[1]
        self.assertEqual(bytes(int(b) % 256 for b in re.findall(r"-?\d+", held)).decode(), GOOD)

    def test_the_real_one(self):
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        with open(os.path.join(root, "api/openapi.yaml"), encoding="utf-8") as f:
            tables, header = openapi_c.c_of(f.read())
        self.assertIn("route_listLines", header)
        self.assertIn("api_paths", tables)

    def test_file(self):
        self.refused("openapi: 3.1.0", "openapi: 3.1.0\nhooks: {}", "'hooks' is not understood", "hooks")
        self.refused("paths:\n", "paths: {\n", "does not parse", "  /a/{n}:")
        self.refused("  /later:", "  /a/{n}:", "twice", "  /a/{n}:\n    get: {")
        self.refused("operationId: later", "operationId: readA", "readA", "get: { operationId: readA")

    def test_operations(self):
        self.refused("      operationId: readA\n", "", "no operationId", "get:")
        self.refused("      x-action: see\n", "", "readA has no x-action", "get:")
        self.refused("    post:", "    patch:", "'patch' is not understood")
        self.refused("x-action: see\n", "x-action: see\n      security: []\n", "'security' is not", "security")
        self.refused("x-action: see\n", "x-action: see\n      x-gzip: maybe\n", "yes or no", "x-gzip")
        self.refused("x-action: see\n", "x-action: see\n      x-body-max: 10\n", "has no body", "x-body-max")
        self.refused("x-action: write\n", "x-action: write\n      x-body-max: 99999999\n", "whole number", "x-body-max")
        self.refused("responses: { default: { description: it } }", "responses: {}", "no responses", "post:")

    def test_functions(self):
        self.refused("/later", "/later", "no function route_writeA", "post:", FUNCTIONS.splitlines()[0])
        self.refused("/later", "/later", "take x-planned away", "get: { operationId: later",
                     FUNCTIONS + "enum api_next route_later(x)\n")
        self.refused("/later", "/later", "route_other, but no operation", "openapi",
                     FUNCTIONS + "enum api_next route_other(x)\n")

    def test_parameters(self):
        self.refused("in: path, required: true", "in: path", "path is required", "in: path,")
        self.refused("{ name: n, in: path, required: true, schema: { type: integer, minimum: 1 } }\n        - { name: q",
                     "{ name: m, in: path, required: true, schema: { type: integer, minimum: 1 } }\n        - { name: q",
                     "name different things", "get:")
        self.refused("in: query", "in: cookie", "path, query or header")
        self.refused("default: all", "default: 5", "default of 'q'")
        self.refused("type: string, maxLength: 9, default: all", "type: boolean", "an integer or a string")
        self.refused("name: q, in", "name: n, in", "stands here twice", "name: n, in: query")
        self.refused("{16,64}", "{1,64}", "only Idempotency-Key")
        self.refused("/a/{n}:", "/a/x{n}:", "whole segment", "get:")

    def test_bodies(self):
        self.refused("requestBody: { required: true,", "requestBody: {", "required: true", "requestBody")
        self.refused("application/json: { schema: { $ref: \"#/components/schemas/New\" } }",
                     "application/json: { schema: { type: boolean } }", "a body is an object")
        self.refused("{ required: true, content: { application/json", "{ required: true, content: { text/plain: {}, application/json",
                     "or of other media types", "requestBody")

    def test_schemas(self):
        text = "text: { type: string, minLength: 1, maxLength: 40, x-bytes-max: 100 }"
        for new, says in (("text: { type: string }", "has maxLength"), ("text: { type: text }", "is not one of"),
                          ("text: { type: number }", "is not one of"), ("text: { type: string, maxLength: -1 }", "whole number"),
                          ("text: { type: string, maxLength: 1, oneOf: [] }", "'oneOf' is not understood"),
                          ("text: { type: string, maxLength: 1, pattern: x }", "name a format"),
                          ("text: { type: string, maxLength: 1, format: mail }", "format 'mail'"),
                          ("text: { type: string, enum: [yes, no] }", "choice is of texts"),
                          ("text: { type: integer, minimum: 2, maximum: 1 }", "minimum is above maximum"),
                          ("text: { type: object, additionalProperties: true }", "only the properties that are named"),
                          ("text: { type: object, required: [a] }", "'a' is required and is no property"),
                          ("text: { type: array, items: { type: boolean } }", "has maxItems"),
                          ("text: { type: array, maxItems: 1 }", "has items"),
                          ("text: { $ref: \"#/components/schemas/No\" }", "leads nowhere"),
                          ("text: { $ref: \"#/components/schemas/New\" }", "leads to itself")):
            self.refused(text, new, says)
        self.refused("m: { type: number }", "m: { type: number, multipleOf: 2 }", "'multipleOf' is not understood")
        self.refused("m: { type: number }", "m: { description: x }", "a schema has a type")
        deep = "text: { type: boolean }"
        for _ in range(8):
            deep = "text: { type: object, properties: { " + deep + " } }"
        self.refused(text, deep, "nested more than 8")


if __name__ == "__main__":
    unittest.main()
