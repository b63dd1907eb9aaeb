package dev.heddle.examples;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Consumer;

/// Counts what class files call and use. Each method here can be a task on a worker: static, with an argument and a result
/// that travel.
public final class Census {
  /// No class file is longer by far: a method has at most 64 KiB, and the longest of the JDK has 1 MiB.
  static final int CLASS_BYTES_MAX = 16 << 20;

  private Census() {}

  /// The census of one unit of work.
  ///
  /// @throws CensusException if this process doesn't see the place, or lacks a file that the caller found there
  public static PartialCensus of(WorkUnit unit) {
    var tally = new Tally();
    unit.packages().forEach(part -> addTo(tally, part));
    return tally.result();
  }

  /// The census of one package.
  ///
  /// @throws CensusException as in [#of]
  public static PartialCensus ofPackage(PackageRef part) {
    var tally = new Tally();
    addTo(tally, part);
    return tally.result();
  }

  /// The same on one thread, as one would write it without workers: one tally, nothing to merge.
  ///
  /// @param done is told of each unit when it has been counted
  public static PartialCensus sequential(List<WorkUnit> units, Consumer<WorkUnit> done) {
    var tally = new Tally();
    for (var unit : units) {
      unit.packages().forEach(part -> addTo(tally, part));
      done.accept(unit);
    }
    return tally.result();
  }

  private static void addTo(Tally tally, PackageRef part) {
    try (var reader = part.place().open()) {
      for (var file : part.files()) {
        addTo(tally, part, reader, part.path(file));
      }
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw unseen(part, e);
    } catch (IOException e) {
      throw new CensusException(
          "process " + ProcessHandle.current().pid() + " cannot read " + part.label() + " ("
              + e.getMessage() + "); is " + part.place().name() + " being changed?",
          e);
    }
  }

  private static void addTo(Tally tally, PackageRef part, Place.Reader reader, String path)
      throws IOException {
    var where = part.place().name() + "/" + path;
    try (var in = reader.open(path)) {
      var bytes = in.readNBytes(CLASS_BYTES_MAX + 1);
      if (bytes.length > CLASS_BYTES_MAX) {
        tally.skip(Skips.Reason.TOO_LARGE, where, "over " + CLASS_BYTES_MAX + " bytes");
      } else {
        tally.add(where, bytes);
      }
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      tally.skip(Skips.Reason.UNREADABLE, where, e.toString());
    }
  }

  private static CensusException unseen(PackageRef part, IOException cause) {
    var process = "process " + ProcessHandle.current().pid();
    return new CensusException(switch (part.place()) {
      case Place.JdkModule(var module) ->
        process + " doesn't find " + cause.getMessage() + " of module " + module
            + " in its JDK (" + Runtime.version() + ", " + System.getProperty("java.home")
            + "); start the workers with the JDK of the caller";
      case Place.Jar(var path) -> process + " doesn't see " + cause.getMessage() + " of " + path
          + "; start the workers where the caller's files are, at the same path";
      case Place.Directory(var path) ->
        process + " doesn't see " + cause.getMessage() + " of " + path
            + "; start the workers where the caller's files are, at the same path";
    }, cause);
  }
}
