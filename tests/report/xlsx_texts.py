"""Prints the sheets of a workbook: name, headings, number of rows.   xlsx_texts.py FILE.xlsx"""
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
book = zipfile.ZipFile(sys.argv[1])
texts = ["".join(t.text or "" for t in si.iter(f"{{{NS['m']}}}t"))
         for si in xml.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", NS)]
names = [s.get("name") for s in xml.fromstring(book.read("xl/workbook.xml")).find("m:sheets", NS)]
for number, name in enumerate(names, 1):
    rows = xml.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).find("m:sheetData", NS)
    headings = [texts[int(c.find("m:v", NS).text)] for c in rows[0]]
    print(f"{name}: {len(rows) - 1} rows")
    print("  " + " | ".join(headings))
