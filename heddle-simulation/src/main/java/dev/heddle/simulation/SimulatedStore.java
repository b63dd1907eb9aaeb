package dev.heddle.simulation;

import dev.heddle.metadata.MetadataState;
import java.util.function.Consumer;

/// The metadata store, and the way to it. It can be away for a while, and come back empty.
public final class SimulatedStore implements StoreAccess {
  private final SimulatedTime time;
  private MetadataState state = new MetadataState();
  private boolean away;
  /// How often an answer is lost after the store did what it was asked, and how often the request.
  public double losses;
  private boolean everLost;
  public long delayNanosMax = 2 * SimulatedTime.MILLI;

  public SimulatedStore(SimulatedTime time) {
    this.time = time;
  }

  @Override
  public <A> void call(Call<A> call, Consumer<A> answered, Consumer<String> failed) {
    var there = time.duration(SimulatedTime.MILLI / 20, delayNanosMax);
    var back = time.duration(SimulatedTime.MILLI / 20, delayNanosMax);
    if (time.chance(losses / 2)) {
      everLost = true;
      time.after(there + back, () -> failed.accept("the connection to the store broke"));
      return;
    }
    time.after(there, () -> {
      if (away) {
        time.after(back, () -> failed.accept("the store cannot be reached"));
        return;
      }
      var answer = call.on(state, time.millis());
      if (time.chance(losses)) {
        everLost = true;
        time.after(back, () -> failed.accept("the store did not answer"));
      } else {
        time.after(back, () -> answered.accept(answer));
      }
    });
  }

  public void goAway() {
    away = true;
    everLost = true;
  }

  public void comeBack() {
    away = false;
  }

  public void restartEmpty() {
    state = new MetadataState();
    everLost = true;
  }

  /// Whether it always answered, and kept everything.
  public boolean wasAlwaysThere() {
    return !everLost;
  }

  public MetadataState state() {
    return state;
  }
}
