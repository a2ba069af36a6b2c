"""What must be true of every page we send; each rule yields a sentence for each place where it is broken."""

from collections import Counter
from collections.abc import Iterator

from tests.html import Node

NOT_LABELLED = {"hidden", "submit", "button", "reset", "image"}
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "list", "headers")


def problems_of(tree: Node) -> list[str]:
    """All that is wrong with a page, or with a part of one."""
    found = [*_repeated_ids(tree), *_dead_references(tree), *_unlabelled(tree), *_unnamed(tree), *_unsafe(tree)]
    if any(True for _ in tree.find_all("html")):
        found += _whole_page(tree)
    return found


def _whole_page(tree: Node) -> Iterator[str]:
    headings = [node.text for node in tree.find_all("h1")]
    title = next((node.inside[0] for node in tree.find_all("title") if node.is_inside("head") and node.inside), "")
    if not next(tree.find_all("html"))["lang"]:
        yield "<html> has no lang"
    if len(headings) != 1:
        yield f"there must be one h1, not {len(headings)}: {headings}"
    elif not " ".join(str(title).split()).removeprefix("Error: ").startswith(headings[0]):
        yield f"the title {str(title)!r} does not start with the h1 {headings[0]!r}"
    if len(list(tree.find_all("main"))) != 1:
        yield "there must be one <main>"


def _repeated_ids(tree: Node) -> Iterator[str]:
    ids = Counter(node["id"] for node in tree.find_all() if "id" in node)
    yield from (f"id {name!r} is used {count} times" for name, count in ids.items() if count > 1 or not name)


def _dead_references(tree: Node) -> Iterator[str]:
    is_whole = any(True for _ in tree.find_all("html"))
    ids = {node["id"] for node in tree.find_all() if "id" in node}
    for node in tree.find_all():
        targets = [target for name in REFERENCES for target in node[name].split()]
        if is_whole and node.tag == "a" and node["href"].startswith("#"):
            targets.append(node["href"].removeprefix("#"))
        yield from (f"<{node.tag}> points to #{target}, which is not there" for target in targets if target not in ids)


def _unlabelled(tree: Node) -> Iterator[str]:
    labels = {node["for"]: node.text for node in tree.find_all("label") if "for" in node}
    for control in tree.find_all("input", "select", "textarea"):
        if control.tag == "input" and control["type"] in NOT_LABELLED:
            continue
        is_named = control["aria-label"] or control["aria-labelledby"] or control.is_inside("label")
        if not is_named and not labels.get(control["id"]):
            yield f"<{control.tag} name={control['name']!r}> has no label"


def _unnamed(tree: Node) -> Iterator[str]:
    for node in tree.find_all("button", "a"):
        has_picture = any(image["alt"] or image["aria-label"] for image in node.find_all("img", "svg"))
        if not (node.text or node["aria-label"] or node["aria-labelledby"] or has_picture):
            yield f"<{node.tag}> has no words: {node.attributes}"
    yield from (f"<img src={node['src']!r}> has no alt" for node in tree.find_all("img") if "alt" not in node)
    yield from ("<fieldset> has no legend" for node in tree.find_all("fieldset") if not any(node.find_all("legend")))


def _unsafe(tree: Node) -> Iterator[str]:
    for node in tree.find_all():
        handlers = [name for name in node.attributes if name.startswith("on") or name == "style"]
        yield from (f"<{node.tag}> has {name}, which the content policy blocks" for name in handlers)
    for node in tree.find_all("script"):
        if "nonce" not in node and "src" not in node:
            yield "<script> has neither nonce nor src"
    for form in tree.find_all("form"):
        names = [field["name"] for field in form.find_all("input")]
        if form["method"].lower() == "post" and "csrf_token" not in names:
            yield f"the form to {form['action']!r} has no csrf_token"
        if form["method"].lower() != "post" and "csrf_token" in names:
            yield f"the form to {form['action']!r} would show its csrf_token in the address"
