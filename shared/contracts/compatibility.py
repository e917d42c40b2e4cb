"""Whether a contract may change from one schema to another.

What was written under the old schema is kept for good and must be readable under the new one, and old readers must be
able to read on: a field may be added if it is optional; it is never removed, renamed or narrowed, and none that was
optional becomes required. Widening is allowed (another enum member, a larger maximum): deploy readers before writers.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

_SAYS_NOTHING = frozenset({"$schema", "$id", "$defs", "title", "description", "default", "examples", "deprecated"})
_COMPARED = frozenset({"$ref", "type", "enum", "const", "anyOf", "properties", "required", "additionalProperties"}) | {
    "items",
    "prefixItems",
}
_FLOORS = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_CEILINGS = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


def breaks(old: Schema, new: Schema) -> list[str]:
    """What of `old` would no longer be understood under `new`, one sentence each; empty if the change is allowed."""
    return list(_Comparison(old, new).of(old, new, "/"))


def breaks_between(old: Mapping[str, Schema], new: Mapping[str, Schema]) -> list[str]:
    """The same for all documents of an export: a document that is gone is a break, a new one is none."""
    gone = [f"{name}: it is gone, or renamed" for name in sorted(old.keys() - new.keys())]
    changed = [f"{name} {said}" for name in sorted(old.keys() & new.keys()) for said in breaks(old[name], new[name])]
    return gone + changed


class _Comparison:
    """Of two documents; each resolves `$ref` within its own."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old_definitions = old.get("$defs", {})
        self._new_definitions = new.get("$defs", {})
        self._seen: set[tuple[str, str]] = set()

    def of(self, old: Any, new: Any, at: str) -> Iterator[str]:
        """What `new` refuses of that which `old` accepted; `at` is a JSON pointer into the data."""
        if new is True or new == {} or old is False:
            return
        if new is False or old is True or old == {}:
            yield f"{at}: it took anything and now does not"
            return
        if "$ref" in old and "$ref" in new:
            pair = (old["$ref"], new["$ref"])
            if pair in self._seen:
                return
            self._seen.add(pair)
        yield from self._resolved(_resolve(old, self._old_definitions), _resolve(new, self._new_definitions), at)

    def _resolved(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        if "anyOf" in old or "anyOf" in new:
            yield from self._alternatives(old, new, at)
            if "anyOf" in old and "anyOf" in new:
                yield from self._fields(old, new, at)  # what is asked for beside the alternatives
            return
        yield from _types(old, new, at)
        yield from _values(old, new, at)
        yield from _limits(old, new, at)
        yield from self._fields(old, new, at)
        yield from self._elements(old, new, at)

    def _alternatives(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        """Each alternative there was must be taken by one there is."""
        choices = new.get("anyOf", [new])
        for alternative in old.get("anyOf", [old]):
            if not any(self._takes(alternative, choice, at) for choice in choices):
                yield f"{at}: it no longer takes {_named(alternative)}"

    def _takes(self, alternative: Schema, choice: Schema, at: str) -> bool:
        # On a copy: a pair of references seen on the way to a choice that does not fit has not been compared.
        seen = set(self._seen)
        fits = not list(self.of(alternative, choice, at))
        self._seen = seen
        return fits

    def _fields(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(before.keys() - after.keys()):
            yield f"{at}{name}: the field is gone, or renamed"
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{at}{name}: it is required now, and what was written before may not have it"
        if old.get("additionalProperties") is False:
            for name in sorted(after.keys() - before.keys()):
                yield f"{at}{name}: old readers refuse a field they do not know here"
        for name in sorted(before.keys() & after.keys()):
            yield from self.of(before[name], after[name], f"{at}{name}/")
        if "object" in _kinds(old):
            yield from self.of(old.get("additionalProperties", True), new.get("additionalProperties", True), f"{at}*/")

    def _elements(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        if "array" not in _kinds(old):
            return
        before, after = old.get("prefixItems", []), new.get("prefixItems", [])
        if len(before) != len(after):
            yield f"{at}: it had {len(before)} elements of their own and now has {len(after)}"
        for index, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from self.of(one, other, f"{at}{index}/")
        yield from self.of(old.get("items", True), new.get("items", True), f"{at}[]/")


def _resolve(schema: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """The schema with its reference, if it has one, replaced by what that names."""
    while reference := schema.get("$ref"):
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = {**definitions[reference.removeprefix("#/$defs/")], **beside}
    return schema


def _kinds(schema: Schema) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _types(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = _kinds(old), _kinds(new)
    if "number" in after:
        after.add("integer")
    if after and (not before or before - after):
        yield f"{at}: it was {_named(old)} and is now {_named(new)}"


def _values(old: Schema, new: Schema, at: str) -> Iterator[str]:
    before, after = _members(old), _members(new)
    if after is None:
        return
    if before is None:
        yield f"{at}: it took any value and now only {', '.join(map(str, after))}"
    elif gone := [member for member in before if member not in after]:
        yield f"{at}: it no longer takes {', '.join(map(str, gone))}"


def _members(schema: Schema) -> Sequence[Any] | None:
    return [schema["const"]] if "const" in schema else schema.get("enum")


def _limits(old: Schema, new: Schema, at: str) -> Iterator[str]:
    """Floors may sink, ceilings may rise; any other condition may be dropped, but neither added nor changed."""
    for keyword, limit in new.items():
        if keyword in _SAYS_NOTHING | _COMPARED or old.get(keyword) == limit:
            continue
        lower = keyword in _FLOORS and keyword in old and limit < old[keyword]
        higher = keyword in _CEILINGS and keyword in old and limit > old[keyword]
        if not lower and not higher:
            yield f"{at}: {keyword} was {old.get(keyword, 'not set')} and is now {limit}"


def _named(schema: Schema) -> str:
    return str(schema.get("$ref") or schema.get("format") or schema.get("type") or "anything").removeprefix("#/$defs/")
