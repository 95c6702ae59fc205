raise RuntimeError("fails on purpose")
