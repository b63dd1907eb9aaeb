package dev.heddle.scheduler;

import dev.heddle.wire.Message;

/// A look at all tasks, some at a time: between two looks the scheduler works, so what comes of it is of no
/// single moment. It changes nothing. Entered within the turn alone.
interface Survey {
  void look(Task task);

  /// What came of it, after the last look.
  Message.Response result();
}
