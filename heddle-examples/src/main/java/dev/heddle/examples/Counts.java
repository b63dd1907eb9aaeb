package dev.heddle.examples;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// How often each of many names was counted: an immutable sorted table, small enough to travel.
///
/// The table is one byte array. Names are in the order of their UTF-8 bytes, and of each only what differs from the name
/// before is kept: `shared length, rest length, rest, count`, with numbers of variable length. The 150,000 methods that
/// the JDK calls take 7 MB so, half of their text. Equal counts have equal tables, and a merge is
/// one pass over both.
public final class Counts implements Serializable {
  private static final long serialVersionUID = 1;

  public static final Counts NONE = new Counts(new byte[0], 0, 0);

  private final byte[] table;
  private final int size;
  private final long total;

  /// A name and how often it was counted.
  public record Count(String name, long count) implements Serializable {
    /// The most frequent first, then by name.
    static final Comparator<Count> ORDER = Comparator.comparingLong(Count::count).reversed()
        .thenComparing(Count::name);
  }

  private Counts(byte[] table, int size, long total) {
    this.table = table;
    this.size = size;
    this.total = total;
  }

  static Counts of(Map<String, Long> counts) {
    var sorted = new TreeMap<byte[], Long>(Arrays::compareUnsigned);
    counts.forEach((name, count) -> sorted.put(name.getBytes(StandardCharsets.UTF_8), count));
    var writer = new Writer(counts.size() * 24);
    sorted.forEach((name, count) -> writer.add(name, name.length, count));
    return writer.end();
  }

  /// The sums of both.
  public Counts merge(Counts other) {
    var a = new Cursor(table);
    var b = new Cursor(other.table);
    var writer = new Writer(table.length + other.table.length);
    var moreA = a.next();
    var moreB = b.next();
    while (moreA || moreB) {
      var order = !moreA
          ? 1
          : !moreB ? -1 : Arrays.compareUnsigned(a.name, 0, a.length, b.name, 0, b.length);
      if (order < 0) {
        writer.add(a.name, a.length, a.count);
        moreA = a.next();
      } else if (order > 0) {
        writer.add(b.name, b.length, b.count);
        moreB = b.next();
      } else {
        writer.add(a.name, a.length, Math.addExact(a.count, b.count));
        moreA = a.next();
        moreB = b.next();
      }
    }
    return writer.end();
  }

  /// The `n` most frequent names, the most frequent first.
  public List<Count> top(int n) {
    var best = new PriorityQueue<Count>(Count.ORDER.reversed());
    var cursor = new Cursor(table);
    while (cursor.next()) {
      if (best.size() < n || cursor.count >= leastOf(best)) {
        best.add(new Count(cursor.nameAsString(), cursor.count));
        if (best.size() > n) {
          best.remove();
        }
      }
    }
    var top = new ArrayList<>(best);
    top.sort(Count.ORDER);
    return List.copyOf(top);
  }

  private static long leastOf(PriorityQueue<Count> best) {
    var least = best.peek();
    return least == null ? Long.MAX_VALUE : least.count();
  }

  /// How often `name` was counted; 0 if never.
  public long get(String name) {
    var wanted = name.getBytes(StandardCharsets.UTF_8);
    var cursor = new Cursor(table);
    while (cursor.next()) {
      if (Arrays.equals(cursor.name, 0, cursor.length, wanted, 0, wanted.length)) {
        return cursor.count;
      }
    }
    return 0;
  }

  /// How many different names there are.
  public int size() {
    return size;
  }

  /// The sum of all counts.
  public long total() {
    return total;
  }

  /// How large this is in memory, and nearly so on the wire.
  public int sizeBytes() {
    return table.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counts counts && Arrays.equals(table, counts.table);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(table);
  }

  @Override
  public String toString() {
    return size + " names, counted " + total + " times, in " + table.length + " bytes";
  }

  /// Reads a table from its beginning; holds the current name as bytes, in a buffer that the next one overwrites.
  private static final class Cursor {
    private final byte[] table;
    private int position;
    private byte[] name = new byte[128];
    private int length;
    private long count;

    Cursor(byte[] table) {
      this.table = table;
    }

    boolean next() {
      if (position == table.length) {
        return false;
      }
      var shared = (int) number();
      var rest = (int) number();
      length = shared + rest;
      if (length > name.length) {
        name = Arrays.copyOf(name, length * 2);
      }
      System.arraycopy(table, position, name, shared, rest);
      position += rest;
      count = number();
      return true;
    }

    private long number() {
      var value = 0L;
      for (var shift = 0;; shift += 7) {
        var b = table[position++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    String nameAsString() {
      return new String(name, 0, length, StandardCharsets.UTF_8);
    }
  }

  /// Writes a table, name by name in order.
  private static final class Writer {
    private final ByteArrayOutputStream table;
    private byte[] last = new byte[128];
    private int lastLength;
    private int size;
    private long total;

    Writer(int capacity) {
      table = new ByteArrayOutputStream(Math.max(capacity, 32));
    }

    void add(byte[] name, int length, long count) {
      var mismatch = Arrays.mismatch(last, 0, lastLength, name, 0, length);
      var shared = mismatch < 0 ? length : mismatch;
      number(shared);
      number(length - shared);
      table.write(name, shared, length - shared);
      number(count);
      if (length > last.length) {
        last = new byte[length * 2];
      }
      System.arraycopy(name, 0, last, 0, length);
      lastLength = length;
      size++;
      total = Math.addExact(total, count);
    }

    private void number(long value) {
      var rest = value;
      while (rest > 0x7f) {
        table.write((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      table.write((int) rest);
    }

    Counts end() {
      return size == 0 ? NONE : new Counts(table.toByteArray(), size, total);
    }
  }
}
