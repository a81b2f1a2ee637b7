#!/usr/bin/env python3
"""Makes `schakel/v1` from the protos: messages with their types, and a typed class for each service.

python generate.py [FOLDER]     below src/, or another folder
"""

import keyword
import re
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from google.protobuf import descriptor_pb2 as desc
from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
# In a source package they lie beside this file.
PROTOS = next(path for path in (HERE / "proto", HERE.parent.parent / "proto") if path.is_dir())
MADE = "Made from the protos by generate.py; do not edit."
# What may be sent again though it has no request_id: it changes nothing. `ProposeSubstitutes` only asks.
READS = re.compile(r"(Get|List|Who|Find|Compare|Route|Preview|Export|Verify|ProposeSubstitutes)")


def make(folder: Path) -> None:
    """Makes `schakel/v1` below `folder`."""
    sources = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.glob("schakel/v1/*.proto"))
    with tempfile.TemporaryDirectory() as scratch:
        described = Path(scratch) / "all"
        wanted = ["--python_out", "--pyi_out"]
        arguments = ["protoc", f"-I{PROTOS}", f"-I{files('grpc_tools') / '_proto'}"]
        arguments += [f"{name}={folder}" for name in wanted]
        arguments += ["--include_source_info", f"--descriptor_set_out={described}"]
        if protoc.main(arguments + sources) != 0:
            raise SystemExit("protoc could not read the protos")
        protos = desc.FileDescriptorSet.FromString(described.read_bytes()).file
    out = folder / "schakel" / "v1"
    (out / "__init__.py").write_text("".join(index(protos)))
    (out / "methods.py").write_text("".join(methods(protos)))
    (out / "services.py").write_text("".join(services(protos, asynchronous=False)))
    (out / "aio.py").write_text("".join(services(protos, asynchronous=True)))


def snake(name: str) -> str:
    """`WhoAmI` as `who_am_i`, and `Import` as `import_`."""
    found = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
    return found + "_" if keyword.iskeyword(found) else found


def index(protos: list[desc.FileDescriptorProto]) -> Iterator[str]:
    """All messages, enums and their values under one name."""
    yield f'"""Messages and enums of schakel.v1. {MADE}"""\n\n'
    for proto in protos:
        names = [message.name for message in proto.message_type]
        for enum in proto.enum_type:
            names += [enum.name, *(value.name for value in enum.value)]
        listed = "".join(f"    {name} as {name},\n" for name in names)
        if listed:
            yield f"from schakel.v1.{Path(proto.name).stem}_pb2 import (\n{listed})\n"


def comments(proto: desc.FileDescriptorProto) -> dict[tuple[int, ...], str]:
    """What the protos say of a service [6, i] or a method [6, i, 2, j]."""
    return {
        tuple(place.path): place.leading_comments.strip().replace("\\", "\\\\").replace('"""', "'''")
        for place in proto.source_code_info.location
        if place.leading_comments
    }


def docstring(text: str, indent: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    if len(lines) < 2:
        return f'{indent}"""{"".join(lines)}"""\n'
    body = "".join(f"{indent}{line}".rstrip() + "\n" for line in lines[1:])
    return f'{indent}"""{lines[0]}\n{body}{indent}"""\n'


def plain(type_name: str) -> str:
    """`.schakel.v1.Case` as `v1.Case`."""
    return type_name.removeprefix(".schakel.")


def listed(answer: desc.DescriptorProto) -> str | None:
    """The type of what a page lists, when the answer is a page."""
    if not any(field.name == "next_page_token" for field in answer.field):
        return None
    field = next(field for field in answer.field if field.label == field.LABEL_REPEATED)
    if field.type == field.TYPE_STRING:
        return f"{field.name}:str"
    return f"{field.name}:{plain(field.type_name)}"


def constant(service: str, method: str) -> str:
    return f"{snake(service.removesuffix('Service'))}_{snake(method)}".upper().rstrip("_")


def methods(protos: list[desc.FileDescriptorProto]) -> Iterator[str]:
    """What a call of each method is."""
    messages = of_package(protos)
    yield f'"""Every method. {MADE}"""\n\nfrom schakel import v1\nfrom schakel.calling import Method\n\n'
    for proto in protos:
        for service in proto.service:
            for method in service.method:
                has_id = "request_id" in {field.name for field in messages[method.input_type].field}
                again = has_id or READS.match(method.name) is not None
                path = f"/schakel.v1.{service.name}/{method.name}"
                asked, answered = plain(method.input_type), plain(method.output_type)
                yield f"{constant(service.name, method.name)} = Method(\n"
                yield f'    "{path}", {asked}, {answered}, again={again}, has_id={has_id}\n)\n'


def of_package(protos: list[desc.FileDescriptorProto]) -> dict[str, desc.DescriptorProto]:
    return {f".schakel.v1.{message.name}": message for proto in protos for message in proto.message_type}


def services(protos: list[desc.FileDescriptorProto], asynchronous: bool) -> Iterator[str]:
    messages = of_package(protos)
    caller = "AsyncCaller" if asynchronous else "Caller"
    ways = "AsyncIterator, AsyncIterable, Iterable" if asynchronous else "Iterable, Iterator"
    kind = "async" if asynchronous else "sync"
    yield f'"""The services, each with its methods, {kind}. {MADE}"""\n\n'
    yield f"from collections.abc import {ways}\n\n"
    yield f"from schakel import v1\nfrom schakel.calling import {caller}\nfrom schakel.v1 import methods\n"
    attributes = []
    for proto in protos:
        said = comments(proto)
        for number, service in enumerate(proto.service):
            attribute = snake(service.name.removesuffix("Service"))
            attributes.append((attribute, service.name))
            yield f"\n\nclass {service.name}:\n"
            yield docstring(said.get((6, number), service.name), "    ")
            yield f"\n    def __init__(self, caller: {caller}) -> None:\n        self._caller = caller\n"
            for at, method in enumerate(service.method):
                about = docstring(said.get((6, number, 2, at), method.name), "        ")
                yield from one(service.name, method, messages, about, asynchronous)
    yield f"\n\nclass Services:\n    def __init__(self, caller: {caller}) -> None:\n"
    for attribute, name in attributes:
        yield f"        self.{attribute} = {name}(caller)\n"


def one(
    service: str,
    method: desc.MethodDescriptorProto,
    messages: dict[str, desc.DescriptorProto],
    about: str,
    asynchronous: bool,
) -> Iterator[str]:
    asked, answered = plain(method.input_type), plain(method.output_type)
    fields = {field.name for field in messages[method.input_type].field}
    name = snake(method.name)
    what = f"methods.{constant(service, method.name)}"
    awaits, word = ("await ", "async def") if asynchronous else ("", "def")
    tail = "*, timeout: float | None = None"
    yield "\n"
    if method.client_streaming:
        many = f"Iterable[{asked}] | AsyncIterable[{asked}]" if asynchronous else f"Iterable[{asked}]"
        yield f"    {word} {name}(self, requests: {many}, {tail}) -> {answered}:\n{about}"
        yield f"        return {awaits}self._caller.upload({what}, requests, timeout)\n"
        return
    if method.server_streaming:
        many = f"AsyncIterator[{answered}]" if asynchronous else f"Iterator[{answered}]"
        yield f"    def {name}(self, request: {asked}, {tail}) -> {many}:\n{about}"
        yield f"        return self._caller.stream({what}, request, timeout)\n"
        return
    yield f"    {word} {name}(self, request: {asked}, {tail}) -> {answered}:\n{about}"
    yield f"        return {awaits}self._caller.unary({what}, request, timeout)\n"
    page = listed(messages[method.output_type])
    if page is None or "page_token" not in fields:
        return
    field, item = page.split(":")
    every = "iter_" + name.removeprefix("list_")
    many = f"AsyncIterator[{item}]" if asynchronous else f"Iterator[{item}]"
    yield f"\n    {word} {every}(self, request: {asked}, {tail}) -> {many}:\n"
    yield f'        """Every one of {name}, page after page; `timeout` is that of a page."""\n'
    yield f"        page = {asked}()\n        page.CopyFrom(request)\n"
    yield f"        while True:\n            told = {awaits}self.{name}(page, timeout=timeout)\n"
    yield f"            for one in told.{field}:\n                yield one\n"
    yield "            if not told.next_page_token:\n                return\n"
    yield "            page.page_token = told.next_page_token\n"


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "src")
