package dev.heddle.scheduler;

/// What moved a task from one state to another, for its [Story].
enum Cause {
  SUBMITTED("it was submitted"), INPUTS_READY("its inputs are there"), ASSIGNED(
      "it was given to"), RAN_AHEAD("it was given, along with what it waits for, to"), FOUND(
          "its value was found on"), ENDED("it was done by"), FAILED(
              "it failed on"), RETRIED("it failed and is tried again; it ran on"), LACKING(
                  "its inputs could not be had by"), GIVEN_BACK("it was given back by"), CANCELLED(
                      "it was cancelled"), CANCELLED_THERE("it was cancelled on"), PULLED_BACK(
                          "what it waits for left"), INPUT_FAILED(
                              "something that it needs has no value"), INPUT_LOST(
                                  "the value of an input was lost"), VALUE_LOST(
                                      "its value was lost with"), MOVED(
                                          "its value was moved from"), NEEDED_AGAIN(
                                              "its value is needed again"), UNNEEDED(
                                                  "nobody needs it any more"), WORKER_DIED(
                                                      "its worker died:"), WORKER_CAME(
                                                          "its worker came back without it:"), MISSED(
                                                              "a defect: not known any more to"), DEATHS(
                                                                  "it ran on too many dying workers"), IMPOSSIBLE(
                                                                      "it cannot be done"), SETTLED(
                                                                          "the workers that may have had it came back, or time was up"), WATCHDOG(
                                                                              "a defect: the watchdog found it stuck");

  private final String text;

  Cause(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /// A small number for it, within one run of the program.
  @SuppressWarnings("EnumOrdinal") // it indexes arrays in memory, and is never stored or sent
  int code() {
    return ordinal();
  }
}
