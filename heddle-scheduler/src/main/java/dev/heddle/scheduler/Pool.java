package dev.heddle.scheduler;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The queued tasks that ask the same of a worker, and the workers with room for one of them.
///
/// Of the clients with tasks of the highest priority here, the one goes first that was served least.
final class Pool {
  /// A worker's place among those with room.
  static final class Seat extends Heap.Item {
    final Member member;
    /// [Member#standing], when that was last looked at.
    long standing;
    long storedBytes;

    Seat(Member member) {
      this.member = member;
    }
  }

  /// Those with room, the least loaded first; equals by what they store.
  private static final class Seats extends Heap<Seat> {
    @Override
    boolean before(Seat a, Seat b) {
      if (a.standing != b.standing) {
        return a.standing < b.standing;
      }
      return a.storedBytes != b.storedBytes
          ? a.storedBytes < b.storedBytes
          : a.member.serial < b.member.serial;
    }
  }

  private static final class Turns extends Heap<Shelf> {
    @Override
    boolean before(Shelf a, Shelf b) {
      if (a.urgency != b.urgency) {
        return a.urgency < b.urgency;
      }
      return a.served != b.served
          ? a.served < b.served
          : a.client.serial < b.client.serial;
    }
  }

  final Demand demand;
  private final Map<Client, Shelf> shelves = new HashMap<>();
  private final Turns turns = new Turns();
  private final Seats seats = new Seats();
  private final Map<Member, Seat> seatOf = new LinkedHashMap<>();

  Pool(Demand demand) {
    this.demand = demand;
  }

  // --- tasks

  Shelf shelf(Client client) {
    return shelves.computeIfAbsent(client, _ -> new Shelf(client, this));
  }

  void drop(Shelf shelf) {
    shelves.remove(shelf.client, shelf);
  }

  boolean isUnused() {
    return shelves.isEmpty();
  }

  boolean hasQueued() {
    return turns.size() > 0;
  }

  int queued() {
    return shelves.values().stream().mapToInt(Shelf::queued).sum();
  }

  void add(Task task, long servedAtLeast) {
    var shelf = task.template.shelf;
    if (!turns.has(shelf)) {
      // Who had nothing to do has no claim on the time that it did not use.
      shelf.client.served = Math.max(shelf.client.served, servedAtLeast);
    }
    shelf.add(task);
    refresh(shelf);
  }

  /// A task is queued here no more.
  void gone(Task task) {
    task.template.shelf.gone();
    refresh(task.template.shelf);
  }

  /// A shelf's first task, or how much its client was served, has changed.
  void refresh(Shelf shelf) {
    var first = shelf.peek();
    if (first == null) {
      turns.remove(shelf);
    } else {
      shelf.urgency = Rank.urgency(first.rank);
      shelf.served = shelf.client.served;
      turns.update(shelf);
    }
  }

  /// Whose turn it is; null if nothing is queued.
  @Nullable
  Shelf next() {
    return turns.first();
  }

  // --- workers

  void welcome(Member member) {
    if (demand.fits(member)) {
      var seat = new Seat(member);
      seatOf.put(member, seat);
      if (demand.isNone()) {
        member.seat = seat;
      }
      changed(member);
    }
  }

  void bid(Member member) {
    var seat = seatOf.remove(member);
    if (demand.isNone()) {
      member.seat = null;
    }
    if (seat != null) {
      seats.remove(seat);
    }
  }

  void bidAll() {
    seatOf.values().forEach(seats::remove);
    seatOf.clear();
  }

  /// A worker's load or room has changed.
  void changed(Member member) {
    var seat = demand.isNone() ? member.seat : seatOf.get(member);
    if (seat == null) {
      return;
    }
    if (member.hasRoomFor(demand)) {
      seat.standing = member.standing();
      seat.storedBytes = member.storedBytes;
      seats.update(seat);
    } else {
      seats.remove(seat);
    }
  }

  /// The least loaded worker with room; null if there is none.
  @Nullable
  Member leastLoaded() {
    var seat = seats.first();
    return seat == null ? null : seat.member;
  }

  boolean suits(Member member) {
    return seatOf.containsKey(member);
  }

  void check() {
    turns.check("the turns of " + demand);
    seats.check("the seats of " + demand);
  }
}
