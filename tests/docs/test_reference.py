#!/usr/bin/env python3
"""Pages of docs/reference that the program writes are those of this program."""
import os
import subprocess
import sys

program = os.environ.get("GPUMIX", "build/release/gpumix")
sys.exit(subprocess.run([sys.executable, "tools/docs.py", "--check", program]).returncode)
