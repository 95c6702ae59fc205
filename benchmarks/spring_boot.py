#!/usr/bin/env python3
"""
What the starter costs a Spring Boot application: start-up time and memory of samples/spring-boot, beside
the same application without the starter.

    benchmarks/spring_boot.py [--rounds N]

Build the sample first (samples/run spring-boot does). The variants take turns, so that what else the
machine does is shared fairly.
"""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
JAR = ROOT / "samples/spring-boot/target/spring-boot.jar"
SOURCE = ROOT / "samples/spring-boot/src/main/java/dev/gangway/samples/spring/SecurityRules.java"

# The same heap for all, touched beforehand: otherwise chance decides how much garbage it holds.
HEAP = ("-Xms128m", "-Xmx128m", "-XX:+AlwaysPreTouch")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without_starter(folder):
    """The jar less Gangway; the rules are compiled anew without what names it."""
    jar = folder / "without.jar"
    shutil.copy(JAR, jar)
    subprocess.run(
        ["zip", "-q", "-d", jar, "BOOT-INF/lib/gangway-*", "BOOT-INF/classes/python/*"], check=True
    )
    rules = SOURCE.read_text(encoding="utf-8")
    rules = rules[: rules.index("  /** What Django's pages need")] + "}\n"
    kept = [
        line
        for line in rules.splitlines()
        if "import dev.gangway" not in line and "csrf" not in line.lower()
    ]
    source = folder / SOURCE.name
    source.write_text("\n".join(kept), encoding="utf-8")
    subprocess.run(["unzip", "-q", jar, "BOOT-INF/*", "-d", folder / "jar"], check=True)
    libraries = f"{folder}/jar/BOOT-INF/lib/*"
    classes = folder / "jar/BOOT-INF/classes"
    subprocess.run(["javac", "-nowarn", "-cp", libraries, "-d", classes, source], check=True)
    update = ["zip", "-q", "-r", jar, "BOOT-INF/classes"]
    subprocess.run(update, cwd=folder / "jar", check=True)
    return jar


def children(pid):
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    found = []
    for child in map(int, listed.stdout.split()):
        found += [child, *children(child)]
    return found


def pss(pid):
    """Proportional set size in MiB: shared pages are divided among those who share them."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024
    except (FileNotFoundError, ProcessLookupError, StopIteration):
        return 0.0


def live_heap(pid):
    """What a full collection leaves, in MiB."""
    histogram = subprocess.run(
        ["jcmd", str(pid), "GC.class_histogram"], capture_output=True, text=True, check=True
    ).stdout
    total = next(line for line in reversed(histogram.splitlines()) if line.startswith("Total"))
    return int(total.split()[2]) / 1024**2


def fetch(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def measure(jar, folder, *options):
    port = free_port()
    environment = dict(os.environ, DATA_DIR=str(folder / "data"), GANGWAY_CACHE=str(folder / "cache"))
    command = ["java", *HEAP, "-jar", str(jar), f"--server.port={port}", *options]
    began = time.monotonic()
    with open(folder / "log.txt", "w", encoding="utf-8") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        url = f"http://127.0.0.1:{port}/login"
        while fetch(url) is None:
            if process.poll() is not None or time.monotonic() - began > 120:
                sys.exit(f"{' '.join(command)} does not answer; see {folder}/log.txt")
            time.sleep(0.01)
        took = time.monotonic() - began
        for _ in range(50):
            fetch(url)
        workers = sum(map(pss, children(process.pid)))
        return took, live_heap(process.pid), pss(process.pid), workers
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    if not JAR.exists():
        sys.exit(f"{JAR} is not built: samples/run spring-boot builds it")
    python = subprocess.run(
        [ROOT / "samples/python-env"], capture_output=True, text=True, check=True
    ).stdout.strip()
    os.environ["GANGWAY_PYTHON"] = python
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gangway-spring-boot-"))
    plain = without_starter(folder)
    variants = {
        "without the starter": (plain,),
        "with it, nothing mounted": (JAR, "--gangway.enabled=false"),
        "with the Django site, 2 workers": (JAR,),
    }
    measure(JAR, folder)  # Sets the site's database up.
    results = {name: [] for name in variants}
    for _ in range(rounds):
        for name, (jar, *options) in variants.items():
            results[name].append(measure(jar, folder, *options))
    print("| | start-up s | live heap MiB | JVM MiB | workers MiB |\n|---|---|---|---|---|")
    for name, values in results.items():
        seconds, heap, jvm, workers = (statistics.median(column) for column in zip(*values))
        print(f"| {name} | {seconds:.2f} | {heap:.0f} | {jvm:.0f} | {workers:.0f} |")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
