#!/usr/bin/env python3
"""Figures of docs/figures were drawn from what this program says."""
import os
import subprocess
import sys

program = os.environ.get("GPUMIX", "build/release/gpumix")
sys.exit(subprocess.run([sys.executable, "tools/figures.py", "--check", program]).returncode)
