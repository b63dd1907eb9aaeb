package dev.heddle.examples;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.stream.Collectors;

/// A called method, taken apart.
///
/// @param owner the class that is named in the call, as a binary name; for an array its descriptor
/// @param name `<init>` for a constructor
/// @param descriptor as in the class file: `(Ljava/lang/String;)V`
public record MethodName(String owner, String name, String descriptor) {
  /// Takes a key of [PartialCensus#methods] apart.
  public static MethodName parse(String key) {
    var colon = key.lastIndexOf(":(");
    var dot = key.lastIndexOf('.', colon);
    if (colon < 0 || dot < 0) {
      throw new IllegalArgumentException("not of the form owner.name:(…)…: " + key);
    }
    return new MethodName(key.substring(0, dot), key.substring(dot + 1, colon),
        key.substring(colon + 1));
  }

  /// As a person writes it: `java.lang.StringBuilder.append(String)`, `java.util.ArrayList.new(int)`.
  public String readable() {
    return owner() + "." + (name.equals("<init>") ? "new" : name) + parameters();
  }

  private String parameters() {
    try {
      return MethodTypeDesc.ofDescriptor(descriptor).parameterList().stream()
          .map(ClassDesc::displayName)
          .collect(Collectors.joining(", ", "(", ")"));
    } catch (IllegalArgumentException e) {
      // Class files may hold anything; what can't be read is shown as it is.
      return descriptor;
    }
  }
}
