"""Settings of the test session that must stand before anything imports scipy."""

import os
import signal

# scikit-learn's checks look at array-API behaviour only where scipy allows it, and
# scipy reads this switch once, at its first import.
os.environ.setdefault("SCIPY_ARRAY_API", "1")

# The tests' tables are small: threads would only wait for each other, and on a busy
# machine ten times as long as the work takes.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# Shells start what runs in the background deaf to Ctrl-C, which tests send.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# They hold no doctests, and two of one name cannot both be searched for some.
collect_ignore_glob = ["*conftest.py"]
