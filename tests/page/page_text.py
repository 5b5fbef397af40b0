#!/usr/bin/env python3
"""What a reader of a report page sees without scripts, a line per piece of text, with the numbers and words of its charts.
   page_text.py [LANGUAGE] < page.html      LANGUAGE: en or zh-CN, else both"""
import html.parser
import json
import sys

CELLS = {"td", "th"}
INLINE = {"strong": "", "code": "`"}  # what stands for their ends


class Page(html.parser.HTMLParser):
    def __init__(self, language):
        super().__init__()
        self.language, self.inside, self.row, self.text, self.script, self.shown = language, None, None, "", None, False
        self.block = False

    def say(self, text):
        text = " ".join(text.split())
        for part in text.split(" · "):
            if self.shown and part:
                print(part)

    def flush(self):
        if self.row is None:
            self.say(self.text)
            self.text = ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if attributes.get("class") == "page":
            self.shown = self.language in (None, attributes["lang"])
            self.say(f"==== {attributes['lang']} {attributes.get('data-title')}")
        if tag in ("script", "style"):
            self.script = [attributes.get("type", ""), ""]
        if tag in INLINE:
            self.block = bool(attributes.get("class"))
        if tag in INLINE and not self.block:
            self.text += INLINE[tag]
            return
        if attributes.get("class") == "charts-made":  # says how the program was built
            self.flush()
            self.shown = False
        elif tag in CELLS and self.row is not None:
            self.text = ""
        elif tag == "tr":
            self.flush()
            self.row = []
        else:
            self.flush()

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            kind, text = self.script
            self.script = None
            if kind == "application/json" and self.shown:
                self.chart(json.loads(text))
        elif tag in CELLS:
            self.row.append(" ".join(self.text.split()))
            self.text = ""
        elif tag == "tr":
            self.say(" | ".join(self.row))
            self.row = None
        elif tag == "footer":
            self.flush()
            self.shown = False
        elif tag in INLINE and not self.block:
            self.text += INLINE[tag]
        else:
            self.flush()

    def handle_data(self, data):
        if self.script is not None:
            self.script[1] += data
        else:
            self.text += data

    def chart(self, spec):
        """The words that the scripts show: names, labels and texts."""
        def walk(key, value):
            if isinstance(value, dict):
                for inner in value:
                    walk(inner, value[inner])
            elif isinstance(value, list) and key not in ("labels", "ticks", "hours"):
                for inner in value:
                    walk(key, inner)
            elif isinstance(value, str):
                print(f"  {key}: {value}")
        print("[script]")
        walk("", spec)


Page(sys.argv[1] if len(sys.argv) > 1 else None).feed(sys.stdin.read())
