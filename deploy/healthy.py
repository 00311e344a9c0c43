"""Asks the process in this container whether it can work; exits 0 or says why not."""

import os
import sys
import urllib.error
import urllib.request

ADDRESS = f"http://127.0.0.1:{os.environ.get('PUNTUAL_HTTP_PORT') or 8080}/health/ready"

try:
    with urllib.request.urlopen(ADDRESS, timeout=3):
        sys.exit(0)
except urllib.error.HTTPError as answer:
    sys.exit(answer.read().decode("utf-8", "replace"))
except OSError as error:
    sys.exit(f"no answer from {ADDRESS} ({type(error).__name__})")
