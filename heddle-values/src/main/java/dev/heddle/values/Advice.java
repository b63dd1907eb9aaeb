package dev.heddle.values;

import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;
import java.util.stream.BaseStream;

/// What to do about an object that cannot travel.
final class Advice {
  static final String GENERAL = "make the class implement Serializable or a record, make the field "
      + "transient or static, or make the object inside the task";

  private static final String CLIENT = "dev.heddle.Client";

  private Advice() {}

  static String about(Object culprit) {
    var type = culprit.getClass();
    if (isLambda(type)) {
      return "the lambda's interface is not Serializable: use dev.heddle.code.Task, or an interface "
          + "that extends Serializable, where the lambda is made";
    }
    if (type.getName().equals(CLIENT)) {
      return "a task has a client of its own: Heddle.current()";
    }
    if (culprit instanceof Thread
        || (culprit instanceof AutoCloseable && !(culprit instanceof BaseStream))) {
      return "open the resource inside the task that needs it, or make the field transient";
    }
    if (culprit instanceof BaseStream || (SerialFilter.isJdk(type)
        && (culprit instanceof Collection || culprit instanceof Map))) {
      return "send a copy: List.copyOf, Map.copyOf or toList()";
    }
    if (SerialFilter.isJdk(type)) {
      return "make the field transient or static, or make the object inside the task";
    }
    if (type.isAnonymousClass() || type.isLocalClass()
        || (type.isMemberClass() && !Modifier.isStatic(type.getModifiers()))) {
      return "make the class static and Serializable or a record, or take what the task needs of it "
          + "into a local variable first";
    }
    return GENERAL;
  }

  static boolean isLambda(Class<?> type) {
    return type.isHidden() && type.getSimpleName().contains("$$Lambda");
  }
}
