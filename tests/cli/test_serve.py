#!/usr/bin/env python3
"""The served page from outside: who is answered and who is not, what-ifs against `gpumix plan`, a thousand at a time, junk, clients that
send byte by byte; and that it ends when asked to. Needs $GPUMIX."""
import concurrent.futures
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from decimal import Decimal
from urllib.parse import urlsplit

PROGRAM = os.path.abspath(os.environ["GPUMIX"])
SCENARIO = "tests/golden/data/small.yaml"
BASE = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
failures = []


def check(good, what):
    if not good:
        failures.append(what)
        print("FAIL:", what)


class Server:
    def __init__(self, *more):
        self.process = subprocess.Popen([PROGRAM, "serve", SCENARIO, "--planned", "--variant", "base", *more], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=BASE)
        self.url = self.process.stdout.readline().strip()
        parts = urlsplit(self.url)
        self.port, self.path = parts.port, parts.path

    def get(self, path="", method="GET", host=None, timeout=60):
        """Status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.putrequest(method, path if path.startswith("/") else self.path + path, skip_host=True)
            if host != "":
                connection.putheader("Host", host or f"127.0.0.1:{self.port}")
            connection.endheaders()
            reply = connection.getresponse()
            return reply.status, dict(reply.getheaders()), reply.read()
        finally:
            connection.close()

    def raw(self, data, timeout=20):
        """What comes back for these bytes, until the connection is closed; None when it is not."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as s:
            try:
                s.sendall(data)
                got = b""
                while chunk := s.recv(65536):
                    got += chunk
                return got
            except (ConnectionResetError, BrokenPipeError):
                return b""
            except socket.timeout:
                return None

    def alive(self):
        return self.get("what-if?table=0&a0=1&a1=1")[0] == 200 or self.get()[0] == 200

    def end(self, sign=signal.SIGTERM):
        self.process.send_signal(sign)
        return self.process.wait(timeout=30)


def test_page(server):
    check(re.fullmatch(r"http://127\.0\.0\.1:\d+/[0-9a-f]{32}/", server.url) is not None, f"address {server.url}")
    status, headers, body = server.get()
    check(status == 200 and headers["Content-Type"] == "text/html; charset=utf-8", f"the page: {status} {headers}")
    check(headers["Cache-Control"] == "no-store" and headers["X-Content-Type-Options"] == "nosniff" and
          headers["X-Frame-Options"] == "DENY", f"headers: {headers}")
    page = body.decode()
    check("default-src 'none'; connect-src 'self'; script-src 'sha256-" in page, "the page may ask its own server, and nobody else")
    check('<body data-live="yes">' in page, "its sliders know that they may ask")
    check("Served by gpumix on this machine: the sliders ask it for plans, and nothing else is loaded or sent." in page, "which it says")
    status, headers, body = server.get(method="HEAD")
    check(status == 200 and body == b"" and int(headers["Content-Length"]) == len(page.encode()), "HEAD is the page without it")
    return page


def test_strangers(server):
    for host in ("example.com", f"example.com:{server.port}", f"127.0.0.1:{server.port + 1}", "127.0.0.1", "", f"localhost:{server.port}.x",
                 f"[::1]:{server.port}"):
        status, _, body = server.get(host=host)
        check(status in (400, 421) and b"data-live" not in body, f"host {host!r} gets {status}")
    check(server.get(host=f"localhost:{server.port}")[0] == 200, "localhost is this machine")
    token = server.path.strip("/")
    for path in ("/", "/x", f"/{token}", f"/{token[:-1]}/", f"/{'0' * 32}/", f"/{token}0/", f"//{token}/", f"/{token}/../", f"/{token}/x",
                 f"/{token}/what-if/x", "/" + "a" * 5000):
        status, _, body = server.get(path)
        check(status in (400, 404) and b"data-live" not in body, f"path {path[:40]!r} gets {status}")
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"):
        check(server.get(method=method)[0] == 405, f"{method} is refused")


def axes_of(page):
    spec = json.loads(re.search(r'<script type="application/json">(\{"axes".*?)</script>', page).group(1))
    return spec["axes"], spec["tables"]


def test_what_if(server, page):
    axes, tables = axes_of(page)
    values = {"a%d" % i: axes[i]["values"][axes[i]["now"]] for i in tables[0]["axes"]}
    first = tables[0]["axes"][0]
    low, high = axes[first]["values"][0], axes[first]["values"][-1]
    for value in (low, low + 0.137 * (high - low), high):
        query = {**values, f"a{first}": value}
        text = "&".join(f"{k}={v}" for k, v in query.items())
        status, headers, body = server.get("what-if?table=0&" + text)
        check(status == 200 and headers["Content-Type"] == "application/json", f"what-if {text}: {status}")
        got = json.loads(body, parse_float=Decimal)
        sets = []
        for i in tables[0]["axes"]:
            if query[f"a{i}"] != axes[i]["values"][axes[i]["now"]]:
                for s in axes[i]["set"]:
                    name = s["before"].strip("'")
                    sets += ["--set", f"{name}{s['times'] * query[f'a{i}']:.{0 if s['digits'] == 0 else 6}{'f' if s['digits'] == 0 else 'g'}}{s['after']}"]
        done = subprocess.run([PROGRAM, "plan", SCENARIO, "-q", "--json", "--runs", "0", *sets], capture_output=True, text=True, env=BASE)
        want = json.loads(done.stdout, parse_float=Decimal)["summary"]
        check(all(got[key] == want.get(key) for key in ("status", "cost", "bound", "gap", "machine_hours")),
              f"{sets}: served {got}, planned {want}")
        check(got["how"] == "solved", f"an answer says how it was got: {got}")
    for bad in ("", "table=0", "table=9&a0=1&a1=1", "table=-1&a0=1&a1=1", "table=0.5&a0=1&a1=1", f"table=0&a0={high * 1.01}&a1=1",
                "table=0&a0=nan&a1=1", "table=0&a0=inf&a1=1", "table=0&a0=1e999&a1=1", "table=0&a0=1;x&a1=1", "table=0&a0=0x1&a1=",
                "table=0&a0=%00&a1=1", "a0=1", "table=0&a0=" + "1" * 500, "table=%ff&a0=1&a1=1"):
        status, _, _ = server.get("what-if?" + bad)
        check(status == 400, f"what-if {bad[:40]!r} gets {status}")


def test_many(server, page):
    """A thousand at a time: answered or asked to come again, and every answer right."""
    axes, tables = axes_of(page)
    first = tables[0]["axes"][0]
    low, high = axes[first]["values"][0], axes[first]["values"][-1]
    rest = "".join(f"&a{i}={axes[i]['values'][axes[i]['now']]}" for i in tables[0]["axes"][1:])

    def one(i):
        try:
            status, _, body = server.get(f"what-if?table=0&a{first}={low + (high - low) * (i % 40) / 40:.4f}{rest}", timeout=120)
            return status, body if status == 200 else b"", i % 40
        except (ConnectionResetError, http.client.RemoteDisconnected, BrokenPipeError):
            return 0, b"", i % 40
    with concurrent.futures.ThreadPoolExecutor(max_workers=900) as pool:
        answers = list(pool.map(one, range(1000)))
    kinds = {status: sum(1 for s, _, _ in answers if s == status) for status in {s for s, _, _ in answers}}
    check(set(kinds) <= {200, 503} and kinds.get(200, 0) >= 100, f"a thousand at a time: {kinds}")
    for i in range(40):
        check(len({body for status, body, k in answers if k == i and status == 200}) <= 1, f"point {i}: one answer only")
    check(server.alive(), "it goes on after a thousand")


def test_junk(server):
    source = random.Random(20261122)
    good = f"GET {server.path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode()
    for i in range(200):
        kind = i % 5
        if kind == 0:
            data = source.randbytes(source.randrange(1, 3000))
        elif kind == 1:
            data = good + b"X-" + source.randbytes(200) + b"\r\n\r\n"
        elif kind == 2:
            data = good + b"X: " + b"a" * source.randrange(4000, 20000) + b"\r\n\r\n"
        elif kind == 3:
            data = good + b"Content-Length: " + source.choice([b"-1", b"99999999999999999999", b"x", b"5"]) + b"\r\n\r\nabcde" + source.randbytes(50)
        else:
            data = bytes(b ^ (source.random() < 0.05) * source.randrange(256) for b in good + b"Connection: close\r\n\r\n")
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as s:
            try:
                s.sendall(data)
                s.shutdown(socket.SHUT_WR)
                s.recv(4096)
            except OSError:
                pass
    check(server.alive(), "it goes on after junk")


def test_slow(server):
    """Clients that hold connections are cut, and others are answered meanwhile."""
    slow = []
    for _ in range(40):
        s = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        s.sendall(b"GET / HT")
        slow.append(s)
    begin = time.monotonic()
    check(server.get(timeout=10)[0] == 200, "others are answered beside slow ones")
    cut, sent = 0, 0
    while time.monotonic() - begin < 15 and cut < len(slow):
        time.sleep(0.5)
        sent += 1
        for s in [s for s in slow if s.fileno() >= 0]:
            try:
                s.sendall(b"T")
                s.settimeout(0.001)
                gone = s.recv(1) == b""
            except socket.timeout:
                gone = False
            except OSError:
                gone = True
            if gone:
                s.close()
                cut += 1
    check(cut == len(slow), f"{cut} of {len(slow)} slow clients are cut within 15 s, after {sent} bytes each")
    check(server.alive(), "it goes on after slow clients")


def threads_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def test_end(server):
    before = threads_of(server.process)
    for _ in range(100):
        server.get()
    time.sleep(1)
    check(threads_of(server.process) <= before + 3, "connections are given back")
    code = server.end()
    check(code == 143, f"SIGTERM ends it with {code}")
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=2).close()
        check(False, "nothing listens any more")
    except OSError:
        pass


def test_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run([PROGRAM, "serve", SCENARIO, "-q", "--planned", "--variant", "base", "--port", str(port)],
                              capture_output=True, text=True, env=BASE, timeout=60)
    said = done.stderr.splitlines()
    check(done.returncode == 7, f"a port that is taken: {done.returncode}")
    check(said[0] == f"gpumix: error[E7011]: port {port} of 127.0.0.1 cannot be had", f"is told: {said[0]}")
    check(said[2] == "  fix: choose another with --port, or leave it out for any that is free   (see `gpumix help E7011`)", said[2])
    server = Server()
    line = server.process.stderr.readline().strip()
    while line and "gpumix: the page" not in line:
        line = server.process.stderr.readline().strip()
    check(line == "gpumix: the page is at this address until Ctrl-C", f"it says how to end it: {line}")
    check(server.end(signal.SIGINT) == 130, "Ctrl-C ends it")


one = Server("-q")
whole = test_page(one)
test_strangers(one)
test_what_if(one, whole)
test_many(one, whole)
test_junk(one)
test_slow(one)
test_end(one)
test_port()
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
