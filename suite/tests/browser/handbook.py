"""The handbook in a browser: handbook.py CHECK FOLDER [AXE]

FOLDER is what `pagelaw report` wrote, AXE the file axe.min.js. CHECK is one of the functions whose
names begin with check_, without that. Ends with status 0 if it holds, else says what does not."""
import html.parser
import json
import os
import pathlib
import sys
import urllib.parse

from driver import Browser, Missing

WIDE, NARROW = (1400, 1000), (390, 844)
ROWS = "return [...document.querySelectorAll('.matrix tr[data-f]')].filter(row => !row.hidden)"
NAMES = ROWS + ".map(row => row.querySelector('a').textContent)"


def address(folder, page):
    return pathlib.Path(folder, page).resolve().as_uri()


def with_map(folder):
    """A rule's page on which something differs."""
    return next(page for page in pages(folder) if page.startswith("rules/") and
                'class="map"' in pathlib.Path(folder, page).read_text("utf-8"))


def pages(folder):
    """One of each kind: a rule with differences, one without scenarios, one that the book has not."""
    rules = sorted(pathlib.Path(folder, "rules").glob("*.html"))
    texts = {path.name: path.read_text("utf-8") for path in rules}
    marks = ["class=\"map\"", "No scenario</dt>", "in this book", "rowspan=\"2\""]
    chosen = {next((name for name, text in texts.items() if mark in text), None) for mark in marks}
    kinds = ["index.html", "changes.html", "about.html"]
    return kinds + [f"rules/{name}" for name in sorted(chosen - {None})]


def no_complaint(browser):
    complaints = browser.complaints()
    assert not complaints, f"the browser complains: {complaints}"


def check_filter(browser, folder, axe):
    """What is chosen filters the rows, stands in the address, and is there again with it."""
    browser.go(address(folder, "index.html"))
    everything = browser.run(NAMES)
    browser.type("#q", "guard page")
    browser.until("a filtered address", "return location.hash === '#?q=guard+page'")
    found = browser.run(NAMES)
    assert 0 < len(found) < len(everything), found
    words = browser.run(ROWS + ".map(row => row.textContent.toLowerCase())")
    assert all("guard" in text and "page" in text for text in words)
    status = browser.run("return document.getElementById('found').textContent")
    assert status.startswith(f"{len(found)} rule"), status
    browser.click("button[type=reset]")
    browser.until("no filter", "return location.hash === ''")
    assert browser.run(NAMES) == everything
    for value, holds in SHOWN.items():
        browser.click(f"#show option[value={value}]")
        browser.until(value, "return location.hash === '#?show=' + arguments[0]", value)
        assert browser.run(NAMES), f"nothing is shown for {value}"
        assert browser.run(ROWS + f".every(row => {holds})"), value
    browser.click("#show option[value=any]")
    browser.click("#on option[value='2']")
    browser.click("#area option[value='1']")
    browser.until("all in the address", "return location.hash === '#?show=any&area=1&on=2'")
    kept, url = browser.run(NAMES), browser.url()
    browser.go("about:blank")
    browser.go(url)
    assert browser.run(NAMES) == kept, "the address does not bring the filter back"
    browser.go(address(folder, "index.html") + "#?show=%3Cb%3E&area=999&on=x")
    assert browser.run(NAMES) == everything, "a wrong address is to show everything"
    no_complaint(browser)


DIFFERS = "row.dataset.d.split(' ').filter(Boolean).length"
SHOWN = {
    "any": DIFFERS + " > 0", "one": DIFFERS + " === 1", "apart": "row.dataset.f.includes('a')",
    "refuted": "row.dataset.f.includes('r')", "disputed": "row.dataset.f.includes('c')",
    "bare": "row.dataset.f.includes('b')",
}


def check_links(browser, folder, axe):
    """One click to the difference, and back to the filter."""
    browser.go(address(folder, "index.html"))
    browser.click("#show option[value=one]")
    browser.until("the filter", "return location.hash === '#?show=one'")
    kept, url = browser.run(NAMES), browser.url()
    browser.click(".matrix tr:not([hidden]) td.d a")
    browser.until("a rule's page", "return /rules\\/[^\\/]+\\.html#s\\d+b\\d+$/.test(location.href)")
    assert browser.run("return document.querySelector(':target').closest('details').open")
    assert browser.run("return document.querySelector(':target .findings, :target .verdict') !== null")
    browser.until("the difference in sight", "const box = document.querySelector(':target')"
                  ".getBoundingClientRect(); return box.top < innerHeight && box.bottom > 0")
    no_complaint(browser)
    browser.back()
    browser.until("the filter again", "return location.href === arguments[0]", url)
    assert browser.run(NAMES) == kept
    browser.click(".matrix tbody tr:not([hidden]) th a")
    browser.click("a[rel=next]")
    browser.until("the next rule", "return document.querySelector('a[rel=prev]') !== null")
    browser.click(".path a")
    browser.until("its area", "return /index\\.html#area-\\d+$/.test(location.href)")
    for page in ("changes.html", "about.html", "index.html"):
        browser.click(f"header a[href='{page}']")
        browser.until(page, "return location.pathname.endsWith(arguments[0])", page)
        assert browser.run("return document.querySelector('[aria-current=page]') !== null")
    no_complaint(browser)


def check_keys(browser, folder, axe):
    """From the keyboard alone."""
    focused = "const it = document.activeElement; return it.id || it.className"
    browser.go(address(folder, "index.html"))
    browser.press("tab")
    assert browser.run(focused) == "skip", "Tab is to come to the skip link first"
    assert browser.run("return document.activeElement.getBoundingClientRect().left >= 0")
    browser.press("enter")
    browser.until("the content", "return document.activeElement.id === 'main'")
    browser.press("/")
    browser.until("the search", "return document.activeElement.id === 'q'")
    browser.press("a")
    browser.until("the letter", "return document.activeElement.value === 'a'")
    browser.press("escape")
    browser.until("the matrix", "return document.activeElement.className === 'scroll'")
    outline = "return getComputedStyle(document.activeElement).outlineStyle"
    assert browser.run(outline) != "none", "the focus cannot be seen"
    browser.go(address(folder, with_map(folder)))
    browser.run("document.querySelector('summary').focus()")
    was = browser.run("return document.querySelector('details').open")
    browser.press("enter")
    browser.until("the section to turn", "return document.querySelector('details').open !== arguments[0]",
                  was)
    no_complaint(browser)


AXE = """const done = arguments[arguments.length - 1];
for (const details of document.querySelectorAll('details')) details.open = true;
axe.run(document, {resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: true}}}).then(
  found => done(found.violations.map(v => v.id + ': ' + v.help + ': ' +
    v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' ' + n.any.map(a => a.message).join(';'))
      .join(' | '))),
  error => done(['axe failed: ' + error]));"""


def check_axe(browser, folder, axe):
    """Every kind of page, wide and narrow, light and dark."""
    script, bad = pathlib.Path(axe).read_text("utf-8"), []
    for page in pages(folder):
        for width, height in (WIDE, NARROW):
            for dark in (False, True):
                browser.show(width, height, dark)
                browser.go(address(folder, page))
                browser.run(script)
                where = f"{page}, {width} wide, {'dark' if dark else 'light'}"
                bad += [f"{where}: {found}" for found in browser.run_async(AXE)]
                wide = browser.run("return document.documentElement.scrollWidth - innerWidth")
                bad += [f"{where}: {wide} pixels lie outside"] if wide > 0 else []
    assert not bad, "\n".join(bad)
    no_complaint(browser)


def check_plain(browser, folder, axe):
    """Nothing that is to be read needs a script."""
    browser.scripts(False)
    browser.show(*WIDE, False)
    browser.go(address(folder, "index.html"))
    tree = json.dumps(browser.devtools("DOMSnapshot.captureSnapshot", computedStyles=["display"]))
    assert "VA-ALIGN-BASE" in tree and "Skip to the content" in tree
    browser.go(address(folder, with_map(folder)))
    tree = browser.devtools("Accessibility.getFullAXTree")
    names = {node.get("name", {}).get("value", "") for node in tree["nodes"]}
    assert "On each subject" in names and "Scenarios" in names, sorted(names)[:50]
    browser.scripts(True)
    no_complaint(browser)


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.ids, self.targets, self.odd = set(), [], []

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            elif name in ("href", "src") and tag in ("a", "link", "script"):
                self.targets.append(value)
            elif name.startswith("on") or name in ("style", "srcdoc", "src"):
                self.odd.append(f"<{tag} {name}>")


def check_files(browser, folder, axe):
    """Every link leads somewhere, and no page has what only a result could have put there."""
    root, read = pathlib.Path(folder).resolve(), {}
    for path in root.rglob("*.html"):
        read[path] = Links()
        read[path].feed(path.read_text("utf-8"))
    for path, links in read.items():
        assert not links.odd, f"{path}: {links.odd[:3]}"
        for target in links.targets:
            split = urllib.parse.urlsplit(target)
            if split.scheme in ("http", "https"):
                continue
            assert not split.scheme, f"{path}: {target}"
            goal = pathlib.Path(os.path.normpath(path.parent / split.path)) if split.path else path
            assert goal.is_file(), f"{path}: {target} is not there"
            assert not split.fragment or split.fragment in read[goal].ids, f"{path}: {target}"


def main():
    check, folder = globals()[f"check_{sys.argv[1]}"], sys.argv[2]
    axe = sys.argv[3] if len(sys.argv) > 3 else None
    if check is check_files:
        check(None, folder, axe)
        return
    browser = Browser()
    try:
        browser.show(*WIDE, False)
        check(browser, folder, axe)
    finally:
        browser.close()


if __name__ == "__main__":
    try:
        main()
    except (AssertionError, Missing, RuntimeError, OSError) as error:
        sys.exit(f"{sys.argv[1]}: {type(error).__name__}: {error}")
