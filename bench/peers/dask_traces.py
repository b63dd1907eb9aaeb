"""What the caller sees under Dask when a task throws with a cause, three levels below what it waits for; the docs quote it."""
from distributed import Client, LocalCluster


class OrderException(Exception):
    pass


def parse(text):
    try:
        return int(text)
    except ValueError as e:
        raise OrderException("no number of " + text) from e


def double(n):
    return 2 * n


def main():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        counts = client.map(parse, ["1", "2", "x", "4"])
        doubled = client.map(double, counts)
        total = client.submit(sum, doubled)
        total.result()


if __name__ == "__main__":
    main()
