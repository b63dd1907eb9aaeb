package dev.heddle.scheduler;

import dev.heddle.wire.Key;
import dev.heddle.wire.Message.Begun;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// All that the scheduler knows of one task, in as few bytes as may be: there are millions. What only
/// few tasks have is in [Rare].
final class Task {
  static final Task[] NONE = {};
  static final Member[] NOBODY = {};

  /// The client that submitted it first holds a future for it.
  static final int OWNER_WANTS = 1;
  /// All who want its value have it in their own hands.
  static final int TOLD = 1 << 1;
  /// An obstacle: a worker that is not back yet may have it.
  static final int HELD = 1 << 2;
  /// An obstacle: an input could not be had a moment ago.
  static final int PARKED = 1 << 3;
  /// An obstacle: it will fail, once it is known why its workers died.
  static final int DOOMED = 1 << 4;
  /// An obstacle: it was put on workers by its client and cannot be computed.
  static final int SCATTERED = 1 << 5;
  /// It was given to a worker along with what it waits for.
  static final int AHEAD = 1 << 6;
  /// Its function waits for another task, and occupies no slot.
  static final int WAITS = 1 << 7;
  /// Its worker was asked to give it back.
  static final int RECALLED = 1 << 8;
  /// Queued for the worker [#there], which has its inputs.
  static final int HOMED = 1 << 9;
  /// In the list of what might run ahead on the worker [#there].
  static final int CANDIDATE = 1 << 10;
  /// It erred by itself, and not because of an input.
  static final int ORIGIN = 1 << 11;
  /// It no longer counts among the dependents of its inputs.
  static final int UNLINKED = 1 << 12;
  /// Somebody asked for its value while all who have it were away.
  static final int ASKED_FOR = 1 << 13;
  /// Already among the inputs that are being gathered for a task.
  static final int SEEN = 1 << 14;
  /// It was once given to a worker that lacked its inputs: it is given to none before they are there.
  static final int NEVER_AHEAD = 1 << 15;
  /// Its function was called by some worker, or may have been.
  static final int BEGUN = 1 << 16;
  /// Its assignment ends, and by its worker's word the function was not called there.
  static final int NOT_BEGUN_THERE = 1 << 17;
  /// It was cancelled, and its worker has yet to say whether the function was called; see [Inquest].
  static final int ASKING = 1 << 18;
  /// While processing: it may go on though nobody wants it, unless it comes out that it has not begun.
  static final int SPARED = 1 << 19;
  /// It failed, and its inputs are kept; see [Recording].
  static final int RECORDED = 1 << 20;
  /// While recorded: somebody has asked what it takes to call it once more.
  static final int REPLAYED = 1 << 21;
  /// Why a task may be waiting though no input is missing.
  static final int OBSTACLES = HELD | PARKED | DOOMED | SCATTERED;

  final int id;
  final Template template;
  final long number;
  /// What comes first of one client's: the smallest. See [Rank].
  final long rank;

  TaskState state = TaskState.RELEASED;
  int flags;

  /// A `Payload`, a [Task], or an array of these; null for no argument, and when it is of no use any more.
  @Nullable
  Object argument;
  /// What it depends on, each once.
  Task[] inputs;
  /// What depends on it: the first [#dependentsCount], of which [#dependentsLive] are not unlinked.
  Task[] dependents = NONE;
  int dependentsCount;
  int dependentsLive;
  /// How many of its dependents are active, and so need its value.
  int needed;
  /// How many of its inputs are not in memory; counted while it is active.
  int missing;

  /// The worker that it was given to, while processing.
  @Nullable
  Member worker;
  /// The number of that assignment; 0 for none.
  long assignment;
  /// What it adds to its worker's load, in units of [Pace#UNIT_NANOS].
  int cost;
  /// While queued: since when; see [Tally].
  int queuedUnits;
  /// While waiting: a worker that [#thereCount] of its missing inputs, at least, were given to.
  @Nullable
  Member there;
  int thereCount;

  /// Who has its value; null for nobody.
  @Nullable
  Member holder;
  Member[] moreHolders = NOBODY;
  long sizeBytes;
  /// In memory the value's type, a `String`; erred a [Verdict]; else null.
  @Nullable
  Object end;
  @Nullable
  Rare rare;

  Task(int id, Template template, long number, long rank, Task[] inputs,
      @Nullable Object argument) {
    this.id = id;
    this.template = template;
    this.number = number;
    this.rank = rank;
    this.inputs = inputs;
    this.argument = argument;
  }

  /// What is known of its function.
  Begun begun() {
    if (has(ASKING)) {
      return Begun.UNTOLD;
    }
    return has(BEGUN) ? Begun.PERHAPS : Begun.NO;
  }

  Key key() {
    return template.key(number);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  void set(int flag) {
    flags |= flag;
  }

  void clear(int flag) {
    flags &= ~flag;
  }

  Rare rare() {
    var known = rare;
    if (known == null) {
      known = new Rare();
      rare = known;
    }
    return known;
  }

  /// Which attempt is under way, or comes next, as far as its function threw: from 1 on.
  int attempt() {
    return rare == null ? 1 : rare.retriesUsed + 1;
  }

  /// Whether a client holds a future for it, or a name is kept for it.
  boolean wanted() {
    return has(OWNER_WANTS) || (rare != null && rare.wanted());
  }

  /// Whether it runs though nobody wants its value.
  /// Whether it stays known for a replay, though nobody may want it.
  boolean isToBeReplayed() {
    return has(RECORDED) && !has(REPLAYED) && !template.owner.left;
  }

  boolean runsAnyway() {
    return has(SPARED) || (template.settings.detached() && state.active());
  }

  // --- dependents

  void addDependent(Task dependent) {
    if (dependentsCount == dependents.length) {
      if (dependentsCount > 2 * dependentsLive + 8) {
        compact();
      } else {
        dependents = Arrays.copyOf(dependents, dependentsCount == 0 ? 1 : 2 * dependentsCount + 2);
      }
    }
    dependents[dependentsCount++] = dependent;
    dependentsLive++;
  }

  /// A dependent of its is unlinked.
  void dependentGone() {
    dependentsLive--;
    if (dependentsLive == 0) {
      dependents = NONE;
      dependentsCount = 0;
    }
  }

  private void compact() {
    var kept = 0;
    for (var i = 0; i < dependentsCount; i++) {
      if (!dependents[i].has(UNLINKED)) {
        dependents[kept++] = dependents[i];
      }
    }
    Arrays.fill(dependents, kept, dependentsCount, this);
    dependentsCount = kept;
  }

  // --- holders

  boolean isHeldBy(Member member) {
    if (holder == member) {
      return true;
    }
    for (var other : moreHolders) {
      if (other == member) {
        return true;
      }
    }
    return false;
  }

  /// Whether another that is here has it.
  boolean isHeldByAnother(Member member) {
    if (holder != null && holder != member && !holder.away) {
      return true;
    }
    for (var other : moreHolders) {
      if (other != member && !other.away) {
        return true;
      }
    }
    return false;
  }

  int holdersCount() {
    return holder == null ? 0 : 1 + moreHolders.length;
  }

  /// @return whether it was not one before
  boolean addHolder(Member member) {
    if (isHeldBy(member)) {
      return false;
    }
    if (holder == null) {
      holder = member;
    } else {
      moreHolders = Arrays.copyOf(moreHolders, moreHolders.length + 1);
      moreHolders[moreHolders.length - 1] = member;
    }
    return true;
  }

  /// @return whether it was one
  boolean removeHolder(Member member) {
    if (holder == member) {
      var last = moreHolders.length - 1;
      holder = last < 0 ? null : moreHolders[last];
      moreHolders = last <= 0 ? NOBODY : Arrays.copyOf(moreHolders, last);
      return true;
    }
    for (var i = 0; i < moreHolders.length; i++) {
      if (moreHolders[i] == member) {
        moreHolders[i] = moreHolders[moreHolders.length - 1];
        moreHolders = moreHolders.length == 1
            ? NOBODY
            : Arrays.copyOf(moreHolders, moreHolders.length - 1);
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return key().text();
  }
}
