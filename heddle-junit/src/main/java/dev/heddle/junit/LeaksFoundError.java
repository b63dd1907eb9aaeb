package dev.heddle.junit;

import java.io.Serial;
import java.util.List;

/// A test has passed and left something behind.
public final class LeaksFoundError extends AssertionError {
  @Serial
  private static final long serialVersionUID = 1;

  LeaksFoundError(String test, List<String> leaks) {
    super(test + " left " + (leaks.size() == 1 ? "1 thing" : leaks.size() + " things")
        + " behind:\n- " + String.join("\n- ", leaks)
        + "\n(@HeddleTest(leaks = …) says what is looked for.)");
  }
}
