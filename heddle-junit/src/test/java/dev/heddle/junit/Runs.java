package dev.heddle.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Tests that were run by a test.
///
/// @param names of those that were run, as they are displayed
/// @param failures of whatever failed
record Runs(List<String> names, List<Throwable> failures) {
  /// Runs one test of a class.
  static Runs of(Class<?> type, String method) {
    return of(selectMethod(type.getName() + "#" + method));
  }

  static Runs of(Class<?> type) {
    return of(selectClass(type));
  }

  private static Runs of(DiscoverySelector what) {
    var names = new CopyOnWriteArrayList<String>();
    var failures = new CopyOnWriteArrayList<Throwable>();
    LauncherFactory.create().execute(
        LauncherDiscoveryRequestBuilder.request().selectors(what).build(),
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
              names.add(test.getDisplayName());
            }
            result.getThrowable().ifPresent(failures::add);
          }
        });
    return new Runs(names, failures);
  }

  /// Of the one that failed.
  String message() {
    if (failures.size() != 1) {
      throw new AssertionError("1 failure was expected, not " + failures);
    }
    return String.valueOf(failures.getFirst().getMessage());
  }
}
