package dev.heddle.examples;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/// What one task counts: whole packages, or a part of a large one; about as much work as any other unit.
public record WorkUnit(List<PackageRef> packages) implements Serializable {
  /// Fewer and the task costs more to send than to do, unless there are no more.
  static final int CLASSES_MIN = 50;
  static final int CLASSES_MAX = 400;
  private static final int CLASSES_USUAL = 200;
  /// What opening and counting a class costs beside its length, in bytes.
  private static final int CLASS_OVERHEAD_BYTES = 2_000;

  public WorkUnit {
    packages = List.copyOf(packages);
  }

  public int classes() {
    return packages.stream().mapToInt(part -> part.files().size()).sum();
  }

  public long sizeBytes() {
    return packages.stream().mapToLong(PackageRef::sizeBytes).sum();
  }

  /// `java.base/java.util`, or `java.base/java.util +3` when there are more packages in it.
  public String label() {
    var first = packages.getFirst().label();
    return packages.size() == 1 ? first : first + " +" + (packages.size() - 1);
  }

  /// Cuts class files, in their order, into units of 50 to 400 classes and of similar cost; at the borders of packages
  /// where that is fair. Every class is in exactly one unit.
  static List<WorkUnit> cut(List<ClassFileRef> classes) {
    var costMean = classes.stream().mapToLong(WorkUnit::cost).average().orElse(0);
    var cutter = new Cutter((long) (costMean * CLASSES_USUAL));
    for (var file : classes) {
      cutter.add(file);
    }
    return cutter.end();
  }

  private static long cost(ClassFileRef file) {
    return CLASS_OVERHEAD_BYTES + file.sizeBytes();
  }

  /// Fills one package, one unit, and the list of units, in one pass.
  private static final class Cutter {
    private final long costUsual;
    private final List<WorkUnit> units = new ArrayList<>();
    private final List<PackageRef> unit = new ArrayList<>();
    private final List<ClassFileRef> part = new ArrayList<>();
    private int unitClasses;
    private long unitCost;

    Cutter(long costUsual) {
      this.costUsual = costUsual;
    }

    void add(ClassFileRef file) {
      var samePackage = part.isEmpty() || part.getFirst().isWith(file);
      if (!samePackage) {
        endPart();
      }
      if (isFull(samePackage)) {
        endUnit();
      }
      part.add(file);
      unitClasses++;
      unitCost += cost(file);
    }

    /// At the border of a package three quarters will do; inside one it has to be all.
    private boolean isFull(boolean samePackage) {
      var enough = samePackage ? costUsual : costUsual * 3 / 4;
      return unitClasses >= CLASSES_MAX || (unitClasses >= CLASSES_MIN && unitCost >= enough);
    }

    private void endPart() {
      if (!part.isEmpty()) {
        var first = part.getFirst();
        unit.add(new PackageRef(first.place(), first.directory(),
            part.stream().map(ClassFileRef::file).toList(),
            part.stream().mapToLong(ClassFileRef::sizeBytes).sum()));
        part.clear();
      }
    }

    private void endUnit() {
      endPart();
      if (!unit.isEmpty()) {
        units.add(new WorkUnit(unit));
        unit.clear();
      }
      unitClasses = 0;
      unitCost = 0;
    }

    List<WorkUnit> end() {
      endUnit();
      return List.copyOf(units);
    }
  }
}
