"""From method and path to handler: a tree of path segments, `{name}` matching any one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from webapp.simulator.rest.call import Route

# Unscoped paths mean the account's default service.
SCOPES = ("/conversations/v1/Services/{service}", "/conversations/v1")


@dataclass
class _Node:
    fixed: dict[str, "_Node"] = field(default_factory=dict)
    named: list[tuple[str, str, "_Node"]] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            for pattern in patterns(route):
                self._add(replace(route, pattern=pattern))

    def match(self, path: str) -> tuple[dict[str, Route], dict[str, str]]:
        """The routes at this path by method (none: no such path), and what its names stand for."""
        node, params = self._root, {}
        for segment in path.split("/")[1:]:
            following = node.fixed.get(segment)
            if following is None:
                for name, suffix, candidate in node.named:
                    if segment.endswith(suffix) and len(segment) > len(suffix):
                        following = candidate
                        params[name] = segment.removesuffix(suffix)
                        break
                else:
                    return {}, {}
            node = following
        return node.routes, params

    def _add(self, route: Route) -> None:
        node = self._root
        for segment in route.pattern.split("/")[1:]:
            node = _named(node, segment) if segment.startswith("{") else node.fixed.setdefault(segment, _Node())
        node.routes[route.method] = route


def patterns(route: Route) -> list[str]:
    """The paths of a route: two where it stands inside a service, scoped and not."""
    if route.pattern.startswith("{scope}"):
        return [route.pattern.replace("{scope}", scope) for scope in SCOPES]
    return [route.pattern]


def _named(node: _Node, segment: str) -> _Node:
    """The child for `{name}` or `{name}.json`; longer suffixes are tried first."""
    name, suffix = segment[1:].split("}")
    for known, ending, child in node.named:
        if (known, ending) == (name, suffix):
            return child
    child = _Node()
    node.named.append((name, suffix, child))
    node.named.sort(key=lambda entry: -len(entry[1]))
    return child
