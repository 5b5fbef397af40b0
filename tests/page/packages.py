"""The npm packages of the lock file beside this, fetched once into build/; tests that need them are skipped, saying so, without them."""
import fcntl
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def skip(why):
    print(f"not looked at: {why}")
    sys.exit(77)


def modules():
    """Folder of the packages."""
    if not shutil.which("node") or not shutil.which("npm"):
        skip("node and npm are not installed")
    folder = os.path.abspath("build/page-tests")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, ".lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = open(os.path.join(HERE, "package-lock.json"), encoding="utf-8").read()
        installed = os.path.join(folder, "installed.json")
        if not os.path.exists(installed) or open(installed, encoding="utf-8").read() != wanted:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(os.path.join(HERE, name), folder)
            made = subprocess.run(["npm", "ci", "--prefix", folder, "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1",
                                   "--fetch-timeout=30000"], capture_output=True, text=True)
            if made.returncode:
                skip("npm could not fetch the packages of tests/page/package-lock.json")
            open(installed, "w", encoding="utf-8").write(wanted)
    return os.path.join(folder, "node_modules")
