"""Merge fields: ``{{ first_name | default("there") }}``, checked and compiled once, rendered for a million leads.

The language is Jinja's, cut down to fields, a short list of filters, comparisons and ``if``. Nothing in it loops,
calls or calculates, so what a person writes can neither hang a worker nor reach beyond its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from jinja2 import TemplateSyntaxError, Undefined, nodes
from jinja2.sandbox import SandboxedEnvironment

FILTERS = frozenset({"capitalize", "default", "lower", "title", "trim", "upper"})
FIELDS = frozenset({"first_name", "last_name", "phone", "email", "state", "my_name", "business_name"})
_CUSTOM = "custom"
_COMPARISONS = frozenset({"eq", "ne"})
_DEEPEST = 20
_COMPILED_KEPT = 2048
_PLAIN_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Compare,
    nodes.Operand,
)


class BadTemplate(ValueError):  # noqa: N818 (what it is, in the words of whoever reads the message)
    """The text is not written in the language above; ``str()`` says what is wrong to the person who wrote it."""


class UnresolvedField(ValueError):  # noqa: N818 (the ledger's own word)
    """A field has no value for this person and no default, so this one text must not go out as "Hi ,"."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty for this person and has no default.")
        self.name = name


@dataclass(slots=True)
class MergeFields:
    """What a text may mention about a person and their team. An empty value counts as none.

    Nobody changes one; not frozen for the reason that ``compliance.facts.Facts`` gives.
    """

    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    email: str = ""
    state: str = ""
    my_name: str = ""
    business_name: str = ""
    custom: Mapping[str, object] = field(default_factory=dict)


def render(body: str, fields: MergeFields) -> str:
    """``body`` as this person reads it. Raises BadTemplate, or UnresolvedField naming the field."""
    if "{" not in body:
        return body
    return _compiled(body)(fields)


def fields_of(body: str) -> frozenset[str]:
    """The fields that ``body`` mentions, like ``first_name`` or ``custom.city``. Raises BadTemplate."""
    if "{" not in body:
        return frozenset()
    return frozenset(_names(_parsed(body)))


@lru_cache(maxsize=_COMPILED_KEPT)
def _compiled(body: str) -> Callable[[MergeFields], str]:
    """By simple filling in where that is the same, which is six times as fast; else by Jinja."""
    pieces = _plain_pieces(_parsed(body))
    if pieces is not None:
        return lambda fields: "".join([p if isinstance(p, str) else p.value(fields) for p in pieces])
    template = _environment.from_string(body)
    return lambda fields: template.render(_values(fields))


class _Field(NamedTuple):
    """``{{ name }}`` or ``{{ name | default("…") }}``."""

    name: str
    is_custom: bool = False
    default: str | None = None

    def value(self, fields: MergeFields) -> str:
        found = _custom_value(fields.custom, self.name) if self.is_custom else getattr(fields, self.name).strip()
        if found:
            return str(found)
        if self.default is None:
            raise UnresolvedField(f"{_CUSTOM}.{self.name}" if self.is_custom else self.name)
        return self.default


def _plain_pieces(tree: nodes.Template) -> list[str | _Field] | None:
    """A text that has nothing but words, fields and words in their place; None for any other."""
    pieces = [_plain_piece(piece) for output in tree.body for piece in output.iter_child_nodes()]
    known = [piece for piece in pieces if piece is not None]
    only_output = all(isinstance(output, nodes.Output) for output in tree.body)
    return known if only_output and len(known) == len(pieces) else None


def _plain_piece(node: nodes.Node) -> str | _Field | None:
    match node:
        case nodes.TemplateData(data=words):
            return str(words)
        case nodes.Filter(name="default", node=of, args=[nodes.Const(value=str(words))]):
            field_of = _plain_field(of)
            return field_of and field_of._replace(default=words)
    return _plain_field(node)


def _plain_field(node: nodes.Node | None) -> _Field | None:
    match node:
        case nodes.Name(name=name):
            return _Field(name)
        case nodes.Getattr(attr=name):
            return _Field(name, is_custom=True)
    return None


def _parsed(body: str) -> nodes.Template:
    try:
        tree = _environment.parse(body)
    except TemplateSyntaxError as error:
        raise BadTemplate(_in_plain_words(body, error.message or "")) from None
    except (RecursionError, ValueError):  # brackets in brackets, or a number of thousands of digits
        raise BadTemplate("This is too complicated.") from None
    _check(tree, depth=0)
    return tree


def _in_plain_words(body: str, complaint: str) -> str:
    """What Jinja complains of, for somebody who has never heard of it: what is open is most often the fault."""
    for opens, closes in (("{{", "}}"), ("{%", "%}"), ("{#", "#}")):
        if body.count(opens) > body.count(closes):
            return f"Close each {opens} with {closes}."
    if "looking for the following tags" in complaint:
        return "Close each {% if … %} with {% endif %}."
    if "unknown tag" in complaint:
        return "Between {% and %} stands if, elif, else or endif, and each if comes before its endif."
    return "Between {{ and }} stands one name, and perhaps a filter, like first_name | title."


def _check(node: nodes.Node, depth: int) -> None:
    if depth > _DEEPEST:
        raise BadTemplate("This is too complicated.")
    if isinstance(node, nodes.Getattr):
        _check_custom(node)
        return
    if isinstance(node, nodes.Name):
        _check_field(node.name)
    elif isinstance(node, nodes.Filter):
        _check_filter(node)
    else:
        _check_form(node)
    for child in node.iter_child_nodes():
        _check(child, depth + 1)


def _check_custom(node: nodes.Getattr) -> None:
    owner = node.node
    if not isinstance(owner, nodes.Name) or owner.name != _CUSTOM or node.attr.startswith("_"):
        raise BadTemplate("Only custom fields have a dot, like custom.city.")


def _check_field(name: str) -> None:
    if name not in FIELDS:
        raise BadTemplate(
            f"There is no field {name}. There are: {', '.join(sorted(FIELDS))}, and custom.… for your own."
        )


def _check_filter(node: nodes.Filter) -> None:
    if node.name not in FILTERS:
        raise BadTemplate(f"There is no filter {node.name}. There are: {', '.join(sorted(FILTERS))}.")
    if len(node.args) != (node.name == "default") or node.kwargs or node.dyn_args or node.dyn_kwargs:
        raise BadTemplate("default takes one value; the other filters take none.")


def _check_form(node: nodes.Node) -> None:
    if not isinstance(node, _PLAIN_NODES):
        raise BadTemplate(f"{type(node).__name__} is not allowed here: only fields, filters and if are.")
    if isinstance(node, nodes.Operand) and node.op not in _COMPARISONS:
        raise BadTemplate("Compare with == or != only.")
    if isinstance(node, nodes.CondExpr) and node.expr2 is None:
        raise BadTemplate("An if inside a field needs its else.")


def _names(tree: nodes.Template) -> Iterator[str]:
    yield from (name.name for name in tree.find_all(nodes.Name) if name.name != _CUSTOM)
    yield from (f"{_CUSTOM}.{attribute.attr}" for attribute in tree.find_all(nodes.Getattr))


def _values(fields: MergeFields) -> dict[str, object]:
    """Only what has a value: a missing name is what makes ``default`` apply."""
    values: dict[str, object] = {name: value for name in FIELDS if (value := getattr(fields, name).strip())}
    values[_CUSTOM] = _Custom(fields.custom)
    return values


class _Custom:
    """Custom fields without a mapping's own methods, so that a field may be called ``items``."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        value = _custom_value(self._values, name)
        if not value:
            raise KeyError(name)
        return value


def _custom_value(values: Mapping[str, object], name: str) -> str:
    """Empty for a field that is not there."""
    return str(values[name]).strip() if name in values else ""


class _Unresolved(Undefined):
    """A field without a value: false in an ``if``, equal to nothing, replaced by ``default``; else an error."""

    __slots__ = ()

    def _fail_with_undefined_error(self, *_args: Any, **_kwargs: Any) -> NoReturn:  # noqa: ANN401 (Jinja's signature)
        name = str(self._undefined_name)
        raise UnresolvedField(f"{_CUSTOM}.{name}" if isinstance(self._undefined_obj, _Custom) else name)

    __str__ = __len__ = __iter__ = _fail_with_undefined_error


_environment = SandboxedEnvironment(undefined=_Unresolved, autoescape=False, keep_trailing_newline=True)
