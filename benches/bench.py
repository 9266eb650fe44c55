"""What the benches share: targets on a core of their own, generators on another, what
they cost the machine, and tables of medians and ratios."""

import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from math import comb

ROOT = pathlib.Path(__file__).resolve().parents[1]
PLAN = ROOT / "target/release/plan"
INSTALLED = [ROOT / ".cache/peers/bin", ROOT / ".cache/peers/venv/bin"]


def find(name):
    """A program on the PATH, or one that benches/peers/install has put aside."""
    return shutil.which(name, path=os.pathsep.join([*map(str, INSTALLED), os.environ["PATH"]]))


def cores():
    """One core for the target, one for the generator."""
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        sys.exit("one core for the target and one for the generator are needed")
    return usable[0], usable[1]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A process on cores of its own that listens on `self.port`."""

    def __init__(self, command, port, cores):
        self.command, self.port, self.cores = command, port, cores

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command,
            preexec_fn=lambda: os.sched_setaffinity(0, self.cores),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)
        self.process.kill()
        sys.exit(f"{self.command[0]} does not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"


NGINX = """
worker_processes {processes}; daemon off; pid {folder}/pid; error_log {folder}/error.log;
worker_rlimit_nofile {connections};
events {{ worker_connections {connections}; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s;
  server {{
    listen 127.0.0.1:{port} backlog=16384;
    location / {{ return 200 "{body}"; }}
    location = /served {{ stub_status; }}
  }}
}}
"""


class Nginx(Server):
    """Answers 69 bytes."""

    def __init__(self, folder, cores, connections=4096, processes=1):
        port = free_port()
        config = folder / "nginx.conf"
        body = "0123456789" * 6 + "01234567\\n"
        config.write_text(
            NGINX.format(
                folder=folder,
                port=port,
                body=body,
                connections=connections,
                processes=processes,
            )
        )
        super().__init__(["nginx", "-p", str(folder), "-c", str(config)], port, cores)

    def served(self):
        """How many requests it has answered."""
        said = urllib.request.urlopen(self.url + "served", timeout=10).read().decode()
        return int(re.search(r"requests\s+\d+ \d+ (\d+)", said)[1])


class Demo(Server):
    """The blog that plan brings along."""

    def __init__(self, plan, core):
        port = free_port()
        super().__init__([str(plan), "demo", "--port", str(port)], port, [core])

    def served(self):
        """How many requests it has answered."""
        said = urllib.request.urlopen(self.url + "__counts", timeout=10).read().decode()
        return int(re.search(r'"total":(\d+)', said)[1])


def run(command, core, seconds, env=None, cwd=None):
    """Runs a generator on a core. Fails with what it said, if it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        preexec_fn=lambda: os.sched_setaffinity(0, [core]),
        capture_output=True,
        text=True,
        timeout=seconds + 90,
        check=False,
        env={**os.environ, **(env or {})},
        cwd=cwd,
    )
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed:\n{done.stdout}\n{done.stderr}")


def run_plan(program, plan, cores, seconds, workers=1):
    """Runs a plan as a user would, with its live view on a terminal; on these cores."""
    ours, theirs = pty.openpty()
    # Somebody has to look at the bars, or the program would wait for room to draw.
    shown = bytearray()
    looking = threading.Thread(target=drain, args=[ours, shown], daemon=True)
    looking.start()
    try:
        done = subprocess.run(
            [os.path.abspath(program), "run", plan, "--workers", str(workers), "--allow-saturation"],
            # Where the run is kept, as it is by default.
            cwd=os.path.dirname(os.path.abspath(plan)),
            preexec_fn=lambda: os.sched_setaffinity(0, cores),
            stdout=subprocess.PIPE,
            stderr=theirs,
            timeout=seconds + 90,
            text=True,
            check=False,
        )
    finally:
        os.close(theirs)
    if done.returncode != 0:
        looking.join(timeout=1)
        sys.exit(f"plan failed:\n{done.stdout}\n{shown.decode(errors='replace')}")
    looking.join()
    os.close(ours)


def drain(terminal, shown):
    """Reads what is drawn; the last of it is for whom something went wrong."""
    try:
        while read := os.read(terminal, 65536):
            shown += read
            del shown[:-4096]
    except OSError:
        pass  # The other end is closed.


def cost(server, generate):
    """Microseconds of CPU for each request that the target has served, user and system
    time of the generator from its start to its end."""
    served = server.served()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    generate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # That it was asked is no request of the generator's.
    requests = server.served() - served - 1
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"us": 1e6 * seconds / requests, "requests": requests}


def measure(names, rounds, cost_of, few=(), few_rounds=0):
    """Every generator in every round, but `few` in only the first ones; the order turns,
    so that none is always first."""
    measured = []
    for number in range(rounds):
        there = [name for name in names if name not in few or number < few_rounds]
        turn = number % len(there)
        costs = {}
        for name in there[turn:] + there[:turn]:
            print(f"\rround {number + 1} of {rounds}: {name!s:<12}", end="", file=sys.stderr)
            costs[name] = cost_of(name)
        measured.append(costs)
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    return measured


def show(rounds, names):
    """Medians, and the median of plan's cost divided by each other's in the same round,
    with the interval that holds it with 95 % (or what so few rounds give)."""
    print(f"{'':14}{'median':>10}{'lowest':>10}{'highest':>10}{'rounds':>8}   plan ÷ it")
    for name in names:
        each = [costs for costs in rounds if name in costs]
        costs = [costs[name]["us"] for costs in each]
        line = f"{name:14}" + "".join(
            f"{figure:8.2f}µs" for figure in (statistics.median(costs), min(costs), max(costs))
        )
        line += f"{len(costs):8}"
        if name != "plan":
            ratios = sorted(costs["plan"]["us"] / costs[name]["us"] for costs in each)
            low, high, sure = interval(ratios)
            line += f"   {statistics.median(ratios):.3f} ({low:.3f} to {high:.3f}, {sure:.0%})"
        print(line)


def interval(ordered):
    """The narrowest pair of order statistics that holds the median with 95 % or more,
    by the binomial distribution; of few values the lowest and the highest."""
    count = len(ordered)
    best = 0
    for skipped in range(count // 2):
        outside = 2 * sum(comb(count, k) for k in range(skipped + 1)) / 2**count
        if 1 - outside >= 0.95:
            best = skipped
    outside = 2 * sum(comb(count, k) for k in range(best + 1)) / 2**count
    return ordered[best], ordered[-1 - best], max(0.0, 1 - outside)
