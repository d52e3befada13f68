# SPDX-License-Identifier: GPL-2.0-or-later
"""JSON outputs against tests/schema."""
import json, os

import konseki


def check(tap, name, objects, what, broken=None, part=None):
    """Each object fits tests/schema/NAME.json, or the definition `part` of it; broken, one that must not, shows that the schema
    can refuse."""
    try:
        import jsonschema
    except ImportError:
        tap.skip(f'{what}: fits tests/schema/{name}.json', 'python3-jsonschema is not installed')
        return
    folder = os.path.join(konseki.ROOT, 'tests', 'schema')
    store = {}
    for file in sorted(os.listdir(folder)):
        with open(os.path.join(folder, file)) as text:
            store[file] = json.load(text)
    schema = store[f'{name}.json']
    schema = dict(schema, **{'$ref': f'#/$defs/{part}'}) if part else schema
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    resolver = jsonschema.RefResolver(f'file://{folder}/{name}.json', schema, store={f'file://{folder}/{k}': v for k, v in store.items()})
    validator = kind(schema, resolver=resolver)
    errors = [f'{list(e.path)}: {e.message[:200]}' for o in objects for e in validator.iter_errors(o)]
    tap.ok(objects and not errors, f'{what}: {len(objects)} objects fit tests/schema/{name}.json{part and " " + part or ""}', '\n'.join(errors[:10]) or 'there are none')
    if broken is not None:
        tap.ok(not validator.is_valid(broken), f'{what}: the schema refuses what is none')
