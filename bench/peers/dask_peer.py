"""The same work on Dask: a client here, a scheduler and two workers with one thread each in their own processes."""
import signal
import statistics
import subprocess
import sys
import time

from distributed import Client

PORT = 18786
TASKS = 3_000
ALONE = 100
CHAIN = 500


def plus_one(number):
    return number + 1


def array(length):
    try:
        import numpy
        return numpy.zeros(length)
    except ImportError:
        return bytes(length * 8)


def timed(function, rounds=3):
    function()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def many(client):
    futures = client.map(plus_one, range(TASKS), pure=False)
    assert sum(client.gather(futures)) == TASKS * (TASKS + 1) // 2


def one_by_one(client):
    futures = [client.submit(plus_one, number, pure=False) for number in range(TASKS)]
    assert sum(client.gather(futures)) == TASKS * (TASKS + 1) // 2


def alone(client):
    times = []
    for number in range(ALONE):
        started = time.perf_counter()
        assert client.submit(plus_one, number, pure=False).result() == number + 1
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def chain(client):
    future = client.submit(plus_one, 0, pure=False)
    for _ in range(CHAIN - 1):
        future = client.submit(plus_one, future, pure=False)
    assert future.result() == CHAIN


def transfer(client):
    first, second = list(client.scheduler_info()["workers"])
    length = 8 << 20
    rates = []
    for _ in range(5):
        value = client.submit(array, length, workers=[first], pure=False)
        client.submit(len, value, workers=[first], pure=False).result()
        started = time.perf_counter()
        assert client.submit(len, value, workers=[second], pure=False).result() in (length, length * 8)
        rates.append(length * 8 / (time.perf_counter() - started) / 1e9)
    return statistics.median(rates)


def say(figure, value):
    print(figure, value, flush=True)


def main():
    # Or the processes below would outlive this one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    address = f"tcp://127.0.0.1:{PORT}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host",
                                   "127.0.0.1", "--port", str(PORT), "--no-dashboard"], **quiet)]
    try:
        for _ in range(2):
            processes.append(subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1",
                 "--no-nanny", "--no-dashboard"], **quiet))
        client = Client(address, timeout=30)
        client.wait_for_workers(2, timeout=30)
        say("mapTasksPerSecond", TASKS / timed(lambda: many(client)))
        say("tasksPerSecond", TASKS / timed(lambda: one_by_one(client)))
        say("p50Micros", alone(client) * 1e6)
        say("chainMicros", timed(lambda: chain(client)) / CHAIN * 1e6)
        say("gigabytesPerSecond", transfer(client))
        client.close()
    finally:
        for process in processes:
            process.kill()


main()
