"""Judges instances by a JSON Schema: prints 'ok' or 'bad' a line. Usage: agree.py SCHEMA INSTANCES (a JSON value a line)."""
import json
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as f:
    schema = json.load(f)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
with open(sys.argv[2], encoding="utf-8") as f:
    for line in f:
        print("ok" if validator.is_valid(json.loads(line)) else "bad")
