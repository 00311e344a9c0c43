"""How the files of a catalog hang together: what an import means, and what a template needs in the end."""

from collections.abc import Mapping

from jinja2 import meta

from templates import tags
from templates.source_file import SourceFile
from templates.usage import FileUsage, Usage


class Links:
    """Imports between files; a file missing in `es-MX` is looked for in `es`."""

    def __init__(self, files: Mapping[str, SourceFile]) -> None:
        self._files = files
        self._paths = {f"{file.language}/{path.partition('/')[2]}": path for path, file in files.items()}
        self._needs = {path: self._direct(file) for path, file in files.items()}

    def resolve(self, language: str, name: str) -> str | None:
        """The path a file name stands for in a language."""
        for tag in tags.fallbacks(language, language):
            path = self._paths.get(f"{tag}/{name}")
            if path is not None:
                return path
        return None

    def _direct(self, file: SourceFile) -> list[str]:
        names = [name for tree in file.trees() for name in meta.find_referenced_templates(tree) if name]
        paths = [self.resolve(file.language, name) for name in names]
        return list(dict.fromkeys(path for path in paths if path is not None))

    def closure(self, path: str) -> list[str]:
        """The file and all it needs, each once."""
        found: dict[str, None] = {}
        waiting = [path]
        while waiting:
            current = waiting.pop()
            if current not in found:
                found[current] = None
                waiting.extend(self._needs[current])
        return list(found)

    def cycle(self, path: str) -> list[str]:
        """A way from this file back to itself, empty where there is none."""
        for needed in self._needs[path]:
            if path in self.closure(needed):
                return [path, needed] if needed == path else [path, needed, path]
        return []

    def usages(self, path: str) -> list[FileUsage]:
        """What each part of a file uses."""
        return self._files[path].usages()

    def language(self, path: str) -> str:
        """The language of a file."""
        return self._files[path].language


def required_names(source: SourceFile, links: Links) -> frozenset[str]:
    """The names (`debtor.name`) a template may print or test, through the macros that it calls."""
    walk = _Walk(links)
    for usage in source.usages():
        walk.add(usage.body, usage, source.path)
    return frozenset(walk.names)


class _Walk:
    """Follows macro calls from file to file, each macro once."""

    def __init__(self, links: Links) -> None:
        self.links = links
        self.names: set[str] = set()
        self.seen: set[tuple[str, str]] = set()

    def add(self, usage: Usage, file: FileUsage, path: str) -> None:
        self.names |= usage.names
        for call in usage.calls:
            self._follow(call, file, path)

    def _follow(self, call: str, file: FileUsage, path: str) -> None:
        alias, _, member = call.partition(".")
        if call in file.macros:
            self._macro(path, call)
        elif call in file.members:
            self._imported(path, *file.members[call])
        elif member and alias in file.modules:
            self._imported(path, file.modules[alias], member)

    def _imported(self, path: str, source: str, name: str) -> None:
        target = self.links.resolve(self.links.language(path), source)
        if target is not None:
            self._macro(target, name)

    def _macro(self, path: str, name: str) -> None:
        if (path, name) in self.seen:
            return
        self.seen.add((path, name))
        for usage in self.links.usages(path):
            if name in usage.macros:
                self.add(usage.macros[name], usage, path)
