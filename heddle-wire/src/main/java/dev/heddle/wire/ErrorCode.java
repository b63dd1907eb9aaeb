package dev.heddle.wire;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a message about something that went wrong can be looked up by: `HDL-0021` at its end stands
/// for a section of `docs/troubleshooting.md` that says what it means and what to do.
///
/// A code stands for a problem of somebody who uses Heddle rather than for a place in our code: one
/// that is noticed in several places has one code. Messages of the user's own functions have none,
/// and neither have refusals of an argument out of its range, which say what would be in it.
/// Numbers are never given again.
public enum ErrorCode {
  // --- reaching a node

  /// Nobody answers where somebody was to listen.
  CANNOT_CONNECT(1),
  /// A peer did not answer in time.
  NO_ANSWER(2),
  /// A connection ended while it was needed.
  CONNECTION_LOST(3),
  /// Another process listens there.
  PORT_IN_USE(4),
  /// A node cannot listen there for another reason.
  CANNOT_LISTEN(5),
  /// A node was to listen where other machines reach it, without a secret of the cluster's own.
  SECRET_NEEDED(6),
  /// No address.
  BAD_ADDRESS(7),
  /// The address is one of a node that does something else.
  WRONG_ROLE(8),
  /// As many connections, requests or functions as there may be.
  BUSY(9),

  // --- coming to terms

  /// The two ends have different secrets.
  SECRETS_DIFFER(11),
  /// A secret file is missing, unreadable, open to others, or no secret.
  SECRET_FILE(12),
  /// The two ends speak different versions.
  VERSIONS_DIFFER(13),
  /// Whoever listens there is no Heddle node, or ended the handshake.
  NOT_HEDDLE(14),
  /// A peer said something that the protocol does not allow.
  PROTOCOL(15),
  /// Something is too large for one message.
  MESSAGE_TOO_LARGE(16),
  /// A node refused a request for a reason of its own, which the message gives.
  REFUSED(17),

  // --- the client

  /// The scheduler, or all workers, were away for too long.
  CLUSTER_AWAY(21),
  /// The client was closed while something waited.
  CLIENT_CLOSED(22),
  /// The time that the caller would wait is over.
  WAIT_TOO_LONG(23),
  /// A function, argument or result holds something that cannot be sent.
  CANNOT_TRAVEL(24),
  /// A value that was sent cannot be read.
  CANNOT_BE_READ(25),
  /// A class is not to be had.
  CLASS_MISSING(26),
  /// A future is used where it cannot be.
  FUTURE_MISPLACED(27),
  /// Nothing has that name.
  NOT_PUBLISHED(28),

  // --- tasks and values

  /// A task ran for longer than it may.
  TASK_TIME_LIMIT(31),
  /// Workers died while a task ran there.
  WORKERS_DIED(32),
  /// A task's input cannot be had from anybody.
  INPUT_MISSING(33),
  /// A value is gone that nothing can compute again.
  VALUE_LOST(34),
  /// There are workers, and none of them may run the task; or there are none.
  NO_WORKER_FITS(35),
  /// A function changed what it was given.
  INPUT_CHANGED(36),
  /// A value, or the inputs of a task, are larger than a worker takes.
  VALUE_TOO_LARGE(37),
  /// A function called `System.exit`.
  EXIT_REFUSED(38),

  // --- workers, their disk and their store

  /// The directory for values on disk cannot be used, or is full.
  SPILL(41),
  /// Shared memory between workers of one host cannot be used.
  SHARED_MEMORY(42),
  /// A worker is leaving and takes nothing more.
  LEAVING(43),
  /// The store of who has what cannot be reached, or does not answer.
  STORE_AWAY(44),
  /// Another worker has that name.
  NAME_TAKEN(45),
  /// A worker's lease ended.
  LEASE_LOST(46),
  /// Nothing has moved for a while though something could.
  STANDSTILL(47),

  // --- the command line

  /// A command line, an option or a variable makes no sense.
  USAGE(51),
  /// What was asked for is not there.
  NOT_THERE(52),
  /// A file or directory is missing, or cannot be read or written.
  FILE(53),
  /// There is no JDK 25.
  NO_JDK(54),
  /// Heddle could not be built.
  BUILD_FAILED(55),
  /// The system refused something else.
  SYSTEM(56),
  /// A part of Heddle is not on the program's class path.
  PART_MISSING(57),

  /// A mistake of ours.
  DEFECT(99);

  private static final String BEGINNING = " (HDL-";
  private static final Pattern ANY = Pattern.compile(" \\(HDL-\\d{4}\\)");

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /// `HDL-0021`.
  public String text() {
    return String.format(Locale.ROOT, "HDL-%04d", number);
  }

  /// The code of a message: that of its first line.
  public static Optional<ErrorCode> in(String message) {
    var end = message.indexOf('\n');
    var at = message.indexOf(BEGINNING);
    if (at < 0 || (end >= 0 && at > end)) {
      return Optional.empty();
    }
    return Arrays.stream(values()).filter(code -> message.startsWith(code.text() + ")", at + 2))
        .findFirst();
  }

  /// The message without codes, for one that tells of the cause and is to be looked up itself.
  public static String without(String message) {
    return message.contains(BEGINNING) ? ANY.matcher(message).replaceAll("") : message;
  }

  /// The message with this code at the end of its first line. One that has a code, since it tells
  /// of a cause that has one, stays as it is: the cause is what has to be looked up.
  public String of(String message) {
    if (message.contains(BEGINNING)) {
      return message;
    }
    var end = message.indexOf('\n');
    end = end < 0 ? message.length() : end;
    var isHead = end > 0 && end < message.length() && message.charAt(end - 1) == ':';
    end = isHead ? end - 1 : end;
    return message.substring(0, end) + " (" + text() + ")" + message.substring(end);
  }
}
